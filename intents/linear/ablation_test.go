package linear_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"verihelp/intents"
	"verihelp/intents/evaluate"
	"verihelp/intents/linear"
)

// BenchmarkAblation prints what each part of the classifier is worth: trained on our
// examples and measured on testdata/messages/dev.jsonl, and, where MASSIVE names a
// folder with a labelled set (train.jsonl, dev.jsonl, dev.hant.jsonl), on that, too.
// The result stands beside Default.
//
//	go test -run '^$' -bench Ablation -benchtime 1x -timeout 60m ./intents/linear
func BenchmarkAblation(t *testing.B) {
	catalog, err := intents.Load(intents.Data)
	require.NoError(t, err)
	own := rows(t, "../../testdata/messages/dev.jsonl")
	foreign := os.Getenv("MASSIVE")
	o := evaluate.Options{Now: time.Now, OutOfScope: "out_of_scope"}
	for _, a := range ablations() {
		m, took := trained(t, catalog.Examples(), a.options)
		r := evaluate.Run(evaluate.ByText(func(text string) []intents.Guess { return intents.Merge(m.Classify(text)) }), own, o)
		fmt.Printf("%-30s own %s training %.0fs", a.name, figures(r), took.Seconds())
		if foreign != "" {
			m, _ := trained(t, evaluate.Examples(rows(t, filepath.Join(foreign, "train.jsonl"))), a.options)
			for _, name := range []string{"dev", "dev.hant"} {
				r := evaluate.Run(evaluate.ByText(m.Classify), rows(t, filepath.Join(foreign, name+".jsonl")), o)
				fmt.Printf("  %s %s", name, figures(r))
			}
		}
		fmt.Println()
	}
}

func rows(t *testing.B, name string) []evaluate.Row {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	out, err := evaluate.ReadRows(f)
	require.NoError(t, err)
	return out
}

func trained(t *testing.B, examples []intents.Example, o linear.Options) (*linear.Model, time.Duration) {
	t.Helper()
	start := time.Now()
	m, err := linear.Train(examples, o)
	require.NoError(t, err)
	return m, time.Since(start)
}

func figures(r evaluate.Report) string {
	return fmt.Sprintf("%.1f / %.1f ECE %.1f p50 %.0fµs", 100*r.Accuracy, 100*r.MacroF1, 100*r.ECE, r.P50US)
}

type ablation struct {
	name    string
	options linear.Options
}

func ablations() []ablation {
	list := []ablation{{"default", linear.Default()}}
	change := func(name string, f func(*linear.Options)) {
		o := linear.Default()
		f(&o)
		list = append(list, ablation{name, o})
	}
	change("without sentence marks", func(o *linear.Options) { o.Marks = false })
	change("without syllables", func(o *linear.Options) { o.Sounds = 0 })
	change("without characters", func(o *linear.Options) { o.Chars = 0 })
	change("characters up to 1", func(o *linear.Options) { o.Chars = 1 })
	change("characters up to 3", func(o *linear.Options) { o.Chars = 3 })
	change("syllables up to 3", func(o *linear.Options) { o.Sounds = 3 })
	change("without distant pairs", func(o *linear.Options) { o.Skips = 0 })
	change("distant pairs up to 6", func(o *linear.Options) { o.Skips = 6 })
	change("without negation", func(o *linear.Options) { o.Negation = false })
	change("features of single examples", func(o *linear.Options) { o.Least = 1 })
	change("without concepts", func(o *linear.Options) { o.Concepts = false })
	change("without rarity", func(o *linear.Options) { o.Rarity = false })
	change("cost 0.3", func(o *linear.Options) { o.Cost = 0.3 })
	change("cost 3", func(o *linear.Options) { o.Cost = 3 })
	return list
}
