package dialogue

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"verihelp/intents"
	"verihelp/intents/facts"
	"verihelp/internal/chat"
	"verihelp/internal/redact"
	"verihelp/internal/zh"
	"verihelp/knowledge"
)

// maxRunes of a message are read; a longer one is answered for its beginning,
// and the reply says so.
const maxRunes = 4000

// turn is one call of Next at work.
type turn struct {
	e     *Engine
	conv  chat.Conversation
	msg   chat.Message
	queue chat.Queue
	mem   chat.Memory // as it will be remembered

	// What was understood.
	text      string // the message without placeholders of secrets and control characters
	folded    string
	read      string // what of it was classified
	cut       bool   // the message was longer than maxRunes
	detection zh.Detection
	locale    zh.Locale
	today     time.Time
	leaves    []intents.Guess // labels, best first
	merged    []intents.Guess // categories, best first
	found     factList
	choice    string        // ID of the choice taken, by tap, number or words
	offered   []chat.Choice // what the last reply offered
	several   []string      // categories of several problems, in blocking order
	belief    belief        // what is possible after this message
	searched  bool
	byClause  map[string]clause     // what single clauses are about
	answer    *intents.DirectAnswer // to what is asked on, once a rule found it
	section   *knowledge.Section    // what hit found; nil if nothing
	fits      bool                  // it covers all of the question
	worried   bool                  // about the money, beside a problem

	// What was decided.
	bubbles []chat.Bubble
	choices []chat.Choice
	trace   chat.Trace
	open    *chat.Case
	cancel  bool
	rating  int
}

// masks stand for secrets, in Traditional.
var masks = regexp.MustCompile(`〔[^〕]*〕`)

// understand reads everything that the rules look at out of the message.
func (t *turn) understand() {
	t.offered = t.mem.Offered
	t.text, t.cut = readable(redact.Strip(t.msg.Text))
	t.folded = zh.Fold(t.text)
	if t.detection = zh.Detect(t.text); t.detection.Script == zh.None {
		t.detection = zh.Detect(masks.ReplaceAllString(t.msg.Text, "")) // the words around a secret tell, its mask does not
	}
	t.today = dateIn(t.msg.At, t.e.Location)
	t.choice = t.chosen()
	t.locale = t.chooseLocale()
	if t.msg.Choice != "" || t.wordless() {
		return // a tapped label is our own text, no evidence of what the user means
	}
	t.found = facts.Read(t.text, t.today)
	t.read = withoutLead(withoutPassed(withoutAccount(t.folded)))
	t.leaves = t.weighed(t.classify(t.read).leaves)
	if t.pending() != "" && knowsNot.MatchString(bareWords(t.folded)) || disclaims.MatchString(t.folded) || overOrThrough.MatchString(bareWords(t.folded)) {
		t.leaves = []intents.Guess{{Label: "unclear", P: 1}}
	}
	t.merged = intents.Merge(t.leaves)
	t.readScreen()
	t.pastCourtesy()
	t.pastMoney()
	t.pastPlace()
	t.several = t.problems()
	if t.choice == "" {
		t.choice = t.yesOrNo()
	}
}

// readScreen takes what the app says is on the screen as a further clause of a
// message that alone tells nothing ("失敗了"), unless an answer is waited for. Where
// both together tell nothing either, the message counts alone.
func (t *turn) readScreen() {
	screen := t.msg.Context.ErrorText
	if top, _ := t.top(); top != "unclear" || screen == "" || t.choice != "" || t.hasTopic() {
		return
	}
	screen, _ = readable(redact.Strip(screen))
	both := t.read + "，" + zh.Fold(screen)
	leaves := t.weighed(t.e.Classifier.Classify(both))
	merged := intents.Merge(leaves)
	if cat, ok := t.e.Catalog.Get(merged[0].Label); ok && candidate(cat) {
		t.read, t.leaves, t.merged = both, leaves, merged
	}
}

// account is the number of an account, which people add for staff: it says nothing
// about the problem, but its digits would.
var account = regexp.MustCompile(`(?:我的?)?uid\s*(?:号|号码)?\s*[是为:=]?\s*[0-9]{5,20}[\s,.]*`)

// withoutAccount leaves account numbers out of a folded text, unless little remains.
func withoutAccount(folded string) string {
	if rest := account.ReplaceAllString(folded, ""); utf8.RuneCountInString(rest) >= minClause {
		return rest
	}
	return folded
}

// passed is a clause that says that one step is through: "人臉通過了，但影片沒過".
var passed = regexp.MustCompile(`^(?:(?:人脸|脸|刷脸|自拍)(?:识别|认证|验证)?(?:都|也|已经|倒是|是)?(?:通过|过|成功|没问题|ok)|(?:证件|照片|护照|身份证|地址证明)(?:认证|验证|审核)?(?:都|也|已经|倒是|是)?(?:通过|审核过|成功|没问题|ok))(?:了|的)?$`)

// overOrThrough can mean that a document has expired, or that its step is through.
var overOrThrough = regexp.MustCompile(`^(?:我的?)?(?:身份证|证件|护照|驾照)(?:已经|都)?过了$`)

// withoutPassed leaves such clauses out of a folded text that says more.
func withoutPassed(folded string) string {
	clauses := strings.FieldsFunc(folded, func(r rune) bool { return strings.ContainsRune(" ,.;!?。\n", r) })
	rest := slices.DeleteFunc(slices.Clone(clauses), passed.MatchString)
	if text := strings.Join(rest, ","); len(rest) < len(clauses) && utf8.RuneCountInString(text) >= minClause {
		return text
	}
	return folded
}

