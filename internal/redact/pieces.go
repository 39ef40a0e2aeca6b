package redact

import (
	"hash/maphash"
	"strings"
	"unicode"
)

// talk are words of the lists that people say to a support chat by themselves.
var talk = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`help face verify error phone camera photo black screen video human person hello word
		document country problem real old new bad good fine time day week wait again must have need can this that they there
		you your what when where why who how all more other some just only very account agent app code change
		cancel update submit upgrade license later sure right retry search select sorry
		是 不 好 有 没 沒 对 對 行 在 能 会 會 要 我 你 他 了 一 二 三 四 五 六 七 八 九 十 两 兩 的 谁 誰 什 么 麼 那 这 這 吗 請 请 人 来 來 无 無 也 都 還 还 成 多 少`) {
		set[w] = true
	}
	return set
}()

// Piece lists the words of a text that may be a piece of a seed phrase sent in parts,
// as sums that name no word: words of the BIP-39 lists, numbered or not, and nothing
// else. Words that people say to a support chat are left out. It is nil for any other
// text. The sums mean something only beside others of the same seed.
func Piece(text string, seed maphash.Seed) []uint64 {
	m := newMarks(parse(text))
	var sums []uint64
	for i := 0; i < len(m.glyphs); {
		word, to := m.pieceAt(i)
		if to == i {
			return nil
		}
		if i = to; word != "" && !talk[word] {
			sums = append(sums, maphash.String(seed, word))
		}
	}
	return sums
}

// pieceAt reads a list word or numbering at i and gives the place after it; i for
// anything else.
func (m *marks) pieceAt(i int) (word string, to int) {
	switch r := m.at(i); {
	case unicode.Is(unicode.Han, r):
		if _, known := hanWords[r]; known && !unicode.Is(unicode.Han, m.at(i+1)) {
			return string(r), i + 1
		}
	case isLetter(r):
		if from, to := m.nextWord(i); m.isSeedWord(from, to) {
			return m.lowerText(from, to), to
		}
	case r != wall && isNumbering(r):
		return "", i + 1
	}
	return "", i
}

// Hidden is what Mask would put for a text that is a seed phrase from end to end.
func Hidden() string { return placeholders[SeedPhrase] }
