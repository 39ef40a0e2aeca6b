// Package chat is the vocabulary that every other package speaks: messages and
// replies, choices, conversations, cases and the events they are built from.
//
// It stands under all six steps of a message's way: an adapter decodes into
// Message (1), the bot masks it (2), the store loads and saves a Conversation
// (3), the dialogue engine returns a Turn (4), the bot delivers Items (5) and an
// adapter encodes them (6). It holds data and the few rules that belong to the
// data alone (folding events into a conversation, a case's states); it imports
// nothing of ours, so that anyone may import it.
package chat

import (
	"strings"
	"time"
)

// Address names one person on one channel: the place where replies go.
type Address struct {
	Channel string `json:"channel"` // the channel's name: "web", "console", "telegram"
	User    string `json:"user"`    // the channel's stable name for the person, opaque to everyone else
}

// Message is what a person sent, decoded by a channel. Text is as typed until
// bot.Receive masks it, which happens before anything is written anywhere.
type Message struct {
	ID     string    `json:"id"` // unique for its address; a repeated ID changes nothing
	From   Address   `json:"from"`
	Text   string    `json:"text,omitempty"`
	Choice string    `json:"choice,omitempty"` // ID of the tapped choice, or one of the Choice constants
	Locale string    `json:"locale,omitempty"` // what the app says of itself, as sent; hostile until parsed
	At     time.Time `json:"at"`
	Masked []string  `json:"masked,omitempty"` // kinds of secrets that were masked, of package redact

	Files   []File      `json:"files,omitempty"`  // attachments, kept before; the zero File is one that was refused
	Context HostContext `json:"context,omitzero"` // what the app around the chat said of the moment, cleaned
	Rating  int         `json:"rating,omitempty"` // 1 to 5 stars for the last case; Text is the comment
	Origin  string      `json:"-"`                // what a stranger's cases are counted for: a network address; empty: not counted
}

// Choice IDs that mean the same whenever they are sent, beside those that a
// reply offers once.
const (
	ChoiceHuman     = "human"      // a person, please
	ChoiceCancel    = "cancel"     // never mind: take the hand-over back
	ChoiceNone      = "none"       // none of the offered options
	ChoiceSolved    = "solved"     // it is solved
	ChoiceNotSolved = "not_solved" // it did not help
	ChoiceHans      = "lang:hans"  // answer in Simplified from now on
	ChoiceHant      = "lang:hant"  // answer in Traditional from now on
	ChoiceReady     = "ready:"     // + a place in a case's checklist + ":" + its ID: the user has that at hand
)

// Action is what a reply does; the words are those of the command-line contract.
type Action string

// Actions.
const (
	Answer    Action = "answer"
	Clarify   Action = "clarify"
	Escalate  Action = "escalate"
	Final     Action = "final"
	Decline   Action = "decline"
	Smalltalk Action = "smalltalk"
	Warn      Action = "warn"
	Relay     Action = "relay"
)

// BlockKind is the shape of one block of a reply.
type BlockKind string

// Block kinds. A channel that cannot show one shows its plain text.
const (
	Paragraph BlockKind = "paragraph" // Text
	Steps     BlockKind = "steps"     // Items, numbered from 1
	List      BlockKind = "list"      // Items, in no order
	Source    BlockKind = "source"    // Text names article and date, URL may be set
)

// Block is one piece of a reply: plain text in a light structure, never markup.
type Block struct {
	Kind  BlockKind `json:"kind"`
	Text  string    `json:"text,omitempty"`
	Items []string  `json:"items,omitempty"`
	URL   string    `json:"url,omitempty"`
}

// Choice is an option that can be tapped. Where buttons do not exist, its
// place in the list, counted from 1, says the same.
type Choice struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Reply is what the bot says in one turn, in one script.
type Reply struct {
	Lang    string   `json:"lang"` // BCP 47 tag: zh-Hans, zh-Hant-TW, zh-Hant-HK
	Bubbles []Bubble `json:"bubbles"`
	Choices []Choice `json:"choices,omitempty"`
}

// Bubble is one message on the screen.
type Bubble struct {
	Blocks []Block `json:"blocks"`
}

// Text is the bubble as plain text: what a terminal, a log of the desk and a
// channel without structure show.
func (b Bubble) Text() string {
	var out []string
	for _, block := range b.Blocks {
		switch block.Kind {
		case Steps:
			for i, item := range block.Items {
				out = append(out, stepNumber(i+1)+item)
			}
		case List:
			for _, item := range block.Items {
				out = append(out, "・"+item)
			}
		default:
			out = append(out, block.Text)
			if block.URL != "" {
				out = append(out, block.URL)
			}
		}
	}
	return strings.Join(out, "\n")
}

// Text is the whole reply as plain text, bubbles joined by a line break,
// without its choices.
func (r Reply) Text() string {
	out := make([]string, len(r.Bubbles))
	for i, b := range r.Bubbles {
		out[i] = b.Text()
	}
	return strings.Join(out, "\n")
}

// Empty says that there is nothing to show.
func (r Reply) Empty() bool { return len(r.Bubbles) == 0 && len(r.Choices) == 0 }
