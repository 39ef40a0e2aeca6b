package redact

// idNumbers finds ID numbers: those with a check digit wherever they stand,
// others by a cue word.
func (m *marks) idNumbers(runs []run) {
	for _, r := range runs {
		r.windows(6, 18, func(w window) bool {
			if w.dated && len(w.digits) != 18 && len(w.digits) != 17 {
				return false
			}
			from, to := m.idNumber(w)
			return from < to && m.take(from, to, IDNumber)
		})
	}
	m.cuedIDs()
}

// idNumber gives the glyphs of the ID number that w is the digits of, if any.
func (m *marks) idNumber(w window) (from, to int) {
	switch len(w.digits) {
	case 18:
		if mainland18(w, w.digits[17]) {
			return w.from, w.to
		}
	case 17:
		if end := m.afterGap(w.to); lower(m.at(end)) == 'x' && !isAlnum(m.at(end+1)) && mainland18(w, 'X') {
			return w.from, end + 1
		}
	case 15:
		if w.uniform() && !m.glued(w) && mainland15(w) && !m.before(w.from, 8, numberWords) {
			return w.from, w.to
		}
	case 12:
		if malaysia(w) && (w.shaped(6, 2, 4) || m.before(w.from, 16, idWords)) && !m.glued(w) {
			return w.from, w.to
		}
	case 9, 8:
		from, to = m.taiwanOrMacau(w)
	case 7, 6:
		from, to = m.hongKongOrSingapore(w)
	}
	if from < to && m.before(from, 6, passwordWords) { // one password in ten passes the check
		return 0, 0
	}
	return from, to
}

// afterGap skips one separator.
func (m *marks) afterGap(i int) int {
	if isSeparator(m.at(i)) {
		return i + 1
	}
	return i
}

// letterBefore gives the letter before glyph i, one separator allowed.
func (m *marks) letterBefore(i int) (rune, int) {
	i--
	if isSeparator(m.at(i)) {
		i--
	}
	if r := m.at(i); isLetter(r) {
		return lower(r) - 'a' + 'A', i
	}
	return 0, i
}

// mainland18 checks ISO 7064 MOD 11-2 over 17 digits, province and birth date.
func mainland18(w window, check byte) bool {
	if !province(w.num(0, 2)) || !plausibleDate(w.num(6, 10), w.num(10, 12), w.num(12, 14)) {
		return false
	}
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, weight := range weights {
		sum += weight * int(w.digits[i]-'0')
	}
	return "10X98765432"[sum%11] == check
}

// mainland15 is the form issued before 1999; it has no check digit.
func mainland15(w window) bool {
	return province(w.num(0, 2)) && plausibleDate(1900+w.num(6, 8), w.num(8, 10), w.num(10, 12))
}

func province(n int) bool {
	return n >= 11 && n <= 15 || n >= 21 && n <= 23 || n >= 31 && n <= 37 || n >= 41 && n <= 46 ||
		n >= 50 && n <= 54 || n >= 61 && n <= 65 || n == 71 || n >= 81 && n <= 83 || n == 91
}

