package dialogue

import (
	"regexp"
	"slices"
	"strings"

	"verihelp/intents"
	"verihelp/intents/facts"
	"verihelp/internal/zh"
)

// joints are words that join one problem to the next, folded; sentence marks
// and line breaks do the same.
var joints = strings.NewReplacer(
	"还有一个问题", "\n", "另外还有", "\n", "还有就是", "\n", "另外", "\n", "还有", "\n", "而且", "\n", "并且", "\n", "同时", "\n", "以及", "\n", "再来", "\n", "同埋", "\n", "加上", "\n",
	"。", "\n", "!", "\n", "?", "\n", ";", "\n", ",", "\n", ". ", "\n", " ", "\n", "、", "\n",
)

// minClause is the length of a clause, in characters, that may name a problem;
// shorter ones say too little. "Solved" needs less, a refusal more.
const (
	minClause  = 4
	minSolved  = 2
	minEvasion = 6
)

// clauses splits the folded message where a new problem may begin. What it denies is
// no problem.
func (t *turn) clauses(least int) []string {
	text, said := "", 0
	for _, s := range zh.Denied(t.folded) {
		text, said = text+t.folded[said:s.From]+"\n", s.To
	}
	text += t.folded[said:]
	var out []string
	for _, c := range strings.Split(joints.Replace(text), "\n") {
		if c = strings.TrimSpace(c); len([]rune(c)) >= least && len(out) < maxClauses {
			out = append(out, c)
		}
	}
	return out
}

// anyClause is the first clause that something holds of; ok is false if there is none.
func (t *turn) anyClause(least int, holds func(text string, c clause) bool) (text string, c clause, ok bool) {
	for _, text := range t.clauses(least) {
		if c := t.clause(text); holds(text, c) {
			return text, c, true
		}
	}
	return "", clause{}, false
}

// readAs takes one clause for what the message says.
func (t *turn) readAs(text string, c clause) {
	t.read, t.leaves = withoutLead(text), t.weighed(c.leaves)
	t.merged = intents.Merge(t.leaves)
}

// clause is what one clause is about by itself.
type clause struct {
	leaves []intents.Guess // labels, best first
	best   intents.Guess   // the best category
}

// says holds when the clause most probably is the label.
func (c clause) says(label string, sure float64) bool {
	return c.leaves[0].Label == label && c.leaves[0].P >= sure
}

// clause classifies one clause.
func (t *turn) clause(text string) clause { return t.classify(withoutLead(text)) }

// classify classifies a text, once a turn.
func (t *turn) classify(text string) clause {
	c, known := t.byClause[text]
	if !known {
		c.leaves = t.e.Classifier.Classify(text)
		c.best = intents.Merge(c.leaves)[0]
		if t.byClause == nil {
			t.byClause = map[string]clause{}
		}
		t.byClause[text] = c
	}
	return c
}

// maxClauses bounds the work for a long message.
const maxClauses = 12

// clauseCategories lists what single clauses are about for sure, in the order
// of the message, if there is more than one clause.
func (t *turn) clauseCategories(sure float64) []string {
	clauses := t.clauses(minClause)
	if len(clauses) < 2 {
		return nil
	}
	var out []string
	for _, c := range clauses {
		best := t.clause(c).best
		if cat, ok := t.e.Catalog.Get(best.Label); best.P >= sure && ok && t.mayBe(cat) {
			out = appendNew(out, best.Label)
		}
	}
	return out
}

// problems lists the failures of a message that names more than one, in blocking
// order. One that the whole message makes improbable is a clause out of context.
func (t *turn) problems() []string {
	floor := floorOfProblem
	if additions.Replace(t.folded) != t.folded {
		floor = floorOfAddition
	}
	var out []string
	judged := map[string]int{} // by fact: its place in out, counted from 1
	for _, id := range t.clauseCategories(sureOfClause) {
		cat, ok := t.e.Catalog.Get(id)
		least := floor
		if ok && cat.Fact == intents.FactPlace && t.placeInPassing() {
			continue // named in passing: the problem is what else is complained of
		}
		if ok && cat.Route == intents.Final && !t.found.has(cat.Fact) {
			least = sureOfFinal // a refusal rests on what was said outright, or on the whole message
		}
		if !ok || cat.Kind != intents.Failure || p(t.merged, id) < least {
			continue
		}
		if at := judged[cat.Fact]; at > 0 { // one date is one problem: the likelier category's
			if p(t.merged, id) > p(t.merged, out[at-1]) {
				out[at-1] = id
			}
			continue
		}
		out = append(out, id)
		if cat.Fact != "" {
			judged[cat.Fact] = len(out)
		}
	}
	if len(out) < 2 {
		return nil
	}
	t.e.blockingOrder(out)
	return out
}

