package dialogue

import (
	"slices"
	"strings"

	"verihelp/intents"
	"verihelp/internal/chat"
	"verihelp/knowledge"
)

// handle does what the table from category to action says, once the category is
// known. A computed fact can turn it: a number that is fine never refuses.
func (t *turn) handle(cat *intents.Category) {
	v := t.verdict(cat)
	if v.category != nil {
		cat = v.category
	}
	t.mem.Earlier = slices.DeleteFunc(t.mem.Earlier, func(old chat.Topic) bool { return old.Category == cat.ID })
	topic := t.topic()
	topic.Category, topic.Question = cat.ID, ""
	for _, line := range t.factLines() {
		topic.Facts = appendNew(topic.Facts, line)
	}
	if t.belief != nil {
		topic.Belief = t.belief
	}
	switch {
	case v.name == verdictUnsure:
		t.askFact(cat, v)
	case v.name == "" && cat.Route == intents.Final && contains(topic.Put, questionFact+cat.ID):
		// Asked for the date and still not known: never refused on a guess.
		t.askFact(cat, verdict{text: cat.Texts[verdictUnsure]})
	case v.name != "":
		t.answerWithVerdict(cat, v)
	case cat.Route == intents.Human:
		t.escalate(cat)
	case cat.Route == intents.Final:
		t.refuseKindly(cat, cat.Texts["final"])
	default:
		t.advise(cat)
	}
}

// advise gives the reviewed advice: a kind sentence, the section, what next.
func (t *turn) advise(cat *intents.Category) {
	t.about(chat.Answer, cat.ID)
	topic := t.topic()
	t.sayBlocks(cat.Texts["opening"])
	if cat.Kind == intents.Guide {
		t.quote(t.bestSection(cat))
	} else {
		t.quoteAll(cat)
	}
	topic.Answered = appendNew(topic.Answered, cat.ID)
	t.offerAfterAdvice(cat.ID)
}

// answerWithVerdict says the sum and the rule, with the section it rests on.
func (t *turn) answerWithVerdict(cat *intents.Category, v verdict) {
	if v.action == chat.Final {
		t.refuseKindly(cat, v.text)
		return
	}
	t.about(chat.Answer, cat.ID)
	t.sayBlocks(t.withSource(v.text, cat))
	topic := t.topic()
	topic.Answered = appendNew(topic.Answered, cat.ID)
	t.offerAfterAdvice(cat.ID)
}

// askFact asks for the exact date when what was said can mean both.
func (t *turn) askFact(cat *intents.Category, v verdict) {
	t.about(chat.Clarify, cat.ID)
	topic := t.topic()
	t.sayBlocks(v.text)
	question := questionFact + cat.ID
	if contains(topic.Put, question) {
		t.offer(chat.ChoiceHuman)
	}
	topic.Question, topic.Put = question, appendNew(topic.Put, question)
}

// refuseKindly says that it cannot be done, why, and what about the money. Who
// has an account already, or thinks it is a mistake, is offered a person.
func (t *turn) refuseKindly(cat *intents.Category, text []chat.Block) {
	t.about(chat.Final, cat.ID)
	t.sayBlocks(t.withSource(text, cat))
	t.sayBlocks(cat.Texts["money"])
	topic := t.topic()
	topic.Answered = appendNew(topic.Answered, cat.ID)
	t.offer(chat.ChoiceHuman)
}

// escalate says why a person is needed, what to prepare and what never to send
// here, and opens the case.
func (t *turn) escalate(cat *intents.Category) {
	t.about(chat.Escalate, cat.ID)
	t.sayBlocks(joinBlocks(cat.Texts["opening"], cat.Texts["why_human"]))
	t.sayPrepare(cat)
	topic := t.topic()
	topic.Answered = appendNew(topic.Answered, cat.ID)
	t.openCase(cat)
}

