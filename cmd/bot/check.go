package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"verihelp/intents"
	"verihelp/intents/evaluate"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
	"verihelp/knowledge"
)

// checkCmd validates all data: what a support lead runs after an edit, and CI.
type checkCmd struct {
	Against []string `help:"Labelled test messages (JSON Lines) that no example may give away." type:"existingfile" sep:","`
}

// Run prints every problem with file and line, then a summary. A fault in one file
// does not keep the others from being looked at.
func (c checkCmd) Run(s *settings, io streams) error {
	d, err := loadData(s)
	problems := lines(err)
	if d != nil {
		problems = append(problems, badTexts(d)...)
		problems = append(problems, contradictions(d)...)
		given, err := c.givenAway(d, io)
		problems = append(append(problems, given...), lines(err)...)
	}
	problems = slices.Compact(problems)
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

// contradictions lists examples that say nearly the same in two categories; the same
// ones were found at loading.
func contradictions(d *data) []string {
	var out []string
	for _, s := range intents.AcrossCategories(d.catalog.Examples()) {
		if zh.Fold(s.First.Text) != zh.Fold(s.Second.Text) {
			out = append(out, fmt.Sprintf("%s/%s:%d: nearly the same as %s:%d, in another category; keep the one that is right", d.wordsIn, s.Second.File, s.Second.Line, s.First.File, s.First.Line))
		}
	}
	return out
}

// givenAway lists examples that stand, nearly or exactly, in the test data.
func (c checkCmd) givenAway(d *data, io streams) ([]string, error) {
	var out []string
	for _, name := range c.Against {
		rows, bad, err := readRows(name, io)
		if err := errors.Join(err, bad); err != nil {
			return out, fmt.Errorf("%s: %w", name, err)
		}
		for _, s := range intents.GivenAway(d.catalog.Examples(), evaluate.Examples(rows)) {
			out = append(out, fmt.Sprintf("%s/%s:%d: gives a message of %s away; remove the example", d.wordsIn, s.First.File, s.First.Line, name))
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
		out = append(out, text{fmt.Sprintf("%s/articles/%s.md:%d", d.articlesIn, s.Article.ID, s.Line), s.Title + "\n" + s.Text()})
	}
	say := func(place, words string) { out = append(out, text{d.wordsIn + "/" + place, words}) }
	answers := func(category string) {
		for _, a := range d.catalog.Answers(category) {
			say(d.catalog.WrittenAnswer(category, a.ID), chat.Bubble{Blocks: a.Blocks}.Text())
		}
	}
	answers(intents.Anywhere)
	for _, c := range d.catalog.All() {
		say(d.catalog.Written(c.ID, "title"), c.Title+"\n"+c.Choice)
		for _, name := range sorted(c.Texts) {
			say(d.catalog.Written(c.ID, name), chat.Bubble{Blocks: c.Texts[name]}.Text())
		}
		answers(c.ID)
	}
	for i, q := range d.catalog.Questions() {
		words := []string{q.Text}
		for _, o := range q.Options {
			words = append(words, o.Label)
		}
		say(d.catalog.WrittenQuestion(i), strings.Join(words, "\n"))
	}
	at := intents.PhraseLines(d.root)
	for _, key := range sorted(d.phrases) {
		say(fmt.Sprintf("%s:%d", intents.PhrasesFile, at[key]), d.phrases[key])
	}
	return out
}
