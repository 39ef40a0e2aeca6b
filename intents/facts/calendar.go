package facts

import "time"

// day gives the civil date as UTC midnight, which is how this package writes dates.
func day(year, month, dom int) time.Time {
	return time.Date(year, time.Month(month), dom, 0, 0, 0, 0, time.UTC)
}

// civil drops the clock and the zone of t: the date that a calendar there shows.
func civil(t time.Time) time.Time { return day(t.Year(), int(t.Month()), t.Day()) }

// lastDay gives the number of days of a month.
func lastDay(year, month int) int { return day(year, month+1, 0).Day() }

// valid reports whether such a day exists.
func valid(year, month, dom int) bool {
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && dom >= 1 && dom <= lastDay(year, month)
}

// addMonths moves by calendar months; a day that the month lacks becomes its
// last: one month after 31 January is the end of February.
func addMonths(t time.Time, n int) time.Time {
	first := day(t.Year(), int(t.Month())+n, 1)
	return day(first.Year(), int(first.Month()), min(t.Day(), lastDay(first.Year(), int(first.Month()))))
}

// daysBetween counts the days from a to b; negative when b is earlier.
func daysBetween(a, b time.Time) int { return int(b.Sub(a).Hours() / 24) }

// birthday gives the day on which somebody born on t turns age. One born on
// 29 February turns on 1 March where the year has no such day.
func birthday(t time.Time, age int) time.Time { return t.AddDate(age, 0, 0) }

// ageOn counts the completed years of life.
func ageOn(born, today time.Time) int {
	age := today.Year() - born.Year()
	if birthday(born, age).After(today) {
		age--
	}
	return age
}

// amount is a length of time in calendar months and days.
type amount struct{ months, days int }

// from adds the amount to t; sign -1 goes back.
func (a amount) from(t time.Time, sign int) time.Time {
	return addMonths(t, sign*a.months).AddDate(0, 0, sign*a.days)
}

func (a amount) plus(b amount) amount { return amount{a.months + b.months, a.days + b.days} }
func (a amount) less(b amount) amount { return amount{a.months - b.months, a.days - b.days} }

// roughly is the length in days, for orders of magnitude only.
func (a amount) roughly() int { return a.months*30 + a.days }

// interval is a stretch of days, both ends included.
type interval struct{ from, to time.Time }

func on(t time.Time) interval { return interval{t, t} }

func (i interval) exact() bool { return i.from.Equal(i.to) }

// hull is the shortest interval that holds both.
func (i interval) hull(j interval) interval {
	if j.from.Before(i.from) {
		i.from = j.from
	}
	if j.to.After(i.to) {
		i.to = j.to
	}
	return i
}

func month(year, m int) interval {
	first := day(year, m, 1)
	return interval{first, day(first.Year(), int(first.Month()), lastDay(first.Year(), int(first.Month())))}
}

func wholeYear(year int) interval { return interval{day(year, 1, 1), day(year, 12, 31)} }

// monthPart gives the days that "月初", "月中", "月底" mean; all of it for "".
func monthPart(year, m int, part string) interval {
	all := month(year, m)
	switch part {
	case "early":
		return interval{all.from, all.from.AddDate(0, 0, 9)}
	case "middle":
		return interval{all.from.AddDate(0, 0, 9), all.from.AddDate(0, 0, 19)}
	case "late":
		return interval{all.from.AddDate(0, 0, 20), all.to}
	}
	return all
}

// yearPart gives the days that "年初", "年底", "下半年" mean; all of it for "".
func yearPart(year int, part string) interval {
	months := map[string][2]int{"early": {1, 2}, "middle": {5, 8}, "late": {12, 12}, "half1": {1, 6}, "half2": {7, 12}}
	m, ok := months[part]
	if !ok {
		return wholeYear(year)
	}
	return month(year, m[0]).hull(month(year, m[1]))
}
