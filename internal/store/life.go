package store

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"verihelp/internal/chat"
)

// Export is everything that is kept of one conversation.
type Export struct {
	Conversation chat.Conversation `json:"conversation"`
	Items        []chat.Item       `json:"items"`
	Events       []chat.Event      `json:"events"`
	Cases        []chat.Case       `json:"cases"`
}

// Export reads one conversation whole; its ID is empty if there is none.
func (r *Reader) Export(ctx context.Context, who chat.Address) (out Export, err error) {
	if out.Conversation, err = r.Conversation(ctx, who); err != nil {
		return Export{}, err
	}
	if out.Items, err = r.Log(ctx, who, 0, int(out.Conversation.LastSeq)); err != nil {
		return Export{}, err
	}
	if out.Events, err = r.Events(ctx, who); err != nil {
		return Export{}, err
	}
	out.Cases, err = list[chat.Case](ctx, r.db, r.vault, casesQuery+` WHERE cases.conversation = $1 ORDER BY opened_at, id`, out.Conversation.ID)
	if err != nil {
		return Export{}, fmt.Errorf("read cases: %w", err)
	}
	return out, nil
}

// CasesOf returns all cases of an address, the oldest first.
func (r *Reader) CasesOf(ctx context.Context, who chat.Address) ([]chat.Case, error) {
	cases, err := list[chat.Case](ctx, r.db, r.vault, `
		SELECT cases.body, person_keys.key
		FROM cases JOIN conversations ON conversations.id = cases.conversation
			LEFT JOIN person_keys ON person_keys.conversation = cases.conversation
		WHERE channel = $1 AND channel_user = $2 ORDER BY opened_at, cases.id`, who.Channel, who.User)
	if err != nil {
		return nil, fmt.Errorf("read cases of a person: %w", err)
	}
	return cases, nil
}

// ErrUnknownPerson is returned for an address without a conversation.
var ErrUnknownPerson = errors.New("no conversation of that address is kept")

// Erase destroys a person's key and name, so that events, which are never
// changed, tell nobody anything any more, and deletes attachments and waiting
// deliveries. The address is as good as new afterwards. Rows from before there
// were keys are emptied. last, which may be nil, is given the conversation once
// more: its events and deliveries, which must hold nobody's words, are committed
// unsealed for those who have to hear of it; anew begins the address's next
// conversation.
func (s *Store) Erase(ctx context.Context, who chat.Address, last func(chat.Conversation) (farewell, anew chat.Commit)) error {
	err := s.engine.write(ctx, func(ctx context.Context, q querier) error {
		if err := lockOne(ctx, q, who); err != nil {
			return err
		}
		c, _, err := s.vault.load(ctx, q, who)
		if err != nil {
			return err
		}
		if c.ID == "" {
			return ErrUnknownPerson
		}
		if err := erase(ctx, q, c.ID); err != nil {
			return err
		}
		if last != nil {
			if err := s.farewell(ctx, q, c, last); err != nil {
				return err
			}
		}
		return tell(ctx, q, who)
	})
	if err != nil {
		return fmt.Errorf("erase person: %w", err)
	}
	return s.engine.purge(ctx)
}

// farewell writes what is left of a person who was erased.
func (s *Store) farewell(ctx context.Context, q querier, c chat.Conversation, last func(chat.Conversation) (farewell, anew chat.Commit)) error {
	farewell, anew := last(c)
	w := rowWriter{ctx: ctx, q: q, conversation: c.ID}
	for _, e := range inUTC(farewell).Events {
		if err := w.event(e); err != nil {
			return fmt.Errorf("insert event: %w", err)
		}
	}
	for _, d := range farewell.Outbox {
		if err := w.delivery(d, c.LastSeq, c.LastSeq, s.options.Now()); err != nil {
			return fmt.Errorf("insert delivery: %w", err)
		}
	}
	if len(anew.Events) == 0 {
		return nil
	}
	_, err := s.append(ctx, q, personal{}, chat.Conversation{ID: s.options.NewID(), Address: c.Address}, anew)
	return err
}

func erase(ctx context.Context, q querier, id string) error {
	empty := []byte{}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`DELETE FROM person_keys WHERE conversation = $1`, []any{id}},
		{`DELETE FROM files WHERE conversation = $1`, []any{id}},
		{`DELETE FROM outbox WHERE conversation = $1`, []any{id}},
		{`DELETE FROM seen WHERE conversation = $1`, []any{id}},
		{`UPDATE items SET body = $2 WHERE conversation = $1`, []any{id, empty}},
		{`UPDATE events SET body = $2 WHERE conversation = $1`, []any{id, empty}},
		{`UPDATE cases SET body = $2, is_open = FALSE WHERE conversation = $1`, []any{id, empty}},
		{`UPDATE conversations SET state = $2, channel_user = $3 WHERE id = $1`, []any{id, empty, "erased:" + id}},
	} {
		if _, err := q.ExecContext(ctx, step.query, step.args...); err != nil {
			return fmt.Errorf("%.24s…: %w", step.query, err)
		}
	}
	return nil
}

