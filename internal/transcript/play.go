package transcript

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"verihelp/internal/chat"
)

// Outcome is what the bot did with one message.
type Outcome struct {
	Action   string
	Category string
	Script   string // of the reply
	Reply    string
	Choices  []chat.Choice
	CaseOpen bool
}

// Player answers a story's messages at the times given.
type Player interface {
	Say(text string, at time.Time) (Outcome, error)
	Tap(choice string, at time.Time) (Outcome, error)
	Attach(name, text string, at time.Time) (Outcome, error)
	Staff(change chat.CaseChange, text string, at time.Time) (Outcome, error)
	Wait(at time.Time) (Outcome, error) // it has become that late
	CaseOpen() (bool, error)
}

// Play runs a story and returns what was not as expected, a line each.
func (s *Story) Play(p Player) []string {
	run := &run{story: s, player: p, at: s.Today.Add(2 * time.Hour)} // 10:00 in UTC+8
	for _, step := range s.Steps {
		if err := run.step(step); err != nil {
			run.fail(step, "%v", err)
			return run.failures
		}
	}
	return run.failures
}

type run struct {
	story    *Story
	player   Player
	at       time.Time
	last     Outcome
	failures []string
}

func (r *run) fail(step Step, format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf("%s:%d: %s", r.story.File, step.Line, fmt.Sprintf(format, args...)))
}

func (r *run) step(step Step) (err error) {
	switch step.Kind {
	case Say:
		r.last, err = r.player.Say(step.Text, r.next())
	case Tap:
		r.last, err = r.player.Tap(r.choice(step), r.next())
	case File:
		name, text, _ := strings.Cut(step.Text, " ")
		r.last, err = r.player.Attach(name, text, r.next())
	case Staff:
		change, text, _ := strings.Cut(step.Text, " ")
		out, failed := r.player.Staff(chat.CaseChange(change), text, r.next())
		r.shown(out)
		return failed
	case Wait:
		d, _ := time.ParseDuration(step.Text) // Parse checked it
		r.at = r.at.Add(d)
		out, failed := r.player.Wait(r.at)
		r.shown(out)
		return failed
	case Expect:
		return r.expect(step)
	case Offer:
		for _, want := range strings.Fields(step.Text) {
			if !slices.ContainsFunc(r.last.Choices, func(c chat.Choice) bool { return c.ID == want }) {
				r.fail(step, "choice %q is not offered; there are %v", want, r.last.Choices)
			}
		}
	case Words:
		if !strings.Contains(r.last.Reply, step.Text) {
			r.fail(step, "the reply does not say %q:\n%s", step.Text, r.last.Reply)
		}
	}
	return err
}

// shown takes what the user was told meanwhile as the last reply.
func (r *run) shown(out Outcome) {
	if out.Reply != "" {
		r.last.Reply, r.last.Choices, r.last.Script = out.Reply, out.Choices, out.Script
	}
}

func (r *run) next() time.Time {
	r.at = r.at.Add(time.Minute)
	return r.at
}

// choice finds the ID of a tapped label; what is no label is an ID.
func (r *run) choice(step Step) string {
	for _, c := range r.last.Choices {
		if c.Label == step.Text {
			return c.ID
		}
	}
	return step.Text
}

// expect compares action and category, then the words open, closed, hans, hant.
func (r *run) expect(step Step) error {
	words := strings.Fields(step.Text)
	if len(words) > 0 && words[0] != "*" && words[0] != r.last.Action {
		r.fail(step, "action %s, want %s (about %s)", r.last.Action, words[0], r.last.Category)
	}
	for i, word := range words[min(1, len(words)):] {
		switch word {
		case "open", "closed":
			open, err := r.player.CaseOpen()
			if err != nil {
				return err
			}
			if open != (word == "open") {
				r.fail(step, "a case is open: %t, want %s", open, word)
			}
		case "hans", "hant":
			if r.last.Script != word {
				r.fail(step, "script %s, want %s", r.last.Script, word)
			}
		case "*":
		default:
			switch {
			case i > 0:
				r.fail(step, "%q is none of open, closed, hans, hant", word)
			case word != r.last.Category:
				r.fail(step, "category %s, want %s (action %s)", r.last.Category, word, r.last.Action)
			}
		}
	}
	return nil
}
