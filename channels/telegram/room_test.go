package telegram_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/telegram"
	"verihelp/channels/telegram/telegramtest"
	"verihelp/internal/chat"
)

// stuck is an inbox where one person's messages wait until it is released.
type stuck struct {
	*channelstest.FakeInbox
	who      chat.Address
	released chan struct{}

	mu            sync.Mutex
	waiting, most int
}

func (s *stuck) Receive(ctx context.Context, m chat.Message) <-chan error {
	if m.From != s.who {
		return s.FakeInbox.Receive(ctx, m)
	}
	s.count(1)
	result := make(chan error, 1)
	go func() {
		defer s.count(-1)
		select {
		case <-s.released:
			result <- <-s.FakeInbox.Receive(ctx, m)
		case <-ctx.Done():
			result <- ctx.Err()
		}
	}()
	return result
}

func (s *stuck) count(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting += n
	s.most = max(s.most, s.waiting)
}

func (s *stuck) mostWaiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.most
}

// Telegram hands out a hundred updates from the first unconfirmed one on. Whoever
// sends more than that, and however slow they are, others get through.
func TestOneStuckChatDoesNotHoldUpOthers(t *testing.T) {
	server := telegramtest.New(t)
	ann, bob := server.NewPerson("zh-hant"), server.NewPerson("")
	for i := range 130 {
		ann.Say(fmt.Sprint("第", i, "則"))
	}
	bob.Say("在嗎")
	inbox := &stuck{FakeInbox: channelstest.NewFakeInbox(t), who: addressOf(ann), released: make(chan struct{})}
	clock := &handClock{now: time.Now()}
	s := run(t, server, newChannel(t, server, func(c *telegram.Config) { c.Now = clock.Now }), inbox.FakeInbox, inbox)
	require.Eventually(t, func() bool { return inbox.mostWaiting() >= 20 }, 10*time.Second, time.Millisecond)
	server.WaitCalls(t, "getUpdates", server.Calls("getUpdates")+2)
	assert.Equal(t, 20, inbox.mostWaiting(), "of one chat at a time")
	clock.Add(6 * time.Second)
	s.WaitItems(t, addressOf(bob), 1)
	ann.WaitShown(t, "有 100 則訊息我沒能收下")
	assert.Equal(t, 1, count(ann.Shown(), "沒能收下"), "told once")
	told := ann.Messages()[130]
	assert.Equal(t, ann.Messages()[0].ID, told.ReplyTo, "from which one on")
	close(inbox.released)
	server.WaitConfirmed(t)
	var texts []string
	for _, item := range s.Items(addressOf(ann)) {
		texts = append(texts, item.Text)
	}
	assert.Contains(t, texts, "第129則", "what nobody waits behind is taken")
}

func TestOneLargeFileDoesNotHoldUpOthers(t *testing.T) {
	server := telegramtest.New(t)
	clock := &handClock{now: time.Now()}
	s := start(t, server, newChannel(t, server, func(c *telegram.Config) { c.Now = clock.Now }), channelstest.NewFakeInbox(t))
	server.Fail("file", telegramtest.Fault{Hang: true})
	ann, bob, eve := server.NewPerson("zh-hant"), server.NewPerson(""), server.NewPerson("")
	ann.SendDocument("大.pdf", []byte("pdf"), "", "")
	server.WaitCalls(t, "file", 1)
	for range 110 {
		bob.Say("好")
	}
	eve.Say("在嗎")
	clock.Add(time.Second)
	s.WaitItems(t, addressOf(bob), 99) // what fits into the window with the file
	clock.Add(6 * time.Second)
	s.WaitItems(t, addressOf(eve), 1)
	ann.WaitShown(t, "麻煩再傳一次")
	server.WaitConfirmed(t)
	assert.Len(t, s.Items(addressOf(bob)), 110)
}

