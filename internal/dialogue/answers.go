package dialogue

import (
	"regexp"
	"slices"

	"verihelp/intents"
	"verihelp/intents/facts"
	"verihelp/internal/chat"
)

// What people ask on after advice has reviewed direct answers of its own: "一定要拍背面嗎".

// Answers finds the answer of a category (or of intents.Anywhere) that is nearest to a
// question, and how near: 0 to 1.
type Answers interface {
	Find(question, category string) (intents.DirectAnswer, float64)
}

// How near a question must be to one that has an answer.
const (
	nearTopic    = 0.32 // one of the topic under discussion
	nearAnywhere = 0.45 // one that belongs to no topic
	nearSure     = 0.55 // whatever else the message may be about
	beyond       = 1.01 // nothing is
	nearer       = 0.20 // what an answer of another place must be nearer to go first
)

// How many characters a question has that a phrasing can match.
const (
	shortestQuestion = 3
	longestQuestion  = 40
)

// whatNow are words that ask for the next step, and nothing else.
var whatNow = regexp.MustCompile(`^(?:那么|那|咁|所以|唉|天啊|可是|但是|但)*(?:我|我们)?(?:现在|接下来|而家|之后)?(?:到底|究竟)?(?:又)?(?:该|应该|要|需要|得|可以|还能|能|应当)?(?:点|怎|怎么|怎样|如何|咋)(?:办|做|算|弄|整|处理|好|搞)(?:好|才好|才对|呢|啊|呀|嘛|啦|了|先)*$|^(?:那|咁)?(?:我)?(?:接下来|下一步|然后|之后)(?:呢|要做什么|做什么|怎么办|怎么做|要怎么做|该怎么办)?$|^(?:那|咁)?(?:我)?(?:现在|该|要|应该)+做(?:什么|咩|啥)(?:呢|好)?$|^(?:那|咁)?(?:有|仲有)?(?:冇|没有)?(?:什么|咩|其他|别的)?办法(?:吗|呢|啊)?$`)

// answerAsked: the message asks what a reviewed answer tells, after advice or while the
// offer of a person stands.
func (t *turn) answerAsked() bool {
	if t.choice != "" || !t.onAdvice() || !t.answerable() {
		return false
	}
	cat, ok := t.e.Catalog.Get(t.mem.Topic.Category)
	if !ok || cat.Fact != "" && t.found.has(cat.Fact) && (t.bareFact() || cat.Fact == intents.FactPlace) {
		return false // a date, an age or a place is computed
	}
	t.answer = t.reviewed(cat.ID)
	return t.answer != nil
}

// onAdvice: advice was given, and what is asked since is at most whether a person shall
// take over, or which cause is next.
func (t *turn) onAdvice() bool {
	return t.advised() || t.hasTopic() && (t.pending() == questionPerson || t.pending() == questionNext) && len(t.mem.Topic.Answered) > 0
}

// answerable: the message can be a question, and nothing in it goes before that.
func (t *turn) answerable() bool {
	n := t.length()
	return n >= shortestQuestion && n <= longestQuestion && p(t.leaves, evasion) < sureOfEvasion && p(t.leaves, crisis) < sureOfTalk && !t.says("out_of_scope/hacked")
}

// nearest is the answer nearest to the message, or to one of its clauses.
func (t *turn) nearest(category string) (best intents.DirectAnswer, near float64) {
	for _, question := range append([]string{withoutLead(t.folded)}, t.clauses(minClause)...) {
		if a, n := t.e.Answers.Find(question, category); n > near {
			best, near = a, n
		}
	}
	return best, near
}

// reviewed is the answer to the message within a topic; nil if none is near enough.
func (t *turn) reviewed(category string) *intents.DirectAnswer {
	if whatNow.MatchString(bareWords(t.folded)) {
		return t.nextStep(category)
	}
	enough := t.nearEnough(category)
	own, near := t.nearest(category)
	general, anywhere := t.nearest(intents.Anywhere)
	switch {
	case near >= enough && near >= anywhere-nearer:
		return &own
	case anywhere >= max(enough, nearAnywhere) && !t.dated() && !lent.MatchString(t.folded) && !(t.refusedTopic() && general.Section != ""):
		return &general // but what is taken is taken from its owner, and not after a refusal
	}
	return nil
}

