package webchat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
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
	s.Answer(func(m chat.Message) []chat.Item { return []chat.Item{question()} })
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

func TestRefusedFrames(t *testing.T) {
	escaped := strings.Repeat(`\u8b49`, 20_000)
	tests := []struct {
		name, frame, code, id string
	}{
		{"not JSON", `{"kind":`, "bad_frame", ""},
		{"a list", `[1]`, "bad_frame", ""},
		{"wrong type", `{"kind":"message","id":5,"text":"x"}`, "bad_frame", ""},
		{"invalid UTF-8", "{\"kind\":\"message\",\"id\":\"a\",\"text\":\"\xff\xfe\"}", "bad_encoding", ""},
		{"unknown kind", `{"kind":"file","id":"a"}`, "unknown_kind", "a"},
		{"no kind", `{}`, "unknown_kind", ""},
		{"second hello", `{"kind":"hello","secret":"x"}`, "bad_frame", ""},
		{"no ID", `{"kind":"message","text":"x"}`, "bad_id", ""},
		{"ID with a path", `{"kind":"message","id":"../a","text":"x"}`, "bad_id", ""},
		{"long ID", `{"kind":"message","id":"` + strings.Repeat("a", 65) + `","text":"x"}`, "bad_id", ""},
		{"no text", `{"kind":"message","id":"a"}`, "empty", "a"},
		{"blank text", `{"kind":"message","id":"a","text":" \u3000\u200b\u200d\ufe0f\n\u0000"}`, "empty", "a"},
		{"30,001 characters", `{"kind":"message","id":"a","text":"` + strings.Repeat("證", 30_001) + `"}`, "too_long", "a"},
		{"choice without an ID", `{"kind":"choice","id":"a","text":"x"}`, "bad_frame", "a"},
	}
	s, c, _, _ := newcomer(t, webchat.Config{Burst: 100})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c.sendRaw(websocket.TextMessage, []byte(test.frame))
			got := c.refusal()
			assert.Equal(t, test.code, got.Code)
			assert.Equal(t, test.id, got.ID)
			assert.NotEmpty(t, got.Text, "says what to do")
		})
	}
	c.sendRaw(websocket.BinaryMessage, []byte(`{"kind":"typing"}`))
	assert.Equal(t, "bad_frame", c.refusal().Code)
	assert.Empty(t, s.Received(), "nothing refused reaches the inbox")

	// After all that the socket still works.
	c.sendRaw(websocket.TextMessage, []byte(`{"kind":"message","id":"m-1","text":"`+escaped+`","later":{"x":1}}`))
	assert.Len(t, []rune(c.items(0, 1)[0].Text), 20_000, "long and escaped is accepted, unknown fields are ignored")
	c.say("m-2", strings.Repeat("🙂", 30_000))
	assert.Len(t, []rune(c.items(1, 1)[0].Text), 30_000, "30,000 characters are accepted")
}

func TestAFrameBeyondAllLimitsEndsTheSocket(t *testing.T) {
	_, c, _, _ := newcomer(t, webchat.Config{})
	c.say("m-1", strings.Repeat("a", 1<<20))
	assert.Equal(t, websocket.CloseMessageTooBig, c.closed())
}

func TestRateLimitSaysWhenToTryAgain(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	s, c, _, who := newcomer(t, webchat.Config{Burst: 3, Rate: 0.1, Now: func() time.Time { return now }})
	for i := range 4 {
		c.say(fmt.Sprintf("m-%d", i), "快")
	}
	refused := c.refusal()
	assert.Equal(t, "rate_limited", refused.Code)
	assert.Equal(t, "m-3", refused.ID)
	assert.Equal(t, 10, refused.RetryAfter)
	assert.Len(t, s.WaitItems(t, who, 3), 3)
}

func TestAFloodEndsTheSocket(t *testing.T) {
	_, c, _, _ := newcomer(t, webchat.Config{Burst: 1, Rate: 0.001})
	go func() { // the socket may end while this writes
		for range 500 {
			if c.ws.WriteMessage(websocket.TextMessage, []byte("x")) != nil {
				return
			}
		}
	}()
	code := c.closed()
	assert.Contains(t, []int{4429, 4408}, code, "too many refused, or not reading fast enough what they were told")
}

