package webchat_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
)

// streamed is a client behind a proxy that blocks sockets.
type streamed struct {
	t      *testing.T
	url    string
	hello  map[string]any
	events *bufio.Scanner
	stop   context.CancelFunc
}

func post(t *testing.T, url string, v any) *http.Response {
	t.Helper()
	body, err := json.Marshal(v)
	require.NoError(t, err)
	resp, err := http.Post(url, "text/plain", bytes.NewReader(body))
	require.NoError(t, err)
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

func answerOf(t *testing.T, resp *http.Response) frame {
	t.Helper()
	var f frame
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&f))
	return f
}

func openStream(t *testing.T, url string, hello map[string]any) *streamed {
	t.Helper()
	hello["kind"] = "hello"
	body, err := json.Marshal(hello)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/chat/stream", bytes.NewReader(body))
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { stop(); _ = resp.Body.Close() })
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "text/event-stream; charset=utf-8", resp.Header.Get("Content-Type"))
	return &streamed{t, url, hello, bufio.NewScanner(resp.Body), stop}
}

func (s *streamed) until(what string, fits func(frame) bool) frame {
	s.t.Helper()
	for s.events.Scan() {
		data, found := strings.CutPrefix(s.events.Text(), "data: ")
		if !found {
			continue
		}
		var f frame
		require.NoError(s.t, json.Unmarshal([]byte(data), &f))
		if fits(f) {
			return f
		}
	}
	require.Fail(s.t, "the stream ended", "waiting for %s", what)
	return frame{}
}

func (s *streamed) say(id, text string) *http.Response {
	s.t.Helper()
	return post(s.t, s.url+"/chat/send", map[string]any{"hello": s.hello, "frame": map[string]any{"kind": "message", "id": id, "text": text}})
}

func item(f frame) bool { return f.Kind == "item" }

func TestAStreamStandsInForASocket(t *testing.T) {
	s := newService(t, webchat.Config{Burst: 100})
	s.Answer(scripted)
	secret := newSecret(t, s.server.URL)
	who, _ := webchat.AddressOf(secret)
	stream := openStream(t, s.server.URL, map[string]any{"secret": secret, "last_seq": 0, "context": map[string]any{"step": "上傳證件", "page": "/kyc?token=x"}})
	stream.until("live", func(f frame) bool { return f.State == "live" })
	assert.Equal(t, "m-1", answerOf(t, stream.say("m-1", "你好")).ID)
	assert.Equal(t, "ack", answerOf(t, stream.say("m-1", "你好")).Kind, "a repetition changes nothing")
	assert.Equal(t, "你好", stream.until("item", item).Text)
	assert.Equal(t, int64(2), stream.until("item", item).Seq)
	assert.Equal(t, chat.HostContext{Page: "/kyc", Step: "上傳證件"}, s.Received()[0].Context)
	stream.stop()

	for i := range 120 {
		s.Commit(who, channelstest.BotItem(fmt.Sprint(i)))
	}
	again := openStream(t, s.server.URL, map[string]any{"secret": secret, "last_seq": 2})
	assert.Equal(t, int64(3), again.until("item", item).Seq)
	again.until("live", func(f frame) bool { return f.State == "live" })
	go s.stop()
	assert.Positive(t, again.until("leaving", func(f frame) bool { return f.State == "leaving" }).RetryAfter)
	closed := again.until("close", func(f frame) bool { return f.Kind == "close" })
	assert.Equal(t, 1012, closed.CloseCode)
}

