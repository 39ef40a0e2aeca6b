package transcript

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

const story = `
# 轉真人
today 2026-11-22
> 轉人工
= escalate talk.human open hans
@ screen.png
? cancel
~ 案件
`

// parrot always does the same.
type parrot struct{ outcome Outcome }

func (p parrot) Say(string, time.Time) (Outcome, error)            { return p.outcome, nil }
func (p parrot) Tap(string, time.Time) (Outcome, error)            { return p.outcome, nil }
func (p parrot) Attach(string, string, time.Time) (Outcome, error) { return p.outcome, nil }
func (p parrot) Wait(time.Time) (Outcome, error)                   { return Outcome{}, nil }
func (p parrot) CaseOpen() (bool, error)                           { return p.outcome.CaseOpen, nil }
func (p parrot) Staff(chat.CaseChange, string, time.Time) (Outcome, error) {
	return Outcome{}, nil
}

func TestPlayAcceptsWhatTheStoryTells(t *testing.T) {
	stories, err := Parse("a.txt", []byte(story))
	require.NoError(t, err)
	require.Len(t, stories, 1)
	right := Outcome{Action: "escalate", Category: "talk.human", Script: "hans", Reply: "案件 1", CaseOpen: true, Choices: []chat.Choice{{ID: "cancel"}}}
	assert.Empty(t, stories[0].Play(parrot{right}))
}

func TestPlayReportsEveryDifferenceWithItsLine(t *testing.T) {
	stories, err := Parse("a.txt", []byte(story))
	require.NoError(t, err)
	failures := stories[0].Play(parrot{Outcome{Action: "answer", Category: "unclear", Script: "hant"}})
	assert.Len(t, failures, 6, "action, category, case, script, choice and words: %v", failures)
	for _, f := range failures {
		assert.Contains(t, f, "a.txt:")
	}
}

func TestAMistypedExpectationIsNoPass(t *testing.T) {
	stories, err := Parse("a.txt", []byte("# a\ntoday 2026-11-22\n> 嗨\n= answer unclear opeen"))
	require.NoError(t, err)
	assert.Len(t, stories[0].Play(parrot{Outcome{Action: "answer", Category: "unclear"}}), 1)
}

func TestParseRefusesStoriesThatCheckNothing(t *testing.T) {
	for name, src := range map[string]string{
		"no title":       "> 你好",
		"no date":        "# a\n> 你好\n= answer x",
		"no expectation": "# a\ntoday 2026-11-22\n> 你好",
		"unknown line":   "# a\ntoday 2026-11-22\nuser says hi",
		"bad date":       "# a\ntoday tomorrow",
		"bad duration":   "# a\ntoday 2026-11-22\n+ soon",
	} {
		_, err := Parse("a.txt", []byte(src))
		assert.ErrorContains(t, err, "a.txt:", name)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(story))
	f.Fuzz(func(t *testing.T, src []byte) {
		stories, err := Parse("f.txt", src)
		if err != nil {
			return
		}
		for _, s := range stories {
			assert.NotEmpty(t, s.Steps)
		}
	})
}
