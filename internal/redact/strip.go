package redact

import "strings"

// Strip removes the placeholders of Mask from text, with the words that announced
// them ("我的身分證號碼是〔身分證號〕"). A classifier reads the stripped text, so that
// the name of a secret does not pull it to a topic.
func Strip(text string) string {
	if !strings.Contains(text, opening) {
		return text
	}
	var b strings.Builder
	for rest := text; ; {
		at := strings.Index(rest, opening)
		if at < 0 {
			b.WriteString(rest)
			return b.String()
		}
		n := placeholderAt(rest[at:])
		if n == 0 { // an ordinary bracket
			n = len(opening)
			b.WriteString(rest[:at+n])
		} else {
			b.WriteString(withoutAnnouncement(rest[:at]))
		}
		rest = rest[at+n:]
	}
}

// What announces a number, from the value backwards: 我的 身分證 號碼 是.
var (
	copulas      = []string{"是", "係", "系", "為", "为", ":", "：", "=", "叫", " ", "　"}
	numberLabels = []string{"號碼", "号码", "字號", "字号", "號", "号", "no.", "no", "number", "No.", "NO"}
	documents    = []string{"身份證", "身分證", "身份证", "身分证", "證件", "证件", "護照", "护照", "居留證", "居留证", "ID", "id", "驗證碼", "验证码", "密碼", "密码", "助記詞", "助记词", "私鑰", "私钥", "卡"}
	owners       = []string{"我的", "我個", "我个", "我嘅", "我"}
)

// withoutAnnouncement drops the words that announce a value off the end of a text,
// unless the value stood right behind a word of the sentence: 我的身分證〔…〕被佔用.
func withoutAnnouncement(text string) string {
	rest, said := trimEnd(text, copulas)
	rest, labelled := trimEnd(rest, numberLabels)
	if !labelled && (!said || strings.TrimRight(text, " 　") == rest) {
		return text
	}
	rest, _ = trimEnd(rest, documents)
	rest, _ = trimEnd(rest, owners)
	return rest
}

// trimEnd drops words of a list off the end, any number of them.
func trimEnd(text string, words []string) (rest string, trimmed bool) {
	for again := true; again; {
		again = false
		for _, w := range words {
			if cut, ok := strings.CutSuffix(text, w); ok {
				text, trimmed, again = cut, true, true
			}
		}
	}
	return text, trimmed
}
