package webchat_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
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
	"verihelp/web/widget/browsertest"
)

// quiet is an inbox that knows ten items of everybody and takes every message.
type quiet struct {
	channelstest.FakeFiles
	items []chat.Item
}

func newQuiet() *quiet {
	q := &quiet{}
	for i := range 10 {
		item := expiry()
		item.Seq, item.At = int64(i+1), now
		q.items = append(q.items, item)
	}
	return q
}

func (q *quiet) Receive(context.Context, chat.Message) <-chan error {
	done := make(chan error, 1)
	done <- nil
	return done
}

func (q *quiet) Log(_ context.Context, _ chat.Address, after int64, limit int) ([]chat.Item, error) {
	if after >= int64(len(q.items)) {
		return nil, nil
	}
	return q.items[after:min(len(q.items), int(after)+limit)], nil
}

func (q *quiet) Seen(context.Context, chat.Address, int64) error { return nil }

var _ channels.Inbox = (*quiet)(nil)

// A crowd needs two files a connection where both ends are in one process, and the
// client's memory would count as the server's: the server is a process of its own,
// this program again.
const crowdVariable = "WEBCHAT_BENCH_CROWD"

func TestMain(m *testing.M) {
	if os.Getenv(crowdVariable) != "" {
		serveCrowd()
		return
	}
	os.Exit(m.Run())
}

// serveCrowd prints its address, and serves until its input ends.
func serveCrowd() {
	channel, err := webchat.New(webchat.Config{MaxConns: 2 * many, MaxPerPeer: 2 * many, PeerRate: 1e6, PingEvery: time.Hour})
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", channel.Handler())
	mux.HandleFunc("GET /memory", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, memory()) })
	server := httptest.NewServer(mux)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- channel.Run(ctx, newQuiet()) }()
	fmt.Println(server.URL)
	_, _ = io.Copy(io.Discard, os.Stdin)
	cancel()
	<-done
}

// crowd starts a server for very many clients from one address.
func crowd(b *testing.B) (url string) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crowdVariable+"=1")
	in, err := cmd.StdinPipe()
	require.NoError(b, err)
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	url, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(b, err)
	url = strings.TrimSpace(url)
	require.Eventually(b, func() bool {
		ws, _, err := dial(url, nil)
		return err == nil && ws.Close() == nil
	}, patience, time.Millisecond)
	return url
}

// thin is a client that costs next to nothing: a bare connection.
func thin(url, secret string, lastSeq int) (net.Conn, error) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(conn, "GET /chat/socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: %s\r\n\r\n", webchat.Subprotocol)
	if err := await(conn, "\r\n\r\n"); err != nil {
		return conn, err
	}
	hello := fmt.Sprintf(`{"kind":"hello","secret":"%s","last_seq":%d}`, secret, lastSeq)
	frame := append([]byte{0x81, 0x80 | byte(len(hello)), 0, 0, 0, 0}, hello...)
	_, err = conn.Write(frame)
	return conn, err
}

// await reads until the server has said something.
func await(conn net.Conn, what string) error {
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	buffer, tail := make([]byte, 4<<10), ""
	for !strings.Contains(tail, what) {
		n, err := conn.Read(buffer)
		if err != nil {
			return err
		}
		tail = tail[max(0, len(tail)-32):] + string(buffer[:n])
	}
	return nil
}

func secretOf(i int) string { return fmt.Sprintf("%042d0", i) } // base64: the last bits must be 0

// together connects n clients, a few at a time, and waits until all are live.
func together(b *testing.B, url string, n, lastSeq int) []net.Conn {
	b.Helper()
	conns := make([]net.Conn, n)
	var wait sync.WaitGroup
	places := make(chan struct{}, 256)
	for i := range conns {
		places <- struct{}{}
		wait.Go(func() {
			defer func() { <-places }()
			conn, err := thin(url, secretOf(i), lastSeq)
			if err == nil {
				err = await(conn, `"state":"live"`)
			}
			if err != nil {
				b.Error(err)
			}
			conns[i] = conn
		})
	}
	wait.Wait()
	return conns
}