// Expire deletes up to limit conversations that nobody has touched since a time
// and that have no open case, each in a transaction of its own, and attachments
// that have expired. It returns how many conversations it deleted.
func (s *Store) Expire(ctx context.Context, before, now time.Time, limit int) (deleted int, err error) {
	err = s.engine.write(ctx, func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, `DELETE FROM files WHERE expires <= $1`, now.UnixMilli())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("delete expired attachments: %w", err)
	}
	old, err := s.untouched(ctx, before, limit)
	if err != nil {
		return 0, fmt.Errorf("find what is older than the retention: %w", err)
	}
	for _, who := range old {
		err := s.engine.write(ctx, func(ctx context.Context, q querier) error {
			gone, err := expire(ctx, q, who, before)
			if gone {
				deleted++
			}
			return err
		})
		if err != nil {
			return deleted, fmt.Errorf("delete what is older than the retention: %w", err)
		}
	}
	return deleted, s.engine.purge(ctx)
}

const untouchedQuery = `
	FROM conversations WHERE changed_at < $1
		AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.conversation = conversations.id AND is_open = TRUE)`

// untouched lists addresses whose conversation may be deleted, the oldest first.
func (r *Reader) untouched(ctx context.Context, before time.Time, limit int) (found []chat.Address, err error) {
	rows, err := r.db.QueryContext(ctx, `SELECT channel, channel_user`+untouchedQuery+` ORDER BY changed_at LIMIT $2`, before.UnixMilli(), limit)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var who chat.Address
		if err := rows.Scan(&who.Channel, &who.User); err != nil {
			return nil, err
		}
		found = append(found, who)
	}
	return found, rows.Err()
}

// expire deletes a conversation unless somebody has touched it meanwhile.
func expire(ctx context.Context, q querier, who chat.Address, before time.Time) (gone bool, err error) {
	if err := lockOne(ctx, q, who); err != nil {
		return false, err
	}
	var id string
	err = q.QueryRowContext(ctx, `SELECT id`+untouchedQuery+` AND channel = $2 AND channel_user = $3`, before.UnixMilli(), who.Channel, who.User).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := deleteConversation(ctx, q, id); err != nil {
		return false, err
	}
	return true, tell(ctx, q, who)
}

// lockOne keeps a conversation for this transaction, where there are others.
func lockOne(ctx context.Context, q querier, who chat.Address) error {
	if l, ok := q.(conversationLocker); ok {
		return l.lockConversation(ctx, who)
	}
	return nil
}

// tell lets other processes know that a conversation has changed.
func tell(ctx context.Context, q querier, who chat.Address) error {
	if n, ok := q.(notifier); ok {
		return n.notify(ctx, who)
	}
	return nil
}

func texts(rows *sql.Rows, err error) (found []string, _ error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		found = append(found, s)
	}
	return found, rows.Err()
}

// keyCheck is what a master key seals so that a wrong one is noticed.
var keyCheck = []byte("verihelp")

// lockKeys makes sure that the master key given fits the database; the first one
// given locks the keys there are.
func (s *Store) lockKeys(ctx context.Context, q querier) error {
	var check []byte
	err := q.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'key_check'`).Scan(&check)
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("read key check: %w", err)
	case err == nil && s.vault.master == nil:
		return errLocked
	case err == nil:
		got, err := unseal(s.vault.master, check)
		if err != nil || subtle.ConstantTimeCompare(got, keyCheck) != 1 {
			return errMasterKey
		}
		return nil
	case s.vault.master == nil:
		return nil
	}
	return s.lockForFirstTime(ctx, q)
}

func (s *Store) lockForFirstTime(ctx context.Context, q querier) error {
	ids, err := texts(q.QueryContext(ctx, `SELECT conversation FROM person_keys`))
	if err != nil {
		return fmt.Errorf("list keys: %w", err)
	}
	for _, id := range ids {
		var key []byte
		if err := q.QueryRowContext(ctx, `SELECT key FROM person_keys WHERE conversation = $1`, id).Scan(&key); err != nil {
			return fmt.Errorf("read key: %w", err)
		}
		locked, err := s.vault.lock(key)
		if err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, `UPDATE person_keys SET key = $1 WHERE conversation = $2`, locked, id); err != nil {
			return fmt.Errorf("lock key: %w", err)
		}
	}
	check, err := seal(s.vault.master, s.vault.random, keyCheck)
	if err != nil {
		return err
	}
	if _, err := q.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('key_check', $1)`, check); err != nil {
		return fmt.Errorf("keep key check: %w", err)
	}
	return nil
}
