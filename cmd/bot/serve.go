package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"go.uber.org/dig"
	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"

	"verihelp/channels"
	"verihelp/internal/bot"
	"verihelp/internal/lease"
	"verihelp/internal/store"
)

// serveCmd runs the service until it is told to stop.
type serveCmd struct{}

const (
	startTimeout = 30 * time.Second
	stopTimeout  = 20 * time.Second // what a stop may take: answers in flight are committed first

	maxHeader = 32 << 10 // bytes: cookies of the whole domain may come along, nothing of them is needed
)

// Run serves until ctx ends.
func (serveCmd) Run(ctx context.Context, s *settings, io streams) error {
	if err := s.check(); err != nil {
		return err
	}
	return serveApp(ctx, fx.New(service(s, io)))
}

// serveApp starts the service, waits, and stops it in reverse order.
func serveApp(ctx context.Context, app *fx.App) error {
	// A signal during the start waits for its end, so that what was begun is
	// stopped in order like everything else.
	starting, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if err := app.Start(starting); err != nil {
		return rootCause(err)
	}
	var failed error
	select {
	case <-ctx.Done():
	case signal := <-app.Wait():
		if signal.ExitCode != 0 { // 0: fx saw the same signal as we did
			failed = fmt.Errorf("the service stopped by itself (status %d); see the log", signal.ExitCode)
		}
	}
	stopping, done := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer done()
	return errors.Join(failed, rootCause(app.Stop(stopping)))
}

// rootCause is the error without fx's way to it: one line for the operator.
func rootCause(err error) error {
	if err == nil {
		return nil
	}
	return dig.RootCause(err)
}

// service is the whole object graph. It stops in reverse order: endpoints,
// channels and desks, the bot with its turns, the store.
func service(s *settings, io streams) fx.Option {
	return fx.Options(
		fx.WithLogger(func() fxevent.Logger { return fxevent.NopLogger }),
		fx.StartTimeout(startTimeout), fx.StopTimeout(stopTimeout),
		fx.Supply(s, io),
		fx.Provide(newLogger, newData, newHours, newBrain, newStore, newFiles, newClock, newProcess, newElector, newBot),
		parts(s),
		fx.Invoke(sweepCases, runParts, followOthers, keepClean, listen),
	)
}

func newLogger(s *settings, io streams) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return nil, fmt.Errorf("BOT_LOG: %w", err)
	}
	return slog.New(slog.NewTextHandler(io.err, &slog.HandlerOptions{Level: level})), nil
}

// desks and channels are gathered from parts.go.
type connected struct {
	fx.In
	Channels  []channels.Channel `group:"channels"`
	Desks     []channels.Desk    `group:"desks"`
	Endpoints []endpoint         `group:"endpoints"`
}

func newBrain(s *settings, d *data, c connected) (*brain, error) {
	return d.think(s, len(c.Desks) > 0)
}

func newStore(lc fx.Lifecycle, s *settings, now clock) (*store.Store, error) {
	db, err := openStoreAt(context.Background(), s, now)
	if err != nil {
		return nil, err
	}
	lc.Append(fx.StopHook(db.Close))
	return db, nil
}

// runParts runs every channel and desk, and stops the service when one fails. One
// behind a remote API is run by one process of those that share a database.
func runParts(lc fx.Lifecycle, c connected, b *bot.Bot, one lease.Elector, log *slog.Logger, down fx.Shutdowner) {
	run := func(name string, part any, f func(context.Context) error) {
		background(lc, func(ctx context.Context) {
			var err error
			if _, remote := part.(channels.Remote); remote {
				err = one.Run(ctx, "run "+name, f)
			} else {
				err = f(ctx)
			}
			if err != nil && ctx.Err() == nil {
				log.Error("part failed", "name", name, "err", err)
				_ = down.Shutdown(fx.ExitCode(exitErrors)) // fails only while stopping already
			}
		})
	}
	for _, ch := range c.Channels {
		run(ch.Name(), ch, func(ctx context.Context) error { return ch.Run(ctx, b) })
	}
	for _, desk := range c.Desks {
		run(desk.Name(), desk, func(ctx context.Context) error { return desk.Run(ctx, b) })
	}
}

// followOthers shows what other processes commit to people who are connected here.
func followOthers(lc fx.Lifecycle, db *store.Store, b *bot.Bot, log *slog.Logger) {
	background(lc, func(ctx context.Context) { db.Listen(ctx, log, b.Grew, b.Missed) })
}

// endpoint is an HTTP handler with its own address.
type endpoint struct {
	name    string // as the start-up line names it
	setting string // what to change when the address cannot be had
	address string
	path    string // of the page to open, with a one-time key if it has one
	handler http.Handler
}

// listen opens every endpoint's address; once all are open, the last thing of a
// start, it says where they are.
func listen(lc fx.Lifecycle, c connected, out streams, log *slog.Logger) {
	var up strings.Builder
	for _, e := range c.Endpoints {
		// Shutdown waits for requests, so those that stream must learn of it first.
		requests, endRequests := context.WithCancel(context.Background())
		server := &http.Server{
			Handler: e.handler, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
			// Whoever streams, or takes what is large, sets deadlines of its own.
			ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
			MaxHeaderBytes: maxHeader,
			BaseContext:    func(net.Listener) context.Context { return requests },
		}
		lc.Append(fx.StartStopHook(func(ctx context.Context) error {
			listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", e.address)
			if err != nil {
				return explainListen(e, err)
			}
			go serveUntilClosed(server, listener, log)
			fmt.Fprintf(&up, "%-10s http://%s%s\n", e.name, listener.Addr(), e.path)
			return nil
		}, func(ctx context.Context) error {
			endRequests()
			return server.Shutdown(ctx)
		}))
	}
	lc.Append(fx.StartHook(func() error {
		_, err := io.WriteString(out.out, up.String())
		return err
	}))
}

func serveUntilClosed(server *http.Server, l net.Listener, log *slog.Logger) {
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		log.Error("endpoint failed", "address", l.Addr().String(), "err", err)
	}
}

func explainListen(e endpoint, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is in use by another program; set %s to a free address, e.g. %s=127.0.0.1:0", e.address, e.setting, e.setting)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("no permission to listen on %s; set %s to a port above 1023", e.address, e.setting)
	}
	return fmt.Errorf("cannot listen on %s; correct %s: %w", e.address, e.setting, err)
}

// health answers load balancers and monitors.
func health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.Copy(w, strings.NewReader("ok\n")) // the peer is gone if it fails
}
