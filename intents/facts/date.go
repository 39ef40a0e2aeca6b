package facts

import (
	"strconv"
	"strings"
	"time"
)

// rocOffset turns a year of the Republic (民國, 年次) into one of the common era.
const rocOffset = 1911

// date reads a date: 2027-01-05, 民國115年3月, 明年三月, 下個月底, 1月5號,
// 下週一, 後天, 5 Jan 2027.
func (p *parser) date(i int) (when, int) {
	for _, rule := range []func(*parser, int) (when, int){
		(*parser).literal, (*parser).holiday, (*parser).generation, (*parser).yearDate, (*parser).relativeYear, (*parser).relativeMonth,
		(*parser).monthDay, (*parser).relativeWeek, (*parser).relativeDay, (*parser).dayOnly, (*parser).english,
	} {
		if w, to := rule(p, i); to > i {
			return w, to
		}
	}
	return when{}, i
}

// literal reads digits with separators: year first, or day and month in either
// order; 115/3/5 is a year of the Republic.
func (p *parser) literal(i int) (when, int) {
	roc := p.is(i, "minguo") && p.next(i+1, classLiteral)
	if roc {
		i++
	}
	if !p.is(i, classLiteral) {
		return when{}, i
	}
	a, b, c := p.tokens[i].num.parts[0], p.tokens[i].num.parts[1], p.tokens[i].num.parts[2]
	w := newWhen()
	switch {
	case roc || c > 0 && a >= 100 && a < 200:
		return known(dayOrMonth(a+rocOffset, b, c)), i + 1
	case a >= 1900 && a < 2200:
		return known(dayOrMonth(a, b, c)), i + 1
	case c >= 1900 && c < 2200:
		return known(eitherOrder(c, a, b)), i + 1
	case c == 0 && b >= 1900 && b < 2200 && a <= 12:
		return known(month(b, max(a, 1)), true), i + 1
	case c == 0 && a >= 1 && a <= 12 && b >= 1 && b <= 31:
		w.month, w.dom = a, b
		return w, i + 1
	case c == 0 && b >= 1 && b <= 12 && a >= 1 && a <= 31:
		w.month, w.dom = b, a
		return w, i + 1
	}
	return when{}, i
}

// holiday reads 元旦, 聖誕節.
func (p *parser) holiday(i int) (when, int) {
	if !p.is(i, "holiday") {
		return when{}, i
	}
	w := newWhen()
	month, dom, _ := strings.Cut(p.tokens[i].value, "-")
	w.month, _ = strconv.Atoi(month)
	w.dom, _ = strconv.Atoi(dom)
	w.dom2 = w.dom
	return w, i + 1
}

// generation reads 90後 and 05後: born in these ten or five years.
func (p *parser) generation(i int) (when, int) {
	yy, ok := p.integer(i, 0, 99)
	if !ok || p.tokens[i].num.digits != 2 || yy%5 != 0 || !p.next(i+1, "later") || p.tokens[i+1].from != p.tokens[i].to {
		return when{}, i
	}
	year, span := 2000+yy, 10
	if year > p.today.Year() {
		year -= 100
	}
	if yy%10 == 5 {
		span = 5
	}
	return known(wholeYear(year).hull(wholeYear(year+span-1)), true), i + 2
}

func known(v interval, ok bool) when {
	return when{fixed: v, known: ok, shortYear: -1}
}

// dayOrMonth gives a day, or the whole month when dom is 0.
func dayOrMonth(year, m, dom int) (interval, bool) {
	switch {
	case dom == 0 && m >= 1 && m <= 12:
		return month(year, m), true
	case valid(year, m, dom):
		return on(day(year, m, dom)), true
	}
	return interval{}, false
}

// eitherOrder holds both readings of 03/04/2027.
func eitherOrder(year, a, b int) (interval, bool) {
	first, ok1 := dayOrMonth(year, a, max(b, 1))
	second, ok2 := dayOrMonth(year, b, max(a, 1))
	switch {
	case ok1 && ok2:
		return first.hull(second), true
	case ok1:
		return first, true
	}
	return second, ok2
}

