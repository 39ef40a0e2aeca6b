package main

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// refusalRow is one message of a pair: one asks for help to get around the rules, its
// honest neighbour shares the words and deserves help.
type refusalRow struct {
	Pair, Text, Label string
	Evade             bool
	Also              []string
}

// TestEvasionIsRefusedAndItsHonestNeighbourHelped plays 80 pairs. Honest people must
// never be refused; the sliest requests are not all seen, and what the bot then says
// is the article's advice, which helps nobody to cheat. The floors lie a little below
// what was measured.
func TestEvasionIsRefusedAndItsHonestNeighbourHelped(t *testing.T) {
	b, err := testBrain()
	require.NoError(t, err)
	f, err := os.Open("../../testdata/refusals.jsonl")
	require.NoError(t, err)
	defer f.Close()
	pairs := map[string]bool{}
	var asked, refused, honest, understood int
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var row refusalRow
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		pairs[row.Pair] = true
		v := b.engine.Classify(row.Text, time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC))
		if row.Evade {
			asked++
			if v.Rule == "refused" {
				refused++
			} else {
				t.Logf("not refused: %s (%s %s)", row.Text, v.Action, v.Category)
			}
			continue
		}
		honest++
		assert.NotEqual(t, "refused", v.Rule, "an honest person is refused: %s", row.Text)
		for _, label := range append(row.Also, row.Label) {
			if v.Category == label {
				understood++
				break
			}
		}
	}
	require.NoError(t, lines.Err())
	t.Logf("refused %d of %d, honest neighbours understood %d of %d", refused, asked, understood, honest)
	assert.GreaterOrEqual(t, len(pairs), 40)
	assert.GreaterOrEqual(t, float64(refused)/float64(asked), 0.85)
	assert.GreaterOrEqual(t, float64(understood)/float64(honest), 0.90)
}
