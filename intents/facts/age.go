package facts

import (
	"slices"
	"strings"
)

// ageFact judges an age, or the time until somebody turns 18.
func (p *parser) ageFact(f Fact, all []mention, i int) (Fact, bool) {
	m := f.read
	f.nominal = p.is(m.from-1, "nominal")
	turns := m.years[0] >= minAge && m.years[1] <= 20
	if turns {
		if other, ok := p.until(all, i); ok {
			return p.comingOfAge(f, other), true
		}
	}
	if turns && p.birthdayAhead() {
		f.Kind, f.Ambiguous = Age, true
		if p.next(m.to, "birthdayahead") || p.is(m.from-1, "relyear") {
			f.Verdict, f.Ambiguous, f.implicit = Underage, false, true
		}
		return f, true
	}
	before := p.before(m.from)
	if turns && (before["under"] && !p.is(m.from-2, "never") || before["never"] && !before["under"] || before["pending"] || before["short"]) {
		f.Kind, f.Verdict, f.implicit = Age, Underage, true
		return f, true
	}
	f.byYears()
	f.Kind = Age
	return f, true
}

// birthdayAhead reports whether a birthday is told to be still to come: the 18th where
// it is named with it, or the one of this year.
func (p *parser) birthdayAhead() bool {
	return slices.ContainsFunc(p.tokens, func(t token) bool { return t.class == "birthdayahead" })
}

// passingAge leaves out the question 幾歲, the age at another time (十六歲拍的) and
// the rule (21歲才成年).
func (p *parser) passingAge(m mention) bool {
	if p.text[p.tokens[m.from].from] == '几' || p.denied(m) {
		return true
	}
	after := p.tokens[m.to-1].to
	if after >= len(p.text) {
		return false
	}
	switch p.text[after] {
	case '拍', '时':
		return true
	case '办', '领', '照', '换': // 15歲辦的身分證
		return after+1 < len(p.text) && p.text[after+1] == '的'
	case '才':
		return m.years[0] >= minAge
	}
	return false
}

// before gives the classes of the words right before token i, two at most.
func (p *parser) before(i int) map[string]bool {
	classes := map[string]bool{}
	for k := i - 1; k >= 0 && k >= i-3 && p.tokens[k].clause == p.tokens[i].clause; k-- {
		classes[p.tokens[k].class] = true
	}
	return classes
}

// until finds the date or the length of time in the clause that says when
// somebody turns 18: 下個月滿18, 差兩個月18.
func (p *parser) until(all []mention, i int) (mention, bool) {
	for k := max(0, i-maxClause); k < min(len(all), i+maxClause); k++ {
		m := all[k]
		if p.tokens[m.from].clause != p.tokens[all[i].from].clause || k == i {
			continue
		}
		if m.shape == shapeLength && (p.is(m.from-1, "short") || p.is(m.from-1, "left") || p.is(m.to, "later") || p.next(m.to, "ago") || p.comesTo(m, all[i])) {
			return m, true
		}
		if m.shape == shapeDate && !(m.when.current && p.is(m.from, "relyear")) && !m.when.isBirth(p) {
			return m, true
		}
	}
	return mention{}, false
}

// comesTo reports whether a length of time leads up to an age: 過兩個月就18, 等半年才
// 滿18. What was waited already does not.
func (p *parser) comesTo(m, age mention) bool {
	if m.to > age.from || p.is(m.from-1, "done") || p.is(m.from-1, "passed") || p.next(m.to, "done") {
		return false
	}
	gap := string(p.text[p.tokens[m.to-1].to:p.tokens[age.from].from])
	return strings.Trim(gap, "才就便先会要可满够足到我是能 ") == ""
}

// isBirth reports whether a date is too long ago to be an 18th birthday of now.
func (w when) isBirth(p *parser) bool {
	v := w.resolve(ahead, p.today)
	return v.to.Before(addMonths(p.today, -12*2))
}

// comingOfAge tells from the day of the birthday whether it has come.
func (p *parser) comingOfAge(f Fact, at mention) Fact {
	g := Fact{read: at, today: p.today, lapsed: p.next(at.to, "ago") || p.told(at)}
	v := g.interval(Validity)
	if g.Yearless() && !g.lapsed && at.when.month > 0 && p.openEnded(f) && v.from.After(p.today.AddDate(0, 0, soon)) {
		v = v.hull(g.read.when.resolve(behind, p.today)) // 我三月就滿18了, said in November
	}
	f.Kind, f.Start, f.End = Age, min(f.Start, p.tokens[at.from].from), max(f.End, p.tokens[at.to-1].to)
	switch {
	case v.from.After(p.today):
		f.Verdict = Underage
	case !v.to.After(p.today):
		f.Verdict = Adult
	default:
		f.Ambiguous = true
	}
	if at.shape == shapeLength && at.exact && at.unit != "" {
		f.N, f.Unit = &at.n, at.unit
	} else if years := float64(minAge); at.shape == shapeDate && !f.Ambiguous && v.to.Before(addMonths(p.today, 12)) {
		if f.Verdict == Underage {
			years--
		}
		f.N, f.Unit = &years, "year"
	}
	return f
}

