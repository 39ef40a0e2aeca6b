package dialogue

import "verihelp/intents"

// How sure the engine is of a category, by the message alone or together with what was
// said before.

// confident: one category is probable enough for what it leads to. An answer to
// a clarifying question counts together with what was said before.
func (t *turn) confident() bool {
	if t.choice != "" {
		return false
	}
	if t.sureByItself() {
		return true
	}
	return t.clarifying() && p(t.merged, "out_of_scope") < sureOfTalk && t.e.sure(t.heard())
}

// sureByItself: the message alone names its category.
func (t *turn) sureByItself() bool {
	top, sure := t.top()
	cat, ok := t.e.Catalog.Get(top)
	if ok && cat.Kind == intents.Guide && sure >= sureOfConfirm && (t.elliptic() || t.advised() && asksHow.MatchString(t.folded)) {
		return true // "那要怎麼拍" goes on with the topic: a guide does no harm
	}
	if !ok || !candidate(cat) {
		return false
	}
	least := threshold(cat)
	if cat.Route == intents.Human && t.advised() && t.fewWords() {
		least = sureOfHumanAfterAdvice
	}
	return sure+t.siblings(cat) >= least
}

// heard is what is possible after this message: together with what was said
// before while a question is open, unless the message is sure by itself.
func (t *turn) heard() belief {
	if t.clarifying() && !t.sureByItself() {
		return t.combined()
	}
	return t.e.fromGuesses(t.merged)
}

func threshold(c *intents.Category) float64 {
	switch c.Route {
	case intents.Human:
		return sureOfHuman
	case intents.Final:
		return sureOfFinal
	}
	return sureOfAnswer
}

// clarifying says that the topic is still unknown and was asked about.
func (t *turn) clarifying() bool {
	return t.hasTopic() && len(t.mem.Topic.Put) > 0 && len(t.mem.Topic.Belief) > 0
}

func (t *turn) combined() belief {
	b := belief(t.mem.Topic.Belief).times(t.e.fromGuesses(t.merged), t.e.candidates)
	return b.without(t.mem.Topic.Failed, t.e.candidates)
}

// sure says that the likeliest category is probable enough for what it leads to.
func (e *Engine) sure(b belief) bool {
	best := b.best(1)[0]
	cat, _ := e.Catalog.Get(best.Category)
	return best.P >= threshold(cat)
}
