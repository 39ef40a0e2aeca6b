package dialogue

import (
	"slices"
	"time"

	"verihelp/intents/facts"
	"verihelp/internal/chat"
	"verihelp/internal/redact"
)

// Verdict is what a single message, as the first of a conversation, comes to.
type Verdict struct {
	Category     string
	Confidence   float64
	Alternatives []chat.Guess // up to five more, best first
	Action       chat.Action
	Rule         string
	Script       string
	Read         string     // what of the message was classified, folded
	Deciding     facts.Fact // the fact that decides, zero if none was found
	Facts        []facts.Fact
}

// mostAlternatives is how many runners-up are told.
const mostAlternatives = 5

// first reads a message as the first of a conversation.
func (e *Engine) first(text string, at time.Time) *turn {
	masked, found := redact.Mask(text)
	m := chat.Message{ID: "1", Text: masked, At: at}
	for _, f := range found {
		m.Masked = append(m.Masked, string(f.Kind))
	}
	t := &turn{e: e, conv: chat.Conversation{ID: "0"}, msg: m}
	t.understand()
	return t
}

// First decides a message as the first of a conversation.
func (e *Engine) First(text string, at time.Time) chat.Turn {
	t := e.first(text, at)
	return t.finish(t.decide())
}

// Classify says what First makes of a message, by the same rules.
func (e *Engine) Classify(text string, at time.Time) Verdict {
	t := e.first(text, at)
	rule := t.decide()
	out := t.finish(rule)
	v := Verdict{Action: out.Trace.Action, Rule: rule, Script: out.Trace.Script, Read: t.read, Facts: t.found.placed()}
	v.Category, v.Confidence = t.top()
	if len(t.merged) == 0 {
		v.Category = out.Trace.Category
		return v
	}
	if decided := out.Trace.Category; t.decidedByMore(decided) {
		t.prefer(decided)
		v.Category = decided
	}
	for _, g := range t.merged {
		if g.Label != v.Category && len(v.Alternatives) < mostAlternatives {
			v.Alternatives = append(v.Alternatives, chat.Guess{Category: g.Label, P: g.P})
		}
	}
	v.Deciding = t.deciding(v.Category)
	v.Facts = withDeciding(v.Facts, v.Deciding)
	return v
}

// withDeciding adds the deciding fact to those found by their own words: "17" is an
// age only because of the category.
func withDeciding(all []facts.Fact, deciding facts.Fact) []facts.Fact {
	same := func(f facts.Fact) bool {
		return f.Start == deciding.Start && f.End == deciding.End && f.Kind == deciding.Kind
	}
	if deciding.Kind == "" || slices.ContainsFunc(all, same) {
		return all
	}
	return append(all, deciding)
}

// prefer lets the decided category and the classifier's first class change places:
// what decided it knows more.
func (t *turn) prefer(decided string) {
	for i, g := range t.merged {
		if g.Label == decided {
			t.merged[0].Label, t.merged[i].Label = decided, t.merged[0].Label
			return
		}
	}
}

// decidedByMore says that the decision rests on more than the classifier's first
// class: a request that one clause makes, the first of several problems in blocking
// order, or a computed fact.
func (t *turn) decidedByMore(category string) bool {
	if t.refused() {
		return true
	}
	if len(t.several) > 1 {
		return slices.Contains(t.several, category)
	}
	top, _ := t.top()
	cat, ok := t.e.Catalog.Get(top)
	if !ok || cat.Fact == "" {
		return false
	}
	v := t.verdict(cat)
	return v.category != nil && v.category.ID == category
}
