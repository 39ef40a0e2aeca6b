// Package store keeps conversations and their events in a SQL database: today
// SQLite, embedded in the program.
//
// It is step 3 of a message's way: Turn loads a conversation, lets the caller
// decide, and commits items, events, the new state and the remembered message
// IDs in one transaction, or nothing of them. One goroutine writes; turns that
// wait for it share a commit (group commit), because a durable commit costs a
// millisecond of disk and a turn's rows cost a tenth of that. Reads have their
// own connections and never wait for the writer.
//
// Queries are written in the SQL that SQLite and PostgreSQL share. What is
// SQLite's alone stands in sqlite.go, session.go, writer.go and migrations/sqlite.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"verihelp/internal/chat"
)

// ErrClosed is returned by Turn once Close was called.
var ErrClosed = errors.New("the store is closed")

// Options are what the store cannot decide itself.
type Options struct {
	NewID func() string // makes the ID of a new conversation; called by one goroutine at a time
}

// Store is the only writer of a database. It implements bot.Store.
type Store struct {
	*Reader
	writer *writer
	lock   *sql.DB // keeps other processes out; nil in memory

	close    sync.Once
	closeErr error
}

// Open opens the database file at path for this process alone, making it and
// its folder where they are missing, and brings its schema up to date. An error
// is one line that says what to do. Other processes can read the file meanwhile
// with OpenReader.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if err := makeFile(path); err != nil {
		return nil, explain(path, err)
	}
	lock, err := lockFile(ctx, path)
	if err != nil {
		return nil, explain(path, err)
	}
	s, err := open(ctx, fileName(path), o)
	if err != nil {
		_ = lock.Close() // the cause is what counts
		return nil, explain(path, err)
	}
	s.lock = lock
	return s, nil
}

// OpenMemory opens a new, private, empty database that lives until Close.
func OpenMemory(ctx context.Context, o Options) (*Store, error) {
	s, err := open(ctx, memoryName(), o)
	if err != nil {
		return nil, fmt.Errorf("open database in memory: %w", err)
	}
	return s, nil
}

func open(ctx context.Context, name string, o Options) (*Store, error) {
	if o.NewID == nil {
		return nil, errors.New("Options.NewID is missing")
	}
	session, err := openSession(ctx, name)
	if err != nil {
		return nil, err
	}
	readers, err := connect(name, readerSettings, readerConnections)
	if err != nil {
		_ = session.close()
		return nil, err
	}
	s := &Store{Reader: &Reader{db: readers}, writer: newWriter(session, o.NewID)}
	go s.writer.run(context.WithoutCancel(ctx))
	return s, nil
}

// Turn runs fn in the writer's transaction, as bot.Store describes it. If ctx
// ends before fn is called, nothing happens and its error is returned; what fn
// returned is committed whatever becomes of ctx. A panic of fn comes back as a
// *PanicError. fn must not call the store.
func (s *Store) Turn(ctx context.Context, who chat.Address,
	fn func(c chat.Conversation, seen func(id string) bool) (chat.Commit, error),
) ([]chat.Item, error) {
	r := &request{ctx: ctx, who: who, decide: fn, done: make(chan struct{})}
	select {
	case s.writer.requests <- r:
		<-r.done
		return r.items, r.err
	case <-s.writer.stopped:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close waits for the turns being written, moves them from the write-ahead log
// into the database file and lets go of it. It may be called more than once.
func (s *Store) Close() error {
	s.close.Do(func() {
		errs := []error{s.Reader.Close(), s.writer.close()}
		if s.lock != nil {
			errs = append(errs, s.lock.Close())
		}
		if err := errors.Join(errs...); err != nil {
			s.closeErr = fmt.Errorf("close database: %w", err)
		}
	})
	return s.closeErr
}
