package webchat

import (
	"strings"
	"unicode"
)

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