func plausibleDate(year, month, day int) bool {
	return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

// malaysia checks YYMMDD-PB-###G: birth date and place of birth (01–59 and the
// codes of countries from 60 on; 17–20, 69, 70, 73, 80, 81, 94–97 are not given).
func malaysia(w window) bool {
	switch pb := w.num(6, 8); {
	case pb == 0, pb >= 17 && pb <= 20, pb == 69, pb == 70, pb == 73, pb == 80, pb == 81, pb >= 94 && pb <= 97:
		return false
	}
	return plausibleDate(1900+w.num(0, 2), w.num(2, 4), w.num(4, 6))
}

// taiwanLetters gives the number 10…35 of a letter by its place in this string.
const taiwanLetters = "ABCDEFGHJKLMNPQRSTUVXYWZIO"

func taiwanNumber(r rune) int {
	for i, l := range taiwanLetters {
		if l == r {
			return 10 + i
		}
	}
	return 0
}

// taiwanOrMacau reads A123456789, the older AB12345678, and 1234567(8).
func (m *marks) taiwanOrMacau(w window) (from, to int) {
	letter, at := m.letterBefore(w.from)
	if letter != 0 && !isLetter(m.at(w.to)) {
		n := taiwanNumber(letter)
		head := []int{n / 10, n % 10}
		if len(w.digits) == 8 {
			second, first := n, taiwanNumber(upper(m.at(at-1)))
			if first == 0 {
				return 0, 0
			}
			head, at = []int{first / 10, first % 10, second % 10}, at-1
		}
		if !isAlnum(m.at(at-1)) && taiwanCheck(head, w.digits) {
			return at, w.to
		}
	}
	if len(w.digits) == 8 && w.shaped(7, 1) && (w.digits[0] == '1' || w.digits[0] == '5' || w.digits[0] == '7') {
		if sep := m.at(w.to - 2); (sep == '(' || sep == '/') && !m.glued(w) {
			return w.from, m.closing(w.to)
		}
	}
	return 0, 0
}

func upper(r rune) rune {
	if isLetter(r) {
		return r &^ 0x20
	}
	return 0
}

// taiwanCheck weighs 1, 9, 8, … 1 and the check digit 1; the sum is a ten.
func taiwanCheck(head []int, digits []byte) bool {
	for _, d := range digits {
		head = append(head, int(d-'0'))
	}
	weights := [11]int{1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1}
	if len(head) != len(weights) {
		return false
	}
	sum := 0
	for i, weight := range weights {
		sum += weight * head[i]
	}
	return sum%10 == 0
}

// hongKongOrSingapore reads A123456(7), AB123456(A) and S1234567D.
func (m *marks) hongKongOrSingapore(w window) (from, to int) {
	letter, at := m.letterBefore(w.from)
	if letter == 0 {
		return 0, 0
	}
	if len(w.digits) == 7 && !isAlnum(m.at(at-1)) {
		if end := m.afterGap(w.to); !isAlnum(m.at(end+1)) && singaporeCheck(letter, w.digits) == upper(m.at(end)) {
			return at, end + 1
		}
	}
	check, end := 10, w.to
	if len(w.digits) == 7 {
		check = int(w.digits[6] - '0')
	} else if end = m.afterGap(w.to); upper(m.at(end)) == 'A' && !isAlnum(m.at(end+1)) {
		end++
	} else {
		return 0, 0
	}
	second := upper(m.at(at - 1))
	if second != 0 {
		at--
	}
	if isAlnum(m.at(at-1)) || isAlnum(m.at(end)) || !hongKongCheck(second, letter, w.digits[:6], check) {
		return 0, 0
	}
	return at, m.closing(end)
}

// closing goes past a parenthesis that belongs to the number.
func (m *marks) closing(i int) int {
	if m.at(i) == ')' {
		return i + 1
	}
	return i
}

// hongKongCheck weighs 9…1; a missing first letter counts 36, A is 10.
func hongKongCheck(first, second rune, digits []byte, check int) bool {
	value := func(r rune) int {
		if r == 0 {
			return 36
		}
		return int(r-'A') + 10
	}
	sum := 9*value(first) + 8*value(second) + check
	for i, d := range digits {
		sum += (7 - i) * int(d-'0')
	}
	return sum%11 == 0
}

// singaporeCheck gives the check letter of a NRIC or FIN, 0 for another series.
func singaporeCheck(series rune, digits []byte) rune {
	sum := 0
	for i, weight := range [7]int{2, 7, 6, 5, 4, 3, 2} {
		sum += weight * int(digits[i]-'0')
	}
	switch series {
	case 'S':
		return rune("JZIHGFEDCBA"[sum%11])
	case 'T':
		return rune("JZIHGFEDCBA"[(sum+4)%11])
	case 'F':
		return rune("XWUTRQPNMLK"[sum%11])
	case 'G':
		return rune("XWUTRQPNMLK"[(sum+4)%11])
	case 'M':
		return rune("KLJNPQRTUWX"[10-(sum+3)%11])
	}
	return -2 // no letter
}

// Lengths of a cued number, in characters.
const (
	minCuedID = 7
	maxCuedID = 20
)

// cuedIDs finds what stands right after "身份證號:" or "passport no." and looks
// like a number: a mistyped ID is a secret, too, and a passport has no check
// digit outside of its machine-readable lines.
func (m *marks) cuedIDs() {
	for i := 0; i < len(m.glyphs); i++ {
		n := max(m.wordAt(i, idWords), m.wordAt(i, passportWords))
		if n == 0 {
			continue
		}
		from := m.skipLabels(i + n)
		to, digits := from, 0
		for to-from < maxCuedID && (isAlnum(m.at(to)) || digits > 0 && m.at(to) == '-') {
			if isDigit(m.at(to)) {
				digits++
			}
			to++
		}
		if digits >= 6 && to-from >= minCuedID && !m.isDate(from, to) && !m.startsDate(from) && !m.after(to, 1, amountUnits) {
			m.take(from, to, IDNumber)
		}
		i += n - 1
	}
}

// startsDate reports whether a date begins at a place, as in 2006.12.30-2026.12.30.
func (m *marks) startsDate(i int) bool {
	if !isDigit(m.at(i)) {
		return false
	}
	r := m.runAt(i)
	m.findDates(&r)
	return r.dated[0]
}

// isDate reports whether glyphs from…to-1 read 20270105 or 2027-01-05.
func (m *marks) isDate(from, to int) bool {
	var w window
	for i := from; i < to; i++ {
		if isDigit(m.at(i)) {
			w.digits = append(w.digits, byte(m.at(i)))
		} else if isLetter(m.at(i)) {
			return false
		}
	}
	return dateLike(w)
}

// dateLike reports whether the digits are year, month, day or the reverse.
func dateLike(w window) bool {
	switch len(w.digits) {
	case 8:
		return plausibleDate(w.num(0, 4), w.num(4, 6), w.num(6, 8)) || plausibleDate(w.num(4, 8), w.num(2, 4), w.num(0, 2)) ||
			plausibleDate(w.num(4, 8), w.num(0, 2), w.num(2, 4))
	case 6, 7:
		return len(w.sizes) == 3 || len(w.sizes) == 0 && plausibleDate(w.num(0, 4), w.num(4, 5), 1)
	}
	return len(w.digits) < 6
}
