// Package widget holds the chat that users see: plain HTML, CSS and JavaScript
// modules, embedded into the binary, which puts them together at its start. widget.js brings a
// custom element into someone's page (demo.html shows one), embed.js makes a page
// of it (index.html). Package channels/webchat serves them and speaks their
// protocol; a browser needs nothing else.
package widget

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
)

//go:embed *.html *.css *.js *.svg
var files embed.FS

// entries are the scripts that pages load.
var entries = []string{"widget.js", "embed.js", "demo.js"}

// Files returns the pages and what they load, by name. Scripts come with all that
// they import and without comments, which are half of them.
func Files() (map[string][]byte, error) {
	names, err := fs.Glob(files, "*.*")
	if err != nil {
		return nil, fmt.Errorf("list files of the widget: %w", err)
	}
	all, scripts := map[string][]byte{}, map[string][]byte{}
	for _, name := range names {
		body, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read file of the widget: %w", err)
		}
		if path.Ext(name) == ".js" {
			scripts[name] = withoutComments(body)
		} else {
			all[name] = body
		}
	}
	for _, name := range entries {
		if all[name], err = bundle(scripts, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// inLine is a comment beside code: of types and of styles, or to the line's end.
// TestCommentsAreLeftOut sees to it that no text looks like one.
var inLine = regexp.MustCompile(`/\*.*?\*/ ?|\s// .*$`)

// withoutComments drops comments, indents and empty lines.
func withoutComments(script []byte) []byte {
	lines := bytes.Split(script, []byte("\n"))
	kept, inside := [][]byte{nil}, false
	for _, line := range lines {
		line = bytes.TrimSpace(inLine.ReplaceAll(line, nil))
		begins := bytes.HasPrefix(line, []byte("/*"))
		if !inside && !begins && !bytes.HasPrefix(line, []byte("//")) && len(line) > 0 {
			kept = append(kept, line)
		}
		if begins || inside {
			inside = !bytes.Contains(line, []byte("*/"))
		}
	}
	return bytes.Join(kept, []byte("\n"))
}
