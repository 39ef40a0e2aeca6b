package dialogue

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"verihelp/intents"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
	"verihelp/knowledge"
)

// What people write right after advice: a question about one line of it, that it was
// done, that a refusal should not hold. Few words, which alone mean something else.

// longestFollowUp is the length, in characters, up to which words after advice are
// read as going on with it.
const longestFollowUp = 20

func (t *turn) length() int { return utf8.RuneCountInString(bareWords(t.folded)) }

// goesOnWith: a few words after advice, nothing is asked, and no other category is
// named for sure.
func (t *turn) goesOnWith() bool {
	return t.choice == "" && t.advised() && !t.otherTopic() && !t.speaksOfElse() && t.length() <= longestFollowUp
}

// ownWords are the outside matters that have an answer of their own, which nothing
// said before may hide.
var ownWords = []string{crisis, evasion, "out_of_scope/hacked", "out_of_scope/funds", "out_of_scope/security_code", "talk.human"}

// speaksOfElse: the message, or a clause of it, is about such a matter.
func (t *turn) speaksOfElse() bool {
	for _, label := range ownWords {
		if p(t.leaves, label) >= sureOfTalk {
			return true
		}
	}
	if borrowsDevice(t.folded) {
		return false
	}
	return slices.ContainsFunc(firstOf(t.clauses(minClause)), func(clause string) bool {
		best := t.clause(clause).leaves[0]
		return slices.Contains(ownWords, best.Label) && best.P >= sureOfClause
	})
}

// goesOn: a few words right after advice that name nothing of their own.
func (t *turn) goesOn() bool {
	if !t.goesOnWith() {
		return false
	}
	for _, g := range t.merged {
		if cat, ok := t.e.Catalog.Get(g.Label); ok && candidate(cat) && g.Label != t.mem.Topic.Category && g.P >= sureOfConfirm {
			return false
		}
	}
	return true
}

// followUp: a question inside the topic, or one that no category covers, that a
// section of the articles answers.
func (t *turn) followUp() bool {
	if t.choice != "" {
		return false
	}
	if knowsNot.MatchString(bareWords(t.folded)) {
		return false
	}
	if t.goesOnWith() && helpless.MatchString(t.folded) {
		return false // "真的沒辦法嗎" asks for nothing that a section could answer
	}
	if t.hasTopic() && t.hit() != nil && t.fits {
		return true // inside a topic, a section that fits fully beats the guess that it is none of ours
	}
	if !t.elliptic() && (p(t.merged, "out_of_scope") >= sureOfOutside || p(t.merged, "unclear") >= sureOfTalk) {
		return false // "it failed, what now?" shares words with every section and is answered by none
	}
	return t.hit() != nil
}

// helpless asks what else could be done.
var helpless = regexp.MustCompile(`办法|怎么办|咋办|点算|点办`)

// longestEllipsis is the length of an elliptic question, in characters.
const longestEllipsis = 12

// elliptical is a question that cannot be understood without what was said before.
var elliptical = regexp.MustCompile(`^那|^这么|呢$`)

// elliptic: "那安卓的呢" goes on with the topic and cannot be understood without.
func (t *turn) elliptic() bool {
	if !t.advised() || t.length() > longestEllipsis || p(t.merged, "out_of_scope") >= sureOfTalk {
		return false
	}
	return elliptical.MatchString(bareWords(t.folded))
}

// lineAsked: "那掃描檔呢", where a line of the advice says it and no other section does.
func (t *turn) lineAsked() bool {
	if !t.goesOnWith() || t.followUp() {
		return false
	}
	if cat, ok := t.e.Catalog.Get(t.mem.Topic.Category); !ok || cat.Kind != intents.Failure && !t.asks() {
		return false // what somebody only tells is no question about a guide
	}
	if asksHow.MatchString(t.folded) {
		return false
	}
	line, _ := t.line()
	return line != ""
}

// checked: "網路沒問題", one step of the advice is not the cause.
func (t *turn) checked() bool {
	if !t.goesOnWith() || t.asks() || !allRight.MatchString(t.folded) || strings.HasSuffix(bareWords(t.folded), "了") {
		return false
	}
	line, _ := t.line()
	return line != ""
}

func (t *turn) ruleOut() {
	t.about(chat.Answer, t.mem.Topic.Category)
	t.say(t.phrase("advice.checked"))
	t.offerAfterAdvice(t.mem.Topic.Category)
}

func (t *turn) quoteLine() {
	line, section := t.line()
	t.about(chat.Answer, t.mem.Topic.Category)
	t.say(t.phrase("advice.line"))
	t.sayBlocks([]chat.Block{{Kind: chat.Paragraph, Text: line}, t.source(section)})
	t.offerAfterAdvice(t.mem.Topic.Category)
}

