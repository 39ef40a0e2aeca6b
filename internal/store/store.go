// Package store keeps conversations and their events in a SQL database: SQLite,
// embedded in the program, or PostgreSQL, shared by several processes.
//
// It is step 3 of a message's way: Turn loads a conversation, lets the caller
// decide, and commits items, events, the new state, the remembered message IDs
// and the outbox's rows in one transaction, or nothing of them. Beside it the
// same database keeps the outbox (outbox.go), leases, adapters' notes and
// attachments; people's words are sealed with a key each (seal.go), so that
// erasing a person is destroying a key (life.go).
//
// Queries are written in the SQL that both databases share; what differs stands
// in dialect.go. On SQLite one goroutine writes, and changes that wait for it
// share a commit (writer.go), because a durable commit costs a millisecond of
// disk and a turn's rows a tenth of that. On PostgreSQL every change has a
// transaction of its own and a lock on its conversation (postgres.go).
package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"verihelp/internal/chat"
)

// ErrClosed is returned by everything that writes once Close was called.
var ErrClosed = errors.New("the store is closed")

// Options are what the store cannot decide itself.
type Options struct {
	NewID  func() string    // makes the ID of a new conversation; must be safe for concurrent use on PostgreSQL
	Now    func() time.Time // the time of outbox rows; time.Now if nil
	Random io.Reader        // where keys come from; crypto/rand if nil

	// MasterKey locks people's keys: 32 bytes, or none. It is kept outside of
	// the database and its backups, which tell nothing without it.
	MasterKey []byte
}

func (o Options) openVault() (vault, error) {
	v, err := newVault(o.MasterKey, o.Random)
	if err != nil {
		return v, fmt.Errorf("BOT_DATA_KEY: %w", err)
	}
	return v, nil
}

func (o Options) withDefaults() (Options, error) {
	if o.NewID == nil {
		return o, errors.New("Options.NewID is missing")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	return o, nil
}

// Store reads and writes a database. It implements bot.Store.
type Store struct {
	*Reader
	options Options
	engine  engine

	close    sync.Once
	closeErr error
}

// engine runs changes, each in a transaction. If ctx ends before the change is
// called, nothing happens; what it did is committed whatever becomes of ctx.
type engine interface {
	write(ctx context.Context, run change) error
	purge(ctx context.Context) error // takes what was erased out of the files, where it must be asked for
	close() error
}

// newStore is the part of opening that both databases share.
func newStore(ctx context.Context, e engine, r *Reader, o Options) (*Store, error) {
	s := &Store{Reader: r, options: o, engine: e}
	if err := s.engine.write(ctx, s.lockKeys); err != nil {
		_ = s.Close() // the cause is what counts
		return nil, err
	}
	return s, nil
}

// Turn runs fn in a transaction, as bot.Store describes it. If ctx ends before
// fn is called, nothing happens and its error is returned; what fn returned is
// committed whatever becomes of ctx. A panic of fn comes back as a *PanicError.
// fn must not call the store.
func (s *Store) Turn(ctx context.Context, who chat.Address,
	fn func(c chat.Conversation, seen func(id string) bool) (chat.Commit, error),
) ([]chat.Item, error) {
	var items []chat.Item
	err := s.engine.write(ctx, func(ctx context.Context, q querier) (err error) {
		items, err = s.turn(ctx, q, who, fn)
		return err
	})
	if err != nil {
		return nil, err
	}
	return items, nil
}

// Close waits for the changes being written and lets go of the database. It may
// be called more than once.
func (s *Store) Close() error {
	s.close.Do(func() {
		if err := s.engine.close(); err != nil {
			s.closeErr = fmt.Errorf("close database: %w", err)
		}
	})
	return s.closeErr
}
