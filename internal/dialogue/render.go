package dialogue

import (
	"slices"
	"strconv"
	"strings"

	"verihelp/intents"
	"verihelp/internal/chat"
	"verihelp/internal/redact"
	"verihelp/internal/zh"
	"verihelp/knowledge"
)

// Texts are collected in Traditional and converted once, in finish.

func (t *turn) say(text string) {
	t.sayBlocks([]chat.Block{{Kind: chat.Paragraph, Text: text}})
}

// sayBlocks adds a bubble.
func (t *turn) sayBlocks(blocks []chat.Block) {
	if len(blocks) > 0 {
		t.bubbles = append(t.bubbles, chat.Bubble{Blocks: blocks})
	}
}

// sayFirst puts a bubble before all others, unless it is there already.
func (t *turn) sayFirst(blocks []chat.Block) {
	first := chat.Bubble{Blocks: blocks}
	if len(blocks) > 0 && !slices.ContainsFunc(t.bubbles, func(b chat.Bubble) bool { return b.Text() == first.Text() }) {
		t.bubbles = append([]chat.Bubble{first}, t.bubbles...)
	}
}

// quote adds a section as it stands, with its source.
func (t *turn) quote(s *knowledge.Section) {
	t.sayBlocks(append(append([]chat.Block(nil), s.Blocks...), t.source(s)))
	if t.hasTopic() {
		t.mem.Topic.Said = appendNew(t.mem.Topic.Said, s.ID)
	}
}

// source is the line that names where a text comes from and how old it is.
func (t *turn) source(s *knowledge.Section) chat.Block {
	t.trace.Sections = appendNew(t.trace.Sections, s.ID)
	return chat.Block{
		Kind: chat.Source,
		Text: t.phrase("source", "article", s.Article.Title, "updated", date(s.Article.Updated)),
		URL:  s.Article.Source,
	}
}

// phrase is one of the bot's own texts with its placeholders filled in.
func (t *turn) phrase(key string, values ...string) string {
	return t.e.phrase(key, values...)
}

func pairs(values []string) map[string]string {
	m := make(map[string]string, len(values)/2)
	for i := 0; i+1 < len(values); i += 2 {
		m[values[i]] = values[i+1]
	}
	return m
}

// fill replaces {name} by its value.
func fill(text string, values map[string]string) string {
	for _, name := range intents.Placeholders(text) {
		if v, ok := values[name]; ok {
			text = strings.ReplaceAll(text, "{"+name+"}", v)
		}
	}
	return text
}

// offer adds choices that mean the same whenever they are sent.
func (t *turn) offer(ids ...string) {
	for _, id := range ids {
		if id == chat.ChoiceHuman && !t.e.Desk {
			continue
		}
		t.choices = append(t.choices, chat.Choice{ID: id, Label: t.phrase("choice." + id)})
	}
}

// offerAgain repeats the choices of the last reply, in the turn's own script.
func (t *turn) offerAgain() bool {
	t.choices = append(t.choices[:0:0], t.offered...)
	return len(t.choices) > 0
}

const mostRelated = 2 // guides offered under an answer

// offerAfterAdvice offers related guides, "solved", "not solved" and a person.
func (t *turn) offerAfterAdvice(category string) {
	cat, ok := t.e.Catalog.Get(category)
	if ok {
		more := cat.Related
		if cat.Kind == intents.Guide {
			more = append(append([]string(nil), cat.Sections...), cat.Related...)
		}
		t.offerSections(more)
	}
	t.offer(chat.ChoiceSolved, chat.ChoiceNotSolved, chat.ChoiceHuman)
}

func (t *turn) offerSections(ids []string) {
	offered := 0
	for _, id := range ids {
		section, ok := t.e.Library.Section(id)
		if !ok || offered == mostRelated || t.hasTopic() && slices.Contains(t.mem.Topic.Said, id) {
			continue
		}
		t.choices = append(t.choices, chat.Choice{ID: prefixRead + id, Label: t.phrase("choice.read", "title", section.Title)})
		offered++
	}
}