// yearDate reads 2027年, 民國115年3月5日, 97年次, 09年.
func (p *parser) yearDate(i int) (when, int) {
	at := i
	roc := p.is(at, "minguo")
	if roc {
		at++
	}
	year, ok := p.integer(at, 0, 2199)
	if !ok || roc && !p.touches(at) || p.tokens[at].num.digits < 2 && !roc {
		return when{}, i
	}
	if p.plainYear(at, year) {
		w := newWhen()
		w.years = []int{year}
		return w, at + 1
	}
	cohort := p.next(at+1, "cohort")
	if !cohort && !p.next(at+1, "year") {
		return when{}, i
	}
	w := newWhen()
	switch {
	case year >= 1900:
		w.years = []int{year}
	case roc || cohort || year >= 100 && year < 200:
		w.years = []int{year + rocOffset}
	case year < 100:
		w.shortYear = year
	default:
		return when{}, i
	}
	at += 2
	if cohort {
		return w, at
	}
	return p.restOfYear(w, at)
}

// plainYear reports whether four digits beside an expiry are a year: 寫2019到期.
func (p *parser) plainYear(at, year int) bool {
	return p.tokens[at].num.digits == 4 && year >= 1950 && year < 2100 &&
		(p.next(at+1, "expire") || p.after(at, "expire") || p.after(at, "written") || p.after(at, "birth")) && !p.next(at+1, "year")
}

// restOfYear reads month, day or part of the year after the year.
func (p *parser) restOfYear(w when, at int) (when, int) {
	for _, rule := range []func(*parser, int) (when, int){(*parser).monthDay, (*parser).literal, (*parser).dayOnly} {
		if rest, to := rule(p, at); to > at && p.touches(at) && !rest.known && (rest.month > 0 || rest.dom > 0) {
			w.month, w.dom, w.dom2, w.part = rest.month, rest.dom, rest.dom2, rest.part
			return w, to
		}
	}
	if p.next(at, "part") || p.next(at, "yearpart") {
		w.part = p.tokens[at].value
		return w, at + 1
	}
	return w, at
}

// relativeYear reads 明年三月, 去年12月, 今年年底, 年底.
func (p *parser) relativeYear(i int) (when, int) {
	w := newWhen()
	switch {
	case p.is(i, "yearpart"):
		w.years, w.part = []int{p.today.Year()}, p.tokens[i].value
		return w, i + 1
	case !p.is(i, "relyear"):
		return when{}, i
	}
	w.years = []int{p.today.Year() + p.value(i)}
	w.current = p.value(i) == 0
	return p.restOfYear(w, i+1)
}

// relativeMonth reads 下個月, 下個月底, 這個月15號, 月底.
func (p *parser) relativeMonth(i int) (when, int) {
	offset, part, at := 0, "", i+1
	switch {
	case p.is(i, "monthpart"):
		part = p.tokens[i].value
	case !p.is(i, "relmonth"):
		return when{}, i
	default:
		offset = p.value(i)
	}
	first := day(p.today.Year(), int(p.today.Month())+offset, 1)
	w := newWhen()
	w.years, w.month, w.part, w.current = []int{first.Year()}, int(first.Month()), part, offset == 0
	if part == "" && (p.next(at, "part") || p.next(at, "monthpart")) {
		w.part = p.tokens[at].value
		return w, at + 1
	}
	w, at = p.dayOfMonth(w, at)
	return w, at
}

// dayOfMonth reads 15號, 15日, 二十幾號 and, after a month, a bare 20.
func (p *parser) dayOfMonth(w when, at int) (when, int) {
	if !p.next(at, classNumber) || p.tokens[at].num.lo < 1 || p.tokens[at].num.lo > 31 {
		return w, at
	}
	n := p.tokens[at].num
	marked := p.next(at+1, "hao") || p.next(at+1, "ri")
	if !marked && (!n.exact() || p.next(at+1, "ge") || p.next(at+1, "unit") || p.next(at+1, "year") || p.next(at+1, "month")) {
		return w, at
	}
	w.dom, w.dom2 = n.int(), int(min(n.hi, 31))
	if marked {
		at++
	}
	return w, at + 1
}

