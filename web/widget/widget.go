// Package widget holds the chat that users see: plain HTML, CSS and JavaScript
// modules without a build step, embedded into the binary. widget.js brings a
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
)

//go:embed *.html *.css *.js *.svg
var files embed.FS

// Files returns the pages and what they load, by name. Scripts come without their
// comments, which are half of them, but with the same lines, so that an error's
// place is that of the source.
func Files() (map[string][]byte, error) {
	names, err := fs.Glob(files, "*.*")
	if err != nil {
		return nil, fmt.Errorf("list files of the widget: %w", err)
	}
	all := map[string][]byte{}
	for _, name := range names {
		body, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read file of the widget: %w", err)
		}
		if path.Ext(name) == ".js" {
			body = withoutComments(body)
		}
		all[name] = body
	}
	return all, nil
}

// withoutComments empties lines that are nothing but a comment, and indents.
func withoutComments(script []byte) []byte {
	lines := bytes.Split(script, []byte("\n"))
	inside := false
	for i, line := range lines {
		line = bytes.TrimSpace(line)
		begins := bytes.HasPrefix(line, []byte("/*"))
		if inside || begins || bytes.HasPrefix(line, []byte("//")) {
			lines[i] = nil
		} else {
			lines[i] = line
		}
		if begins || inside {
			inside = !bytes.Contains(line, []byte("*/"))
		}
	}
	return bytes.Join(lines, []byte("\n"))
}
