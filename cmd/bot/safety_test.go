package main

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDangerAndFraudAreHeard plays messages of people who speak of ending their life, or
// to whom somebody asks for codes, keys or money, among others that only sound like it
// ("慢死了", "客服叫我重拍"). The words were written with the rules in view: what is
// promised is that these stay heard, not that all are.
func TestDangerAndFraudAreHeard(t *testing.T) {
	b, err := testBrain()
	require.NoError(t, err)
	f, err := os.Open("../../testdata/safety.jsonl")
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // only read
	heard := []string{"in_danger", "scam_told"}
	counts := map[string]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var row struct{ Text, Rule string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		counts[row.Rule]++
		rule := b.engine.Classify(row.Text, time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)).Rule
		if row.Rule != "" {
			assert.Equal(t, row.Rule, rule, row.Text)
		} else {
			assert.False(t, slices.Contains(heard, rule), "%s: %s", row.Text, rule)
		}
	}
	assert.GreaterOrEqual(t, counts["in_danger"], 70)
	assert.GreaterOrEqual(t, counts["scam_told"], 60)
	assert.GreaterOrEqual(t, counts[""], 390)
}
