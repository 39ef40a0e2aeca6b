// Package transcript reads golden conversations: stories that pin what the bot
// does, not how it words it.
//
// A file of testdata/conversations holds any number of them. A story begins with
// its title; each line is a step:
//
//	# 證件還有 45 天
//	today 2026-11-22
//	locale zh-TW
//	screen 證件已過期                   what the app says is on the screen
//	hours Mon-Fri 09:00-18:00          when staff work; always where it is left out
//	> 我的護照還有45天到期           the user writes (\n inside is a line break)
//	= answer document.validity_short   then the bot does this about that …
//	  hant                             … in this script
//	? solved not_solved human          and offers at least these choices (IDs)
//	~ 15                               and says these words
//	>> human                           the user taps a choice (ID or label)
//	@ screen.png 這是畫面              the user sends a file, with words or without
//	= escalate talk.human open         a case is open now ("closed": none is)
//	! reply 您好                       staff does this: claim, release, pend, hand_back, close,
//	                                   block, checklist, delete, edit 您好, transfer 小寶, snooze 2h
//	+ 2h                               time passes (a minute passes with each message)
//
// What the user is told of a staff action, or after a while, is the last reply then.
//
// Play runs the stories against anything that can answer, so that the same files
// test the engine, a channel and a database.
package transcript

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"time"
)

// StepKind is what a line does.
type StepKind string

// Step kinds, by the mark that begins their line.
const (
	Say    StepKind = ">"
	Tap    StepKind = ">>"
	File   StepKind = "@"
	Expect StepKind = "="
	Offer  StepKind = "?"
	Words  StepKind = "~"
	Staff  StepKind = "!"
	Wait   StepKind = "+"
)

// Step is one line of a story.
type Step struct {
	Kind StepKind
	Text string // what stands after the mark
	Line int
}

// Story is one golden conversation.
type Story struct {
	Title  string
	File   string
	Line   int
	Today  time.Time // its date, at midnight UTC
	Locale string    // of the app; may be empty
	Screen string    // the error text that the app shows; may be empty
	Hours  string    // when staff work; may be empty
	Steps  []Step
}

// Parse reads the stories of a file. Errors name file and line.
func Parse(file string, src []byte) ([]Story, error) {
	var stories []Story
	in := bufio.NewScanner(bytes.NewReader(src))
	in.Buffer(nil, 1<<20)
	for n := 1; in.Scan(); n++ {
		line := strings.TrimSpace(in.Text())
		if line == "" {
			continue
		}
		if title, ok := strings.CutPrefix(line, "# "); ok {
			stories = append(stories, Story{Title: title, File: file, Line: n})
			continue
		}
		if len(stories) == 0 {
			return nil, fmt.Errorf("%s:%d: a story begins with a line `# title`", file, n)
		}
		if err := stories[len(stories)-1].add(line, n); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for _, s := range stories {
		if err := s.complete(); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, s.Line, err)
		}
	}
	return stories, nil
}

func (s *Story) add(line string, n int) error {
	mark, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch kind := StepKind(mark); kind {
	case Say, Tap, File, Expect, Offer, Words, Staff, Wait:
		if rest == "" && kind != Say {
			return fmt.Errorf("nothing stands after %q", mark)
		}
		if kind == Wait {
			if _, err := time.ParseDuration(rest); err != nil {
				return fmt.Errorf("%q is no duration such as 2h", rest)
			}
		}
		s.Steps = append(s.Steps, Step{Kind: kind, Text: strings.ReplaceAll(rest, `\n`, "\n"), Line: n})
		return nil
	}
	switch mark {
	case "today":
		day, err := time.Parse(time.DateOnly, rest)
		s.Today = day
		if err != nil {
			return fmt.Errorf("today must be a date such as 2026-11-22")
		}
		return nil
	case "locale":
		s.Locale = rest
		return nil
	case "screen":
		s.Screen = rest
		return nil
	case "hours":
		s.Hours = rest
		return nil
	}
	return fmt.Errorf("a line begins with one of > >> @ = ? ~ ! + today locale hours screen #, not with %q", mark)
}

// complete says whether the story checks anything.
func (s *Story) complete() error {
	if s.Today.IsZero() {
		return fmt.Errorf("story %q has no line `today 2026-11-22`", s.Title)
	}
	for _, step := range s.Steps {
		if step.Kind == Expect {
			return nil
		}
	}
	return fmt.Errorf("story %q expects nothing; add a line `= action category`", s.Title)
}
