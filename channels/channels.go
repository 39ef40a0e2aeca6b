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
	"errors"
	"fmt"
	"io"
	"time"

	"verihelp/internal/chat"
)

// Channel is a way to users, and also a Sender or a Remote.
//
// Promises, proved by channelstest:
//   - every message a user sends reaches Inbox.Receive once, in the order sent,
//     with an ID that is the same when the user's client repeats it;
//   - Run returns when its context ends, after its goroutines have ended.
type Channel interface {
	Name() string
	Run(ctx context.Context, in Inbox) error
}

// Sender is a channel whose users' clients hold connections to this service. It
// shows committed items at once; a client that missed some reads the log.
type Sender interface {
	Channel
	// Send is called only after the items were committed, in sequence order for
	// one address; it never blocks on a slow user for longer than its context.
	Send(ctx context.Context, to chat.Address, items []chat.Item) error
}

// Waker is a channel or desk with connections, which can be told that another
// process has committed something for an address: it reads the log again.
type Waker interface {
	Wake(to chat.Address)
	Connected() []chat.Address // who must be woken after a break
}

// Remote is a channel or desk behind somebody else's API. What goes there is a
// row of the outbox, committed with the turn and delivered from it in order,
// again and again until the API has it.
type Remote interface {
	// Deliver makes the parts of a delivery that have no receipt yet, in order,
	// and returns the receipts of all parts that have arrived by now, also
	// beside an error. Its errors are *RetryLater, *Refused, ErrUnknownOutcome;
	// any other means that nothing has arrived and it can be tried again.
	Deliver(ctx context.Context, d Delivery) (receipts []string, err error)

	// Find asks the API whether the first part without a receipt has arrived by
	// an attempt that ended in ErrUnknownOutcome, and returns all receipts known
	// then. ErrCannotAsk means that the API has no way to tell.
	Find(ctx context.Context, d Delivery) (receipts []string, err error)
}

// Delivery is a row of the outbox with what it names.
type Delivery struct {
	chat.Delivery
	Items  []chat.Item // committed items First to Last
	Update *Update     // for a desk
}

// RetryLater says that the API wants to be left alone for a while (HTTP 429 with
// Retry-After). Nothing of the current part has arrived.
type RetryLater struct {
	Wait time.Duration
	Err  error
}

func (e *RetryLater) Error() string { return fmt.Sprintf("retry after %v: %v", e.Wait, e.Err) }
func (e *RetryLater) Unwrap() error { return e.Err }

// Refused says that this delivery can never arrive (the user blocked the bot, the
// chat is gone). It is given up at once, and staff or the user are told.
type Refused struct {
	Reason string // one English sentence for operators and staff, without a user's words
	Err    error
}

func (e *Refused) Error() string { return e.Reason }
func (e *Refused) Unwrap() error { return e.Err }

// Reasons for which a delivery is given up, or what they begin with. Desks tell them
// in the words of their staff.
const (
	ReasonBlocked     = "the user has blocked the bot"
	ReasonDeactivated = "the user's account there is deactivated"
	ReasonNoChat      = "there is no such chat: the user has never started the bot, or deleted the account"
	ReasonNotAllowed  = "the bot may not write to this chat"
	ReasonMessage     = "the message is refused as it is"
	ReasonFile        = "the file is refused as it is"
	ReasonNotStored   = "what it should deliver is no longer stored"
	ReasonTooLong     = "given up after"
)

// Errors of Remote, to be wrapped.
var (
	ErrUnknownOutcome = errors.New("the outcome is unknown") // a time-out, a cut connection, a body that broke off
	ErrCannotAsk      = errors.New("the API cannot be asked")
)

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

	// Seen says that the user's client has all items up to a sequence number;
	// staff are told that their words arrived.
	Seen(ctx context.Context, who chat.Address, seq int64) error

	Files
}

// Files keeps attachments with the database, so that every process sees them.
type Files interface {
	// KeepFile checks an attachment (size, type by content, the policy for the
	// conversation as it stands) and keeps it until it expires. The errors of
	// package chat (ErrFileTooBig …) are for the sender.
	KeepFile(ctx context.Context, who chat.Address, name string, body io.Reader) (chat.File, error)

	// FileInfo returns what is known of a file of an address, without its content;
	// chat.ErrUnknownFile for one that it does not have, or has no more.
	FileInfo(ctx context.Context, who chat.Address, id string) (chat.File, error)

	// OpenFile returns such a file with its content.
	OpenFile(ctx context.Context, who chat.Address, id string) (chat.File, []byte, error)
}

// Notebook is where an adapter keeps what it must not forget over a restart:
// positions in a stream, IDs of threads and messages. Each adapter has its own.
type Notebook interface {
	// Note returns a note; empty if there is none.
	Note(ctx context.Context, key string) (string, error)
	// Notes returns all notes whose keys begin with a prefix.
	Notes(ctx context.Context, prefix string) (map[string]string, error)
	// SetNote writes a note durably; an empty value removes it.
	SetNote(ctx context.Context, key, value string) error
}

// Desk is a way to staff, and also a Poster or a Remote.
//
// Promises, proved by channelstest:
//   - every update that is posted can be seen by staff, in order for one case;
//   - a staff action reaches DeskInbox.Handle once, and its refusal is shown to
//     the agent who tried it;
//   - Run returns when its context ends, after its goroutines have ended.
type Desk interface {
	Name() string
	Run(ctx context.Context, in DeskInbox) error
}

// Poster is a desk whose pages hold connections to this service. A page that
// missed something reads cases and logs again.
type Poster interface {
	Desk
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

	// KeepCaseFile keeps what staff send to the user of an open case, whoever that
	// is by now. Size and type limit it as in Files, the category's policy does not.
	KeepCaseFile(ctx context.Context, caseID, name string, body io.Reader) (chat.File, error)

	// OpenCaseFile returns an attachment of a case's user, as Files.OpenFile does.
	OpenCaseFile(ctx context.Context, caseID, id string) (chat.File, []byte, error)
}

// Knowledge lets staff search the articles for something to answer with.
type Knowledge interface {
	// Search returns sections that fit a query, best first, in a language
	// (BCP 47: zh-Hans, zh-Hant-TW, zh-Hant-HK).
	Search(ctx context.Context, query, lang string, limit int) ([]Section, error)
}

// Section is a section of an article, as plain text in one script.
type Section struct {
	ID    string // article#anchor
	Title string
	Text  string // reviewed; may be sent to a user as it is
	URL   string // of the article; may be empty
}
