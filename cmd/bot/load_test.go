package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/webchat"
	"verihelp/internal/bot"
	"verihelp/internal/store"
)

const (
	loadRate   = 500 // messages a second, of all people together
	loadPeople = 500
	loadTime   = 5 * time.Second
)

// BenchmarkMessageToReply is what people wait for: from the moment a message is due
// to be sent until its reply is read, over real sockets, with the shipped engine
// and a database on disk with full durability, at 500 messages a second. Clients
// run in the same process. A message that is sent late counts from when it was due.
func BenchmarkMessageToReply(b *testing.B) {
	url := loadedService(b)
	crowd := make([]*loadClient, loadPeople)
	for i := range crowd {
		crowd[i] = newLoadClient(b, url)
	}
	var readers sync.WaitGroup
	for _, c := range crowd {
		readers.Go(c.read)
	}
	for b.Loop() {
		sendSteadily(b, crowd)
	}
	var took []time.Duration
	for _, c := range crowd {
		require.Eventually(b, c.answered, time.Minute, time.Millisecond)
		_ = c.ws.Close()
		took = append(took, c.took...)
	}
	readers.Wait()
	slices.Sort(took)
	at := func(part float64) float64 { return took[int(part*float64(len(took)-1))].Seconds() * 1e3 }
	b.ReportMetric(at(0.5), "ms/p50")
	b.ReportMetric(at(0.99), "ms/p99")
	b.ReportMetric(at(1), "ms/max")
}

// sendSteadily sends at the load's rate, one person after the other.
func sendSteadily(b *testing.B, crowd []*loadClient) {
	begun := time.Now()
	for i := range int(loadTime.Seconds() * loadRate) {
		due := begun.Add(time.Duration(i) * time.Second / loadRate)
		time.Sleep(time.Until(due))
		require.NoError(b, crowd[i%len(crowd)].send(due))
	}
}

func loadedService(b *testing.B) (url string) {
	b.Helper()
	brain, err := testBrain()
	require.NoError(b, err)
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "bot.db"), store.Options{NewID: newID})
	require.NoError(b, err)
	channel, err := webchat.New(webchat.Config{Rate: 1e6, Burst: 1e6, PeerRate: 1e6})
	require.NoError(b, err)
	service, err := bot.New(bot.Config{
		Store: db, Engine: brain.engine, NewID: newID, Logger: slog.New(slog.DiscardHandler),
		Channels: []channels.Channel{channel}, Desks: []channels.Desk{silentDesk{}},
	})
	require.NoError(b, err)
	server := httptest.NewServer(channel.Handler())
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- channel.Run(ctx, service) }()
	b.Cleanup(func() {
		stop()
		require.NoError(b, <-done)
		server.Close()
		require.NoError(b, service.Close(context.Background()))
		require.NoError(b, db.Close())
	})
	return server.URL
}

// loadClient is one person's client.
type loadClient struct {
	ws   *websocket.Conn
	said int

	mu      sync.Mutex
	waiting map[string]time.Time // messages without a reply, and when they were due
	took    []time.Duration
}

func newLoadClient(b *testing.B, url string) *loadClient {
	b.Helper()
	response, err := http.Post(url+"/chat/session", "", nil)
	require.NoError(b, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(b, err)
	require.NoError(b, response.Body.Close())
	var session struct{ Secret string }
	require.NoError(b, json.Unmarshal(body, &session))
	dialer := websocket.Dialer{Subprotocols: []string{webchat.Subprotocol}}
	var ws *websocket.Conn
	require.Eventually(b, func() bool { // Run may just begin
		ws, response, err = dialer.Dial("ws"+strings.TrimPrefix(url, "http")+"/chat/socket", nil)
		if err == nil {
			_ = response.Body.Close()
		}
		return err == nil
	}, time.Minute, time.Millisecond)
	require.NoError(b, ws.WriteJSON(map[string]any{"kind": "hello", "secret": session.Secret}))
	return &loadClient{ws: ws, waiting: map[string]time.Time{}}
}

var loadTexts = []string{"認證失敗了，不知道為什麼", "第一個", "我的護照拍了好幾次都說模糊，光線也換過了", "還是不行", "谢谢"}

func (c *loadClient) send(due time.Time) error {
	id := fmt.Sprint(c.said)
	text := loadTexts[c.said%len(loadTexts)]
	c.said++
	c.mu.Lock()
	c.waiting[id] = due
	c.mu.Unlock()
	return c.ws.WriteJSON(map[string]any{"kind": "message", "id": id, "text": text})
}

// read notes when replies come: the item after the message's own.
func (c *loadClient) read() {
	last := ""
	for {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		var frame struct{ Kind, From, ID string }
		if json.Unmarshal(data, &frame) != nil || frame.Kind != "item" {
			continue
		}
		if frame.From == "user" {
			last = frame.ID
			continue
		}
		c.mu.Lock()
		if due, found := c.waiting[last]; found {
			c.took = append(c.took, time.Since(due))
			delete(c.waiting, last)
		}
		c.mu.Unlock()
	}
}

func (c *loadClient) answered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting) == 0
}
