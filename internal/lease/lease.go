// Package lease lets one process of several do something: poll a channel, hold
// a desk's connection, sweep for what nobody woke.
//
// A lease is a row of the database with a holder and an end. It is taken for TTL
// and renewed every Renew; who cannot renew it stops before the end, so that
// another process may begin then. A process that dies is replaced within TTL and
// Renew, one that stops in good order gives its lease back at once. The clocks
// of the processes must agree to within the margin (2 s): run NTP.
package lease

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Times of a lease.
const (
	TTL    = 10 * time.Second
	Renew  = 3 * time.Second
	margin = 2 * time.Second // before the end of a lease that was not renewed, its holder stops
)

// Store keeps leases.
type Store interface {
	// Lease takes or renews a lease; false while another holder has it.
	Lease(ctx context.Context, name, holder string, now, until time.Time) (bool, error)
	// Unlease gives a lease back; no error if the holder does not have it.
	Unlease(ctx context.Context, name, holder string) error
}

// Elector runs what only one process may do. All fields are needed.
type Elector struct {
	Store  Store
	Holder string // names this process, unlike any other that runs now
	Now    func() time.Time
	Logger *slog.Logger
}

// Run calls f whenever this process has the lease of that name, with a context
// that ends when the lease is lost; f must return soon after. It returns when
// ctx ends, or with f's result when f returns while it has the lease.
func (e Elector) Run(ctx context.Context, name string, f func(context.Context) error) error {
	for ctx.Err() == nil {
		until, ok, err := e.take(ctx, name)
		if err != nil && ctx.Err() == nil {
			e.Logger.Warn("take lease failed", "lease", name, "err", err)
		}
		if ok {
			if lost, err := e.hold(ctx, name, until, f); !lost {
				return err
			}
			e.Logger.Warn("lease lost", "lease", name)
		}
		select {
		case <-ctx.Done():
		case <-time.After(Renew):
		}
	}
	return nil
}

// take tries once to take or renew the lease and returns until when it holds.
func (e Elector) take(ctx context.Context, name string) (until time.Time, ok bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, margin)
	defer cancel()
	now := e.Now()
	until = now.Add(TTL)
	ok, err = e.Store.Lease(ctx, name, e.Holder, now, until)
	return until, ok && err == nil, err
}

// hold runs f and keeps the lease meanwhile. lost says that f was ended because
// the lease was; else f ended by itself or with ctx, and the lease is given back.
func (e Elector) hold(ctx context.Context, name string, until time.Time, f func(context.Context) error) (lost bool, err error) {
	held, end := context.WithCancel(ctx)
	defer end()
	done := make(chan error, 1)
	go func() { done <- f(held) }()
	renew := time.NewTicker(Renew)
	defer renew.Stop()
	for {
		select {
		case err := <-done:
			return false, e.giveBack(ctx, name, err)
		case <-renew.C:
		}
		// A database that does not answer must not keep f running beside another's.
		soon, cancel := context.WithTimeout(ctx, until.Add(-margin).Sub(e.Now()))
		next, ok, err := e.take(soon, name)
		cancel()
		switch {
		case ok:
			until = next
		case ctx.Err() != nil: // f is ending
		case err == nil, e.Now().Add(Renew + margin).After(until): // somebody else has it, or may soon
			end()
			<-done //nolint:errcheck // what it says of its forced end concerns nobody
			return true, nil
		}
	}
}

// giveBack lets the next process begin at once. If it fails, TTL ends the lease.
func (e Elector) giveBack(ctx context.Context, name string, result error) error {
	stopped := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), margin)
	defer cancel()
	if err := e.Store.Unlease(ctx, name, e.Holder); err != nil {
		e.Logger.Warn("give lease back failed", "lease", name, "err", err)
	}
	if stopped || result == nil {
		return nil
	}
	return fmt.Errorf("run %s: %w", name, result)
}
