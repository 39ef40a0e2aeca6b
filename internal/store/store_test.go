package store_test

import (
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/store"
	"verihelp/internal/store/pgtest"
	"verihelp/internal/store/storetest"
)

func options() store.Options {
	var n atomic.Int64
	return store.Options{
		NewID: func() string { return "conversation-" + strconv.FormatInt(n.Add(1), 10) },
		Now:   func() time.Time { return storetest.Now },
	}
}

// databases are the ways to keep things; each gets the same stories.
var databases = map[string]func(t *testing.T) *store.Store{
	"file": func(t *testing.T) *store.Store { return open(t, filepath.Join(t.TempDir(), "bot.db")) },
	"memory": func(t *testing.T) *store.Store {
		s, err := store.OpenMemory(t.Context(), options())
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, s.Close()) })
		return s
	},
	"postgres": func(t *testing.T) *store.Store { return openPostgres(t, pgtest.Database(t)) },
}

func TestPromises(t *testing.T) {
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) storetest.Store { return open(t) })
			storetest.RunOutbox(t, func(t *testing.T) storetest.Outbox { return open(t) })
			storetest.RunLife(t, func(t *testing.T) storetest.Keeper { return open(t) })
		})
	}
}

func openPostgres(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.OpenPostgres(t.Context(), url, options())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path, options())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}
