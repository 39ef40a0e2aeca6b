package webchat_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/webchat"
)

func TestWhoALimitIsFor(t *testing.T) {
	c, err := webchat.New(webchat.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("2001:db8:ffff::/48")}})
	require.NoError(t, err)
	tests := []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"a client", "203.0.113.5:1", nil, "203.0.113.5"},
		{"a client that lies", "203.0.113.5:1", []string{"198.51.100.1"}, "203.0.113.5"},
		{"behind a proxy", "10.1.0.1:1", []string{"198.51.100.1"}, "198.51.100.1"},
		{"behind two proxies", "10.1.0.1:1", []string{"198.51.100.1, 10.1.2.3"}, "198.51.100.1"},
		{"a client that lies behind proxies", "10.1.0.1:1", []string{"1.1.1.1", "198.51.100.1, 10.1.2.3"}, "198.51.100.1"},
		{"a proxy that says nothing", "10.1.0.1:1", nil, "10.1.0.1"},
		{"a proxy that says nonsense", "10.1.0.1:1", []string{"unknown"}, "10.1.0.1"},
		{"one customer of IPv6", "[2001:db8:1:2:3:4:5:6]:1", nil, "2001:db8:1:2::"},
		{"IPv6 behind a proxy", "[2001:db8:ffff::1]:1", []string{"2001:db8:1:2:a::1"}, "2001:db8:1:2::"},
		{"IPv4 in IPv6", "[::ffff:203.0.113.5]:1", nil, "203.0.113.5"},
		{"a private proxy that nobody listed", "192.168.1.1:1", []string{"198.51.100.1"}, "invalid IP"},
		{"nonsense", "x", nil, "invalid IP"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = test.remote
			r.Header["X-Forwarded-For"] = test.forwarded
			assert.Equal(t, test.want, webchat.Peer(c, r).String())
		})
	}
}

func TestLimitsPerNetworkAddress(t *testing.T) {
	s := newService(t, webchat.Config{PeerRate: 1, Now: clock, MaxPerPeer: 2, TrustedProxies: trustLoopback})
	from := func(address string) *http.Response {
		_, resp, _ := dial(s.server.URL, http.Header{"X-Forwarded-For": {address}})
		return resp
	}
	assert.Equal(t, http.StatusSwitchingProtocols, from("198.51.100.1").StatusCode)
	assert.Equal(t, http.StatusSwitchingProtocols, from("198.51.100.1").StatusCode)
	full := from("198.51.100.1")
	assert.Equal(t, http.StatusServiceUnavailable, full.StatusCode, "two connections at a time")
	assert.Equal(t, "no_room", answerOf(t, full).Code)
	from("198.51.100.1")
	from("198.51.100.1")
	flood := from("198.51.100.1")
	assert.Equal(t, http.StatusTooManyRequests, flood.StatusCode, "five requests at once")
	assert.Equal(t, "1", flood.Header.Get("Retry-After"))
	refused := answerOf(t, flood)
	assert.Equal(t, "rate_limited", refused.Code)
	assert.NotEmpty(t, refused.Text)
	assert.Equal(t, http.StatusSwitchingProtocols, from("198.51.100.2").StatusCode, "others are not concerned")
}

func TestTabsShareOneRate(t *testing.T) {
	s, c, secret, who := newcomer(t, webchat.Config{Burst: 3, Rate: 0.1, Now: clock})
	other := connect(t, s.server.URL, secret, 0)
	c.say("m-1", "一")
	c.say("m-2", "二")
	c.ack("m-2")
	other.say("m-3", "三")
	other.ack("m-3")
	other.say("m-4", "四")
	refused := other.refusal()
	assert.Equal(t, "rate_limited", refused.Code)
	assert.Equal(t, "m-4", refused.ID)
	back := connect(t, s.server.URL, secret, 3)
	back.say("m-4", "四")
	assert.Equal(t, "rate_limited", back.refusal().Code, "coming back does not help")
	assert.Len(t, s.Items(who), 3)
}

