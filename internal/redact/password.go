package redact

// Lengths of passwords: what is longer than maxPassword is masked whole, but judged
// by its beginning; a guess is shorter, so that addresses are none.
const (
	maxPassword = 64
	maxGuess    = 24
	minGuess    = 6
)

// How a value is led to: by nothing but space, by a verb as in "密碼打", or by "是".
const (
	unled = iota
	hinted
	announced
)

// passwords finds the value after "密碼是", "password:", "資金密碼 846291" and their
// likes, then the other guesses of a message that speaks of a password.
func (m *marks) passwords() {
	first := -1
	for i := 0; i < len(m.glyphs); i++ {
		n := m.passwordCue(i)
		if n == 0 {
			continue
		}
		if first < 0 {
			first = i
		}
		from, led := m.valueStart(i + n)
		if m.wordAt(i, passwordWords) < n { // "pass: …" may be about anything
			led = min(led, hinted)
		}
		if to := m.password(i, from, led); to > from {
			m.take(from, to, Password)
			i = to
		}
	}
	if first >= 0 {
		m.guesses(first)
	}
}

// passwordCue gives the length of a word for a password at i. "動態密碼" is none.
func (m *marks) passwordCue(i int) int {
	n := m.wordAt(i, passwordWords)
	if m.isOneOf(i+1, "吗嗎嘛") && m.isOneOf(i-1, "保加機机解") { // 有加密嗎
		n = 0
	}
	for k := i - 3; n > 0 && k < i; k++ {
		if k+m.wordAt(k, codeWords) >= i+n {
			return 0
		}
	}
	if short := m.wordAt(i, shortWords); short > n {
		if r := m.at(m.skipSpace(i + short)); r == ':' || r == '=' {
			return short
		}
	}
	return n
}

func (m *marks) skipSpace(i int) int {
	for k := 0; k < 3 && m.at(i) == ' '; k++ {
		i++
	}
	return i
}

// valueStart skips what leads over from the word to the value.
func (m *marks) valueStart(i int) (from, led int) {
	from = m.skipAside(i)
	for range 4 {
		link := m.wordAt(from, passwordLinks)
		if next := m.skipLabels(from); next > from && link <= next-from {
			if !m.onlySpace(from, next) {
				led = announced
			}
			from = next
		} else if link > 0 {
			from, led = from+link, hinted
		} else {
			break
		}
	}
	return from, led
}

// maxAside is the longest remark in parentheses: （第25個字）是, （登录的）.
const maxAside = 14

// skipAside skips a remark in parentheses that stands before "是", a colon or a value.
func (m *marks) skipAside(i int) int {
	if m.isOneOf(i, ")」”") && m.wordAt(m.skipSpace(i+1), valueLinks) > 0 { // the word itself was a remark
		return i + 1
	}
	if m.at(i) != '(' {
		return i
	}
	for k := i + 1; k <= i+maxAside; k++ {
		switch m.at(k) {
		case wall:
			return i
		case ')':
			if next := m.skipSpace(k + 1); m.wordAt(next, valueLinks) > 0 || isHan(m.at(i+1)) && isHan(m.at(k-1)) && isAlnum(m.at(next)) {
				return next
			}
			return i
		}
	}
	return i
}

// password gives the end of the password that starts at from after the word at cue.
func (m *marks) password(cue, from, led int) int {
	to := m.signsUntil(from, maxPassword)
	if led == announced && isHan(m.at(from)) {
		return m.mixedPassword(from)
	}
	if !m.isPassword(from, to, led) && !m.isPin(cue, from, to, led) {
		return 0
	}
	return m.signsUntil(from, len(m.glyphs))
}

func (m *marks) signsUntil(from, most int) int {
	to := from
	for to-from < most && isPasswordSign(m.at(to)) {
		to++
	}
	return to
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
	"okx", "app", "code", "login", "help", "still", "okay", "fine", "good", "weak", "strong", "safe", "must", "should", "only",
	"always", "never", "being", "stolen", "leaked", "hacked", "same", "different", "case", "sensitive", "kyc", "email")

