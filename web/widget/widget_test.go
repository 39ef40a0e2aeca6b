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
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	require.NoError(t, err)
	_, err = w.Write(read(t, "widget.js"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	t.Logf("widget.js: %d bytes compressed", out.Len())
	assert.Less(t, out.Len(), 30_000)
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	files, err := widget.Files()
	require.NoError(t, err)
	require.Contains(t, files, name)
	return files[name]
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
	source, err := os.ReadFile("texts.js")
	require.NoError(t, err)
	src := string(source)
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

// Each script holds all that it needs, in an order in which it can run.
func TestScriptsAreWhole(t *testing.T) {
	for _, name := range []string{"widget.js", "embed.js", "demo.js"} {
		src := read(t, name)
		assert.NotRegexp(t, `(?m)^(import|export)\b|\bimport\(`, string(src), name)
		defined := map[string]bool{}
		for _, line := range bytes.Split(src, []byte("\n")) {
			if use := regexp.MustCompile(`= (\w+_js);$`).FindSubmatch(line); use != nil {
				assert.True(t, defined[string(use[1])], "%s: %s comes too late", name, use[1])
			}
			if made := regexp.MustCompile(`^const (\w+_js) = `).FindSubmatch(line); made != nil {
				defined[string(made[1])] = true
			}
		}
	}
}

// What is dropped is nothing but comments: no code stands behind one, and no text
// looks like one.
func TestCommentsAreLeftOut(t *testing.T) {
	files, err := filepath.Glob("*.js")
	require.NoError(t, err)
	inLine := regexp.MustCompile(`/\*.*?\*/|\s// `)
	for _, name := range files {
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		for i, line := range bytes.Split(source, []byte("\n")) {
			line = bytes.TrimSpace(line)
			if at := bytes.Index(line, []byte("*/")); bytes.HasPrefix(line, []byte("*")) {
				assert.True(t, at < 0 || at == len(line)-2, "%s:%d: code behind a comment is lost: %s", name, i+1, line)
			}
			for _, comment := range inLine.FindAllIndex(line, -1) {
				for _, quote := range []string{"'", "`"} {
					assert.Zero(t, bytes.Count(line[:comment[0]], []byte(quote))%2, "%s:%d: a text is cut: %s", name, i+1, line)
				}
			}
		}
	}
	assert.NotContains(t, string(read(t, "widget.js")), "@type")
}
