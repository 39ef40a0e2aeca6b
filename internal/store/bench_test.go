package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
	"verihelp/internal/store/pgtest"
)

// BenchmarkTurn is one turn after another: on a file each has a durable commit of its
// own, in memory it is what a turn costs without a disk.
func BenchmarkTurn(b *testing.B) {
	for name, open := range map[string]func(*testing.B) (*Store, error){
		"file": func(b *testing.B) (*Store, error) {
			return Open(b.Context(), filepath.Join(b.TempDir(), "bot.db"), unique(""))
		},
		"memory": func(b *testing.B) (*Store, error) { return OpenMemory(b.Context(), unique("")) },
	} {
		b.Run(name, func(b *testing.B) {
			s, err := open(b)
			require.NoError(b, err)
			b.Cleanup(func() { _ = s.Close() })
			w := &workload{stores: []*Store{s}}
			for b.Loop() {
				if err := w.turn(b.Context(), w.next()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNodes is turns a second on one PostgreSQL by one, two and three stores, as
// processes would have them. Server and nodes share this machine's cores, so growth
// shows only that nodes do not stand in each other's way.
func BenchmarkNodes(b *testing.B) {
	url := pgtest.Durable(b)
	w := &workload{}
	for i := range 3 {
		s, err := OpenPostgres(b.Context(), url, unique(strconv.Itoa(i)))
		require.NoError(b, err)
		b.Cleanup(func() { _ = s.Close() })
		w.stores = append(w.stores, s)
	}
	all := w.stores
	took := make([]time.Duration, len(all))
	for done := 0; done < b.N; done += slice {
		for n := range all { // in turns, since a shared machine is never twice the same
			w.stores = all[:n+1]
			took[n] += w.run(b, slice, w.turn)
		}
	}
	turns := float64((b.N + slice - 1) / slice * slice)
	for n, d := range took {
		b.ReportMetric(turns/d.Seconds(), strconv.Itoa(n+1)+"-node-turns/s")
	}
}

// BenchmarkGrowth is what turns occupy in the file, indexes included.
func BenchmarkGrowth(b *testing.B) {
	path := filepath.Join(b.TempDir(), "bot.db")
	s, err := Open(b.Context(), path, unique(""))
	require.NoError(b, err)
	w := &workload{stores: []*Store{s}}
	w.run(b, b.N, w.turn)
	require.NoError(b, s.Close())
	info, err := os.Stat(path)
	require.NoError(b, err)
	b.ReportMetric(float64(info.Size())/float64(b.N), "bytes/turn")
}

// BenchmarkShare compares turns with the bare database: the same reads and rows in
// the same group commits, with bodies made beforehand. Both run in turns in one
// run, since a machine that others use is never twice the same. The shares that it
// reports are those of turns a second: 1 would be a store that costs nothing.
func BenchmarkShare(b *testing.B) {
	for name, open := range map[string]func(*testing.B) *Store{
		"sqlite": func(b *testing.B) *Store {
			s, err := Open(b.Context(), filepath.Join(b.TempDir(), "bot.db"), unique(""))
			require.NoError(b, err)
			return s
		},
		"postgres": func(b *testing.B) *Store {
			s, err := OpenPostgres(b.Context(), pgtest.Durable(b), unique(""))
			require.NoError(b, err)
			return s
		},
	} {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			b.Cleanup(func() { _ = s.Close() })
			w := &workload{stores: []*Store{s}}
			var turns, bare time.Duration
			for done := 0; done < b.N; done += slice {
				turns += w.run(b, slice, w.turn)
				bare += w.run(b, slice, w.bare)
			}
			b.ReportMetric(bare.Seconds()/turns.Seconds(), "share")
			b.ReportMetric(float64((b.N+slice-1)/slice*slice)/turns.Seconds(), "turns/s")
		})
	}
}

// unique makes IDs that differ from those of other prefixes.
func unique(prefix string) Options {
	var n atomic.Int64
	return Options{NewID: func() string { return prefix + "c" + strconv.FormatInt(n.Add(1), 36) }}
}

// workload is people who write, 32 at a time, each to one of the stores.
type workload struct {
	stores []*Store
	n      atomic.Int64
}

const (
	atOnce = 32
	crowd  = 2000 // conversations
	slice  = 500  // turns measured at a stretch
)

func (w *workload) next() string { return strconv.FormatInt(w.n.Add(1), 36) }

// someone is one of the crowd.
func (w *workload) someone() string { return strconv.Itoa(rand.IntN(crowd)) }

func (w *workload) store() *Store { return w.stores[rand.IntN(len(w.stores))] }

func (w *workload) run(b *testing.B, turns int, one func(context.Context, string) error) time.Duration {
	begun := time.Now()
	left := atomic.Int64{}
	left.Store(int64(turns))
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := one(b.Context(), w.next()); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	return time.Since(begun)
}

func (w *workload) turn(ctx context.Context, id string) error {
	who := chat.Address{Channel: "web", User: w.someone()}
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	memory := &chat.Memory{Lang: "zh-Hant-TW", At: at, Topic: &chat.Topic{Category: "photo.upload", Said: []string{strings.Repeat("s", 300)}}}
	reply := &chat.Reply{Lang: "zh-Hant-TW", Bubbles: []chat.Bubble{{Blocks: []chat.Block{
		{Kind: chat.Paragraph, Text: strings.Repeat("請換一個網路環境再試", 8)}}}}}
	_, err := w.store().Turn(ctx, who, func(_ chat.Conversation, seen func(string) bool) (chat.Commit, error) {
		if seen(id) {
			return chat.Commit{}, nil
		}
		return chat.Commit{
			MessageIDs: []string{id},
			Items: []chat.Item{
				{Kind: chat.FromUser, At: at, Message: id, Text: "照片一直上傳失敗"},
				{Kind: chat.FromBot, At: at, Reply: reply},
			},
			Events: []chat.Event{{ID: "t" + id, Kind: chat.EventTurn, At: at, Memory: memory,
				Trace: &chat.Trace{Action: chat.Answer, Category: "photo.upload", Rule: "sure", MessageIDs: []string{id}, Clock: at}}},
		}, nil
	})
	return err
}

// Bodies of the sizes that turn writes.
var (
	stateBody = make([]byte, 640)
	userBody  = make([]byte, 150)
	botBody   = make([]byte, 460)
	eventBody = make([]byte, 800)
)

// bare reads and writes what a turn does, without knowing what it is.
func (w *workload) bare(ctx context.Context, id string) error {
	who := chat.Address{Channel: "bare", User: w.someone()}
	return w.store().engine.write(ctx, func(ctx context.Context, q querier) error {
		if l, ok := q.(conversationLocker); ok {
			if err := l.lockConversation(ctx, who); err != nil {
				return err
			}
		}
		var state, key []byte
		err := q.QueryRowContext(ctx, `
			SELECT conversations.state, person_keys.key
			FROM conversations LEFT JOIN person_keys ON person_keys.conversation = conversations.id
			WHERE channel = $1 AND channel_user = $2`, who.Channel, who.User).Scan(&state, &key)
		conversation := "bare" + who.User
		known := false
		if err == nil {
			known, err = isSeen(ctx, q, conversation, id)
		}
		if errors.Is(err, sql.ErrNoRows) {
			_, err = q.ExecContext(ctx, `INSERT INTO person_keys (conversation, key) VALUES ($1, $2)`, conversation, make([]byte, keySize))
		}
		if err != nil || known {
			return err
		}
		rows := rowWriter{ctx: ctx, q: q, conversation: conversation}
		var last int64
		if state != nil {
			last = int64(state[0]) | int64(state[1])<<8
		}
		return errors.Join(
			rows.exec(`
				INSERT INTO conversations (id, channel, channel_user, last_seq, changed_at, state) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (id) DO UPDATE SET last_seq = excluded.last_seq, changed_at = excluded.changed_at, state = excluded.state`,
				conversation, who.Channel, who.User, last+2, 0, append([]byte{byte(last + 2), byte((last + 2) >> 8)}, stateBody...)),
			rows.exec(`INSERT INTO seen (conversation, id) VALUES ($1, $2)`, conversation, id),
			rows.exec(`INSERT INTO items (conversation, seq, body) VALUES ($1, $2, $3)`, conversation, last+1, userBody),
			rows.exec(`INSERT INTO items (conversation, seq, body) VALUES ($1, $2, $3)`, conversation, last+2, botBody),
			rows.exec(`
				INSERT INTO events (id, conversation, ordinal, at, body)
				VALUES ($1, $2, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM events WHERE conversation = $2), $3, $4)`,
				"b"+id, conversation, 0, eventBody),
			w.tell(ctx, q, who),
		)
	})
}

func (w *workload) tell(ctx context.Context, q querier, who chat.Address) error {
	if n, ok := q.(notifier); ok {
		return n.notify(ctx, who)
	}
	return nil
}