// content counts what a value is made of.
type content struct{ letters, digits, signs, marks int }

func (m *marks) content(from, to int) content {
	var c content
	for i := from; i < to; i++ {
		switch r := m.at(i); {
		case isLetter(r):
			c.letters++
		case isDigit(r):
			c.digits++
		case r == '_' || r == '@' || r == '#' || r == '$' || r == '&' || r == '*' || r == '!' || r == '^':
			c.marks++
			c.signs++
		default:
			c.signs++
		}
	}
	return c
}

// isPassword judges a value by what it is made of: announced by "是" or ":",
// anything but a plain saying; else letters mixed with digits or signs.
func (m *marks) isPassword(from, to, led int) bool {
	c := m.content(from, to)
	if to-from < 4 || c.letters+c.digits == 0 || m.isAmount(to) || c.letters == 0 && m.startsAmount(from) {
		return false
	}
	if led != announced {
		return c.letters > 0 && c.digits > 0 && c.letters+c.digits >= minGuess ||
			c.letters > 2 && c.marks > 0 && to-from >= minGuess && m.at(to-1) != '!'
	}
	return c.digits > 0 || c.signs > 0 && c.letters >= 4 && m.at(to-1) != '?' || m.wordAt(from, sayings) == 0 && c.signs == 0
}

// isPin judges a value of digits alone that nothing announces: "資金密碼 846291".
func (m *marks) isPin(cue, from, to, led int) bool {
	n := m.leadingDigits(from)
	least := minGuess
	if m.wordAt(cue, pinWords) > 0 || m.wordAt(cue-2, pinWords) > 0 {
		least = 4
	}
	end := from + n
	if n < least || n > 12 || end < to && m.at(end) != '.' && m.at(end) != '!' && m.at(end) != '?' || end+1 < to || m.isAmount(end) {
		return false
	}
	if n == 4 && m.isYear(from) && m.after(end, 3, yearWords) {
		return false
	}
	return led == hinted || n != 8 || !m.isDate(from, end)
}

// yearWords follow the year in which a password was set.
var yearWords = words("設", "设", "改", "換", "换", "就", "開始", "开始", "註冊", "注册", "之前", "以前", "後", "后")

func (m *marks) isYear(from int) bool {
	return m.at(from) == '1' && m.at(from+1) == '9' || m.at(from) == '2' && m.at(from+1) == '0'
}

// notInPassword are characters of sentences that go on after "密碼是".
var notInPassword = words("的", "了", "不", "在", "第", "年", "月", "次", "錯", "错", "對", "对", "被", "忘", "是", "要", "和", "到", "提示", "說", "说", "有", "沒", "没", "嗎", "吗", "什", "怎", "位", "uid")

// mixedPassword gives the end of 我愛你1314: a few Chinese characters and digits.
func (m *marks) mixedPassword(from int) int {
	i := from
	for i-from < 6 && isHan(m.at(i)) {
		if m.wordAt(i, notInPassword) > 0 {
			return 0
		}
		i++
	}
	to := m.signsUntil(i, maxPassword)
	if c := m.content(i, to); c.digits < 2 || c.signs > 0 && c.marks == 0 || to-i > 12 || m.isAmount(to) {
		return 0
	}
	return to
}

// How far another guess may stand from the first word for a password.
const (
	guessReach = 100
	maxTyped   = 40 // the same before the first word
)

// guesses finds values that look like passwords and are named as such: after "或者",
// "改成", "好吧", or before "是我的密碼".
func (m *marks) guesses(first int) {
	for i := 0; i < len(m.glyphs) && i < first+guessReach; i++ {
		if !isPasswordSign(m.at(i)) {
			continue
		}
		from, to := i, m.signsUntil(i, len(m.glyphs))
		i = to
		for from < to && !isAlnum(m.at(from)) {
			from++
		}
		if m.looksGuessed(from, to) && (from > first && m.isLed(from) || first-from < maxTyped && m.endsBefore(m.backOverSpace(from), typedLinks) ||
			m.after(to, 3, demonstratives) && m.after(to, 8, passwordWords) && !m.after(to, 6, accountWords) || m.isNamed(from, to) || m.isDescribed(from)) {
			m.take(from, to, Password)
		}
	}
}