func TestAnInboxThatFails(t *testing.T) {
	s, c, _, who := newcomer(t, webchat.Config{})
	s.Fail(1)
	c.say("m-1", "再試一次")
	refused := c.refusal()
	assert.Equal(t, "try_again", refused.Code)
	assert.Equal(t, "m-1", refused.ID)
	assert.Positive(t, refused.RetryAfter)
	c.say("m-1", "再試一次")
	c.ack("m-1")
	assert.Len(t, s.Items(who), 1)
}

func TestALogThatFailsSendsTheClientAway(t *testing.T) {
	s, c, secret, _ := newcomer(t, webchat.Config{})
	c.until("live", func(f frame) bool { return f.State == "live" })
	s.FailLog(1)
	c = connect(t, s.server.URL, secret, 1)
	assert.Equal(t, websocket.CloseTryAgainLater, c.closed())
}

func TestAnInboxThatHangsIsNotFilled(t *testing.T) {
	s, c, _, who := newcomer(t, webchat.Config{Burst: 100})
	release := s.Hold()
	for i := range 17 {
		c.say(fmt.Sprintf("m-%d", i), "等")
	}
	refused := c.refusal()
	assert.Equal(t, "try_again", refused.Code)
	assert.Equal(t, "m-16", refused.ID)
	release()
	assert.Len(t, s.WaitItems(t, who, 16), 16)
}

func TestStrangers(t *testing.T) {
	s := newService(t, webchat.Config{HelloTimeout: 50 * time.Millisecond})
	tests := []struct {
		name  string
		first string
		code  int
	}{
		{"another frame first", `{"kind":"message","id":"a","text":"x"}`, 4400},
		{"not JSON", `hello`, 4400},
		{"no secret", `{"kind":"hello"}`, 4401},
		{"a short secret", `{"kind":"hello","secret":"c2hvcnQ"}`, 4401},
		{"silence", "", 4400},
		{"a long hello", `{"kind":"hello","secret":"` + strings.Repeat("a", 5<<10) + `"}`, websocket.CloseMessageTooBig},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ws, _, err := dial(s.server.URL, nil)
			require.NoError(t, err)
			defer func() { _ = ws.Close() }()
			c := &client{t, ws}
			if test.first != "" {
				c.sendRaw(websocket.TextMessage, []byte(test.first))
			}
			assert.Equal(t, test.code, c.closed())
		})
	}
}

func TestOrigins(t *testing.T) {
	s := newService(t, webchat.Config{Origins: []string{"https://app.example"}})
	tests := []struct {
		origin  string
		allowed bool
	}{
		{"", true},
		{s.server.URL, true},
		{"https://app.example", true},
		{"http://app.example", false},
		{"https://evil.example", false},
		{"https://app.example.evil.example", false},
		{"null", false},
		{"%", false},
	}
	for _, test := range tests {
		t.Run(test.origin, func(t *testing.T) {
			header := http.Header{}
			if test.origin != "" {
				header.Set("Origin", test.origin)
			}
			ws, resp, err := dial(s.server.URL, header)
			if test.allowed {
				require.NoError(t, err)
				assert.NoError(t, ws.Close())
				return
			}
			require.Error(t, err)
			assert.Equal(t, http.StatusForbidden, resp.StatusCode)
		})
	}
	for _, origin := range []string{"https://app.example/", "app.example", "https://App.example", "*"} {
		_, err := webchat.New(webchat.Config{Origins: []string{origin}})
		assert.ErrorContains(t, err, "https://app.example", "the error shows how to write it")
	}
}

