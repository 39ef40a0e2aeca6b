package dialogue

import (
	"regexp"
	"slices"
	"strings"

	"verihelp/intents"
	"verihelp/internal/chat"
)

// Clarifying: an answer updates the belief; the next question follows from it.

func (t *turn) weighOption() {
	topic := t.topic()
	likely, _ := t.e.likelihood(t.choice)
	prior := belief(topic.Belief)
	if len(prior) == 0 {
		prior = belief{}.normal(t.e.candidates)
	}
	if id, meant := strings.CutPrefix(t.choice, prefixIs); meant && topic.Question == questionNext {
		cat, _ := t.e.Catalog.Get(id)
		t.handle(cat)
		return
	}
	if id, denied := strings.CutPrefix(t.choice, prefixNot); denied {
		topic.Failed = appendNew(topic.Failed, id)
	} else if id, meant := strings.CutPrefix(t.choice, prefixIs); meant {
		topic.Failed = slices.DeleteFunc(topic.Failed, func(failed string) bool { return failed == id })
	}
	t.belief = prior.times(likely, t.e.candidates).without(topic.Failed, t.e.candidates)
	if t.e.sure(t.belief) {
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
	if t.choice == "" && leaving.MatchString(bareWords(t.folded)) {
		t.about(chat.Smalltalk, "talk.deny")
		t.say(t.phrase("talk.understood"))
		t.offer(chat.ChoiceHuman)
		return
	}
	t.belief = belief(topic.Belief)
	if len(t.belief) == 0 {
		t.belief = belief{}.normal(t.e.candidates)
	}
	if pending != "" && pending != questionPerson && !strings.HasPrefix(pending, questionFact) {
		t.belief = t.belief.times(t.e.noneOf(t.offered), t.e.candidates)
	}
	t.belief = t.belief.without(topic.Failed, t.e.candidates)
	switch pending {
	case questionPerson:
		t.goOnWithout()
		return
	case questionNext:
		t.offerPerson("question.give_up")
		return
	}
	t.say(t.phrase("question.ruled_out"))
	t.ask()
}

// leaving is somebody who asks no more.
var leaving = regexp.MustCompile(`^(?:那)?算(?:了|数)?(?:吧|啦)?(?:我)?(?:不问了|不弄了|不搞了|不用了|唔问喇)?$|^(?:不问了|不弄了|不搞了)$`)

// goOnWithout: no person is wanted and every question was put, so the user's own
// words are what is left.
func (t *turn) goOnWithout() {
	topic := t.topic()
	topic.Belief, topic.Category, topic.Put = t.belief, "", nil
	t.about(chat.Clarify, "unclear")
	t.say(t.phrase("question.own_words"))
}

// askOrOffer asks the question that tells most, or offers a person when two were
// put already.
func (t *turn) askOrOffer() {
	topic := t.topic()
	if cat, ok := t.e.Catalog.Get(topic.Category); ok && t.goesOn() {
		t.sayAgain(cat)
		return
	}
	if len(topic.Answered) > 0 && topic.Question == "" { // an answer to a question stays in its topic
		t.setAside()
		topic = t.topic()
	}
	t.belief = t.heard().without(topic.Failed, t.e.candidates)
	t.ask()
}

// ask puts the question that tells most, asks whether the likeliest category is
// meant, or, after two questions, offers a person.
func (t *turn) ask() {
	topic := t.topic()
	topic.Belief, topic.Category = t.belief, ""
	if len(topic.Put) >= maxQuestions {
		t.offerPerson("question.give_up")
		return
	}
	best := t.belief.best(2)
	if cat, _ := t.e.Catalog.Get(best[0].Category); best[0].P >= sureOfConfirm && best[1].P < sureOfConfirm/2 && !slices.Contains(topic.Put, questionConfirm+cat.ID) {
		t.askConfirm(cat)
		return
	}
	question, ok := t.e.bestQuestion(t.belief, topic.Put)
	if !ok {
		t.offerPerson("question.give_up")
		return
	}
	t.about(chat.Clarify, "unclear")
	t.trace.Question, t.trace.Gain = question.id, question.gain
	if len(topic.Put) == 0 && len(t.bubbles) == 0 {
		t.openUnclear()
	}
	t.say(question.text)
	t.choices = append(t.choices, question.options...)
	t.offer(chat.ChoiceNone, chat.ChoiceHuman)
	topic.Question, topic.Put = question.id, append(topic.Put, question.id)
}

// openUnclear begins with the article's two first checks.
func (t *turn) openUnclear() {
	cat, ok := t.e.Catalog.Get("unclear")
	if !ok {
		return
	}
	if text, ok := cat.Texts["not_helped"]; ok && t.says("unclear/not_helped") {
		t.sayBlocks(text)
		return
	}
	if !t.mem.Opened {
		t.sayBlocks(cat.Texts["reply"])
		t.mem.Opened = true
	}
}

func (t *turn) askConfirm(cat *intents.Category) {
	topic := t.topic()
	t.about(chat.Clarify, cat.ID)
	t.sayBlocks(cat.Texts["confirm"])
	t.choices = append(t.choices,
		chat.Choice{ID: prefixIs + cat.ID, Label: t.phrase("choice.yes")},
		chat.Choice{ID: prefixNot + cat.ID, Label: t.phrase("choice.no")})
	t.offer(chat.ChoiceHuman)
	topic.Question, topic.Put = questionConfirm+cat.ID, append(topic.Put, questionConfirm+cat.ID)
	t.trace.Question = topic.Question
}

// offerPerson asks whether a person shall take over; without a desk it names the
// official way.
func (t *turn) offerPerson(key string) {
	topic := t.topic()
	category := topic.Category
	if category == "" {
		category = "unclear"
	}
	t.about(chat.Clarify, category)
	if key == "question.give_up" && topic.Question == questionPerson { // not the same words twice
		key = "question.still_unclear"
	}
	if !t.e.Desk {
		t.say(t.phrase(key + "_no_desk"))
		topic.Question = questionPerson
		return
	}
	likely, share := t.likely()
	if share < narrow || len(likely) < 2 {
		likely = nil // naming one cause or many is no help
	} else {
		key = "question.narrow"
	}
	t.say(t.phrase(key))
	for _, id := range likely {
		cat, _ := t.e.Catalog.Get(id)
		t.choices = append(t.choices, chat.Choice{ID: prefixIs + id, Label: cat.Choice})
	}
	t.offer(chat.ChoiceHuman)
	topic.Question = questionPerson
}

// narrow is the share of belief from which the few categories left are worth
// naming beside the offer of a person.
const narrow = 0.5

// likely lists up to three categories that are still worth a tap when a person is
// offered, with their share of the belief.
func (t *turn) likely() (ids []string, share float64) {
	for _, g := range belief(t.topic().Belief).best(3) {
		if g.P >= 0.1 && !slices.Contains(t.topic().Failed, g.Category) {
			ids, share = append(ids, g.Category), share+g.P
		}
	}
	return ids, share
}