// asksForPlace is how people ask whether they can be served where they are.
var asksForPlace = regexp.MustCompile(`能用|可以用|可不可以|能不能|可以吗|行吗|支持吗|支援吗|不支持|不支援|不能用|用不了|受限|名单|能认证|可以认证|用得|得唔得`)

// placeInPassing: places are named, but nothing asks about one, and nobody says to
// live where there is no service.
func (t *turn) placeInPassing() bool {
	return !t.placeAsked() && !t.found.has(intents.FactAge) && !slices.ContainsFunc(t.found, func(f facts.Fact) bool {
		return f.Kind == facts.Place && f.Residence && !f.Aside && f.PlaceStatus == facts.Unsupported
	})
}

// placeAsked: one clause asks whether a place is served.
func (t *turn) placeAsked() bool {
	_, _, ok := t.anyClause(minClause, func(text string, c clause) bool {
		return c.best.Label == "eligibility.country" && asksForPlace.MatchString(text)
	})
	return ok
}

// What the whole message must give a category that one clause is sure of: little
// where words say that something is added, more where a comma may only tell the story.
const (
	floorOfProblem  = 0.02
	floorOfAddition = 1e-6
)

// additions are the joints that add a problem.
var additions = strings.NewReplacer("另外", "\n", "还有", "\n", "而且", "\n", "并且", "\n", "同时", "\n", "以及", "\n", "同埋", "\n", "加上", "\n")

// pastCourtesy reads the clause that matters of a message that only begins or
// ends politely ("謝謝，那照片拍糊了怎麼辦").
func (t *turn) pastCourtesy() {
	if top, _ := t.top(); top != "talk.thanks" && top != "talk.greeting" && top != "talk.affirm" {
		return
	}
	text, c, ok := t.anyClause(minClause, func(_ string, c clause) bool {
		cat, ok := t.e.Catalog.Get(c.best.Label)
		sure := sureOfClause
		if ok && !candidate(cat) { // "您好，很高興" has a second half, too
			sure = sureOfAside
		}
		return ok && cat.Kind != intents.Talk && c.best.P >= sure
	})
	if ok {
		t.readAs(text, c)
	}
}

// leastPlace is what the whole message must give a place to be read past it.
const leastPlace = 0.2

// pastPlace reads the clause that complains of something where the other only says
// where its writer is: "我人在新加坡 人臉過不了".
func (t *turn) pastPlace() {
	if p(t.merged, "eligibility.country") < leastPlace || !t.placeInPassing() || t.speaksOfElse() {
		return
	}
	text, c, ok := t.anyClause(minClause, func(_ string, c clause) bool {
		cat, ok := t.e.Catalog.Get(c.best.Label)
		return ok && cat.Kind == intents.Failure && cat.Fact != intents.FactPlace && c.best.P >= sureOfClause
	})
	if ok {
		t.readAs(text, c)
	}
}

// pastMoney reads the clause that tells the cause where the other fears for the money:
// "我的錢領不出來，人臉一直過不了". The cause is what can be helped; the fear is answered
// beside it.
func (t *turn) pastMoney() {
	whole := p(t.merged, "out_of_scope")
	if whole < sureOfTalk || p(t.leaves, funds) <= whole/2 {
		return
	}
	text, c, ok := t.anyClause(minClause, func(_ string, c clause) bool {
		cat, ok := t.e.Catalog.Get(c.best.Label)
		return ok && cat.Kind == intents.Failure && c.best.P >= sureOfClause
	})
	if ok {
		t.readAs(text, c)
		t.worried = true
	}
}

// sureOfAside is the probability from which a clause beside a courtesy is taken for a
// question that is none of ours, or for one without a cause.
const sureOfAside = 0.95

// leastPerson is what the whole message must give the wish for a person that one
// clause speaks of: "幫我解除好嗎" alone sounds like it.
const leastPerson = 1e-3

