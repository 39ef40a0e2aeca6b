package evaluate

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"verihelp/intents"
)

// counter gathers what a report is made of, row by row.
type counter struct {
	options   Options
	rows      int
	right     int
	top3      int
	training  time.Duration
	durations []time.Duration
	labels    map[string]*tally
	confusion map[[2]string]int
	errors    []Error
	bins      [calibrationBins]bin
	scope     scope
	decided   decided
}

// tally is what F1 needs of one label.
type tally struct{ right, wrong, missed int }

// bin holds the messages whose best guess had about the same probability.
type bin struct {
	rows, right int
	sum         float64
}

const calibrationBins = 15

// scope counts what is not ours, and what was wrongly taken for it.
type scope struct{ out, kept, in, alarms int }

// decided counts what the bot would have done.
type decided struct{ answered, right, answerable, covered, actions, actionsRight int }

func newCounter(o Options) *counter {
	return &counter{options: o, labels: map[string]*tally{}, confusion: map[[2]string]int{}}
}

func (c *counter) now() time.Time {
	if c.options.Now == nil {
		return time.Time{}
	}
	return c.options.Now()
}

func (c *counter) time(start time.Time) { c.durations = append(c.durations, c.now().Sub(start)) }

func (c *counter) tally(label string) *tally {
	t := c.labels[label]
	if t == nil {
		t = &tally{}
		c.labels[label] = t
	}
	return t
}

// count takes one classified row in. A label that is also right counts as the row's
// own.
func (c *counter) count(row Row, guesses []intents.Guess) {
	var best intents.Guess
	if len(guesses) > 0 {
		best = guesses[0]
	}
	right := row.Right(best.Label)
	c.rows++
	if slices.ContainsFunc(guesses[:min(3, len(guesses))], func(g intents.Guess) bool { return row.Right(g.Label) }) {
		c.top3++
	}
	b := &c.bins[min(int(best.P*calibrationBins), calibrationBins-1)]
	b.rows++
	b.sum += best.P
	if right {
		c.right++
		b.right++
		c.tally(row.Label).right++
	} else {
		c.tally(row.Label).missed++
		c.tally(best.Label).wrong++
		c.confusion[[2]string{row.Label, best.Label}]++
		c.errors = append(c.errors, Error{Text: row.Text, Label: row.Label, Got: best.Label, P: best.P})
	}
	c.countScope(row, best.Label)
	c.countDecision(row)
}

func (c *counter) countScope(row Row, got string) {
	out := c.options.OutOfScope
	switch {
	case row.Label == out:
		c.scope.out++
		if row.Right(got) {
			c.scope.kept++
		}
	case !row.Right(out):
		c.scope.in++
		if got == out {
			c.scope.alarms++
		}
	}
}

func (c *counter) countDecision(row Row) {
	if c.options.Decide == nil {
		return
	}
	d := c.options.Decide(row)
	answered := slices.Contains(answers, d.Action)
	if answered {
		c.decided.answered++
		if row.Right(d.Category) {
			c.decided.right++
		}
	}
	if c.options.Answerable == nil || c.options.Answerable(row.Label) {
		c.decided.answerable++
		if answered {
			c.decided.covered++
		}
	}
	if len(row.Action) > 0 {
		c.decided.actions++
		if slices.Contains(row.Action, d.Action) {
			c.decided.actionsRight++
		}
	}
}

func (c *counter) report() Report {
	r := Report{
		Rows:       c.rows,
		Accuracy:   ratio(c.right, c.rows),
		Top3:       ratio(c.top3, c.rows),
		MacroF1:    c.macroF1(),
		ECE:        c.calibrationError(),
		TrainingMS: milliseconds(c.training),
		Confusions: c.confusions(),
		Errors:     c.errors,
	}
	if c.options.Now != nil && len(c.durations) > 0 {
		slices.Sort(c.durations)
		r.P50US = microseconds(c.durations[len(c.durations)/2])
		r.P99US = microseconds(c.durations[len(c.durations)*99/100])
	}
	if c.scope.out > 0 {
		r.Scope = &Scope{Recall: ratio(c.scope.kept, c.scope.out), FalseAlarms: ratio(c.scope.alarms, c.scope.in)}
	}
	if c.options.Decide != nil {
		d := c.decided
		r.Answered = &Answered{Precision: ratio(d.right, d.answered), Coverage: ratio(d.covered, d.answerable)}
		if d.actions > 0 {
			r.Answered.Actions = ratio(d.actionsRight, d.actions)
		}
	}
	return r
}

// macroF1 averages over the labels that rows have.
func (c *counter) macroF1() float64 {
	sum, n := 0.0, 0
	for _, label := range slices.Sorted(maps.Keys(c.labels)) {
		t := c.labels[label]
		if t.right+t.missed == 0 {
			continue
		}
		n++
		sum += ratio(2*t.right, 2*t.right+t.wrong+t.missed)
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// calibrationError is the expected calibration error: how far probability and share
// of right guesses are apart, over 15 bins of equal width, weighted by rows.
func (c *counter) calibrationError() float64 {
	sum := 0.0
	for _, b := range c.bins {
		sum += math.Abs(b.sum - float64(b.right))
	}
	if c.rows == 0 {
		return 0
	}
	return sum / float64(c.rows)
}

// confusions lists what was taken for what, the commonest first.
func (c *counter) confusions() []Confusion {
	var out []Confusion
	for pair, n := range c.confusion {
		out = append(out, Confusion{Label: pair[0], Got: pair[1], Rows: n})
	}
	slices.SortFunc(out, func(a, b Confusion) int {
		return cmp.Or(b.Rows-a.Rows, strings.Compare(a.Label, b.Label), strings.Compare(a.Got, b.Got))
	})
	return out
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