// isAge reports whether a bare number is somebody's age: 未滿18, 周歲十七, 虛歲18,
// 差兩個月18.
func (p *parser) isAge(all []mention, i int) bool {
	switch at := all[i].from - 1; {
	case p.is(at, "reach"), p.is(at, "minor"), p.is(at, "under"), p.is(at, "nominal"):
		return true
	case p.is(at, "unit") && p.tokens[at].value == "age":
		return true
	}
	return p.comesOfAge(all, i)
}

// untilAdult reports whether a mention says when somebody comes of age, in a
// clause that speaks of it: 差兩個月成年, 下個月才成年.
func (p *parser) untilAdult(m mention) bool {
	if m.shape == shapeLength {
		return p.is(m.from-1, "short") || p.leads(m, "left") || p.is(m.to, "later")
	}
	return p.relative(m) && !p.passing(m)
}

// comesOfAge reports whether a bare 18 is meant as an age: 差兩個月18, 下個月先夠18.
func (p *parser) comesOfAge(all []mention, i int) bool {
	if y := all[i].years; y[0] != minAge || y[1] != minAge {
		return false
	}
	_, ok := p.until(all, i)
	return ok || p.before(all[i].from)["pending"] || p.birthdayAhead()
}

// targetsAge reports whether a date or length tells when somebody turns 18, and
// another token of the clause says so.
func (p *parser) targetsAge(m mention, c map[string]bool) bool {
	from, to := p.around(m.from)
	for _, t := range p.tokens[from:to] {
		if t.class != classNumber || t.num.lo != minAge || !t.num.exact() {
			continue
		}
		if t.from >= p.tokens[m.to-1].to || t.to <= p.tokens[m.from].from {
			return !c["expire"] && !c["lapsed"] && !c["proof"]
		}
	}
	return false
}

// soon is how many days ahead a month without a year is taken for the next one.
const soon = 62

// told reports whether a month or day without a year is told as past: 9月已經滿18.
func (p *parser) told(at mention) bool {
	if f := (Fact{read: at}); !f.Yearless() {
		return false
	}
	from, to := p.around(at.from)
	for _, t := range p.tokens[from:to] {
		if t.class == "done" && !strings.ContainsRune("了咗", p.text[t.from]) {
			return true
		}
	}
	return false
}

// openEnded reports whether "就…了" leaves open on which side of today an age lies.
func (p *parser) openEnded(age Fact) bool {
	from := p.tokens[age.read.from].from
	to := p.tokens[age.read.to-1].to
	return strings.ContainsRune(string(p.text[max(0, from-3):from]), '就') && strings.ContainsRune(string(p.text[to:min(len(p.text), to+3)]), '了')
}

// narrowBirth uses "今年還沒過生日" and "生日已過" to halve the year of birth.
func (p *parser) narrowBirth(f Fact, message map[string]bool) Fact {
	w := f.read.when
	years := w.years
	if w.shortYear >= 0 {
		years = w.candidates(born, p.today.Year())
	}
	if f.read.shape != shapeDate || w.known || w.month > 0 || len(years) != 1 || p.relative(f.read) || !message["birthdayahead"] && !message["birthdaygone"] {
		return f
	}
	this := addMonths(p.today, 12*(years[0]-p.today.Year()))
	v := wholeYear(years[0])
	if message["birthdayahead"] {
		v.from = this.AddDate(0, 0, 1)
	} else {
		v.to = this
	}
	if !v.from.After(v.to) {
		f.read.when = known(v, true)
	}
	return f
}

// oneDay reports whether 18 is an age to wait for: 等滿18再來, 那到18歲就行. Nobody
// waits for the age that they say to have.
func (p *parser) oneDay(m mention) bool {
	from := p.tokens[m.from].from
	before := strings.TrimSuffix(string(p.text[max(0, from-4):from]), "满")
	after := strings.TrimSpace(string(p.text[p.tokens[m.to-1].to:]))
	if m.years[0] != minAge || m.years[1] != minAge || hasAnySuffix(before, "今年", "都", "已经", "刚", "我是", "才", "我") {
		return false
	}
	return hasAnySuffix(before, "等", "等到", "等我", "那到") || hasAnyPrefix(after, "就可以", "就行", "就能", "再来", "再认证", "再弄", "再做", "再过来", "再试", "以后再", "之后再", "后再", "了再来", "了再认证", "才来")
}