// personInAClause: a person is asked for beside something else.
func (t *turn) personInAClause() bool {
	if p(t.merged, "talk.human") < leastPerson {
		return false
	}
	_, _, ok := t.anyClause(minClause, func(text string, c clause) bool {
		return c.best.Label == "talk.human" && c.best.P >= sureOfClause && !declines(text)
	})
	return ok
}

// solvedInAClause: "搞定了，謝謝" is more than thanks.
func (t *turn) solvedInAClause() bool {
	if top, _ := t.top(); top != "talk.thanks" && top != "talk.goodbye" {
		return false
	}
	_, _, ok := t.anyClause(minSolved, func(_ string, c clause) bool { return c.says("talk.affirm/solved", sureOfTalk) })
	return ok
}

// leastEvasion is what the whole message must give a request that one clause makes;
// half of it will do where the clause leaves no doubt.
const (
	leastEvasion   = 0.2
	certainEvasion = 0.95
)

func (t *turn) evasionInAClause() bool {
	whole, sure := p(t.leaves, evasion), sureOfClause
	if whole < leastEvasion {
		sure = certainEvasion
	}
	if whole < leastEvasion/2 {
		return false
	}
	_, _, ok := t.anyClause(minEvasion, func(text string, c clause) bool {
		return !disowns.MatchString(text) && !borrowsDevice(text) && c.says(evasion, sure)
	})
	return ok
}

// disowning: the message says that nothing of the kind was done, and asks for nothing
// of the kind beside it.
func (t *turn) disowning() bool {
	if !strings.ContainsAny(t.folded, "没未") {
		return false
	}
	disowned := false
	_, _, asked := t.anyClause(minClause, func(text string, c clause) bool {
		if disowns.MatchString(text) {
			disowned = true
			return false
		}
		return c.says(evasion, sureOfTalk)
	})
	return disowned && !asked
}

// disowns opens a clause that says what was not done: 我從來沒有買過別人的帳號.
var disowns = regexp.MustCompile(`^(?:我|我们|明明|真的|根本|又|也|可|从来|从|绝对|完全|一直|都|并|就)*(?:没有|没|不曾|未曾)(?:再|去)?(?:用|借|买|找人|请人|让人|叫人|冒|伪|造|p|改|租|盗|骗|作假|做假|卖)`)

// somebodyElse is whose a thing can be.
const somebodyElse = `(?:他|她|别人|人家|朋友|同事|室友|家人|爸|妈|哥|姐|弟|妹|儿子|女儿|老公|老婆|先生|太太)`

// deviceLent is a phone or camera of somebody else's, or a hand that holds one, which
// anybody may use.
var deviceLent = regexp.MustCompile(strings.NewReplacer(
	"DEVICE", `(?:手机|电话|部机|相机|iphone|平板|电脑|镜头|cam)`,
	"OTHER", somebodyElse,
).Replace(`借(?:了|用)?(?:我|一下)?OTHER?的?部?DEVICE|OTHER的?部?DEVICE|(?:帮|替).{0,6}(?:拿|操作|扶|举|攞).{0,3}DEVICE`))

// otherIdentity is what must be one's own, and what is done to deceive.
var otherIdentity = regexp.MustCompile(somebodyElse + `的?(?:身份|证|护照|名字|名义|资料|账号|帐号|人脸|脸)|代|换脸|人头|买|租|卖|第二个|两个|小号` +
	`|假|伪|ps?图|修图|改|合成|播|录|虚拟|vpn|定位|翻拍|帮.{0,6}刷脸|替.{0,6}刷|就好|就行`)

// borrowsDevice: only a device, or the hand that holds it, is somebody else's.
func borrowsDevice(folded string) bool {
	return deviceLent.MatchString(folded) && !otherIdentity.MatchString(folded)
}

// declines: "不用轉人工" names a person in order not to get one.
func declines(clause string) bool {
	for _, no := range []string{"不用", "不要", "不必", "不需要", "别", "先不"} {
		if rest, ok := strings.CutPrefix(bareWords(clause), no); ok && !strings.HasPrefix(rest, "跟") && !strings.HasPrefix(rest, "机器") {
			return true
		}
	}
	return false
}

// blockingOrder sorts categories so that what blocks the others comes first.
func (e *Engine) blockingOrder(ids []string) {
	rank := func(id string) int { c, _ := e.Catalog.Get(id); return c.Rank }
	slices.SortStableFunc(ids, func(a, b string) int { return rank(a) - rank(b) })
}
