package facts

// statements reads what is said without a number: 過期了, 未成年, 差俩月成年,
// 還有45天成年. They are read only where no number says the same.
func (p *parser) statements(found []Fact) []Fact {
	var out []Fact
	for i, t := range p.tokens {
		switch {
		case (t.class == "lapsed" || t.class == "expire") && !has(found, Validity) && p.isLapsed(i):
			out = append(out, p.statement(i, Validity, Expired))
		case t.class == "forever" && !p.is(i-1, "never") && !has(found, Validity):
			out = append(out, p.statement(i, Validity, OK))
		case t.class == "minor" && !p.is(i-1, "quote") && !p.is(i-1, "never") && !has(found, Age):
			out = append(out, p.statement(i, Age, Underage))
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}

func has(found []Fact, kind Kind) bool {
	for _, f := range found {
		if f.Kind == kind {
			return true
		}
	}
	return false
}

func (p *parser) statement(i int, kind Kind, verdict string) Fact {
	f := p.base(mention{from: i, to: i + 1})
	f.Kind, f.Verdict, f.implicit = kind, verdict, true
	return f
}

// isLapsed reports whether the expiry word at i says that it is over: 過期了,
// 已經到期, 失效的; not 快到期了, 沒過期, 算過期嗎.
func (p *parser) isLapsed(i int) bool {
	t := p.tokens[i]
	for k := i - 1; k >= 0 && p.tokens[k].clause == t.clause && t.from-p.tokens[k].to <= 2; k-- {
		if c := p.tokens[k].class; c == "never" || c == "pending" || c == "left" {
			return false
		}
	}
	if p.asked(t.to) {
		return false
	}
	done := p.next(i+1, "done") || p.is(i-1, "done")
	if t.class == "lapsed" {
		return done || t.to >= len(p.text) || p.text[t.to] == '的' || p.near(i+1, "doc") || p.is(i-1, "doc")
	}
	return done && p.verb(i)
}

// asked reports whether a question follows right after: 過期嗎, 過期會怎樣.
func (p *parser) asked(i int) bool {
	return i < len(p.text) && (p.text[i] == '吗' || p.text[i] == '会' || p.text[i] == '怎')
}
