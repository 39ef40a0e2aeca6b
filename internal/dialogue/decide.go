package dialogue

import (
	"regexp"
	"slices"
	"strings"

	"verihelp/intents"
	"verihelp/internal/chat"
	"verihelp/internal/redact"
	"verihelp/internal/zh"
)

// Probabilities from which the rules act: set by what a wrong decision costs,
// the dearer the higher.
const (
	sureOfAnswer             = 0.60 // self-service advice and guides: a wrong one costs little
	sureOfHuman              = 0.70 // opening a case: a wrong one costs a person's time
	sureOfFinal              = 0.70 // saying that it cannot be done
	sureOfDanger             = 0.80 // that somebody speaks of ending their life: "慢死了" does not
	sureOfTalk               = 0.50 // small talk, a person, outside
	sureOfOutsideAfterAdvice = 0.95 // outside, right after advice
	sureOfHumanAfterAdvice   = 0.85 // opening a case for a few words after advice on something else
	sureOfConfirm            = 0.45 // below "sure": ask whether it is this one
	sureOfClause             = 0.80 // one of several problems in a message
)

// rule is a named predicate with what to do where it holds.
type rule struct {
	name string
	when func(*turn) bool
	do   func(*turn)
}

// rules in order of precedence: the first that holds acts. Their names are
// stored in the trace.
var rules = []rule{
	{"blocked", (*turn).blocked, (*turn).keepSilent},
	{"language_chosen", (*turn).languageChosen, (*turn).changeLanguage},
	{"in_danger", (*turn).inDanger, (*turn).careFirst},
	{"taken_back", (*turn).takenBack, (*turn).takeBack},
	{"with_staff", (*turn).withStaff, (*turn).relay},
	{"rated", (*turn).rated, (*turn).thankForRating},
	{"only_secret", (*turn).onlySecret, (*turn).askWithoutSecret},
	{"only_file", (*turn).onlyFile, (*turn).askForScreensWords},
	{"no_words", (*turn).noWords, (*turn).askForWords},
	{"reopened", (*turn).reopened, (*turn).reopen},
	{"ticked_late", (*turn).tickedLate, (*turn).sayOver},
	{"no_such_number", (*turn).noSuchNumber, (*turn).repeatChoices},
	{"scam_told", (*turn).scamTold, (*turn).warnOfScam},
	{secretFeared, (*turn).secretFeared, (*turn).repeatWarning},
	{"lone_number", (*turn).loneNumber, (*turn).askWhatNumber},
	{"section_chosen", (*turn).sectionChosen, (*turn).readSection},
	{"back_chosen", (*turn).backChosen, (*turn).goBack},
	{"refused", (*turn).refused, (*turn).declineOutside},
	{"person_asked", (*turn).personAsked, (*turn).callPerson},
	{"done", (*turn).done, (*turn).askOutcome},
	{"solved", (*turn).solved, (*turn).closeTopic},
	{"not_solved", (*turn).notSolved, (*turn).tryNext},
	{"fine_doubted", (*turn).fineDoubted, (*turn).sayFine},
	{"lent_asked", (*turn).lentAsked, (*turn).declineLent},
	{"renewal_awaited", (*turn).renewalAwaited, (*turn).adviseMeanwhile},
	{"answer_asked", (*turn).answerAsked, (*turn).giveAnswer},
	{"refusal_doubted", (*turn).refusalDoubted, (*turn).standByRefusal},
	{"option_chosen", (*turn).optionChosen, (*turn).weighOption},
	{"checked", (*turn).checked, (*turn).ruleOut},
	{"exemption_asked", (*turn).exemptionAsked, (*turn).promiseNoExemption},
	{"back_asked", (*turn).backAsked, (*turn).goBackAsked},
	{"line_asked", (*turn).lineAsked, (*turn).quoteLine},
	{"none_chosen", (*turn).noneChosen, (*turn).weighNone},
	{"fact_given", (*turn).factGiven, (*turn).answerFact},
	{"small_talk", (*turn).smallTalk, (*turn).chatBack},
	{"corrected", (*turn).corrected, (*turn).startAgain},
	{"several_problems", (*turn).severalProblems, (*turn).answerSeveral},
	{"same_topic_again", (*turn).sameTopicAgain, (*turn).goDeeper},
	{"asked_anywhere", (*turn).askedAnywhere, (*turn).answerAnywhere},
	{"confident", (*turn).confident, (*turn).handleHeard},
	{"follow_up", (*turn).followUp, (*turn).quoteFollowUp},
	{"outside", (*turn).outside, (*turn).declineOutside},
	{"unsure", func(*turn) bool { return true }, (*turn).askOrOffer},
}

// secretFeared names the rule for what people ask after a warning.
const secretFeared = "secret_feared"

// decide runs the first rule that holds and returns its name.
func (t *turn) decide() string {
	for _, r := range rules {
		if r.when(t) {
			r.do(t)
			return r.name
		}
	}
	panic("unreachable: the last rule always holds")
}

