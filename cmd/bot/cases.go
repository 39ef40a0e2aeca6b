package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.uber.org/fx"

	"verihelp/internal/bot"
	"verihelp/internal/hours"
	"verihelp/internal/lease"
)

// sweepEvery is how often the service looks for what is due about open cases.
const sweepEvery = time.Minute

// newHours reads when staff work.
func newHours(s *settings) (hours.Hours, error) {
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
	lc.Append(fx.StartHook(func(ctx context.Context) error { return b.Refresh(ctx, now()) })) // before the first person asks for a place
	background(lc,
		func(ctx context.Context) { repeat(ctx, "refresh the queue", sweepEvery, now, b.Refresh, log) },
		func(ctx context.Context) {
			_ = one.Run(ctx, "sweep cases", func(ctx context.Context) error { // ends with ctx
				repeat(ctx, "sweep cases", sweepEvery, now, b.Sweep, log)
				return nil
			})
		})
}