// asksHow is answered by a guide, not by the line that says what must be.
var asksHow = regexp.MustCompile(`怎么[^办]|如何|怎样|点样`)

// allRight says of something that it is as it should be.
var allRight = regexp.MustCompile(`没问题|没有问题|冇问题|正常|很好|很清楚|好清楚|很亮|是通的|没错|都对|是对的|没挡|没遮`)

// asks: a question, be it only "那身分證".
func (t *turn) asks() bool {
	return asking.MatchString(t.folded) || elliptical.MatchString(bareWords(t.folded))
}

// leastShare is the share of a question's content that a line must have.
const leastShare = 0.3

// line is the line of the topic's own sections that a question is about: the one that
// has most of its content.
func (t *turn) line() (line string, section *knowledge.Section) {
	cat, ok := t.e.Catalog.Get(t.mem.Topic.Category)
	if !ok {
		return "", nil
	}
	content := contentOf(t.folded)
	total, most := utf8.RuneCountInString(strings.Join(content, "")), 0
	for _, id := range cat.Sections {
		s, ok := t.e.Library.Section(id)
		if !ok {
			continue
		}
		for _, candidate := range linesOf(s) {
			shared := sharedWith(content, zh.Fold(candidate))
			if shared > most && float64(shared) >= leastShare*float64(total) {
				line, section, most = candidate, s, shared
			}
		}
	}
	return line, section
}

// linesOf takes a section apart into sentences and items.
func linesOf(s *knowledge.Section) []string {
	var out []string
	for _, b := range s.Blocks {
		if b.Kind == chat.Paragraph {
			for _, sentence := range strings.SplitAfter(b.Text, "。") {
				if sentence = withoutColon(strings.TrimSpace(sentence)); sentence != "" {
					out = append(out, sentence)
				}
			}
		}
		out = append(out, b.Items...)
	}
	return out
}

// withoutColon drops what only announces a list: "…，並確認：".
func withoutColon(sentence string) string {
	if !strings.HasSuffix(sentence, "：") {
		return sentence
	}
	if comma := strings.LastIndex(sentence, "，"); comma > 0 {
		return sentence[:comma] + "。"
	}
	return ""
}

// fillers are words that make a question of whatever stands beside them, and those
// that stand in nearly every line.
var fillers = regexp.MustCompile(`怎么办|怎么样|怎么|什么|可不可以|可以|能不能|行不行|是不是|一定要|需不需要|需要|应该|还是|如果|或者|因为|所以|但是|可是|不过|请问|问题|重新|认证|验证|身份证|身份|证件|照片|资料|手机|app|okx` +
	`|[那呢吗嘛么啊呀喔哦啦的得地了是我你您他她它们有没不也都就才还再又要会能行用拿把被给让跟和与或在从到对这个些哪几多少很太好吧写说]`)

// asksWhatToSay is answered by the line that tells what to answer in the video.
var asksWhatToSay = regexp.MustCompile(`[念读讲说](?:什么|啥|咩|乜嘢?|哪几个字|哪句)(?:话|内容)?`)

