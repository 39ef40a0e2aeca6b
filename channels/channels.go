// Package channels holds the contracts at the edges: a Channel is a way to
// users, a Desk a way to staff. Adapters in its sub-folders implement them
// (decode → chat.Message, encode ← chat.Item), package channelstest proves that
// they keep the promises written here, and cmd/bot/parts.go lists them, a line
// each. Nobody else switches on a channel's name.
//
// Steps 1 and 6 of a message's way happen behind these interfaces; the service
// itself (internal/bot) implements Inbox and DeskInbox.
package channels

import (
	"context"

	"verihelp/internal/chat"
)

// Channel is a way to users.
//
// Promises, proved by channelstest:
//   - every message a user sends reaches Inbox.Receive once, in the order sent,
//     with an ID that is the same when the user's client repeats it;
//   - Send is called only after the item was committed, in sequence order for one
//     address; it never blocks on a slow user for longer than its context;
//   - Run returns when its context ends, after its goroutines have ended.
type Channel interface {
	Name() string
	Run(ctx context.Context, in Inbox) error
	Send(ctx context.Context, to chat.Address, items []chat.Item) error
}

// Inbox takes messages from channels.
type Inbox interface {
	// Receive queues a message behind earlier ones of its address. The channel
	// gets exactly one result: nil once the message and its replies are
	// committed (or were before, for a repeated ID), else an error, and then the
	// sender should keep the message and try again.
	Receive(ctx context.Context, m chat.Message) <-chan error

	// Log returns up to limit committed items with a sequence number above
	// after, in order: how a client repairs what it missed.
	Log(ctx context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error)
}

// Desk is a way to staff.
//
// Promises, proved by channelstest:
//   - every update that is posted can be seen by staff, in order for one case;
//   - a staff action reaches DeskInbox.Handle once, and its refusal is shown to
//     the agent who tried it;
//   - Run returns when its context ends, after its goroutines have ended.
type Desk interface {
	Name() string
	Run(ctx context.Context, in DeskInbox) error
	Post(ctx context.Context, u Update) error
}

// Update is something that staff should see of a case.
type Update struct {
	Case   chat.Case       `json:"case"`
	Change chat.CaseChange `json:"change"`
	Items  []chat.Item     `json:"items,omitempty"` // what was said in the turn that changed it; CaseLog has the rest
}

// DeskInbox takes staff actions and answers a desk's questions.
type DeskInbox interface {
	// Handle applies an action, tells the user where it concerns them, and
	// returns once that is committed. The errors of package chat are for the
	// agent: ErrCaseHeld, ErrCaseNotHeld, ErrCaseNotOpen …
	Handle(ctx context.Context, a chat.StaffAction) error

	// Cases lists cases, open ones only or all, priority first, then the oldest.
	Cases(ctx context.Context, openOnly bool) ([]chat.Case, error)

	// CaseLog returns the items of a case's conversation, as Inbox.Log does.
	CaseLog(ctx context.Context, caseID string, after int64, limit int) ([]chat.Item, error)
}