// topic is the one under discussion, begun if there is none.
func (t *turn) topic() *chat.Topic {
	if t.mem.Topic == nil {
		t.mem.Topic = &chat.Topic{}
	}
	return t.mem.Topic
}

func (t *turn) hasTopic() bool { return t.mem.Topic != nil }

func (t *turn) pending() string {
	if t.mem.Topic == nil {
		return ""
	}
	return t.mem.Topic.Question
}

func (t *turn) withStaff() bool { return t.conv.Case != nil }

// warned: the message held a secret that its sender should know of.
func (t *turn) warned() []redact.Kind {
	var out []redact.Kind
	for _, k := range t.msg.Masked {
		if kind := redact.Kind(k); kind.Warn() {
			out = append(out, kind)
		}
	}
	return out
}

func (t *turn) onlySecret() bool { return len(t.warned()) > 0 && t.choice == "" && t.wordless() }

func (t *turn) noWords() bool { return t.choice == "" && t.wordless() }

// noSuchNumber: a number that no option has, while options wait for an answer.
// It must not use up a question.
func (t *turn) noSuchNumber() bool {
	if t.choice != "" || t.pending() == "" || strings.HasPrefix(t.pending(), questionFact) {
		return false
	}
	n, ok := zh.ParseOrdinal(t.text)
	return ok && n > len(t.offered)
}

// loneNumber: a number and nothing else, while nothing was offered or asked that
// it could answer.
func (t *turn) loneNumber() bool {
	_, ok := zh.ParseOrdinal(t.text)
	return ok && t.choice == "" && len(t.offered) == 0 && !t.hasTopic() && t.length() <= 2
}

func (t *turn) sectionChosen() bool {
	_, ok := t.e.Library.Section(strings.TrimPrefix(t.choice, prefixRead))
	return ok && strings.HasPrefix(t.choice, prefixRead)
}

func (t *turn) backChosen() bool {
	_, ok := t.e.Catalog.Get(strings.TrimPrefix(t.choice, prefixBack))
	return ok && strings.HasPrefix(t.choice, prefixBack)
}

// refused: help to get around the rules is asked for, be it in one clause beside a
// problem: "還有十天到期，日期改一下看得出來嗎".
func (t *turn) refused() bool {
	return t.choice == "" && !t.harmless() && (p(t.leaves, evasion) >= sureOfEvasion && t.length() >= minEvasion || t.evasionInAClause())
}

// harmless: few words, and none that cheating takes.
func (t *turn) harmless() bool { return t.fewWords() && !cheating.MatchString(t.folded) }

// cheating are words without which a few words are no request to get around the rules,
// whatever they sound like: "光線暗一點沒事吧".
var cheating = regexp.MustCompile(`代|借|租|买|卖|收购|出售|假|骗|伪|冒|p图|ps|p掉|p一|修|改|涂|贴|换脸|合成|ai|deepfake|生成|vpn|翻墙|梯子|ip|虚拟|定位|机房|别人|他人|人家|朋友|爸|妈|哥|弟|姐|妹|老公|老婆|女友|男友|同学|同事|室友|邻居|亲戚|舅|叔|姨|阿嬷|奶奶|爷爷|孙|儿子|女儿|老人|路人|网友|群|中介|第二|两个|多个|小号|大号|马甲|几个号|绕|跳过.{0,4}(?:审|检|系统)|躲|避|混|漏洞|侦测|检测|查得|发现|看得出|抓|知道|破解|替|帮|包过|刷单|不用本人|不是本人|本人不|模仿|双胞胎|像我|面具|照片代|照片.{0,6}(?:镜头|刷|扫)|录好|播放|屏幕|萤幕|荧幕|翻拍|模板|证件号|年龄|报大|谎|瞒|填大|多报|写成|填成|选成|当成|说成|冒充|死者|过世|黑|灰产|渠道|门路|方法过|过关|怎么过|蒙混|装|扮|捡|偷|挂名|以为|花钱|没住过|流出`)

// sureOfEvasion is how sure the whole message must be: who asks honestly, in the
// words of those who cheat, is hurt by a refusal.
const sureOfEvasion = 0.6

// evasion is the label of requests for help around the rules.
const evasion = "out_of_scope/evasion"

// personAsked: by button, in words, with a symptom beside it, or as an answer to
// the offer of a person.
func (t *turn) personAsked() bool {
	if t.choice == chat.ChoiceHuman || (t.choice == "" && (p(t.merged, "talk.human") >= sureOfTalk || wantsPerson.MatchString(bareWords(t.folded)) && !negated(t.folded)) && !declines(t.folded)) {
		return true
	}
	if t.choice != "" {
		return false
	}
	if t.pending() == questionPerson && t.affirms() {
		return true
	}
	return t.personInAClause()
}

func (t *turn) affirms() bool {
	top, sure := t.top()
	return t.choice == "" && top == "talk.affirm" && sure >= sureOfTalk && !t.says("talk.affirm/solved")
}

func (t *turn) denies() bool {
	top, sure := t.top()
	return t.choice == "" && top == "talk.deny" && sure >= sureOfTalk
}

