package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"verihelp/internal/chat"
)

// Reader reads what has been committed.
type Reader struct {
	db    *sql.DB
	vault vault
	pool  *pgxpool.Pool // what db uses, if the reader owns it
}

// OpenReader opens the database file at path for reading, also while another
// process writes it. The file must exist and have this program's schema.
func OpenReader(ctx context.Context, path string, o Options) (*Reader, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open database %s: there is none yet; start the bot once to make it", path)
	}
	v, err := o.openVault()
	if err != nil {
		return nil, err
	}
	db, err := connect(fileName(path), readerSettings, readerConnections)
	if err != nil {
		return nil, explain(path, err)
	}
	if err := checkSchema(ctx, db, sqliteDialect); err != nil {
		_ = db.Close() // the cause is what counts
		return nil, explain(path, err)
	}
	return &Reader{db: db, vault: v}, nil
}

// Close ends the reading.
func (r *Reader) Close() error {
	err := r.db.Close()
	if r.pool != nil {
		r.pool.Close()
	}
	return err
}

// Conversation loads an address's conversation; the zero Conversation if there
// is none yet.
func (r *Reader) Conversation(ctx context.Context, who chat.Address) (chat.Conversation, error) {
	c, _, err := r.vault.load(ctx, r.db, who)
	return c, err
}

// Each query of bodies has two columns: the body, and the key of its person.
const (
	logQuery = `
		SELECT items.body, person_keys.key
		FROM items JOIN conversations ON conversations.id = items.conversation
			LEFT JOIN person_keys ON person_keys.conversation = items.conversation
		WHERE channel = $1 AND channel_user = $2 AND seq > $3 ORDER BY seq LIMIT $4`
	eventsQuery = `
		SELECT events.body, person_keys.key
		FROM events JOIN conversations ON conversations.id = events.conversation
			LEFT JOIN person_keys ON person_keys.conversation = events.conversation
		WHERE channel = $1 AND channel_user = $2 ORDER BY ordinal`
	eventQuery = `
		SELECT events.body, person_keys.key
		FROM events LEFT JOIN person_keys ON person_keys.conversation = events.conversation
		WHERE id = $1`
	casesQuery = `
		SELECT cases.body, person_keys.key
		FROM cases LEFT JOIN person_keys ON person_keys.conversation = cases.conversation`
	caseQuery = casesQuery + ` WHERE id = $1`
	byUrgency = ` ORDER BY priority DESC, opened_at, id`
	openCases = casesQuery + ` WHERE is_open = TRUE` + byUrgency
	allCases  = casesQuery + byUrgency
)

// Log returns up to limit items with a sequence number above after, in order.
func (r *Reader) Log(ctx context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error) {
	items, err := list[chat.Item](ctx, r.db, r.vault, logQuery, who.Channel, who.User, after, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return items, nil
}

// Events returns a conversation's events in order.
func (r *Reader) Events(ctx context.Context, who chat.Address) ([]chat.Event, error) {
	events, err := list[chat.Event](ctx, r.db, r.vault, eventsQuery, who.Channel, who.User)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, nil
}

// Event returns one event; chat.ErrUnknownEvent if there is none of that ID.
func (r *Reader) Event(ctx context.Context, id string) (chat.Event, error) {
	found, err := list[chat.Event](ctx, r.db, r.vault, eventQuery, id)
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
	found, err := list[chat.Case](ctx, r.db, r.vault, caseQuery, id)
	if err != nil {
		return chat.Case{}, fmt.Errorf("read case: %w", err)
	}
	if len(found) == 0 {
		return chat.Case{}, chat.ErrUnknownCase
	}
	return found[0], nil
}

// Cases returns the open cases, or all there ever were: priority first, then
// the oldest.
func (r *Reader) Cases(ctx context.Context, openOnly bool) ([]chat.Case, error) {
	query := allCases
	if openOnly {
		query = openCases
	}
	cases, err := list[chat.Case](ctx, r.db, r.vault, query)
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	return cases, nil
}

// CasesSince returns the cases that were opened since a time, in the same order.
func (r *Reader) CasesSince(ctx context.Context, since time.Time) ([]chat.Case, error) {
	cases, err := list[chat.Case](ctx, r.db, r.vault, casesQuery+` WHERE opened_at >= $1`+byUrgency, since.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read late cases: %w", err)
	}
	return cases, nil
}

// list decodes the bodies that a query finds. Those of a person who was erased
// are passed over.
func list[T any](ctx context.Context, q querier, v vault, query string, args ...any) (out []T, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var last []byte
	var key personal
	for rows.Next() {
		var body, stored sql.RawBytes
		if err := rows.Scan(&body, &stored); err != nil {
			return nil, err
		}
		if !bytes.Equal(stored, last) {
			if key, err = v.open(stored); err != nil {
				return nil, fmt.Errorf("open key: %w", err)
			}
			last = bytes.Clone(stored)
		}
		var value T
		switch err := decode(key, body, &value); {
		case errors.Is(err, errNoKey):
		case err != nil:
			return nil, fmt.Errorf("decode row: %w", err)
		default:
			out = append(out, value)
		}
	}
	return out, rows.Err()
}

func decode(key personal, body []byte, v any) error {
	if len(body) == 0 { // erased before there were keys
		return errNoKey
	}
	body, err := key.open(body)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, v)
}