var (
	// roleWords make a password of what stands before them.
	roleWords = words("當", "当", "當作", "当作", "當成", "当成", "當做", "当做", "做", "作", "作為", "作为", "設成", "设成", "設為", "设为", "設定成", "设置成", "設定為", "设置为", "as", "as my", "as the", "for my")
	// checkWords ask whether a password is right.
	checkWords = words("對不對", "对不对", "對嗎", "对吗", "對唔對", "啱唔啱", "係咪", "是不是", "是對的", "是对的", "沒錯吧", "没错吧", "正確嗎", "正确吗", "這個", "这个", "呢個", "ok嗎", "ok吗", "right?", "correct?")
	// describingWords tell what a password looks like: 大写D开头.
	describingWords = words("開頭", "开头", "開始", "大寫", "大写", "小寫", "小写", "結尾", "结尾", "首字母", "大楷", "細楷", "字母", "capital", "uppercase", "感嘆號", "感叹号", "驚嘆號", "惊叹号", "下劃線", "下划线", "底線", "底线", "星號", "星号", "符號", "符号")
)

// isNamed reports whether a value is called a password right after it: "X當密碼", or
// "X 密碼對不對", or "X密码" for what can be nothing else.
func (m *marks) isNamed(from, to int) bool {
	i := m.skipSpace(to)
	for m.isOneOf(i, "」”』)") {
		i = m.skipSpace(i + 1)
	}
	if n := m.wordAt(i, roleWords); n > 0 {
		return m.after(i+n, 4, passwordWords)
	}
	n := m.wordAt(i, passwordWords)
	if n == 0 {
		return false
	}
	for k := from; k < to; k++ {
		if m.isOneOf(k, "!$%^&*") {
			return true
		}
	}
	return m.after(i+n, 8, checkWords)
}

// isDescribed reports whether a value stands after "密碼大寫D開頭".
func (m *marks) isDescribed(from int) bool {
	return m.before(from, 8, describingWords) && m.before(from, 16, passwordWords)
}

// looksGuessed reports whether a string is made as passwords are, and no name.
func (m *marks) looksGuessed(from, to int) bool {
	c := m.content(from, to)
	return to-from >= minGuess && to-from <= maxGuess && c.letters > 1 && (c.digits > 1 || c.digits > 0 && c.marks > 0) &&
		m.wordAt(from, nameStarts) == 0 && m.afterPrefix(from) == from && !m.startsAmount(from) &&
		m.nearest(from, 10, nameWords, passwordWords) != 0
}

// valueLinks lead to any value.
var valueLinks = words("是", "係", "系", "為", "为", "叫", "is", ":", "=", "「", "“")

// isLed reports whether a word that leads to a password ends right before a place.
func (m *marks) isLed(from int) bool {
	end := m.backOverSpace(from)
	if m.at(end-1) == ',' && end > 1 && m.at(end-2) == wall { // one of a list
		return true
	}
	return m.endsBefore(end, passwordLinks, guessLinks, valueLinks)
}

// endsBefore reports whether a word of one of the lists ends right before a place.
func (m *marks) endsBefore(end int, lists ...wordList) bool {
	for n := 1; n <= maxCue && m.at(end-n) != wall; n++ {
		for _, list := range lists {
			if m.wordAt(end-n, list) == n {
				return true
			}
		}
	}
	return false
}

func (m *marks) backOverSpace(i int) int {
	for k := 0; k < 3 && m.at(i-1) == ' '; k++ {
		i--
	}
	return i
}
