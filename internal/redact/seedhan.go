package redact

import (
	"crypto/sha256"
	_ "embed"
	"slices"
	"strings"
	"unicode"
)

//go:embed bip39/chinese_simplified.txt
var simplifiedWords string

//go:embed bip39/chinese_traditional.txt
var traditionalWords string

// hanWords gives the number of each character of the two Chinese word lists of
// BIP-39. Every word is one character, and the lists agree on those they share.
var hanWords = func() map[rune]uint16 {
	numbers := make(map[rune]uint16, 3000)
	for _, list := range []string{simplifiedWords, traditionalWords} {
		for i, w := range strings.Fields(list) {
			numbers[[]rune(w)[0]] = uint16(i)
		}
	}
	return numbers
}()

// phraseSizes are the lengths of phrases in words, the longest first (BIP-39).
var phraseSizes = []int{24, 21, 18, 15, 12}

const (
	minPhrase = 12
	maxPhrase = 24
	// minSpread is how many listed characters in a row that each stand alone make a
	// phrase, mistyped or not: nobody writes so.
	minSpread = 12
)

// hanPhrases finds phrases of Chinese characters. Most characters of ordinary text
// are in the lists and one text in sixteen passes the checksum, so that a phrase
// counts only as a whole message or line, after a word that announces it, or with
// every character apart.
func (m *marks) hanPhrases() {
	m.takeWhole(0, len(m.glyphs))
	for from := 0; from < len(m.glyphs); {
		to := from
		for to < len(m.glyphs) && m.at(to) != '\n' {
			to++
		}
		m.takeWhole(from, to)
		m.takeAnnounced(from, to)
		from = to + 1
	}
	m.takeSpread()
}

// takeWhole takes a stretch that holds nothing but a phrase with a right checksum.
func (m *marks) takeWhole(from, to int) {
	var at []int
	for i := from; i < to; i++ {
		switch r := m.at(i); {
		case unicode.Is(unicode.Han, r):
			at = append(at, i)
		case r == wall || !isNumbering(r):
			return
		}
		if len(at) > maxPhrase {
			return
		}
	}
	if slices.Contains(phraseSizes, len(at)) && m.checksum(at) {
		m.take(at[0], at[len(at)-1]+1, SeedPhrase)
	}
}

// takeAnnounced takes the phrase after "助記詞", whatever follows it.
func (m *marks) takeAnnounced(from, to int) {
	for i := from; i < to; i++ {
		n := m.wordAt(i, seedCues)
		if n == 0 {
			continue
		}
		start := m.skipLabels(i + n)
		if start == i+n {
			continue // "助記詞丟了" announces nothing
		}
		at := m.listed(start)
		for _, size := range phraseSizes {
			if len(at) >= size && m.checksum(at[:size]) {
				m.take(at[0], at[size-1]+1, SeedPhrase)
				break
			}
		}
		i += n - 1
	}
}

// listed gives the places of the characters of the lists that stand together from a
// place on.
func (m *marks) listed(from int) []int {
	var at []int
	for i := from; len(at) < maxPhrase; i++ {
		if _, known := hanWords[m.at(i)]; !known {
			break
		}
		at = append(at, i)
	}
	return at
}

// takeSpread takes rows of listed characters that each stand alone.
func (m *marks) takeSpread() {
	var row []int
	flush := func() {
		if len(row) >= minSpread {
			m.take(row[0], row[len(row)-1]+1, SeedPhrase)
		}
		row = row[:0]
	}
	for i := range m.glyphs {
		r := m.at(i)
		_, known := hanWords[r]
		alone := !unicode.Is(unicode.Han, m.at(i-1)) && !unicode.Is(unicode.Han, m.at(i+1))
		switch {
		case known && alone:
			row = append(row, i)
		case r == wall || unicode.Is(unicode.Han, r) || !isNumbering(r):
			flush()
		}
	}
	flush()
}

// isNumbering reports what may stand between the words of a phrase.
func isNumbering(r rune) bool {
	return isDigit(r) || r == ' ' || r == '\n' || isMark(r)
}

// checksum verifies the characters at the given places as a phrase (BIP-39): each is
// 11 bits, and the last bits, one in 33, are the first of the SHA-256 of the others.
func (m *marks) checksum(at []int) bool {
	numbers := make([]uint16, len(at))
	for i, place := range at {
		n, known := hanWords[m.at(place)]
		if !known {
			return false
		}
		numbers[i] = n
	}
	return validPhrase(numbers)
}

func validPhrase(numbers []uint16) bool {
	bits := make([]bool, 0, 11*len(numbers))
	for _, n := range numbers {
		for b := 10; b >= 0; b-- {
			bits = append(bits, n>>b&1 == 1)
		}
	}
	check := len(bits) / 33
	entropy := make([]byte, (len(bits)-check)/8)
	for i := range len(bits) - check {
		if bits[i] {
			entropy[i/8] |= 0x80 >> (i % 8)
		}
	}
	sum := sha256.Sum256(entropy)
	for i := range check {
		if bits[len(bits)-check+i] != (sum[0]&(0x80>>i) != 0) {
			return false
		}
	}
	return true
}

// mayHoldHanPhrase is a quick look whether a text without letters and digits can
// hold a phrase at all: a line of the right number of characters, or a cue.
func mayHoldHanPhrase(text string) bool {
	line, all := 0, 0
	for _, r := range text {
		switch {
		case r == '\n' || r == '。':
			if line >= minPhrase && line <= maxPhrase && line%3 == 0 {
				return true
			}
			line = 0
		case unicode.Is(unicode.Han, r):
			line, all = line+1, all+1
		}
	}
	return line >= minPhrase && line <= maxPhrase && line%3 == 0 || all >= minPhrase && all <= maxPhrase && all%3 == 0 ||
		all > minPhrase && announcesSeed(text)
}

func announcesSeed(text string) bool {
	for _, list := range seedCues {
		for _, cue := range list {
			if strings.Contains(text, string(cue)) {
				return true
			}
		}
	}
	return false
}
