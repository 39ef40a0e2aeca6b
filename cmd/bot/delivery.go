package main

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"go.uber.org/fx"

	"verihelp/channels"
	"verihelp/channels/hook"
	"verihelp/internal/bot"
	"verihelp/internal/chat"
	"verihelp/internal/files"
	"verihelp/internal/hours"
	"verihelp/internal/lease"
	"verihelp/internal/outbox"
	"verihelp/internal/outbox/riverqueue"
	"verihelp/internal/store"
)

// clock is the service's time. A test can have one that goes wrong.
type clock func() time.Time

func newClock() clock { return time.Now }

// process names this process in leases.
type process string

func newProcess() process { return process(newID()) }

// newElector lets one process of several do what only one may.
func newElector(me process, db *store.Store, now clock, log *slog.Logger) lease.Elector {
	return lease.Elector{Store: db, Holder: string(me), Now: now, Logger: log}
}

// remotes are the channels and desks behind somebody else's API.
func (c connected) remotes() map[chat.Destination]channels.Remote {
	found := map[chat.Destination]channels.Remote{}
	for _, ch := range c.Channels {
		if r, ok := ch.(channels.Remote); ok {
			found[chat.Destination{Kind: chat.ToChannel, Name: ch.Name()}] = r
		}
	}
	for _, desk := range c.Desks {
		if r, ok := desk.(channels.Remote); ok {
			found[chat.Destination{Kind: chat.ToDesk, Name: desk.Name()}] = r
		}
	}
	return found
}

// newBot makes the bot and, where something is remote, the outbox, which need
// each other: the bot wakes the outbox, the outbox tells the bot what it gave up.
func newBot(lc fx.Lifecycle, s *settings, b *brain, db *store.Store, kept *files.Keeper, staff hours.Hours, c connected, me process, now clock, log *slog.Logger) (*bot.Bot, error) {
	var sending *outbox.Outbox
	config := bot.Config{
		Store: db, Engine: b.engine, Channels: c.Channels, Desks: c.Desks,
		NewID: newID, Now: now, Logger: log, Burst: s.Burst, Files: kept, Hours: staff, Target: s.Target,
		OriginCases: s.Cases,
		Wake:        func(to chat.Destination) { sending.Wake(to) },
	}
	remotes := c.remotes()
	push, err := newHook(s, db, now)
	if err != nil {
		return nil, err
	}
	if push != nil {
		remotes[chat.Destination{Kind: chat.ToHook, Name: hook.Name}] = push
		config.Push = pushTo
	}
	service, err := bot.New(config)
	if err != nil {
		return nil, err
	}
	lc.Append(fx.StopHook(service.Close))
	if len(remotes) == 0 {
		return service, nil
	}
	queue, err := newQueue(s, db, remotes, log)
	if err != nil {
		return nil, err
	}
	sending, err = outbox.New(outbox.Config{
		Store: db, Queue: queue, Remotes: remotes, Holder: string(me), Now: now, Random: rand.Float64,
		Logger: log, GaveUp: service.GaveUp,
	})
	if err != nil {
		return nil, err
	}
	lc.Append(fx.StopHook(queue.Close))
	background(lc, func(ctx context.Context) { keepSending(ctx, sending, log) })
	return service, nil
}

func newQueue(s *settings, db *store.Store, remotes map[chat.Destination]channels.Remote, log *slog.Logger) (*riverqueue.Queue, error) {
	o := riverqueue.Options{Logger: log}
	for lane := range remotes {
		o.Lanes = append(o.Lanes, lane)
	}
	if pool := db.Pool(); pool != nil {
		return riverqueue.NewPostgres(context.Background(), pool, o)
	}
	return riverqueue.NewSQLite(context.Background(), databaseFile(s), o)
}

// resend is how long deliveries rest after their queue failed, e.g. because the
// database restarts.
const resend = 2 * time.Second

// keepSending delivers until ctx ends; what is under way is finished.
func keepSending(ctx context.Context, sending *outbox.Outbox, log *slog.Logger) {
	for {
		err := sending.Run(ctx)
		if ctx.Err() != nil {
			return
		}
		log.Error("deliveries were interrupted and begin again", "err", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(resend):
		}
	}
}
