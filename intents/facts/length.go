package facts

import "math"

// length reads a length of time or an age: 45天, 一個半月, 兩個月又五天, 17歲半,
// 半年, 四十幾天, 差兩天滿六十天.
func (p *parser) length(i int) (mention, int) {
	m, to := p.single(i)
	if to == i || m.shape == shapeAge {
		return m, to
	}
	next := to
	if p.next(next, "and") {
		next++
	}
	if rest, end := p.single(next); end > next && p.touches(next) && rest.shape == shapeLength && rest.hi.roughly() < m.lo.roughly() {
		m.lo, m.hi = m.lo.plus(rest.lo), m.hi.plus(rest.hi)
		m.unit, m.exact, to = "", m.exact && rest.exact, end
	}
	if p.is(i-1, "short") {
		m, to = p.shortOf(m, to)
	}
	return p.compared(i, m, to)
}

// shortOf reads "差兩天滿六十天": the longer length less the shorter.
func (p *parser) shortOf(m mention, to int) (mention, int) {
	next := to
	for p.is(next, "reach") || p.is(next, "left") {
		next++
	}
	whole, end := p.single(next)
	if end == next || p.tokens[next].from-p.tokens[to-1].to > 3 || whole.shape != shapeLength || whole.lo.roughly() <= m.hi.roughly() {
		return m, to
	}
	whole.lo, whole.hi = whole.lo.less(m.hi), whole.hi.less(m.lo)
	whole.unit, whole.exact = "", m.exact && whole.exact
	return whole, end
}

// single reads one number with one unit.
func (p *parser) single(i int) (mention, int) {
	if m, to := p.oneOrSo(i); to > i {
		return m, to
	}
	at := i
	n := number{lo: 0.5, hi: 0.5}
	if p.is(at, classNumber) {
		n = p.tokens[at].num
	} else if !p.is(at, "half") {
		return mention{}, i
	}
	at++
	vague := p.next(at, "more")
	if vague {
		at++
	}
	counted := p.next(at, "ge")
	if counted {
		at++
	}
	if p.next(at, "half") && n.lo >= 1 {
		n.lo, n.hi, at = n.lo+0.5, n.hi+0.5, at+1
	}
	if p.next(at, "more") {
		vague, at = true, at+1
	}
	unit, at2 := p.unit(i, at, counted || p.is(i, "half") || p.pair(i))
	if unit == "" {
		return mention{}, i
	}
	at = at2
	if p.next(at, "half") && n.lo >= 1 && n.lo == math.Trunc(n.lo) {
		n.lo, n.hi, at = n.lo+0.5, n.hi+0.5, at+1
	} else if p.next(at, "more") && !p.is(at+1, classNumber) {
		vague, at = true, at+1
	}
	return measured(n, unit, vague), at
}

// oneOrSo reads 個把月 and 個幾月: some five to seven weeks at most.
func (p *parser) oneOrSo(i int) (mention, int) {
	if !p.is(i, "ge") || !p.next(i+1, "more") && !p.next(i+1, "orso") || !p.next(i+2, "month") {
		return mention{}, i
	}
	return mention{shape: shapeLength, unit: "month", lo: amount{days: 20}, hi: amount{days: 54}}, i + 3
}

// pair reports whether the number is written 倆, 兩 or 仨, which no month's name is.
func (p *parser) pair(i int) bool {
	r := p.text[p.tokens[i].from]
	return r == '俩' || r == '两' || r == '仨'
}

