// Package outbox delivers what was committed for a remote API: step 5 of a
// message's way for channels and desks behind somebody else's API.
//
// A turn commits a row that names what to send. Wake puts its destination into a
// queue of jobs; a job drains one destination: it takes the head, loads what the
// row names, asks the API first where an earlier attempt may have arrived,
// delivers, and settles the row, head after head (drain.go). What becomes of a
// row after an attempt is one pure function (settle.go).
//
// A job is only a wake-up. The order and the lock are the store's: only the head
// of a destination can be taken, by one holder at a time. A wake-up that gets
// lost is made up for by a sweep, one too many finds nothing to do.
package outbox

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
	"verihelp/internal/lease"
)

// Store is what the outbox needs of the store.
type Store interface {
	Rows
	Content
	lease.Store
}

// Rows are the outbox's rows.
type Rows interface {
	// Take leases the head of a destination, its oldest row that is neither sent
	// nor dead, to a holder: false if there is none, if it is not due, or while
	// another holder has a live lease on it. A lease that was never settled means
	// that an attempt broke off (its process died): the row is then returned, and
	// stored, as DeliveryUnknown with one more of Unknowns.
	Take(ctx context.Context, to chat.Destination, holder string, now time.Time, lease time.Duration) (d chat.Delivery, ok bool, err error)

	// Settle writes State, Attempts, Unknowns, Receipts, Error, Due and ChangedAt
	// and drops the lease. It changes nothing and fails if another holder has the
	// row by now.
	Settle(ctx context.Context, d chat.Delivery, holder string) error

	// DueDestinations lists destinations whose head is due and not leased.
	DueDestinations(ctx context.Context, now time.Time, limit int) ([]chat.Destination, error)
}

// Content is what rows name.
type Content interface {
	Event(ctx context.Context, id string) (chat.Event, error)
	Log(ctx context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error)
}

// Queue runs jobs, on this process or another. A job names a destination and
// nothing else. It may get lost, and it may run twice.
type Queue interface {
	// Enqueue makes a job for each destination, to be run soon.
	Enqueue(ctx context.Context, dests []chat.Destination) error

	// Run runs jobs until ctx ends, and returns when all have returned; those that
	// do not for 10 s have their contexts ended. A job that returns a time is run
	// again then.
	Run(ctx context.Context, work Work) error
}

// Work is what a job does.
type Work = func(ctx context.Context, to chat.Destination) (again time.Time)

// Config is what an outbox is made of. All fields are needed.
type Config struct {
	Store   Store
	Queue   Queue
	Remotes map[chat.Destination]channels.Remote // by kind and name, Key empty
	Holder  string                               // names this process, unlike any other that runs now
	Now     func() time.Time
	Random  func() float64 // 0 to 1, spreads the attempts after a failure; called by any goroutine
	Logger  *slog.Logger

	// GaveUp tells staff and the user that a delivery will never arrive; the
	// reason is in English and holds nobody's words. The row becomes dead once it
	// has returned nil, so after a crash between the two it is called again for
	// the same delivery: it must take d.ID as the ID of what it commits.
	GaveUp func(ctx context.Context, d chat.Delivery, reason string) error
}

// Outbox delivers.
type Outbox struct {
	Config

	mu    sync.Mutex
	woken map[chat.Destination]bool
	busy  map[chat.Destination]*drainage
	wake  chan struct{} // something is in woken; never blocks
}

// New makes an outbox. Nothing is delivered until Run.
func New(c Config) (*Outbox, error) {
	if c.Store == nil || c.Queue == nil || c.Holder == "" || c.Now == nil || c.Random == nil || c.Logger == nil || c.GaveUp == nil {
		return nil, errors.New("make outbox: a part is missing")
	}
	return &Outbox{
		Config: c, woken: map[chat.Destination]bool{}, busy: map[chat.Destination]*drainage{},
		wake: make(chan struct{}, 1),
	}, nil
}

// Run delivers until ctx ends and returns when the deliveries under way have
// been settled, some 10 s later at most.
func (o *Outbox) Run(ctx context.Context) error {
	var beside sync.WaitGroup
	defer beside.Wait()
	ctx, end := context.WithCancel(ctx)
	defer end() // also when the queue failed
	beside.Go(func() { o.enqueueWoken(ctx) })
	beside.Go(func() { o.sweep(ctx) })
	return o.Queue.Run(ctx, func(job context.Context, to chat.Destination) time.Time {
		return o.drain(job, ctx.Done(), to)
	})
}
