package widget_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/zh"
	"verihelp/web/widget"
	"verihelp/web/widget/browsertest"
)

func TestTypes(t *testing.T) {
	tsc := filepath.Join(browsertest.NPM(t), "typescript", "bin", "tsc")
	out, err := exec.CommandContext(t.Context(), "node", tsc, "--project", ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// What a host page loads stays under 30 KB.
func TestSize(t *testing.T) {
	total := 0
	for _, name := range modules(t, "widget.js") {
		var out bytes.Buffer
		w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
		require.NoError(t, err)
		_, err = w.Write(read(t, name))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		t.Logf("%-16s %5d bytes", name, out.Len())
		total += out.Len()
	}
	t.Logf("together %d bytes", total)
	for _, name := range modules(t, "widget.js") {
		assert.True(t, name == "widget.js" || name == "api.js" || bytes.Contains(read(t, "api.js"), []byte("'./"+name+"'")), "api.js asks for %s early", name)
	}
	assert.Less(t, total, 30_000)
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	files, err := widget.Files()
	require.NoError(t, err)
	require.Contains(t, files, name)
	return files[name]
}

var imported = regexp.MustCompile(`(?m)^import .*'\./([^']+)'`)

// modules returns a module and all that it imports.
func modules(t *testing.T, first string) []string {
	t.Helper()
	names := []string{first}
	seen := map[string]bool{first: true}
	for i := 0; i < len(names); i++ {
		for _, m := range imported.FindAllSubmatch(read(t, names[i]), -1) {
			if name := string(m[1]); !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// Nothing turns text into markup or code, and nobody else is asked for anything.
func TestForbiddenWords(t *testing.T) {
	forbidden := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|srcdoc|document\.cookie`)
	files, err := widget.Files()
	require.NoError(t, err)
	for name, src := range files {
		assert.NotRegexp(t, forbidden, string(src), name)
		if ext := path.Ext(name); ext == ".js" || ext == ".css" || ext == ".html" {
			for _, url := range regexp.MustCompile(`https?://[^\s'"]+`).FindAllString(string(src), -1) {
				assert.Equal(t, "http://www.w3.org/2000/svg", url, name)
			}
		}
	}
}

// The words of the interface are of one script each.
func TestScripts(t *testing.T) {
	src := string(read(t, "texts.js"))
	blocks := regexp.MustCompile(`(?s)const (hant|hans|hk) = \{(.*?)\n\};`).FindAllStringSubmatch(src, -1)
	require.Len(t, blocks, 3)
	for _, block := range blocks {
		locale := zh.LocaleTW
		if block[1] == "hans" {
			locale = zh.LocaleHans
		}
		for _, text := range regexp.MustCompile(`['\x60]([^'\x60]*\p{Han}[^'\x60]*)['\x60]`).FindAllStringSubmatch(block[2], -1) {
			assert.Empty(t, zh.Lint(text[1], locale), "%s: %s", block[1], text[1])
		}
	}
}

// Comments are left out only where they fill whole lines, and each line of a
// script stays where it was.
func TestScriptsKeepTheirLines(t *testing.T) {
	files, err := widget.Files()
	require.NoError(t, err)
	for name, src := range files {
		if path.Ext(name) != ".js" {
			continue
		}
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		lines, kept := bytes.Split(source, []byte("\n")), bytes.Split(src, []byte("\n"))
		require.Len(t, kept, len(lines), name)
		for i, line := range kept {
			if original := bytes.TrimSpace(lines[i]); len(line) == 0 && len(original) > 0 {
				assert.Regexp(t, `^(/\*|\*|//)|\*/$`, string(original), "%s:%d", name, i+1)
			} else {
				assert.Equal(t, string(original), string(line), "%s:%d", name, i+1)
			}
		}
	}
}
