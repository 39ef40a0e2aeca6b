// Package telegram is the way to users on Telegram, through a bot of the Bot API.
//
// It stands at both ends of a message's way. Updates are fetched by long polling
// (poll.go) or come to a webhook (webhook.go); each becomes a chat.Message for the
// Inbox (step 1), and is confirmed to Telegram only once that is committed: an
// update that was fetched and lost would never come again. What cannot be committed
// while others wait behind it is given back to its sender (job.go). Committed items
// become messages with buttons (step 6): Deliver is called by the outbox, on any
// node, until Telegram has them.
//
// Sends go through the library go-telegram/bot, receiving does not: its poll loop
// confirms updates before they are handled, and its webhook answers 200 to all.
package telegram

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// Name is the channel's name in addresses. The user of an address is the ID of
// the private chat, which is that of the person.
const Name = "telegram"

// Config is what the channel is made of. Token and Notebook must be set; the zero
// value of any other field stands for the default named.
type Config struct {
	Token string // of the bot, from @BotFather
	API   string // base address of the Bot API; https://api.telegram.org

	// WebhookURL is where Telegram sends updates, with WebhookSecret in a header.
	// Without a secret the channel polls.
	WebhookURL    string
	WebhookSecret string

	Notebook channels.Notebook

	PollTimeout  time.Duration    // how long Telegram holds a poll; 50 s
	RetryWait    time.Duration    // before the first repetition of what failed, doubled for each next; 500 ms
	AlbumWait    time.Duration    // silence that ends an album; 1 s
	DownloadTime time.Duration    // for all files of a message, less than a webhook may take; 15 s
	GiveUp       time.Duration    // after this a message that alone fails is given back to its sender; 5 min
	PruneEvery   time.Duration    // how often old notes are thrown away; 15 min
	Now          func() time.Time // time.Now
	Random       io.Reader        // where tokens of links come from; crypto/rand
	Logger       *slog.Logger     // discards
}

