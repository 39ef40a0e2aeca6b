package redact

import (
	"crypto/sha256"
	_ "embed"
	"slices"
	"strings"
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
)

// hanPhrases finds phrases of Chinese characters. Most characters of ordinary text
// are in the lists and one text in sixteen passes the checksum, so that a phrase
// counts only where it does not read like a text, and as a whole message or line, in
// a message that announces it, or with every character apart.
func (m *marks) hanPhrases() {
	m.takeWhole(0, len(m.glyphs))
	m.takeClauses()
	for from := 0; from < len(m.glyphs); {
		to := from
		for to < len(m.glyphs) && m.at(to) != '\n' {
			to++
		}
		m.takeWhole(from, to)
		from = to + 1
	}
	m.takeAnnounced()
	m.takeSpread()
}

// takeWhole takes a stretch that holds nothing but a phrase with a right checksum.
func (m *marks) takeWhole(from, to int) {
	var at []int
	for i := from; i < to; i++ {
		if n := m.label(i); n > 0 {
			i += n - 1
			continue
		}
		switch r := m.at(i); {
		case isHan(r):
			at = append(at, i)
		case r == wall || !isNumbering(r):
			return
		}
		if len(at) > maxPhrase {
			return
		}
	}
	if slices.Contains(phraseSizes, len(at)) && m.checksum(at) && !m.ordinary(at, 0) {
		m.take(at[0], at[len(at)-1]+1, SeedPhrase)
	}
}

// takeClauses takes clauses that are nothing but a phrase with a right checksum and
// have next to nothing of a text.
func (m *marks) takeClauses() {
	for from := 0; from < len(m.glyphs); {
		to := from
		for isHan(m.at(to)) {
			to++
		}
		if isPhraseSize(to-from) && m.endsClause(from-1) && m.endsClause(to) {
			if at := m.listed(from); len(at) >= to-from && m.checksum(at[:to-from]) && !m.ordinary(at[:to-from], -1) {
				m.take(from, to, SeedPhrase)
			}
		}
		from = to + 1
	}
}

// endsClause reports whether a place is outside of the text or holds a mark, a space
// or a letter. A masked secret ends none: masking must not uncover new phrases.
func (m *marks) endsClause(i int) bool {
	return i < 0 || i >= len(m.glyphs) || m.at(i) != wall && !isHan(m.at(i))
}

// takeAnnounced takes the phrases of a message that speaks of a phrase: those with a
// right checksum that start where a clause does, whatever follows them.
func (m *marks) takeAnnounced() {
	if !m.hasCue() {
		return
	}
	for i := 0; i < len(m.glyphs); i++ {
		led := false
		if n := m.wordAt(i, seedCues); n > 0 {
			i = m.skipLabels(i + n)
			led = true
		} else if isHan(m.at(i-1)) && !m.isLink(i-1) {
			continue
		}
		if end := m.announcedPhrase(i, led || m.isLink(i-1)); end > i {
			m.take(i, end, SeedPhrase)
			i = end - 1
		} else if led {
			i--
		}
	}
}

// announcedPhrase gives the end of the phrase that starts at a place, or 0. One that
// fills its clause and has nothing of a text may be mistyped.
func (m *marks) announcedPhrase(from int, led bool) int {
	at := m.listed(from)
	for _, size := range phraseSizes {
		if len(at) >= size && m.checksum(at[:size]) && !m.ordinary(at[:size], 1+count(led)) {
			return at[size-1] + 1
		}
	}
	n := 0
	for n < len(at) && at[n] == from+n {
		n++
	}
	if m.endsClause(from+n) && (isPhraseSize(n) || n == minPhrase-1) && m.likeness(at[:n]) <= count(led)*n/minPhrase {
		return from + n
	}
	return 0
}

// isLink reports whether a character leads over to what a phrase is.
func (m *marks) isLink(i int) bool {
	switch m.at(i) {
	case '是', '係', '系', '為', '为', '叫', '即', ':', '「', '“', '(':
		return true
	}
	return false
}

func (m *marks) hasCue() bool {
	for i := range m.glyphs {
		if m.wordAt(i, seedCues) > 0 {
			return true
		}
	}
	return false
}

// maxHanGap is the longest stretch between two characters of a phrase.
const maxHanGap = 12

// listed gives the places of the characters of the lists from a place on, with
// nothing but numbering between them.
func (m *marks) listed(from int) []int {
	var at []int
	for i, gap := from, 0; len(at) < maxPhrase && gap <= maxHanGap; i++ {
		n, r := m.label(i), m.at(i)
		_, known := hanWords[r]
		switch {
		case n > 0:
			i, gap = i+n-1, gap+n
		case known:
			at, gap = append(at, i), 0
		case r == wall || isHan(r) || !isNumbering(r) || len(at) == 0:
			return at
		default:
			gap++
		}
	}
	return at
}

// label gives the length of "第1個", "第十二個字是" or "後面6個是" at a place, or 0.
func (m *marks) label(i int) int {
	n := 1
	switch m.at(i) {
	case '第':
	case '前', '后', '後', '剩':
		for n < 3 && m.isOneOf(i+n, "面边邊下半段的 ") {
			n++
		}
	default:
		return 0
	}
	start := n
	for n < start+3 && (isDigit(m.at(i+n)) || isNumeral(m.at(i+n))) {
		n++
	}
	numbered := n > start
	for _, set := range []string{" ", "个個行組组排位", "字词詞", "是为為係:"} {
		n += count(m.isOneOf(i+n, set))
	}
	if !numbered && (m.at(i) == '第' || !m.isOneOf(i+n-1, "是为為係:")) {
		return 0
	}
	return n
}

