package markdown

import (
	"regexp"
	"strconv"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"verihelp/internal/chat"
)

// anchorForm is what an anchor may be made of; it becomes part of section IDs and of
// stored traces, so it stays plain.
var anchorForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`)

// maxProblems is when reading stops: nobody reads further in one go.
const maxProblems = 50

// reader walks the syntax tree and collects sections and problems.
type reader struct {
	doc      *Document
	problems []error
	seen     map[string]int // line of each anchor or title
}

// newParser knows CommonMark without underlined headings (a `---` under a paragraph
// would turn it into one), link definitions, which vanish from the tree, and what
// costs quadratic time on hostile input, quotations and emphasis; text finds those
// by their look.
//
//nolint:misspell // goldmark spells it so
func newParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(parser.WithHeadingAttribute()), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewHTMLBlockParser(), 900),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
		),
	)
}

func (r *reader) read() {
	// The front matter stays in the source as blank space, so that offsets are those
	// of the file.
	src := make([]byte, 0, len(r.doc.source))
	for _, b := range r.doc.source[:r.doc.body] {
		if b != '\n' {
			b = ' '
		}
		src = append(src, b)
	}
	src = append(src, r.doc.source[r.doc.body:]...)
	root := newParser().Parse(text.NewReader(src))
	for n := root.FirstChild(); n != nil && len(r.problems) < maxProblems; n = n.NextSibling() {
		r.block(n, src)
	}
}

func (r *reader) fail(n ast.Node, format string, args ...any) {
	r.problems = append(r.problems, r.doc.Errorf(r.doc.lineAt(n.Pos()), format, args...))
}

// block adds one block to the current section, or opens the next section.
func (r *reader) block(n ast.Node, src []byte) {
	var b chat.Block
	switch n := n.(type) {
	case *ast.Heading:
		r.heading(n, src)
		return
	case *ast.Paragraph:
		b = chat.Block{Kind: chat.Paragraph, Text: r.text(n, src)}
	case *ast.List:
		b = r.list(n, src)
	default:
		r.fail(n, "%s is not supported; write paragraphs, numbered steps or bullet lists", nodeName(n))
		return
	}
	if len(r.doc.Sections) == 0 {
		r.fail(n, "text before the first heading; begin with a line like \"## Title {#anchor}\"")
		return
	}
	s := &r.doc.Sections[len(r.doc.Sections)-1]
	s.Blocks = append(s.Blocks, b)
}

func (r *reader) heading(n *ast.Heading, src []byte) {
	if n.Level != 2 {
		r.fail(n, "heading with %d #; use ## for a section, there are no other levels", n.Level)
	}
	s := Section{Title: r.text(n, src), Line: r.doc.lineAt(n.Pos())}
	if s.Title == "" {
		r.fail(n, "heading without a title; write it after the ##")
	}
	if braces.MatchString(s.Title) {
		r.fail(n, "the braces of %q cannot be read; write {#anchor} or {#anchor key=\"value\"} at the end of the line", s.Title)
	}
	for _, a := range n.Attributes() {
		r.attribute(n, &s, string(a.Name), a.Value)
	}
	key := s.Anchor
	if key == "" {
		key = s.Title
	}
	if line, twice := r.seen[key]; twice {
		r.fail(n, "%q is already the name of the section in line %d; give this one another", key, line)
	}
	r.seen[key] = s.Line
	r.doc.Sections = append(r.doc.Sections, s)
}

var braces = regexp.MustCompile(`[{}]`)

func (r *reader) attribute(n ast.Node, s *Section, name string, value any) {
	given, ok := value.([]byte)
	switch {
	case !ok:
		r.fail(n, "the value of %q is not in quotes; write %s=\"…\"", name, name)
	case name == "id" && !anchorForm.Match(given):
		r.fail(n, "anchor %q; use lower-case letters, digits, - and _", given)
	case name == "id" && s.Anchor == "":
		s.Anchor = string(given)
	case name == "id":
		r.fail(n, "two anchors, %q and %q; keep one", s.Anchor, given)
	case s.Attributes[name] != "":
		r.fail(n, "%q stands twice; keep one", name)
	default:
		if s.Attributes == nil {
			s.Attributes = map[string]string{}
		}
		s.Attributes[name] = string(given)
	}
}

// list reads steps (numbered from 1) or a bullet list of one level.
func (r *reader) list(n *ast.List, src []byte) chat.Block {
	b := chat.Block{Kind: chat.List}
	if n.IsOrdered() {
		b.Kind = chat.Steps
		if n.Start != 1 {
			r.fail(n, "steps begin with %d; begin with 1, and leave no paragraph between the steps", n.Start)
		}
	}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		line := item.FirstChild()
		switch {
		case line == nil:
			r.fail(item, "empty list item %s; write it or remove it", strconv.Itoa(len(b.Items)+1))
			continue
		case line.NextSibling() != nil:
			r.fail(line.NextSibling(), "a list item holds more than one line of text; make it one, without lists or paragraphs inside")
			continue
		case line.Kind() != ast.KindTextBlock && line.Kind() != ast.KindParagraph:
			r.fail(line, "%s inside a list item is not supported; write plain text", nodeName(line))
			continue
		}
		b.Items = append(b.Items, r.text(line, src))
	}
	return b
}

// nodeName is what a writer calls the markup that cannot be shown.
func nodeName(n ast.Node) string {
	switch n.Kind() {
	case ast.KindThematicBreak:
		return "a horizontal rule"
	case ast.KindCodeBlock, ast.KindFencedCodeBlock:
		return "a code block (a line indented by four spaces is one, too)"
	case ast.KindCodeSpan:
		return "code in `backticks`"
	case ast.KindHTMLBlock, ast.KindRawHTML:
		return "HTML"
	case ast.KindLink, ast.KindAutoLink:
		return "a link"
	case ast.KindImage:
		return "an image"
	case ast.KindList:
		return "a list"
	case ast.KindHeading:
		return "a heading"
	default:
		return "this markup"
	}
}
