//go:build unix

package store

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOpeningWithoutRights(t *testing.T) {
	if os.Geteuid() == 0 {
		asNobody(t)
		return
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "bot.db")
	s := openFile(t, path)
	require.NoError(t, s.Close())
	t.Run("to the file", func(t *testing.T) {
		require.NoError(t, os.Chmod(path, 0o400))
		_, err := Open(t.Context(), path, numbered())
		assert.ErrorContains(t, err, "let this user write to the file and its folder")
		require.NoError(t, os.Chmod(path, 0o600))
	})
	t.Run("to the folder", func(t *testing.T) {
		require.NoError(t, os.Chmod(folder, 0o500))
		_, err := Open(t.Context(), path, numbered())
		assert.ErrorContains(t, err, "let this user write to the file and its folder")
		_, err = Open(t.Context(), filepath.Join(folder, "new", "bot.db"), numbered())
		assert.ErrorContains(t, err, "let this user write to the file and its folder")
		require.NoError(t, os.Chmod(folder, 0o700))
	})
}

// nobody is the user without rights on most systems.
const nobody = 65534

// asNobody runs the same test as a user without rights: root may write anywhere.
func asNobody(t *testing.T) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	program, err := os.ReadFile(self)
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(folder), 0o755))
	require.NoError(t, os.Chmod(folder, 0o777)) // nobody keeps the temporary files here
	copied := filepath.Join(folder, "store.test")
	require.NoError(t, os.WriteFile(copied, program, 0o755))
	cmd := exec.CommandContext(t.Context(), copied, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "TMPDIR="+folder)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Contains(t, string(out), "--- PASS: "+t.Name()+" ", string(out))
}
