package dialogue

import (
	"regexp"
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
	topic.Category, topic.Question, topic.Span = cat.ID, "", nil
	for _, line := range t.factLines() {
		topic.Facts = appendNew(topic.Facts, line)
	}
	if t.belief != nil {
		topic.Belief = t.belief
	}
	switch {
	case v.name == verdictUnsure:
		t.askFact(cat, v)
	case v.name == "" && cat.Route == intents.Final && (slices.Contains(topic.Put, questionFact+cat.ID) || cat.Fact == intents.FactAge && (t.bareFact() || !t.saysMinor() && topic.Verdict == "" && t.choice == "")):
		// Asked for the date and still not known, or a date that is no birthday: never
		// refused on a guess.
		t.askFact(cat, verdict{})
	case v.name == "" && cat.Route == intents.Final && topic.Verdict != "" && !finals[topic.Verdict]:
		t.stayWith(cat.ID, "advice.fine") // what was computed before holds
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
	if !t.onlyAsks() { // sympathy is for what has happened
		t.sayBlocks(cat.Texts["opening"])
	}
	if cat.Kind == intents.Guide {
		t.quote(t.bestSection(cat))
	} else {
		t.quoteAll(cat)
	}
	topic.Answered = appendNew(topic.Answered, cat.ID)
	t.offerAfterAdvice(cat.ID)
}

// Signs of a question about the rules, and of something that went wrong.
var (
	asking  = regexp.MustCompile(`吗|么$|呢$|\?|可以|可不可以|行不行|能不能|要不要|多久|多少|几|哪|是否|怎么|点解|点样|点算|点做|咁点|系咪|得唔得|可唔可以|有冇|边度|边个|乜|咩`)
	failing = regexp.MustCompile(`过期|到期|糊|不能|不过|不了|不到|不上|不开|不行$|不通过|失败|被|退|拒|说我|说不|显示|提示|没过|没反应|一直|总是|老是|驳回|打回|卡|为什么`)
)

// onlyAsks: the message asks what is allowed or needed; nothing has gone wrong yet.
func (t *turn) onlyAsks() bool {
	return t.choice == "" && asking.MatchString(t.folded) && !failing.MatchString(t.folded)
}

// answerWithVerdict says the sum and the rule, with the section it rests on.
func (t *turn) answerWithVerdict(cat *intents.Category, v verdict) {
	topic := t.topic()
	topic.Verdict = v.name
	if v.action == chat.Final {
		t.refuseKindly(cat, v.text)
		return
	}
	t.about(chat.Answer, cat.ID)
	t.sayBlocks(t.withSource(v.text, cat))
	topic.Answered = appendNew(topic.Answered, cat.ID)
	t.offerAfterAdvice(cat.ID)
}

// askFact asks for the exact date when what was said can mean both.
func (t *turn) askFact(cat *intents.Category, v verdict) {
	t.about(chat.Clarify, cat.ID)
	topic := t.topic()
	question := questionFact + cat.ID
	switch {
	case slices.Contains(topic.Put, question): // once more, in other words
		t.sayBlocks(cat.Texts["ask"])
	case v.name == "": // the rule first, then what it is asked for
		t.quoteAll(cat)
		t.sayBlocks(cat.Texts["ask"])
	default:
		t.sayBlocks(v.text)
	}
	t.offer(chat.ChoiceHuman)
	topic.Question, topic.Put, topic.Span = question, appendNew(topic.Put, question), v.span
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
		if hit.Score >= t.e.QuoteThreshold/2 && slices.Contains(cat.Sections, hit.Section.ID) {
			return hit.Section
		}
	}
	return first
}

// hit is the section that answers the message well enough to be quoted: inside
// the topic's articles while there is a topic, else in all. The topic's own
// sections are near at hand, and a short question that goes on with it has few words,
// so half the score will do. What was quoted in this topic is not quoted again.
func (t *turn) hit() *knowledge.Section {
	if !t.searched {
		t.searched, t.section = true, t.search()
	}
	return t.section
}

// fullScore is the score of a section that covers a question.
const fullScore = 0.9

func (t *turn) search() *knowledge.Section {
	var within, own, near, said []string
	if t.hasTopic() {
		said = t.mem.Topic.Said
		if cat, ok := t.e.Catalog.Get(t.mem.Topic.Category); ok {
			own, near = cat.Sections, cat.Related
			within = articlesOf(append(append([]string(nil), own...), cat.Related...))
		}
	}
	for _, hit := range t.e.Index.Search(t.text, within, 3) {
		enough := t.e.QuoteThreshold
		if slices.Contains(own, hit.Section.ID) || (t.elliptic() || asksHow.MatchString(t.folded)) && slices.Contains(near, hit.Section.ID) {
			enough /= 2
		}
		if hit.Score >= enough && !slices.Contains(said, hit.Section.ID) {
			t.fits = hit.Score >= fullScore
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
