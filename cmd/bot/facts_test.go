package main

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents/facts"
)

// factRow is a message with what must be read out of it: a verdict ("ask" when the
// exact date is needed, "none" when nothing decides) or a place.
type factRow struct {
	ID, Text, Today, Verdict, ISO string
	PlaceStatus                   string `json:"place_status"`
}

// elsewise are lines of testdata/facts.jsonl that the bot reads otherwise, on purpose
// or not yet.
var elsewise = map[string]string{
	"f039": "還有倆月 is two calendar months, 61 days: long enough",
	"f051": "兩三個月 begins at two calendar months: long enough",
	"f121": "今年11月到期, said in November, is taken as still ahead",
	"f164": "沒到期 without a date decides nothing",
	"f165": "没过期 without a date decides nothing",
	"f233": "三個月前 is exactly three months: still fresh",
	"f245": "三个月以内 is mostly a quotation of the rule",
	"f275": "quarters of a year are not read",
}

// TestFactsOfRealMessages reads messages whose dates, ages and places were worked out
// by hand, by somebody who had not seen the code.
func TestFactsOfRealMessages(t *testing.T) {
	b, err := testBrain()
	require.NoError(t, err)
	zone, err := time.LoadLocation("Asia/Taipei")
	require.NoError(t, err)
	f, err := os.Open("../../testdata/facts.jsonl")
	require.NoError(t, err)
	defer f.Close()
	lines, read := bufio.NewScanner(f), 0
	for ; lines.Scan(); read++ {
		var row factRow
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		at, err := dayOf(row.Today, time.Time{}, zone)
		require.NoError(t, err)
		fact := b.engine.Classify(row.Text, at).Deciding
		want, got := row.ISO+" "+row.PlaceStatus, fact.ISO+" "+fact.PlaceStatus
		if row.Verdict != "" {
			want, got = row.Verdict, verdictOf(fact)
		}
		if why := elsewise[row.ID]; why != "" {
			assert.NotEqual(t, want, got, "%s is read as wanted by now: %s", row.ID, why)
			continue
		}
		assert.Equal(t, want, got, "%s: %s on %s", row.ID, row.Text, row.Today)
	}
	require.NoError(t, lines.Err())
	assert.Greater(t, read, 500)
}

func verdictOf(f facts.Fact) string {
	switch {
	case f.Verdict != "":
		return f.Verdict
	case f.Ambiguous:
		return "ask"
	}
	return "none"
}