// finish adds what every reply may need (a warning, a note that the message was
// too long), converts it to the user's script, and closes the trace.
func (t *turn) finish(rule string) chat.Turn {
	t.trace.Rule = rule
	if t.worried && t.trace.Action != chat.Relay && t.trace.Action != chat.Decline {
		t.sayFirst([]chat.Block{{Kind: chat.Paragraph, Text: t.phrase("advice.money")}})
	}
	if t.distressed() && t.conv.Case == nil && t.open == nil && !t.inDanger() {
		t.sayFirst([]chat.Block{{Kind: chat.Paragraph, Text: t.phrase("care.distress")}})
	}
	t.noteFiles()
	t.warn()
	t.rememberWarned()
	if t.mem.Lang == "" && t.inLatin() && len(t.bubbles) > 0 {
		t.say(t.phrase("input.chinese_only"))
	}
	if t.cut && len(t.bubbles) > 0 {
		t.say(t.phrase("input.too_long", "limit", strconv.Itoa(maxRunes)))
	}
	t.trace.Script = string(t.detection.Script)
	t.trace.Lang = string(t.locale)
	t.trace.Model = t.e.model
	t.trace.Knowledge = t.e.hash
	t.trace.Clock = t.msg.At
	t.trace.Masked = t.msg.Masked
	t.trace.Facts = t.factLines()
	t.trace.EvidenceSize = len([]rune(t.text))
	for _, g := range t.merged[:min(6, len(t.merged))] {
		t.trace.Top = append(t.trace.Top, chat.Guess{Category: g.Label, P: g.P})
	}
	if t.hasTopic() && len(t.mem.Topic.Belief) > 0 {
		t.trace.Belief = belief(t.mem.Topic.Belief).best(5)
	}
	if t.open != nil {
		t.trace.CaseID = t.open.ID
		t.open.Rule = rule
	} else if t.conv.Case != nil && !t.cancel {
		t.trace.CaseID = t.conv.Case.ID
	}
	t.mem.Lang, t.mem.At = string(t.locale), t.msg.At
	if len(t.bubbles) > 0 {
		t.mem.Offered = t.choices
	}
	return chat.Turn{Reply: t.reply(), Trace: t.trace, Memory: t.mem, Open: t.open, Cancel: t.cancel, Rating: t.rating}
}

// warn puts the warning about a secret before everything else. While a person
// has the conversation, the bot says this one thing all the same.
func (t *turn) warn() {
	kinds := t.warned()
	if len(kinds) == 0 {
		return
	}
	blocks := []chat.Block{{Kind: chat.Paragraph, Text: t.phrase("warn.opening")}}
	for _, k := range kinds {
		blocks = append(blocks, chat.Block{Kind: chat.Paragraph, Text: t.phrase("warn." + string(k))})
	}
	t.bubbles = append([]chat.Bubble{{Blocks: blocks}}, t.bubbles...)
	t.trace.Action = chat.Warn
}

// rememberWarned keeps which secrets were warned of, while the talk is of them.
func (t *turn) rememberWarned() {
	if t.trace.Rule == secretFeared {
		return
	}
	t.mem.Warned = nil
	for _, kind := range t.warned() {
		if kind != redact.IDNumber && kind != redact.CardNumber { // whose loss takes nothing away at once
			t.mem.Warned = append(t.mem.Warned, string(kind))
		}
	}
}

// reply converts the collected texts.
func (t *turn) reply() chat.Reply {
	return convert(chat.Reply{Lang: string(t.locale), Bubbles: t.bubbles, Choices: t.choices}, t.locale)
}

func convert(r chat.Reply, to zh.Locale) chat.Reply {
	out := chat.Reply{Lang: r.Lang}
	for _, bubble := range r.Bubbles {
		blocks := make([]chat.Block, len(bubble.Blocks))
		for i, b := range bubble.Blocks {
			blocks[i] = chat.Block{Kind: b.Kind, Text: zh.Convert(b.Text, to), URL: b.URL}
			for _, item := range b.Items {
				blocks[i].Items = append(blocks[i].Items, zh.Convert(item, to))
			}
		}
		out.Bubbles = append(out.Bubbles, chat.Bubble{Blocks: blocks})
	}
	for _, c := range r.Choices {
		out.Choices = append(out.Choices, chat.Choice{ID: c.ID, Label: zh.Convert(c.Label, to)})
	}
	return out
}

