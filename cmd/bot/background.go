package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.uber.org/fx"
)

// background runs functions from the start of the service until its stop, which
// ends their context and waits for them.
func background(lc fx.Lifecycle, run ...func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	lc.Append(fx.StartStopHook(func() {
		for _, f := range run {
			running.Go(func() { f(ctx) })
		}
	}, func() {
		cancel()
		running.Wait()
	}))
}

// repeat does something now and then every so often, until ctx ends.
func repeat(ctx context.Context, what string, every time.Duration, now clock, do func(context.Context, time.Time) error, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := do(ctx, now()); err != nil && ctx.Err() == nil {
			log.Warn(what+" failed; it is tried again", "in", every, "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}
