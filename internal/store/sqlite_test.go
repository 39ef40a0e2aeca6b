package store

import (
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

var mei = chat.Address{Channel: "web", User: "mei"}

func sessionOf(s *Store) *session { return s.engine.(*sqliteEngine).session }

func numbered() Options {
	n := 0
	return Options{NewID: func() string { n++; return "conversation-" + strconv.Itoa(n) }}
}

func openFile(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, numbered())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// say commits one item and one event.
func say(s *Store, t *testing.T, who chat.Address, id, text string) error {
	_, err := s.Turn(t.Context(), who, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		return chat.Commit{
			MessageIDs: []string{id},
			Items:      []chat.Item{{Kind: chat.FromUser, Message: id, Text: text}},
			Events:     []chat.Event{{ID: who.User + id, Kind: chat.EventTurn, Memory: &chat.Memory{Lang: "zh-Hans"}}},
		}, nil
	})
	return err
}

func TestSettingsAreReallyOn(t *testing.T) {
	// A name that must be escaped, and folders that do not exist yet.
	path := filepath.Join(t.TempDir(), "資料 100%?#", "a", "bot.db")
	s := openFile(t, path)
	require.NoError(t, say(s, t, mei, "m1", "你好"))

	pragma := func(q querier, name string) (value string) {
		require.NoError(t, q.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&value))
		return value
	}
	const full = "2"
	for name, want := range map[string]string{
		"journal_mode": "wal", "synchronous": full, "foreign_keys": "1", "busy_timeout": "5000", "query_only": "0",
	} {
		assert.Equal(t, want, pragma(sessionOf(s), name), name)
	}
	for name, want := range map[string]string{
		"journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000", "query_only": "1",
	} {
		assert.Equal(t, want, pragma(s.Reader.db, name), name)
	}
	_, err := s.Reader.db.ExecContext(t.Context(), `DELETE FROM items`)
	assert.ErrorContains(t, err, "readonly")

	for _, name := range []string{path, path + "-wal", path + ".lock"} {
		info, err := os.Stat(name)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "only this user may read what people wrote")
	}
}

func TestOpeningFailsInOneLineThatSaysWhatToDo(t *testing.T) {
	folder := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return path
	}
	for name, c := range map[string]struct{ path, want string }{
		"a folder":                 {folder, "this is a folder: name a file in it"},
		"a folder that is a file":  {filepath.Join(write("file", nil), "bot.db"), "choose another data folder"},
		"a place without folders":  {"/proc/nowhere/bot.db", "choose another data folder"},
		"a name that cannot be":    {"a\x00b", "choose another data folder"},
		"another kind of file":     {write("text.db", []byte(strings.Repeat("這不是資料庫", 999))), "restore a backup"},
		"a file with a torn start": {torn(t, 0), "restore a backup"},
		"a file with torn tables":  {torn(t, 100), "restore a backup"},
		"a newer schema":           {newer(t), "use the newer program"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), c.path, numbered())
			require.ErrorContains(t, err, c.want)
			assert.ErrorContains(t, err, "open database "+c.path)
			assert.NotContains(t, err.Error(), "\n")
		})
	}
}

// torn makes a database and overwrites a kilobyte of its file.
func torn(t *testing.T, at int64) string {
	path := filepath.Join(t.TempDir(), "bot.db")
	require.NoError(t, openFile(t, path).Close())
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteAt([]byte(strings.Repeat("x", 1024)), at)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	return path
}

func newer(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "bot.db")
	s := openFile(t, path)
	_, err := sessionOf(s).ExecContext(t.Context(), `INSERT INTO schema_version (version) VALUES (999)`)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	return path
}

func TestAFailedMigrationLeavesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), `CREATE TABLE cases (id TEXT)`) // in the way of the first migration
	require.NoError(t, err)

	_, err = Open(t.Context(), path, numbered())
	require.ErrorContains(t, err, "migrate schema to 1")
	var tables int
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table'`).Scan(&tables))
	assert.Equal(t, 1, tables)
	require.NoError(t, db.Close())
}

func TestReaderWorksBesideTheWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	_, err := OpenReader(t.Context(), path, Options{})
	require.ErrorContains(t, err, "start the bot once")

	s := openFile(t, path)
	r, err := OpenReader(t.Context(), path, Options{})
	require.NoError(t, err)
	require.NoError(t, say(s, t, mei, "m1", "你好"))
	log, err := r.Log(t.Context(), mei, 0, 10)
	require.NoError(t, err)
	assert.Len(t, log, 1)
	require.NoError(t, s.Close())
	require.NoError(t, say(openFile(t, path), t, mei, "m2", "你好"))
	log, err = r.Log(t.Context(), mei, 0, 10)
	require.NoError(t, err)
	assert.Len(t, log, 2)
	require.NoError(t, r.Close())

	_, err = OpenReader(t.Context(), newer(t), Options{})
	assert.ErrorContains(t, err, "use the newer program")
	_, err = OpenReader(t.Context(), torn(t, 0), Options{})
	assert.ErrorContains(t, err, "restore a backup")
}

func TestAFullDiskFailsTheTurnAndIsOvercome(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "bot.db"))
	require.NoError(t, say(s, t, mei, "m1", "你好"))
	limit := func(pages string) {
		_, err := sessionOf(s).conn.ExecContext(t.Context(), "PRAGMA max_page_count = "+pages)
		require.NoError(t, err)
	}
	limit("1") // means: no page more than there are
	long := strings.Repeat("長", 100_000)
	require.ErrorContains(t, say(s, t, mei, "m2", long), "full")
	limit("1000000")
	require.NoError(t, say(s, t, mei, "m2", long))
	log, err := s.Log(t.Context(), mei, 0, 10)
	require.NoError(t, err)
	assert.Len(t, log, 2)
}

func TestOpenCasesAreReadFromAnIndex(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "bot.db"))
	var id, parent, unused int
	var plan string
	require.NoError(t, s.db.QueryRowContext(t.Context(), "EXPLAIN QUERY PLAN "+openCases).Scan(&id, &parent, &unused, &plan))
	assert.Equal(t, "SEARCH cases USING INDEX cases_by_urgency (is_open=?)", plan)
}

func TestCloseLeavesOneFileAndRefusesTurns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	s := openFile(t, path)
	require.NoError(t, say(s, t, mei, "m1", "你好"))
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	assert.NoFileExists(t, path+"-wal")
	assert.ErrorIs(t, say(s, t, mei, "m2", "你好"), ErrClosed)

	log, err := openFile(t, path).Log(t.Context(), mei, 0, 10)
	require.NoError(t, err)
	assert.Len(t, log, 1)
}
