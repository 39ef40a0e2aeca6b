package widget

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// How the widget's modules import and export, a line each; the type check and the
// tests in a browser would notice another way.
var (
	importLine = regexp.MustCompile(`(?m)^import (?:(\{[^}]*\}) from )?'\./([^']+)';$`)
	exportWord = regexp.MustCompile(`(?m)^export ((?:async )?(?:const|let|class|function) (\w+))`)
	notInName  = regexp.MustCompile(`\W`)
)

// bundle puts a script and all that it imports into one: one request where there
// would be one after the other, and half the bytes, for what is alike is near.
// Each module becomes a function that returns what it exports.
func bundle(scripts map[string][]byte, first string) ([]byte, error) {
	b := bundler{scripts: scripts, state: map[string]int{}}
	if err := b.add(first); err != nil {
		return nil, fmt.Errorf("bundle %s: %w", first, err)
	}
	return b.out.Bytes(), nil
}

// bundler adds modules after those that they import.
type bundler struct {
	scripts map[string][]byte
	state   map[string]int
	out     bytes.Buffer
}

const (
	adding = iota + 1
	added
)

func (b *bundler) add(name string) error {
	body, found := b.scripts[name]
	switch {
	case b.state[name] == added:
		return nil
	case b.state[name] == adding:
		return fmt.Errorf("%s imports itself, by way of others", name)
	case !found:
		return fmt.Errorf("there is no %s", name)
	}
	b.state[name] = adding
	for _, imported := range importLine.FindAllSubmatch(body, -1) {
		if err := b.add(string(imported[2])); err != nil {
			return err
		}
	}
	b.state[name] = added
	b.write(name, body)
	return nil
}

func (b *bundler) write(name string, body []byte) {
	var exports []string
	for _, exported := range exportWord.FindAllSubmatch(body, -1) {
		exports = append(exports, string(exported[2]))
	}
	body = exportWord.ReplaceAll(body, []byte("$1"))
	body = importLine.ReplaceAllFunc(body, func(line []byte) []byte {
		imported := importLine.FindSubmatch(line)
		if len(imported[1]) == 0 {
			return nil
		}
		return fmt.Appendf(nil, "const %s = %s;", imported[1], variable(string(imported[2])))
	})
	fmt.Fprintf(&b.out, "const %s = (() => {%s\nreturn { %s };\n})();\n", variable(name), body, strings.Join(exports, ", "))
}

func variable(name string) string { return notInName.ReplaceAllString(name, "_") }
