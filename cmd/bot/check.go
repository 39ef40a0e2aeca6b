package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"verihelp/intents"
	"verihelp/intents/evaluate"
	"verihelp/intents/linear"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
	"verihelp/knowledge"
)

// checkCmd validates all data: what a support lead runs after an edit, and CI.
type checkCmd struct {
	Against []string `help:"Labelled test messages (JSON Lines) that no example may give away." type:"existingfile" sep:","`
}

// Run prints every problem with file and line, then a summary.
func (c checkCmd) Run(s *settings, io streams) error {
	d, err := loadData(s)
	problems := lines(err)
	if len(problems) == 0 {
		if _, err := d.newEngine(new(linear.Model), true, time.UTC); err != nil { // no weights are needed to see whether the data fits
			problems = append(problems, lines(err)...)
		}
		problems = append(problems, badTexts(d)...)
		problems = append(problems, contradictions(d.catalog.Examples())...)
		given, err := c.givenAway(d.catalog.Examples(), io)
		problems = append(append(problems, given...), lines(err)...)
	}
	if len(problems) > 0 {
		for _, p := range problems {
			fmt.Fprintln(io.err, p)
		}
		fmt.Fprintf(io.err, "bot: problems: %d\n", len(problems))
		return errData
	}
	fmt.Fprintf(io.out, "ok: %d articles with %d sections, %d categories, %d examples, %d questions, %d phrases\n",
		len(d.library.Articles()), len(d.library.Sections()), len(d.catalog.All()), len(d.catalog.Examples()), len(d.catalog.Questions()), len(d.phrases))
	return nil
}

// contradictions lists examples that say the same in two categories.
func contradictions(examples []intents.Example) []string {
	var out []string
	for _, s := range intents.AcrossCategories(examples) {
		out = append(out, fmt.Sprintf("%s:%d: nearly the same as %s:%d, in another category; keep the one that is right", s.Second.File, s.Second.Line, s.First.File, s.First.Line))
	}
	return out
}

// givenAway lists examples that stand, nearly or exactly, in the test data.
func (c checkCmd) givenAway(examples []intents.Example, io streams) ([]string, error) {
	var out []string
	for _, name := range c.Against {
		rows, bad, err := readRows(name, io)
		if err := errors.Join(err, bad); err != nil {
			return out, fmt.Errorf("%s: %w", name, err)
		}
		for _, s := range intents.GivenAway(examples, evaluate.Examples(rows)) {
			out = append(out, fmt.Sprintf("%s:%d: gives a message of %s away; remove the example", s.First.File, s.First.Line, name))
		}
	}
	return out, nil
}

func lines(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

// text is one of our own texts with the place where it is written.
type text struct{ place, words string }

// badTexts lists texts that mix scripts in any of the three locales, and advice
// to uninstall without the backup warning.
func badTexts(d *data) []string {
	var out []string
	for _, t := range allTexts(d) {
		for _, locale := range []zh.Locale{zh.LocaleTW, zh.LocaleHK, zh.LocaleHans} {
			for _, problem := range zh.Lint(zh.ConvertMarked(t.words, locale), locale) {
				out = append(out, fmt.Sprintf("%s: in %s: %s", t.place, locale, problem))
			}
		}
		if knowledge.BackupWarningMissing(t.words) {
			out = append(out, t.place+": advises to uninstall without the warning to back up seed phrase and private keys; add it to the same text")
		}
	}
	return out
}

// allTexts lists everything the bot can say.
func allTexts(d *data) []text {
	var out []text
	for _, s := range d.library.Sections() {
		out = append(out, text{s.ID, s.Title + "\n" + s.Text()})
	}
	for _, c := range d.catalog.All() {
		out = append(out, text{c.ID + " title", c.Title + "\n" + c.Choice})
		for _, name := range sorted(c.Texts) {
			out = append(out, text{c.ID + " " + name, chat.Bubble{Blocks: c.Texts[name]}.Text()})
		}
	}
	for _, q := range d.catalog.Questions() {
		words := []string{q.Text}
		for _, o := range q.Options {
			words = append(words, o.Label)
		}
		out = append(out, text{"question " + q.ID, strings.Join(words, "\n")})
	}
	for _, key := range sorted(d.phrases) {
		out = append(out, text{intents.PhrasesFile + " " + key, d.phrases[key]})
	}
	return out
}