// sayPrepare lists what to have ready and what never to send here, with the
// section it rests on.
func (t *turn) sayPrepare(cat *intents.Category) {
	prepare := cat.Texts["prepare"]
	if len(prepare) == 0 {
		return
	}
	key := "human.prepare"
	if !t.e.Desk {
		key = "human.prepare_no_desk"
	}
	lead := []chat.Block{{Kind: chat.Paragraph, Text: t.phrase(key)}}
	t.sayBlocks(t.withSource(joinBlocks(lead, prepare, cat.Texts["never_send"]), cat))
}

// withSource names the section that a category's own text rests on.
func (t *turn) withSource(text []chat.Block, cat *intents.Category) []chat.Block {
	for _, id := range cat.Sections[:min(1, len(cat.Sections))] {
		if section, ok := t.e.Library.Section(id); ok {
			text = joinBlocks(text, []chat.Block{t.source(section)})
		}
	}
	return text
}

func joinBlocks(parts ...[]chat.Block) []chat.Block {
	var out []chat.Block
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// openCase promises a person where there is one, and else names the official way.
func (t *turn) openCase(cat *intents.Category) {
	if !t.e.Desk {
		t.say(t.phrase("human.no_desk"))
		return
	}
	t.open = t.newCase(cat)
	t.say(t.phrase("human.opened", "case", t.open.ID))
	t.offer(chat.ChoiceCancel)
	if t.hasTopic() {
		t.mem.Topic.Question = ""
	}
}

// quoteAll quotes the sections a category rests on.
func (t *turn) quoteAll(cat *intents.Category) {
	for _, id := range cat.Sections {
		if section, ok := t.e.Library.Section(id); ok {
			t.quote(section)
		}
	}
}

// bestSection is the section of a guide that fits the question, else its first.
func (t *turn) bestSection(cat *intents.Category) *knowledge.Section {
	first, _ := t.e.Library.Section(cat.Sections[0])
	for _, hit := range t.e.Index.Search(t.text, articlesOf(cat.Sections), 1) {
		if hit.Score >= t.e.QuoteThreshold/2 && contains(cat.Sections, hit.Section.ID) {
			return hit.Section
		}
	}
	return first
}

// hit is the section that answers the message well enough to be quoted: inside
// the topic's articles while there is a topic, else in all. The topic's own
// sections are near at hand, so half the score will do. What was quoted in this
// topic is not quoted again.
func (t *turn) hit() *knowledge.Section {
	var within, own, said []string
	if t.hasTopic() {
		said = t.mem.Topic.Said
		if cat, ok := t.e.Catalog.Get(t.mem.Topic.Category); ok {
			own = cat.Sections
			within = articlesOf(append(append([]string(nil), own...), cat.Related...))
		}
	}
	for _, hit := range t.e.Index.Search(t.text, within, 3) {
		enough := t.e.QuoteThreshold
		if contains(own, hit.Section.ID) {
			enough /= 2
		}
		if hit.Score >= enough && !contains(said, hit.Section.ID) {
			return hit.Section
		}
	}
	return nil
}

func articlesOf(sections []string) []string {
	var out []string
	for _, id := range sections {
		article, _, _ := strings.Cut(id, "#")
		out = appendNew(out, article)
	}
	return out
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
	if cat, _ := t.e.Catalog.Get(best[0].Category); best[0].P >= sureOfConfirm && best[1].P < sureOfConfirm/2 {
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
	t.sayBlocks(cat.Texts["reply"])
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
	if !t.e.Desk {
		t.say(t.phrase(key + "_no_desk"))
		return
	}
	likely, share := t.likely()
	if share >= narrow {
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
const narrow = 0.8

// likely lists up to three categories that are still worth a tap when a person is
// offered, with their share of the belief.
func (t *turn) likely() (ids []string, share float64) {
	for _, g := range belief(t.topic().Belief).best(3) {
		if g.P >= 0.15 && !contains(t.topic().Failed, g.Category) {
			ids, share = append(ids, g.Category), share+g.P
		}
	}
	return ids, share
}
