package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"verihelp/channels"
	"verihelp/channels/console"
	"verihelp/internal/bot"
	"verihelp/internal/store"
)

// chatCmd is a conversation in the terminal, with the staff at the same terminal.
type chatCmd struct {
	Locale string `default:"zh-TW" help:"What the app would say of itself: zh-TW, zh-HK, zh-CN."`
}

// Run talks until the input ends. The store is in memory: nothing is kept.
func (c chatCmd) Run(ctx context.Context, s *settings, std streams) error {
	b, err := loadBrain(s)
	if err != nil {
		return err
	}
	zone, err := s.location()
	if err != nil {
		return err
	}
	db, err := store.OpenMemory(ctx, store.Options{NewID: newID})
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	defer db.Close() //nolint:errcheck,contextcheck // in memory: nothing to lose
	terminal := console.New(console.Config{In: io.NopCloser(std.in), Out: std.out, Locale: c.Locale, Now: time.Now, NewID: newID, Categories: labels(b.catalog), Location: zone})
	service, err := bot.New(bot.Config{
		Store: db, Engine: b.engine, NewID: newID, Logger: slog.New(slog.DiscardHandler),
		Channels: []channels.Channel{terminal}, Desks: []channels.Desk{terminal.Desk()},
	})
	if err != nil {
		return err
	}
	if err := terminal.Talk(ctx, service, service); err != nil {
		return err
	}
	return service.Close(context.WithoutCancel(ctx))
}
