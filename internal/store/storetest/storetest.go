// Package storetest proves what bot.Store promises, on any database: Run plays
// the same stories on every implementation of package store, so that the bot
// need not know which one it is given.
//
// The stories are told from outside, through the interface alone. What belongs
// to one database (files, locks, a process that is killed) is tested beside its
// implementation.
package storetest

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

// Store is bot.Store, declared again so that the suite depends on chat alone.
type Store interface {
	Turn(ctx context.Context, who chat.Address, fn TurnFunc) ([]chat.Item, error)
	Conversation(ctx context.Context, who chat.Address) (chat.Conversation, error)
	Log(ctx context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error)
	Events(ctx context.Context, who chat.Address) ([]chat.Event, error)
	Event(ctx context.Context, id string) (chat.Event, error)
	Case(ctx context.Context, id string) (chat.Case, error)
	Cases(ctx context.Context, openOnly bool) ([]chat.Case, error)
	CasesSince(ctx context.Context, since time.Time) ([]chat.Case, error)
}

// TurnFunc is bot.TurnFunc.
type TurnFunc = func(c chat.Conversation, seen func(id string) bool) (chat.Commit, error)

// Run plays every story on a store of its own. open returns an empty store that
// is closed when its test ends; its conversation IDs must differ.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for name, story := range map[string]func(*testing.T, Store){
		"first contact makes the conversation":              firstContact,
		"items are numbered without gaps":                   numbering,
		"a commit without content leaves nothing":           emptyCommit,
		"an error leaves nothing and comes back as it is":   failedTurn,
		"a panic leaves nothing and harms nobody else":      panickingTurn,
		"a message is taken once for its address":           repeatedMessage,
		"a message ID cannot be committed twice":            repeatedCommit,
		"an ID twice in one burst is remembered once":       burst,
		"the stored conversation is the replay of its log":  replay,
		"events are found by address and by ID":             events,
		"an event ID cannot be used twice":                  repeatedEvent,
		"the log is read in pages":                          pages,
		"cases are listed by urgency":                       urgency,
		"a case follows its last event":                     caseLife,
		"turns of one conversation come one after another":  oneConversation,
		"conversations do not disturb each other":           manyConversations,
		"a turn whose caller has left is skipped":           callerLeft,
		"a turn that was taken stays when its caller left":  callerLeaves,
		"any text survives":                                 texts,
		"times are kept in UTC and the caller's left alone": times,
	} {
		t.Run(name, func(t *testing.T) { story(t, open(t)) })
	}
}

var (
	mei  = chat.Address{Channel: "web", User: "mei"}
	chen = chat.Address{Channel: "telegram", User: "mei"} // same name, another channel
	noon = time.Date(2026, 11, 22, 12, 0, 0, 123456789, time.UTC)
)

// take commits a turn that must succeed.
func take(t *testing.T, s Store, who chat.Address, c chat.Commit) []chat.Item {
	t.Helper()
	items, err := s.Turn(t.Context(), who, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		return c, nil
	})
	require.NoError(t, err)
	return items
}

// answer is a user's message with the bot's answer to it.
func answer(n int) chat.Commit {
	id := "m" + strconv.Itoa(n)
	at := noon.Add(time.Duration(n) * time.Minute)
	reply := &chat.Reply{Lang: "zh-Hant-TW", Bubbles: []chat.Bubble{{Blocks: []chat.Block{{Kind: chat.Paragraph, Text: "好的"}}}}}
	return chat.Commit{
		MessageIDs: []string{id},
		Items: []chat.Item{
			{Kind: chat.FromUser, At: at, Message: id, Text: "照片一直上傳失敗"},
			{Kind: chat.FromBot, At: at, Reply: reply},
		},
		Events: []chat.Event{turnEvent("e"+id, at)},
	}
}

func turnEvent(id string, at time.Time) chat.Event {
	return chat.Event{
		ID: id, Kind: chat.EventTurn, At: at,
		Memory: &chat.Memory{Lang: "zh-Hant-TW", At: at, Topic: &chat.Topic{
			Category: "photo.upload", Belief: map[string]float64{"photo.upload": 0.75, "app.version": 0.25}}},
		Trace: &chat.Trace{Action: chat.Answer, Category: "photo.upload", Rule: "sure", MessageIDs: []string{id}, Clock: at},
	}
}

func caseEvent(id string, change chat.CaseChange, c chat.Case) chat.Event {
	return chat.Event{ID: id, Kind: chat.EventCase, At: c.ChangedAt, Change: change, Case: &c}
}

// assertUntouched says that an address has left no trace.
func assertUntouched(t *testing.T, s Store, who chat.Address) {
	t.Helper()
	c, err := s.Conversation(t.Context(), who)
	require.NoError(t, err)
	assert.Zero(t, c)
	log, err := s.Log(t.Context(), who, 0, 100)
	require.NoError(t, err)
	assert.Empty(t, log)
	events, err := s.Events(t.Context(), who)
	require.NoError(t, err)
	assert.Empty(t, events)
}

// AssertReplay says that an address's conversation is what its events and its
// log make of it, and that the log has no gap; it returns the log's items.
func AssertReplay(t *testing.T, s Store, who chat.Address) []chat.Item {
	t.Helper()
	stored, err := s.Conversation(t.Context(), who)
	require.NoError(t, err)
	events, err := s.Events(t.Context(), who)
	require.NoError(t, err)
	log, err := s.Log(t.Context(), who, 0, 1_000_000)
	require.NoError(t, err)

	replayed := chat.Conversation{LastSeq: int64(len(log))}
	if stored.ID != "" { // else there was no first contact
		replayed.ID, replayed.Address = stored.ID, who
	}
	for _, e := range events {
		replayed = replayed.Apply(e)
	}
	assert.Equal(t, replayed, stored)
	for i, item := range log {
		assert.Equal(t, int64(i+1), item.Seq)
	}
	return log
}