// knowsNot answers a question by saying that the answer is not known.
var knowsNot = regexp.MustCompile(`^(?:我|本人)?(?:也|都|真的?|实在)?(?:不清楚|不知道|不晓得|不懂|不确定|唔知|唔清楚|唔知道)(?:啊|呀|耶|诶|欸|哎|啦|喔)?$`)

// leads go on from what was said before and say nothing themselves. "還有" is one only
// where no number follows: "還有 45 天".
var leads = regexp.MustCompile(`^(?:对了|另外还有|另外|然后|那么|那|这么|还有)[\s,.]*(?:(?:还有|就是|一个问题是?)[\s,.]*)?`)

// withoutLead drops a lead off a folded text, unless little or a number remains.
func withoutLead(folded string) string {
	lead := leads.FindString(folded)
	rest := folded[len(lead):]
	first, _ := utf8.DecodeRuneInString(rest)
	if utf8.RuneCountInString(rest) < minClause || unicode.IsDigit(first) || strings.ContainsRune("一二两三四五六七八九十几半多不效个位边里种些次张部份样么能得可", first) {
		return folded
	}
	return rest
}

// yesOrNo reads yes and no in words as the choice that "is it this one?" offers.
func (t *turn) yesOrNo() string {
	category, asked := strings.CutPrefix(t.pending(), questionConfirm)
	switch {
	case asked && t.affirms():
		return prefixIs + category
	case asked && t.denies():
		return prefixNot + category
	}
	return ""
}

// readable drops control characters and cuts what is too long to be read.
func readable(text string) (out string, cut bool) {
	text = strings.ToValidUTF8(text, "")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return ' '
		}
		return r
	}, text)
	text = strings.TrimSpace(text)
	if runes := []rune(text); len(runes) > maxRunes {
		return string(runes[:maxRunes]), true
	}
	return text, false
}

// wordless says that nothing in the message can be classified: no letter, no
// digit, one over and over, or nothing but masked secrets.
func (t *turn) wordless() bool {
	first, more, count := rune(-1), false, 0
	for _, r := range t.folded {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		if first < 0 {
			first = r
		}
		more, count = more || r != first, count+1
	}
	return count == 0 || !more && count > longestRow
}

// inLatin: several words and no Chinese among them.
func (t *turn) inLatin() bool {
	words := 0
	for _, w := range strings.Fields(t.folded) {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			return false
		}
		if strings.ContainsFunc(w, unicode.IsLetter) {
			words++
		}
	}
	return words >= 3
}

// longestRow is how often one character may be repeated to be a word still: 哈哈哈.
const longestRow = 20

// chosen finds the choice that was taken: tapped, by its number in any form, or
// by its words.
func (t *turn) chosen() string {
	if t.msg.Choice != "" {
		return t.msg.Choice
	}
	if len(t.offered) == 0 {
		return ""
	}
	if n, ok := zh.ParseOrdinal(t.text); ok && n >= 1 && n <= len(t.offered) {
		return t.offered[n-1].ID
	}
	return t.chosenByWords()
}

// chosenByWords takes a choice whose label is what was typed, or nearly so. Two
// that fit equally are none.
func (t *turn) chosenByWords() string {
	typed := bareWords(t.folded)
	if len([]rune(typed)) < 2 {
		return ""
	}
	taken := ""
	for _, c := range t.offered {
		label := bareWords(zh.Fold(c.Label))
		if typed == label {
			return c.ID
		}
		longer := len([]rune(typed)) - len([]rune(label))
		if len([]rune(label)) < 3 || negated(typed) != negated(label) {
			continue
		}
		if (strings.Contains(typed, label) && longer <= 3) || (strings.Contains(label, typed) && len([]rune(typed)) >= 3) {
			if taken != "" {
				return ""
			}
			taken = c.ID
		}
	}
	return taken
}

// negated says that a folded text denies something.
func negated(text string) bool { return strings.ContainsAny(text, "不没别未无") }

// bareWords keeps letters and digits only.
func bareWords(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

// chooseLocale follows the precedence of the scripts: the explicit choice, the
// characters of this message, the last reply, the app's locale, Traditional. A
// tapped label is our own text and tells nothing of the user's script.
func (t *turn) chooseLocale() zh.Locale {
	app, _ := zh.ParseLocale(t.msg.Locale)
	detection := t.detection
	if t.msg.Choice != "" {
		detection = zh.Detection{Script: zh.None}
	}
	return zh.Choose(zh.Locale(t.mem.LangFixed), zh.Locale(t.mem.Lang), app, detection)
}

// dateIn is the civil date of a moment in a time zone, as midnight UTC.
func dateIn(at time.Time, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// p is the probability of a label or, merged, of a category.
func p(guesses []intents.Guess, label string) float64 {
	for _, g := range guesses {
		if g.Label == label {
			return g.P
		}
	}
	return 0
}

// top is the most probable category with its probability.
func (t *turn) top() (string, float64) {
	if len(t.merged) == 0 {
		return "", 0
	}
	return t.merged[0].Label, t.merged[0].P
}

// says holds when the message most probably is the label: a category's variant.
func (t *turn) says(label string) bool {
	return len(t.leaves) > 0 && t.leaves[0].Label == label && t.leaves[0].P >= sureOfTalk
}
