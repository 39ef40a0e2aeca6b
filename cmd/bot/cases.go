package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.uber.org/fx"

	"verihelp/internal/bot"
	"verihelp/internal/hours"
	"verihelp/internal/lease"
)

// sweepEvery is how often the service looks for what is due about open cases.
const sweepEvery = time.Minute

// hours reads when staff work.
func (s *settings) hours() (hours.Hours, error) {
	zone, err := s.location()
	if err != nil {
		return hours.Hours{}, err
	}
	h, err := hours.Parse(s.Hours, zone)
	if err != nil {
		return hours.Hours{}, fmt.Errorf("BOT_HOURS: %w", err)
	}
	return h, nil
}

// sweepCases keeps each process's view of the queue, and lets one of them do what
// is due. Without a desk there is nobody to remind, and nobody is waited for.
func sweepCases(lc fx.Lifecycle, b *bot.Bot, c connected, one lease.Elector, now clock, log *slog.Logger) {
	if len(c.Desks) == 0 {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	lc.Append(fx.StartStopHook(func(starting context.Context) error {
		if err := b.Refresh(starting, now()); err != nil { // before the first person asks for a place
			return err
		}
		running.Go(func() { repeat(ctx, "refresh the queue", now, b.Refresh, log) })
		running.Go(func() {
			_ = one.Run(ctx, "sweep cases", func(ctx context.Context) error { // ends with ctx
				repeat(ctx, "sweep cases", now, b.Sweep, log)
				return nil
			})
		})
		return nil
	}, func() {
		cancel()
		running.Wait()
	}))
}

// repeat does something now and every minute until ctx ends.
func repeat(ctx context.Context, what string, now clock, do func(context.Context, time.Time) error, log *slog.Logger) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := do(ctx, now()); err != nil && ctx.Err() == nil {
			log.Warn(what+" failed; it is tried again in a minute", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}
