package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"verihelp/internal/chat"
)

// rowWriter inserts the rows of one conversation's turn.
type rowWriter struct {
	ctx          context.Context //nolint:containedctx // lives for one call of save
	q            querier
	key          personal
	conversation string
}

func (w rowWriter) exec(query string, args ...any) error {
	_, err := w.q.ExecContext(w.ctx, query, args...)
	return err
}

// sealed is a value as JSON, sealed with the person's key.
func (w rowWriter) sealed(v any) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return w.key.seal(body)
}

func (w rowWriter) state(c chat.Conversation, now time.Time) error {
	state, err := w.sealed(c)
	if err != nil {
		return err
	}
	return w.exec(`
		INSERT INTO conversations (id, channel, channel_user, last_seq, changed_at, state) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET last_seq = excluded.last_seq, changed_at = excluded.changed_at, state = excluded.state`,
		c.ID, c.Address.Channel, c.Address.User, c.LastSeq, now.UnixMilli(), state)
}

// log writes what a commit adds to the conversation.
func (w rowWriter) log(commit chat.Commit) error {
	// An ID that was committed earlier breaks the table's key and so rolls the
	// turn back; one that came twice in the same burst is harmless.
	for _, id := range slices.Compact(slices.Sorted(slices.Values(commit.MessageIDs))) {
		if err := w.exec(`INSERT INTO seen (conversation, id) VALUES ($1, $2)`, w.conversation, id); err != nil {
			return fmt.Errorf("remember message ID: %w", err)
		}
	}
	for _, item := range commit.Items {
		if err := w.item(item); err != nil {
			return fmt.Errorf("insert item: %w", err)
		}
	}
	for _, e := range commit.Events {
		if err := w.event(e); err != nil {
			return fmt.Errorf("insert event: %w", err)
		}
		if e.Kind == chat.EventCase && e.Case != nil {
			if err := w.caseState(*e.Case); err != nil {
				return fmt.Errorf("save case: %w", err)
			}
		}
	}
	return nil
}

func (w rowWriter) item(item chat.Item) error {
	body, err := w.sealed(item)
	if err != nil {
		return err
	}
	return w.exec(`INSERT INTO items (conversation, seq, body) VALUES ($1, $2, $3)`, w.conversation, item.Seq, body)
}

// blank takes words and attachments out of the items that a commit names. Attachments
// that its own items have, too, stay.
func (w rowWriter) blank(commit chat.Commit) error {
	kept := map[string]bool{}
	for _, item := range commit.Items {
		for _, f := range item.Files {
			kept[f.ID] = true
		}
	}
	for _, seq := range commit.Blank {
		var body []byte
		if err := w.q.QueryRowContext(w.ctx, `SELECT body FROM items WHERE conversation = $1 AND seq = $2`, w.conversation, seq).Scan(&body); err != nil {
			return err
		}
		var item chat.Item
		if err := decode(w.key, body, &item); err != nil {
			return err
		}
		for _, f := range item.Files {
			if kept[f.ID] {
				continue
			}
			if err := w.exec(`DELETE FROM files WHERE id = $1 AND conversation = $2`, f.ID, w.conversation); err != nil {
				return err
			}
		}
		item.Text, item.Files = "", nil
		body, err := w.sealed(item)
		if err != nil {
			return err
		}
		if err := w.exec(`UPDATE items SET body = $1 WHERE conversation = $2 AND seq = $3`, body, w.conversation, seq); err != nil {
			return err
		}
	}
	return nil
}

func (w rowWriter) event(e chat.Event) error {
	body, err := w.sealed(e)
	if err != nil {
		return err
	}
	return w.exec(`
		INSERT INTO events (id, conversation, ordinal, at, body)
		VALUES ($1, $2, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM events WHERE conversation = $2), $3, $4)`,
		e.ID, w.conversation, e.At.UnixMilli(), body)
}

func (w rowWriter) caseState(c chat.Case) error {
	body, err := w.sealed(c)
	if err != nil {
		return err
	}
	return w.exec(`
		INSERT INTO cases (id, conversation, state, is_open, priority, opened_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, is_open = excluded.is_open,
			priority = excluded.priority, opened_at = excluded.opened_at, body = excluded.body`,
		c.ID, w.conversation, string(c.State), c.State.Open(), c.Priority, c.OpenedAt.UnixMilli(), body)
}

// delivery writes a row of the outbox. Where it does not say which items it is
// about, these are the commit's.
func (w rowWriter) delivery(d chat.Delivery, before, after int64, now time.Time) error {
	if d.First == 0 && d.Last == 0 {
		d.First, d.Last = before+1, after
	}
	return w.exec(`
		INSERT INTO outbox (kind, name, dest_key, conversation, event, first_seq, last_seq,
			state, attempts, unknowns, receipts, error, due, created_at, changed_at, leased_until, holder)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, 0, '[]', '', $8, $9, $9, 0, '')`,
		string(d.To.Kind), d.To.Name, d.To.Key, w.conversation, d.Event, d.First, d.Last, later(d.Due, now).UnixMilli(), now.UnixMilli())
}

// later is the later of two times.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
