package redact

import "unicode"

// maxPiece is how many words a message may have to be a piece of a phrase.
const maxPiece = 6

// Piece weighs a text that may be a piece of a seed phrase sent word by word: one to
// six words of the BIP-39 lists, numbered or not, and nothing else. An English word
// weighs 2 and a Chinese one 1, since "是" and "好" are answers, too. It is 0 for any
// other text.
func Piece(text string) int {
	m := newMarks(parse(text))
	count, weight := 0, 0
	for i := 0; i < len(m.glyphs); {
		switch r := m.at(i); {
		case unicode.Is(unicode.Han, r):
			if _, known := hanWords[r]; !known || unicode.Is(unicode.Han, m.at(i+1)) {
				return 0
			}
			count, weight, i = count+1, weight+1, i+1
		case isLetter(r):
			from, to := m.nextWord(i)
			if !m.isSeedWord(from, to) {
				return 0
			}
			count, weight, i = count+1, weight+2, to
		case r == wall || !isNumbering(r):
			return 0
		default:
			i++
		}
	}
	if count > maxPiece {
		return 0
	}
	return weight
}

// Hide masks a whole text as a part of a seed phrase.
func Hide() (masked string, found []Finding) {
	return placeholders[SeedPhrase], []Finding{{Kind: SeedPhrase, Count: 1}}
}