// memory is what this process has in use, in bytes: heap and stacks. Stacks that
// grew shrink by half with each collection, as they do while a server is idle.
func memory() int64 {
	for range 4 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

func memoryOf(b *testing.B, url string) float64 {
	b.Helper()
	resp, err := http.Get(url + "/memory")
	require.NoError(b, err)
	defer func() { _ = resp.Body.Close() }()
	var bytes float64
	_, err = fmt.Fscan(resp.Body, &bytes)
	require.NoError(b, err)
	return bytes
}

const many = 10_000

// BenchmarkIdleConnections measures what a connected client that says nothing
// costs the server: heap and stacks.
func BenchmarkIdleConnections(b *testing.B) {
	for b.Loop() {
		url := crowd(b)
		before := memoryOf(b, url)
		conns := together(b, url, many, 10)
		b.ReportMetric((memoryOf(b, url)-before)/many, "B/conn")
		closeAll(conns)
	}
}

// BenchmarkReconnectStorm measures how long it takes until everybody is back
// after all connections broke at once, each having missed five items, and what
// the server has in use then.
func BenchmarkReconnectStorm(b *testing.B) {
	url := crowd(b)
	closeAll(together(b, url, many, 5))
	for b.Loop() {
		conns := together(b, url, many, 5)
		b.StopTimer()
		b.ReportMetric(memoryOf(b, url)/1e6, "MB")
		closeAll(conns)
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/many, "µs/client")
}

func closeAll(conns []net.Conn) {
	for _, conn := range conns {
		if conn != nil {
			_ = conn.Close()
		}
	}
}

// BenchmarkMessage is one message with its acknowledgement, client included,
// against an inbox that does nothing.
func BenchmarkMessage(b *testing.B) {
	channel, err := webchat.New(webchat.Config{Rate: 1e6, Burst: 1e6, PeerRate: 1e6})
	require.NoError(b, err)
	server := httptest.NewServer(channel.Handler())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- channel.Run(ctx, newQuiet()) }()
	defer func() { cancel(); <-done; server.Close() }()
	var ws *websocket.Conn
	require.Eventually(b, func() bool {
		ws, _, err = dial(server.URL, nil)
		return err == nil
	}, patience, time.Millisecond)
	defer ws.Close()
	require.NoError(b, ws.WriteJSON(map[string]any{"kind": "hello", "secret": secretOf(1), "last_seq": 10}))
	awaitKind(b, ws, `"state":"live"`)
	i := 0
	for b.Loop() {
		i++
		require.NoError(b, ws.WriteJSON(map[string]any{"kind": "message", "id": fmt.Sprint(i), "text": "證件照片一直沒通過"}))
		awaitKind(b, ws, `"kind":"ack"`)
	}
}

func awaitKind(b *testing.B, ws *websocket.Conn, what string) {
	for {
		_, data, err := ws.ReadMessage()
		require.NoError(b, err)
		if strings.Contains(string(data), what) {
			return
		}
	}
}

// BenchmarkWidgetReady measures how long it takes from the beginning of a page's
// navigation until the launcher can be pressed, the same from the page's load event
// (which waits for the widget's script), and until a page of the chat alone is
// connected, as the browser tells.
func BenchmarkWidgetReady(b *testing.B) {
	channel, err := webchat.New(webchat.Config{PeerRate: 1e6})
	require.NoError(b, err)
	server := httptest.NewServer(channel.Handler())
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- channel.Run(ctx, newQuiet()) }()
	defer func() { cancel(); <-done; server.Close() }()
	resp, err := http.Get(server.URL + "/demo")
	require.NoError(b, err)
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	page := browsertest.Launch(b).NewPage(b, browsertest.Options{})
	page.BeforeLoad(`window.verihelp = (...c) => window.verihelp.q.push(c); window.verihelp.q = [['on', 'ready', () => { window.readyAt = performance.now(); }]]`)
	var ready, afterLoad, connected, start float64
	n := 0.0
	for b.Loop() {
		n++
		page.Load(server.URL + "/demo")
		page.Await("launcher", "window.readyAt")
		ready += browsertest.Eval[float64](page, "readyAt")
		page.Await("load", "performance.getEntriesByType('navigation')[0].loadEventStart")
		afterLoad += browsertest.Eval[float64](page, "readyAt - performance.getEntriesByType('navigation')[0].loadEventStart")
		start += browsertest.Eval[float64](page, "performance.getEntriesByType('navigation')[0].responseEnd")
		page.Open(server.URL)
		connected += browsertest.Eval[float64](page, "performance.now()")
	}
	b.ReportMetric(ready/n, "ms/ready")
	b.ReportMetric(afterLoad/n, "ms/after-load")
	b.ReportMetric(connected/n, "ms/connected")
	b.ReportMetric(start/n, "ms/document")
}
