package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

const (
	leaseTime   = 30 * time.Second // a row whose process died is taken by another after this
	attemptTime = 20 * time.Second // what an API has to answer, to be asked first included
	giveUpTime  = 4 * time.Second  // what telling that a row is given up may take
	settleTime  = 5 * time.Second  // how long settling is tried; the three together are less than the lease
	settlePause = 250 * time.Millisecond
	drainTime   = 20 * time.Second // after this a job makes room for others
)

// drainage is a destination that a job of this process is at.
type drainage struct{ again bool }

// drain delivers what is due for a destination, head after head, until nothing
// is due, an attempt failed, or stop is closed. again says when to come back;
// the zero time: at the next wake-up.
func (o *Outbox) drain(ctx context.Context, stop <-chan struct{}, to chat.Destination) (again time.Time) {
	mine := o.enter(to)
	if mine == nil {
		return time.Time{}
	}
	defer o.leave(to, mine)
	for end := o.Now().Add(drainTime); o.Now().Before(end); {
		select {
		case <-stop:
			return o.Now() // another process, or the next start, goes on
		default:
		}
		d, ok, err := o.Store.Take(ctx, to, o.Holder, o.Now(), leaseTime)
		if err != nil {
			o.Logger.Warn("take delivery failed; the sweep will come back", "kind", to.Kind, "name", to.Name, "err", err)
			return time.Time{}
		}
		if !ok {
			if o.nothingNew(to, mine) {
				return time.Time{}
			}
			continue
		}
		d, settled := o.deliver(ctx, d)
		if !settled {
			return time.Time{}
		}
		if d.State != chat.DeliverySent && d.State != chat.DeliveryDead {
			return d.Due
		}
	}
	return o.Now()
}

// enter gives a job a destination to drain. If another job of this process is at
// it, that one will look once more, and this one gets nil.
func (o *Outbox) enter(to chat.Destination) *drainage {
	o.mu.Lock()
	defer o.mu.Unlock()
	if at := o.busy[to]; at != nil {
		at.again = true
		return nil
	}
	mine := &drainage{}
	o.busy[to] = mine
	return mine
}

func (o *Outbox) leave(to chat.Destination, mine *drainage) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.busy[to] == mine {
		delete(o.busy, to)
	}
}

// nothingNew leaves, unless another job came since the last look: what it came
// for would then be found by nobody.
func (o *Outbox) nothingNew(to chat.Destination, mine *drainage) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if mine.again {
		mine.again = false
		return false
	}
	delete(o.busy, to)
	return true
}

// deliver tries a row that was taken and settles it. If that fails the lease
// runs out, and the row counts as unknown for whoever takes it then.
func (o *Outbox) deliver(ctx context.Context, d chat.Delivery) (after chat.Delivery, settled bool) {
	log := o.Logger.With("delivery", d.ID, "kind", d.To.Kind, "name", d.To.Name)
	a := o.try(ctx, d)
	ctx = context.WithoutCancel(ctx) // what was tried is settled, also while stopping
	after, giveUp := settle(d, a, o.Now(), o.Random())
	if giveUp {
		if err := o.giveUp(ctx, after); err != nil {
			log.Error("telling that a delivery is given up failed; it will be tried again", "err", err)
		} else {
			after.State = chat.DeliveryDead
		}
	}
	if err := o.record(ctx, after); err != nil {
		log.Error("settle delivery failed; its lease will run out", "state", after.State, "err", err)
		return after, false
	}
	if a.err != nil {
		log.Warn("delivery failed", "state", after.State, "attempts", after.Attempts, "unknowns", after.Unknowns, "due", after.Due, "err", after.Error)
	}
	return after, true
}

// record settles a row. It is worth some patience: an attempt that is forgotten
// holds up its destination until the lease ends, and has to be asked for.
func (o *Outbox) record(ctx context.Context, d chat.Delivery) error {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	for {
		err := o.Store.Settle(ctx, d, o.Holder)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(settlePause):
		}
	}
}

func (o *Outbox) giveUp(ctx context.Context, d chat.Delivery) error {
	ctx, cancel := context.WithTimeout(ctx, giveUpTime)
	defer cancel()
	return o.GaveUp(ctx, d, d.Error)
}

var (
	errPanic = errors.New("the adapter panicked; see the log")
	errGone  = &channels.Refused{Reason: channels.ReasonNotStored}
)

// try makes one attempt. A panic of an adapter must not hold up its destination
// for ever: it is an attempt of unknown outcome, given up like any other.
func (o *Outbox) try(ctx context.Context, d chat.Delivery) (a attempt) {
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			o.Logger.Error("adapter panicked", "delivery", d.ID, "name", d.To.Name, "stack", string(debug.Stack()))
			a = attempt{receipts: d.Receipts, err: fmt.Errorf("%w: %w", errPanic, channels.ErrUnknownOutcome), sent: true}
		}
	}()
	remote := o.Remotes[chat.Destination{Kind: d.To.Kind, Name: d.To.Name}]
	if remote == nil {
		return attempt{err: fmt.Errorf("no %s called %q is set up", d.To.Kind, d.To.Name)}
	}
	full, err := o.load(ctx, d)
	if err != nil {
		return attempt{err: err}
	}
	if d.State == chat.DeliveryUnknown {
		full.Receipts, err = find(ctx, remote, full)
		if err != nil && !errors.Is(err, channels.ErrCannotAsk) {
			return attempt{receipts: full.Receipts, err: fmt.Errorf("ask whether it arrived: %w", err)}
		}
	}
	receipts, err := remote.Deliver(ctx, full)
	if len(receipts) < len(full.Receipts) {
		receipts = full.Receipts
	}
	return attempt{receipts: receipts, err: err, sent: true}
}

// find asks for one part after the other until one has not arrived: a process
// that died had perhaps delivered several.
func find(ctx context.Context, remote channels.Remote, d channels.Delivery) (receipts []string, err error) {
	for {
		found, err := remote.Find(ctx, d)
		more := len(found) > len(d.Receipts)
		if more {
			d.Receipts = found
		}
		if err != nil || !more {
			return d.Receipts, err
		}
	}
}

// load reads what a row names.
func (o *Outbox) load(ctx context.Context, d chat.Delivery) (channels.Delivery, error) {
	full := channels.Delivery{Delivery: d}
	if n := int(d.Last - d.First + 1); n > 0 {
		items, err := o.Store.Log(ctx, d.Address, d.First-1, n)
		if err != nil {
			return full, fmt.Errorf("load items: %w", err)
		}
		full.Items = slices.DeleteFunc(items, func(i chat.Item) bool { return i.Seq > d.Last })
	}
	if d.Event == "" {
		if n := d.Last - d.First + 1; n > 0 && len(full.Items) == 0 {
			return full, errGone
		}
		return full, nil
	}
	event, err := o.Store.Event(ctx, d.Event)
	switch {
	case errors.Is(err, chat.ErrUnknownEvent), err == nil && event.Case == nil:
		return full, errGone
	case err != nil:
		return full, fmt.Errorf("load event: %w", err)
	}
	full.Update = &channels.Update{Case: *event.Case, Change: event.Change, Items: full.Items}
	return full, nil
}
