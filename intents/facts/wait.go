package facts

import "strings"

// How long something takes, which is no date of a document: 新證要兩個星期才下來,
// 審了45天, 還有10天才拿到.

// waiting reports whether the clause is about what something takes. Words that
// stand right before the time ("還有", "剩") or an expiry in the clause outweigh it,
// unless what is waited for stands beside the time itself.
func (p *parser) waiting(m mention, c, message map[string]bool) bool {
	switch {
	case c["proof"]:
		return false
	case p.awaited(m), m.shape == shapeLength && p.toldBefore(m, c):
		return true
	case m.shape == shapeLength && p.takes(m):
		return message["wait"] || message["ready"] || message["renewed"]
	}
	return (c["wait"] || c["ready"]) && !p.leads(m, "left") && !c["expire"] && !c["lapsed"]
}

// awaited reports whether the time is said of something to come: a new document
// before it, or a word for its being done after it. Words beyond another time are
// about that one.
func (p *parser) awaited(m mention) bool {
	from, to := p.around(m.from)
	for k := m.to; k < to && !p.timed(k); k++ {
		switch p.tokens[k].class {
		case "expire", "lapsed":
			return false
		case "ready":
			return true
		}
	}
	renewed := false
	for k := m.from - 1; k >= from && !p.timed(k); k-- {
		switch p.tokens[k].class {
		case "expire", "lapsed":
			return false
		case "renewed":
			renewed = true
		}
	}
	return renewed && !(m.shape == shapeDate && p.upTo(m))
}

// toldBefore reports whether the clause before says what is waited for, and this one
// only how long: 還在等新的，大概還有10天.
func (p *parser) toldBefore(m mention, c map[string]bool) bool {
	from, _ := p.around(m.from)
	if c["doc"] || c["expire"] || c["lapsed"] || c["adult"] || from == 0 || p.tokens[m.from].clause-p.tokens[from-1].clause > 1 {
		return false
	}
	before := p.classesAround(from - 1)
	return (before["renewed"] || before["ready"]) && !before["expire"] && !before["lapsed"] && !before[classNumber]
}

// timed reports whether token k belongs to a time.
func (p *parser) timed(k int) bool { return p.is(k, classNumber) || p.is(k, classLiteral) }

// takes reports whether a length is what something needs: 還要20天, 需要兩週. With
// an expiry in the clause it is what remains.
func (p *parser) takes(m mention) bool {
	if c := p.clause(m); c["expire"] || c["lapsed"] {
		return false
	}
	before := strings.TrimSpace(string(p.text[max(0, p.tokens[m.from].from-3):p.tokens[m.from].from]))
	return hasAnySuffix(before, "要", "需", "得", "花", "用") && !hasAnySuffix(before, "只要")
}

// denied reports whether a time is one that the message takes back: 不是14天到期，
// 是已經過期了. A question ("不是還有14天嗎") takes nothing back.
func (p *parser) denied(m mention) bool {
	k := m.from - 1
	for p.is(k, "left") || p.is(k, "about") {
		k--
	}
	if !p.is(k, "never") || !p.touches(k+1) {
		return false
	}
	t := p.tokens[k]
	if !hasAnySuffix(string(p.text[t.from:t.to]), "不是", "唔系", "not") || t.from > 0 && (p.text[t.from-1] == '是' || p.text[t.from-1] == '系') {
		return false
	}
	rest := string(p.text[p.tokens[m.to-1].to:])
	end := strings.IndexAny(rest, "，,。.!！?？;；\n ")
	if end < 0 {
		return k+1 < m.from && !hasAnySuffix(rest, "吗", "么", "咩") // 不是還有幾天
	}
	return !hasAnySuffix(rest[:end], "吗", "么", "咩") && !hasAnyPrefix(rest[end:], "?", "？")
}
