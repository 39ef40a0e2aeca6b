package dialogue

import (
	"slices"
	"strings"

	"verihelp/intents"
	"verihelp/internal/chat"
)

// Kinds of pending questions beside those of the catalogue.
const (
	questionConfirm = "confirm:" // + category: is it this one?
	questionFact    = "fact:"    // + category: which date, age or place?
	questionPerson  = "person"   // shall a person take over?
	questionNext    = "next"     // is it one of the next likely causes?
)

// What follows are the rules' actions. Each fills in bubbles and choices, the
// trace's action and category, and the memory.

func (t *turn) about(action chat.Action, category string) {
	t.trace.Action, t.trace.Category = action, category
}

// careFirst says what a decent person would, and leaves the conversation as it is.
func (t *turn) careFirst() {
	cat, _ := t.e.Catalog.Get("out_of_scope")
	t.about(chat.Decline, cat.ID)
	if t.conv.Case != nil {
		t.about(chat.Relay, t.conv.Case.Category)
	}
	t.sayBlocks(cat.Texts["crisis"])
	if t.conv.Case == nil {
		t.offer(chat.ChoiceHuman)
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

func (t *turn) askWhatNumber() {
	t.about(chat.Clarify, "unclear")
	t.say(t.phrase("input.lone_number"))
	t.offer(chat.ChoiceHuman)
}

func (t *turn) readSection() {
	id := strings.TrimPrefix(t.choice, prefixRead)
	section, _ := t.e.Library.Section(id)
	category := t.categoryOf(id)
	t.about(chat.Answer, category)
	t.quote(section)
	t.leaveQuestion()
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

func (t *turn) answerFact() {
	cat, _ := t.e.Catalog.Get(t.mem.Topic.Category)
	t.handle(cat)
}

func (t *turn) chatBack() {
	top, _ := t.top()
	cat, _ := t.e.Catalog.Get(top)
	_, variant := intents.Split(t.leaves[0].Label)
	t.about(chat.Smalltalk, top)
	if top == "talk.affirm" && t.refusedBefore() {
		t.say(t.phrase("talk.understood"))
		t.offerAgain()
		return
	}
	if top == "talk.affirm" && t.advised() { // "ok": about to try it
		t.say(t.phrase("talk.try_it"))
		t.offerAgain()
		return
	}
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

func (t *turn) handleHeard() {
	t.belief = t.heard()
	t.handleBest()
}

func (t *turn) handleBest() {
	best := t.belief.best(1)[0]
	cat, _ := t.e.Catalog.Get(best.Category)
	if t.hasTopic() && len(t.mem.Topic.Answered) > 0 && !slices.Contains(t.mem.Topic.Answered, cat.ID) {
		t.setAside()
	}
	t.handle(cat)
}

func (t *turn) quoteFollowUp() {
	section := t.hit()
	t.about(chat.Answer, t.categoryOf(section.ID))
	t.say(t.phrase("advice.also"))
	t.quote(section)
	t.leaveQuestion()
	t.offerAfterAdvice(t.trace.Category)
}

// leaveQuestion: new choices stand where a question's stood, so that an answer
// by number means them.
func (t *turn) leaveQuestion() {
	if t.hasTopic() {
		t.mem.Topic.Question = ""
	}
}

func (t *turn) declineOutside() { t.declineAs(t.outsideVariant()) }

// declineAs says why it cannot be done, in the words for one kind of outside message.
func (t *turn) declineAs(variant string) {
	cat, _ := t.e.Catalog.Get("out_of_scope")
	t.about(chat.Decline, cat.ID)
	if variant == "" && t.distressed() {
		variant = "funds" // what people despair of here, and its words are kind
	}
	text := cat.Texts["reply"]
	if v, ok := cat.Texts[variant]; ok && variant != "" {
		text = v
	}
	t.sayBlocks(text)
	if t.pending() != "" && t.offerAgain() {
		return
	}
	if variant != "evasion" && t.e.Desk {
		t.say(t.phrase("outside.person"))
	}
	t.offer(chat.ChoiceHuman)
}

// outsideVariant is the kind of outside message, where one is clearly likeliest;
// an honest text for the wrong one would be beside the point.
func (t *turn) outsideVariant() string {
	whole := p(t.merged, "out_of_scope")
	for _, g := range t.leaves {
		if category, variant := intents.Split(g.Label); category == "out_of_scope" && g.P > whole/2 {
			if g.Label == evasion && !t.refused() || g.Label == crisis && !t.inDanger() || g.Label == scam && !t.scamTold() {
				return "" // nobody is accused, or taken for desperate or defrauded, on a guess
			}
			return variant
		}
	}
	return ""
}

func appendNew(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
