package webchat_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/webchat"
	"verihelp/internal/chat"
)

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
		{"a long hello", `{"kind":"hello","secret":"` + strings.Repeat("a", 13<<10) + `"}`, websocket.CloseMessageTooBig},
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
	assert.Equal(t, "text/javascript; charset=utf-8", get("/chat/widget.js").Header.Get("Content-Type"))
	assert.Equal(t, "nosniff", get("/chat/page.css").Header.Get("X-Content-Type-Options"))
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
	assert.Equal(t, "https://evil.example", refused.Header.Get("Access-Control-Allow-Origin"), "the page may read why")
}

func TestSubprotocolIsRequired(t *testing.T) {
	s := newService(t, webchat.Config{})
	_, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.server.URL, "http")+"/chat/socket", nil)
	require.Error(t, err)
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
}
