package webchat_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
)

// stalled is a request from an address whose body is being waited for, and never
// comes.
func stalled(t *testing.T, s *service, path, from string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: %s\r\nContent-Type: multipart/form-data; boundary=b\r\n"+
		"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n", path, from)
	require.NoError(t, err)
	const goOn = "HTTP/1.1 100 Continue\r\n\r\n"
	answer := bufio.NewReader(conn)
	begun := make([]byte, len(goOn))
	_, err = io.ReadFull(answer, begun)
	require.NoError(t, err)
	require.Equal(t, goOn, string(begun))
	return conn, answer
}

// refused is the status of the answer to a request that did not get on.
func refused(t *testing.T, answer *bufio.Reader) int {
	t.Helper()
	resp, err := http.ReadResponse(answer, nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

var trustLoopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

var withBodies = []string{"stream", "send", "upload", "file", "export", "forget", "link"}

func TestABodyThatDoesNotComeIsNotWaitedFor(t *testing.T) {
	s := newService(t, webchat.Config{HelloTimeout: 20 * time.Millisecond})
	for _, name := range withBodies {
		t.Run(name, func(t *testing.T) {
			_, answer := stalled(t, s, "/chat/"+name, "")
			assert.Contains(t, []int{http.StatusServiceUnavailable, http.StatusBadRequest}, refused(t, answer))
		})
	}
}

func TestWhoSendsNoBodyTakesARoom(t *testing.T) {
	for _, name := range withBodies {
		t.Run(name, func(t *testing.T) {
			s := newService(t, webchat.Config{HelloTimeout: time.Hour, MaxPerPeer: 1, TrustedProxies: trustLoopback})
			ask := func() int {
				req, err := http.NewRequest(http.MethodPost, s.server.URL+"/chat/"+name, nil)
				require.NoError(t, err)
				req.Header.Set("X-Forwarded-For", "198.51.100.7")
				resp, err := http.DefaultClient.Do(req)
				require.NoError(t, err)
				require.NoError(t, resp.Body.Close())
				return resp.StatusCode
			}
			conn, _ := stalled(t, s, "/chat/"+name, "198.51.100.7")
			assert.Equal(t, http.StatusServiceUnavailable, ask())
			require.NoError(t, conn.Close())
			assert.Eventually(t, func() bool { return ask() == http.StatusBadRequest }, patience, time.Millisecond, "its room is free again")
			stalled(t, s, "/chat/"+name, "198.51.100.7")
			s.stop() // waits for no body
		})
	}
}

// The deadline is that of the body, not of what follows.
func TestAStreamOutlivesTheTimeForItsHello(t *testing.T) {
	s := newService(t, webchat.Config{HelloTimeout: 30 * time.Millisecond})
	secret := newSecret(t, s.server.URL)
	who, _ := webchat.AddressOf(secret)
	stream := openStream(t, s.server.URL, map[string]any{"secret": secret})
	stream.until("live", func(f frame) bool { return f.State == "live" })
	for range 2 { // whose time is over after the stream's
		_, answer := stalled(t, s, "/chat/send", "")
		refused(t, answer)
	}
	require.NoError(t, s.Push(context.Background(), who, channelstest.BotItem("還在")))
	assert.Equal(t, int64(1), stream.until("item", item).Seq)
}
