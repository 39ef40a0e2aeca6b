package facts

import (
	"slices"
	"strings"

	"verihelp/internal/zh"
)

// facts turns the mentions of a message into facts by the words around them.
func (p *parser) facts() []Fact {
	mentions := p.mentions()
	message := map[string]bool{}
	for _, t := range p.tokens {
		message[t.class] = true
	}
	var found []Fact
	for i, m := range mentions {
		if p.isRule(m) || p.opensRange(mentions, i) {
			continue
		}
		if f, ok := p.fact(m, message, mentions, i); ok {
			found = append(found, f)
		}
	}
	return append(found, p.statements(found)...)
}

// opensRange reports whether a date is the first of two that stand for a stretch, as
// printed on a card: 2006.12.30-2026.12.30. The second is the expiry.
func (p *parser) opensRange(all []mention, i int) bool {
	if i+1 >= len(all) || all[i].shape != shapeDate || all[i+1].shape != shapeDate {
		return false
	}
	gap := string(p.text[p.tokens[all[i].to-1].to:p.tokens[all[i+1].from].from])
	return gap != "" && strings.Trim(gap, "-~–—至到 ") == ""
}

// base is the fact of a mention before its kind is known. A year of two digits in
// Simplified characters is none of the Republic.
func (p *parser) base(m mention) Fact {
	if m.shape == shapeDate && m.when.shortYear >= 0 {
		if p.script == "" {
			p.script = zh.Detect(p.original).Script
		}
		m.when.western = p.script == zh.Hans
	}
	return Fact{Start: p.tokens[m.from].from, End: p.tokens[m.to-1].to, read: m, today: p.today}
}

// fact places one mention. It reports false for one that says nothing here.
func (p *parser) fact(m mention, message map[string]bool, all []mention, i int) (Fact, bool) {
	f := p.base(m)
	c := p.clause(m)
	if m.shape == shapeDate && c["issued"] {
		return p.issued(f, all)
	}
	if m.shape == shapeLength && m.unit == "year" && message["issued"] {
		return Fact{}, false // told by the day of issue
	}
	switch m.shape {
	case shapeAge:
		if p.passingAge(m) || p.oneDay(m) {
			return Fact{}, false
		}
		return p.ageFact(f, all, i)
	case shapeNumber:
		if p.oneDay(m) {
			return Fact{}, false
		}
		if p.isAge(all, i) {
			return p.ageFact(f, all, i)
		}
		return f, true
	}
	if p.targetsAge(m, c) {
		return Fact{}, false // told by the 18 beside it
	}
	if c["adult"] && p.untilAdult(m) {
		return p.comingOfAge(f, m), true
	}
	kind, ok := p.kind(m, c, message)
	if !ok {
		return Fact{}, false
	}
	f.lapsed = p.over(m, c)
	if kind == "" {
		return p.narrowBirth(f, message), true
	}
	if kind == Age {
		return p.narrowBirth(f, message).as(Age), true
	}
	f.loose = kind == Validity && !message["doc"] && !message["expire"] && !message["lapsed"]
	return f.as(kind), true
}

// issued turns the day of issue into the day of expiry, where the message says for
// how many years the document is valid: 2017年簽發的，十年有效.
func (p *parser) issued(f Fact, all []mention) (Fact, bool) {
	on := f.read.when.resolve(behind, p.today)
	for _, m := range all {
		near := p.tokens[m.from].clause - p.tokens[f.read.from].clause
		if m.shape == shapeLength && m.unit == "year" && m.exact && m.n >= 1 && m.n <= maxIssuedYears && near >= -1 && near <= 1 {
			years := interval{addMonths(on.from, int(12*m.n)), addMonths(on.to, int(12*m.n))}
			f.read.when = known(years, true)
			return f.as(Validity), true
		}
	}
	return Fact{}, false
}

// maxIssuedYears is the longest validity of a document that names a number of years.
const maxIssuedYears = 20

