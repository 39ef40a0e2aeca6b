package facts

import (
	"strconv"
	"time"

	"verihelp/internal/zh"
)

// shape says what a mention is, before anything says what it is about.
type shape int

const (
	shapeDate   shape = iota // a day or a stretch of days
	shapeLength              // a length of time
	shapeAge                 // 17歲
	shapeNumber              // a number without unit, the answer to a question
)

// mention is a date, a length of time, an age or a bare number as written.
type mention struct {
	shape  shape
	from   int // tokens
	to     int
	when   when
	lo, hi amount  // shapeLength
	n      float64 // as written, when definite; years for an age
	unit   string
	exact  bool       // n says it all
	years  [2]float64 // shapeAge, shapeNumber: least and most
	birth  bool       // joined, of a birth
}

// when is a date as written. What is missing is inferred from what it is about:
// an expiry lies ahead, a bill behind.
type when struct {
	fixed            interval // set when known is
	known            bool
	current          bool // the running day, week, month or year: may be cut at today
	years            []int
	western          bool // the writer counts no years of the Republic
	shortYear        int  // two digits, -1 when there is none
	month, dom, dom2 int
	part             string
}

func newWhen() when { return when{shortYear: -1} }

// parser reads mentions from tokens by recursive descent: each rule gives the
// place after what it has read, or the place it began.
type parser struct {
	tokens []token
	text   []rune
	today  time.Time

	original string
	script   zh.Script // of the original, once it was needed

	last       map[string]bool // classes of lastClause; mentions come in order
	lastClause int
}

func (p *parser) is(i int, class string) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].class == class
}

// next is is, for a token that must touch the one before it; spaces may lie between.
func (p *parser) next(i int, class string) bool {
	return p.is(i, class) && (i == 0 || p.touches(i))
}

// after reports whether token i touches one of the class before it.
func (p *parser) after(i int, class string) bool { return i > 0 && p.is(i-1, class) && p.touches(i) }

func (p *parser) touches(i int) bool {
	for k := p.tokens[i-1].to; k < p.tokens[i].from; k++ {
		if r := p.text[k]; r != ' ' && r != '的' && r != '整' && r != '-' {
			return false
		}
	}
	return true
}

// value is the number that a word of the vocabulary stands for.
func (p *parser) value(i int) int {
	n, _ := strconv.Atoi(p.tokens[i].value)
	return n
}

// integer reads the exact number at token i when it lies between lo and hi.
func (p *parser) integer(i, lo, hi int) (int, bool) {
	if !p.is(i, classNumber) {
		return 0, false
	}
	n := p.tokens[i].num
	return n.int(), n.exact() && n.lo == float64(n.int()) && n.int() >= lo && n.int() <= hi
}

// mentions reads all of them, in order. A message may say what day it is:
// "今天是3月5號" moves today for all.
func (p *parser) mentions() []mention {
	p.readToday()
	var out []mention
	for i := 0; i < len(p.tokens); {
		m, to := p.mention(i)
		if to > i {
			m.from, m.to = i, to
			out = append(out, m)
			i = to
			continue
		}
		i++
	}
	return p.joined(out)
}

func (p *parser) mention(i int) (mention, int) {
	if m, to := p.length(i); to > i {
		return m, to
	}
	if w, to := p.date(i); to > i {
		return mention{shape: shapeDate, when: w}, to
	}
	return p.bareNumber(i)
}

// readToday takes the day that the message itself names as today, and blanks
// the words that name it.
func (p *parser) readToday() {
	for i := range p.tokens {
		if !p.is(i, "now") && !(p.is(i, "relday") && p.value(i) == 0) || !p.is(i+1, classNumber) && !p.is(i+1, classLiteral) {
			continue
		}
		if gap := string(p.text[p.tokens[i].to:p.tokens[i+1].from]); gap != "" && gap != "是" && gap != " " && gap != "系" {
			continue
		}
		w, to := p.date(i + 1)
		if to == i+1 || w.dom == 0 && !w.known {
			continue
		}
		if named := w.nearest(p.today); named.exact() {
			p.today = named.from
			for k := i; k < to; k++ {
				p.tokens[k].class = ""
			}
		}
	}
}

// counters after a number make it a count of something else.
const counters = "次个张遍分小点号万块元倍位楼级度秒页本条人份元块米件家代层岁年月日天周%楼张只台部封笔"

// bareNumber reads 17 or 十六 with nothing after it that says what is counted.
func (p *parser) bareNumber(i int) (mention, int) {
	if !p.is(i, classNumber) {
		return mention{}, i
	}
	t := p.tokens[i]
	single := t.num.digits == 1 && !p.alone(t)
	if single || t.num.hi > 150 || t.num.lo <= 0 || p.counted(t) {
		return mention{}, i
	}
	m := mention{shape: shapeNumber, n: t.num.lo, exact: t.num.exact(), years: [2]float64{t.num.lo, t.num.hi}}
	if p.next(i+1, "half") {
		m.n, m.years, i = m.n+0.5, [2]float64{m.n + 0.5, m.years[1] + 0.5}, i+1
	}
	return m, i + 1
}

// alone reports whether a token is the whole message.
func (p *parser) alone(t token) bool { return t.from == 0 && t.to == len(p.text) }

func (p *parser) counted(t token) bool {
	if t.to < len(p.text) {
		for _, c := range counters {
			if p.text[t.to] == c {
				return true
			}
		}
	}
	k := t.from - 1
	for k >= 0 && p.text[k] == ' ' {
		k--
	}
	return k >= 0 && (p.text[k] == '第' || isLatin(p.text[k]) || isDigit(p.text[k]))
}
