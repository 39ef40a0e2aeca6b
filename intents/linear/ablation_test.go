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

// BenchmarkAblation prints what each part of the classifier is worth, on our examples
// (5-fold cross-validation) and on a labelled set in the folder MASSIVE (train.jsonl,
// dev.jsonl, dev.hant.jsonl):
//
//	MASSIVE=folder go test -run '^$' -bench Ablation -benchtime 1x -timeout 20m ./intents/linear
func BenchmarkAblation(t *testing.B) {
	dir := os.Getenv("MASSIVE")
	if dir == "" {
		t.Skip("set MASSIVE to the folder of a labelled set to print the table")
	}
	catalog, err := intents.Load(intents.Data)
	require.NoError(t, err)
	own := catalog.Examples()
	sets := map[string][]evaluate.Row{}
	for _, name := range []string{"train", "dev", "dev.hant"} {
		f, err := os.Open(filepath.Join(dir, name+".jsonl"))
		require.NoError(t, err)
		sets[name], err = evaluate.ReadRows(f)
		f.Close()
		require.NoError(t, err)
	}
	o := evaluate.Options{Now: time.Now, OutOfScope: "out_of_scope"}
	for _, a := range ablations() {
		r, err := evaluate.CrossValidate(own, 5, trainer(a.options), o)
		require.NoError(t, err)
		fmt.Printf("%-40s own %s", a.name, figures(r))
		start := time.Now()
		m, err := linear.Train(evaluate.Examples(sets["train"]), a.options)
		require.NoError(t, err)
		fmt.Printf("  training %.1fs", time.Since(start).Seconds())
		for _, name := range []string{"dev", "dev.hant"} {
			fmt.Printf("  %s %s", name, figures(evaluate.Run(evaluate.ByText(m.Classify), sets[name], o)))
		}
		fmt.Println()
	}
}

func trainer(o linear.Options) evaluate.Train {
	return func(examples []intents.Example) (evaluate.Classify, error) {
		m, err := linear.Train(examples, o)
		if err != nil {
			return nil, err
		}
		return evaluate.ByText(m.Classify), nil
	}
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
