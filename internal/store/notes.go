package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Notebook is what one adapter must not forget over a restart. It implements
// channels.Notebook.
type Notebook struct {
	store *Store
	owner string
}

// Notebook returns the notes of an adapter.
func (s *Store) Notebook(owner string) *Notebook { return &Notebook{store: s, owner: owner} }

// Note returns a note; empty if there is none.
func (n *Notebook) Note(ctx context.Context, key string) (string, error) {
	var value string
	err := n.store.db.QueryRowContext(ctx, `SELECT value FROM notes WHERE owner = $1 AND name = $2`, n.owner, key).Scan(&value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read note: %w", err)
	}
	return value, nil
}

// Notes returns all notes whose keys begin with a prefix.
func (n *Notebook) Notes(ctx context.Context, prefix string) (found map[string]string, err error) {
	rows, err := n.store.db.QueryContext(ctx, `SELECT name, value FROM notes WHERE owner = $1 AND name >= $2 AND name < $3`,
		n.owner, prefix, prefix+"\U0010FFFF")
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	found = map[string]string{}
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return nil, fmt.Errorf("read note: %w", err)
		}
		found[name] = value
	}
	return found, rows.Err()
}

// SetNote writes a note durably; an empty value removes it.
func (n *Notebook) SetNote(ctx context.Context, key, value string) error {
	err := n.store.engine.write(ctx, func(ctx context.Context, q querier) error {
		if value == "" {
			_, err := q.ExecContext(ctx, `DELETE FROM notes WHERE owner = $1 AND name = $2`, n.owner, key)
			return err
		}
		_, err := q.ExecContext(ctx, `
			INSERT INTO notes (owner, name, value) VALUES ($1, $2, $3)
			ON CONFLICT (owner, name) DO UPDATE SET value = excluded.value`, n.owner, key, value)
		return err
	})
	if err != nil {
		return fmt.Errorf("write note: %w", err)
	}
	return nil
}
