package redact

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// opening starts every placeholder.
const opening = "〔"

// wall stands for a masked secret among the glyphs.
const wall = rune(-1)

// glyph is one visible character of a text, in the plainest form.
type glyph struct {
	r          rune  // narrowed; letters keep their case (base58 needs it)
	cue        rune  // as cue words are compared
	start, end int32 // bytes of the original text
	secret     int8  // 1 + place in kinds, for a wall that this call has built
}

// minSpelled is how many numerals in a row may be a code in words.
const minSpelled = 4

// suspicious reports whether text has a letter, a digit or an @ at all, or may hold a
// secret of Chinese characters. Most messages are plain Chinese and end here.
func suspicious(text string) bool {
	var l look
	for i, r := range text {
		if isHan(r) {
			l.han(r, text[i:])
			if l.numerals >= minSpelled {
				return true
			}
			continue
		}
		if r = narrow(r); r == '@' || isDigit(r) || isLetter(r) || r == '#' {
			return true
		}
		if r == '\n' && l.newLine() {
			return true
		}
		if r != 0 {
			l.gap()
		}
	}
	return l.suspects()
}

// parse reads text as glyphs. Placeholders become walls, so that a masked text
// looks to the detectors just as it did when it was masked.
func parse(text string) []glyph {
	glyphs := make([]glyph, 0, utf8.RuneCountInString(text))
	for i := 0; i < len(text); {
		if n := placeholderAt(text[i:]); n > 0 {
			glyphs = append(glyphs, glyph{r: wall, cue: wall, start: int32(i), end: int32(i + n)})
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r = narrow(r); r != 0 {
			glyphs = append(glyphs, glyph{r: r, cue: fold(r), start: int32(i), end: int32(i + n)})
		}
		i += n
	}
	return glyphs
}

func placeholderAt(text string) int {
	if !strings.HasPrefix(text, opening) {
		return 0
	}
	for _, p := range placeholders {
		if strings.HasPrefix(text, p) {
			return len(p)
		}
	}
	return 0
}

// narrow gives the plain form of r: full-width forms as ASCII, digits of any
// script as 0–9, any space or dash as ' ' or '-'. It is 0 for what nobody sees:
// zero-width characters, variation selectors, combining marks, controls.
func narrow(r rune) rune {
	switch {
	case r < 0x80:
		if r == '\t' || r == '\r' {
			return ' '
		}
		if r < ' ' && r != '\n' || r == 0x7f {
			return 0
		}
		return r
	case r >= 0x2e80 && r < 0xfe00: // CJK and Hangul, by far the most common
		return narrowCJK(r)
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xfee0
	case unicode.Is(unicode.Nd, r):
		return digitValue(r)
	case unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me, unicode.Cc):
		return 0
	case unicode.Is(unicode.Zs, r), r == '\u2028', r == '\u2029':
		return ' '
	case unicode.Is(unicode.Pd, r), r == '−':
		return '-'
	case r == '·', r == '•', r == '‧':
		return '.'
	}
	if isEnclosedNumber(r) {
		return '#'
	}
	return enclosedDigit(r)
}

// isEnclosedNumber reports ⑩ to ⑳ and their likes: labels, never a part of a number.
func isEnclosedNumber(r rune) bool {
	return r >= '⑩' && r <= '⑳' || r >= '⑽' && r <= '⒇' || r >= '⒑' && r <= '⒛' || r >= '⓫' && r <= '⓴' ||
		r == '❿' || r == '➉' || r == '➓'
}

func narrowCJK(r rune) rune {
	switch r {
	case '\u3000':
		return ' '
	case '。':
		return '\n'
	case '、':
		return ','
	case '・':
		return '.'
	case '\u3164', '\u115f', '\u1160': // Hangul fillers show nothing
		return 0
	}
	if r >= '㉑' && r <= '㉟' {
		return '#'
	}
	if r >= 0xa620 && unicode.Is(unicode.Nd, r) {
		return digitValue(r)
	}
	return r
}

// digitValue gives the ASCII digit of r, which is in Nd: its ranges start at a
// zero and hold whole tens.
func digitValue(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	return r
}

// enclosedDigit reads ① ⑴ ⒈ ❶ ➀ ➊ ⓪ ⁵ ₅ and their likes.
func enclosedDigit(r rune) rune {
	for _, first := range []rune{'①', '⑴', '⒈', '❶', '➀', '➊', '⓵'} {
		if r >= first && r < first+9 {
			return '1' + r - first
		}
	}
	switch {
	case r == '⓪' || r == '⓿':
		return '0'
	case r >= '⁴' && r <= '⁹' || r == '⁰':
		return '0' + r - '⁰'
	case r >= '₀' && r <= '₉':
		return '0' + r - '₀'
	case r == '¹':
		return '1'
	case r == '²' || r == '³':
		return '2' + r - '²'
	}
	return r
}

func isDigit(r rune) bool  { return '0' <= r && r <= '9' }
func isLetter(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' && r < 0x80 }
func isAlnum(r rune) bool  { return isDigit(r) || isLetter(r) }
func lower(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r | 0x20
	}
	return r
}

// span is a stretch of glyphs that one secret fills.
type span struct {
	from, to int
	kind     Kind
}

// marks collects the secrets of one pass.
type marks struct {
	glyphs []glyph
	taken  []bool
	spans  []span
}

func newMarks(glyphs []glyph) *marks {
	return &marks{glyphs: glyphs, taken: make([]bool, len(glyphs))}
}

// take marks glyphs from…to-1 as a secret, unless a graver one is there.
func (m *marks) take(from, to int, k Kind) bool {
	if !m.free(from, to) {
		return false
	}
	for i := from; i < to; i++ {
		m.taken[i] = true
	}
	m.spans = append(m.spans, span{from, to, k})
	return true
}

func (m *marks) free(from, to int) bool {
	for i := from; i < to; i++ {
		if m.taken[i] {
			return false
		}
	}
	return from < to
}

// at is the glyph at i, a wall outside of the text and where a secret stood.
func (m *marks) at(i int) rune {
	if i < 0 || i >= len(m.glyphs) || m.taken[i] {
		return wall
	}
	return m.glyphs[i].r
}

// cueAt is the glyph at i in the form that cue words are compared in.
func (m *marks) cueAt(i int) rune {
	if i < 0 || i >= len(m.glyphs) || m.taken[i] {
		return wall
	}
	return m.glyphs[i].cue
}

// collapse puts a wall in the place of each secret.
func (m *marks) collapse() []glyph {
	sort.Slice(m.spans, func(i, j int) bool { return m.spans[i].from < m.spans[j].from })
	var out []glyph
	next := 0
	for _, s := range m.spans {
		out = append(out, m.glyphs[next:s.from]...)
		out = append(out, glyph{r: wall, cue: wall, start: m.glyphs[s.from].start, end: m.glyphs[s.to-1].end, secret: int8(1 + slices.Index(kinds, s.kind))})
		next = s.to
	}
	return append(out, m.glyphs[next:]...)
}

// render writes text with a placeholder for each wall of this call.
func render(text string, glyphs []glyph) string {
	var b strings.Builder
	done := int32(0)
	for _, g := range glyphs {
		if g.secret == 0 {
			continue
		}
		b.WriteString(text[done:g.start])
		b.WriteString(placeholders[kinds[g.secret-1]])
		done = g.end
	}
	b.WriteString(text[done:])
	return b.String()
}
