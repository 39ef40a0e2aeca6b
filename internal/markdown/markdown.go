// Package markdown reads the data files that people write: YAML front matter, then
// sections of plain paragraphs, numbered steps and bullet lists. Help articles and
// categories share this one form, so that whoever can edit one can edit the other.
//
// It runs when the program starts and when the data is checked, never while a
// message is handled. Goldmark parses the body, because hand-written Markdown
// readers get lists wrong; what the reply format (chat.Block) cannot show is an
// error rather than being dropped in silence: HTML, links, emphasis, tables, nested
// lists. Every error reads "file:line: what is wrong; what to do", all problems of
// a file are reported at once, and no input makes it panic.
package markdown

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"verihelp/internal/chat"
)

// MaxSize is the largest file that is read, in bytes: many times the longest help
// article, and small enough that a hostile file costs nothing.
const MaxSize = 1 << 20

// maxLine bounds one line, in bytes: deep nesting on one line is what makes Markdown
// parsers slow.
const maxLine = 4 << 10

// byteOrderMark is what some editors put at the beginning of a UTF-8 file.
var byteOrderMark = []byte("\uFEFF")

// Document is one parsed file.
type Document struct {
	Name     string // as given to Parse, the file in every error
	Sections []Section

	source []byte // the whole file, line breaks as \n
	front  int    // offset of the line that closes the front matter
	body   int    // offset of the first byte after it
}

// Section is a heading of the second level and what stands under it.
type Section struct {
	Title      string            // text of the heading
	Anchor     string            // the `#anchor` of `## Title {#anchor}`, or empty
	Attributes map[string]string // what else stands in the braces, key="value"
	Line       int               // of the heading, counted in the file from 1
	Blocks     []chat.Block      // paragraphs, steps and lists, in order
}

// Parse reads a file. The front matter must be closed but is decoded only by
// Decode; the body is checked here. The error joins every problem found; where all
// are in the body the document is returned, too, so that Decode finds the others.
func Parse(name string, src []byte) (*Document, error) {
	if err := checkBytes(name, src); err != nil {
		return nil, err
	}
	src = bytes.TrimPrefix(src, byteOrderMark)
	d := &Document{Name: name, source: bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))}
	if err := d.findFrontMatter(); err != nil {
		return nil, err
	}
	r := &reader{doc: d, seen: map[string]int{}}
	r.read()
	if len(r.problems) > 0 {
		return d, errors.Join(r.problems...)
	}
	return d, nil
}

// Errorf is a problem of this file at a line, in the form of all others. Say what is
// wrong, a semicolon, and what to do.
func (d *Document) Errorf(line int, format string, args ...any) error {
	return problem(d.Name, line, format, args...)
}

// KeyLine is the line of a top-level key of the front matter, or 1 if it is absent:
// where a problem with its value belongs.
func (d *Document) KeyLine(key string) int {
	for i, line := range bytes.Split(d.source[:d.front], []byte("\n")) {
		if bytes.HasPrefix(line, []byte(key+":")) {
			return i + 1
		}
	}
	return 1
}

// lineAt counts the line of a byte offset in the file, from 1.
func (d *Document) lineAt(offset int) int {
	offset = min(max(offset, 0), len(d.source))
	return 1 + bytes.Count(d.source[:offset], []byte("\n"))
}

func problem(name string, line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", name, line, fmt.Sprintf(format, args...))
}

// checkBytes refuses what no editor of ours writes, before any parser sees it.
func checkBytes(name string, src []byte) error {
	if len(src) > MaxSize {
		return problem(name, 1, "the file has %d bytes, more than %d; split it", len(src), MaxSize)
	}
	src = bytes.TrimPrefix(src, byteOrderMark)
	for i, line := range strings.Split(string(src), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if len(line) > maxLine {
			return problem(name, i+1, "the line has %d bytes, more than %d; break it", len(line), maxLine)
		}
		if !utf8.ValidString(line) {
			return problem(name, i+1, "the text is not UTF-8; save the file as UTF-8")
		}
		if at := strings.IndexFunc(line, invisible); at >= 0 {
			r, _ := utf8.DecodeRuneInString(line[at:])
			return problem(name, i+1, "invisible character %U after %q; delete it", r, tail(line[:at]))
		}
	}
	return nil
}

// invisible reports control and format characters: they hide in a text that looks
// right, and some turn its direction. Variation selectors are marks and stay.
func invisible(r rune) bool {
	return r != '\t' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r))
}

// tail is the end of a text, short enough for an error.
func tail(text string) string {
	const keep = 10
	runes := []rune(text)
	return string(runes[max(0, len(runes)-keep):])
}
