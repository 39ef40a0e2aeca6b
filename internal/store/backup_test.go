package store

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

var restoredAt = time.Date(2026, 11, 22, 2, 3, 4, 0, time.UTC)

// says commits a word of a person.
func says(t *testing.T, s *Store, text string) {
	t.Helper()
	_, err := s.Turn(t.Context(), chat.Address{Channel: "web", User: "1"}, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		return chat.Commit{MessageIDs: []string{text}, Items: []chat.Item{{Kind: chat.FromUser, Text: text, At: restoredAt}}}, nil
	})
	require.NoError(t, err)
}

// said reads the person's words out of a database file.
func said(t *testing.T, path string) (texts []string) {
	t.Helper()
	r, err := OpenReader(t.Context(), path, numbered())
	require.NoError(t, err)
	defer r.Close()
	items, err := r.Log(t.Context(), chat.Address{Channel: "web", User: "1"}, 0, 100)
	require.NoError(t, err)
	for _, item := range items {
		texts = append(texts, item.Text)
	}
	return texts
}

func TestABackupIsOneMomentOfADatabaseInUse(t *testing.T) {
	folder := t.TempDir()
	path, backup := filepath.Join(folder, "bot.db"), filepath.Join(folder, "backup.db")
	s := openFile(t, path)
	says(t, s, "before")
	require.NoError(t, Backup(t.Context(), path, backup))
	says(t, s, "after")
	assert.Equal(t, []string{"before"}, said(t, backup))
	require.ErrorIs(t, Backup(t.Context(), path, backup), ErrFileExists)
	assert.NoFileExists(t, backup+".partial")
	info, err := os.Stat(backup)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	_, err = Restore(t.Context(), backup, path, true, restoredAt)
	require.ErrorContains(t, err, "stop that one first")
	require.NoError(t, s.Close())
}

// The write-ahead log of a service that was killed must neither spoil the
// restored database nor get lost.
func TestARestoreMovesTheLogOfAKilledServiceAside(t *testing.T) {
	folder := t.TempDir()
	path, backup := filepath.Join(folder, "bot.db"), filepath.Join(folder, "backup.db")
	s := openFile(t, path)
	says(t, s, "old")
	require.NoError(t, Backup(t.Context(), path, backup))
	says(t, s, "only in the log")
	killed := filepath.Join(t.TempDir(), "bot.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + suffix)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(killed+suffix, content, 0o600))
	}
	require.NoError(t, s.Close())

	_, err := Restore(t.Context(), backup, killed, false, restoredAt)
	require.ErrorIs(t, err, ErrDataExists)
	aside, err := Restore(t.Context(), backup, killed, true, restoredAt)
	require.NoError(t, err)
	assert.Equal(t, []string{"old"}, said(t, killed))
	assert.Equal(t, killed+".replaced-20261122-020304", aside)
	assert.Equal(t, []string{"old", "only in the log"}, said(t, aside))
	restored := openFile(t, killed)
	says(t, restored, "new")
	require.NoError(t, restored.Close())
}

func TestWhatIsNoBackupIsNotRestored(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.db")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for name, c := range map[string]struct{ from, want string }{
		"nothing":                  {filepath.Join(t.TempDir(), "none.db"), "no such file"},
		"an empty file":            {empty, "no database of the bot"},
		"a file with a torn start": {torn(t, 0), "damaged"},
		"a newer schema":           {newer(t), "use the newer program"},
	} {
		path := filepath.Join(t.TempDir(), "bot.db")
		require.NoError(t, openFile(t, path).Close())
		_, err := Restore(t.Context(), c.from, path, true, restoredAt)
		require.ErrorContains(t, err, c.want, name)
		assert.NotContains(t, err.Error(), "\n", name)
		require.NoError(t, openFile(t, path).Close(), "what was there still is")
	}
}