// unit gives the unit at token at. "三月" is March and "5日" mostly a date:
// they are lengths only after 個, 半 or 兩, or when no calendar has such a day.
func (p *parser) unit(first, at int, counted bool) (string, int) {
	switch {
	case at > 0 && !p.next(at, "unit") && !p.next(at, "year") && !p.next(at, "month") && !p.next(at, "ri"):
	case p.is(at, "unit"):
		return p.tokens[at].value, at + 1
	case p.is(at, "year"):
		if counted || p.is(first, "half") || p.yearsLong(first) && !p.next(at+1, "birth") {
			return "year", at + 1
		}
	case p.is(at, "month"):
		if counted {
			return "month", at + 1
		}
	case p.is(at, "ri"):
		if n := p.tokens[first].num; n.lo > 31 || p.is(first-1, "left") || p.is(first-1, "short") || p.is(first-1, "under") || p.is(first-1, "and") {
			return "day", at + 1
		}
	}
	return "", at
}

// yearsLong tells two years and 二十年 from the years 09年 and 97年.
func (p *parser) yearsLong(first int) bool {
	t := p.tokens[first]
	if r := p.text[t.from]; r == '零' || r == '〇' {
		return false
	}
	if t.num.digits == 2 && p.is(first-1, "left") { // 還有10年
		return t.num.int() <= longestLeft
	}
	if t.num.digits == 2 && p.is(first-1, "expire") && p.touches(first) && !p.is(first+2, classNumber) { // 有效期10年
		return t.num.int() == 10 || t.num.int() == 20
	}
	return t.num.digits == 1 || t.num.digits == 2 && !isDigit(p.text[t.from]) && t.num.int()%10 == 0
}

// longestLeft is the number of years that a document is issued for at most.
const longestLeft = 20

// measured turns number and unit into a mention.
func measured(n number, unit string, vague bool) mention {
	if unit == "age" {
		m := mention{shape: shapeAge, n: n.lo, unit: "year", exact: n.exact() && !vague, years: [2]float64{n.lo, n.hi}}
		if vague {
			m.years[1] += 9
		}
		return m
	}
	m := mention{shape: shapeLength, n: n.lo, unit: unit, exact: n.exact() && !vague, lo: size(n.lo, unit), hi: size(n.hi, unit)}
	if vague {
		m.lo, m.hi = m.lo.plus(amount{days: 1}), m.hi.plus(remainder(n, unit))
	}
	return m
}

// maxCount keeps sums within the calendar.
const maxCount = 9999

// size gives n units; half a month is 15 days, half a week three.
func size(n float64, unit string) amount {
	n = min(n, maxCount)
	whole, part := math.Modf(n)
	switch unit {
	case "week":
		return amount{days: int(n * 7)}
	case "month":
		return amount{months: int(whole), days: int(math.Round(part * 30))}
	case "year":
		return amount{months: int(math.Round(min(n, 200) * 12))}
	}
	return amount{days: int(n)}
}

// remainder is the most that "多" adds: 四十多天 is up to 49, 一個多月 is said
// up to some 24 days more (then people say "快兩個月").
func remainder(n number, unit string) amount {
	switch unit {
	case "week":
		return amount{days: 6}
	case "month":
		return amount{days: 24}
	case "year":
		return amount{months: 11}
	}
	switch {
	case n.lo >= 100:
		return amount{days: 99}
	case n.lo >= 10:
		return amount{days: 9}
	}
	return amount{}
}

// compared widens a length by the words around it: 不到, 超過, 大約.
func (p *parser) compared(i int, m mention, to int) (mention, int) {
	long := amount{months: 120}
	switch {
	case p.is(i-1, "under") && p.touchesBack(i):
		m.lo, m.hi, m.exact = amount{}, m.lo.less(amount{days: 1}), false
	case p.is(i-1, "over") && p.touchesBack(i):
		m.lo, m.hi, m.exact = m.hi.plus(amount{days: 1}), m.hi.plus(long), false
	case p.is(i-1, "about") || p.next(to, "about"):
		slack := max(1, m.hi.roughly()/10)
		m.lo, m.hi = m.lo.less(amount{days: slack}), m.hi.plus(amount{days: slack})
		if p.next(to, "about") {
			to++
		}
	}
	return m, to
}

func (p *parser) touchesBack(i int) bool { return i > 0 && p.touches(i) }
