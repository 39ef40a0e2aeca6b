package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"verihelp/internal/chat"
)

// SaveFile keeps an attachment of a conversation until it expires. Description
// and content are sealed like every word of the person. byStaff says that it was
// sent to the person.
func (s *Store) SaveFile(ctx context.Context, who chat.Address, f chat.File, body []byte, at, expires time.Time, byStaff bool) error {
	err := s.engine.write(ctx, func(ctx context.Context, q querier) error {
		c, key, err := s.vault.load(ctx, q, who)
		if err != nil {
			return err
		}
		if c.ID == "" {
			return chat.ErrFileRefused // nobody attaches before the first word
		}
		if key, err = s.keyOf(ctx, q, c.ID, key); err != nil {
			return err
		}
		w := rowWriter{ctx: ctx, q: q, key: key, conversation: c.ID}
		description, err := w.sealed(f)
		if err != nil {
			return err
		}
		content, err := key.seal(body)
		if err != nil {
			return err
		}
		return w.exec(`
			INSERT INTO files (id, conversation, at, expires, by_staff, size, description, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			f.ID, c.ID, at.UnixMilli(), expires.UnixMilli(), byStaff, f.Size, description, content)
	})
	if err != nil {
		return fmt.Errorf("save file: %w", err)
	}
	return nil
}

// FileInfo describes an attachment of an address; chat.ErrUnknownFile for one that
// it does not have, or has no more.
func (r *Reader) FileInfo(ctx context.Context, who chat.Address, id string, now time.Time) (chat.File, error) {
	f, _, err := r.file(ctx, who, id, now, "")
	return f, err
}

// LoadFile returns such an attachment with its content.
func (r *Reader) LoadFile(ctx context.Context, who chat.Address, id string, now time.Time) (chat.File, []byte, error) {
	var content []byte
	f, key, err := r.file(ctx, who, id, now, ", files.content", &content)
	if err != nil {
		return chat.File{}, nil, err
	}
	if content, err = key.open(content); err != nil {
		return chat.File{}, nil, fmt.Errorf("open file: %w", err)
	}
	return f, content, nil
}

// file reads an attachment's description, and what more columns hold, with the key
// that opens them.
func (r *Reader) file(ctx context.Context, who chat.Address, id string, now time.Time, more string, into ...any) (f chat.File, key personal, err error) {
	var description, stored []byte
	err = r.db.QueryRowContext(ctx, `
		SELECT person_keys.key, files.description`+more+`
		FROM files JOIN conversations ON conversations.id = files.conversation
			LEFT JOIN person_keys ON person_keys.conversation = files.conversation
		WHERE files.id = $1 AND channel = $2 AND channel_user = $3 AND expires > $4`,
		id, who.Channel, who.User, now.UnixMilli()).Scan(append([]any{&stored, &description}, into...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return f, key, chat.ErrUnknownFile
	}
	if err != nil {
		return f, key, fmt.Errorf("load file: %w", err)
	}
	if key, err = r.vault.open(stored); err != nil {
		return f, key, fmt.Errorf("open key: %w", err)
	}
	if err := decode(key, description, &f); err != nil {
		return f, key, fmt.Errorf("decode file: %w", err)
	}
	return f, key, nil
}

// FilesSince counts the attachments that an address has sent since a time, and their
// bytes.
func (r *Reader) FilesSince(ctx context.Context, who chat.Address, since time.Time) (count int, bytes int64, err error) {
	err = r.db.QueryRowContext(ctx, `
		SELECT COUNT(*), COALESCE(SUM(size), 0) FROM files JOIN conversations ON conversations.id = files.conversation
		WHERE channel = $1 AND channel_user = $2 AND at >= $3 AND by_staff = FALSE`, who.Channel, who.User, since.UnixMilli()).Scan(&count, &bytes)
	if err != nil {
		return 0, 0, fmt.Errorf("count files: %w", err)
	}
	return count, bytes, nil
}
