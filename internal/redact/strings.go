package redact

import "unicode"

func isMark(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// Lengths of private keys, in characters.
const (
	hexKey      = 64
	wifShort    = 51
	wifLong     = 52
	minExtended = 100
)

// privateKeys finds hex keys, WIF keys and extended keys. A transaction hash is
// as long as a hex key: the words beside it tell.
func (m *marks) privateKeys() {
	hash := -1 // the end of the last transaction hash
	for i := 0; i < len(m.glyphs); i++ {
		if !isAlnum(m.at(i)) {
			continue
		}
		from := i
		for isAlnum(m.at(i)) {
			i++
		}
		isHex := m.isHexLong(from, i)
		if isHex && m.isHash(from, i, hash) {
			hash = i
		} else if isHex || m.isWIF(from, i) || m.isExtendedKey(from, i) {
			m.take(from, i, PrivateKey)
		} else if end := m.splitKey(from, i); end > i {
			m.take(from, end, PrivateKey)
			i = end
		}
	}
}

// isHexLong reports whether a string is as long as a hex key or a transaction hash.
func (m *marks) isHexLong(from, to int) bool {
	digits := m.afterPrefix(from)
	return to-digits == hexKey && m.isHex(digits, to)
}

// isHash tells a transaction hash, of which the last one ended at a place, or -1: what
// one word announces may be a list, and so may what a word follows.
func (m *marks) isHash(from, to, last int) bool {
	switch m.keyCue(from, to) {
	case keyCue:
		return false
	case hashCue:
		return true
	}
	if last >= 0 && m.listGap(last) == from {
		return true
	}
	const most = 4 // hashes in such a list
	for k := range most {
		next := m.listGap(to)
		end := next
		for end-next <= hexKey+2 && isAlnum(m.at(end)) {
			end++
		}
		if !m.isHexLong(next, end) {
			return k > 0 && m.after(next, 8, hashWords)
		}
		from, to = next, end
		if cue := m.keyCue(from, to); cue != neutralCue {
			return cue == hashCue
		}
	}
	return false
}

// listGap skips what stands between the strings of a list: a line, a number, "和".
func (m *marks) listGap(i int) int {
	for range maxKeyGap {
		r := m.at(i)
		if isAlnum(r) && m.at(i+1) != '.' && m.at(i+1) != ')' || r == wall || !isNumbering(r) && !counting[r] {
			break
		}
		i++
	}
	return i
}

// afterPrefix skips 0x.
func (m *marks) afterPrefix(from int) int {
	if m.at(from) == '0' && lower(m.at(from+1)) == 'x' {
		return from + 2
	}
	return from
}

func (m *marks) isHex(from, to int) bool {
	for i := from; i < to; i++ {
		if r := lower(m.at(i)); !isDigit(r) && (r < 'a' || r > 'f') {
			return false
		}
	}
	return from < to
}

// minHexGroup is the shortest group of a key that is written in groups.
const minHexGroup = 4

// splitKey gives the end of a hex key in lines or groups, of which from…to-1 is the
// first; only after a word for a key, since checksums are printed so, too.
func (m *marks) splitKey(from, to int) int {
	start := m.afterPrefix(from)
	n := to - start
	if n < minHexGroup || n >= hexKey || !m.isHex(start, to) {
		return 0
	}
	for n < hexKey {
		next := m.skipGap(to)
		end := next
		for isAlnum(m.at(end)) && end-next < hexKey {
			end++
		}
		if next == to || end-next < minHexGroup || !m.isHex(next, end) {
			return 0
		}
		n, to = n+end-next, end
	}
	if n != hexKey || isAlnum(m.at(to)) || m.keyCue(from, to) != keyCue {
		return 0
	}
	return to
}

// maxKeyGap is the longest stretch between two groups of a key: "\n第二行：".
const maxKeyGap = 6

// skipGap skips what may stand between two groups of a key.
func (m *marks) skipGap(i int) int {
	for range maxKeyGap {
		switch r := m.at(i); {
		case r == ' ', r == '\n', r == '-', r == ',', r == ':', counting[r]:
			i++
		default:
			return i
		}
	}
	return i
}

// What a string as long as a key is said to be.
const (
	keyCue = iota
	hashCue
	neutralCue
)

// keyCue reads the nearest word before a string, or else right after it.
func (m *marks) keyCue(from, to int) int {
	if cue := m.nearest(from, 24, keyWords, hashWords, notHashWords); cue == keyCue || cue == hashCue {
		return cue
	}
	for i := to; i < to+10 && m.at(i) != wall && m.at(i) != '\n' && m.at(i) != '?'; i++ {
		if m.wordAt(i, keyWords) > 0 {
			return keyCue
		}
		if n := m.wordAt(i, hashWords); n > 0 && m.wordAt(i, notHashWords) < n {
			return hashCue
		}
	}
	return neutralCue
}

func (m *marks) isWIF(from, to int) bool {
	first := m.at(from)
	switch to - from {
	case wifShort:
		return (first == '5' || first == '9') && m.isBase58(from, to)
	case wifLong:
		return (first == 'K' || first == 'L' || first == 'c') && m.isBase58(from, to)
	}
	return false
}

func (m *marks) isExtendedKey(from, to int) bool {
	return to-from >= minExtended && lower(m.at(from+1)) == 'p' && lower(m.at(from+2)) == 'r' &&
		lower(m.at(from+3)) == 'v' && m.isBase58(from, to)
}

func (m *marks) isBase58(from, to int) bool {
	digits := 0
	for i := from; i < to; i++ {
		switch r := m.at(i); {
		case r == '0' || r == 'O' || r == 'I' || r == 'l':
			return false
		case isDigit(r):
			digits++
		}
	}
	return digits > 0
}

// emails finds addresses around each @.
func (m *marks) emails() {
	for i := range m.glyphs {
		if m.at(i) != '@' {
			continue
		}
		from, to := i, i+1
		for isLocal(m.at(from - 1)) {
			from--
		}
		for isDomain(m.at(to)) {
			to++
		}
		for to > i && !isLetter(m.at(to-1)) { // a full stop after the address
			to--
		}
		if from < i && to > i && m.hasDot(i+2, to-2) {
			m.take(from, to, Email)
		}
	}
}

func isLocal(r rune) bool {
	return isAlnum(r) || r == '.' || r == '_' || r == '-' || r == '+' || r == '%'
}

func isDomain(r rune) bool { return isAlnum(r) || r == '.' || r == '-' }

func (m *marks) hasDot(from, to int) bool {
	for i := from; i < to; i++ {
		if m.at(i) == '.' {
			return true
		}
	}
	return false
}