func TestConnectionLimits(t *testing.T) {
	s, first, secret, _ := newcomer(t, webchat.Config{MaxPerUser: 2})
	first.until("live", func(f frame) bool { return f.State == "live" })
	second := connect(t, s.server.URL, secret, 0)
	second.until("live", func(f frame) bool { return f.State == "live" })
	third := connect(t, s.server.URL, secret, 0)
	assert.Equal(t, 4409, first.closed(), "the oldest gives way")
	third.say("m-1", "還在")
	second.items(0, 1)

	full := newService(t, webchat.Config{MaxConns: 1})
	secret = newSecret(t, full.server.URL)
	require.Eventually(t, func() bool { // the socket that awaited the start may still be leaving
		ws, _, err := dial(full.server.URL, nil)
		if err == nil {
			t.Cleanup(func() { _ = ws.Close() })
		}
		return err == nil
	}, patience, time.Millisecond)
	_, resp, err := dial(full.server.URL, nil)
	require.Error(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	assert.NotEmpty(t, resp.Header.Get("Retry-After"))
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

func TestThePageIsLocked(t *testing.T) {
	s := newService(t, webchat.Config{})
	get := func(path string) *http.Response {
		resp, err := http.Get(s.server.URL + path)
		require.NoError(t, err)
		t.Cleanup(func() { _ = resp.Body.Close() })
		return resp
	}
	page := get("/")
	body, err := io.ReadAll(page.Body)
	require.NoError(t, err)
	assert.Equal(t, "text/html; charset=utf-8", page.Header.Get("Content-Type"))
	policy := page.Header.Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'")
	assert.NotContains(t, policy, "unsafe")
	assert.NotContains(t, string(body), "<style")
	assert.NotContains(t, string(body), "style=")
	assert.NotContains(t, string(body), "http://")
	assert.NotContains(t, string(body), "https://")
	assert.Equal(t, "text/javascript; charset=utf-8", get("/chat/chat.js").Header.Get("Content-Type"))
	assert.Equal(t, "nosniff", get("/chat/chat.css").Header.Get("X-Content-Type-Options"))
	for _, path := range []string{"/chat/", "/chat/widget.go", "/chat/nothing.js", "/chat/..%2fgo.mod"} {
		assert.Equal(t, http.StatusNotFound, get(path).StatusCode, path)
	}

	again, err := http.NewRequest(http.MethodGet, s.server.URL+"/", nil)
	require.NoError(t, err)
	again.Header.Set("If-None-Match", page.Header.Get("ETag"))
	resp, err := http.DefaultClient.Do(again)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	assert.Equal(t, http.StatusNotModified, resp.StatusCode)
}

func TestSessions(t *testing.T) {
	s := newService(t, webchat.Config{Random: io.MultiReader(bytes.NewReader(make([]byte, 32)), iotest.ErrReader(errors.New("no entropy")))})
	secret := newSecret(t, s.server.URL)
	assert.Equal(t, strings.Repeat("A", 43), secret)
	who, ok := webchat.AddressOf(secret)
	require.True(t, ok)
	assert.Equal(t, chat.Address{Channel: "web", User: who.User}, who)
	assert.NotContains(t, who.User, secret[:8])

	resp, err := http.Post(s.server.URL+"/chat/session", "", nil)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	assert.Equal(t, http.StatusInternalServerError, resp.StatusCode)

	foreign, err := http.NewRequest(http.MethodPost, s.server.URL+"/chat/session", nil)
	require.NoError(t, err)
	foreign.Header.Set("Origin", "https://evil.example")
	refused, err := http.DefaultClient.Do(foreign)
	require.NoError(t, err)
	defer func() { _ = refused.Body.Close() }()
	assert.Equal(t, http.StatusForbidden, refused.StatusCode)
}

func TestSubprotocolIsRequired(t *testing.T) {
	s := newService(t, webchat.Config{})
	_, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.server.URL, "http")+"/chat/socket", nil)
	require.Error(t, err)
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"kind":"hello","secret":"x","last_seq":3,"locale":"zh-TW"}`,
		`{"kind":"message","id":"a","text":"\ud83d\u0000 證件\r\n"}`,
		`{"kind":"choice","id":"a","choice":"lang:hans","text":"简体"}`,
		`{"kind":"typing"}`, `{"kind":"file"}`, `[]`, `{"kind":1}`, "\xff", "", `{"KIND":"message","Id":"a","text":"x","text":""}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, id, text, choice, lastSeq, code := webchat.Decode(data)
		if code != "" {
			require.NotEmpty(t, webchat.Sentence(code, "zh-CN"), "code %q has no sentence", code)
			return
		}
		require.Contains(t, []string{"hello", "message", "choice", "typing"}, kind)
		require.GreaterOrEqual(t, lastSeq, int64(0))
		require.NotContains(t, text, "\x00")
		require.LessOrEqual(t, len([]rune(text)), webchat.MaxChars)
		require.Equal(t, text, webchat.Clean(text), "cleaning twice changes nothing")
		if kind == "message" || kind == "choice" {
			require.Regexp(t, `^[A-Za-z0-9._:-]{1,64}$`, id)
			require.Equal(t, kind == "choice", choice != "")
			_, err := json.Marshal(text)
			require.NoError(t, err)
		}
	})
}