func (m *marks) isOneOf(i int, set string) bool {
	r := m.at(i)
	return r != wall && strings.ContainsRune(set, r)
}

func isNumeral(r rune) bool {
	switch r {
	case '零', '〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '兩', '两', '廿':
		return true
	}
	return false
}

// single is a Chinese character and what stands before it.
type single struct {
	at               int
	apart, numbered  bool
	inList, hasRight bool // hasRight: the next glyph is Chinese, too
}

// takeSpread takes rows of listed characters that each stand alone. The first may
// touch the text before, the last the text after the phrase.
func (m *marks) takeSpread() {
	var row []single
	for i, gap, numbered := 0, 0, false; i < len(m.glyphs); i++ {
		n, r := m.label(i), m.at(i)
		switch {
		case n > 0:
			i, gap, numbered = i+n-1, gap+1, true
		case isHan(r):
			if gap == 0 && len(row) > 0 { // it touches the one before: that one ends a row
				m.takeRow(row)
				row = row[:0]
			}
			_, known := hanWords[r]
			row = append(row, single{i, gap > 0, numbered, known, isHan(m.at(i+1)) && m.label(i+1) == 0})
			gap, numbered = 0, false
		case r == wall || !isNumbering(r):
			m.takeRow(row)
			row, gap, numbered = row[:0], 1, false
		default:
			gap, numbered = gap+1, numbered || isDigit(r) || r == '#'
		}
	}
	m.takeRow(row)
}

// takeRow judges a row of characters that stand alone, except for the ends.
func (m *marks) takeRow(row []single) {
	if len(row) < minPart {
		return
	}
	from, to := m.cut(row)
	at, numbered, strange := make([]int, 0, len(row)), 0, 0
	seen := map[rune]bool{}
	for _, s := range row[from:to] {
		at = append(at, s.at)
		numbered += count(s.numbered)
		strange += count(!s.inList)
		seen[m.at(s.at)] = true
	}
	n := len(at)
	if n < minPart || strange*minTypoRun > n || 4*len(seen) < 3*n {
		return
	}
	isList := 3*numbered >= 2*n
	if n < minTypoRun && !(isList && m.announcedAt(at[0], at[n-1])) || n < minPhrase && !isList && !m.ledAt(at[0]) {
		return
	}
	if isList || !m.ordinary(at[:min(n, maxPhrase)], 2*count(m.announcedAt(at[0], at[n-1]))) {
		m.take(at[0], at[n-1]+1, SeedPhrase)
	}
}

// cut decides whether the ends of a row that touch a text belong to the phrase: the
// checksum knows, and else the length.
func (m *marks) cut(row []single) (from, to int) {
	left, right := 0, 0
	if !row[0].apart {
		left = 1
	}
	if row[len(row)-1].hasRight {
		right = 1
	}
	best, from, to := -1, 0, len(row)
	for l := 0; l <= left; l++ {
		for r := 0; r <= right; r++ {
			rank := 0
			if n := len(row) - l - r; slices.Contains(phraseSizes, n) {
				rank = 2 + 2*count(m.checksum(places(row[l:len(row)-r]))) + count(l == left && r == right)
			}
			if rank > best {
				best, from, to = rank, l, len(row)-r
			}
		}
	}
	return from, to
}

func places(row []single) []int {
	at := make([]int, len(row))
	for i, s := range row {
		at[i] = s.at
	}
	return at
}

// isNumbering reports what may stand between the words of a phrase.
func isNumbering(r rune) bool {
	return isDigit(r) || r == ' ' || r == '\n' || isMark(r)
}

// isHan reports whether r is a Chinese character; the word lists are in this block.
func isHan(r rune) bool { return r >= firstHan && r <= lastHan }

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

// look gathers, in one pass over a text without letters and digits, whether it can
// hold a secret at all: a line of the right number of characters, a word for a
// phrase, characters that stand apart, a number in words.
type look struct {
	line, all            int
	run, apart, numerals int // characters together, characters alone, numerals together
	ordinals             int // 第
	cue, clause          bool
}

// han counts the character that starts rest.
func (l *look) han(r rune, rest string) {
	l.line, l.all, l.run = l.line+1, l.all+1, l.run+1
	if !isNumeral(r) {
		l.numerals = 0
	}
	l.cue = l.cue || startsCue(r, rest)
	l.ordinals += count(r == '第')
	if isNumeral(r) {
		l.numerals++
	}
}

// gap counts a mark or space.
func (l *look) gap() {
	if l.run == 1 {
		l.apart++
	}
	l.clause = l.clause || isPhraseSize(l.run)
	l.run = 0
}

func (l *look) newLine() bool {
	whole := isPhraseSize(l.line)
	l.line = 0
	return whole
}

func isPhraseSize(n int) bool { return n >= minPhrase && n <= maxPhrase && n%3 == 0 }

// suspects tells at the end of a text.
func (l *look) suspects() bool {
	l.gap()
	return l.clause || isPhraseSize(l.line) || isPhraseSize(l.all) || l.apart >= minPart || l.ordinals >= minPart || l.cue && l.all >= minPhrase
}

// startsCue reports whether a text begins with a word for a phrase.
func startsCue(r rune, text string) bool {
	for _, cue := range seedCues.startingWith(fold(r)) {
		if beginsWith(text, cue) {
			return true
		}
	}
	return false
}

func beginsWith(text string, cue []rune) bool {
	k := 0
	for _, r := range text {
		if fold(r) != cue[k] {
			return false
		}
		if k++; k == len(cue) {
			return true
		}
	}
	return false
}
