package riverqueue_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
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
	"verihelp/internal/store/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

// patience is how long anything here waits before it calls the test failed.
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

// database is a store, and queues on the same database.
type database struct {
	*store.Store
	queue func(l *log) *riverqueue.Queue // another node, up to so many
	nodes int
}

// databases are the kinds of database, each opened empty.
var databases = map[string]func(t testing.TB) database{
	"SQLite":     openSQLite,
	"PostgreSQL": func(t testing.TB) database { return openPostgres(t, pgtest.Database(t)) },
}

func options() store.Options {
	var n atomic.Int64
	return store.Options{NewID: func() string { return fmt.Sprint(n.Add(1)) }}
}

func openSQLite(t testing.TB) database {
	path := filepath.Join(t.TempDir(), "bot.db")
	s, err := store.Open(t.Context(), path, options())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return database{Store: s, nodes: 1, queue: func(l *log) *riverqueue.Queue {
		q, err := riverqueue.NewSQLite(t.Context(), path, l.options())
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, q.Close()) })
		return q
	}}
}

func openPostgres(t testing.TB, url string) database {
	s, err := store.OpenPostgres(t.Context(), url, options())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return database{Store: s, nodes: 2, queue: func(l *log) *riverqueue.Queue {
		q, err := riverqueue.NewPostgres(t.Context(), s.Pool(), l.options())
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, q.Close()) })
		return q
	}}
}

// onEach plays a story on every kind of database.
func onEach(t *testing.T, story func(t *testing.T, db database)) {
	for name, open := range databases {
		t.Run(name, func(t *testing.T) { story(t, open(t)) })
	}
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

func await(t testing.TB, done <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("waited for %s in vain", what)
	}
}

func TestBesideABusyStoreNoJobIsLost(t *testing.T) {
	onEach(t, func(t *testing.T, db database) {
		l := &log{}
		q := db.queue(l)
		var seen sync.Map
		var left atomic.Int64
		const jobs = 100
		left.Store(jobs)
		done := make(chan struct{})
		start(t, q, func(_ context.Context, to chat.Destination) time.Time {
			if _, again := seen.LoadOrStore(to.Key, true); !again && left.Add(-1) == 0 {
				close(done)
			}
			return time.Time{}
		})
		stop := busy(t, db.Store, 4)
		defer stop()
		for n := range jobs {
			require.NoError(t, q.Enqueue(t.Context(), []chat.Destination{to(n)}))
		}
		await(t, done, "all jobs")
		assert.Empty(t, l.String())
	})
}

// busy lets callers take turns until stop.
func busy(t testing.TB, s *store.Store, callers int) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for n := range callers {
		running.Go(func() {
			who := chat.Address{Channel: "web", User: strconv.Itoa(n)}
			for i := 0; ctx.Err() == nil; i++ {
				_, err := s.Turn(context.WithoutCancel(ctx), who, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
					return chat.Commit{MessageIDs: []string{strconv.Itoa(i)}, Items: []chat.Item{{Kind: chat.FromUser, Text: "在嗎"}}}, nil
				})
				assert.NoError(t, err)
			}
		})
	}
	return func() { cancel(); running.Wait() }
}

func TestAJobComesBackWhenItSaid(t *testing.T) {
	onEach(t, func(t *testing.T, db database) {
		q := db.queue(&log{})
		runs := make(chan time.Time, 10)
		due := make(chan time.Time, 1)
		start(t, q, func(context.Context, chat.Destination) (again time.Time) {
			runs <- time.Now()
			if len(runs) == 1 {
				again = time.Now().Add(300 * time.Millisecond)
				due <- again
			}
			return again
		})
		require.NoError(t, q.Enqueue(t.Context(), []chat.Destination{to(1)}))
		require.Eventually(t, func() bool { return len(runs) == 2 }, patience, 5*time.Millisecond)
		<-runs
		assert.False(t, (<-runs).Before((<-due).Truncate(time.Millisecond)), "not before it is due")
	})
}

