package evaluate

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents"
)

// oracle says what it was told to, with 0.9.
func oracle(answers map[string]string) Classify {
	return ByText(func(text string) []intents.Guess {
		return []intents.Guess{{Label: answers[text], P: 0.9}, {Label: "rest", P: 0.1}}
	})
}

const labelled = `{"text":"a","label":"x"}
{"text":"b","label":"x"}
{"text":"c","label":"y","also":["z"]}
{"text":"d","label":"out"}
`

func TestFiguresAreCountedByHand(t *testing.T) {
	rows, err := ReadRows(strings.NewReader(labelled))
	require.NoError(t, err)
	report := Run(oracle(map[string]string{"a": "x", "b": "out", "c": "z", "d": "out"}), rows, Options{OutOfScope: "out"})
	assert.Equal(t, 4, report.Rows)
	assert.InDelta(t, 0.75, report.Accuracy, 1e-9, "a, c by its other label, d")
	require.NotNil(t, report.Scope)
	assert.InDelta(t, 1.0, report.Scope.Recall, 1e-9)
	assert.InDelta(t, 1.0/3, report.Scope.FalseAlarms, 1e-9, "b of a, b, c")
	assert.InDelta(t, 0.15, report.ECE, 1e-9, "0.9 said, 0.75 right")
	require.Len(t, report.Errors, 1)
	assert.Equal(t, Error{Text: "b", Label: "x", Got: "out", P: 0.9}, report.Errors[0])
	require.Len(t, report.Confusions, 1)
	assert.Equal(t, Confusion{Label: "x", Got: "out", Rows: 1}, report.Confusions[0])
}

func TestPrecisionAndCoverageCountWhatWasAnswered(t *testing.T) {
	rows, err := ReadRows(strings.NewReader(`{"text":"a","label":"x","action":"answer"}
{"text":"b","label":"x","action":["clarify","answer"]}
{"text":"c","label":"y"}`))
	require.NoError(t, err)
	decisions := map[string]Decision{"a": {"answer", "x"}, "b": {"clarify", "unclear"}, "c": {"answer", "x"}}
	report := Run(oracle(map[string]string{"a": "x", "b": "x", "c": "x"}), rows, Options{Decide: func(row Row) Decision { return decisions[row.Text] }})
	require.NotNil(t, report.Answered)
	assert.InDelta(t, 0.5, report.Answered.Precision, 1e-9, "a is right, c is not")
	assert.InDelta(t, 2.0/3, report.Answered.Coverage, 1e-9)
	assert.InDelta(t, 1.0, report.Answered.Actions, 1e-9)
}

func TestBadRowsAreNamedAndTheOthersKept(t *testing.T) {
	rows, err := ReadRows(strings.NewReader("{\"text\":\"a\",\"label\":\"x\"}\nnope\n{\"text\":\"b\"}\n"))
	assert.Len(t, rows, 1)
	assert.ErrorContains(t, err, "2")
	assert.ErrorContains(t, err, "3")
}

func TestCrossValidationNeverTestsOnWhatItTrainedOn(t *testing.T) {
	var examples []intents.Example
	for _, text := range []string{"a", "b", "c", "d", "e", "f"} {
		examples = append(examples, intents.Example{Label: "x/v", Text: text})
	}
	tested := map[string]int{}
	report, err := CrossValidate(examples, 3, func(train []intents.Example) (Classify, error) {
		known := map[string]bool{}
		for _, e := range train {
			known[e.Text] = true
		}
		return ByText(func(text string) []intents.Guess {
			assert.False(t, known[text], text)
			tested[text]++
			return []intents.Guess{{Label: "x/v", P: 1}}
		}), nil
	}, Options{})
	require.NoError(t, err)
	assert.Len(t, tested, 6)
	assert.InDelta(t, 1.0, report.Accuracy, 1e-9, "variants count as their category")
}

func TestTheReportCanBeRead(t *testing.T) {
	rows, err := ReadRows(strings.NewReader(labelled))
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, Run(oracle(nil), rows, Options{OutOfScope: "out"}).WriteText(&out, true))
	for _, word := range []string{"accuracy", "macro F1", "out of scope", "calibration"} {
		assert.Contains(t, out.String(), word)
	}
}

func FuzzReadRows(f *testing.F) {
	f.Add(labelled)
	f.Fuzz(func(t *testing.T, src string) {
		rows, _ := ReadRows(strings.NewReader(src))
		for _, r := range rows {
			assert.NotEmpty(t, r.Label)
		}
	})
}
