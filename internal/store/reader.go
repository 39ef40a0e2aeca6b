package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"verihelp/internal/chat"
)

// Reader reads what has been committed.
type Reader struct{ db *sql.DB }

// OpenReader opens the database file at path for reading, also while another
// process writes it. The file must exist and have this program's schema.
func OpenReader(ctx context.Context, path string) (*Reader, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open database %s: there is none yet; start the bot once to make it", path)
	}
	db, err := connect(fileName(path), readerSettings, readerConnections)
	if err != nil {
		return nil, explain(path, err)
	}
	if err := checkSchema(ctx, db); err != nil {
		_ = db.Close() // the cause is what counts
		return nil, explain(path, err)
	}
	return &Reader{db: db}, nil
}

// Close ends the reading.
func (r *Reader) Close() error { return r.db.Close() }

// Conversation loads an address's conversation; the zero Conversation if there
// is none yet.
func (r *Reader) Conversation(ctx context.Context, who chat.Address) (chat.Conversation, error) {
	return loadConversation(ctx, r.db, who)
}

// Log returns up to limit items with a sequence number above after, in order.
func (r *Reader) Log(ctx context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error) {
	items, err := list[chat.Item](ctx, r.db, `
		SELECT items.body FROM items JOIN conversations ON conversations.id = items.conversation
		WHERE channel = $1 AND channel_user = $2 AND seq > $3 ORDER BY seq LIMIT $4`,
		who.Channel, who.User, after, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return items, nil
}

// Events returns a conversation's events in order.
func (r *Reader) Events(ctx context.Context, who chat.Address) ([]chat.Event, error) {
	events, err := list[chat.Event](ctx, r.db, `
		SELECT events.body FROM events JOIN conversations ON conversations.id = events.conversation
		WHERE channel = $1 AND channel_user = $2 ORDER BY ordinal`,
		who.Channel, who.User)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, nil
}

// Event returns one event; chat.ErrUnknownEvent if there is none of that ID.
func (r *Reader) Event(ctx context.Context, id string) (chat.Event, error) {
	found, err := list[chat.Event](ctx, r.db, `SELECT body FROM events WHERE id = $1`, id)
	if err != nil {
		return chat.Event{}, fmt.Errorf("read event: %w", err)
	}
	if len(found) == 0 {
		return chat.Event{}, chat.ErrUnknownEvent
	}
	return found[0], nil
}

// Case returns one case; chat.ErrUnknownCase if there is none of that ID.
func (r *Reader) Case(ctx context.Context, id string) (chat.Case, error) {
	found, err := list[chat.Case](ctx, r.db, `SELECT body FROM cases WHERE id = $1`, id)
	if err != nil {
		return chat.Case{}, fmt.Errorf("read case: %w", err)
	}
	if len(found) == 0 {
		return chat.Case{}, chat.ErrUnknownCase
	}
	return found[0], nil
}

const (
	openCases = `SELECT body FROM cases WHERE is_open = TRUE ORDER BY priority DESC, opened_at, id`
	allCases  = `SELECT body FROM cases ORDER BY priority DESC, opened_at, id`
)

// Cases returns the open cases, or all there ever were: priority first, then
// the oldest.
func (r *Reader) Cases(ctx context.Context, openOnly bool) ([]chat.Case, error) {
	query := allCases
	if openOnly {
		query = openCases
	}
	cases, err := list[chat.Case](ctx, r.db, query)
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	return cases, nil
}

// list decodes the one column, a JSON body, of every row of a query.
func list[T any](ctx context.Context, db *sql.DB, query string, args ...any) (out []T, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var body sql.RawBytes
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		var v T
		if err := json.Unmarshal(body, &v); err != nil {
			return nil, fmt.Errorf("decode row: %w", err)
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