func TestAnAPIThatHangsDoesNotHoldUpOthers(t *testing.T) {
	onEach(t, func(t *testing.T, db database) {
		q := db.queue(&log{})
		var hanging atomic.Int64
		release, done := make(chan struct{}), make(chan struct{})
		stop := start(t, q, func(_ context.Context, to chat.Destination) time.Time {
			if to.Name != "telegram" {
				close(done)
				return time.Time{}
			}
			hanging.Add(1)
			<-release
			return time.Time{}
		})
		for n := range 40 {
			require.NoError(t, q.Enqueue(t.Context(), []chat.Destination{to(n)}))
		}
		require.Eventually(t, func() bool { return hanging.Load() >= 16 }, patience, time.Millisecond)
		require.NoError(t, q.Enqueue(t.Context(), []chat.Destination{{Kind: chat.ToDesk, Name: "slack", Key: "case-1"}}))
		await(t, done, "the other API's job")
		close(release)
		stop()
	})
}

func TestAStopWaitsForRunningJobsAndKeepsTheOthers(t *testing.T) {
	onEach(t, func(t *testing.T, db database) {
		l := &log{}
		q := db.queue(l)
		running, release := make(chan struct{}, 100), make(chan struct{})
		var finished atomic.Int64
		ctx, cancel := context.WithCancel(context.Background())
		stopped := make(chan error, 1)
		go func() {
			stopped <- q.Run(ctx, func(context.Context, chat.Destination) time.Time {
				running <- struct{}{}
				<-release
				finished.Add(1)
				return time.Time{}
			})
		}()
		require.NoError(t, q.Enqueue(t.Context(), []chat.Destination{to(1)}))
		<-running
		cancel()
		close(release)
		require.NoError(t, <-stopped)
		assert.Equal(t, int64(1), finished.Load())
		assert.Empty(t, l.String())

		require.NoError(t, q.Enqueue(t.Context(), []chat.Destination{to(2)}), "wakes of the last turns")
		done := make(chan struct{})
		start(t, q, func(_ context.Context, d chat.Destination) time.Time {
			assert.Equal(t, to(2), d)
			close(done)
			return time.Time{}
		})
		await(t, done, "what was left")
	})
}

func TestNodesThatStartTogetherShareTheWork(t *testing.T) {
	url := pgtest.Database(t)
	l := &log{}
	var seen sync.Map
	var left atomic.Int64
	const nodes, jobs = 3, 200
	left.Store(jobs)
	done := make(chan struct{})
	var opening sync.WaitGroup
	queues := make([]*riverqueue.Queue, nodes)
	for n := range nodes {
		db := openPostgres(t, url)
		opening.Go(func() { queues[n] = db.queue(l) }) // all migrate
	}
	opening.Wait()
	for _, q := range queues {
		start(t, q, func(_ context.Context, to chat.Destination) time.Time {
			_, again := seen.LoadOrStore(to.Key, true)
			assert.False(t, again, "a job is run by one node")
			if left.Add(-1) == 0 {
				close(done)
			}
			return time.Time{}
		})
	}
	for n := range jobs {
		require.NoError(t, queues[n%nodes].Enqueue(t.Context(), []chat.Destination{to(n)}))
	}
	await(t, done, "all jobs")
	assert.Empty(t, l.String())
}

func TestADamagedQueueSaysWhatToDo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	require.NoError(t, os.WriteFile(path+".jobs", bytes.Repeat([]byte("壞"), 1000), 0o600))
	_, err := riverqueue.NewSQLite(t.Context(), path, (&log{}).options())
	assert.ErrorContains(t, err, "bot.db.jobs")
	assert.ErrorContains(t, err, "delete it")
	_, err = riverqueue.NewSQLite(t.Context(), filepath.Join(t.TempDir(), "no", "bot.db"), (&log{}).options())
	assert.Error(t, err)
}
