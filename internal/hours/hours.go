// Package hours knows when staff work.
//
// What a person who waits is told, when staff are reminded, and when a claim
// ends, all count working time: thirty minutes after an opening are thirty
// minutes, whether the question came in the evening or at night. An Hours is a
// week of opening times in one time zone; its functions are pure, so that what
// was promised can be worked out again. Public holidays are not known: they are
// told like any other day.
package hours

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hours is a week of working time in a time zone. The zero Hours is always open.
type Hours struct {
	week [7][]span // by time.Weekday, in order, apart from each other
	zone *time.Location
}

// span is a stretch of a day, in minutes since its midnight; to may be 1440.
type span struct{ from, to int }

const day = 24 * 60 // minutes

// wanted says what to write; it is part of every error.
const wanted = "write days and times like `Mon-Fri 09:00-18:00, Sat 10:00-14:00`, or leave it empty where staff are always there"

var (
	days    = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	pattern = regexp.MustCompile(`^([a-z]{3})(?:-([a-z]{3}))?\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$`)
)

// Parse reads entries like "Mon-Fri 09:00-18:00", separated by commas. An end
// before its start lies on the next day. An empty text is always open. The error
// is one line that says what to write.
func Parse(text string, zone *time.Location) (Hours, error) {
	if strings.TrimSpace(text) == "" {
		return Hours{}, nil
	}
	h := Hours{zone: zone}
	for entry := range strings.SplitSeq(text, ",") {
		if err := h.add(strings.ToLower(strings.TrimSpace(entry))); err != nil {
			return Hours{}, err
		}
	}
	for i := range h.week {
		h.week[i] = merged(h.week[i])
	}
	return h, nil
}

func (h *Hours) add(entry string) error {
	m := pattern.FindStringSubmatch(entry)
	if m == nil {
		return fmt.Errorf("%q is no working time; %s", entry, wanted)
	}
	first, last := slices.Index(days, m[1]), slices.Index(days, m[2])
	if m[2] == "" {
		last = first
	}
	if first < 0 || last < 0 {
		return fmt.Errorf("%q names no day of the week such as Mon; %s", entry, wanted)
	}
	from, to := minutes(m[3], m[4]), minutes(m[5], m[6])
	if from < 0 || to < 0 || from == to || from == day {
		return fmt.Errorf("%q has no times between 00:00 and 24:00 that differ; %s", entry, wanted)
	}
	for d := first; ; d = (d + 1) % 7 {
		h.open(d, from, to)
		if d == last {
			return nil
		}
	}
}

// open adds a stretch; what goes over midnight belongs to two days.
func (h *Hours) open(weekday, from, to int) {
	if from < to {
		h.week[weekday] = append(h.week[weekday], span{from, to})
		return
	}
	h.week[weekday] = append(h.week[weekday], span{from, day})
	if next := (weekday + 1) % 7; to > 0 {
		h.week[next] = append(h.week[next], span{0, to})
	}
}

// minutes since midnight, -1 for no time of a day.
func minutes(hour, minute string) int {
	h, _ := strconv.Atoi(hour)   // digits, by the pattern
	m, _ := strconv.Atoi(minute) // as above
	if at := h*60 + m; m < 60 && at <= day {
		return at
	}
	return -1
}

// merged sorts stretches and joins those that touch.
func merged(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var out []span
	for _, s := range spans {
		if last := len(out) - 1; last >= 0 && s.from <= out[last].to {
			out[last].to = max(out[last].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// Always says that there is no time at which nobody works.
func (h Hours) Always() bool { return h.zone == nil }

// Open says whether staff work at a moment.
func (h Hours) Open(at time.Time) bool { return h.Next(at).Equal(at) }

// Next is the first moment, from at on, at which staff work: at itself while
// they do.
func (h Hours) Next(at time.Time) time.Time {
	if h.Always() {
		return at
	}
	// A week on is the same day's morning; one more day, since clocks are put
	// forward over a whole stretch somewhere.
	for offset := range 9 {
		for _, s := range h.day(at, offset) {
			if s.to.After(at) {
				if s.from.After(at) {
					return s.from
				}
				return at
			}
		}
	}
	return at // a week whose every stretch falls into a gap of the clock: nobody is kept waiting for it
}

// Between is the working time from one moment to another; 0 if to is not after
// from.
func (h Hours) Between(from, to time.Time) time.Duration {
	if !to.After(from) {
		return 0
	}
	if h.Always() {
		return to.Sub(from)
	}
	var sum time.Duration
	for offset := 0; ; offset++ {
		for _, s := range h.day(from, offset) {
			if begin, end := later(s.from, from), earlier(s.to, to); end.After(begin) {
				sum += end.Sub(begin)
			}
		}
		if h.midnight(from, offset+1).After(to) {
			return sum
		}
	}
}

// stretch is a span on a certain day.
type stretch struct{ from, to time.Time }

// day lists the stretches of the day that lies offset days after a moment's. Local
// times are looked up each day, so that 09:00 is 09:00 in summer and in winter.
func (h Hours) day(at time.Time, offset int) []stretch {
	y, m, d := at.In(h.zone).Date()
	weekday := time.Date(y, m, d+offset, 12, 0, 0, 0, h.zone).Weekday()
	out := make([]stretch, 0, len(h.week[weekday]))
	for _, s := range h.week[weekday] {
		out = append(out, stretch{
			from: time.Date(y, m, d+offset, 0, s.from, 0, 0, h.zone),
			to:   time.Date(y, m, d+offset, 0, s.to, 0, 0, h.zone),
		})
	}
	return out
}

func (h Hours) midnight(at time.Time, offset int) time.Time {
	y, m, d := at.In(h.zone).Date()
	return time.Date(y, m, d+offset, 0, 0, 0, 0, h.zone)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
