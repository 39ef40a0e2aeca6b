package riverqueue_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest/remotetest"
	"verihelp/internal/chat"
	"verihelp/internal/outbox"
	"verihelp/internal/store/pgtest"
)

// node is a running outbox on a database, and what its queue logs.
func node(t testing.TB, db database, name string, remote channels.Remote) (*outbox.Outbox, *log) {
	l := &log{}
	o, err := outbox.New(outbox.Config{
		Store: db, Queue: db.queue(l), Holder: name, Now: time.Now, Random: rand.Float64,
		Remotes: map[chat.Destination]channels.Remote{telegram: remote}, Logger: slog.New(slog.DiscardHandler),
		GaveUp: func(_ context.Context, d chat.Delivery, reason string) error {
			t.Errorf("delivery %d was given up: %s", d.ID, reason)
			return nil
		},
	})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { assert.NoError(t, o.Run(ctx)) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return o, l
}

func api(t testing.TB, s *remotetest.Server) *remotetest.Client {
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &remotetest.Client{Base: server.URL, HTTP: server.Client()}
}

// say commits a text for a person, with its row of the outbox.
func say(t testing.TB, db database, n int, text string) {
	who := chat.Address{Channel: "telegram", User: strconv.Itoa(n)}
	_, err := db.Turn(context.Background(), who, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		return chat.Commit{
			Items:  []chat.Item{{Kind: chat.FromBot, Reply: &chat.Reply{Bubbles: []chat.Bubble{{Blocks: []chat.Block{{Text: text}}}}}}},
			Outbox: []chat.Delivery{{To: to(n)}},
		}, nil
	})
	require.NoError(t, err)
}

func TestNodesDeliverEverythingInOrderThroughAFailingAPI(t *testing.T) {
	onEach(t, func(t *testing.T, db database) {
		luck := sync.Mutex{}
		rnd := rand.New(rand.NewPCG(1, 2))
		server := &remotetest.Server{RetryAfter: 1, Fault: func(remotetest.Arrival) remotetest.Fault {
			luck.Lock()
			defer luck.Unlock()
			faults := []remotetest.Fault{remotetest.Unavailable, remotetest.Busy, remotetest.Broken, remotetest.Cut, remotetest.LostAnswer, remotetest.CutAnswer, remotetest.BrokenAfter}
			if n := rnd.IntN(30); n < len(faults) {
				return faults[n]
			}
			return remotetest.None
		}}
		client := api(t, server)
		nodes := make([]*outbox.Outbox, db.nodes)
		logs := make([]*log, db.nodes)
		for n := range nodes {
			nodes[n], logs[n] = node(t, db, strconv.Itoa(n), client)
		}
		const people, texts = 6, 6
		for i := range texts {
			for n := range people {
				say(t, db, n, strconv.Itoa(i))
				nodes[(i+n)%len(nodes)].Wake(to(n))
			}
		}
		require.Eventually(t, func() bool { return sent(t, db) == people*texts }, patience, 10*time.Millisecond)
		for n := range people {
			var got []string
			for _, a := range server.Arrived(strconv.Itoa(n)) {
				got = append(got, a.Text)
			}
			assert.Equal(t, []string{"0", "1", "2", "3", "4", "5"}, got, "in order, and nothing twice, since the API can be asked")
		}
		for _, l := range logs {
			assert.Empty(t, l.String())
		}
	})
}

func sent(t testing.TB, db database) int {
	rows, err := db.Deliveries(t.Context(), []chat.DeliveryState{chat.DeliverySent}, 1000)
	require.NoError(t, err)
	return len(rows)
}

func TestADatabaseThatRestartsLosesNothing(t *testing.T) {
	server := pgtest.Start(t)
	db := openPostgres(t, server.Database(t))
	remote := &remotetest.Server{}
	o, _ := node(t, db, "a", api(t, remote))
	say(t, db, 1, "before")
	o.Wake(to(1))
	require.Eventually(t, func() bool { return len(remote.Arrived("1")) == 1 }, patience, 10*time.Millisecond)
	server.Restart(t)
	require.Eventually(t, func() bool { return db.Pool().Ping(t.Context()) == nil }, patience, 10*time.Millisecond)
	say(t, db, 1, "after")
	o.Wake(to(1))
	require.Eventually(t, func() bool { return len(remote.Arrived("1")) == 2 }, patience, 10*time.Millisecond)
}

// clock is a remote API that notes when it was called.
type clock struct{ called chan time.Time }

func (c clock) Deliver(context.Context, channels.Delivery) ([]string, error) {
	c.called <- time.Now()
	return []string{"1"}, nil
}

func (clock) Find(context.Context, channels.Delivery) ([]string, error) {
	return nil, channels.ErrCannotAsk
}

// BenchmarkCommitToCall is how long after its commit a delivery reaches the API,
// one at a time, on an idle machine.
func BenchmarkCommitToCall(b *testing.B) {
	for name, open := range map[string]func(b *testing.B) database{
		"SQLite":     func(b *testing.B) database { return openSQLite(b) },
		"PostgreSQL": func(b *testing.B) database { return openPostgres(b, pgtest.Durable(b)) },
	} {
		b.Run(name, func(b *testing.B) {
			db := open(b)
			remote := clock{make(chan time.Time, 1)}
			o, _ := node(b, db, "a", remote)
			var took []time.Duration
			n := 0
			for b.Loop() {
				n++
				say(b, db, n, fmt.Sprint(n))
				committed := time.Now()
				o.Wake(to(n))
				took = append(took, (<-remote.called).Sub(committed))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}
