package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"

	"verihelp/internal/chat"
)

// decision is bot.TurnFunc.
type decision = func(c chat.Conversation, seen func(id string) bool) (chat.Commit, error)

// querier is the part of database/sql that a change needs.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// conversationLocker is a querier on which other transactions can hold the same
// conversation.
type conversationLocker interface {
	lockConversation(ctx context.Context, who chat.Address) error
}

// notifier is a querier whose commits other processes have to be told of.
type notifier interface {
	notify(ctx context.Context, who chat.Address) error
}

// PanicError is what Turn returns when its function panicked.
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // where it was
}

func (e *PanicError) Error() string { return fmt.Sprintf("turn panicked: %v", e.Value) }

// turn takes one turn inside the transaction q: lock, load, decide, save. After
// an error the caller has to roll back.
func (s *Store) turn(ctx context.Context, q querier, who chat.Address, decide decision) ([]chat.Item, error) {
	if err := lockOne(ctx, q, who); err != nil {
		return nil, fmt.Errorf("lock conversation: %w", err)
	}
	before, key, err := s.vault.load(ctx, q, who)
	if err != nil {
		return nil, err
	}
	if before.ID == "" {
		before = chat.Conversation{ID: s.options.NewID(), Address: who}
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
	return s.append(ctx, q, key, before, commit)
}

// append adds a commit to a conversation and returns its items, numbered.
func (s *Store) append(ctx context.Context, q querier, key personal, before chat.Conversation, commit chat.Commit) ([]chat.Item, error) {
	commit = inUTC(commit)
	for i := range commit.Items {
		commit.Items[i].Seq = before.LastSeq + int64(i) + 1
	}
	return commit.Items, s.save(ctx, q, key, before, commit)
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

func (s *Store) save(ctx context.Context, q querier, key personal, before chat.Conversation, commit chat.Commit) error {
	after := before
	for _, e := range commit.Events {
		after = after.Apply(e)
	}
	after.LastSeq += int64(len(commit.Items))
	now := s.options.Now()
	key, err := s.keyOf(ctx, q, after.ID, key)
	if err != nil {
		return err
	}
	w := rowWriter{ctx: ctx, q: q, key: key, conversation: after.ID}
	if err := w.state(after, now); err != nil {
		return fmt.Errorf("save conversation: %w", err)
	}
	if err := w.log(commit); err != nil {
		return err
	}
	if err := w.blank(commit); err != nil {
		return fmt.Errorf("blank item: %w", err)
	}
	for _, d := range commit.Outbox {
		if err := w.delivery(d, before.LastSeq, after.LastSeq, now); err != nil {
			return fmt.Errorf("insert delivery: %w", err)
		}
	}
	if len(commit.Items) == 0 {
		return nil
	}
	return tell(ctx, q, before.Address)
}

// keyOf is the key of a conversation's person, made where there is none yet.
func (s *Store) keyOf(ctx context.Context, q querier, conversation string, known personal) (personal, error) {
	if known.aead != nil {
		return known, nil
	}
	stored, key, err := s.vault.newKey()
	if err != nil {
		return personal{}, err
	}
	if _, err := q.ExecContext(ctx, `INSERT INTO person_keys (conversation, key) VALUES ($1, $2)`, conversation, stored); err != nil {
		return personal{}, fmt.Errorf("keep key: %w", err)
	}
	return key, nil
}

// load reads an address's conversation with its key; zero if there is none.
func (v vault) load(ctx context.Context, q querier, who chat.Address) (chat.Conversation, personal, error) {
	var state, stored []byte
	err := q.QueryRowContext(ctx, `
		SELECT conversations.state, person_keys.key
		FROM conversations LEFT JOIN person_keys ON person_keys.conversation = conversations.id
		WHERE channel = $1 AND channel_user = $2`, who.Channel, who.User).Scan(&state, &stored)
	if errors.Is(err, sql.ErrNoRows) {
		return chat.Conversation{}, personal{}, nil
	}
	if err != nil {
		return chat.Conversation{}, personal{}, fmt.Errorf("load conversation: %w", err)
	}
	key, err := v.open(stored)
	if err != nil {
		return chat.Conversation{}, personal{}, fmt.Errorf("open key: %w", err)
	}
	var c chat.Conversation
	if err := decode(key, state, &c); err != nil {
		return chat.Conversation{}, personal{}, fmt.Errorf("decode conversation: %w", err)
	}
	return c, key, nil
}

func isSeen(ctx context.Context, q querier, conversation, id string) (known bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM seen WHERE conversation = $1 AND id = $2)`,
		conversation, id).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("look up message ID: %w", err)
	}
	return known, nil
}
