package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents/evaluate"
	"verihelp/internal/zh"
)

// TestQualityKeepsItsFloors measures the shipped model on the test messages, which
// nothing is tuned on. The floors lie a little below what was measured when they were
// set; README tells the figures.
func TestQualityKeepsItsFloors(t *testing.T) {
	for _, name := range []string{"hans", "hant"} {
		t.Run(name, func(t *testing.T) {
			r := measured(t, testMessages(t, name))
			t.Logf("accuracy %.3f, first three %.3f, answers %+v, scope %+v, calibration %.3f", r.Accuracy, r.Top3, *r.Answered, *r.Scope, r.ECE)
			assert.GreaterOrEqual(t, r.Accuracy, 0.945, "accuracy")
			assert.GreaterOrEqual(t, r.Top3, 0.985, "among the first three")
			assert.GreaterOrEqual(t, r.Answered.Precision, 0.96, "precision of what is answered without a question")
			assert.GreaterOrEqual(t, r.Answered.Coverage, 0.85, "share answered without a question")
			assert.GreaterOrEqual(t, r.Answered.Actions, 0.92, "right action")
			assert.GreaterOrEqual(t, r.Scope.Recall, 0.88, "kept out")
			assert.LessOrEqual(t, r.ECE, 0.03, "calibration error")
		})
	}
}

// TestBothScriptsAreUnderstoodAlike converts each test set to the other script, by
// our tables and by OpenCC's program.
func TestBothScriptsAreUnderstoodAlike(t *testing.T) {
	hant := testMessages(t, "hant")
	twin := converted(hant, func(text string) string { return zh.Convert(text, zh.LocaleHans) })
	assertAlike(t, hant, twin)

	program, err := exec.LookPath("opencc")
	if err != nil && os.Getenv("CI") != "" {
		t.Fatal("the opencc program is missing; CI must compare both ways")
	}
	if err != nil {
		t.Skip("SKIPPED: no opencc program on this machine, the Simplified messages are not converted to Traditional")
	}
	hans := testMessages(t, "hans")
	twin = converted(hans, func(text string) string {
		cmd := exec.CommandContext(t.Context(), program, "-c", "s2twp")
		cmd.Stdin = strings.NewReader(text)
		out, err := cmd.Output()
		require.NoError(t, err)
		return string(out)
	})
	assertAlike(t, hans, twin)
}

// assertAlike compares message by message: at most one in a hundred may be taken for
// something else, and the accuracy differs by half a point at most.
func assertAlike(t *testing.T, rows, twins []evaluate.Row) {
	t.Helper()
	b, err := testBrain()
	require.NoError(t, err)
	at, differ := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC), 0
	for i := range rows {
		if b.engine.Classify(rows[i].Text, at).Category != b.engine.Classify(twins[i].Text, at).Category {
			differ++
		}
	}
	t.Logf("%d of %d messages are taken for another category in the other script", differ, len(rows))
	assert.LessOrEqual(t, float64(differ)/float64(len(rows)), 0.01)
	assert.InDelta(t, measured(t, rows).Accuracy, measured(t, twins).Accuracy, 0.005)
}

func converted(rows []evaluate.Row, convert func(string) string) []evaluate.Row {
	texts := make([]string, len(rows))
	for i, row := range rows {
		texts[i] = strings.ReplaceAll(row.Text, "\n", " ")
	}
	lines := strings.Split(convert(strings.Join(texts, "\n")), "\n")
	out := make([]evaluate.Row, len(rows))
	for i, row := range rows {
		row.Text = lines[i]
		out[i] = row
	}
	return out
}

func testMessages(t *testing.T, script string) []evaluate.Row {
	t.Helper()
	f, err := os.Open("../../testdata/messages/test." + script + ".jsonl")
	require.NoError(t, err)
	defer f.Close()
	rows, err := evaluate.ReadRows(f)
	require.NoError(t, err)
	return rows
}

func measured(t *testing.T, rows []evaluate.Row) evaluate.Report {
	t.Helper()
	b, err := testBrain()
	require.NoError(t, err)
	taipei, err := time.LoadLocation("Asia/Taipei")
	require.NoError(t, err)
	return measureShipped(b, rows, time.Date(2026, 11, 22, 10, 0, 0, 0, taipei), taipei)
}
