package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"verihelp/internal/chat"
)

// decision is bot.TurnFunc.
type decision = func(c chat.Conversation, seen func(id string) bool) (chat.Commit, error)

// querier is the part of database/sql that a turn needs.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// PanicError is what Turn returns when its function panicked.
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // where it was
}

func (e *PanicError) Error() string { return fmt.Sprintf("turn panicked: %v", e.Value) }

// turn takes one turn inside the transaction q: load, decide, save. After an
// error the caller has to roll back.
func turn(ctx context.Context, q querier, newID func() string, who chat.Address, decide decision) ([]chat.Item, error) {
	before, err := loadConversation(ctx, q, who)
	if err != nil {
		return nil, err
	}
	if before.ID == "" {
		before = chat.Conversation{ID: newID(), Address: who}
	}
	var lookup error
	commit, err := call(decide, before, func(id string) bool {
		known, err := isSeen(ctx, q, before.ID, id)
		if err != nil {
			lookup = err
		}
		return known
	})
	if lookup != nil {
		return nil, lookup // whatever was decided, it was on a wrong ground
	}
	if err != nil {
		return nil, err
	}
	if len(commit.MessageIDs)+len(commit.Items)+len(commit.Events) == 0 {
		return nil, nil
	}
	commit = inUTC(commit)
	for i := range commit.Items {
		commit.Items[i].Seq = before.LastSeq + int64(i) + 1
	}
	if err := save(ctx, q, before, commit); err != nil {
		return nil, err
	}
	return commit.Items, nil
}

// call turns a panic of decide into an error: it must not end the writer, on
// which every other conversation depends.
func call(decide decision, c chat.Conversation, seen func(string) bool) (commit chat.Commit, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return decide(c, seen)
}

func save(ctx context.Context, q querier, before chat.Conversation, commit chat.Commit) error {
	after := before
	for _, e := range commit.Events {
		after = after.Apply(e)
	}
	after.LastSeq += int64(len(commit.Items))
	if err := saveConversation(ctx, q, after); err != nil {
		return err
	}
	// An ID that was committed earlier breaks the table's key and so rolls the
	// turn back; one that came twice in the same burst is harmless.
	for _, id := range slices.Compact(slices.Sorted(slices.Values(commit.MessageIDs))) {
		if _, err := q.ExecContext(ctx, `INSERT INTO seen (conversation, id) VALUES ($1, $2)`, after.ID, id); err != nil {
			return fmt.Errorf("remember message ID: %w", err)
		}
	}
	for _, item := range commit.Items {
		if err := insertItem(ctx, q, after.ID, item); err != nil {
			return fmt.Errorf("insert item: %w", err)
		}
	}
	for _, e := range commit.Events {
		if err := insertEvent(ctx, q, after.ID, e); err != nil {
			return fmt.Errorf("insert event: %w", err)
		}
		if e.Kind == chat.EventCase && e.Case != nil {
			if err := saveCase(ctx, q, after.ID, *e.Case); err != nil {
				return fmt.Errorf("save case: %w", err)
			}
		}
	}
	return nil
}

func loadConversation(ctx context.Context, q querier, who chat.Address) (chat.Conversation, error) {
	var state []byte
	err := q.QueryRowContext(ctx, `SELECT state FROM conversations WHERE channel = $1 AND channel_user = $2`,
		who.Channel, who.User).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return chat.Conversation{}, nil
	}
	if err != nil {
		return chat.Conversation{}, fmt.Errorf("load conversation: %w", err)
	}
	return chat.UnmarshalConversation(state)
}

func saveConversation(ctx context.Context, q querier, c chat.Conversation) error {
	state, err := chat.MarshalConversation(c)
	if err != nil {
		return fmt.Errorf("encode conversation: %w", err)
	}
	_, err = q.ExecContext(ctx, `
		INSERT INTO conversations (id, channel, channel_user, last_seq, state) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET last_seq = excluded.last_seq, state = excluded.state`,
		c.ID, c.Address.Channel, c.Address.User, c.LastSeq, string(state))
	if err != nil {
		return fmt.Errorf("save conversation: %w", err)
	}
	return nil
}

func isSeen(ctx context.Context, q querier, conversation, id string) (known bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM seen WHERE conversation = $1 AND id = $2)`,
		conversation, id).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("look up message ID: %w", err)
	}
	return known, nil
}

func insertItem(ctx context.Context, q querier, conversation string, item chat.Item) error {
	body, err := json.Marshal(item)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO items (conversation, seq, body) VALUES ($1, $2, $3)`,
		conversation, item.Seq, string(body))
	return err
}

func insertEvent(ctx context.Context, q querier, conversation string, e chat.Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `
		INSERT INTO events (id, conversation, ordinal, at, body)
		VALUES ($1, $2, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM events WHERE conversation = $2), $3, $4)`,
		e.ID, conversation, e.At, string(body))
	return err
}

func saveCase(ctx context.Context, q querier, conversation string, c chat.Case) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `
		INSERT INTO cases (id, conversation, state, is_open, priority, opened_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, is_open = excluded.is_open,
			priority = excluded.priority, opened_at = excluded.opened_at, body = excluded.body`,
		c.ID, conversation, string(c.State), c.State.Open(), c.Priority, c.OpenedAt, string(body))
	return err
}
