package redact

// oneTimeCodes finds four to eight digits beside a word for a code, then the other
// codes of the same message, codes with letters and codes in words.
func (m *marks) oneTimeCodes(runs []run) {
	var found []window
	for _, r := range runs {
		r.windows(4, 8, func(w window) bool {
			if !m.isCode(w) || !m.take(w.from, w.to, OneTimeCode) {
				return false
			}
			found = append(found, w)
			return true
		})
	}
	if len(found) > 0 {
		m.furtherCodes(runs, found)
	}
	m.channelCodes(runs, len(found) > 0)
	m.backupCodes()
	m.spelledCodes()
}

// hasCodeShape reports whether digits stand as those of a code do: 482913, 482 913,
// 4829 1357, 4 8 2 9 1 3.
func (m *marks) hasCodeShape(w window) bool {
	return (len(w.sizes) == 1 || w.shaped(3, 3) || w.shaped(4, 4) || w.uniform() && w.sizes[0] <= 2) &&
		!(len(w.digits) == 8 && dateLike(w)) && !w.dated && !m.glued(w) && !m.isAmount(w.to) && !m.isFraction(w)
}

// isFraction reports whether the digits are a part of 67321.45 or 12.75 %.
func (m *marks) isFraction(w window) bool {
	return m.at(w.to) == '.' && isDigit(m.at(w.to+1)) || m.at(w.from-1) == '.' && isDigit(m.at(w.from-2)) && !m.isListed(w) || m.at(w.to) == '%'
}

// isListed reports whether "1." before six digits numbers them: 1.482913 2.771204.
func (m *marks) isListed(w window) bool {
	n, before := m.at(w.from-2), m.at(w.from-3)
	return len(w.digits) == 6 && n != '0' && !isAlnum(before) && (before == wall || isSeparator(before) || isMark(before))
}

// Which words tell what a number is, see isCode.
const (
	isPasswordCue = iota
	isCodeCue
	isSixCue
	isOtherCue
	isNumberCue
	isAmountCue
	isGivenCue
)

func (m *marks) isCode(w window) bool {
	if !m.hasCodeShape(w) {
		return false
	}
	if m.isPlaced(w) {
		return true
	}
	six := len(w.digits) == 6
	switch m.nearest(w.from, 14, passwordWords, codeWords, sixWords, notCodeWords, numberWords, m.verbs(w), givenWords) {
	case isCodeCue:
		return m.notYear(w)
	case isSixCue:
		if six && (m.nearest(w.from, 14, bareWords) < 0 || m.rightAfter(w.from, bareWords)) {
			return !m.rightAfter(w.from, bareWords) || !m.after(w.to, 16, apiErrors)
		}
	case isPasswordCue, isOtherCue, isNumberCue, isAmountCue:
		return false
	case isGivenCue:
		return m.given(w)
	}
	return m.after(w.to, 8, codeWords) && (six || m.after(w.to, 3, demonstratives)) ||
		six && (m.after(w.to, 3, demonstratives) && m.after(w.to, 12, codeWords) || m.asked(w))
}

// verbs gives the verbs of sums if one stands right before the number.
func (m *marks) verbs(w window) wordList {
	if m.nearest(w.from, 3, amountVerbs) == 0 {
		return amountVerbs
	}
	return nil
}

// demonstratives point from a number to what it is.
var demonstratives = words("是", "係", "這", "这", "呢", "就", "為", "为", "is")

// notYear rejects 2024 unless it stands right after the word for a code.
func (m *marks) notYear(w window) bool {
	return len(w.digits) != 4 || w.num(0, 2) != 19 && w.num(0, 2) != 20 || m.rightAfter(w.from, codeWords)
}

// rightAfter reports whether only labels lie between a word of list and i.
func (m *marks) rightAfter(i int, list wordList) bool {
	for k := i - 1; k >= i-maxCue; k-- {
		if n := m.wordAt(k, list); n > 0 && m.skipLabels(k+n) == i {
			return true
		}
	}
	return false
}

// given judges a number after "收到", "给你" or a colon by what was spoken of before.
func (m *marks) given(w window) bool {
	coded := m.before(w.from, 14, codeWords)
	if !coded && m.before(w.from, 14, passwordWords) {
		return false
	}
	const firstOfCode = 4
	if cue := m.nearest(w.from, 10, notCodeWords, numberWords, phoneWords, accountWords, codeWords, handedWords); cue >= 0 && cue < firstOfCode {
		return false
	}
	if coded {
		return m.notYear(w)
	}
	return m.after(w.to, 8, codeWords) || len(w.digits) == 6 && (m.asked(w) || m.before(w.from, 24, codeWords) ||
		m.nearest(w.from, 18, sixWords, notCodeWords) == 0)
}

// handedWords stand before a number that the sender has typed or passed on.
var handedWords = words("輸的是", "输的是", "填的是", "打的是", "收到的是", "給你", "给你", "俾你", "畀你", "發你", "发你", "我輸", "我输", "我填", "here is")