// RequiredPhrases lists the phrases the engine says, with the placeholders each
// may use; intents.LoadPhrases checks a file against it.
func RequiredPhrases() map[string][]string {
	required := map[string][]string{
		"choice.read": {"title"}, "choice.ready": {"item"}, "choice.back": {"title"},
		"advice.several": {"count"}, "advice.blocked": {"title"}, "advice.human_later": {"title"}, "advice.human_later_no_desk": {"title"}, "advice.same": {"title"},
		"source": {"article", "updated"}, "solved.more": {"title"}, "back.reply": {"title"}, "talk.still_here": {"title"},
		"human.opened": {"case"}, "human.crowded": {"wait"}, "human.opened_symptom": {"title"}, "human.waiting": {"case"}, "human.cancelled": {"case"}, "human.already": {"case"},
		"human.reopened": {"case"}, "human.reopened_agent": {"agent"}, "choice.stars": {"count"},
		"queue.ahead": {"count"}, "queue.typical": {"wait"}, "queue.closed": {"opens"}, "wait.minutes": {"count"}, "wait.hours": {"count"}, "wait.days": {"count"},
		"when.today": {"time"}, "when.tomorrow": {"time"}, "when.date": {"month", "day", "time"},
		"notice.claimed": {"agent"}, "notice.released": {"case"}, "notice.transferred": {"agent"}, "notice.pending": {"agent"}, "notice.still_waiting": {"case"},
		"notice.closed": {"case"}, "notice.blocked": {"until"}, "notice.expired": {"case"}, "notice.expired_waiting": {"case"}, "notice.undelivered": {"case"},
		"input.too_long": {"limit"},
	}
	for _, key := range []string{
		"choice.human", "choice.none", "choice.solved", "choice.not_solved", "choice.cancel", "choice.yes", "choice.no",
		"question.which", "question.ruled_out", "question.corrected", "question.give_up", "question.narrow", "question.no_such_number", "question.give_up_no_desk",
		"advice.also", "advice.about", "advice.next", "advice.said_all", "advice.repeat", "care.distress", "advice.staffs", "advice.staffs_no_desk", "advice.said_all_no_desk", "advice.line", "advice.noted", "advice.checked", "advice.meanwhile", "advice.money", "advice.outcome", "advice.stands", "advice.stands_no_desk", "advice.fine", "advice.exempt", "advice.exempt_no_desk", "advice.what_fails", "advice.final", "advice.final_no_desk", "advice.no_more", "advice.no_more_no_desk", "solved.reply",
		"human.prepare", "human.prepare_no_desk", "human.ready", "human.over", "human.no_desk", "notice.handed_back", "notice.checklist", "queue.first", "rate.thanks", "rate.sorry",
		"question.own_words", "question.still_unclear", "question.still_unclear_no_desk", "talk.try_it", "talk.understood", "outside.person", "input.lone_number", "input.chinese_only", "warn.opening", "warn.rest", "input.empty", "input.no_words", "lang.hans", "lang.hant",
		"file.warned", "file.refused", "file.again",
	} {
		required[key] = nil
	}
	for _, k := range []redact.Kind{redact.SeedPhrase, redact.PrivateKey, redact.IDNumber, redact.CardNumber, redact.OneTimeCode, redact.Password} {
		required["warn."+string(k)] = nil
	}
	for _, v := range []string{"too_short", "ok"} {
		required["fact."+v] = []string{"n", "unit"}
	}
	for _, v := range []string{"unsupported", "partly", "not_listed"} {
		required["fact."+v] = []string{"place"}
	}
	for _, v := range []string{"unsupported", "closed", "not_listed"} {
		required["place."+v] = []string{"place", "updated"}
	}
	required["place.partly"], required["place.undecided"], required["place.undecided_no_desk"] = []string{"place", "updated", "limited"}, nil, nil
	for _, v := range []string{"expired", "underage", "adult", "too_old", "fresh"} {
		required["fact."+v] = nil
	}
	return required
}
