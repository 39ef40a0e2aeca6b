package dialogue

import (
	"regexp"
	"slices"
	"unicode/utf8"

	"verihelp/intents"
	"verihelp/intents/facts"
	"verihelp/internal/zh"
)

// What a date or a number is of, where the message alone does not say: what was
// spoken of before, or what the words leave out.

var (
	// expiryNamed are words for a document and its end, billNamed for a proof of address.
	expiryNamed = regexp.MustCompile(`到期|过期|期限|有效|效期|失效|证件|护照|身份证|驾照|居留证|签证|通行证|passport|expir|valid`)
	billNamed   = regexp.MustCompile(`账单|帐单|地址|水电|电费|水费|网费|对账|流水|bill|statement`)

	// expiryTold complains of one.
	expiryTold = regexp.MustCompile(`到期|过期|失效`)

	// minor are words that say that somebody has not come of age; 年紀 alone does not.
	minor = regexp.MustCompile(`未成年|[没未]成年|(?:未|没|没有|不|唔|没到|不到|没够|未够|不够|唔够|不足|未到|没满|不满|未满|小于|低于|少于|差|快|就要|马上|即将)(?:够|到|满|足)?(?:18|十八)` +
		`|(?:不|没|未|唔)(?:够|到|满|足)(?:岁数|年龄|岁|年纪)|(?:年龄|年纪|岁数)(?:还|太|有点|比较|仲)*(?:小|细)|年龄(?:不|没|未|唔)|小孩|孩子|儿童|小朋友|青少年|少年|小学|初中|国中|高中|中学生|初[一二三]|高[一二三]|国[一二三]|中[一二三四五六](?:学|生|的)|学龄|细路|minor|under ?(?:18|age)|teen`)
	// grown takes from such words what is said of a grown-up: 高中畢業, 中學老師, 我不是未成年.
	grown = regexp.MustCompile(`(?:小学|初中|国中|高中|中学)(?:早就|已经|都)?(?:学历|毕业|文凭|老师|教师|教书|程度|同学)|(?:不是|没有|唔系|并非)未(?:成年|满)`)
	// aged says that somebody is old, or asks nothing about being young.
	aged = regexp.MustCompile(`(?:年纪|年龄|岁数)(?:也|都|真的|实在|比较|有点|太|很|好|这么|那么|已经)*大|上了?(?:年纪|岁数)|年[老迈长]|老人|老年|老了|长辈|年纪不小|年[岁事]已高|[6-9][0-9]岁`)
	// placeDoubted asks outright about a country, or tells that it is refused.
	placeDoubted = regexp.MustCompile(`不支[持援]|国家|地区|国籍|名单|受限|限制|unsupported|not supported|country|region`)
)

// mainland is the country whose documents are no place: most users hold one.
const mainland = "CN"

// saysMinor: an age that was computed, or words for one, say that somebody is young.
func (t *turn) saysMinor() bool {
	return t.found.has(intents.FactAge) || minor.MatchString(grown.ReplaceAllString(t.folded, ""))
}

// mayBe holds unless the message speaks against a category that the classifier sees: who
// is old is no minor, a Mainland document is no place, and an age is no date of expiry.
func (t *turn) mayBe(cat *intents.Category) bool {
	switch cat.Fact {
	case intents.FactAge:
		return t.saysMinor() || !aged.MatchString(t.folded)
	case intents.FactPlace:
		return !t.onlyMainlandPapers() && !(expiryTold.MatchString(t.folded) && t.placeInPassing()) || placeDoubted.MatchString(t.folded)
	case intents.FactValidity:
		return !t.found.has(intents.FactAge) && !t.onOtherDates() || t.found.has(intents.FactValidity) || expiryNamed.MatchString(t.folded)
	}
	return true
}

// onOtherDates: the topic is an age or a bill, so that a date is one of those.
func (t *turn) onOtherDates() bool {
	fact := t.topicFact()
	return fact == intents.FactAge || fact == intents.FactProofAge
}

// topicFact is the kind of fact that decides the topic, if there is one.
func (t *turn) topicFact() string {
	if !t.hasTopic() {
		return ""
	}
	if cat, ok := t.e.Catalog.Get(t.mem.Topic.Category); ok {
		return cat.Fact
	}
	return ""
}

// awaitsAge: after a refusal for age, when it will be otherwise.
func (t *turn) awaitsAge() bool {
	return t.refusedBefore() && t.topicFact() == intents.FactAge && t.namesComing()
}

// correcting are words that take back a date; what follows is one of the same.
var correcting = regexp.MustCompile(`打错|写错|说错|记错|看错|讲错|弄错|搞错|不对|不是|更正`)

