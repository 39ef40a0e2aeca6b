package webchat_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/webchat"
	"verihelp/internal/chat"
)

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
		{"a context of wrong types", `{"kind":"context","context":{"page":[]}}`, "bad_frame", ""},
		{"a token where none are used", `{"kind":"token","token":"x"}`, "bad_token", ""},
		{"no ID", `{"kind":"message","text":"x"}`, "bad_id", ""},
		{"ID with a path", `{"kind":"message","id":"../a","text":"x"}`, "bad_id", ""},
		{"long ID", `{"kind":"message","id":"` + strings.Repeat("a", 65) + `","text":"x"}`, "bad_id", ""},
		{"no text", `{"kind":"message","id":"a"}`, "empty", "a"},
		{"blank text", `{"kind":"message","id":"a","text":" \u3000\u200b\u200d\ufe0f\n\u0000"}`, "empty", "a"},
		{"30,001 characters", `{"kind":"message","id":"a","text":"` + strings.Repeat("證", 30_001) + `"}`, "too_long", "a"},
		{"choice without an ID", `{"kind":"choice","id":"a","text":"x"}`, "bad_frame", "a"},
		{"choice with a line break", `{"kind":"choice","id":"a","choice":"a\nb","text":"x"}`, "bad_frame", "a"},
		{"choice with a long ID", `{"kind":"choice","id":"a","choice":"` + strings.Repeat("a", 201) + `","text":"x"}`, "bad_frame", "a"},
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

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"kind":"hello","secret":"x","last_seq":3,"locale":"zh-TW"}`,
		`{"kind":"message","id":"a","text":"\ud83d\u0000 證件\r\n"}`,
		`{"kind":"choice","id":"a","choice":"lang:hans","text":"简体"}`, `{"kind":"choice","id":"a","choice":"read:article#anchor","text":"看"}`,
		`{"kind":"hello","token":"a.b.c","person":"0","context":{"page":"/kyc?x#y","app_version":"6\u0000","step":"\u202e","error_text":"\n"}}`,
		`{"kind":"context","context":{"step":5}}`, `{"kind":"context","context":null}`, `{"kind":"token","token":"x"}`,
		`{"kind":"message","id":"a","files":["file-1",""]}`, `{"kind":"message","id":"a","text":"x","files":["../1"]}`, `{"kind":"message","id":"a","files":[null]}`,
		`{"kind":"rate","id":"a","rating":5,"text":"好"}`, `{"kind":"rate","id":"a","rating":9}`, `{"kind":"seen","seq":-1}`, `{"kind":"seen","seq":1e99}`,
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
		require.Contains(t, []string{"hello", "message", "choice", "typing", "context", "token", "seen", "rate"}, kind)
		require.GreaterOrEqual(t, lastSeq, int64(0))
		require.NotContains(t, text, "\x00")
		require.LessOrEqual(t, len([]rune(text)), webchat.MaxChars)
		require.Equal(t, text, chat.CleanText(text), "cleaning twice changes nothing")
		if kind == "message" || kind == "choice" || kind == "rate" {
			require.Regexp(t, `^[A-Za-z0-9._:-]{1,64}$`, id)
			require.Equal(t, kind == "choice", choice != "")
			_, err := json.Marshal(text)
			require.NoError(t, err)
		}
	})
}
