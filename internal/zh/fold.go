package zh

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the form of a text that classifier and search compare: valid UTF-8,
// compatibility forms resolved (NFKC: full width to half width, ② to 2), lower case,
// Simplified characters, Mainland words for everyday Taiwan and Hong Kong ones, no
// control, zero-width or combining characters, single spaces and none at the ends.
// Folding a folded text changes nothing.
func Fold(text string) string {
	clean, ok := foldPlain(text)
	if !ok {
		clean = foldAny(text)
	}
	return foldWords(clean)
}

// FoldRune returns the Simplified form of a Traditional character, and every other
// character as it is. Unlike conversion it looks at no neighbours, and it also makes
// variants equal that users do not tell apart (著 and 着, 帳 and 账, 妳 and 你).
func FoldRune(r rune) rune {
	if isHan(r) {
		return plainTable()[r]
	}
	if folded, ok := foldPairs()[r]; ok {
		return folded
	}
	return r
}

// foldPlain folds text made of Chinese characters, ASCII and their full-width forms,
// common punctuation and pictographs only, which is nearly every message, in one
// pass: nothing in it composes. It reports false for any other text.
func foldPlain(text string) (string, bool) {
	table := plainTable()
	out := make([]byte, 0, len(text))
	for _, r := range text {
		switch {
		case int(r) < len(table) && table[r] != 0:
			out = appendFolded(out, table[r])
		case isPictograph(r):
			out = utf8.AppendRune(out, r)
		case r == '…':
			out = append(out, "..."...)
		case r == '\u200d' || r == '\ufe0f': // joiner and variation selector of emoji
		default:
			return "", false
		}
	}
	return string(trimSpace(out)), true
}

// maxRounds bounds foldAny. Removing a character can join two that compose, so the
// rounds go on until nothing changes; real text needs two.
const maxRounds = 8

func foldAny(text string) string {
	text = strings.ToValidUTF8(text, "")
	for range maxRounds {
		next := foldOnce(text)
		if next == text {
			break
		}
		text = next
	}
	return text
}

func foldOnce(text string) string {
	table := plainTable()
	out := make([]byte, 0, len(text))
	for _, r := range norm.NFKC.String(text) {
		switch {
		case int(r) < len(table) && table[r] != 0:
			out = appendFolded(out, table[r])
		case unicode.IsSpace(r):
			out = appendFolded(out, ' ')
		case invisible(r):
		default:
			out = appendFolded(out, FoldRune(unicode.ToLower(r)))
		}
	}
	return string(trimSpace(out))
}

// invisible reports characters that nobody sees or that only decorate others:
// controls, zero-width characters, combining marks, variation selectors, and the
// replacement character that stands for broken input.
func invisible(r rune) bool {
	return r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Me)
}

// appendFolded appends a character, and a space only after something else.
func appendFolded(out []byte, r rune) []byte {
	if r == ' ' && (len(out) == 0 || out[len(out)-1] == ' ') {
		return out
	}
	return utf8.AppendRune(out, r)
}

// trimSpace drops the one space that appendFolded may have left at the end.
func trimSpace(out []byte) []byte {
	if n := len(out); n > 0 && out[n-1] == ' ' {
		return out[:n-1]
	}
	return out
}
