package chat

import (
	"strings"
	"unicode"
)

// CleanText makes a text from outside safe to store and to show: line breaks become
// \n, and what no one types but what confuses terminals, databases and readers is
// dropped, U+0000 first of all, and what changes the direction of the text that
// follows, which can make staff read something else than was written. Joiners stay,
// because emoji are made of them.
func CleanText(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.Is(unicode.Cc, r), r == '\uFEFF', r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, text)
}
