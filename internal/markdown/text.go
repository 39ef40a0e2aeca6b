package markdown

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// lookalike finds lines that were meant as markup but are plain text to Markdown:
// steps numbered "1、" or "1.打開", bullets without a space, tables, quotations.
var lookalike = regexp.MustCompile(`^(?:\d{1,2}(?:[、．)]|\.[^\d])|[-*+][^-*+\s\d]|[•・●▪]|\||>)`)

// emphasis finds *…*, **…**, _…_ and __…__, and a lone * as well: our texts have none.
var emphasis = regexp.MustCompile(`\*|__|(?:^|\W)_\S`)

// text is the plain text under a block, its lines joined. What cannot be shown as
// plain text is a problem.
func (r *reader) text(block ast.Node, src []byte) string {
	var out strings.Builder
	lineStart := true
	for n := block.FirstChild(); n != nil; n = n.NextSibling() {
		t, ok := n.(*ast.Text)
		if !ok {
			r.fail(n, "%s is not supported; write plain text", nodeName(n))
			lineStart = false
			continue
		}
		raw := string(t.Segment.Value(src))
		if lineStart && block.Kind() != ast.KindHeading && lookalike.MatchString(raw) {
			r.fail(n, "%q looks like a list, table or quotation but is plain text; write \"1. text\" or \"- text\" with the space, and a blank line before the list", head(raw))
		}
		if at := emphasis.FindString(raw); at != "" {
			r.fail(n, "emphasis (%s) is not supported; write plain text", at)
		}
		if strings.Contains(raw, "://") {
			r.fail(n, "a web address in the text; put it into the front matter")
		}
		part := plain(raw)
		if lineStart {
			part = joint(out.String(), part) + part
		}
		out.WriteString(part)
		lineStart = t.SoftLineBreak() || t.HardLineBreak()
	}
	joined := strings.TrimSpace(out.String())
	if !labelsClosed(joined) {
		r.fail(block, "a label bracket without its other half; write ⟦label⟧, one in the other is not possible")
	}
	return joined
}

// labelsClosed says that every ⟦ is followed by its ⟧ before the next: what stands
// between them is never converted to the other script.
func labelsClosed(text string) bool {
	for rest := text; ; {
		at := strings.IndexAny(rest, "⟦⟧")
		if at < 0 {
			return true
		}
		label, after, closed := strings.Cut(strings.TrimPrefix(rest[at:], "⟦"), "⟧")
		if strings.HasPrefix(rest[at:], "⟧") || !closed || strings.Contains(label, "⟦") {
			return false
		}
		rest = after
	}
}

// plain resolves Markdown's escapes and entities.
func plain(raw string) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations([]byte(raw)))))
}

// joint is what stands between two lines once they are one: nothing between Chinese
// characters or beside Chinese punctuation, else a space.
func joint(before, after string) string {
	left, _ := utf8.DecodeLastRuneInString(before)
	right, _ := utf8.DecodeRuneInString(after)
	switch {
	case before == "", fullPunctuation(left), fullPunctuation(right), chinese(left) && chinese(right):
		return ""
	}
	return " "
}

func chinese(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Bopomofo, unicode.Hiragana, unicode.Katakana)
}

// fullPunctuation reports CJK punctuation, full-width forms, and the brackets and
// quotes that Chinese sets without spaces.
func fullPunctuation(r rune) bool {
	return r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFFEF || strings.ContainsRune("⟦⟧“”‘’…—·", r)
}

// head is the beginning of a text, short enough for an error.
func head(text string) string {
	const keep = 10
	runes := []rune(text)
	return string(runes[:min(len(runes), keep)])
}