// solved: said or tapped. Thanks alone after advice is no proof.
func (t *turn) solved() bool {
	return t.choice == chat.ChoiceSolved || t.choice == "" && !t.awaitsAge() && (t.says("talk.affirm/solved") && !t.onlyDid() && !inOrder.MatchString(t.folded) || t.workedOut() || t.solvedInAClause())
}

// notSolved: the advice was tried and did not help.
func (t *turn) notSolved() bool {
	if t.choice == chat.ChoiceNotSolved {
		return true
	}
	if t.choice == "" && t.onAdvice() && !t.advised() && (t.says("unclear/not_helped") || t.stillFails() || toldBefore.MatchString(t.folded)) {
		return true
	}
	return t.choice == "" && t.advised() && (t.says("unclear/not_helped") || t.stillNotSolved())
}

// advised: advice was given and nothing is asked now.
func (t *turn) advised() bool {
	return t.hasTopic() && len(t.mem.Topic.Answered) > 0 && t.pending() == ""
}

// optionChosen: a choice that says something about the categories, or yes and no
// to "is it this one?".
func (t *turn) optionChosen() bool {
	_, ok := t.e.likelihood(t.choice)
	return ok
}

// noneChosen: none of the options offered, the offer of a person declined, or
// the advice given is about something else.
func (t *turn) noneChosen() bool {
	if t.choice == chat.ChoiceNone || t.choice == chat.ChoiceCancel {
		return true
	}
	return t.denies() && (t.pending() != "" || t.advised() && !t.says("talk.deny/cancel"))
}

// factGiven: an answer to a question for a date, an age or a place, or one more
// of the kind that the topic is about ("那越南呢").
func (t *turn) factGiven() bool {
	if t.choice != "" || !t.hasTopic() {
		return false
	}
	cat, ok := t.e.Catalog.Get(t.mem.Topic.Category)
	if !ok || cat.Fact == "" {
		return false
	}
	if !strings.HasPrefix(t.pending(), questionFact) && !(t.advised() && cat.Fact != intents.FactPlace && (t.bareFact() || t.putsRight())) && (!t.advised() || t.otherTopic() || !t.found.has(cat.Fact)) {
		return false
	}
	v := t.verdict(cat)
	return v.name != "" && v.name != verdictNoPlace
}

// otherTopic: the message is surely about another category.
func (t *turn) otherTopic() bool {
	top, sure := t.top()
	cat, ok := t.e.Catalog.Get(top)
	return ok && candidate(cat) && top != t.mem.Topic.Category && sure >= threshold(cat)
}

// smallTalk: greeting, thanks, goodbye, yes and no that answer nothing.
func (t *turn) smallTalk() bool {
	top, sure := t.top()
	cat, ok := t.e.Catalog.Get(top)
	return t.choice == "" && ok && cat.Kind == intents.Talk && sure >= sureOfTalk
}

// corrections open a message that takes the last topic back.
var corrections = []string{
	"不是这个我说的是", "不是我说的是", "不对我说的是", "你误会了我说的是", "我说的不是这个是", "我说的是", "我讲的是",
	"我指的是", "不是啦我是说", "不是我是说", "我是说", "唔系我讲嘅系", "唔系我系话", "我系话", "你搞错了", "你误会了",
	"不是这个是", "不是这个", "不是这样",
}

func (t *turn) correction() (rest string, ok bool) {
	words := bareWords(t.folded)
	for _, lead := range corrections {
		if rest, ok := strings.CutPrefix(words, lead); ok && len([]rune(rest)) >= 2 {
			return rest, true
		}
	}
	return "", false
}

// corrected: "不是,我說的是…" while a topic is open.
func (t *turn) corrected() bool {
	if t.choice != "" || !t.hasTopic() {
		return false
	}
	_, ok := t.correction()
	return ok
}

func (t *turn) severalProblems() bool { return t.choice == "" && len(t.several) > 1 }

// sameTopicAgain: the topic that was just answered is named once more.
func (t *turn) sameTopicAgain() bool {
	top, sure := t.top()
	cat, ok := t.e.Catalog.Get(top)
	return t.choice == "" && t.onAdvice() && sure >= sureOfAnswer &&
		slices.Contains(t.mem.Topic.Answered, top) && ok && cat.Route != intents.Human
}

// sureOfOutside is the probability above which no section is looked for.
const sureOfOutside = 0.75

// money is what nobody is put off about.
var money = regexp.MustCompile(`钱|资产|余额|提现|提款|提币`)

// outside: most probably nothing that this service is for. A few words right after
// advice ("手機是 iPhone 13") must be surer, unless they are about something that has
// words of its own.
func (t *turn) outside() bool {
	if variant := t.outsideVariant(); t.choice == "" && t.goesOnWith() && (variant == "" || variant == "other_firm") && !money.MatchString(t.folded) {
		return p(t.merged, "out_of_scope") >= sureOfOutsideAfterAdvice
	}
	return t.choice == "" && p(t.merged, "out_of_scope") >= sureOfTalk
}