// asked reports whether the number answers "你不是要驗證碼嗎？給你": a word for a code
// stands in the sentence before, and nothing but a word of giving in between.
func (m *marks) asked(w window) bool {
	i := w.from - 1
	for k := 0; k < 8 && m.at(i) != '?' && m.at(i) != '!' && m.at(i) != '\n' && m.at(i) != wall; k++ {
		i--
	}
	r := m.at(i)
	if r != '?' && r != '!' && r != '\n' {
		return false
	}
	start := i + 1
	for m.at(start) == ' ' || m.at(start) == ',' || m.at(start) == '\n' {
		start++
	}
	if start != w.from && m.nearest(w.from, w.from-start, givenWords) < 0 {
		return false
	}
	if m.nearest(w.from, w.from-start, notCodeWords, numberWords, phoneWords, m.verbs(w)) >= 0 {
		return false
	}
	return m.before(i, 14, codeWords) || m.before(i, 14, sixWords) && !m.before(i, 14, notCodeWords)
}

// furtherReach is how far another code may stand from one that was found.
const furtherReach = 60

// furtherCodes finds the codes that a message names after the first: the same again,
// or as many digits as one before it, unless a word tells that they are something else.
func (m *marks) furtherCodes(runs []run, found []window) {
	sizes, same := map[int]int{}, map[string]bool{}
	for _, w := range found {
		same[string(w.digits)] = true
		if at, known := sizes[len(w.digits)]; !known || w.to < at {
			sizes[len(w.digits)] = w.to
		}
	}
	for _, r := range runs {
		r.windows(4, 8, func(w window) bool {
			first, known := sizes[len(w.digits)]
			if !known || !m.hasCodeShape(w) || !(same[string(w.digits)] && len(w.digits) > 4 || m.isFurther(w, first)) {
				return false
			}
			return m.take(w.from, w.to, OneTimeCode)
		})
	}
}

func (m *marks) isFurther(w window, first int) bool {
	return len(w.digits) >= 6 && (w.from > first && w.from-first <= furtherReach || m.nearest(w.from, 8, sixWords) == 0) &&
		m.nearest(w.from, 10, notCodeWords, numberWords, phoneWords, accountWords, passwordWords, m.verbs(w)) < 0 && m.notYear(w)
}

// Lengths of codes with letters, and of codes in words.
const (
	minMixedCode = 5
	maxMixedCode = 8
)

// spelledCodes finds K7Q2ZD and 四八二零六一 right after a word for a code.
func (m *marks) spelledCodes() {
	for i := 0; i < len(m.glyphs); i++ {
		if n := m.wordAt(i, plainCodeWords); n > 0 {
			if to := m.plainCode(i, n); to > 0 {
				m.take(m.skipLabels(i+n), to, OneTimeCode)
				continue
			}
		}
		n := m.wordAt(i, codeWords)
		if n == 0 {
			continue
		}
		i += n
		from := m.skipLabels(i)
		if to := m.mixedCode(from, from > i && !m.onlySpace(i, from)); to > from {
			m.take(from, to, OneTimeCode)
		} else if to := m.numerals(from); to > from {
			m.take(from, to, OneTimeCode)
		}
		i--
	}
}

// mixedCode gives the end of a code of letters and digits. Without a colon it must be
// in capitals, or change often between letters and digits.
func (m *marks) mixedCode(from int, announced bool) int {
	to, digits, small, changes := from, 0, 0, 0
	for isAlnum(m.at(to)) && to-from <= maxMixedCode {
		digits += count(isDigit(m.at(to)))
		small += count(m.at(to) >= 'a')
		changes += count(to > from && isDigit(m.at(to)) != isDigit(m.at(to-1)))
		to++
	}
	n := to - from
	if n < minMixedCode || n > maxMixedCode || digits == 0 || digits == n || small > 0 && !announced && changes < 3 || m.at(to) == '-' || m.at(to) == '@' ||
		m.wordAt(from, nameStarts) > 0 || m.startsAmount(from) {
		return 0
	}
	return to
}

// startsAmount reports whether a string reads 100USDT. 9K2LQ7 does not.
func (m *marks) startsAmount(from int) bool {
	n := m.leadingDigits(from)
	if unit := m.wordAt(from+n, amountUnits); isLetter(m.at(from+n)) && isDigit(m.at(from+n+unit)) {
		return false
	}
	return n > 0 && m.isAmount(from+n)
}

func (m *marks) leadingDigits(from int) int {
	n := 0
	for isDigit(m.at(from + n)) {
		n++
	}
	return n
}

// numerals gives the end of four to eight numerals in words: 四八二零六一.
func (m *marks) numerals(from int) int {
	n, end := 0, from
	for i := from; ; i++ {
		r := m.at(i)
		if r != '十' && r != '廿' && isNumeral(r) || r == '幺' || r == '洞' || r == '壹' {
			n, end = n+1, i+1
		} else if n == 0 || r != ' ' && r != ',' {
			break
		}
	}
	if n < minSpelled || n > 8 || m.isAmount(end) {
		return 0
	}
	return end
}