// kind tells by the words of the clause, then of the message, what a date or a
// length of time is about; "" when they do not say. It reports false where the
// time is one that something takes, or none at all.
func (p *parser) kind(m mention, c, message map[string]bool) (Kind, bool) {
	expiry := c["expire"] || c["lapsed"]
	switch {
	case p.passing(m):
		return "", false
	case m.shape == shapeDate && p.isBirth(m, c, message):
		return Age, true
	case p.waiting(m, c, message):
		return "", false
	case message["proof"] && !(c["doc"] && expiry) && !p.leads(m, "left"):
		return ProofAge, true
	case expiry || p.leads(m, "left") || m.shape == shapeLength && p.is(m.from-1, "passed"):
		return Validity, true
	case c["doc"] && (c["written"] || m.shape == shapeDate && p.upTo(m)):
		return Validity, true
	}
	return "", m.hi.roughly() < maxPlainDays
}

// upTo reports whether "到" or "至" leads to a date: 護照到2029年.
func (p *parser) upTo(m mention) bool {
	i := p.tokens[m.from].from - 1
	for i > 0 && p.text[i] == ' ' {
		i--
	}
	return i > 0 && (p.text[i] == '到' || p.text[i] == '至') && !strings.ContainsRune("收拿等看直领办寄", p.text[i-1])
}

// maxPlainDays is the longest time without a word for what it is that may be an
// answer; no document is issued for longer.
const maxPlainDays = 15 * 365

// passing leaves out times that only set the scene: 這幾年, 今天能用嗎, 今年讓我
// 重驗, and those that are denied: 不是還有幾天.
func (p *parser) passing(m mention) bool {
	first := p.tokens[m.from]
	if first.from > 0 {
		switch p.text[first.from-1] {
		case '那':
			return first.from > 1 || m.shape != shapeDate // "那1月24號呢" asks for a date
		case '这', '每', '第', '头':
			return true
		}
	}
	if m.shape == shapeLength && m.unit == "year" && (p.is(m.from-1, "expire") && p.touches(m.from) || p.next(m.to, "expire") && p.text[p.tokens[m.to].from] == '有' && !p.leads(m, "left")) {
		return true // 有效期10年 is how long it was issued for
	}
	if p.denied(m) {
		return true
	}
	if p.ofProof(m) { // 今年的帳單
		return false
	}
	running := m.to-m.from == 1 && p.value(m.from) == 0 && (first.class == "relday" || first.class == "relyear")
	return running && !p.near(m.to, "expire") && !p.near(m.to, "lapsed")
}

func hasAnySuffix(s string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(s, suffix) })
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(s, prefix) })
}

// ofProof reports whether a date is said of a proof of address in its clause.
func (p *parser) ofProof(m mention) bool {
	return m.shape == shapeDate && p.clause(m)["proof"] && !p.is(m.from, "relday")
}

// leads reports whether a word of the class stands before a mention; a word that
// compares (不到, 大約) may stand between.
func (p *parser) leads(m mention, class string) bool {
	k := m.from - 1
	for p.is(k, "about") || p.is(k, "under") || p.is(k, "over") {
		k--
	}
	return p.is(k, class)
}

// near reports whether a word of the class stands within two characters before
// token i, which need not touch.
func (p *parser) near(i int, class string) bool {
	return p.is(i, class) && p.tokens[i].from-p.tokens[i-1].to <= 2
}

// isBirth reports whether a date is somebody's birth: it names a year, and the
// words speak of birth or age.
func (p *parser) isBirth(m mention, c, message map[string]bool) bool {
	if p.relative(m) {
		return false
	}
	if !m.when.known && len(m.when.years) == 0 && m.when.shortYear < 0 {
		return false
	}
	age := message["adult"] || message["minor"] || message["age"]
	if p.is(m.to-1, "later") && p.is(m.to-2, classNumber) && m.to-m.from == 2 {
		return true // 90後
	}
	return m.birth || c["birth"] || p.is(m.to-1, "cohort") || message["birthdayahead"] || message["birthdaygone"] || age && !c["expire"]
}

// relative reports whether a date is counted from today: 下個月, 明年三月, 週五.
func (p *parser) relative(m mention) bool {
	switch p.tokens[m.from].class {
	case "relyear", "relmonth", "relweek", "relday", "yearpart", "monthpart", "unit":
		return true
	}
	return false
}

// around gives the bounds of the clause that token i is in.
func (p *parser) around(i int) (from, to int) {
	clause := p.tokens[i].clause
	from, to = i, i
	for from > 0 && p.tokens[from-1].clause == clause {
		from--
	}
	for to < len(p.tokens) && p.tokens[to].clause == clause {
		to++
	}
	return from, to
}

