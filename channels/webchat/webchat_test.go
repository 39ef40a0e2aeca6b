package webchat_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
)

// newcomer returns a service, and a connected client with its address.
func newcomer(t *testing.T, cfg webchat.Config) (*service, *client, string, chat.Address) {
	t.Helper()
	s := newService(t, cfg)
	secret := newSecret(t, s.server.URL)
	who, ok := webchat.AddressOf(secret)
	require.True(t, ok)
	return s, connect(t, s.server.URL, secret, 0), secret, who
}

func TestAMessageIsAcknowledgedByItsItem(t *testing.T) {
	s, c, _, who := newcomer(t, webchat.Config{})
	s.Answer(func(chat.Message) []chat.Item { return []chat.Item{question()} })
	c.say("m-1", "證件照片\u0000一直\r\n沒通過\u202e")
	items := c.items(0, 2)
	assert.Equal(t, "m-1", items[0].ID)
	assert.Equal(t, "證件照片一直\n沒通過", items[0].Text, "what nobody can read is dropped")
	assert.Equal(t, "zh-Hant-TW", items[1].Lang)
	assert.Len(t, items[1].Choices, 5)
	c.ack("m-1")
	m := s.Received()[0]
	assert.Equal(t, who, m.From)
	assert.Equal(t, "zh-Hant-TW", m.Locale)
}

func TestResumeAfterACut(t *testing.T) {
	s, c, secret, who := newcomer(t, webchat.Config{})
	c.say("m-1", "一")
	c.items(0, 1)
	s.network.cut(false)
	c.untilEnd()

	// More than one page of the log, committed while nobody listened.
	for i := range 250 {
		s.Commit(who, channelstest.BotItem(fmt.Sprint(i)))
	}
	c = connect(t, s.server.URL, secret, 1)
	welcome := c.until("welcome", func(f frame) bool { return f.Kind == "welcome" })
	assert.False(t, welcome.Reset)
	c.items(1, 250)
	assert.Equal(t, "live", c.until("live", func(f frame) bool { return f.Kind == "status" }).State)
}

func TestAMissedPushIsRepairedFromTheLog(t *testing.T) {
	s, c, _, who := newcomer(t, webchat.Config{})
	c.say("m-1", "一")
	c.items(0, 1)
	s.Commit(who, channelstest.BotItem("沒推送的"), channelstest.BotItem("也沒推送的"))
	require.NoError(t, s.Push(context.Background(), who, channelstest.BotItem("推送的")))
	c.items(1, 3)
	assert.NoError(t, s.channel.Send(context.Background(), who, s.Items(who)), "an old push again")
	require.NoError(t, s.Push(context.Background(), who, channelstest.BotItem("下一則")))
	assert.Equal(t, "下一則", c.items(4, 1)[0].Bubbles[0].Text())
}

func TestReplayAndLiveItemsMeetWithoutAGap(t *testing.T) {
	s, c, secret, who := newcomer(t, webchat.Config{})
	c.say("m-1", "一")
	c.items(0, 1)
	const n = 300
	pushed := make(chan struct{})
	go func() {
		defer close(pushed)
		for i := range n {
			_ = s.Push(context.Background(), who, channelstest.BotItem(fmt.Sprint(i)))
		}
	}()
	// Clients that come while items arrive see each one once, and one that falls
	// behind is cut and comes back.
	last := int64(0)
	for last < n+1 {
		late := connect(t, s.server.URL, secret, last)
		for last < n+1 {
			f, err := late.next()
			if err != nil {
				break
			}
			if f.Kind == "item" {
				require.Equal(t, last+1, f.Seq)
				last = f.Seq
			}
		}
	}
	<-pushed
}

func TestASlowClientIsDroppedAndRepaired(t *testing.T) {
	s, c, secret, who := newcomer(t, webchat.Config{WriteTimeout: 200 * time.Millisecond})
	c.until("live", func(f frame) bool { return f.State == "live" })
	// More than the buffers of both ends take, while the client reads nothing.
	const n = 600
	long := channelstest.BotItem(strings.Repeat("很長的回覆。", 4000))
	for range n {
		require.NoError(t, s.Push(context.Background(), who, long))
	}
	seen := int64(0)
	for {
		f, err := c.next()
		if err != nil {
			break
		}
		if f.Kind == "item" {
			seen = f.Seq
		}
	}
	assert.Less(t, seen, int64(n), "it was dropped before it had everything")
	// On a busy machine this reader may be too slow for the short deadline as
	// well; each connection reads on where the last one ended.
	for connections := 0; seen < n; connections++ {
		require.Less(t, connections, 100, "resuming makes progress")
		c := connect(t, s.server.URL, secret, seen)
		for seen < n {
			f, err := c.next()
			if err != nil {
				break
			}
			if f.Kind == "item" {
				require.Equal(t, seen+1, f.Seq, "nothing is lost or doubled")
				seen = f.Seq
			}
		}
	}
}

func TestAClientOfAnotherLogStartsAnew(t *testing.T) {
	s, _, secret, who := newcomer(t, webchat.Config{})
	s.Commit(who, channelstest.BotItem("第一則"))
	c := connect(t, s.server.URL, secret, 77)
	assert.True(t, c.until("welcome", func(f frame) bool { return f.Kind == "welcome" }).Reset)
	c.items(0, 1)
}

func TestTwoTabsSeeTheSame(t *testing.T) {
	s, phone, secret, _ := newcomer(t, webchat.Config{})
	laptop := connect(t, s.server.URL, secret, 0)
	laptop.until("live", func(f frame) bool { return f.State == "live" })
	phone.say("m-1", "從手機說的")
	assert.Equal(t, "從手機說的", laptop.items(0, 1)[0].Text)
	laptop.say("m-1", "同一則訊息再來一次") // the ID decides
	laptop.ack("m-1")
	laptop.say("m-2", "從電腦說的")
	assert.Equal(t, "從電腦說的", phone.items(0, 2)[1].Text)
}

func TestShutdownSaysComeBack(t *testing.T) {
	s, c, _, _ := newcomer(t, webchat.Config{})
	c.until("live", func(f frame) bool { return f.State == "live" })
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		s.stop()
	}()
	leaving := c.until("leaving", func(f frame) bool { return f.Kind == "status" })
	assert.Equal(t, "leaving", leaving.State)
	assert.Positive(t, leaving.RetryAfter)
	assert.Equal(t, websocket.CloseServiceRestart, c.closed())
	<-stopped
	_, resp, err := dial(s.server.URL, nil)
	require.Error(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	assert.Error(t, s.channel.Run(context.Background(), s), "Run runs once")
}

func TestSignsOfLife(t *testing.T) {
	_, c, _, _ := newcomer(t, webchat.Config{PingEvery: 20 * time.Millisecond})
	pinged := make(chan struct{}, 100)
	c.ws.SetPingHandler(func(string) error {
		pinged <- struct{}{}
		return nil // no pong: a dead peer
	})
	c.until("beat", func(f frame) bool { return f.State == "beat" })
	<-pinged
	c.untilEnd() // a peer that gives no sign of life is cut
}

func TestAGapThatTheLogCannotFillIsNotHidden(t *testing.T) {
	s, c, _, who := newcomer(t, webchat.Config{})
	c.until("live", func(f frame) bool { return f.State == "live" })
	lost := channelstest.BotItem("第九則")
	lost.Seq = 9
	require.NoError(t, s.channel.Send(context.Background(), who, []chat.Item{lost}))
	assert.Equal(t, websocket.CloseTryAgainLater, c.closed())
}
