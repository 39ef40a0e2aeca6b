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
// as long as a hex key: the words before it tell.
func (m *marks) privateKeys() {
	for i := 0; i < len(m.glyphs); i++ {
		if !isAlnum(m.at(i)) {
			continue
		}
		from := i
		for isAlnum(m.at(i)) {
			i++
		}
		if m.isHexKey(from, i) || m.isWIF(from, i) || m.isExtendedKey(from, i) {
			m.take(from, i, PrivateKey)
		}
	}
}

func (m *marks) isHexKey(from, to int) bool {
	digits := from
	if m.at(from) == '0' && lower(m.at(from+1)) == 'x' {
		digits += 2
	}
	if to-digits != hexKey {
		return false
	}
	for i := digits; i < to; i++ {
		if r := lower(m.at(i)); !isDigit(r) && (r < 'a' || r > 'f') {
			return false
		}
	}
	return m.before(from, 24, keyWords) || !m.before(from, 24, hashWords)
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

// maxPassword is how much of a value is judged; what is longer is masked whole.
const maxPassword = 64

// passwords finds the value after "密碼是", "password:", "pwd=" and their likes.
func (m *marks) passwords() {
	for i := 0; i < len(m.glyphs); i++ {
		n := m.wordAt(i, passwordWords)
		if n == 0 {
			continue
		}
		from := m.skipLabels(i + n)
		to := from
		for to-from < maxPassword && isPasswordSign(m.at(to)) {
			to++
		}
		if m.isPassword(from, to, from > i+n && !m.onlySpace(i+n, from)) {
			for isPasswordSign(m.at(to)) {
				to++
			}
			m.take(from, to, Password)
			i = to
		}
	}
}

func isPasswordSign(r rune) bool { return r > ' ' && r < 0x7f && r != ',' }

func (m *marks) onlySpace(from, to int) bool {
	for i := from; i < to; i++ {
		if r := m.at(i); r != ' ' && r != '\n' {
			return false
		}
	}
	return true
}

// sayings follow "password is" in complaints and are no passwords.
var sayings = words("wrong", "incorrect", "error", "invalid", "forgot", "forgotten", "reset", "not", "what",
	"required", "expired", "locked", "changed", "too", "correct", "right", "please", "lost", "manager", "setting",
	"okx", "app", "code", "login", "help", "still", "okay", "fine", "good", "weak", "strong", "safe")

// isPassword judges a value by what it is made of: announced by "是" or ":",
// anything but a plain saying; after a mere space, letters and digits mixed.
func (m *marks) isPassword(from, to int, announced bool) bool {
	letters, digits, signs := 0, 0, 0
	for i := from; i < to; i++ {
		switch r := m.at(i); {
		case isLetter(r):
			letters++
		case isDigit(r):
			digits++
		default:
			signs++
		}
	}
	if letters+digits+signs < 4 || letters+digits == 0 || m.after(to, 1, amountUnits) {
		return false
	}
	if !announced {
		return letters > 0 && digits > 0 && letters+digits >= 6
	}
	return digits > 0 || signs > 0 && letters >= 4 && m.at(to-1) != '?' || m.wordAt(from, sayings) == 0 && signs == 0
}
