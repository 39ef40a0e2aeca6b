// Package bot takes one message through its turn: steps 2, 3 and 5 of its way.
//
// Receive masks secrets first of all, then queues the message behind earlier
// ones of its conversation; a burst of short messages becomes one turn (queue.go).
// The turn runs in one transaction of the store, around the pure engine
// (turn.go); what was committed is delivered afterwards (deliver.go). Handle does
// the same for what staff do on a desk (staff.go), and Sweep for what is due
// because nobody did anything (due.go).
//
// Bot implements channels.Inbox and channels.DeskInbox. It owns a goroutine per
// conversation that has something to do, and Close waits for all of them.
package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
	"verihelp/internal/hours"
	"verihelp/internal/limit"

	"golang.org/x/time/rate"
)

// Engine decides turns: dialogue.Engine, declared here by its consumer.
type Engine interface {
	// Next decides one turn; pure.
	Next(c chat.Conversation, m chat.Message, q chat.Queue) chat.Turn
	// Notice is what the user is told when staff, or the service, change the
	// case; may be empty.
	Notice(c chat.Conversation, a chat.StaffAction, q chat.Queue) chat.Reply
}

// Config is what a bot is made of.
type Config struct {
	Store    Store
	Engine   Engine
	Channels []channels.Channel
	Desks    []channels.Desk
	NewID    func() string    // IDs of events; unique
	Now      func() time.Time // the time of what the service does by itself; time.Now if nil
	Logger   *slog.Logger

	// Hours is when staff work; the zero Hours is always.
	Hours hours.Hours
	// Target is the working time within which a user should be answered, half of
	// it in cases that go before others; DefaultTarget if 0.
	Target time.Duration

	// OriginCases is how many cases strangers of one origin may open at once, and
	// then an hour (chat.Message.Origin); 0: any number.
	OriginCases int

	// Files keeps attachments; nil refuses them.
	Files Files

	// Push names where the host is told that staff have answered somebody who may
	// not be looking; ok is false for those whom the host does not know. nil: nobody
	// is told.
	Push func(chat.Address) (to chat.Destination, ok bool)

	// Wake tells the outbox that something was committed for a destination. It
	// must not block. Needed where a channel or desk is remote.
	Wake func(chat.Destination)

	// Burst is how long a turn waits for a further message of the same person
	// before it answers; 0 answers each at once. A tap is never waited behind.
	Burst time.Duration
}

// Bot answers messages.
type Bot struct {
	Config
	channels map[string]channels.Channel
	pieces   *pieces
	line     line
	origins  *limit.Buckets[string] // cases that strangers open; nil: any number

	warnCrowd rate.Sometimes
	mu        sync.Mutex
	queues    map[chat.Address]*queue
	locks     map[chat.Address]*lock
	closing   bool
	work      sync.WaitGroup
	ctx       context.Context // ends what goroutines wait for
	stop      context.CancelFunc
}

var (
	_ channels.Inbox     = (*Bot)(nil)
	_ channels.DeskInbox = (*Bot)(nil)
)

// ErrClosing is returned for messages that arrive while the service stops; the
// sender keeps them and tries again.
var ErrClosing = errors.New("the service is stopping")

// ErrBusy is returned when one person has too many messages waiting.
var ErrBusy = errors.New("too many messages are waiting")

// New makes a bot. Nothing runs until the first message.
func New(c Config) (*Bot, error) {
	if c.Store == nil || c.Engine == nil || c.NewID == nil || c.Logger == nil {
		return nil, errors.New("make bot: a part is missing")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Target <= 0 {
		c.Target = DefaultTarget
	}
	b := &Bot{Config: c, channels: map[string]channels.Channel{}, queues: map[chat.Address]*queue{}, pieces: newPieces(), locks: map[chat.Address]*lock{}}
	if c.OriginCases > 0 {
		b.origins = limit.Hourly[string](c.OriginCases)
		b.warnCrowd.Interval = time.Minute
	}
	for _, ch := range c.Channels {
		if b.channels[ch.Name()] != nil {
			return nil, fmt.Errorf("make bot: two channels are called %q", ch.Name())
		}
		b.channels[ch.Name()] = ch
	}
	if err := c.reachable(); err != nil {
		return nil, fmt.Errorf("make bot: %w", err)
	}
	b.ctx, b.stop = context.WithCancel(context.Background())
	return b, nil
}

// reachable says whether there is a way to deliver to every part.
func (c Config) reachable() error {
	for _, ch := range c.Channels {
		_, sender := ch.(channels.Sender)
		if err := c.reach(ch.Name(), ch, sender); err != nil {
			return err
		}
	}
	for _, desk := range c.Desks {
		_, poster := desk.(channels.Poster)
		if err := c.reach(desk.Name(), desk, poster); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) reach(name string, part any, direct bool) error {
	_, remote := part.(channels.Remote)
	switch {
	case direct == remote:
		return fmt.Errorf("%q must either take things directly or be remote", name)
	case remote && c.Wake == nil:
		return fmt.Errorf("%q is remote and needs an outbox", name)
	}
	return nil
}

// Close takes no more messages, answers those that were accepted, and waits for
// that until ctx ends.
func (b *Bot) Close(ctx context.Context) error {
	b.mu.Lock()
	b.closing = true
	for _, q := range b.queues {
		q.hurry()
	}
	b.mu.Unlock()
	done := make(chan struct{})
	go func() { b.work.Wait(); close(done) }()
	defer b.stop()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close bot: %w", ctx.Err())
	}
}

// enter counts a piece of work that Close waits for; false while closing.
func (b *Bot) enter() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closing {
		return false
	}
	b.work.Add(1)
	return true
}

// Log returns committed items of an address after a sequence number.
func (b *Bot) Log(ctx context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error) {
	return b.Store.Log(ctx, who, after, limit)
}
