package store

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

func withKey(b byte) Options {
	o := numbered()
	o.MasterKey = bytes.Repeat([]byte{b}, keySize)
	return o
}

func TestWordsAreSealedInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	s := openFile(t, path)
	require.NoError(t, say(s, t, mei, "m1", "名字裡的字打不出來"))
	require.NoError(t, s.Close())
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.False(t, bytes.Contains(raw, []byte("打不出來")), "words")
	assert.False(t, bytes.Contains(raw, []byte(`"kind"`)), "JSON")
}

func TestTheMasterKeyLocksWhatIsThereAndMustFitFromThenOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	open := func(o Options) (*Store, error) { return Open(t.Context(), path, o) }
	s := openFile(t, path)
	require.NoError(t, say(s, t, mei, "m1", "在嗎"))
	require.NoError(t, s.Close())

	s, err := open(withKey(1))
	require.NoError(t, err)
	require.NoError(t, say(s, t, mei, "m2", "還在嗎"))
	var short int
	require.NoError(t, s.db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM person_keys WHERE length(key) <= 32`).Scan(&short))
	assert.Zero(t, short, "no key is kept as it is")
	log, err := s.Log(t.Context(), mei, 0, 10)
	require.NoError(t, err)
	assert.Len(t, log, 2)
	require.NoError(t, s.Close())

	for name, c := range map[string]struct {
		o    Options
		want error
	}{"another key": {withKey(2), errMasterKey}, "no key": {numbered(), errLocked}} {
		t.Run(name, func(t *testing.T) {
			_, err := open(c.o)
			assert.ErrorIs(t, err, c.want)
			r, err := OpenReader(t.Context(), path, c.o)
			require.NoError(t, err)
			defer func() { assert.NoError(t, r.Close()) }()
			_, err = r.Log(t.Context(), mei, 0, 10)
			assert.ErrorIs(t, err, c.want)
		})
	}
	short1 := withKey(1)
	short1.MasterKey = short1.MasterKey[:31]
	_, err = open(short1)
	assert.ErrorContains(t, err, "BOT_DATA_KEY: a key has 32 bytes")
	s, err = open(withKey(1))
	require.NoError(t, err, "a wrong key has changed nothing")
	require.NoError(t, s.Close())
}

func TestErasureLeavesNothingInTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	s := openFile(t, path)
	who := chat.Address{Channel: "web", User: "account-of-somebody"}
	_, err := s.Turn(t.Context(), who, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		return chat.Commit{Items: []chat.Item{{Kind: chat.FromUser, Text: "你好"}}}, nil
	})
	require.NoError(t, err)
	var key []byte
	require.NoError(t, s.db.QueryRowContext(t.Context(), `SELECT key FROM person_keys`).Scan(&key))
	require.NoError(t, s.Erase(t.Context(), who, nil))
	for _, name := range []string{path, path + "-wal"} {
		raw, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.False(t, bytes.Contains(raw, key), "%s holds the key", name)
		assert.False(t, bytes.Contains(raw, []byte(who.User)), "%s holds the name", name)
	}
}

// What version 1 wrote can be read, and goes on with a key.
func TestTheFirstSchemaIsBroughtUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	script, err := os.ReadFile("migrations/sqlite/0001_conversations.sql")
	require.NoError(t, err)
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	for _, query := range []string{
		string(script),
		`CREATE TABLE schema_version (version INTEGER PRIMARY KEY)`,
		`INSERT INTO schema_version VALUES (1)`,
		`INSERT INTO conversations VALUES ('c1', 'web', 'mei', 1,
			'{"id":"c1","address":{"channel":"web","user":"mei"},"last_seq":1,"cases":1,"memory":{"lang":"zh-Hans"}}')`,
		`INSERT INTO items VALUES ('c1', 1, '{"seq":1,"kind":"user","at":"2026-11-22T12:00:00Z","text":"你好"}')`,
		`INSERT INTO events VALUES ('e1', 'c1', 1, '2026-11-22 12:00:00.5+00:00', '{"id":"e1","kind":"turn","at":"2026-11-22T12:00:00.5Z","memory":{"lang":"zh-Hans"}}')`,
		`INSERT INTO seen VALUES ('c1', 'm1')`,
		`INSERT INTO cases VALUES ('c1-1', 'c1', 'closed', 0, 1, '2026-11-22 12:00:00+00:00', '{"id":"c1-1","state":"closed","opened_at":"2026-11-22T12:00:00Z"}')`,
	} {
		_, err := db.ExecContext(t.Context(), query)
		require.NoError(t, err, query)
	}
	require.NoError(t, db.Close())

	s := openFile(t, path)
	require.NoError(t, say(s, t, mei, "m2", "還在嗎"))
	log, err := s.Log(t.Context(), mei, 0, 10)
	require.NoError(t, err)
	require.Len(t, log, 2)
	assert.Equal(t, []string{"你好", "還在嗎"}, []string{log[0].Text, log[1].Text})
	events, err := s.Events(t.Context(), mei)
	require.NoError(t, err)
	assert.Len(t, events, 2)
	_, err = s.Case(t.Context(), "c1-1")
	require.NoError(t, err)
	var at, opened int64
	require.NoError(t, s.db.QueryRowContext(t.Context(), `SELECT at, opened_at FROM events, cases WHERE events.id = 'e1'`).Scan(&at, &opened))
	assert.Equal(t, []int64{1795348800500, 1795348800000}, []int64{at, opened})

	require.NoError(t, s.Erase(t.Context(), mei, nil))
	log, err = s.Log(t.Context(), mei, 0, 10)
	require.NoError(t, err)
	assert.Empty(t, log)
}

func TestNotesAreKeptByTheirOwner(t *testing.T) {
	for name, s := range map[string]*Store{"file": openFile(t, filepath.Join(t.TempDir(), "bot.db")), "postgres": postgres(t)} {
		t.Run(name, func(t *testing.T) {
			mine, other := s.Notebook("slack"), s.Notebook("telegram")
			for _, key := range []string{"thread/K7-1", "thread/K8-1", "threaX", "position"} {
				require.NoError(t, mine.SetNote(t.Context(), key, "old "+key))
				require.NoError(t, mine.SetNote(t.Context(), key, key))
			}
			value, err := mine.Note(t.Context(), "position")
			require.NoError(t, err)
			assert.Equal(t, "position", value)
			value, err = other.Note(t.Context(), "position")
			require.NoError(t, err)
			assert.Empty(t, value)
			require.NoError(t, mine.SetNote(t.Context(), "thread/K8-1", ""))
			found, err := mine.Notes(t.Context(), "thread/")
			require.NoError(t, err)
			assert.Equal(t, map[string]string{"thread/K7-1": "thread/K7-1"}, found)
		})
	}
}