// What Telegram refuses to answer for one person, it refuses for that one.
func TestOneRateLimitedPersonDoesNotHoldUpOthers(t *testing.T) {
	s := newService(t, nil)
	flood := telegramtest.Fault{Status: 429, RetryAfter: 60}
	s.server.Fail("answerCallbackQuery", flood)
	s.server.Fail("getFile", flood)
	ann, bob, eve := s.server.NewPerson(""), s.server.NewPerson(""), s.server.NewPerson("")
	ann.TapData(1, "done")
	s.server.WaitCalls(t, "answerCallbackQuery", 1)
	bob.SendDocument("一.pdf", []byte("pdf"), "", "")
	s.server.WaitCalls(t, "getFile", 1)
	eve.Say("在嗎")
	s.WaitItems(t, addressOf(eve), 1)
	require.NoError(t, s.Push(within(t), addressOf(eve), staff("在")))
}

func TestATroubleOfOursGivesNothingBack(t *testing.T) {
	clock := &handClock{now: time.Now()}
	server := telegramtest.New(t)
	channel := newChannel(t, server, func(c *telegram.Config) { c.Now = clock.Now })
	inbox := channelstest.NewFakeInbox(t)
	inbox.Fail(1 << 30)
	ann, bob := server.NewPerson("zh-hant"), server.NewPerson("zh-hant")
	for i := range 60 {
		ann.Say(strings.Repeat("一", i+1))
		bob.Say(strings.Repeat("二", i+1))
	}
	s := start(t, server, channel, inbox)
	for _, p := range []*telegramtest.Person{ann, bob} {
		for n := 1; !allFailed(s.Received(), addressOf(p)); n++ {
			s.WaitReceived(t, n)
		}
	}
	clock.Add(time.Minute)
	server.WaitCalls(t, "getUpdates", server.Calls("getUpdates")+3)
	inbox.Fail(0)
	server.WaitConfirmed(t)
	for _, p := range []*telegramtest.Person{ann, bob} {
		items := s.Items(addressOf(p))
		assert.Len(t, items, 60)
		assert.True(t, slices.IsSortedFunc(items, func(a, b chat.Item) int { return cmp.Compare(len(a.Text), len(b.Text)) }), "in order")
	}
	assert.Empty(t, strings.TrimSpace(ann.Shown()+bob.Shown()))
}

// allFailed says that all of somebody's messages that were begun have failed: the
// first of them came again and again, and no other came.
func allFailed(received []chat.Message, who chat.Address) bool {
	seen, repeats := map[string]bool{}, 0
	for _, m := range received {
		switch {
		case m.From != who:
		case !seen[m.ID]:
			seen[m.ID], repeats = true, 0
		default:
			repeats++
		}
	}
	return repeats >= 3
}

// broken is a notebook that takes no notes while it is broken.
type broken struct {
	channelstest.FakeNotebook
	refused atomic.Int64
	whole   atomic.Bool
}

func (b *broken) SetNote(ctx context.Context, key, value string) error {
	if b.whole.Load() {
		return b.FakeNotebook.SetNote(ctx, key, value)
	}
	b.refused.Add(1)
	return channelstest.ErrTold
}

func TestNothingIsGivenBackWhileNothingCanBeStored(t *testing.T) {
	server := telegramtest.New(t)
	ann := server.NewPerson("zh-hant")
	for range 110 {
		ann.Say("一")
	}
	clock, book := &handClock{now: time.Now()}, &broken{}
	inbox := &stuck{FakeInbox: channelstest.NewFakeInbox(t), who: addressOf(ann), released: make(chan struct{})}
	s := run(t, server, newChannel(t, server, func(c *telegram.Config) { c.Now, c.Notebook = clock.Now, book }), inbox.FakeInbox, inbox)
	require.Eventually(t, func() bool { return inbox.mostWaiting() >= 20 }, 10*time.Second, time.Millisecond)
	before := book.refused.Load()
	clock.Add(time.Minute)
	require.Eventually(t, func() bool { return book.refused.Load() > before }, 10*time.Second, time.Millisecond)
	book.whole.Store(true)
	close(inbox.released)
	server.WaitConfirmed(t)
	assert.Len(t, s.Items(addressOf(ann)), 110)
	assert.Empty(t, ann.Shown())
}
