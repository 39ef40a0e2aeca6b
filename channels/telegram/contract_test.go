package telegram_test

import (
	"log/slog"
	"net/http/httptest"
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

const hookSecret = "0123456789abcdef0123456789abcdef"

// newChannel makes a channel of a fake that repeats fast, and checks at the end
// that its log never held the token or a marked text.
func newChannel(t *testing.T, s *telegramtest.Server, change func(*telegram.Config)) *telegram.Channel {
	t.Helper()
	log := &channelstest.Buffer{}
	cfg := telegram.Config{
		Token: telegramtest.Token, API: s.URL, Notebook: &channelstest.FakeNotebook{},
		PollTimeout: 2 * time.Second, RetryWait: 5 * time.Millisecond, AlbumWait: 50 * time.Millisecond,
		Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&cfg)
	}
	channel, err := telegram.New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NotContains(t, log.String(), telegramtest.Token, "the token is never logged")
		assert.NotContains(t, log.String(), "祕密", "words are never logged")
	})
	return channel
}

// user is a person of the fake for the contract suite.
type user struct{ *telegramtest.Person }

func (u user) Address() chat.Address                          { return addressOf(u.Person) }
func (u user) Send(_ *testing.T, text string)                 { u.Say(text) }
func (u user) Repeat(*testing.T)                              { u.Again() }
func (u user) Shown(*testing.T) string                        { return u.Person.Shown() }
func (u user) Choose(t *testing.T, _ int, choice chat.Choice) { u.Tap(t, choice.Label) }

func TestContractByPolling(t *testing.T) {
	channelstest.Channel(t, func(t *testing.T) channelstest.ChannelRig {
		s := telegramtest.New(t)
		return rig(s, newChannel(t, s, nil))
	})
}

func TestContractByWebhook(t *testing.T) {
	channelstest.Channel(t, func(t *testing.T) channelstest.ChannelRig {
		s := telegramtest.New(t)
		return rig(s, hooked(t, s, nil))
	})
}

// hooked makes a channel that gets its updates by webhook.
func hooked(t *testing.T, s *telegramtest.Server, change func(*telegram.Config)) *telegram.Channel {
	t.Helper()
	var channel *telegram.Channel
	server := httptest.NewUnstartedServer(nil)
	channel = newChannel(t, s, func(c *telegram.Config) {
		c.WebhookURL, c.WebhookSecret = "http://"+server.Listener.Addr().String()+telegram.WebhookPath, hookSecret
		if change != nil {
			change(c)
		}
	})
	server.Config.Handler = channel.Handler()
	server.Start()
	t.Cleanup(server.Close)
	return channel
}

func rig(s *telegramtest.Server, channel *telegram.Channel) channelstest.ChannelRig {
	return channelstest.ChannelRig{Channel: channel, NewUser: func(*testing.T) channelstest.User {
		return user{s.NewPerson("zh-hant")}
	}}
}

func count(text, piece string) int { return strings.Count(text, piece) }
