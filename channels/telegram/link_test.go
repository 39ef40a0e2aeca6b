package telegram_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/telegram"
	"verihelp/channels/telegram/telegramtest"
	"verihelp/internal/chat"
)

func TestALinkCarriesAConversationOverOnce(t *testing.T) {
	clock := &handClock{now: time.Now()}
	s, inbox := newMasking(t, func(c *telegram.Config) {
		c.Now = clock.Now
	})
	web := chat.Address{Channel: "web", User: "abc"}
	link := func() string {
		url, err := s.channel.Link(within(t), web)
		require.NoError(t, err)
		token, found := strings.CutPrefix(url, "https://t.me/"+telegramtest.Username+"?start=")
		require.True(t, found, url)
		assert.Regexp(t, `^[A-Za-z0-9_-]{32}$`, token)
		return token
	}
	p, stranger := s.server.NewPerson("zh-hant"), s.server.NewPerson("zh-hant")
	token := link()
	p.Say("/start " + token)
	p.WaitShown(t, "接上了")
	assert.Equal(t, []chat.Address{web, addressOf(p)}, inbox.moved)
	stranger.Say("/start " + token)
	stranger.WaitShown(t, "已經用過")

	inbox.mu.Lock()
	inbox.fails = true
	inbox.mu.Unlock()
	token = link()
	p.Say("/start " + token)
	p.WaitShown(t, "沒能把網頁上的對話接過來")
	stranger.Say("/start " + token)
	stranger.WaitShown(t, "已經用過", "已經用過")
	inbox.mu.Lock()
	inbox.fails = false
	inbox.mu.Unlock()
	p.Say("/start " + token) // the same person may try again
	p.WaitShown(t, "接上了", "接上了")

	token = link()
	clock.Add(16 * time.Minute)
	p.Say("/start " + token)
	p.WaitShown(t, "接上了", "接上了", "過期")
	_, err := s.channel.Link(within(t), addressOf(p))
	assert.Error(t, err, "a link leads here from elsewhere")
}

func TestAPersonHasOneLinkAtATimeAndItGoesInTime(t *testing.T) {
	clock := &handClock{now: time.Now()}
	book := &channelstest.FakeNotebook{}
	s, _ := newMasking(t, func(c *telegram.Config) {
		c.Notebook, c.PruneEvery = book, time.Millisecond
		c.Now = clock.Now
	})
	links := func() int {
		found, err := book.Notes(within(t), "link")
		require.NoError(t, err)
		return len(found)
	}
	var first, last string
	for i := range 20 {
		url, err := s.channel.Link(within(t), chat.Address{Channel: "web", User: "abc"})
		require.NoError(t, err)
		if _, last, _ = strings.Cut(url, "="); i == 0 {
			first = last
		}
	}
	assert.Equal(t, 2, links(), "the link, and whose it is")
	p := s.server.NewPerson("zh-hant")
	p.Say("/start " + first)
	p.WaitShown(t, "已經用過")
	p.Say("/start " + last)
	p.WaitShown(t, "接上了")
	s.server.WaitConfirmed(t)
	assert.Zero(t, links(), "used")

	_, err := s.channel.Link(within(t), chat.Address{Channel: "web", User: "def"})
	require.NoError(t, err)
	clock.Add(16 * time.Minute)
	require.Eventually(t, func() bool { return links() == 0 }, 10*time.Second, time.Millisecond, "nobody followed it")
}
