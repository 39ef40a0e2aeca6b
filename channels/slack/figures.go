package slack

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"verihelp/internal/chat"
)

// figures sum up the cases of one day.
type figures struct {
	opened, ended, waiting, overdue int
	firstClaims                     []time.Duration // how long those opened that day waited for a person
	stars, rated                    int
	hours                           [24]int // opened, by hour
}

// count sums up; day is any time of the day meant, in its zone. late says whether
// a case waits for longer than it should.
func count(cases []chat.Case, day time.Time, late func(chat.Case) bool) figures {
	var f figures
	today := func(t time.Time) bool {
		t = t.In(day.Location())
		return !t.IsZero() && t.YearDay() == day.YearDay() && t.Year() == day.Year()
	}
	for _, c := range cases {
		if c.State == chat.CaseWaiting {
			f.waiting++
		}
		if c.State.Open() && late(c) {
			f.overdue++
		}
		if today(c.OpenedAt) {
			f.opened++
			f.hours[c.OpenedAt.In(day.Location()).Hour()]++
			if !c.ClaimedAt.IsZero() {
				f.firstClaims = append(f.firstClaims, c.ClaimedAt.Sub(c.OpenedAt))
			}
		}
		if today(c.ClosedAt) {
			f.ended++
			if c.Rating > 0 {
				f.stars, f.rated = f.stars+c.Rating, f.rated+1
			}
		}
	}
	return f
}

// String is the figures in words.
func (f figures) String() string {
	text := fmt.Sprintf("新案件 %d，結束 %d，等待接手 %d，超過時限 %d", f.opened, f.ended, f.waiting, f.overdue)
	if n := len(f.firstClaims); n > 0 {
		slices.Sort(f.firstClaims)
		text += fmt.Sprintf("；接手前等候的中位數 %d 分鐘", int(f.firstClaims[n/2].Minutes()))
	}
	if f.rated > 0 {
		text += fmt.Sprintf("；評分 %.1f（%d 則）", float64(f.stars)/float64(f.rated), f.rated)
	}
	return text
}

// chart draws new cases by hour, two hours a column.
func (f figures) chart() string {
	bars := []rune("▁▂▃▄▅▆▇█")
	most := 1
	var columns [12]int
	for h, n := range f.hours {
		columns[h/2] += n
		most = max(most, columns[h/2])
	}
	var out strings.Builder
	for _, n := range columns {
		out.WriteRune(bars[n*(len(bars)-1)/most])
	}
	return "0 時 " + out.String() + " 24 時"
}

// late says whether a case waits for an answer for longer than its target.
func (d *Desk) late(now time.Time) func(chat.Case) bool {
	return func(c chat.Case) bool { return d.left(c, now) < 0 }
}

// nothingOwed is what remains where the user waits for no answer.
const nothingOwed = time.Duration(math.MaxInt64)

// left is the working time that remains to answer a case.
func (d *Desk) left(c chat.Case, now time.Time) time.Duration {
	if c.AwaitsSince.IsZero() {
		return nothingOwed
	}
	return c.Target(d.Target) - d.Worked(c.AwaitsSince, now)
}

// longestDue bounds how far ahead an answer can be due: holidays are longer.
const longestDue = 14 * 24 * time.Hour

// due is when a case that waits should be answered: its target of working time on.
func (d *Desk) due(c chat.Case) time.Time {
	after := func(minutes int) time.Time { return c.AwaitsSince.Add(time.Duration(minutes) * time.Minute) }
	return after(sort.Search(int(longestDue.Minutes()), func(n int) bool {
		return d.Worked(c.AwaitsSince, after(n)) >= c.Target(d.Target)
	}))
}
