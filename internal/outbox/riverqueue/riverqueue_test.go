package riverqueue_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
	"verihelp/internal/outbox"
	"verihelp/internal/outbox/riverqueue"
	"verihelp/internal/store"
)

const patience = 30 * time.Second

var telegram = chat.Destination{Kind: chat.ToChannel, Name: "telegram"}

func to(n int) chat.Destination {
	return chat.Destination{Kind: chat.ToChannel, Name: "telegram", Key: strconv.Itoa(n)}
}

// log is what a queue logs; a healthy one says nothing.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *log) options() riverqueue.Options {
	return riverqueue.Options{Lanes: []chat.Destination{telegram}, Logger: slog.New(slog.NewTextHandler(l, nil))}
}

func openStore(t testing.TB) (*store.Store, string) {
	path := filepath.Join(t.TempDir(), "bot.db")
	var n atomic.Int64
	s, err := store.Open(t.Context(), path, store.Options{NewID: func() string { return fmt.Sprint(n.Add(1)) }})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s, path
}

func openSQLite(t testing.TB, path string, l *log) *riverqueue.Queue {
	q, err := riverqueue.NewSQLite(t.Context(), path, l.options())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, q.Close()) })
	return q
}

// start runs a queue until stop, at the end of the test at the latest.
func start(t testing.TB, q *riverqueue.Queue, work outbox.Work) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		assert.NoError(t, q.Run(ctx, work))
	}()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

func TestBesideABusyStoreNoJobIsLost(t *testing.T) {
	s, path := openStore(t)
	l := &log{}
	q := openSQLite(t, path, l)
	var worked sync.Map
	var left atomic.Int64
	const jobs = 300
	left.Store(jobs)
	done := make(chan struct{})
	start(t, q, func(_ context.Context, to chat.Destination) time.Time {
		if _, again := worked.LoadOrStore(to.Key, true); !again && left.Add(-1) == 0 {
			close(done)
		}
		return time.Time{}
	})
	stop := busy(t, s, 8)
	for n := range jobs {
		assert.NoError(t, q.Enqueue(t.Context(), []chat.Destination{to(n)}))
	}
	select {
	case <-done:
	case <-time.After(patience):
		t.Errorf("%d jobs were not run", left.Load())
	}
	t.Log(stop(), "turns meanwhile")
	assert.Empty(t, l.String())
}

// busy lets callers take turns until stop, which says how many they took.
func busy(t testing.TB, s *store.Store, callers int) (stop func() int64) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	var turns atomic.Int64
	for n := range callers {
		running.Go(func() {
			who := chat.Address{Channel: "web", User: strconv.Itoa(n)}
			for i := 0; ctx.Err() == nil; i++ {
				_, err := s.Turn(context.Background(), who, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
					return chat.Commit{MessageIDs: []string{strconv.Itoa(i)}, Items: []chat.Item{{Kind: chat.FromUser, Text: "在嗎"}}}, nil
				})
				assert.NoError(t, err)
				turns.Add(1)
			}
		})
	}
	return func() int64 { cancel(); running.Wait(); return turns.Load() }
}