// A flood comes from one place and has no accounts. Others of that place can still
// go on, and sign in.
func TestWhatStrangersOfOneNetworkBegin(t *testing.T) {
	var logged bytes.Buffer
	cfg := tokens()
	cfg.PeerStrangers, cfg.Burst, cfg.TrustedProxies = 2, 100, trustLoopback
	cfg.Logger = slog.New(slog.NewTextHandler(&logged, nil))
	s := newService(t, cfg)
	meet := func(from string, hello map[string]any) *client {
		ws, _, err := dial(s.server.URL, http.Header{"X-Forwarded-For": {from}})
		require.NoError(t, err)
		t.Cleanup(func() { _ = ws.Close() })
		c := &client{t, ws}
		hello["kind"] = "hello"
		c.send(hello)
		return c
	}
	stranger := func(from string) *client {
		return meet(from, map[string]any{"secret": newSecret(t, s.server.URL), "locale": "zh-CN"})
	}
	const home, neighbour, elsewhere = "2001:db8:1:2::a", "2001:db8:1:2::b", "2001:db8:1:3::a"
	first, second, third := stranger(home), stranger(neighbour), stranger(home)
	first.say("m-1", "您好")
	first.ack("m-1")
	second.say("m-1", "您好")
	second.ack("m-1")
	third.say("m-1", "我的私事")
	refused := third.refusal()
	assert.Equal(t, "stranger_many", refused.Code)
	assert.Equal(t, "m-1", refused.ID)
	assert.Equal(t, 1800, refused.RetryAfter)
	assert.Contains(t, refused.Text, "请约 30 分钟后")
	first.say("m-2", "還有")
	first.ack("m-2") // a conversation that has begun goes on

	other := stranger(elsewhere)
	other.say("m-1", "您好")
	other.ack("m-1")
	account := meet(home, map[string]any{"token": signed(t, claimsOf("ann"))})
	account.say("m-1", "您好")
	account.ack("m-1")
	origins := map[string]int{}
	for _, m := range s.Received() {
		origins[m.Origin]++
	}
	assert.Equal(t, map[string]int{"2001:db8:1:2::": 3, "2001:db8:1:3::": 1, "": 1}, origins, "what their cases are counted for; an account's are not")

	resp := post(t, s.server.URL+"/chat/send", map[string]any{
		"hello": helloOf(newSecret(t, s.server.URL)), "frame": map[string]any{"kind": "message", "id": "m-1", "text": "您好"},
	})
	assert.Equal(t, http.StatusOK, resp.StatusCode, "another address: that of the proxy")
	s.stop()
	assert.Equal(t, 1, strings.Count(logged.String(), "level=WARN"), "one line a minute")
	assert.Contains(t, logged.String(), "address=2001:db8:1:2::")
	assert.NotContains(t, logged.String(), "私事")
}

// Where sockets are blocked the same holds, and the answer says when to come back.
func TestRequestsOfStrangersAreCountedToo(t *testing.T) {
	s := newService(t, webchat.Config{PeerStrangers: 1, Now: clock})
	say := func(secret, id string) *http.Response {
		return post(t, s.server.URL+"/chat/send", map[string]any{"hello": helloOf(secret), "frame": map[string]any{"kind": "message", "id": id, "text": "您好"}})
	}
	known := newSecret(t, s.server.URL)
	assert.Equal(t, http.StatusOK, say(known, "m-1").StatusCode)
	assert.Equal(t, http.StatusOK, say(known, "m-2").StatusCode)
	refused := say(newSecret(t, s.server.URL), "m-1")
	assert.Equal(t, http.StatusTooManyRequests, refused.StatusCode)
	assert.Equal(t, "3600", refused.Header.Get("Retry-After"))
	assert.Equal(t, "m-1", answerOf(t, refused).ID)
}
