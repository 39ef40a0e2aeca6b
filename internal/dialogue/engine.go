// Package dialogue decides what to say: step 4 of a message's way.
//
// Engine.Next takes a conversation as remembered and one message, already
// masked, and returns the turn: understand (understand.go) → decide (decide.go:
// an ordered list of named rules, the first that holds acts) → render
// (render.go). It is pure: no I/O, no clock, no randomness, so that the same
// input, model and knowledge give the same bytes, and a turn can be explained
// years later from its trace.
//
// There is no decision tree. What is still possible is a belief over categories
// (belief.go); a clarifying question is chosen because its answer tells most
// (question.go), and taps, numbers, words and new descriptions all update the
// same belief.
package dialogue

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"verihelp/intents"
	"verihelp/intents/facts"
	"verihelp/internal/chat"
	"verihelp/knowledge"
)

// Classifier tells how probable each label is for a text: probabilities between
// 0 and 1 that sum to 1, best first, ties by label.
type Classifier interface {
	Classify(text string) []intents.Guess
	Hash() string
}

// Index finds the sections that answer a question, best first. A hit's score is
// between 0 and 1; within limits the search to articles, none means all.
type Index interface {
	Search(query string, within []string, limit int) []knowledge.Hit
}

// Config is what an engine is made of.
type Config struct {
	Catalog    *intents.Catalog
	Phrases    intents.Phrases
	Library    *knowledge.Library
	Classifier Classifier
	Index      Index
	Answers    Answers

	// QuoteThreshold is the score from which a retrieved section is quoted.
	QuoteThreshold float64
	// Desk says that staff can be reached. Without it no person is promised and
	// no case is opened: the replies name the exchange's official channel.
	Desk bool
	// Location is the time zone in which "today" is meant.
	Location *time.Location
}

// Engine decides turns. It never changes after New, so any number of goroutines
// may use it.
type Engine struct {
	Config
	candidates []string // failure and guide categories, by ID: what a question can be about
	model      string   // hash of the classifier's weights
	hash       string   // of all data
}

// New checks that all parts fit together: sections that categories quote exist,
// and no text lacks what the rules need.
func New(c Config) (*Engine, error) {
	if c.Catalog == nil || c.Library == nil || c.Classifier == nil || c.Index == nil || c.Answers == nil || c.Location == nil {
		return nil, errors.New("make engine: a part is missing")
	}
	has := func(id string) bool { _, ok := c.Library.Section(id); return ok }
	if err := c.Catalog.CheckSections(has); err != nil {
		return nil, fmt.Errorf("make engine: %w", err)
	}
	e := &Engine{Config: c, model: c.Classifier.Hash(), hash: strings.Join([]string{c.Library.Hash(), c.Catalog.Hash(), c.Phrases.Hash(), facts.Hash()}, ".")}
	for _, cat := range c.Catalog.All() {
		if candidate(cat) {
			e.candidates = append(e.candidates, cat.ID)
		}
	}
	return e, nil
}

// candidate says that a clarifying question can be about the category.
func candidate(c *intents.Category) bool {
	return c.Kind == intents.Failure || c.Kind == intents.Guide
}

// forgetAfter is how long a topic is remembered without a word. What comes
// later is a new problem more often than not; the language stays.
const forgetAfter = 24 * time.Hour

// Next decides one turn. The conversation is not changed; what is to be
// remembered is in the turn. Message.Text must have been masked before; the queue
// is about the open case, or about one that would be opened now.
func (e *Engine) Next(c chat.Conversation, m chat.Message, q chat.Queue) chat.Turn {
	t := &turn{e: e, conv: c, msg: m, queue: q, mem: remembered(c.Memory, m.At)}
	t.understand()
	rule := t.decide()
	return t.finish(rule)
}

// remembered copies the memory deeply, so that a turn that is not committed
// leaves nothing behind.
func remembered(m chat.Memory, now time.Time) chat.Memory {
	if !m.At.IsZero() && now.Sub(m.At) > forgetAfter {
		return chat.Memory{Lang: m.Lang, LangFixed: m.LangFixed}
	}
	if m.Topic != nil {
		topic := copyTopic(*m.Topic)
		m.Topic = &topic
	}
	earlier := make([]chat.Topic, len(m.Earlier))
	for i, topic := range m.Earlier {
		earlier[i] = copyTopic(topic)
	}
	m.Earlier = earlier
	return m
}

func copyTopic(t chat.Topic) chat.Topic {
	t.Belief = maps.Clone(t.Belief)
	t.Put, t.Failed, t.Answered = slices.Clone(t.Put), slices.Clone(t.Failed), slices.Clone(t.Answered)
	t.Said, t.Facts = slices.Clone(t.Said), slices.Clone(t.Facts)
	return t
}
