package redact

// The words that tell what a number or a string next to them is. Lower case,
// both scripts.
var (
	codeWords = words("驗證碼", "验证码", "校驗碼", "校验码", "認證碼", "认证码", "動態碼", "动态码",
		"動態密碼", "动态密码", "谷歌碼", "谷歌码", "短信碼", "短信码", "簡訊碼", "otp", "2fa", "code", "yzm")
	// notCodeWords end in a code word and mean something else.
	notCodeWords = words("error code", "errorcode", "錯誤code", "错误code", "qr code", "qrcode", "promo code",
		"zip code", "postal code", "country code", "area code", "status code")
	passwordWords = words("密碼", "密码", "口令", "password", "passwd", "passcode", "pwd", "pin碼", "pin码", "pin", "mima")
	idWords       = words("身分證", "身份證", "身份证", "身分证", "證件號", "证件号", "證號", "证号", "居留證", "居留证",
		"居住證", "居住证", "回鄉證", "回乡证", "台胞證", "台胞证", "統一編號", "統編", "id number", "id no", "id card",
		"nric", "mykad", "ic", "sfz", "身份正")
	passportWords = words("護照", "护照", "passport", "駕照", "驾照", "駕駛證", "驾驶证", "通行證", "通行证")
	// labels may stand between such a word and its value.
	labels     = words("號碼", "号码", "號", "号", "no", "number", "num", "是", "為", "为", "係", "系", "叫", "is", "我的", ":", "=", "#", ".", " ", "\n", "(", "\"", "'", "「", "“")
	phoneWords = words("電話", "电话", "手機", "手机", "phone", "tel", "whatsapp", "致電", "致电", "聯絡", "联系", "mobile", "call me")
	// numberWords announce a number that support needs and that hurts nobody.
	numberWords = words("uid", "用戶id", "用户id", "訂單", "订单", "order", "單號", "单号", "工單", "工单", "ticket",
		"case", "編號", "编号", "txid", "hash", "哈希", "流水", "申訴", "申诉")
	cardWords = words("卡號", "卡号", "card", "銀行卡", "银行卡", "信用卡", "銀聯", "银联", "visa", "mastercard", "cvv")
	hashWords = words("txid", "tx", "hash", "哈希", "交易", "transaction", "區塊", "区块", "etherscan")
	keyWords  = words("私鑰", "私钥", "private", "secret", "金鑰", "密鑰", "密钥")
	// seedCues announce a seed phrase.
	seedCues = words("助記詞", "助记词", "註記詞", "注记词", "恢復詞", "恢复词", "恢復短語", "恢复短语", "備份短語", "备份短语",
		"種子詞", "种子词", "mnemonic", "seed", "seed phrase", "recovery phrase", "zhujici")
	// amountUnits follow a number that is a quantity.
	amountUnits = words("天", "日", "年", "月", "歲", "岁", "元", "塊", "块", "萬", "万", "億", "亿", "次", "分", "秒",
		"小時", "小时", "點", "点", "位", "個", "个", "號", "号", "usdt", "usd", "u", "btc", "eth", "%", "mb", "kb", "px", "gb")
)

// wordList holds words by their first character.
type wordList map[rune][][]rune

func words(list ...string) wordList {
	out := wordList{}
	for _, text := range list {
		w := []rune(text)
		out[w[0]] = append(out[w[0]], w)
	}
	return out
}

// wordAt gives the length of the longest word of list that starts at i, or 0.
// A Latin word must not run on: "no" is not found in "note".
func (m *marks) wordAt(i int, list wordList) int {
	best := 0
	for _, w := range list[lower(m.at(i))] {
		if len(w) > best && m.hasWord(i, w) {
			best = len(w)
		}
	}
	return best
}

func (m *marks) hasWord(i int, w []rune) bool {
	for k, r := range w {
		if lower(m.at(i+k)) != r {
			return false
		}
	}
	if isLetter(w[0]) && isLetter(m.at(i-1)) {
		return false
	}
	return !isLetter(w[len(w)-1]) || !isLetter(m.at(i+len(w)))
}

// before reports whether a word of list starts within reach glyphs before i.
// A secret already masked and the end of a sentence shut the view.
func (m *marks) before(i, reach int, list wordList) bool {
	for k := i - 1; k >= i-reach; k-- {
		if r := m.at(k); r == wall || r == '!' || r == '?' {
			return false
		}
		if m.wordAt(k, list) > 0 {
			return true
		}
	}
	return false
}

// after reports whether a word of list starts within reach glyphs from i on.
func (m *marks) after(i, reach int, list wordList) bool {
	for k := i; k < i+reach; k++ {
		if r := m.at(k); r == wall || r == '!' || r == '?' || r == '\n' {
			return false
		}
		if m.wordAt(k, list) > 0 {
			return true
		}
	}
	return false
}

// skipLabels gives the place after any labels that start at i, at most eight.
func (m *marks) skipLabels(i int) int {
	for range 8 {
		n := m.wordAt(i, labels)
		if n == 0 {
			break
		}
		i += n
	}
	return i
}
