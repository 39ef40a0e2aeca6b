package dialogue

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"verihelp/intents"
	"verihelp/internal/chat"
)

// newCase writes the staff's card: it answers the first questions of whoever
// takes the case, so that the user need not say it again.
func (t *turn) newCase(cat *intents.Category) *chat.Case {
	c := &chat.Case{
		ID:         CaseID(t.conv.ID, t.conv.Cases+1),
		Address:    t.conv.Address,
		State:      chat.CaseWaiting,
		Category:   cat.ID,
		Title:      cat.Title,
		Facts:      t.factLines(),
		Masked:     t.msg.Masked,
		Lang:       string(t.locale),
		Priority:   cat.Priority,
		OpenedAt:   t.msg.At,
		ChangedAt:  t.msg.At,
		LastUser:   t.msg.At,
		Unanswered: 1,

		AwaitsSince: t.msg.At,
	}
	if host := t.msg.Context; !host.Empty() {
		c.Host = &host
	}
	for _, g := range t.merged[:min(3, len(t.merged))] {
		c.Also = append(c.Also, chat.Guess{Category: g.Label, P: g.P})
	}
	if t.msg.Choice != "" { // a button says nothing itself; what was said before does
		c.Also = belief(t.topic().Belief).best(3)
	}
	for _, topic := range append(t.mem.Earlier, *t.topic()) {
		for _, id := range topic.Answered {
			if id != cat.ID || cat.Route != intents.Human { // a person's category was not tried, it is why
				c.Tried = appendNew(c.Tried, id)
			}
		}
		for _, line := range topic.Facts {
			c.Facts = appendNew(c.Facts, line)
		}
	}
	for _, b := range cat.Texts["prepare"] {
		c.Checklist = append(c.Checklist, b.Items...)
	}
	return c
}

// CaseID is short enough to be read out, and follows from the conversation, so
// that a replayed turn opens the same case.
func CaseID(conversation string, n int) string { return conversation + "-" + strconv.Itoa(n) }

// disclaims says that a person was not asked for.
var disclaims = regexp.MustCompile(`没(?:有)?说.{0,3}(?:要|找)|不是(?:要|叫|让|想)你?.{0,3}(?:转|找)`)

// wantsPerson ends a message that asks for a person whatever stands before it.
var wantsPerson = regexp.MustCompile(`(?:还是|我要|我想|帮我|请|直接)(?:要|想)?(?:找|转|叫)(?:个|一个|你们)?(?:真人|人工|人|客服|专员)(?:客服)?(?:吧|啦|了|好了)?$`)

// takenBack: the user no longer wants the person who was called.
func (t *turn) takenBack() bool {
	if t.conv.Case == nil {
		return false
	}
	// A typed number answers the person, not the button above it.
	return t.msg.Choice == chat.ChoiceCancel || t.msg.Choice == "" && t.says("talk.deny/cancel")
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
	c := t.conv.Case
	t.about(chat.Relay, c.Category)
	waiting := c.State == chat.CaseWaiting
	switch {
	case strings.HasPrefix(t.msg.Choice, chat.ChoiceReady):
		t.say(t.phrase("human.ready"))
		t.choices = append(t.choices, t.e.readyChoices(c.WithReady(t.msg.Choice))...)
	case t.msg.Choice == chat.ChoiceHuman && waiting:
		t.sayStanding(t.phrase("human.already", "case", c.ID), t.queue.Ahead)
	case t.msg.Choice == chat.ChoiceHuman:
		t.say(t.phrase("human.already", "case", c.ID))
	case !waiting:
		return
	case t.asksToSend():
		cat, _ := t.e.Catalog.Get(c.Category)
		t.sayBlocks(t.e.neverSend(cat))
	case !t.asksHowLong() && t.knownWhileWaiting():
		t.sayReviewed(t.answer)
	case t.asksHowLong() || (c.Unanswered-1)%queueEvery == 0:
		t.sayStanding(t.phrase("human.waiting", "case", c.ID), t.queue.Ahead)
	default:
		return
	}
	if waiting {
		t.offer(chat.ChoiceCancel)
	}
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
	return t.problemSoFar()
}

// problemSoFar is the failure talked about last, or else the guide.
func (t *turn) problemSoFar() *intents.Category {
	topics := slices.Clone(t.mem.Earlier)
	if t.hasTopic() {
		topics = append(topics, *t.mem.Topic)
	}
	var guide *intents.Category
	for _, topic := range slices.Backward(topics) {
		cat, ok := t.e.Catalog.Get(topic.Category)
		switch {
		case ok && cat.Kind == intents.Failure:
			return cat
		case ok && candidate(cat) && guide == nil && t.hasTopic() && topic.Category == t.mem.Topic.Category:
			guide = cat
		}
	}
	return guide
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

// openCase promises a person where there is one, and else names the official way.
func (t *turn) openCase(cat *intents.Category) {
	if !t.e.Desk {
		t.say(t.phrase("human.no_desk"))
		return
	}
	if wait := t.queue.Crowded; wait > 0 {
		t.say(t.phrase("human.crowded", "wait", t.e.roughly(wait)))
		return
	}
	t.open = t.newCase(cat)
	ahead := t.queue.Ahead
	if cat.Priority {
		ahead = t.queue.AheadPriority
	}
	t.sayStanding(t.phrase("human.opened", "case", t.open.ID), ahead)
	t.choices = append(t.choices, t.e.readyChoices(*t.open)...)
	t.offer(chat.ChoiceCancel)
	if t.hasTopic() {
		t.mem.Topic.Question = ""
	}
}

// readyChoices let the user tick what of the checklist is at hand, so that staff see
// it on the card.
func (e *Engine) readyChoices(c chat.Case) []chat.Choice {
	var out []chat.Choice
	for i, item := range c.Checklist {
		if slices.Contains(c.Ready, i) {
			continue
		}
		short, _, _ := strings.Cut(item, "（")
		short, _, _ = strings.Cut(short, "，")
		out = append(out, chat.Choice{ID: c.ReadyChoice(i), Label: e.phrase("choice.ready", "item", short)})
	}
	return out
}
