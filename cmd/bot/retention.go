package main

import (
	"context"
	"log/slog"
	"time"

	"go.uber.org/fx"

	"verihelp/internal/bot"
	"verihelp/internal/lease"
	"verihelp/internal/store"
)

const (
	cleanEvery = time.Hour
	cleanAtOne = 200 // conversations looked for at a time
)

// keepClean deletes what is older than BOT_RETENTION, and attachments that have
// expired, on one process of those that share the database.
func keepClean(lc fx.Lifecycle, s *settings, db *store.Store, b *bot.Bot, one lease.Elector, now clock, log *slog.Logger) error {
	keep, err := s.retention()
	if err != nil {
		return err
	}
	clean := func(ctx context.Context, now time.Time) error {
		before := time.Time{} // keeps everything
		if keep > 0 {
			before = now.Add(-keep)
		}
		for deleted := cleanAtOne; deleted == cleanAtOne && ctx.Err() == nil; {
			if deleted, err = db.Expire(ctx, before, now, cleanAtOne); err != nil {
				return err
			}
			if deleted > 0 {
				log.Info("deleted what is older than BOT_RETENTION", "conversations", deleted)
				b.Missed() // whoever is connected to one of them begins anew
			}
		}
		return nil
	}
	background(lc, func(ctx context.Context) {
		_ = one.Run(ctx, "clean", func(ctx context.Context) error { // ends with ctx
			repeat(ctx, "deleting what is too old", cleanEvery, now, clean, log)
			return nil
		})
	})
	return nil
}
