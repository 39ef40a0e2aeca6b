package outbox

import (
	"context"
	"maps"
	"slices"
	"time"

	"verihelp/internal/chat"
	"verihelp/internal/lease"
)

const (
	enqueueTime  = 5 * time.Second // what the database has for taking wake-ups
	sweepEvery   = 2 * time.Second
	sweepAfter   = 2 * time.Second // how long a row must have been due to be swept: a wake-up comes first
	sweepAgain   = 10 * time.Second
	sweepAtATime = 500 // destinations
)

// Wake says that something was committed for a destination. It never blocks, and
// may be called before Run and while it stops.
func (o *Outbox) Wake(to chat.Destination) {
	o.mu.Lock()
	o.woken[to] = true
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// enqueueWoken makes jobs of what was woken. What comes while the database is at
// one batch is the next, each destination once.
func (o *Outbox) enqueueWoken(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.wake:
		}
		o.mu.Lock()
		woken := o.woken
		o.woken = map[chat.Destination]bool{}
		o.mu.Unlock()
		o.enqueue(ctx, slices.Collect(maps.Keys(woken)))
	}
}

func (o *Outbox) enqueue(ctx context.Context, dests []chat.Destination) {
	if len(dests) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, enqueueTime)
	defer cancel()
	if err := o.Queue.Enqueue(ctx, dests); err != nil {
		o.Logger.Warn("wake-up failed; the sweep will find the rows", "destinations", len(dests), "err", err)
	}
}

// sweep wakes, on one process of all, what is due and was not woken, or whose
// process died.
func (o *Outbox) sweep(ctx context.Context) {
	elector := lease.Elector{Store: o.Store, Holder: o.Holder, Now: o.Now, Logger: o.Logger}
	_ = elector.Run(ctx, "sweeper", func(ctx context.Context) error { // ends with ctx only
		swept := map[chat.Destination]time.Time{}
		tick := time.NewTicker(sweepEvery)
		defer tick.Stop()
		for {
			o.sweepOnce(ctx, swept)
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	})
}

// sweepOnce leaves alone what it woke a moment ago: where the queue has fallen
// behind, more jobs would not help.
func (o *Outbox) sweepOnce(ctx context.Context, swept map[chat.Destination]time.Time) {
	now := o.Now()
	maps.DeleteFunc(swept, func(_ chat.Destination, at time.Time) bool { return now.Sub(at) >= sweepAgain })
	due, err := o.Store.DueDestinations(ctx, now.Add(-sweepAfter), sweepAtATime+len(swept))
	if err != nil {
		if ctx.Err() == nil {
			o.Logger.Warn("sweep failed", "err", err)
		}
		return
	}
	due = slices.DeleteFunc(due, func(to chat.Destination) bool { return !swept[to].IsZero() })
	for _, to := range due {
		swept[to] = now
	}
	o.enqueue(ctx, due)
}
