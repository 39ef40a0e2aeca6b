package redact

// cardNumbers finds bank card numbers: issuer prefix, length, grouping, Luhn.
// One in ten long numbers passes Luhn, so order numbers are left out by their
// cue words. Right after its name a mistyped number is one, too.
func (m *marks) cardNumbers(runs []run) {
	for _, r := range runs {
		r.windows(13, maxWindow, func(w window) bool {
			return isCard(w) && !w.dated && !m.glued(w) && (luhn(w.digits) && m.isCardPlace(w) || m.before(w.from, 8, cardNames)) && m.take(w.from, w.to, CardNumber)
		})
	}
}

func (m *marks) isCardPlace(w window) bool {
	cue := m.nearest(w.from, 12, cardWords, numberWords)
	return cue == 0 || cue < 0 && !m.before(w.from, 10, numberWords) && !m.isAmount(w.to)
}

func isCard(w window) bool {
	return issuerLength(w) && (w.uniform() || w.shaped(4, 6, 5) || w.shaped(4, 6, 4) || w.shaped(6, 13))
}

// issuerLength reports whether an issuer with this prefix has numbers so long.
func issuerLength(w window) bool {
	n, two, four := len(w.digits), w.num(0, 2), w.num(0, 4)
	switch {
	case w.digits[0] == '4': // Visa
		return n == 13 || n == 16 || n == 19
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720: // Mastercard
		return n == 16
	case two == 34, two == 37: // American Express
		return n == 15
	case two == 36, two == 38, two == 30: // Diners
		return n == 14 || n == 16
	case two == 62, two == 81: // UnionPay
		return n >= 16
	case two == 35, two == 60, two == 64, two == 65: // JCB, Discover, older Mainland debit cards
		return n == 16 || n == 19
	case two == 50, two == 56, two == 58, two == 63, two == 67, two == 95, two == 94: // Maestro, Mainland debit cards
		return n == 16 || n == 19
	}
	return false
}

func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// phones finds mobile numbers of the Mainland and Taiwan, any number with a
// country code, and Hong Kong's eight digits after a cue word.
func (m *marks) phones(runs []run) {
	for _, r := range runs {
		r.windows(8, 15, func(w window) bool {
			return !w.dated && m.isPhone(w) && !m.glued(w) && m.take(w.from, w.to, Phone)
		})
	}
}

func (m *marks) isPhone(w window) bool {
	if m.at(w.from-1) == '+' || m.at(w.from-1) == '(' && m.at(w.from-2) == '+' {
		return true
	}
	if m.before(w.from, 8, numberWords) {
		return false
	}
	switch d := w.digits; len(d) {
	case 11:
		return d[0] == '1' && d[1] >= '3' && phoneShape(w, 3, 4, 4)
	case 13:
		return d[0] == '8' && d[1] == '6' && d[2] == '1' && d[3] >= '3'
	case 12:
		return w.num(0, 4) == 8869
	case 10:
		return d[0] == '0' && d[1] == '9' && (phoneShape(w, 4, 3, 3) || phoneShape(w, 4, 6, 0))
	case 8:
		return !dateLike(w) && d[0] != '0' && d[0] != '1' && (len(w.sizes) == 1 || w.shaped(4, 4)) &&
			m.before(w.from, 10, phoneWords)
	}
	return false
}

// phoneShape allows the usual grouping a-b-c, a-rest, no grouping and even groups.
func phoneShape(w window, a, b, c int) bool {
	return w.uniform() || w.shaped(a, b, c) || w.shaped(a, b+c) || w.shaped(a, 3, 5) || w.shaped(a, 2, 2, 2)
}