// putsRight: a few words that correct a date, with the right one among them.
func (t *turn) putsRight() bool {
	return t.fewWords() && correcting.MatchString(t.folded) && slices.ContainsFunc(t.found, func(f facts.Fact) bool { return f.Kind == "" })
}

// ofOneself is how people say when they were born, in hardly a word more than the date.
var ofOneself = regexp.MustCompile(`^我|的$|生$`)

// bornLone: "我09年3月5號的" alone is a birthday.
func (t *turn) bornLone() bool {
	if t.hasTopic() || !t.bareFact() || !ofOneself.MatchString(bareWords(t.folded)) {
		return false
	}
	f, ok := facts.Decide(t.found, facts.Age)
	return ok && f.N != nil && *f.N >= youngest && !f.From.IsZero()
}

// youngest is the age, in years, from which people write to the service.
const youngest = 10

// onlyMainlandPapers: the only places named are those of Mainland documents.
func (t *turn) onlyMainlandPapers() bool {
	papers := false
	for _, f := range t.found {
		if f.Kind != facts.Place {
			continue
		}
		if !f.Document || f.ISO != mainland {
			return false
		}
		papers = true
	}
	return papers
}

// sitsOut speaks of waiting until then.
var sitsOut = regexp.MustCompile(`(?:再|还要|还得|要|得|仲要)等.{0,6}(?:天|日|周|星期|礼拜|月|年)`)

// past follows a length of time that is over.
var past = regexp.MustCompile(`^(?:了|前|以前|之前|没|都|内|来)`)

// reviewed speaks of what takes its time with the platform.
var reviewed = regexp.MustCompile(`审|客服|回复|处理`)

// namesComing: a day or a length of time ahead, of which nothing says that it is of a
// document or a bill. After a refusal for age it is when somebody comes of age.
func (t *turn) namesComing() bool {
	if expiryNamed.MatchString(t.folded) || billNamed.MatchString(t.folded) {
		return false
	}
	if f, ok := facts.Decide(t.found, facts.Age); ok && !f.Length() {
		return false
	}
	return sitsOut.MatchString(t.folded) && !reviewed.MatchString(t.folded) ||
		slices.ContainsFunc(t.found, func(f facts.Fact) bool {
			return f.Loose() && f.Ahead() && !(f.Length() && past.MatchString(zh.Fold(t.text[min(f.End, len(t.text)):])))
		})
}

// Words for a document that is being renewed, for the time that takes, and for asking it.
var (
	renewing  = regexp.MustCompile(`新(?:证|的|嘅|护照|身份证|驾照|居留证|卡|ic|本)|换发|补办|补发|补证|办好|办下来|才下来|领|去取|能取|拿到|攞|renew`)
	takesTime = regexp.MustCompile(`(?:[0-9一二两三四五六七八九十半几]|多)个?(?:多|几)?(?:工作)?(?:天|日|周|星期|礼拜|月|号)|下个?月|下周|等`)
	asksWhen  = regexp.MustCompile(`多久|几天|几耐|几时|什么时候|多长`)
)

// renewalAwaited: after advice on an expiry, when the new document will be there.
func (t *turn) renewalAwaited() bool {
	return t.choice == "" && t.onAdvice() && t.topicFact() == intents.FactValidity && t.length() <= 2*longestFollowUp && !t.found.has(intents.FactValidity) &&
		renewing.MatchString(t.folded) && takesTime.MatchString(t.folded) && !asksWhen.MatchString(t.folded) && !t.speaksOfElse()
}

// adviseMeanwhile says what can be done until then.
func (t *turn) adviseMeanwhile() { t.stayWith(t.mem.Topic.Category, "advice.meanwhile") }

// lapsedBefore: the document under discussion was said to have expired.
func (t *turn) lapsedBefore() bool {
	return t.hasTopic() && t.mem.Topic.Verdict == facts.Expired
}

// bareFact: the message is a date, an age or a number and hardly anything else, so
// that the topic tells what of.
func (t *turn) bareFact() bool {
	said := utf8.RuneCountInString(bareWords(birthNamed.ReplaceAllString(amending.ReplaceAllString(t.folded, ""), "")))
	dates := 0
	for _, f := range t.found {
		if f.Kind != facts.Place && f.End <= len(t.text) {
			dates += utf8.RuneCountInString(bareWords(t.text[f.Start:f.End]))
		}
	}
	return dates > 0 && 5*dates >= 3*said
}

// birthNamed are the words that tell that a date is somebody's birthday.
var birthNamed = regexp.MustCompile(`出生[年月日]*|生日|生于|年份|月日`)

// amending are words that put something right.
var amending = regexp.MustCompile(`打错|写错|说错|记错|看错|讲错|弄错|搞错|不对|不是|更正|应该|其实|才对|可以吗|可以么|行吗|行不行|能用吗|[是那呢了啦喔哦的]`)
