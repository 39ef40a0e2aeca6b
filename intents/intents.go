// Package intents is the catalogue of what users write about: one category a
// folder, with the bot's texts, its examples and its place in the dialogue.
//
// It stands under step 4 of a message's way: the classifier learns the examples
// and returns guesses, the dialogue engine reads texts, routes and ranks. There is
// no classifier inside, so that one can be exchanged without touching the data, and
// no Go knows a category by more than its ID, so that a support lead adds one by
// adding a folder.
//
// A label is what the classifier learns to tell apart: a category's ID, or
// "category/variant" for a part of a category that has a text of its own.
package intents

import (
	"embed"

	"verihelp/internal/chat"
)

// Data is the shipped catalogue, the root that Load expects.
//
//go:embed categories questions.yaml phrases.yaml answers.md
var Data embed.FS

// Kind is what sort of thing a category is about.
type Kind string

// Kinds of categories.
const (
	Failure    Kind = "failure"      // a reason why a verification failed
	Guide      Kind = "guide"        // asks how something is done
	Talk       Kind = "talk"         // greeting, thanks, yes and no, a person please
	Unclear    Kind = "unclear"      // about verification, but not which failure
	OutOfScope Kind = "out_of_scope" // anything else
)

// Route is where a category leads.
type Route string

// Routes.
const (
	SelfService Route = "self_service" // the user can cure it: the article's advice
	Human       Route = "human"        // a person has to
	Final       Route = "final"        // nobody can: said kindly, with the reason
	Answer      Route = "answer"       // a guide is shown
	Smalltalk   Route = "smalltalk"
	Clarify     Route = "clarify" // a question is asked
	Decline     Route = "decline" // not what this bot is for
)

// FilePolicy says whether attachments are taken.
type FilePolicy string

// File policies. The article sends documents to the official form and never to a
// chat: what helps here is at most a screenshot of an error.
const (
	FilesAllowed FilePolicy = "allowed" // taken without a word: a screenshot of this can hold no document
	FilesWarned  FilePolicy = "warned"  // taken, with a warning against pictures of documents
	FilesRefused FilePolicy = "refused" // not taken: what people would send is their document
)

// Taken says that attachments are kept for the staff.
func (p FilePolicy) Taken() bool { return p == FilesAllowed || p == FilesWarned }

// defaultFiles is the policy of a category that names none: staff to whom the
// article routes people may want to see the screen, others need no picture.
func defaultFiles(r Route) FilePolicy {
	if r == Human {
		return FilesWarned
	}
	return FilesRefused
}

// Facts that can decide a category, as the front matter names them.
const (
	FactValidity = "validity"  // how long a document is still valid
	FactAge      = "age"       // how old the user is
	FactProofAge = "proof_age" // how old a proof of address is
	FactPlace    = "place"     // which country or region
)

// Category is one folder of the catalogue.
type Category struct {
	ID       string   `yaml:"id"`
	Title    string   `yaml:"title"`    // short name, up to 14 characters
	Choice   string   `yaml:"choice"`   // label of an option, in the user's voice, up to 14 characters
	Kind     Kind     `yaml:"kind"`     //
	Route    Route    `yaml:"route"`    //
	Rank     int      `yaml:"rank"`     // of several problems the lowest is answered first
	Sections []string `yaml:"sections"` // article#anchor, quoted as the answer in this order
	Related  []string `yaml:"related"`  // article#anchor, offered as related guides
	Fact     string   `yaml:"fact"`     // one of the Fact constants, or empty
	Verdicts []string `yaml:"verdicts"` // verdicts of the fact that belong here, not to a sibling with the same fact
	Next     []string `yaml:"next"`     // IDs of the next likely causes, best first
	Priority bool     `yaml:"priority"` // its cases go before others

	// Files says what becomes of attachments while a case of this category is
	// open; where the front matter does not, it follows from the route.
	Files FilePolicy `yaml:"files"`

	// Texts holds what the bot says, in Traditional Chinese with Taiwan wording,
	// by section name: opening, confirm, …, and one for each variant.
	Texts    map[string][]chat.Block `yaml:"-"`
	Variants []string                `yaml:"-"` // names, sorted
	Examples []Example               `yaml:"-"` // of the category and its variants
	Answers  []DirectAnswer          `yaml:"-"` // to what people ask after its advice, in the order of the file
}

// DirectAnswer is a reviewed direct answer to one thing that people ask once they have had
// the advice: "一定要拍背面嗎".
type DirectAnswer struct {
	ID      string       // its anchor, unique in its file
	Asked   []string     // ways to ask it, the heading first
	Blocks  []chat.Block // what is said, in Traditional Chinese with Taiwan wording
	Section string       // article#anchor on which it rests; empty where it says that nothing is written
}

// WhatNow is the ID of the answer to "那怎麼辦".
const WhatNow = "then"

// Example is a message that a user may write, with its label.
type Example struct {
	Label string
	Text  string
	File  string // where it is written
	Line  int    // counted from 1
}

// Question is a clarifying question.
type Question struct {
	ID      string   `yaml:"id"`
	Text    string   `yaml:"text"`
	Options []Option `yaml:"options"`
}

// Option is an answer to a clarifying question, with the categories it leaves
// possible.
type Option struct {
	Label      string   `yaml:"label"` // in the user's voice, up to 12 characters
	Categories []string `yaml:"categories"`
}
