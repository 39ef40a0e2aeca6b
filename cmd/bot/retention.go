package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.uber.org/fx"

	"verihelp/internal/bot"
	"verihelp/internal/lease"
	"verihelp/internal/store"
)

const (
	cleanEvery = time.Hour
	cleanAtOne = 200 // conversations deleted in one transaction: what others wait for
)

// keepClean deletes what is older than BOT_RETENTION, and attachments that have
// expired, on one process of those that share the database.
func keepClean(lc fx.Lifecycle, s *settings, db *store.Store, b *bot.Bot, one lease.Elector, now clock, log *slog.Logger) error {
	keep, err := s.retention()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	lc.Append(fx.StartStopHook(func() {
		running.Go(func() {
			_ = one.Run(ctx, "clean", func(ctx context.Context) error { return cleanNowAndThen(ctx, db, b, keep, now, log) }) // ends with ctx
		})
	}, func() {
		cancel()
		running.Wait()
	}))
	return nil
}

func cleanNowAndThen(ctx context.Context, db *store.Store, b *bot.Bot, keep time.Duration, now clock, log *slog.Logger) error {
	tick := time.NewTicker(cleanEvery)
	defer tick.Stop()
	for {
		clean(ctx, db, b, keep, now(), log)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func clean(ctx context.Context, db *store.Store, b *bot.Bot, keep time.Duration, now time.Time, log *slog.Logger) {
	before := time.Time{} // keeps everything
	if keep > 0 {
		before = now.Add(-keep)
	}
	for ctx.Err() == nil {
		deleted, err := db.Expire(ctx, before, now, cleanAtOne)
		if err != nil {
			log.Error("deleting what is too old failed; it is tried again in an hour", "err", err)
			return
		}
		if deleted > 0 {
			log.Info("deleted what is older than BOT_RETENTION", "conversations", deleted)
			b.Missed() // whoever is connected to one of them begins anew
		}
		if deleted < cleanAtOne {
			return
		}
	}
}
