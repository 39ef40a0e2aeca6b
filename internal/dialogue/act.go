package dialogue

import (
	"fmt"
	"slices"
	"strings"

	"verihelp/intents"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// Kinds of pending questions beside those of the catalogue.
const (
	questionConfirm = "confirm:" // + category: is it this one?
	questionFact    = "fact:"    // + category: which date, age or place?
	questionPerson  = "person"   // shall a person take over?
)

// What follows are the rules' actions. Each fills in bubbles and choices, the
// trace's action and category, and the memory.

func (t *turn) about(action chat.Action, category string) {
	t.trace.Action, t.trace.Category = action, category
}

func (t *turn) changeLanguage() {
	t.locale = t.askedLocale()
	t.mem.LangFixed = string(t.locale)
	t.about(chat.Smalltalk, "talk.affirm")
	key := "lang.hant"
	if t.locale == zh.LocaleHans {
		key = "lang.hans"
	}
	t.say(t.phrase(key))
	t.offerAgain()
}

func (t *turn) takeBack() {
	t.cancel = true
	t.about(chat.Smalltalk, "talk.deny")
	t.say(t.phrase("human.cancelled", "case", t.conv.Case.ID))
	if t.hasTopic() {
		t.mem.Topic.Question = ""
	}
}

// queueEvery is how many messages of a waiting user pass between two words about
// the queue: silence worries, an answer to each line annoys.
const queueEvery = 5

func (t *turn) relay() {
	category := t.conv.Case.Category
	t.about(chat.Relay, category)
	switch {
	case t.msg.Choice == chat.ChoiceHuman:
		t.say(t.phrase("human.already", "case", t.conv.Case.ID))
	case t.conv.Case.State == chat.CaseWaiting && (t.conv.Case.Unanswered-1)%queueEvery == 0:
		t.say(t.phrase("human.waiting", "case", t.conv.Case.ID))
	default:
		return
	}
	if t.conv.Case.State == chat.CaseWaiting {
		t.offer(chat.ChoiceCancel)
	}
}

func (t *turn) askWithoutSecret() {
	t.about(chat.Warn, "unclear")
	t.say(t.phrase("warn.rest"))
	t.offerAgain()
}

func (t *turn) askForWords() {
	t.about(chat.Clarify, "unclear")
	key := "input.no_words"
	if len(t.msg.Masked) > 0 {
		key = "warn.rest"
	} else if t.folded == "" {
		key = "input.empty"
	}
	t.say(t.phrase(key))
	if !t.offerAgain() {
		t.offer(chat.ChoiceHuman)
	}
}

func (t *turn) repeatChoices() {
	t.about(chat.Clarify, "unclear")
	t.say(t.phrase("question.no_such_number"))
	t.offerAgain()
}

func (t *turn) readSection() {
	id := strings.TrimPrefix(t.choice, prefixRead)
	section, _ := t.e.Library.Section(id)
	category := t.categoryOf(id)
	t.about(chat.Answer, category)
	t.quote(section)
	t.offerAfterAdvice(category)
}

// categoryOf names the category that quotes a section, the current topic's first.
func (t *turn) categoryOf(section string) string {
	if t.hasTopic() && t.mem.Topic.Category != "" {
		return t.mem.Topic.Category
	}
	article, _, _ := strings.Cut(section, "#")
	for _, cat := range t.e.Catalog.All() {
		for _, s := range cat.Sections {
			if s == section || strings.HasPrefix(s, article+"#") && cat.Kind == intents.Guide {
				return cat.ID
			}
		}
	}
	return "unclear"
}

func (t *turn) goBack() {
	cat, _ := t.e.Catalog.Get(strings.TrimPrefix(t.choice, prefixBack))
	t.say(t.phrase("back.reply", "title", cat.Title))
	t.setAside()
	if !t.resume(cat.ID) || cat.Route == intents.Human {
		t.handle(cat)
		return
	}
	// What was decided then holds; without the message that decided it, deciding
	// again would be a guess.
	t.about(chat.Answer, cat.ID)
	t.quoteAll(cat)
	t.offerAfterAdvice(cat.ID)
}

// resume makes an earlier topic the current one again.
func (t *turn) resume(category string) bool {
	for i, topic := range t.mem.Earlier {
		if topic.Category == category && contains(topic.Answered, category) {
			t.mem.Earlier = slices.Delete(t.mem.Earlier, i, i+1)
			t.mem.Topic = &topic
			return true
		}
	}
	return false
}

// callPerson opens a case, with the symptom that was named beside the wish or
// before it.
func (t *turn) callPerson() {
	symptom := t.symptom()
	t.about(chat.Escalate, "talk.human")
	human, _ := t.e.Catalog.Get("talk.human")
	reason := human
	if symptom != nil {
		reason = symptom
	}
	t.sayBlocks(human.Texts["reply"])
	t.sayPrepare(reason)
	t.openCase(reason)
	if symptom != nil && t.open != nil {
		t.say(t.phrase("human.opened_symptom", "title", symptom.Title))
	}
}

// symptom is the failure named in this message, or the topic's.
func (t *turn) symptom() *intents.Category {
	if t.choice == "" {
		rest := 1 - p(t.merged, "talk.human")
		for _, g := range t.merged {
			cat, ok := t.e.Catalog.Get(g.Label)
			if ok && cat.Kind == intents.Failure && rest > 0 && g.P >= 0.1 && g.P/rest >= sureOfTalk {
				return cat
			}
		}
		for _, id := range t.clauseCategories(sureOfTalk) {
			if cat, _ := t.e.Catalog.Get(id); cat.Kind == intents.Failure {
				return cat
			}
		}
	}
	if t.hasTopic() {
		if cat, ok := t.e.Catalog.Get(t.mem.Topic.Category); ok && candidate(cat) {
			return cat
		}
	}
	return nil
}

func (t *turn) closeTopic() {
	t.about(chat.Smalltalk, "talk.affirm")
	if top, _ := t.top(); strings.HasPrefix(top, "talk.") {
		t.trace.Category = top
	}
	if !t.hasTopic() {
		t.mem.Earlier = nil // "solved" once more: what was offered to go back to as well
	}
	t.mem.Topic = nil
	if n := len(t.mem.Earlier); n > 0 {
		before := t.mem.Earlier[n-1]
		if cat, ok := t.e.Catalog.Get(before.Category); ok {
			t.say(t.phrase("solved.more", "title", cat.Title))
			t.choices = append(t.choices, chat.Choice{ID: prefixBack + cat.ID, Label: t.phrase("choice.back", "title", cat.Title)})
			t.offer(chat.ChoiceHuman)
			return
		}
	}
	t.say(t.phrase("solved.reply"))
}

// tryNext goes to the next likely cause, or offers a person when there is none
// left or two did not help.
func (t *turn) tryNext() {
	topic := t.topic()
	if topic.Category == "" {
		t.offerPerson("advice.no_more")
		return
	}
	cat, _ := t.e.Catalog.Get(topic.Category)
	if cat.Route == intents.Final {
		t.offerPerson("advice.final") // nothing that can be redone would change it
		return
	}
	topic.Failed = appendNew(topic.Failed, topic.Category)
	next := t.nextCause(cat)
	if next == nil || len(topic.Failed) > maxQuestions || next.Route != intents.SelfService {
		t.offerPerson("advice.no_more")
		return
	}
	t.say(t.phrase("advice.next", "title", next.Title))
	t.handle(next)
}

// nextCause is the first of the category's next causes, by what the user said so
// far, then by the catalogue's order.
func (t *turn) nextCause(cat *intents.Category) *intents.Category {
	topic := t.topic()
	var best *intents.Category
	for _, id := range cat.Next {
		next, ok := t.e.Catalog.Get(id)
		if !ok || contains(topic.Failed, id) || contains(topic.Answered, id) {
			continue
		}
		if best == nil || topic.Belief[id] > 2*topic.Belief[best.ID] {
			best = next
		}
	}
	return best
}

func (t *turn) weighOption() {
	topic := t.topic()
	likely, _ := t.e.likelihood(t.choice)
	prior := belief(topic.Belief)
	if len(prior) == 0 {
		prior = belief{}.normal(t.e.candidates)
	}
	if id, denied := strings.CutPrefix(t.choice, prefixNot); denied {
		topic.Failed = appendNew(topic.Failed, id)
	} else if id, meant := strings.CutPrefix(t.choice, prefixIs); meant {
		topic.Failed = slices.DeleteFunc(topic.Failed, func(failed string) bool { return failed == id })
	}
	t.belief = prior.times(likely, t.e.candidates).without(topic.Failed, t.e.candidates)
	if t.beliefIsSure() {
		t.handleBest()
		return
	}
	t.ask()
}

// weighNone rules out what was offered. After advice or an offer of a person it
// means that the user would rather go on with the bot.
func (t *turn) weighNone() {
	topic := t.topic()
	pending := topic.Question
	if pending == "" {
		topic.Failed = appendNew(topic.Failed, topic.Category)
	}
	topic.Question = ""
	t.belief = belief(topic.Belief)
	if len(t.belief) == 0 {
		t.belief = belief{}.normal(t.e.candidates)
	}
	if pending != "" && pending != questionPerson && !strings.HasPrefix(pending, questionFact) {
		t.belief = t.belief.times(t.e.noneOf(t.offered), t.e.candidates)
	}
	t.belief = t.belief.without(topic.Failed, t.e.candidates)
	t.say(t.phrase("question.ruled_out"))
	t.ask()
}

func (t *turn) answerFact() {
	cat, _ := t.e.Catalog.Get(t.mem.Topic.Category)
	t.handle(cat)
}

func (t *turn) chatBack() {
	top, _ := t.top()
	cat, _ := t.e.Catalog.Get(top)
	_, variant := intents.Split(t.leaves[0].Label)
	t.about(chat.Smalltalk, top)
	text := cat.Texts["reply"]
	if v, ok := cat.Texts[variant]; ok && variant != "" {
		text = v
	}
	t.sayBlocks(text)
	if t.pending() != "" {
		t.offerAgain()
	} else if t.hasTopic() && top == "talk.greeting" {
		if at, ok := t.e.Catalog.Get(t.mem.Topic.Category); ok {
			t.say(t.phrase("talk.still_here", "title", at.Title))
		}
		t.offerAgain()
	}
}

// startAgain drops the mistaken topic and reads what was meant.
func (t *turn) startAgain() {
	rest, _ := t.correction()
	wrong := t.mem.Topic.Category
	failed := appendNew(t.mem.Topic.Failed, wrong)
	t.mem.Topic = &chat.Topic{Failed: failed}
	t.leaves = t.e.Classifier.Classify(rest)
	t.merged = intents.Merge(t.leaves)
	t.belief = t.e.fromGuesses(t.merged).without(failed, t.e.candidates)
	t.say(t.phrase("question.corrected"))
	if top, sure := t.top(); top == "out_of_scope" && sure >= sureOfTalk {
		t.declineOutside()
		return
	}
	if t.beliefIsSure() {
		t.handleBest()
		return
	}
	t.ask()
}

// answerSeveral answers every problem named, in blocking order. The first
// decides what the turn is; nobody is told to redo what cannot pass yet.
func (t *turn) answerSeveral() {
	ids := t.several
	first, _ := t.e.Catalog.Get(ids[0])
	t.say(t.phrase("advice.several", "count", fmt.Sprint(len(ids))))
	t.setAside()
	t.handle(first)
	action, category, choices := t.trace.Action, t.trace.Category, t.choices
	for _, id := range ids[1:] {
		cat, _ := t.e.Catalog.Get(id)
		switch {
		case action == chat.Final:
			t.say(t.phrase("advice.blocked", "title", cat.Title))
		case cat.Route == intents.Human && t.open == nil:
			key := "advice.human_later"
			if !t.e.Desk {
				key = "advice.human_later_no_desk"
			}
			t.say(t.phrase(key, "title", cat.Title))
		default:
			t.sayBlocks(cat.Texts["opening"])
			t.quoteAll(cat)
		}
		if t.open != nil {
			t.open.Tried = appendNew(t.open.Tried, id)
		}
	}
	t.choices = choices
	t.about(action, category)
}

// goDeeper answers a second message on the advice just given: with a computed
// fact that is new, with another section, or with the next cause.
func (t *turn) goDeeper() {
	top, _ := t.top()
	cat, _ := t.e.Catalog.Get(top)
	if v := t.verdict(cat); v.name != "" && v.name != verdictNoPlace {
		t.handle(cat)
		return
	}
	if hit := t.hit(); hit != nil {
		t.quoteFollowUp()
		return
	}
	if cat.Route != intents.SelfService {
		t.handle(cat)
		return
	}
	t.tryNext()
}

func (t *turn) handleBest() {
	best := t.belief.best(1)[0]
	cat, _ := t.e.Catalog.Get(best.Category)
	if t.hasTopic() && len(t.mem.Topic.Answered) > 0 && !contains(t.mem.Topic.Answered, cat.ID) {
		t.setAside()
	}
	t.handle(cat)
}

// setAside puts the current topic behind a new one, to come back to.
func (t *turn) setAside() {
	const most = 5
	if t.mem.Topic == nil || t.mem.Topic.Category == "" {
		t.mem.Topic = nil
		return
	}
	earlier := []chat.Topic{}
	for _, old := range t.mem.Earlier {
		if old.Category != t.mem.Topic.Category {
			earlier = append(earlier, old)
		}
	}
	earlier = append(earlier, *t.mem.Topic)
	t.mem.Earlier = earlier[max(0, len(earlier)-most):]
	t.mem.Topic = nil
}

func (t *turn) quoteFollowUp() {
	section := t.hit()
	t.about(chat.Answer, t.categoryOf(section.ID))
	t.say(t.phrase("advice.also"))
	t.quote(section)
	t.offerAfterAdvice(t.trace.Category)
}

func (t *turn) declineOutside() {
	cat, _ := t.e.Catalog.Get("out_of_scope")
	variant := t.outsideVariant()
	t.about(chat.Decline, cat.ID)
	text := cat.Texts["reply"]
	if v, ok := cat.Texts[variant]; ok && variant != "" {
		text = v
	}
	t.sayBlocks(text)
	if t.pending() != "" && t.offerAgain() {
		return
	}
	if variant != "evasion" {
		t.offer(chat.ChoiceHuman)
	}
}

// outsideVariant is the kind of outside message, where one is clearly likeliest;
// an honest text for the wrong one would be beside the point.
func (t *turn) outsideVariant() string {
	whole := p(t.merged, "out_of_scope")
	for _, g := range t.leaves {
		if category, variant := intents.Split(g.Label); category == "out_of_scope" && g.P > whole/2 {
			return variant
		}
	}
	return ""
}

// askOrOffer asks the question that tells most, or offers a person when two were
// put already.
func (t *turn) askOrOffer() {
	topic := t.topic()
	if len(topic.Answered) > 0 {
		t.setAside()
		topic = t.topic()
	}
	if t.belief == nil {
		if t.clarifying() {
			t.belief = t.combined()
		} else {
			t.belief = t.e.fromGuesses(t.merged).without(topic.Failed, t.e.candidates)
		}
	}
	t.ask()
}

func appendNew(list []string, s string) []string {
	if s == "" || contains(list, s) {
		return list
	}
	return append(list, s)
}