// monthDay reads 1月5號, 三月底, 八月.
func (p *parser) monthDay(i int) (when, int) {
	m, ok := p.integer(i, 1, 12)
	if !ok || p.pair(i) {
		return when{}, i
	}
	w := newWhen()
	w.month = m
	if p.next(i+1, "monthpart") { // 八月中旬 is written with one word for 月中旬
		w.part = p.tokens[i+1].value
		return w, i + 2
	}
	if !p.next(i+1, "month") {
		return when{}, i
	}
	if p.next(i+2, "part") {
		w.part = p.tokens[i+2].value
		return w, i + 3
	}
	return p.dayOfMonth(w, i+2)
}

// relativeWeek reads 下週, 下週一, 上禮拜日, 週五.
func (p *parser) relativeWeek(i int) (when, int) {
	offset, at, named := 0, i+1, p.is(i, "relweek")
	switch {
	case named:
		offset = p.value(i)
	case !p.is(i, "unit") || p.tokens[i].value != "week":
		return when{}, i
	}
	monday := p.today.AddDate(0, 0, -(int(p.today.Weekday())+6)%7+7*offset)
	if n, ok := p.integer(at, 1, 6); ok && p.touches(at) && p.tokens[at].num.digits == 1 && !p.next(at+1, "ge") {
		return known(on(monday.AddDate(0, 0, n-1)), true), at + 1
	}
	if p.next(at, "ri") || p.next(at, "unit") && p.text[p.tokens[at].from] == '天' {
		return known(on(monday.AddDate(0, 0, 6)), true), at + 1
	}
	if !named {
		return when{}, i
	}
	w := known(interval{monday, monday.AddDate(0, 0, 6)}, true)
	w.current = offset == 0
	return w, at
}

func (p *parser) relativeDay(i int) (when, int) {
	if !p.is(i, "relday") {
		return when{}, i
	}
	return known(on(p.today.AddDate(0, 0, p.value(i))), true), i + 1
}

// dayOnly reads 15號; 15日 is one only where something expires.
func (p *parser) dayOnly(i int) (when, int) {
	n, ok := p.integer(i, 1, 31)
	marked := p.next(i+1, "hao") || p.next(i+1, "ri") && (p.is(i-1, "expire") || p.is(i+2, "expire"))
	if !ok || !marked {
		return when{}, i
	}
	w := newWhen()
	w.dom, w.dom2 = n, n
	return w, i + 2
}

// english reads 5 Jan 2027, January 5th, 2027, Jan 2027, Jan 5.
func (p *parser) english(i int) (when, int) {
	w := newWhen()
	at := i
	if n, ok := p.integer(at, 1, 31); ok && (p.next(at+1, "monthname") || p.next(at+1, "hao") && p.next(at+2, "monthname")) {
		w.dom, w.dom2 = n, n
		at++
		if p.is(at, "hao") {
			at++
		}
	}
	if !p.is(at, "monthname") {
		return when{}, i
	}
	w.month, at = p.value(at), at+1
	if n, ok := p.integer(at, 1, 31); ok && w.dom == 0 && p.touches(at) {
		w.dom, w.dom2, at = n, n, at+1
		if p.next(at, "hao") {
			at++
		}
	}
	if year, ok := p.integer(at, 1900, 2199); ok {
		w.years, at = []int{year}, at+1
	}
	if w.dom == 0 && len(w.years) == 0 {
		return when{}, i // "may" and "mar" are words, too
	}
	return w, at
}

// nearest gives the reading of w that is closest to t.
func (w when) nearest(t time.Time) interval {
	if w.known || len(w.years) > 0 {
		return w.resolve(ahead, t)
	}
	before, after := w.resolve(behind, t), w.resolve(ahead, t)
	if daysBetween(before.to, t) < daysBetween(t, after.from) {
		return before
	}
	return after
}
