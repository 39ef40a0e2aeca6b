package webchat

import (
	"strings"
	"unicode"
)

// clean makes a text safe to store and to show: line breaks become \n, and what
// no one types but what confuses terminals, databases and readers is dropped,
// U+0000 first of all. Joiners stay, because emoji are made of them.
func clean(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.Is(unicode.Cc, r), r == '\uFEFF', reordersText(r):
			return -1
		}
		return r
	}, text)
}

// reordersText says that a character changes the direction of what follows: it
// can make staff read something else than was written.
func reordersText(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// blank says that a text shows nothing.
func blank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !fillers[r]
	}) < 0
}

// fillers are letters and symbols by their Unicode class that show nothing.
var fillers = map[rune]bool{
	'\u115F': true, '\u1160': true, '\u3164': true, '\uFFA0': true, // Hangul fillers
	'\u2800': true,                 // Braille blank
	'\uFE0E': true, '\uFE0F': true, // variation selectors
}