func TestRefusedRequests(t *testing.T) {
	s := newService(t, webchat.Config{Keys: theKeys, Now: clock})
	secret := newSecret(t, s.server.URL)
	hello := map[string]any{"kind": "hello", "secret": secret}
	message := map[string]any{"kind": "message", "id": "m-1", "text": "x"}
	tests := []struct {
		name, path string
		body       any
		status     int
		code       string
	}{
		{"a stream without a hello", "stream", message, 400, "bad_frame"},
		{"a stream for nobody", "stream", map[string]any{"kind": "hello"}, 401, "bad_secret"},
		{"a stream with a forged token", "stream", map[string]any{"kind": "hello", "token": "x", "secret": secret}, 401, "bad_token"},
		{"a hello too large", "stream", strings.Repeat("a", 13<<10), 413, "too_long"},
		{"no JSON object", "send", []int{1}, 400, "bad_frame"},
		{"no hello", "send", map[string]any{"frame": message}, 400, "bad_frame"},
		{"no frame", "send", map[string]any{"hello": hello}, 400, "bad_frame"},
		{"half a frame", "send", map[string]any{"hello": hello, "frame": "{"}, 400, "bad_frame"},
		{"a frame for sockets", "send", map[string]any{"hello": hello, "frame": hello}, 400, "unknown_kind"},
		{"an empty message", "send", map[string]any{"hello": hello, "frame": map[string]any{"kind": "message", "id": "a", "text": " "}}, 400, "empty"},
		{"a forged token", "send", map[string]any{"hello": map[string]any{"kind": "hello", "token": "x"}, "frame": message}, 401, "bad_token"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resp := post(t, s.server.URL+"/chat/"+test.path, test.body)
			assert.Equal(t, test.status, resp.StatusCode)
			f := answerOf(t, resp)
			assert.Equal(t, test.code, f.Code)
			assert.NotEmpty(t, f.Text)
		})
	}
	assert.Empty(t, s.Received())
	s.Fail(1)
	resp := post(t, s.server.URL+"/chat/send", map[string]any{"hello": hello, "frame": message})
	assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	assert.Equal(t, "try_again", answerOf(t, resp).Code)
}

func TestWhatAnotherNodeCommittedIsShownOnWaking(t *testing.T) {
	s, c, secret, who := newcomer(t, webchat.Config{})
	c.until("live", func(f frame) bool { return f.State == "live" })
	stream := openStream(t, s.server.URL, map[string]any{"secret": secret})
	stream.until("live", func(f frame) bool { return f.State == "live" })
	assert.Equal(t, []chat.Address{who}, s.channel.Connected())
	s.Commit(who, channelstest.BotItem("從另一台"))
	s.channel.Wake(who)
	s.channel.Wake(chat.Address{Channel: "web", User: "nobody"})
	assert.Equal(t, int64(1), c.items(0, 1)[0].Seq)
	assert.Equal(t, int64(1), stream.until("item", item).Seq)
	s.channel.Wake(who)
	require.NoError(t, s.Push(context.Background(), who, channelstest.BotItem("下一則")))
	c.items(1, 1)
}

func TestAStalledStreamIsDropped(t *testing.T) {
	s := newService(t, webchat.Config{WriteTimeout: 200 * time.Millisecond})
	secret := newSecret(t, s.server.URL)
	who, _ := webchat.AddressOf(secret)
	stream := openStream(t, s.server.URL, map[string]any{"secret": secret})
	stream.until("live", func(f frame) bool { return f.State == "live" })
	long := channelstest.BotItem(strings.Repeat("很長的回覆。", 4000))
	const n = 600
	for range n {
		require.NoError(t, s.Push(context.Background(), who, long), "Send does not wait for it")
	}
	require.Eventually(t, func() bool { return len(s.channel.Connected()) == 0 }, patience, time.Millisecond)
	seen := int64(0)
	for seen < n {
		again := openStream(t, s.server.URL, map[string]any{"secret": secret, "last_seq": seen})
		again.events.Buffer(nil, 1<<20)
		for again.events.Scan() {
			data, found := strings.CutPrefix(again.events.Text(), "data: ")
			var f frame
			if found && json.Unmarshal([]byte(data), &f) == nil && f.Kind == "item" {
				require.Equal(t, seen+1, f.Seq, "nothing is lost or doubled")
				seen = f.Seq
			}
			if seen == n {
				break
			}
		}
		again.stop()
	}
}
