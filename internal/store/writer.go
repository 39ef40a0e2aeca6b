package store

import (
	"context"
	"errors"
	"fmt"

	"verihelp/internal/chat"
)

// maxGroup bounds how many turns share a commit, and so how long the first of
// them waits for the others: some 10 ms.
const maxGroup = 64

var errAborted = errors.New("the transaction was not finished")

// request is one call of Turn on its way through the writer. items and err may
// be read once done is closed.
type request struct {
	ctx    context.Context
	who    chat.Address
	decide decision

	items []chat.Item
	err   error
	done  chan struct{}
}

// writer owns the one connection that writes. Every request it receives is
// answered; Turn stops sending when stopped is closed.
type writer struct {
	session  *session
	newID    func() string
	requests chan *request // unbuffered, so that none is left behind at the end
	closing  chan struct{}
	stopped  chan struct{}
}

func newWriter(session *session, newID func() string) *writer {
	return &writer{
		session:  session,
		newID:    newID,
		requests: make(chan *request),
		closing:  make(chan struct{}),
		stopped:  make(chan struct{}),
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

// group takes first and every turn that waits by then in one transaction and
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

// take takes one turn in a savepoint of its own. What goes wrong in the turn is
// the request's; an error returned means that the whole group is lost.
func (w *writer) take(ctx context.Context, r *request) error {
	if r.err = r.ctx.Err(); r.err != nil {
		return nil //nolint:nilerr // the error is the request's
	}
	if _, err := w.session.ExecContext(ctx, `SAVEPOINT turn`); err != nil {
		return err
	}
	r.items, r.err = turn(ctx, w.session, w.newID, r.who, r.decide)
	if r.err != nil {
		if _, err := w.session.ExecContext(ctx, `ROLLBACK TO turn`); err != nil {
			return fmt.Errorf("%w, after a turn failed: %w", err, r.err)
		}
	}
	_, err := w.session.ExecContext(ctx, `RELEASE turn`)
	return err
}

// finish answers the caller; err is that of the group.
func (r *request) finish(err error) {
	if err != nil && r.err == nil {
		r.items, r.err = nil, fmt.Errorf("commit turn: %w", err)
	}
	close(r.done)
}
