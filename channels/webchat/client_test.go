package webchat_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
)

const patience = 10 * time.Second

// cuttable is a listener whose connections can be cut, as by a tunnel or a proxy.
type cuttable struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
	down  bool
}

func (l *cuttable) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(l.conns, conn)
	if l.down {
		_ = conn.Close()
	}
	return conn, nil
}

// cut ends all connections; while down, new ones end at once.
func (l *cuttable) cut(down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.conns {
		_ = conn.Close()
	}
	l.conns, l.down = nil, down
}

// service is a running web chat on loopback with an inbox in memory.
type service struct {
	*channelstest.FakeInbox
	channel *webchat.Channel
	server  *httptest.Server
	network *cuttable
	stop    func() // ends Run and waits for it
}

func newService(t *testing.T, cfg webchat.Config) *service {
	t.Helper()
	inbox := channelstest.NewFakeInbox(t)
	return newServiceWith(t, cfg, inbox, inbox)
}

// newServiceWith runs the channel with an inbox around a fake one.
func newServiceWith(t *testing.T, cfg webchat.Config, fake *channelstest.FakeInbox, inbox channels.Inbox) *service {
	t.Helper()
	channel, err := webchat.New(cfg)
	require.NoError(t, err)
	s := &service{
		FakeInbox: fake,
		channel:   channel,
		server:    httptest.NewUnstartedServer(channel.Handler()),
	}
	s.network = &cuttable{Listener: s.server.Listener}
	s.server.Listener = s.network
	s.server.Start()
	s.DeliverTo(channel)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- channel.Run(ctx, inbox) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-done)
	})
	t.Cleanup(func() {
		s.stop()
		s.server.Close()
	})
	awaitRunning(t, s.server.URL)
	return s
}

// awaitRunning asks until sockets are let in.
func awaitRunning(t *testing.T, url string) {
	t.Helper()
	require.Eventually(t, func() bool {
		ws, _, err := dial(url, nil)
		if err != nil {
			return false
		}
		return ws.Close() == nil
	}, patience, time.Millisecond, "the channel does not run")
}

func dial(url string, header http.Header) (*websocket.Conn, *http.Response, error) {
	d := websocket.Dialer{Subprotocols: []string{webchat.Subprotocol}, HandshakeTimeout: patience}
	ws, resp, err := d.Dial("ws"+strings.TrimPrefix(url, "http")+"/chat/socket", header)
	return ws, resp, err
}

func newSecret(t testing.TB, url string) string {
	t.Helper()
	resp, err := http.Post(url+"/chat/session", "", nil)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	var session struct{ Secret string }
	require.NoError(t, json.Unmarshal(body, &session))
	return session.Secret
}

// frame is any frame of the server.
type frame struct {
	Kind       string
	Reset      bool
	Adopted    bool
	Person     string
	Renew      int
	Reason     string
	Seq        int64
	From       chat.ItemKind
	ID         string
	Text       string
	Agent      string
	Lang       string
	Bubbles    []chat.Bubble
	Choices    []chat.Choice
	Case       *chat.CaseView
	Files      []chat.File
	Edits      int64
	Gone       bool
	Forget     bool
	Code       string
	CloseCode  int `json:"close_code"`
	RetryAfter int `json:"retry_after"`
	State      string
}

// client is a socket that said hello.
type client struct {
	t  *testing.T
	ws *websocket.Conn
}

func connect(t *testing.T, url, secret string, lastSeq int64) *client {
	t.Helper()
	ws, resp, err := dial(url, nil)
	require.NoError(t, err)
	require.Equal(t, webchat.Subprotocol, resp.Header.Get("Sec-WebSocket-Protocol"))
	t.Cleanup(func() { _ = ws.Close() })
	c := &client{t, ws}
	c.send(map[string]any{"kind": "hello", "secret": secret, "last_seq": lastSeq, "locale": "zh-Hant-TW"})
	return c
}

func (c *client) send(v any) {
	c.t.Helper()
	data, err := json.Marshal(v)
	require.NoError(c.t, err)
	c.sendRaw(websocket.TextMessage, data)
}

func (c *client) sendRaw(kind int, data []byte) {
	c.t.Helper()
	require.NoError(c.t, c.ws.SetWriteDeadline(time.Now().Add(patience)))
	require.NoError(c.t, c.ws.WriteMessage(kind, data))
}

func (c *client) say(id, text string) {
	c.t.Helper()
	c.send(map[string]any{"kind": "message", "id": id, "text": text})
}

func (c *client) next() (frame, error) {
	_ = c.ws.SetReadDeadline(time.Now().Add(patience))
	_, data, err := c.ws.ReadMessage()
	if err != nil {
		return frame{}, err
	}
	var f frame
	return f, json.Unmarshal(data, &f)
}

// until reads frames up to one that fits, and returns that.
func (c *client) until(what string, fits func(frame) bool) frame {
	c.t.Helper()
	for {
		f, err := c.next()
		require.NoError(c.t, err, "waiting for %s", what)
		if fits(f) {
			return f
		}
	}
}

// refusal waits for the next error frame.
func (c *client) refusal() frame {
	c.t.Helper()
	return c.until("an error", func(f frame) bool { return f.Kind == "error" })
}

func (c *client) ack(id string) {
	c.t.Helper()
	c.until("ack "+id, func(f frame) bool { return f.Kind == "ack" && f.ID == id })
}

// items reads n items; their numbers must follow on after.
func (c *client) items(after int64, n int) []frame {
	c.t.Helper()
	var items []frame
	for len(items) < n {
		f := c.until("an item", func(f frame) bool { return f.Kind == "item" })
		after++
		require.Equal(c.t, after, f.Seq, "items come in order, each once")
		items = append(items, f)
	}
	return items
}

// untilEnd reads until the connection has ended, with or without a goodbye.
func (c *client) untilEnd() {
	c.t.Helper()
	for {
		_, err := c.next()
		if err == nil {
			continue
		}
		var timeout net.Error
		require.False(c.t, errors.As(err, &timeout) && timeout.Timeout(), "the socket did not end")
		return
	}
}

// closed reads to the end and returns the close code.
func (c *client) closed() int {
	c.t.Helper()
	for {
		if _, err := c.next(); err != nil {
			var ended *websocket.CloseError
			require.ErrorAs(c.t, err, &ended)
			return ended.Code
		}
	}
}
