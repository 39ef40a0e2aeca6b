package intents

import (
	"io/fs"
	"path"
	"strings"

	"verihelp/internal/chat"
	"verihelp/internal/markdown"
)

// answersName is the file of answers: in a category's folder to what is asked after
// its advice, at the root to what is asked anywhere.
const answersName = "answers.md"

// sourceKey names, in the braces of a heading, the section on which an answer rests.
const sourceKey = "source"

// answers reads a file of answers, if there is one. Each section is one: the heading
// and the list under it are ways to ask, what follows is the answer.
func (l *loader) answers(dir, id string) []DirectAnswer {
	name := path.Join(dir, answersName)
	if _, err := fs.Stat(l.fsys, name); err != nil {
		return nil // a category can do without
	}
	source, ok := l.read(name)
	if !ok {
		return nil
	}
	l.lines[name] = newLines(source)
	doc, err := markdown.Parse(name, source)
	front := struct {
		ID string `yaml:"id"`
	}{}
	if err == nil {
		err = doc.Decode(&front)
	}
	if err != nil {
		l.problems.addError(err)
		return nil
	}
	if front.ID != id {
		l.problems.add(name, doc.KeyLine("id"), "id is %q; write id: %s", front.ID, id)
	}
	var all []DirectAnswer
	for _, s := range doc.Sections {
		all = append(all, l.answer(name, s))
	}
	return all
}

func (l *loader) answer(name string, s markdown.Section) DirectAnswer {
	a := DirectAnswer{ID: s.Anchor, Asked: []string{s.Title}, Blocks: s.Blocks}
	for key, value := range s.Attributes {
		switch {
		case key != sourceKey:
			l.problems.add(name, s.Line, "%q means nothing here; write {#anchor source=\"article#anchor\"}", key)
		case !validSection.MatchString(value):
			l.problems.add(name, s.Line, "%q is not a section; write article#anchor", value)
		}
		a.Section = s.Attributes[sourceKey]
	}
	if len(s.Blocks) > 0 && s.Blocks[0].Kind == chat.List {
		a.Asked, a.Blocks = append(a.Asked, s.Blocks[0].Items...), s.Blocks[1:]
	}
	if a.ID == "" {
		l.problems.add(name, s.Line, "the answer to %q has no anchor; write {#anchor} at the end of its heading", s.Title)
	}
	if len(a.Blocks) == 0 {
		l.problems.add(name, s.Line, "there is no answer to %q; write a paragraph after the list of ways to ask it", s.Title)
	}
	if len(a.Asked) < 3 && a.ID != WhatNow {
		l.problems.add(name, s.Line, "%q has %d ways to ask it; list at least two more", s.Title, len(a.Asked))
	}
	for _, block := range a.Blocks {
		for _, text := range texts(block) {
			if strings.ContainsAny(text, "{}") {
				l.problems.add(name, s.Line, "an answer has no placeholders; write out what stands in braces")
			}
		}
	}
	return a
}

// checkAnswers reports ways to ask that lead to two answers of one file.
func (l *loader) checkAnswers(name string, all []DirectAnswer) {
	var asked []Example
	for _, a := range all {
		for _, text := range a.Asked {
			asked = append(asked, Example{Label: a.ID, Text: text})
		}
	}
	for _, pair := range AcrossCategories(asked) {
		if pair.Share == 1 { // one character makes another question: "舊護照得唔得"
			l.problems.add(name, l.lines[name].holds(1, "{#"+pair.Second.Label), "%q of #%s and %q of #%s are the same; keep the one that is right",
				pair.First.Text, pair.First.Label, pair.Second.Text, pair.Second.Label)
		}
	}
}
