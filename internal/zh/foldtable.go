package zh

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// foldVariants are pairs beside OpenCC's first choices: characters that users pick
// at will or that the input method picks for them, so that matching must not tell
// them apart.
const foldVariants = "著着 帐账 妳你 祢你 覆复 瞭了 藉借 暱昵 嗰那 甦苏 衹只 祇只"

var (
	// foldPairs maps each character to its folded form where the two differ.
	foldPairs = sync.OnceValue(buildFoldPairs)

	// plainTable gives the folded form of each character that foldPlain handles, by
	// code point; 0 means that the text needs foldAny.
	plainTable = sync.OnceValue(func() []rune { return buildPlain(foldPairs()) })
)

func buildFoldPairs() map[rune]rune {
	pairs := map[rune]rune{}
	for pair := range strings.FieldsSeq(foldVariants) {
		from, size := utf8.DecodeRuneInString(pair)
		pairs[from], _ = utf8.DecodeRuneInString(pair[size:])
	}
	for word, values := range entries(read("opencc/TSCharacters.txt")) {
		from, _ := utf8.DecodeRuneInString(word)
		to, _ := utf8.DecodeRuneInString(values[0])
		if variant, ok := pairs[to]; ok {
			to = variant
		}
		if _, ok := pairs[from]; !ok && from != to {
			pairs[from] = to
		}
	}
	return pairs
}

func buildPlain(pairs map[rune]rune) []rune {
	table := make([]rune, 0x10000)
	for r := range rune(len(table)) {
		if isHan(r) {
			table[r] = r
		}
	}
	for from, to := range pairs {
		if isHan(from) {
			table[from] = to
		}
	}
	for r := rune(' '); r <= '~'; r++ {
		table[r] = unicode.ToLower(r)
	}
	for r := rune('！'); r <= '～'; r++ {
		table[r] = unicode.ToLower(r - '！' + '!')
	}
	for _, r := range "、。〈〉《》「」『』【】—‘’“”·" {
		table[r] = r
	}
	for _, r := range "\t\n\r\u3000" {
		table[r] = ' '
	}
	return table
}

// isHan reports the unified ideographs of the basic plane, which no normalisation
// changes.
func isHan(r rune) bool {
	return r >= 0x3400 && r <= 0x4DBF || r >= 0x4E00 && r <= 0x9FFF
}

// isPictograph reports the blocks of emoji, which no normalisation changes.
func isPictograph(r rune) bool {
	return r >= 0x1F300 && r <= 0x1FAFF
}

// foldWords replaces the words of overrides/fold.txt in one pass. The list is made so
// that a second pass finds nothing, which the tests check for every overlap in it.
func foldWords(text string) string {
	words := foldWording()
	for i, r := range text {
		if _, n := words.match(r, text[i:]); n > 0 {
			var out strings.Builder
			out.Grow(len(text) + len(text)/8)
			out.WriteString(text[:i])
			step{words}.convert(&out, text[i:])
			return out.String()
		}
	}
	return text
}