// clause gives the classes of the words in the clause of a mention, without what
// is denied: "還沒到期" speaks of no expiry.
func (p *parser) clause(m mention) map[string]bool {
	if clause := p.tokens[m.from].clause; p.last == nil || clause != p.lastClause {
		p.last, p.lastClause = p.classesAround(m.from), clause
	}
	return p.last
}

func (p *parser) classesAround(i int) map[string]bool {
	classes := map[string]bool{}
	from, to := p.around(i)
	for i := from; i < to; i++ {
		if denied := p.is(i-1, "never") && p.touches(i); !denied {
			classes[p.tokens[i].class] = true
		}
	}
	return classes
}

// over reports whether a time lies behind: 三天前, 過期三天, 已經過了兩個月,
// 昨天到期了.
func (p *parser) over(m mention, c map[string]bool) bool {
	if p.next(m.to, "ago") || p.is(m.from-1, "passed") && !hasAnyPrefix(string(p.text[p.tokens[m.to-1].to:]), "就", "才", "先") {
		return true
	}
	if p.leads(m, "left") || p.is(m.from-1, "short") || p.next(m.to, "later") || c["pending"] {
		return false
	}
	if m.shape == shapeLength {
		k := m.from - 1
		for p.is(k, "done") || p.is(k, "about") || p.is(k, "over") || p.is(k, "under") {
			k--
		}
		return p.is(k, "lapsed") || p.is(k, "expire") && p.verb(k)
	}
	if p.ahead(m) {
		return false
	}
	return !c["never"] && (p.finished(m, c) || p.noticed() && c["expire"])
}

// ahead reports whether a date that is counted from today lies ahead: 月底就到期了
// is still to come.
func (p *parser) ahead(m mention) bool {
	return p.relative(m) && !p.is(m.from, "relday") && m.when.resolve(ahead, p.today).to.After(p.today)
}

// noticed reports whether the message tells of a late discovery: 今日先發現.
func (p *parser) noticed() bool {
	return slices.ContainsFunc(p.tokens, func(t token) bool { return t.class == "noticed" })
}

// finished reports whether the expiry in the clause of a date is told as done:
// 6月到期了, 去年失效的; "6月過期" alone is not.
func (p *parser) finished(m mention, c map[string]bool) bool {
	if !c["expire"] && !c["lapsed"] {
		return false
	}
	from, to := p.around(m.from)
	for _, t := range p.tokens[from:to] {
		if t.class == "done" {
			return true
		}
		if t.class != "expire" && t.class != "lapsed" {
			continue
		}
		if t.class == "lapsed" && t.to < len(p.text) && p.text[t.to] == '的' && t.from >= p.tokens[m.to-1].to ||
			strings.ContainsAny(string(p.text[t.from:t.to]), "了咗已") {
			return true
		}
	}
	return false
}

// verb reports whether an expiry word is a verb (到期), not a noun (有效期).
func (p *parser) verb(k int) bool {
	r := p.text[p.tokens[k].from]
	return r == '到' || r == 'e'
}

// isRule reports whether a number is quoted from the rules: 60天的規定, 三個月以內,
// 不足60天, 未滿18.
func (p *parser) isRule(m mention) bool {
	if p.next(m.to, "rule") || p.is(m.from-1, "rule") {
		return true
	}
	if m.shape == shapeAge || m.shape == shapeNumber {
		return false
	}
	if from := p.tokens[m.from].from; m.isArticles() && from > 0 && strings.ContainsRune("离距", p.text[from-1]) {
		return true // 離60天就差一點
	}
	compared := p.is(m.from-1, "under") || p.is(m.from-1, "over") || p.is(m.from-1, "passed") && p.is(m.from-2, "quote")
	return compared && !p.leads(m, "left") && !p.leads(m, "done") && !p.next(m.to, "done") && m.isArticles() && !p.ownProof(m)
}

// ownProof reports whether a length is said of the user's own bill, not quoted.
func (p *parser) ownProof(m mention) bool {
	c := p.clause(m)
	return c["proof"] && !c["quote"] && m.unit == "month"
}

// isArticles reports whether the length is one of the article's own.
func (m mention) isArticles() bool {
	return m.shape == shapeLength && (m.unit == "day" && (m.n == 60 || m.n == 90) || m.unit == "month" && (m.n == 2 || m.n == 3))
}
