package knowledge

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"verihelp/internal/markdown"
)

// MaxSection is the longest section, in characters of its plain text: about two
// screens of a phone, and well within one message of any channel.
const MaxSection = 500

// idForm is what an article's ID may be made of.
var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// header is the front matter of an article.
type header struct {
	ID      string        `yaml:"id"`
	Title   string        `yaml:"title"`
	Updated markdown.Date `yaml:"updated"`
	Source  string        `yaml:"source"`
	About   string        `yaml:"about"`
}

// Load reads and checks every articles/*.md. The error joins all problems of all
// files, each "file:line: what is wrong; what to do", by file name and line; beside
// it stands what could be read, for further checks.
func Load(fsys fs.FS) (*Library, error) {
	l := &Library{byID: map[string]*Section{}, unread: map[string]bool{}}
	names, err := fs.Glob(fsys, "articles/*.md")
	if err != nil {
		return l, fmt.Errorf("list articles: %w", err)
	}
	if len(names) == 0 {
		return l, errors.New("articles:1: no articles; put at least one .md file into the folder articles")
	}
	hash := sha256.New()
	var problems []error
	for _, name := range names { // Glob sorts them
		src, err := readFile(fsys, name)
		if err != nil {
			l.unread[fileID(name)] = true
			problems = append(problems, fmt.Errorf("%s:1: the file cannot be read (%w); check it and its permissions", name, err))
			continue
		}
		hash.Write(fmt.Appendf(nil, "%s %d\n", name, len(src)))
		hash.Write(src)
		a, err := parse(name, src)
		if err != nil {
			problems = append(problems, err)
		}
		if a == nil || a.ID != fileID(name) {
			l.unread[fileID(name)] = true
			continue
		}
		l.add(a)
	}
	l.hash = hex.EncodeToString(hash.Sum(nil))[:12]
	return l, errors.Join(problems...)
}

// fileID is the ID that an article in this file must have.
func fileID(name string) string { return strings.TrimSuffix(path.Base(name), ".md") }

// readFile reads no more than the parser would accept, and the one byte that makes
// it say so.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(f, markdown.MaxSize+1))
}

// parse reads one article; nil if its sections cannot be known. What is wrong with
// the front matter is told beside what is wrong with the text.
func parse(name string, src []byte) (*Article, error) {
	doc, unsound := markdown.Parse(name, src)
	if doc == nil {
		return nil, unsound
	}
	var h header
	var problems []error
	if err := doc.Decode(&h); err != nil {
		problems, h.ID = append(problems, err), fileID(name)
	} else {
		problems = h.check(doc, fileID(name))
	}
	if unsound != nil {
		return nil, errors.Join(append(problems, unsound)...)
	}
	a := &Article{ID: h.ID, Title: h.Title, About: h.About, Updated: h.Updated.Time, Source: h.Source}
	for _, from := range doc.Sections {
		s := &Section{
			ID: a.ID + "#" + from.Anchor, Anchor: from.Anchor, Title: from.Title, Number: from.Attributes["number"],
			Blocks: from.Blocks, Article: a, Line: from.Line,
		}
		problems = append(problems, s.check(doc, from.Attributes)...)
		a.Sections = append(a.Sections, s)
	}
	return a, errors.Join(problems...)
}

// check finds what is wrong with an article's front matter and as a whole.
func (h header) check(doc *markdown.Document, fileName string) []error {
	var problems []error
	fail := func(key, format string, args ...any) {
		problems = append(problems, doc.Errorf(doc.KeyLine(key), format, args...))
	}
	switch {
	case h.ID != fileName:
		fail("id", "id %q is not the file name; write id: %s", h.ID, fileName)
	case !idForm.MatchString(h.ID):
		fail("id", "id %q; name the file with lower-case letters, digits and -", h.ID)
	}
	if h.Title == "" {
		fail("title", "no title; write title: and the article's heading")
	}
	if h.Updated.IsZero() {
		fail("updated", "no date; write updated: and the day of its last change, like 2025-11-13")
	}
	if u, err := url.Parse(h.Source); h.Source != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		fail("source", "source is not an https address; write https://… or leave it empty")
	}
	if h.About == "" {
		fail("about", "no summary; write about: and what the article is about, in one line")
	}
	if len(doc.Sections) == 0 {
		fail("id", "no sections; write at least one, a line like \"## Title {#anchor}\" and text under it")
	}
	return problems
}

// check finds what is wrong with one section.
func (s *Section) check(doc *markdown.Document, attributes map[string]string) []error {
	var problems []error
	fail := func(format string, args ...any) {
		problems = append(problems, doc.Errorf(s.Line, format, args...))
	}
	if s.Anchor == "" {
		fail("section %q has no anchor; end the heading with {#anchor}", s.Title)
	}
	for key := range attributes {
		if key != "number" {
			fail("unknown attribute %q; only number=\"…\" may stand beside the anchor", key)
		}
	}
	if len(s.Blocks) == 0 {
		fail("section %q is empty; write its text or remove it", s.Title)
	}
	if n := utf8.RuneCountInString(s.Text()); n > MaxSection {
		fail("section %q has %d characters, more than %d; shorten or split it, it is shown as one answer", s.Title, n, MaxSection)
	}
	if BackupWarningMissing(s.words()) {
		fail("section %q advises to uninstall or reinstall the app without the warning; say in it that 助記詞 and 私鑰 must be backed up (備份) first", s.Title)
	}
	return problems
}
