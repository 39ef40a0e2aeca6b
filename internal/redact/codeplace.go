package redact

var (
	// channelWords are the ways by which codes come.
	channelWords = words("手機", "手机", "郵箱", "邮箱", "信箱", "電郵", "电邮", "郵件", "邮件", "email", "mail", "gmail", "短信", "簡訊", "短訊", "短讯", "sms", "谷歌", "google", "authenticator", "驗證器", "验证器", "phone")
	// countedWords speak of the six digits of a code.
	countedWords = words("六個數字", "六个数字", "6個數字", "6个数字", "六位數字", "六位数字", "6位數字", "6位数字", "六位數", "六位数", "6位數", "6位数", "六個數", "六个数", "六個字", "六个字", "6個數", "6个数", "六碼", "6碼", "6码", "六码", "數字", "数字", "嗰串數", "那組", "那组", "嗰組", "says", "said", "shows", "showing", "reads", "六個數目字", "6 digits", "six digits", "6-digit number", "6 digit number")
	// otherCodeWords tell that a 碼 or a code is none of a login.
	otherCodeWords = words("提示", "顯示", "显示", "彈出", "弹出", "跳出", "報錯", "报错", "邀請", "邀请", "推薦", "推荐", "優惠", "优惠", "兌換", "兑换", "折扣", "返佣", "禮品", "礼品", "紅包", "红包", "promo", "referral", "invite", "gift", "coupon", "voucher", "錯誤", "错误", "報錯", "报错", "error", "err", "返回", "狀態", "状态", "swift", "bank", "qr", "二維", "二维", "掃", "扫", "追蹤", "物流", "防釣魚", "防钓鱼", "地區", "地区", "郵政", "邮政")
	// apiErrors follow the code of an error.
	apiErrors = words("parameter", "parameters", "param", "params", "request", "timestamp", "signature", "api", "endpoint", "server", "internal", "unauthorized", "permission", "insufficient", "balance", "msg", "message", "參數", "参数", "接口", "什麼錯", "什么错", "咩錯", "啥错", "什麼錯誤", "錯誤碼", "错误码", "錯誤代碼", "错误代码", "error", "bad", "null", "not supported")
	// plainCodeWords announce codes with letters by their plain name.
	plainCodeWords = words("code", "passcode", "碼", "码")
	backupWords    = words("備用碼", "备用码", "備用代碼", "备用代码", "備用驗證碼", "备用验证码", "備份碼", "备份码", "備份代碼", "备份代码", "恢復碼", "恢复码", "恢復代碼", "恢复代码", "復原碼", "复原码", "救援碼", "救援码", "還原碼", "还原码", "應急碼", "应急码", "backup code", "backup codes", "recovery code", "recovery codes", "rescue code", "rescue codes")
)

// backOverLinks skips what leads over from a name to a number, backwards.
func (m *marks) backOverLinks(i int) (end int, linked bool) {
	for range 4 {
		switch r := m.at(i - 1); {
		case m.isOneOf(i-1, "是係为為:=就的嘅"):
			linked = true
		case r != ' ' && r != '\n':
			return i, linked
		}
		i--
	}
	return i, linked
}

// isPlaced reports whether digits stand where only a code does: after a 碼 that no word
// tells apart, after "簡訊那六個數字", in G-581720.
func (m *marks) isPlaced(w window) bool {
	six := len(w.digits) == 6
	if six && len(w.sizes) == 1 && m.at(w.from-1) == '-' && m.at(w.from-2) == 'G' && w.num(3, 6) > 0 && !isAlnum(m.at(w.from-3)) {
		return true
	}
	end, linked := m.backOverLinks(w.from)
	if m.isBareCode(end - 1) {
		return six || linked
	}
	if !six || !m.endsBefore(end, countedWords) {
		return false
	}
	cue := m.nearest(w.from, 24, codeWords, sixWords, channelWords, notCodeWords, numberWords, accountWords, passwordWords, otherCodeWords)
	return cue >= 0 && cue <= 2
}

// isBareCode reports whether the character at a place is a 碼 of its own: 碼係, 個碼.
func (m *marks) isBareCode(i int) bool {
	if m.cueAt(i) != '码' {
		return false
	}
	if r := m.at(i - 1); isHan(r) && !m.isOneOf(i-1, "個个的嘅組组到這这嗰那新") || isAlnum(r) {
		return false
	}
	return !m.before(i, 10, otherCodeWords)
}

