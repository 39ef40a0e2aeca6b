package zh

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxOrdinalText bounds what can be nothing but a choice, in bytes of the text as typed.
const maxOrdinalText = 96

// maxOrdinal is the largest option number that ParseOrdinal reads.
const maxOrdinal = 99

// ParseOrdinal reads the number of a chosen option from a message that says nothing
// else: "2", "２", "②", "2️⃣", "二", "貳", "第二個", "選2", "(2)", "option 2",
// "the second one", "2 謝謝", "我選第二個好了". It reports false when anything else is
// said ("2天", "第二次失敗了", "二月", "2個帳號"), since those answer another question.
func ParseOrdinal(text string) (n int, ok bool) {
	if len(text) > maxOrdinalText {
		return 0, false
	}
	core := trimFillers(Fold(text))
	if rest, ordinal := strings.CutPrefix(core, "第"); ordinal {
		core = trimSuffix(strings.TrimSpace(rest), ordinalClassifiers)
	} else {
		core = trimSuffix(core, optionNouns)
	}
	core = strings.TrimSpace(core)
	if n, ok = parseDigits(core); ok {
		return n, true
	}
	if n, ok = parseNumeral(core); ok {
		return n, true
	}
	n, ok = englishNumbers[strings.TrimSuffix(core, " one")]
	return n, ok
}

// What may stand around the number, in folded form.
var (
	leadFillers = byLength("我", "我的", "那", "那就", "就", "嗯", "好", "好的", "请", "要", "想", "想要", "想选", "选", "选了", "选择", "选项", "选的是",
		"挑", "答案", "答案是", "是", "应该", "应该是", "大概", "可能是", "麻烦", "option", "options", "choice", "choose", "i choose", "number", "no.", "no", "#", "the", "编号", "号码", "拣", "系", "我拣")
	tailFillers = byLength("吧", "啊", "呀", "了", "啦", "喔", "哦", "噢", "耶", "的", "谢谢", "谢谢你", "感谢", "多谢", "唔该", "好了", "好", "就好", "才对",
		"拜托", "麻烦了", "thanks", "thank you", "thx", "please", "pls", "ok")
	ordinalClassifiers = byLength("个", "个选项", "项", "号", "种", "条", "点", "选项")
	optionNouns        = byLength("号", "号选项")
)

// surrounding is punctuation that lists and people put around a number. A question
// mark is not among it: "2?" asks.
const surrounding = " .,、。!()[]{}<>「」『』【】〈〉《》“”‘’\"'~:;*_`"

// englishNumbers are the words that people answer an English-looking list with.
var englishNumbers = map[string]int{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
	"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5,
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
}

// trimFillers drops punctuation and polite words around a number until nothing changes.
func trimFillers(text string) string {
	for {
		next := strings.Trim(text, surrounding)
		next = trimPrefix(next, leadFillers)
		next = trimSuffix(next, tailFillers)
		if next == text || next == "" {
			return text
		}
		text = next
	}
}

func trimPrefix(text string, words []string) string {
	for _, w := range words {
		if rest, ok := strings.CutPrefix(text, w); ok {
			return rest
		}
	}
	return text
}

func trimSuffix(text string, words []string) string {
	for _, w := range words {
		if rest, ok := strings.CutSuffix(text, w); ok {
			return rest
		}
	}
	return text
}

// byLength sorts words so that the longest is tried first.
func byLength(words ...string) []string {
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}

// parseDigits reads "1" to "99" without leading zeros.
func parseDigits(text string) (int, bool) {
	if len(text) == 0 || len(text) > 2 || text[0] == '0' {
		return 0, false
	}
	n := 0
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, n <= maxOrdinal
}

// Chinese digits from 1 to 9 and the ten, plain and financial, in folded form.
const (
	plainDigits     = "一二三四五六七八九"
	financialDigits = "壹贰叁肆伍陆柒捌玖"
	tens            = "十拾"
)

// parseNumeral reads 一 to 九十九.
func parseNumeral(text string) (int, bool) {
	before, after, hasTen := cutAny(text, tens)
	if !hasTen {
		return digit(text)
	}
	n := 10
	if before != "" {
		d, ok := digit(before)
		if !ok {
			return 0, false
		}
		n = d * 10
	}
	if after == "" {
		return n, true
	}
	d, ok := digit(after)
	return n + d, ok
}

// cutAny is strings.Cut around the first character of text that is in chars.
func cutAny(text, chars string) (before, after string, found bool) {
	i := strings.IndexAny(text, chars)
	if i < 0 {
		return text, "", false
	}
	_, size := utf8.DecodeRuneInString(text[i:])
	return text[:i], text[i+size:], true
}

// digit reads a single Chinese digit from 1 to 9.
func digit(text string) (int, bool) {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 || size != len(text) {
		return 0, false
	}
	for _, digits := range []string{plainDigits, financialDigits} {
		if i := strings.IndexRune(digits, r); i >= 0 {
			return i/len("一") + 1, true
		}
	}
	return 0, false
}
