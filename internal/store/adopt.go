package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"verihelp/internal/chat"
)

// ErrTwoCases is returned by Adopt where staff have an open case of both.
var ErrTwoCases = errors.New("both conversations have an open case")

// Adopt moves what was said under one address to the end of another's
// conversation: the same words, cases and attachments, not answered again. The
// first address is as good as new afterwards. It changes nothing where there is
// no conversation to move. What then returns, given the conversation as it is
// after that, is committed with it; then may be nil, and must not call the store.
func (s *Store) Adopt(ctx context.Context, from, to chat.Address, then func(chat.Conversation) chat.Commit) error {
	err := s.engine.write(ctx, func(ctx context.Context, q querier) error {
		if err := lockBoth(ctx, q, from, to); err != nil {
			return fmt.Errorf("lock conversations: %w", err)
		}
		return s.adopt(ctx, q, from, to, then)
	})
	if err != nil {
		return fmt.Errorf("adopt conversation: %w", err)
	}
	return nil
}

// lockBoth locks in the order of names, so that two who do it do not wait for
// each other.
func lockBoth(ctx context.Context, q querier, a, b chat.Address) error {
	l, ok := q.(conversationLocker)
	if !ok {
		return nil
	}
	if strings.Compare(a.Channel+"\x00"+a.User, b.Channel+"\x00"+b.User) > 0 {
		a, b = b, a
	}
	return errors.Join(l.lockConversation(ctx, a), l.lockConversation(ctx, b))
}

func (s *Store) adopt(ctx context.Context, q querier, from, to chat.Address, then func(chat.Conversation) chat.Commit) error {
	source, oldKey, err := s.vault.load(ctx, q, from)
	if err != nil || source.ID == "" || from == to {
		return err
	}
	target, key, err := s.vault.load(ctx, q, to)
	if err != nil {
		return err
	}
	if source.Case != nil && target.Case != nil {
		return ErrTwoCases
	}
	if target.ID == "" {
		target = chat.Conversation{ID: s.options.NewID(), Address: to}
	}
	if key, err = s.keyOf(ctx, q, target.ID, key); err != nil {
		return err
	}
	commit, err := s.copyOf(ctx, q, source, target)
	if err != nil {
		return err
	}
	w := rowWriter{ctx: ctx, q: q, key: key, conversation: target.ID}
	if err := w.state(target, s.options.Now()); err != nil { // for rows that refer to it
		return fmt.Errorf("save conversation: %w", err)
	}
	if err := w.move(source.ID, target.LastSeq, oldKey); err != nil {
		return err
	}
	if _, err := s.append(ctx, q, key, target, commit); err != nil {
		return err
	}
	if err := s.follow(ctx, q, to, then); err != nil {
		return err
	}
	return tell(ctx, q, from)
}

// follow commits what is decided on a conversation that this transaction has changed.
func (s *Store) follow(ctx context.Context, q querier, who chat.Address, then func(chat.Conversation) chat.Commit) error {
	if then == nil {
		return nil
	}
	c, key, err := s.vault.load(ctx, q, who)
	if err != nil {
		return err
	}
	_, err = s.append(ctx, q, key, c, then(c))
	return err
}

// copyOf is what the source's conversation adds to the target's.
func (s *Store) copyOf(ctx context.Context, q querier, source, target chat.Conversation) (commit chat.Commit, err error) {
	who := source.Address
	if commit.Items, err = list[chat.Item](ctx, q, s.vault, logQuery, who.Channel, who.User, 0, source.LastSeq); err != nil {
		return commit, fmt.Errorf("read log: %w", err)
	}
	for i := range commit.Items {
		if commit.Items[i].Edits > 0 {
			commit.Items[i].Edits += target.LastSeq
		}
	}
	if commit.Events, err = list[chat.Event](ctx, q, s.vault, eventsQuery, who.Channel, who.User); err != nil {
		return commit, fmt.Errorf("read events: %w", err)
	}
	for i, e := range commit.Events {
		if e.Seen > 0 {
			commit.Events[i].Seen += target.LastSeq
		}
		if e.Case != nil {
			moved := *e.Case
			moved.Address = target.Address
			commit.Events[i].Case = &moved
		}
	}
	commit.MessageIDs, err = texts(q.QueryContext(ctx, `
		SELECT id FROM seen WHERE conversation = $1
			AND NOT EXISTS (SELECT 1 FROM seen AS known WHERE known.conversation = $2 AND known.id = seen.id)`, source.ID, target.ID))
	if err != nil {
		return commit, fmt.Errorf("read message IDs: %w", err)
	}
	return commit, nil
}

// move takes over what refers to a conversation, and deletes the rest of it.
func (w rowWriter) move(source string, shift int64, oldKey personal) error {
	ids, err := texts(w.q.QueryContext(w.ctx, `SELECT id FROM files WHERE conversation = $1`, source))
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	for _, id := range ids {
		if err := w.reseal(id, oldKey); err != nil {
			return fmt.Errorf("move file: %w", err)
		}
	}
	err = w.exec(`UPDATE outbox SET conversation = $1, first_seq = first_seq + $2, last_seq = last_seq + $2 WHERE conversation = $3`,
		w.conversation, shift, source)
	if err != nil {
		return fmt.Errorf("move deliveries: %w", err)
	}
	return deleteConversation(w.ctx, w.q, source)
}

// reseal moves a file to this conversation and its key.
func (w rowWriter) reseal(id string, oldKey personal) error {
	var description, content []byte
	err := w.q.QueryRowContext(w.ctx, `SELECT description, content FROM files WHERE id = $1`, id).Scan(&description, &content)
	if err != nil {
		return err
	}
	for _, part := range []*[]byte{&description, &content} {
		plain, err := oldKey.open(*part)
		if err != nil {
			return err
		}
		if *part, err = w.key.seal(plain); err != nil {
			return err
		}
	}
	return w.exec(`UPDATE files SET conversation = $1, description = $2, content = $3 WHERE id = $4`, w.conversation, description, content, id)
}

// deleteConversation deletes a conversation with everything that belongs to it.
func deleteConversation(ctx context.Context, q querier, id string) error {
	for _, table := range []string{"person_keys", "files", "outbox", "seen", "items", "events", "cases"} {
		if _, err := q.ExecContext(ctx, `DELETE FROM `+table+` WHERE conversation = $1`, id); err != nil {
			return fmt.Errorf("delete %s: %w", table, err)
		}
	}
	_, err := q.ExecContext(ctx, `DELETE FROM conversations WHERE id = $1`, id)
	return err
}
