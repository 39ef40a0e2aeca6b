package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"verihelp/intents"
	"verihelp/intents/evaluate"
	"verihelp/intents/linear"
	"verihelp/internal/dialogue"
)

// evalCmd measures the shipped model, or the classifier as an engine.
type evalCmd struct {
	Data   string `type:"path" help:"Labelled lines to measure the shipped model on."`
	Train  string `type:"path" help:"Labelled lines to train on, of any labels; needs --test."`
	Test   string `type:"path" help:"Labelled lines to test that training on."`
	Cross  int    `help:"Cross-validate on the shipped examples in so many parts."`
	Report bool   `help:"Also print the confusions and every error."`
	JSON   bool   `name:"json" help:"Print one JSON object."`
	Today  string `help:"The date that is \"today\" for lines without one, e.g. 2026-11-22."`
}

// Run prints the report.
func (c evalCmd) Run(_ context.Context, s *settings, io streams) error {
	report, err := c.measure(s, io)
	if err != nil && !errors.Is(err, errData) {
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(io.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return errors.Join(enc.Encode(report), err)
	}
	return errors.Join(report.WriteText(io.out, c.Report), err)
}

func (c evalCmd) measure(s *settings, io streams) (evaluate.Report, error) {
	switch {
	case c.Data != "" && c.Train == "" && c.Test == "" && c.Cross == 0:
		return c.shipped(s, io)
	case c.Train != "" && c.Test != "" && c.Data == "" && c.Cross == 0:
		return c.engine(io)
	case c.Cross > 1 && c.Data == "" && c.Train == "" && c.Test == "":
		return c.cross(s)
	}
	return evaluate.Report{}, usagef("eval needs --data FILE, or --train FILE --test FILE, or --cross N with N from 2")
}

// shipped measures what classify would answer, decisions included.
func (c evalCmd) shipped(s *settings, io streams) (evaluate.Report, error) {
	rows, bad, err := readRows(c.Data, io)
	if err != nil {
		return evaluate.Report{}, err
	}
	zone, err := s.location()
	if err != nil {
		return evaluate.Report{}, err
	}
	today, err := dayOf(c.Today, time.Now().In(zone), zone)
	if err != nil {
		return evaluate.Report{}, usagef("--today: %w", err)
	}
	for i, row := range rows {
		if _, err := dayOf(row.Today, today, zone); err != nil {
			fmt.Fprintf(io.err, "bot: %s, row %d: %v; counted from %s\n", c.Data, i+1, err, today.Format(time.DateOnly))
			bad = errData
		}
	}
	b, err := loadBrain(s)
	if err != nil {
		return evaluate.Report{}, err
	}
	return measureShipped(b, rows, today, zone), bad
}

// measureShipped measures a loaded brain; today is the date of rows without one.
func measureShipped(b *brain, rows []evaluate.Row, today time.Time, zone *time.Location) evaluate.Report {
	verdict := func(row evaluate.Row) dialogue.Verdict {
		at, err := dayOf(row.Today, today, zone)
		if err != nil {
			at = today
		}
		return b.engine.Classify(row.Text, at)
	}
	classify := func(row evaluate.Row) []intents.Guess {
		v := verdict(row)
		out := []intents.Guess{{Label: v.Category, P: v.Confidence}}
		for _, a := range v.Alternatives {
			out = append(out, intents.Guess{Label: a.Category, P: a.P})
		}
		return out
	}
	return evaluate.Run(classify, rows, evaluate.Options{
		Now: time.Now, OutOfScope: "out_of_scope",
		Decide: func(row evaluate.Row) evaluate.Decision {
			v := verdict(row)
			return evaluate.Decision{Action: string(v.Action), Category: v.Category}
		},
		Answerable: func(label string) bool {
			cat, ok := b.catalog.Get(label)
			return ok && (cat.Kind == intents.Failure || cat.Kind == intents.Guide)
		},
	})
}

// engine trains on one file and tests on the other.
func (c evalCmd) engine(io streams) (evaluate.Report, error) {
	train, badTrain, err := readRows(c.Train, io)
	if err != nil {
		return evaluate.Report{}, err
	}
	test, badTest, err := readRows(c.Test, io)
	if err != nil {
		return evaluate.Report{}, err
	}
	start := time.Now()
	model, err := linear.Train(evaluate.Examples(train), linear.Default())
	if err != nil {
		return evaluate.Report{}, fmt.Errorf("train: %w", err)
	}
	took := time.Since(start)
	report := evaluate.Run(evaluate.ByText(model.Classify), test, evaluate.Options{Now: time.Now, OutOfScope: "out_of_scope"})
	report.TrainingMS = float64(took.Microseconds()) / 1000
	return report, errors.Join(badTrain, badTest)
}

func (c evalCmd) cross(s *settings) (evaluate.Report, error) {
	d, err := newData(s)
	if err != nil {
		return evaluate.Report{}, err
	}
	train := func(examples []intents.Example) (evaluate.Classify, error) {
		model, err := linear.Train(examples, linear.Default())
		if err != nil {
			return nil, err
		}
		return evaluate.ByText(model.Classify), nil
	}
	return evaluate.CrossValidate(d.catalog.Examples(), c.Cross, train, evaluate.Options{Now: time.Now, OutOfScope: "out_of_scope"})
}

// readRows reads labelled lines; lines that cannot be used are told and left out,
// and bad is errData then.
func readRows(path string, io streams) (rows []evaluate.Row, bad, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, usagef("%w; give the path of a JSON Lines file", err)
	}
	defer f.Close() //nolint:errcheck // only read
	rows, err = evaluate.ReadRows(f)
	if err != nil {
		fmt.Fprintf(io.err, "bot: %s: %v\n", path, err)
		bad = errData
	}
	if len(rows) == 0 {
		return nil, nil, fmt.Errorf("%s has no line that can be used", path)
	}
	return rows, bad, nil
}
