package dialogue

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"verihelp/intents"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// What people write right after advice: few words, which alone mean something else.

// longestFollowUp is the length, in characters, up to which words after advice are
// read as going on with it.
const longestFollowUp = 20

func (t *turn) length() int { return utf8.RuneCountInString(bareWords(t.folded)) }

func (t *turn) fewWords() bool { return t.length() <= longestFollowUp }

// goesOnWith: a few words after advice, nothing is asked, and no other category is
// named for sure.
func (t *turn) goesOnWith() bool {
	return t.choice == "" && t.advised() && !t.otherTopic() && !t.speaksOfElse() && t.fewWords()
}

// funds is the label of what people ask about their money.
const funds = "out_of_scope/funds"

// ownWords are the outside matters that have an answer of their own, which nothing
// said before may hide.
var ownWords = []string{crisis, evasion, "out_of_scope/hacked", scam, "out_of_scope/deceased", "out_of_scope/locked", funds, "out_of_scope/security_code", "talk.human"}

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
	_, _, ok := t.anyClause(minClause, func(_ string, c clause) bool {
		label := c.leaves[0].Label
		return slices.Contains(ownWords, label) && c.leaves[0].P >= sureOfClause && !(label == evasion && t.awaitsAge())
	})
	return ok
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

// checked: "網路沒問題", one step of the advice is not the cause.
func (t *turn) checked() bool {
	if !t.goesOnWith() || t.asks() || !allRight.MatchString(t.folded) || strings.HasSuffix(bareWords(t.folded), "了") {
		return false
	}
	line, _ := t.line()
	return line != ""
}

// stayWith says a sentence of the bot's own about a category and offers what stands
// under its advice.
func (t *turn) stayWith(category, key string, values ...string) {
	t.about(chat.Answer, category)
	t.say(t.phrase(key, values...))
	t.offerAfterAdvice(category)
}

func (t *turn) ruleOut() {
	t.stayWith(t.mem.Topic.Category, "advice.checked")
}

// asksHow is answered by a guide, not by the line that says what must be.
var asksHow = regexp.MustCompile(`怎么[^办]|如何|怎样|点样`)

// inOrder says of one thing that it works, not of the verification.
var inOrder = regexp.MustCompile(`(?:network|网络|网路|wifi|权限|版本|相机|镜头|摄像头|光线|手机).{0,4}(?:ok|正常|没问题)`)

// allRight says of something that it is as it should be.
var allRight = regexp.MustCompile(`ok的|没问题|没有问题|冇问题|正常|很好|很清楚|好清楚|很亮|是通的|没错|都对|是对的|没挡|没遮`)

// asks: a question, be it only "那身分證".
func (t *turn) asks() bool {
	return asking.MatchString(t.folded) || elliptical.MatchString(bareWords(t.folded))
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
	return t.choice == "" && t.hinted() && t.fewWords() &&
		(!ok || cat.Kind != intents.Failure || !t.advised() || !t.otherTopic()) && !t.speaksOfElse() &&
		t.onlyDid() && !t.bareFact()
}

// onlyDid: "重裝了", with no word of how it went.
func (t *turn) onlyDid() bool {
	return finished.MatchString(t.folded) && !toldBefore.MatchString(t.folded) && !undone.MatchString(t.folded) && !failing.MatchString(t.folded) && !succeeded.MatchString(t.folded) &&
		!t.stillFails() && !asking.MatchString(t.folded)
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
	return t.choice == "" && len(t.mem.Warned) > 0 && len(t.warned()) == 0 && t.fewWords() && fearing.MatchString(t.folded)
}

func (t *turn) repeatWarning() {
	t.about(chat.Answer, "unclear")
	for _, kind := range t.mem.Warned {
		t.say(t.phrase("warn." + kind))
	}
	t.offer(chat.ChoiceHuman)
}

// exempt asks to be spared a whole step of the verification; spared are those for whom
// the article has a way of their own (section 7).
var (
	exempt = regexp.MustCompile(`(?:可以|可不可以|可唔可以|得唔得|能不能|能|行不行|想).{0,3}(?:不要|不用|不想|唔好|唔使|不|唔|免|跳过|略过|省略|省掉).{0,4}(?:认证|验证|视频|影片|录像|人脸|刷脸|脸|自拍|kyc|实名|活体|地址证明)`)
	spared = regexp.MustCompile(`聋|哑|听障|语障|听损|听不|听唔|失聪|手语|残|说不出|讲不出|讲唔到|不能说|不会说|口吃`)
)

// exemptionAsked: "可以不要做影片認證嗎". No section says so, whichever shares its words.
func (t *turn) exemptionAsked() bool {
	return t.choice == "" && t.fewWords() && t.asks() && exempt.MatchString(t.folded) && !spared.MatchString(t.folded) && !t.says(funds)
}

// promiseNoExemption stays with the topic, or with what the step is about.
func (t *turn) promiseNoExemption() {
	category := "unclear"
	if top, sure := t.top(); sure >= sureOfConfirm && top != "video.deaf_mute" {
		category = top
	}
	if t.advised() {
		category = t.mem.Topic.Category
	}
	t.about(chat.Answer, category)
	key := "advice.exempt"
	if !t.e.Desk {
		key = "advice.exempt_no_desk"
	}
	t.say(t.phrase(key))
	t.leaveQuestion()
	t.offer(chat.ChoiceHuman)
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