// nearEnough is what the nearest answer must be at least: more for what is no question,
// and most for what most probably is about something else.
func (t *turn) nearEnough(category string) float64 {
	top, sure := t.top()
	cat, ok := t.e.Catalog.Get(top)
	switch {
	case t.dated(), t.speaksOfElse(), t.otherTopic(), t.says("unclear/not_helped"), p(t.merged, "out_of_scope") >= sureOfOutside && t.outsideVariant() != "":
		return nearSure
	case ok && cat.Kind == intents.Talk && sure >= sureOfTalk && t.asks(): // "唔該，護照得唔得"
		return nearSure
	case ok && cat.Kind == intents.Talk && sure >= sureOfTalk:
		return beyond
	case ok && cat.Route == intents.Human && top == category && sure >= sureOfHumanAfterAdvice: // told anew
		return nearSure
	case !t.asks(), p(t.merged, "out_of_scope") >= sureOfOutside:
		return nearAnywhere
	}
	return nearTopic
}

// dated: a date, an age or a length of time is named.
func (t *turn) dated() bool {
	return slices.ContainsFunc(t.found, func(f facts.Fact) bool { return f.Kind != facts.Place })
}

// nextStep is what a category answers to "那怎麼辦".
func (t *turn) nextStep(category string) *intents.DirectAnswer {
	all := t.e.Catalog.Answers(category)
	if i := slices.IndexFunc(all, func(a intents.DirectAnswer) bool { return a.ID == intents.WhatNow }); i >= 0 {
		return &all[i]
	}
	return nil
}

// giveAnswer says it, once more to who asks again; who asks a third time is offered a
// person.
func (t *turn) giveAnswer() {
	category, a := t.mem.Topic.Category, t.answer
	switch {
	case slices.Contains(t.mem.Topic.Said, answerKey(a)+saidAgain):
		t.offerPerson("advice.said_all")
		return
	case slices.Contains(t.mem.Topic.Said, answerKey(a)):
		t.say(t.phrase("advice.repeat"))
		t.mem.Topic.Said = append(t.mem.Topic.Said, answerKey(a)+saidAgain)
	default:
		t.mem.Topic.Said = append(t.mem.Topic.Said, answerKey(a))
	}
	t.sayReviewed(a)
	t.leaveQuestion()
	if cat, _ := t.e.Catalog.Get(category); cat.Route == intents.Final && t.refusedTopic() {
		t.about(chat.Final, category)
		t.offer(chat.ChoiceHuman)
		return
	}
	t.about(chat.Answer, category)
	t.offerAfterAdvice(category)
}

// answerKey stands among the sections that were quoted; no section has such an ID.
func answerKey(a *intents.DirectAnswer) string { return "answer:" + a.ID }

func (t *turn) sayReviewed(a *intents.DirectAnswer) {
	blocks := slices.Clone(a.Blocks)
	if section, ok := t.e.Library.Section(a.Section); ok {
		blocks = append(blocks, t.source(section))
	}
	t.sayBlocks(blocks)
}

// askedAnywhere: a question that belongs to no topic, and to no outside matter that has
// words of its own.
func (t *turn) askedAnywhere() bool {
	if t.choice != "" || len(t.found) > 0 || !t.answerable() || t.outside() && t.outsideVariant() != "" {
		return false
	}
	a, near := t.e.Answers.Find(t.folded, intents.Anywhere) // as a whole: a clause may be beside the point
	t.answer = &a
	return near >= nearSure && !lent.MatchString(t.folded) && !(t.hasTopic() && t.refusedTopic() && a.Section != "")
}

func (t *turn) answerAnywhere() {
	top, _ := t.top()
	switch {
	case t.outside():
		t.about(chat.Decline, "out_of_scope")
	case t.isCandidate(top):
		t.about(chat.Answer, top)
	default:
		t.about(chat.Answer, "unclear")
	}
	t.sayReviewed(t.answer)
	if !t.offerAgain() {
		t.offer(chat.ChoiceHuman)
	}
}

func (t *turn) isCandidate(id string) bool {
	cat, ok := t.e.Catalog.Get(id)
	return ok && candidate(cat)
}

// knownWhileWaiting: what a waiting user asks surely has an answer: "UID 在哪裡看". The
// question goes to staff all the same.
func (t *turn) knownWhileWaiting() bool {
	if !t.answerable() {
		return false
	}
	for _, place := range []string{t.conv.Case.Category, intents.Anywhere} {
		if a, near := t.nearest(place); near >= nearSure {
			t.answer = &a
			return true
		}
	}
	return false
}
