package dialogue

import (
	"regexp"
	"slices"

	"verihelp/intents"
	"verihelp/intents/facts"
)

// What a date or a number is of, where the message alone does not say: what was
// spoken of before, or what the words leave out.

var (
	// expiryNamed are words for a document and its end, billNamed for a proof of address.
	expiryNamed = regexp.MustCompile(`到期|过期|期限|有效|效期|失效|证件|护照|身份证|驾照|居留证|签证|通行证|passport|expir|valid`)
	billNamed   = regexp.MustCompile(`账单|帐单|地址|水电|电费|水费|网费|对账|流水|bill|statement`)

	// minor are words that say that somebody has not come of age; 年紀 alone does not.
	minor = regexp.MustCompile(`未成年|[没未]成年|(?:未|没|没有|不|唔|没到|不到|没够|未够|不够|唔够|不足|未到|没满|不满|未满|小于|低于|少于|差|快|就要|马上|即将|要)(?:够|到|满|足)?(?:18|十八)` +
		`|(?:不|没|未|唔)(?:够|到|满|足)(?:岁数|年龄|岁|年纪)|(?:年龄|年纪|岁数)(?:还|太|有点|比较|仲)*(?:小|细)|年龄(?:不|没|未|唔)|小孩|孩子|儿童|小朋友|青少年|少年|小学|初中|国中|高中|中学生|初[一二三]|高[一二三]|国[一二三]|中[一二三四五六](?:学|生|的)|学龄|细路|minor|under ?(?:18|age)|teen`)
	// aged says that somebody is old, or asks nothing about being young.
	aged = regexp.MustCompile(`(?:年纪|年龄|岁数)(?:也|都|真的|实在|比较|有点|太|很|好|这么|那么|已经)*大|上了?(?:年纪|岁数)|年[老迈长]|老人|老年|老了|长辈|年纪不小`)
	// placeDoubted asks outright about a country, or tells that it is refused.
	placeDoubted = regexp.MustCompile(`不支[持援]|国家|地区|国籍|名单|受限|限制|unsupported|not supported|country|region`)
)

// mainland is the country whose documents are no place: most users hold one.
const mainland = "CN"

// saysMinor: an age that was computed, or words for one, say that somebody is young.
func (t *turn) saysMinor() bool {
	return t.found.has(intents.FactAge) || minor.MatchString(t.folded)
}

// mayBe holds unless the message speaks against a category that the classifier sees: who
// is old is no minor, a Mainland document is no place, and an age is no date of expiry.
func (t *turn) mayBe(cat *intents.Category) bool {
	switch cat.Fact {
	case intents.FactAge:
		return t.saysMinor() || !aged.MatchString(t.folded)
	case intents.FactPlace:
		return !t.onlyMainlandPapers() || placeDoubted.MatchString(t.folded)
	case intents.FactValidity:
		return !t.found.has(intents.FactAge) || t.found.has(intents.FactValidity) || expiryNamed.MatchString(t.folded)
	}
	return true
}

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
		slices.ContainsFunc(t.found, func(f facts.Fact) bool { return f.Loose() && f.Ahead() })
}

// lapsedBefore: the document under discussion was said to have expired.
func (t *turn) lapsedBefore() bool {
	return t.hasTopic() && t.mem.Topic.Verdict == facts.Expired
}
