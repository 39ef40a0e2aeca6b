package store_test

import (
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/store"
	"verihelp/internal/store/pgtest"
	"verihelp/internal/store/storetest"
)

func options() store.Options {
	var n atomic.Int64
	return store.Options{NewID: func() string { return "conversation-" + strconv.FormatInt(n.Add(1), 10) }}
}

func TestFileKeepsItsPromises(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store {
		return open(t, filepath.Join(t.TempDir(), "bot.db"))
	})
}

func TestMemoryKeepsItsPromises(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store {
		s, err := store.OpenMemory(t.Context(), options())
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, s.Close()) })
		return s
	})
}

func TestPostgresKeepsItsPromises(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store { return openPostgres(t, pgtest.Database(t)) })
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