func (c Config) withDefaults() Config {
	c.API = cmp.Or(c.API, "https://api.telegram.org")
	c.PollTimeout = cmp.Or(c.PollTimeout, 50*time.Second)
	c.RetryWait = cmp.Or(c.RetryWait, 500*time.Millisecond)
	c.AlbumWait = cmp.Or(c.AlbumWait, time.Second)
	c.DownloadTime = cmp.Or(c.DownloadTime, 15*time.Second)
	c.GiveUp = cmp.Or(c.GiveUp, 5*time.Minute)
	c.PruneEvery = cmp.Or(c.PruneEvery, 15*time.Minute)
	c.Random = cmp.Or(c.Random, rand.Reader)
	c.Logger = cmp.Or(c.Logger, slog.New(slog.DiscardHandler))
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Channel implements channels.Channel and channels.Remote. Create it with New;
// call Attach on every node, Run on one of them.
type Channel struct {
	cfg    Config
	api    *api
	notes  notes
	lines  lines
	albums albums

	handled *generations[int64, bool]  // IDs of updates, for those that Telegram sends again because it did not hear of it
	hinted  *generations[string, bool] // hints that were given, for messages that are handled again
	memory  *generations[chat.Address, impression]

	links sync.Mutex // held while notes of a link are read and changed

	mu    sync.Mutex
	inbox channels.Inbox
	me    *account
}

var (
	_ channels.Channel = (*Channel)(nil)
	_ channels.Remote  = (*Channel)(nil)
)

var (
	tokenForm  = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{20,100}$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{16,256}$`)
)

// New checks the configuration. It asks Telegram nothing: see Verify.
func New(cfg Config) (*Channel, error) {
	switch {
	case !tokenForm.MatchString(cfg.Token):
		return nil, errors.New("the Telegram token has not the form 123456789:AAH…; copy it from @BotFather")
	case cfg.WebhookSecret != "" && !secretForm.MatchString(cfg.WebhookSecret):
		return nil, errors.New("the Telegram webhook secret must have 16 to 256 letters, digits, - or _; make one with: openssl rand -hex 32")
	case cfg.Notebook == nil:
		return nil, errors.New("make Telegram channel: no notebook")
	}
	cfg = cfg.withDefaults()
	api, err := newAPI(cfg)
	if err != nil {
		return nil, err
	}
	return &Channel{
		cfg: cfg, api: api, notes: notes{cfg.Notebook, cfg.Now},
		lines:   lines{last: map[int64]chan struct{}{}},
		albums:  albums{open: map[string]*album{}},
		handled: newGenerations[int64, bool](maxRemembered), hinted: newGenerations[string, bool](maxRemembered),
		memory: newGenerations[chat.Address, impression](maxRemembered),
	}, nil
}

// maxRemembered is how many entries a generation of each memory holds. What is
// forgotten is read again, or costs no more than a second hint.
const maxRemembered = 10_000

// Name implements channels.Channel.
func (c *Channel) Name() string { return Name }

// Attach gives the channel its inbox, which Deliver and the webhook need also on
// nodes where Run does not run.
func (c *Channel) Attach(in channels.Inbox) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inbox = in
}

func (c *Channel) attached() channels.Inbox {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inbox
}

// Verify asks Telegram whether it takes the token. A Telegram that cannot be
// reached is no error: Run tries again.
func (c *Channel) Verify(ctx context.Context) error {
	_, err := c.account(ctx)
	if errors.Is(err, errToken) {
		return err
	}
	if err != nil {
		c.cfg.Logger.Warn("telegram cannot be reached yet; trying again", "err", err)
	}
	return nil
}

// Run implements channels.Channel: it takes updates until ctx ends. It must run
// on one node only, since Telegram serves one poller a token.
func (c *Channel) Run(ctx context.Context, in channels.Inbox) error {
	c.Attach(in)
	if err := c.prepare(ctx); err != nil {
		return nil //nolint:nilerr // only the end of ctx ends the preparation
	}
	var pruning sync.WaitGroup
	defer pruning.Wait()
	pruning.Go(func() { c.prune(ctx) })
	if c.cfg.WebhookSecret != "" {
		<-ctx.Done()
		return nil
	}
	c.poll(ctx)
	return nil
}

// prune throws old notes away, again and again until ctx ends.
func (c *Channel) prune(ctx context.Context) {
	for {
		c.notes.prune(ctx, c.cfg.Logger)
		if !sleep(ctx, c.cfg.PruneEvery) {
			return
		}
	}
}

// prepare tells Telegram how updates are taken, again and again until it is
// reached, and what the bot says of itself, which can wait for the next start.
func (c *Channel) prepare(ctx context.Context) error {
	if err := c.persist(ctx, "telegram is not ready yet; trying again", c.chooseWay); err != nil {
		return err
	}
	if err := c.introduce(ctx); err != nil {
		c.cfg.Logger.Warn("commands and descriptions not set", "channel", Name, "err", err)
	}
	return nil
}

// persist repeats f until it succeeds, with growing waits, or ctx ends.
func (c *Channel) persist(ctx context.Context, complaint string, f func(context.Context) error) error {
	wait := c.cfg.RetryWait
	for {
		err := f(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.cfg.Logger.Warn(complaint, "err", err)
		if !sleep(ctx, max(wait, retryAfter(err))) {
			return ctx.Err()
		}
		wait = min(2*wait, maxWait)
	}
}

// maxWait bounds the wait between two attempts of anything.
const maxWait = 30 * time.Second

// sleep is false if ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// account is what Telegram says of the bot.
type account struct {
	ID         int64
	Username   string
	JoinGroups bool
}

func (c *Channel) account(ctx context.Context) (account, error) {
	c.mu.Lock()
	known := c.me
	c.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	me, err := c.api.getMe(ctx)
	if err != nil {
		return account{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.me = &me
	return me, nil
}

// botID is the bot's ID, which its token begins with.
func (c *Channel) botID() string {
	id, _, _ := strings.Cut(c.cfg.Token, ":")
	return id
}

func addressOf(chatID int64) chat.Address {
	return chat.Address{Channel: Name, User: strconv.FormatInt(chatID, 10)}
}

// chatOf reads the chat out of an address.
func chatOf(who chat.Address) (int64, error) {
	id, err := strconv.ParseInt(who.User, 10, 64)
	if err != nil || who.Channel != Name || id <= 0 {
		return 0, &channels.Refused{Reason: "the address is not one of a private Telegram chat", Err: fmt.Errorf("read address: %w", strconv.ErrSyntax)}
	}
	return id, nil
}
