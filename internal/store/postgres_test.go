package store

import (
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
	"verihelp/internal/store/pgtest"
)

// node opens a further store on a PostgreSQL database.
func node(t *testing.T, name, url string) *Store {
	t.Helper()
	var mu sync.Mutex
	n := 0
	s, err := OpenPostgres(t.Context(), url, Options{NewID: func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return name + strconv.Itoa(n)
	}})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func postgres(t *testing.T) *Store { return node(t, "n", pgtest.Database(t)) }

func TestNodesTakeTurnsOfOneConversation(t *testing.T) {
	url := pgtest.Database(t)
	nodes := []*Store{node(t, "a", url), node(t, "b", url), node(t, "c", url)}
	const each = 20
	var all sync.WaitGroup
	for i, s := range nodes {
		all.Go(func() {
			for n := range each {
				id := strconv.Itoa(i) + "/" + strconv.Itoa(n)
				assert.NoError(t, say(s, t, mei, id, id))
				assert.Error(t, say(s, t, mei, id, id), "an ID is taken once, whichever node is asked")
			}
		})
	}
	all.Wait()
	log, err := nodes[0].Log(t.Context(), mei, 0, 1000)
	require.NoError(t, err)
	require.Len(t, log, len(nodes)*each)
	for i, item := range log {
		assert.Equal(t, int64(i+1), item.Seq)
	}
}

// heard collects what Listen tells.
type heard struct {
	mu     sync.Mutex
	grew   map[chat.Address]int
	missed int
}

func (h *heard) count(who chat.Address) (grew, missed int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.grew[who], h.missed
}

func (h *heard) listen(t *testing.T, s *Store) {
	h.grew = map[chat.Address]int{}
	go s.Listen(t.Context(), slog.New(slog.DiscardHandler), func(who chat.Address) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.grew[who]++
	}, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.missed++
	})
	require.Eventually(t, func() bool { _, missed := h.count(mei); return missed == 1 }, 30*time.Second, time.Millisecond,
		"it listens, and has missed what came before")
}

func TestANodeHearsOfWhatOthersCommit(t *testing.T) {
	server := pgtest.Start(t)
	url := server.Database(t)
	a, b := node(t, "a", url), node(t, "b", url)
	var h heard
	h.listen(t, a)
	require.NoError(t, say(a, t, mei, "m1", "自己"))
	require.NoError(t, say(b, t, mei, "m2", "別人"))
	require.Eventually(t, func() bool { grew, _ := h.count(mei); return grew == 1 }, 30*time.Second, time.Millisecond)
	grew, _ := h.count(mei)
	assert.Equal(t, 1, grew, "not of its own")

	server.Restart(t)
	require.Eventually(t, func() bool { _, missed := h.count(mei); return missed == 2 }, 30*time.Second, time.Millisecond,
		"after a break it says that something may be missing")
	require.Eventually(t, func() bool { return say(b, t, mei, "m3", "又來") == nil }, 30*time.Second, time.Millisecond)
	require.Eventually(t, func() bool { grew, _ := h.count(mei); return grew == 2 }, 30*time.Second, time.Millisecond)
}

func TestNodesThatStartTogetherMigrateOnce(t *testing.T) {
	url := pgtest.Database(t)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() { node(t, strconv.Itoa(i), url) })
	}
	all.Wait()
}

func TestOpeningPostgresFailsInOneLineThatSaysWhatToDo(t *testing.T) {
	server := pgtest.Start(t)
	url := server.Database(t)
	s := node(t, "a", url)
	_, err := s.Pool().Exec(t.Context(), `CREATE ROLE guest LOGIN; REVOKE ALL ON SCHEMA public FROM PUBLIC`)
	require.NoError(t, err)
	empty := server.Database(t)
	newest := server.Database(t)
	_, err = node(t, "b", newest).Pool().Exec(t.Context(), `INSERT INTO schema_version (version) VALUES (999)`)
	require.NoError(t, err)

	for name, c := range map[string]struct{ url, want string }{
		"no address":         {"postgres://%zz:geheim@", "postgres://user:password@host:5432/name"},
		"another address":    {"mysql://root:geheim@host/name", "postgres://user:password@host:5432/name"},
		"nobody there":       {"postgres://test:geheim@127.0.0.1:1/name", "check that it runs"},
		"no such database":   {strings.Replace(url, "/test1", "/nowhere", 1), "create the database"},
		"no such user":       {strings.Replace(url, "test@", "nobody:geheim@", 1), "BOT_DATABASE"},
		"a user of no right": {strings.Replace(empty, "test@", "guest@", 1), "let this user create tables"},
		"a newer schema":     {newest, "use the newer program"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := OpenPostgres(t.Context(), c.url, numbered())
			require.ErrorContains(t, err, c.want)
			assert.NotContains(t, err.Error(), "\n")
			assert.NotContains(t, err.Error(), "geheim", "no secret is told")
		})
	}
	_, err = OpenPostgresReader(t.Context(), empty, Options{})
	assert.ErrorContains(t, err, "start the bot once")
}
