package facts

import "time"

// direction says on which side of today a date lies when it names no year.
type direction int

const (
	ahead  direction = iota // an expiry
	behind                  // a bill, an expiry that has passed
	born                    // a birth
)

// Spans of years in which a two-digit year is looked for.
const (
	validityYears = 30
	proofYears    = 10
	maxAge        = 95
)

// resolve gives the days that w means. All readings of a two-digit year count:
// 97年 is 1997 or, as a year of the Republic, 2008.
func (w when) resolve(d direction, today time.Time) interval {
	v := w.fixed
	switch {
	case w.known:
	case len(w.years) > 0 || w.shortYear >= 0:
		years := w.years
		if w.shortYear >= 0 {
			years = w.candidates(d, today.Year())
		}
		v = w.inYear(years[0])
		for _, y := range years[1:] {
			v = v.hull(w.inYear(y))
		}
	case w.month > 0:
		v = w.turning(d, today, func(k int) interval { return w.inYear(today.Year() + k) })
	default:
		v = w.turning(d, today, func(k int) interval { return w.inMonth(today.Year(), w.monthOf(today, k, d)) })
	}
	return w.cut(v, d, today)
}

// monthOf gives the month that is k months from today, or the next one that has such
// a day: a document that expires "on the 31st" does not do so in November.
func (w when) monthOf(today time.Time, k int, d direction) int {
	step := 1
	if d != ahead {
		step = -1
	}
	m := int(today.Month()) + k
	for lastDay(today.Year(), m) < w.dom {
		m += step
	}
	return m
}

// inside gives the one reading of a date without a year that a stretch of days
// holds part of.
func (w when) inside(span interval) (interval, bool) {
	var readings []interval
	add := func(v interval) {
		if !v.to.Before(span.from) && !v.from.After(span.to) {
			readings = append(readings, v)
		}
	}
	if daysBetween(span.from, span.to) > maxSpan {
		return interval{}, false
	}
	for first := day(span.from.Year(), int(span.from.Month()), 1); !first.After(span.to); first = addMonths(first, 1) {
		if w.month == 0 || w.month == int(first.Month()) {
			add(w.inMonth(first.Year(), int(first.Month())))
		}
	}
	if len(readings) != 1 {
		return interval{}, false
	}
	return readings[0], true
}

// maxSpan is the longest stretch, in days, that a date without a year is looked
// for in.
const maxSpan = 800

// turning picks, of a stretch that comes again each year or month, the one that
// is next or was last. The running one belongs to both.
func (w when) turning(d direction, today time.Time, at func(k int) interval) interval {
	v := at(0)
	switch {
	case d == ahead && v.to.Before(today):
		return at(1)
	case d != ahead && v.from.After(today):
		return at(-1)
	}
	return v
}

// cut drops the part of the running day, month or year on the wrong side of today.
func (w when) cut(v interval, d direction, today time.Time) interval {
	if !w.current && (len(w.years) > 0 || w.known || w.shortYear >= 0) {
		return v
	}
	if d == ahead && v.from.Before(today) && !v.to.Before(today) {
		v.from = today
	}
	if d != ahead && v.to.After(today) && !v.from.After(today) {
		v.to = today
	}
	return v
}

func (w when) inYear(year int) interval {
	switch {
	case w.month > 0:
		return w.inMonth(year, w.month)
	case w.dom > 0: // 明年30號: of some month
		return w.inMonth(year, 1).hull(w.inMonth(year, 12))
	}
	return yearPart(year, w.part)
}

func (w when) inMonth(year, m int) interval {
	if w.dom == 0 {
		return monthPart(year, m, w.part)
	}
	first := day(year, m, 1)
	year, m = first.Year(), int(first.Month())
	last := lastDay(year, m)
	return interval{day(year, m, min(w.dom, last)), day(year, m, min(max(w.dom, w.dom2), last))}
}

// candidates gives the years that two digits can mean for a birth, a bill or an
// expiry, seen from the year now; at least one.
func (w when) candidates(d direction, now int) []int {
	yy := w.shortYear
	least, most := now-validityYears, now+validityYears
	candidates := []int{2000 + yy}
	if !w.western {
		candidates = append(candidates, rocOffset+yy)
	}
	switch d {
	case born:
		least, most = now-maxAge, now
		candidates = append(candidates, 1900+yy)
	case behind:
		least, most = now-proofYears, now
	}
	var years []int
	for _, y := range candidates {
		if y >= least && y <= most {
			years = append(years, y)
		}
	}
	if len(years) == 0 {
		return candidates[:1]
	}
	return years
}
