package browsertest

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// packages are what the widget is checked with: TypeScript's checker and axe, in
// exact versions. Nothing of them is shipped.
//
//go:embed npm/package.json npm/package-lock.json
var packages embed.FS

// NPM returns the folder of the installed packages; the first test on a machine
// installs them into its cache. A machine without Node skips what needs them and
// says so; with CI=true that is a failure.
func NPM(t testing.TB) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		const missing = "NOT TESTED: the widget's types and accessibility need Node; install it (Debian: apt install nodejs npm)"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	lock, err := packages.ReadFile("npm/package-lock.json")
	require.NoError(t, err)
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	sum := sha256.Sum256(lock)
	folder := filepath.Join(cache, "verihelp-widget-"+hex.EncodeToString(sum[:6]))
	modules := filepath.Join(folder, "node_modules")
	if _, err := os.Stat(modules); err == nil {
		return modules
	}
	install(t, npm, folder)
	return modules
}

// install works in a folder of its own, for tests of several packages may run at
// the same time; the first one's result stays.
func install(t testing.TB, npm, folder string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(folder), 0o755))
	work, err := os.MkdirTemp(filepath.Dir(folder), "verihelp-install")
	require.NoError(t, err)
	defer func() { _ = os.RemoveAll(work) }() // gone already when it became the folder
	for _, name := range []string{"package.json", "package-lock.json"} {
		content, err := packages.ReadFile("npm/" + name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(work, name), content, 0o644))
	}
	cmd := exec.CommandContext(t.Context(), npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = work
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "install packages: %s", out)
	if err := os.Rename(work, folder); err != nil {
		_, missing := os.Stat(folder)
		require.NoError(t, missing, "keep packages: %v", err)
	}
}
