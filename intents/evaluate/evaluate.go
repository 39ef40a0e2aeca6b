// Package evaluate measures a classifier on labelled messages: how often it is
// right, how far its probabilities can be trusted, and what it confuses.
//
// It stands beside the six steps: `bot eval` prints its reports, continuous
// integration holds a new model against the old one, and support leads read the
// confusions to see where examples are missing. It knows a classifier as a function
// and the time as a function, so that it measures any model and its own tests depend
// on no clock.
package evaluate

import (
	"fmt"
	"slices"
	"time"

	"verihelp/intents"
)

// Classify returns guesses for a row's message, best first.
type Classify func(Row) []intents.Guess

// ByText classifies by the text alone.
func ByText(classify func(text string) []intents.Guess) Classify {
	return func(row Row) []intents.Guess { return classify(row.Text) }
}

// Decision is what the bot would do with a first message.
type Decision struct {
	Action   string // as in the contract of bot classify
	Category string // what the reply is about
}

// answers are the actions that give an answer without a question first.
var answers = []string{"answer", "escalate", "final"}

// Options say what to measure beside the classifier itself.
type Options struct {
	Now        func() time.Time        // the clock; nil leaves times out
	Decide     func(Row) Decision      // nil leaves out what was answered
	Answerable func(label string) bool // labels that coverage counts; nil counts all
	OutOfScope string                  // the label of what is not ours; its figures are left out where no row has it
}

// Run classifies every row and reports.
func Run(classify Classify, rows []Row, o Options) Report {
	c := newCounter(o)
	for _, row := range rows {
		start := c.now()
		guesses := classify(row)
		c.time(start)
		c.count(row, guesses)
	}
	return c.report()
}

// Train makes a classifier of examples.
type Train func(examples []intents.Example) (Classify, error)

// CrossValidate trains k times, each time without one of the parts of
// intents.Folds, and reports on the parts left out, by category. It returns an
// error when a training fails.
func CrossValidate(examples []intents.Example, k int, train Train, o Options) (Report, error) {
	c := newCounter(o)
	for _, fold := range intents.Folds(examples, k) {
		start := c.now()
		classify, err := train(without(examples, fold))
		if err != nil {
			return Report{}, fmt.Errorf("cross-validate: %w", err)
		}
		c.training += c.now().Sub(start)
		part := make([]Row, len(fold))
		for i, place := range fold {
			category, _ := intents.Split(examples[place].Label)
			part[i] = Row{Text: examples[place].Text, Label: category}
		}
		for _, row := range part {
			start := c.now()
			guesses := intents.Merge(classify(row))
			c.time(start)
			c.count(row, guesses)
		}
	}
	return c.report(), nil
}

func without(examples []intents.Example, places []int) []intents.Example {
	var out []intents.Example
	for i, e := range examples {
		if !slices.Contains(places, i) {
			out = append(out, e)
		}
	}
	return out
}
