package dialogue

import (
	"regexp"
	"slices"
	"strings"

	"verihelp/intents"
	"verihelp/internal/chat"
)

// Words after a refusal: that it is doubted, or that it will be otherwise one day.
var (
	doubting = regexp.MustCompile(`怎么办|点算|点办|为什么|为何|为啥|点解|凭什么|可是|但是|但|不过|同意|答应|允许|可以吗|可以么|行吗|行不行|得唔得|能用吗|通融|例外|破例|不能改|不能换|改不了|换不了|不行|不可以|办法|怎么这样|不公平|解除|限制.*解|能不能解|求求|拜托|帮帮`)
	someday  = regexp.MustCompile(`再来|再认证|再做|再弄|到时|以后|等我|等到|满了|快满|快要|还差|下个?月|下周|明年|后年|什么时候|几时|几月`)
	holding  = regexp.MustCompile(`(?:有|注册|开).{0,4}(?:账号|帐号|账户|帐户|户口)`)
	lacking  = regexp.MustCompile(`没有?(?:账号|帐号|账户|帐户|户口|注册|开)|(?:未|还没|没)(?:开|注册)`)
)

// paperAsked asks whether a document of one's own would do.
var paperAsked = regexp.MustCompile(`^(?:那么|那|咁|这么)?(?:我)?(?:可以|能|能不能|可不可以)?(?:用|换|改用|换成|有)?(?:我的|自己的)?(?:护照|身份证|驾照|驾驶证|居留证|证件)(?:可以|可不可以|行|行不行|能|得|呢|也|吗|会)+.{0,4}$`)

// refusedBefore: the last answer was that it cannot be done.
func (t *turn) refusedBefore() bool { return t.advised() && t.refusedTopic() }

// refusedTopic: what the topic came to is that it cannot be done.
func (t *turn) refusedTopic() bool {
	cat, ok := t.e.Catalog.Get(t.mem.Topic.Category)
	verdict := t.mem.Topic.Verdict
	return ok && cat.Route == intents.Final && slices.Contains(t.mem.Topic.Answered, cat.ID) && (verdict == "" || finals[verdict])
}

// refusalDoubted: after a refusal, nothing new is said that would change it. Whoever
// says when they come of age may take more words for it.
func (t *turn) refusalDoubted() bool {
	if t.choice != "" || !t.refusedBefore() || t.speaksOfElse() || p(t.merged, "out_of_scope") >= sureOfOutsideAfterAdvice && !t.namesComing() || t.takesLeave() {
		return false
	}
	cat, _ := t.e.Catalog.Get(t.mem.Topic.Category)
	switch {
	case cat.Fact == intents.FactAge && t.namesComing():
		return t.length() <= 2*longestFollowUp
	case cat.Fact == intents.FactPlace && t.hasAccount() && t.fewWords():
		return p(t.merged, "out_of_scope") < sureOfTalk
	case cat.Fact == intents.FactAge && someday.MatchString(t.folded) && p(t.merged, cat.ID) >= sureOfTalk:
		return t.length() <= 2*longestFollowUp
	case paperAsked.MatchString(bareWords(t.folded)): // which document it is changes nothing
		return true
	case cat.Fact == "" && strings.Contains(t.folded, "限制") && t.fewWords(): // that is part of what was refused
	case !t.goesOnWith():
		return false
	}
	return !asksHow.MatchString(t.folded) && (doubting.MatchString(t.folded) || someday.MatchString(t.folded) && p(t.merged, "out_of_scope") < sureOfTalk) && len(t.found) == 0
}

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

// lent speaks of the document of somebody else: "那我爸的身份证可以吗".
var lent = regexp.MustCompile(`(?:爸|妈|爹|娘|哥|姐|弟|妹|老公|老婆|先生|太太|丈夫|妻子|家人|家里人|朋友|同学|同事|亲戚|舅|叔|姨|姑|爷爷|奶奶|别人|其他人|他人|屋企人|老豆|老母).{0,4}(?:身份证|护照|证件|驾照|户口本|脸|名字|名义|资料)`)

// lentAsked: after a refusal, whether somebody else's document would do.
func (t *turn) lentAsked() bool {
	return t.choice == "" && t.refusedBefore() && t.fewWords() && t.asks() && lent.MatchString(t.folded)
}

func (t *turn) declineLent() { t.declineAs("evasion") }

// standByRefusal says once more, in few words, that it stays so, and offers a person.
func (t *turn) standByRefusal() {
	cat, _ := t.e.Catalog.Get(t.mem.Topic.Category)
	t.about(chat.Final, cat.ID)
	switch {
	case cat.Fact == intents.FactPlace && holding.MatchString(t.folded) && !lacking.MatchString(t.folded):
		t.sayBlocks(cat.Texts["holder"])
	case cat.Fact != "" && (someday.MatchString(t.folded) || t.namesComing()):
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
	return t.goesOnWith() && fine[t.mem.Topic.Verdict] && len(t.found) == 0 && p(t.merged, "out_of_scope") < sureOfTalk && (doubting.MatchString(t.folded) || enough.MatchString(t.folded))
}

// enough asks whether what was computed will do.
var enough = regexp.MustCompile(`就?(?:够了?|可以了|行了|没问题)[吧吗?]*$|不是原因|为啥`)

func (t *turn) sayFine() {
	t.stayWith(t.mem.Topic.Category, "advice.fine")
}