// contentOf is what a folded question is about, without its fillers.
func contentOf(folded string) []string {
	var out []string
	folded = asksWhatToSay.ReplaceAllString(folded, "回答")
	for _, word := range strings.Fields(fillers.ReplaceAllString(folded, " ")) {
		if word = bareWords(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// sharedWith counts the characters of the content that a folded line has: of each
// word the longest piece of two or more, or the one character that is all there is.
func sharedWith(content []string, line string) int {
	least := 2
	if len(content) == 1 {
		least = min(least, utf8.RuneCountInString(content[0]))
	}
	shared := 0
	for _, word := range content {
		shared += longestPiece([]rune(word), line, least)
	}
	return shared
}

func longestPiece(word []rune, line string, least int) int {
	for n := len(word); n >= least; n-- {
		for i := 0; i+n <= len(word); i++ {
			if strings.Contains(line, string(word[i:i+n])) {
				return n
			}
		}
	}
	return 0
}

// finished is how people say that they did what advice asks for; undone that they did
// not, or did something else; succeeded that it helped.
var (
	finished = regexp.MustCompile(strings.NewReplacer(
		"ACT", `(?:重装|重灌|更新|升级|重启|重开|重拍|重传|重试|照做|照着做|检查|清(?:理|除)?(?:了)?缓存|卸载|下载|update)`,
		"THING", `(?:权限|网络|wifi|手机|电话|app|软件|缓存|版本|相机|镜头|摄像头|设置|光线|灯|系统)`,
	).Replace(`ACT.{0,4}(?:过|好|完|咗)?(?:了|咗|啦)|ACT.{0,4}过|(?:已经|早就|本来就|都|全).{0,2}ACT` +
		`|THING.{0,4}(?:开|打开|换|关|调|设)(?:过|好)?(?:了|咗)|(?:开|打开|换|关|调|设)(?:过|好)?(?:了|咗).{0,4}THING|是?最新(?:版|的)`))
	undone    = regexp.MustCompile(`不想|不要|不敢|不用|还没|没(?:有)?(?:重|更|升|换|开|清)|丢|掉了|没了|坏|账号|帐号|申请|忘`)
	succeeded = regexp.MustCompile(`好了$|可以了|解决|搞定|成功|通过了|过了!|行了$|没事了|没问题了|ok了|正常了|谢|终于|上去了|能用了|就能用`)
)

// done: what was advised was done, and nothing is said of the outcome.
func (t *turn) done() bool {
	top, _ := t.top()
	cat, ok := t.e.Catalog.Get(top)
	return t.choice == "" && t.hinted() && t.length() <= longestFollowUp &&
		(!ok || cat.Kind != intents.Failure || !t.advised() || !t.otherTopic()) && !t.speaksOfElse() &&
		finished.MatchString(t.folded) && !undone.MatchString(t.folded) && !failing.MatchString(t.folded) && !succeeded.MatchString(t.folded) &&
		!stillNot.MatchString(t.folded) && !asking.MatchString(t.folded) && !t.bareFact()
}

// workedOut: "都試了，可以了".
func (t *turn) workedOut() bool {
	return t.goesOnWith() && worked.MatchString(bareWords(t.folded))
}

var worked = regexp.MustCompile(`(?:可以|正常|成功|上去|通过)了$|(?:试|做)(?:过|完)?了.{0,2}(?:好|行)了$`)

// hinted: the last reply said what can be done.
func (t *turn) hinted() bool {
	return slices.ContainsFunc(t.offered, func(c chat.Choice) bool { return c.ID == chat.ChoiceNotSolved })
}

func (t *turn) askOutcome() {
	t.about(chat.Clarify, "unclear")
	if t.hasTopic() && t.mem.Topic.Category != "" {
		t.trace.Category = t.mem.Topic.Category
	}
	t.say(t.phrase("advice.outcome"))
	t.offer(chat.ChoiceSolved, chat.ChoiceNotSolved, chat.ChoiceHuman)
}

// fearing asks what follows from a secret that was sent.
var fearing = regexp.MustCompile(`^[那我]?[\s,]*(?:现在)?(?:该|要)?(?:怎么办|咋办|怎办|点算|点办|怎么处理)|已经发|发出去|收回|撤回|泄[露漏]|外流|会不会|有没有事|危险|安全吗`)

// secretFeared: right after a warning, what to do about the secret.
func (t *turn) secretFeared() bool {
	return t.choice == "" && len(t.mem.Warned) > 0 && len(t.warned()) == 0 && t.length() <= longestFollowUp && fearing.MatchString(t.folded)
}

func (t *turn) repeatWarning() {
	t.about(chat.Answer, "unclear")
	for _, kind := range t.mem.Warned {
		t.say(t.phrase("warn." + kind))
	}
	t.offer(chat.ChoiceHuman)
}

// Words after a refusal: that it is doubted, or that it will be otherwise one day.
var (
	doubting = regexp.MustCompile(`怎么办|点算|点办|为什么|为何|为啥|点解|凭什么|可是|但是|但|不过|同意|答应|允许|通融|例外|破例|不能改|不能换|改不了|换不了|不行|不可以|办法|怎么这样|不公平|解除|限制.*解|能不能解|求求|拜托|帮帮`)
	someday  = regexp.MustCompile(`再来|再认证|再做|再弄|到时|以后|等我|等到|满了|快满|快要|还差|下个?月|下周|明年|后年|什么时候|几时|几月`)
	holding  = regexp.MustCompile(`(?:有|注册|开).{0,4}(?:账号|帐号|账户|帐户|户口)`)
	lacking  = regexp.MustCompile(`没有?(?:账号|帐号|账户|帐户|户口|注册|开)|(?:未|还没|没)(?:开|注册)`)
)

// refusedBefore: the last answer was that it cannot be done.
func (t *turn) refusedBefore() bool {
	if !t.advised() {
		return false
	}
	cat, ok := t.e.Catalog.Get(t.mem.Topic.Category)
	verdict := t.mem.Topic.Verdict
	return ok && cat.Route == intents.Final && slices.Contains(t.mem.Topic.Answered, cat.ID) && (verdict == "" || finals[verdict])
}

// refusalDoubted: after a refusal, nothing new is said that would change it. Whoever
// says when they come of age may take more words for it.
func (t *turn) refusalDoubted() bool {
	if t.choice != "" || !t.refusedBefore() || t.speaksOfElse() || p(t.merged, "out_of_scope") >= sureOfOutsideAfterAdvice || t.takesLeave() {
		return false
	}
	cat, _ := t.e.Catalog.Get(t.mem.Topic.Category)
	switch {
	case cat.Fact == intents.FactPlace && t.hasAccount() && t.length() <= longestFollowUp:
		return p(t.merged, "out_of_scope") < sureOfTalk
	case cat.Fact == intents.FactAge && someday.MatchString(t.folded) && p(t.merged, cat.ID) >= sureOfTalk:
		return t.length() <= 2*longestFollowUp
	case !t.goesOnWith() && !(identityChange(cat) && strings.Contains(t.folded, "限制") && t.length() <= longestFollowUp):
		return false
	}
	return !asksHow.MatchString(t.folded) && (doubting.MatchString(t.folded) || someday.MatchString(t.folded) && p(t.merged, "out_of_scope") < sureOfTalk) && len(t.found) == 0
}

// identityChange: being restricted is part of what the refusal is about.
func identityChange(cat *intents.Category) bool { return cat.Fact == "" }

// takesLeave: thanks or a goodbye.
func (t *turn) takesLeave() bool {
	top, sure := t.top()
	return (top == "talk.thanks" || top == "talk.goodbye" || top == "talk.greeting") && sure >= sureOfTalk
}

// hasAccount: the account is told to be there, or not to be.
func (t *turn) hasAccount() bool {
	return (holding.MatchString(t.folded) || lacking.MatchString(t.folded)) && !otherFirm.MatchString(t.folded) && !failing.MatchString(strings.NewReplacer("没有", "", "没", "").Replace(t.folded))
}

// otherFirm is an exchange that is not ours.
var otherFirm = regexp.MustCompile(`币安|binance|bybit|火币|bitget|coinbase|max|派网|kucoin|抹茶|mexc|别家|其他平台|别的平台`)

// standByRefusal says once more, in few words, that it stays so, and offers a person.
func (t *turn) standByRefusal() {
	cat, _ := t.e.Catalog.Get(t.mem.Topic.Category)
	t.about(chat.Final, cat.ID)
	switch {
	case cat.Fact == intents.FactPlace && holding.MatchString(t.folded) && !lacking.MatchString(t.folded):
		t.sayBlocks(cat.Texts["holder"])
	case cat.Fact != "" && someday.MatchString(t.folded):
		t.sayBlocks(cat.Texts["someday"])
	case t.e.Desk:
		t.say(t.phrase("advice.stands"))
	default:
		t.say(t.phrase("advice.stands_no_desk"))
	}
	t.offer(chat.ChoiceHuman)
}

// fineDoubted: a fact that was fine is asked about again: "那為什麼不過".
func (t *turn) fineDoubted() bool {
	if !t.goesOnWith() {
		return false
	}
	return fine[t.mem.Topic.Verdict] && len(t.found) == 0 && p(t.merged, "out_of_scope") < sureOfTalk && (doubting.MatchString(t.folded) || enough.MatchString(t.folded))
}

// enough asks whether what was computed will do.
var enough = regexp.MustCompile(`就?(?:够了?|可以了|行了|没问题)[吧吗?]*$|不是原因|为啥`)

func (t *turn) sayFine() {
	t.about(chat.Answer, t.mem.Topic.Category)
	t.say(t.phrase("advice.fine"))
	t.offerAfterAdvice(t.mem.Topic.Category)
}

// backAsked: "那臉呢", where a problem that was named before is about that.
func (t *turn) backAsked() bool { return t.askedBack() != "" }

func (t *turn) askedBack() string {
	if t.choice != "" || !t.advised() || !elliptical.MatchString(bareWords(t.folded)) {
		return ""
	}
	content := contentOf(t.folded)
	for _, old := range slices.Backward(t.mem.Earlier) {
		if cat, ok := t.e.Catalog.Get(old.Category); ok && len(content) == 1 && strings.Contains(zh.Fold(cat.Title), content[0]) {
			return cat.ID
		}
	}
	return ""
}

func (t *turn) goBackAsked() {
	t.choice = prefixBack + t.askedBack()
	t.goBack()
}
