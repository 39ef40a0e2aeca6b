package store

import (
	"context"
	"errors"
	"fmt"
)

// maxGroup bounds how many changes share a commit, and so how long the first of
// them waits for the others: some 10 ms.
const maxGroup = 64

var errAborted = errors.New("the transaction was not finished")

// change writes inside a transaction; after an error nothing of it stays.
type change func(ctx context.Context, q querier) error

// request is one change on its way through the writer. err may be read once
// done is closed.
type request struct {
	ctx  context.Context
	run  change
	err  error
	done chan struct{}
}

// writer owns SQLite's one connection that writes. Every request it receives is
// answered; write stops sending when stopped is closed.
type writer struct {
	session  *session
	requests chan *request // unbuffered, so that none is left behind at the end
	closing  chan struct{}
	stopped  chan struct{}
}

func newWriter(session *session) *writer {
	return &writer{
		session:  session,
		requests: make(chan *request),
		closing:  make(chan struct{}),
		stopped:  make(chan struct{}),
	}
}

// write runs a change in a transaction that it shares with others who wait.
func (w *writer) write(ctx context.Context, run change) error {
	r := &request{ctx: ctx, run: run, done: make(chan struct{})}
	select {
	case w.requests <- r:
		<-r.done
		return r.err
	case <-w.stopped:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) run(ctx context.Context) {
	defer close(w.stopped)
	for {
		select {
		case r := <-w.requests:
			w.group(ctx, r)
		case <-w.closing:
			return
		}
	}
}

// close waits for the group being written, then empties the write-ahead log.
func (w *writer) close() error {
	close(w.closing)
	<-w.stopped
	_, err := w.session.ExecContext(context.Background(), `PRAGMA wal_checkpoint(TRUNCATE)`)
	return errors.Join(err, w.session.close())
}

// group takes first and every change that waits by then in one transaction and
// answers all of them after its commit.
func (w *writer) group(ctx context.Context, first *request) {
	var taken []*request
	err := errAborted // stays if a decision ends this goroutine
	defer func() {
		if err != nil {
			// Says that there is no transaction where SQLite has rolled back by itself.
			_, _ = w.session.ExecContext(ctx, `ROLLBACK`)
		}
		for _, r := range taken {
			r.finish(err)
		}
	}()

	_, failed := w.session.ExecContext(ctx, `BEGIN IMMEDIATE`)
	for r := first; r != nil; r = w.waiting(len(taken)) {
		taken = append(taken, r)
		if failed == nil {
			failed = w.take(ctx, r)
		}
	}
	if failed == nil {
		_, failed = w.session.ExecContext(ctx, `COMMIT`)
	}
	err = failed
}

// waiting returns a request that is being sent right now, nil if there is none
// or the group is full.
func (w *writer) waiting(taken int) *request {
	if taken == maxGroup {
		return nil
	}
	select {
	case r := <-w.requests:
		return r
	default:
		return nil
	}
}

// take runs one change in a savepoint of its own. What goes wrong in it is
// the request's; an error returned means that the whole group is lost.
func (w *writer) take(ctx context.Context, r *request) error {
	if r.err = r.ctx.Err(); r.err != nil {
		return nil //nolint:nilerr // the error is the request's
	}
	if _, err := w.session.ExecContext(ctx, `SAVEPOINT change`); err != nil {
		return err
	}
	if r.err = r.run(ctx, w.session); r.err != nil {
		if _, err := w.session.ExecContext(ctx, `ROLLBACK TO change`); err != nil {
			return fmt.Errorf("%w, after a change failed: %w", err, r.err)
		}
	}
	_, err := w.session.ExecContext(ctx, `RELEASE change`)
	return err
}

// finish answers the caller; err is that of the group.
func (r *request) finish(err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("commit: %w", err)
	}
	close(r.done)
}
