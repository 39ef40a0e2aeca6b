package facts


// facts turns the mentions of a message into facts by the words around them.
func (p *parser) facts() []Fact {
	mentions := p.mentions()
	message := map[string]bool{}
	for _, t := range p.tokens {
		message[t.class] = true
	}
	var found []Fact
	for i, m := range mentions {
		if p.isRule(m) {
			continue
		}
		if f, ok := p.fact(m, message, mentions, i); ok {
			found = append(found, f)
		}
	}
	return append(found, p.statements(found)...)
}

func (p *parser) base(m mention) Fact {
	return Fact{Start: p.tokens[m.from].from, End: p.tokens[m.to-1].to, read: m, today: p.today}
}

// fact places one mention. It reports false for one that says nothing here.
func (p *parser) fact(m mention, message map[string]bool, all []mention, i int) (Fact, bool) {
	f := p.base(m)
	c := p.clause(m)
	switch m.shape {
	case shapeAge:
		return p.ageFact(f, c, all, i)
	case shapeNumber:
		if p.is(m.from-1, "reach") || p.is(m.from-1, "minor") || p.is(m.from-1, "under") || p.comesOfAge(all, i, c) {
			return p.ageFact(f, c, all, i)
		}
		return f, true
	}
	if p.targetsAge(m, c) {
		return Fact{}, false // told by the 18 beside it
	}
	kind, ok := p.kind(m, c, message)
	if !ok {
		return Fact{}, false
	}
	f.lapsed = p.over(m, c)
	if kind == "" {
		return f, true
	}
	if kind == Age {
		return p.narrowBirth(f, message).as(Age), true
	}
	return f.as(kind), true
}

// kind tells by the words of the clause, then of the message, what a date or a
// length of time is about; "" when they do not say. It reports false where the
// time is one that something takes.
func (p *parser) kind(m mention, c, message map[string]bool) (Kind, bool) {
	birth := c["birth"] || c["cohort"] || p.is(m.to-1, "cohort")
	year := m.shape == shapeDate && (len(m.when.years) > 0 || m.when.shortYear >= 0 || m.when.known)
	absolute := year && !p.is(m.from, "relyear") && !p.is(m.from, "relmonth") && !p.is(m.from, "relday") && !p.is(m.from, "relweek")
	switch {
	case birth && absolute:
		return Age, true
	case absolute && (message["adult"] || message["minor"] || message["age"]) && !c["expire"]:
		return Age, true
	case message["proof"] && !(c["doc"] && (c["expire"] || c["lapsed"])) && !p.is(m.from-1, "left"):
		return ProofAge, !p.waiting(m, c)
	case c["expire"] || c["lapsed"] || p.is(m.from-1, "left") || p.is(m.from-1, "short"):
		return Validity, !p.waiting(m, c)
	case m.shape == shapeLength && c["left"], c["doc"] && c["written"]:
		return Validity, !p.waiting(m, c)
	}
	return "", !p.waiting(m, c) && m.hi.roughly() < 365*15
}

// waiting reports whether the clause is about what something takes. Words that
// stand right before the time ("還有", "剩") or an expiry in the clause outweigh it.
func (p *parser) waiting(m mention, c map[string]bool) bool {
	return c["wait"] && !p.is(m.from-1, "left") && !c["expire"] && !c["lapsed"] && !c["proof"]
}

// clause gives the classes of the words in the clause of a mention.
func (p *parser) clause(m mention) map[string]bool {
	classes := map[string]bool{}
	for _, t := range p.tokens {
		if t.clause == p.tokens[m.from].clause {
			classes[t.class] = true
		}
	}
	return classes
}

// over reports whether a time lies behind: 三天前, 過期三天, 已經過了兩個月,
// 昨天到期了.
func (p *parser) over(m mention, c map[string]bool) bool {
	if p.next(m.to, "ago") || p.is(m.from-1, "passed") {
		return true
	}
	if p.is(m.from-1, "left") || p.is(m.from-1, "short") || p.next(m.to, "later") || c["pending"] {
		return false
	}
	if m.shape == shapeLength {
		k := m.from - 1
		for p.is(k, "done") || p.is(k, "about") || p.is(k, "over") {
			k--
		}
		return p.is(k, "lapsed") || p.is(k, "expire") && p.tokens[k].value == "" && p.verb(k)
	}
	return !c["never"] && (c["lapsed"] || c["expire"] && c["done"])
}

// verb reports whether an expiry word is a verb (到期), not a noun (有效期).
func (p *parser) verb(k int) bool { return p.text[p.tokens[k].from] == '到' }

// isRule reports whether a number is quoted from the rules: 60天的規定, 三個月以內,
// 不足60天, 未滿18.
func (p *parser) isRule(m mention) bool {
	if p.next(m.to, "rule") || p.is(m.from-1, "rule") {
		return true
	}
	if m.shape == shapeAge || m.shape == shapeNumber {
		return false
	}
	compared := p.is(m.from-1, "under") || p.is(m.from-1, "over")
	return compared && !p.is(m.from-2, "left") && !p.is(m.from-2, "done") && m.isArticles()
}

// isArticles reports whether the length is one of the article's own.
func (m mention) isArticles() bool {
	return m.shape == shapeLength && (m.unit == "day" && (m.n == 60 || m.n == 90) || m.unit == "month" && (m.n == 2 || m.n == 3))
}
