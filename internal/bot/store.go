package bot

import (
	"context"
	"time"

	"verihelp/internal/chat"
)

// Store keeps conversations. Every change is one call of Turn, which is one
// transaction: what it returns has been committed durably, and nothing of it
// has been if it fails. The interface is declared here, by its only consumer;
// package store implements it over SQL, and storetest proves the promises.
type Store interface {
	// Turn locks the conversation of an address (made on first contact), loads
	// it, calls fn and commits what fn returns. seen tells whether a message or
	// action ID was committed before. A Commit without content changes nothing;
	// an error of fn rolls back and is returned as it is. The result holds the
	// committed items with their sequence numbers. fn must not block: other
	// conversations may wait behind it.
	Turn(ctx context.Context, who chat.Address, fn TurnFunc) ([]chat.Item, error)

	// Conversation loads an address's conversation; the zero Conversation if
	// there is none yet.
	Conversation(ctx context.Context, who chat.Address) (chat.Conversation, error)

	// Log returns up to limit items with a sequence number above after, in order.
	Log(ctx context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error)

	// Events returns a conversation's events in order; Event the single one with
	// an ID, ErrUnknownEvent where there is none.
	Events(ctx context.Context, who chat.Address) ([]chat.Event, error)
	Event(ctx context.Context, id string) (chat.Event, error)

	// Case and Cases read cases; ErrUnknownCase where there is none. Cases come
	// priority first, then the oldest.
	Case(ctx context.Context, id string) (chat.Case, error)
	Cases(ctx context.Context, openOnly bool) ([]chat.Case, error)

	// CasesSince reads the cases that were opened since a time.
	CasesSince(ctx context.Context, since time.Time) ([]chat.Case, error)

	// Adopt and Erase move and forget people; package store says what is left.
	Adopt(ctx context.Context, from, to chat.Address, then func(chat.Conversation) chat.Commit) error
	Erase(ctx context.Context, who chat.Address, last func(chat.Conversation) (farewell, anew chat.Commit)) error
}

// TurnFunc decides what a turn commits. It is given the conversation as stored.
type TurnFunc = func(c chat.Conversation, seen func(id string) bool) (chat.Commit, error)