// channelCodes finds codes that are named by the ways they came: 手機902751，郵箱336418.
// One alone is found only beside another code.
func (m *marks) channelCodes(runs []run, coded bool) {
	var at []window
	names := map[rune]bool{}
	for _, r := range runs {
		r.windows(6, 6, func(w window) bool {
			name, known := m.channel(w)
			if known {
				at, names[name] = append(at, w), true
			}
			return known
		})
	}
	if len(names) < 2 && !coded {
		return
	}
	for _, w := range at {
		m.take(w.from, w.to, OneTimeCode)
	}
}

// channelReach is how far from a number the channel may stand: 郵箱那個是336418.
const channelReach = 6

// channel gives the first character of the channel that a number is named by.
func (m *marks) channel(w window) (name rune, known bool) {
	if !m.hasCodeShape(w) || w.num(3, 6) == 0 {
		return 0, false
	}
	if m.nearest(w.from, channelReach, channelWords, notCodeWords, numberWords, accountWords, passwordWords, amountVerbs) != 0 {
		return 0, false
	}
	for i := w.from - 1; i >= w.from-channelReach-maxCue; i-- {
		if m.wordAt(i, channelWords) > 0 {
			return m.cueAt(i), true
		}
	}
	return 0, false
}

// maxBackupGap is how far the first of some backup codes may stand from their name.
const maxBackupGap = 12

// backupCodes finds 83d1-90fc 6b27-aa41 after a word for backup codes.
func (m *marks) backupCodes() {
	for i := 0; i < len(m.glyphs); i++ {
		n := m.wordAt(i, backupWords)
		if n == 0 {
			continue
		}
		i += n
		from := i
		for from < i+maxBackupGap && !isAlnum(m.at(from)) && m.at(from) != wall && m.at(from) != '?' && m.at(from) != '!' {
			from++
		}
		if first, to := m.backupList(from, m.skipLabels(i) == from); to > first {
			m.take(first, to, OneTimeCode)
			i = to
		}
		i--
	}
}

// backupList gives the end of the backup codes that start at a place, numbered or not.
func (m *marks) backupList(from int, led bool) (first, end int) {
	codes, mixed := 0, false
	for i := from; ; {
		for k := 0; k <= maxSeparators && m.isBetween(i); k++ {
			i++
		}
		to := i + m.sizeAt(i)
		c := m.content(i, to)
		switch {
		case c.letters == 0 && c.signs == 0 && c.digits <= 2 && c.digits > 0: // its number
		case m.isBackup(i, to, c) && (c.digits > 0 || codes > 0 && to-i == m.sizeAt(first)):
			if codes == 0 {
				first = i
			}
			end, codes, mixed = to, codes+1, mixed || c.letters > 0 || c.signs > 0
		default:
			if codes == 0 || !mixed && !led && codes < 2 || end-first < minGuess {
				return from, from
			}
			return first, end
		}
		i = to
	}
}

// isBetween reports what may stand between two backup codes.
func (m *marks) isBetween(i int) bool {
	r := m.at(i)
	return r != wall && !isAlnum(r) && !isHan(r) && r != '?' && r != '!'
}

const maxBackup = 24

func (m *marks) isBackup(from, to int, c content) bool {
	return c.letters+c.digits >= 4 && to-from <= maxBackup && (c.letters > 0 || !m.isAmount(to) && !(to-from == 8 && m.isDate(from, to)))
}

// sizeAt gives the length of the code at a place.
func (m *marks) sizeAt(i int) int {
	n := 0
	for isAlnum(m.at(i+n)) || n > 0 && m.at(i+n) == '-' && isAlnum(m.at(i+n+1)) {
		n++
	}
	return n
}

// plainCode gives the end of a code with letters after "code：" or "碼係", or 0. A
// letter before digits is more often an error's.
func (m *marks) plainCode(i, n int) int {
	from := m.skipLabels(i + n)
	if from == i+n || m.onlySpace(i+n, from) || m.cueAt(i) == '码' && !m.isBareCode(i) || m.before(i, 14, otherCodeWords) {
		return 0
	}
	to := m.mixedCode(from, false)
	if to == 0 || m.after(to, 14, apiErrors) {
		return 0
	}
	changes := 0
	for k := from + 1; k < to; k++ {
		changes += count(isDigit(m.at(k)) != isDigit(m.at(k-1)))
	}
	if changes < 2 && !m.before(i, 14, channelWords) {
		return 0
	}
	return to
}
