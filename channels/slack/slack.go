// Package slack is the staff desk in Slack: one thread a case, in a channel that
// only support staff are members of.
//
// A case's first message is its card, kept fresh; everything else stands in its
// thread. Deliver and Find put changes of a case there (deliver.go, card.go): they
// may run in any process, so that what ties a case to its thread lives in the
// Notebook. Run listens in one process (socket.go): it acknowledges first, works in
// order for each thread (lanes.go), and reads the history after every gap (gap.go,
// compare.go), since Slack does not send again what nobody took. Where Slack sends
// HTTP requests instead (http.go), every process takes them, and acknowledges events
// once they are committed.
//
// Users' words stand in plain text elements only, so that they can never mention,
// link or format; staff's words reach a user only by the rule in message.go.
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"verihelp/channels"
	"verihelp/channels/staffwords"
	"verihelp/internal/chat"
)

// ReplyRule says which words of staff reach a user.
type ReplyRule string

// Reply rules.
const (
	ReplyClaimer ReplyRule = "claimer" // what the holder of a case types in its thread, unless it is a note
	ReplyCommand ReplyRule = "command" // only what is sent with the button "reply"
)

// PriorityRoute is the key of Config.Routes for cases that go before others and
// whose category has no channel of its own.
const PriorityRoute = "priority"

// Config is what a desk is made of. Zero values of the last block are sensible.
type Config struct {
	BotToken      string // xoxb-…
	AppToken      string // xapp-…: Socket Mode
	SigningSecret string // without AppToken: HTTP Events
	Channel       string // ID of the desk channel
	API           string // base address, for tests; ends with a slash

	Notes  channels.Notebook
	Now    func() time.Time
	Logger *slog.Logger

	Routes     map[string]string  // category or PriorityRoute → channel ID
	Agents     []string           // user IDs who may act; empty: the channel's members
	Reply      ReplyRule          // default ReplyClaimer
	Target     time.Duration      // in which a case should be answered first; priority cases in half of it; default 30 min
	Knowledge  channels.Knowledge // nil: no canned replies
	Categories staffwords.Titles  // that staff can choose from when one was wrong
	Location   *time.Location     // of dates and the daily summary; default UTC
	SummaryAt  time.Duration      // after midnight; 0: 9 o'clock; negative: never
	PostEvery  time.Duration      // between two posts in a channel; default 1 s, as Slack asks
	Tick       time.Duration      // between two looks at what is due; default 10 s
	HTTP       *http.Client       // default: one with a time limit
	BodyTime   time.Duration      // within which the body of a request has to come; default 3 s, as long as Slack waits

	// Worked is the working time between two instants; nil: all time is.
	Worked func(from, to time.Time) time.Duration
}

// Desk implements channels.Desk and channels.Remote. Create it with New.
type Desk struct {
	Config
	slack *client
	staff *staff
	lanes *lanes

	history history // earlier cases, for cards

	// Of the goroutine that tends.
	tidied    time.Time
	read      time.Time // when it last began to read the history, and came to its end
	comparing comparison

	mu    sync.Mutex
	in    channels.DeskInbox // of Attach; nil before
	self  identity           // who we are; empty until Slack has told
	heard hearing
}

var (
	_ channels.Desk   = (*Desk)(nil)
	_ channels.Remote = (*Desk)(nil)
)

// New makes a desk. Nothing is asked of Slack until Verify, Run or Deliver.
func New(c Config) (*Desk, error) {
	switch {
	case c.BotToken == "" || c.Channel == "":
		return nil, errors.New("make Slack desk: BOT_SLACK_BOT_TOKEN and BOT_SLACK_CHANNEL must both be set")
	case c.AppToken == "" && c.SigningSecret == "":
		return nil, errors.New("make Slack desk: set BOT_SLACK_APP_TOKEN (Socket Mode) or BOT_SLACK_SIGNING_SECRET (HTTP events)")
	case !strings.HasPrefix(c.BotToken, "xoxb-"):
		return nil, errors.New("make Slack desk: BOT_SLACK_BOT_TOKEN is not a bot token; it begins with xoxb-")
	case c.AppToken != "" && !strings.HasPrefix(c.AppToken, "xapp-"):
		return nil, errors.New("make Slack desk: BOT_SLACK_APP_TOKEN is not an app-level token; it begins with xapp-")
	case c.Notes == nil || c.Now == nil || c.Logger == nil:
		return nil, errors.New("make Slack desk: a part is missing")
	}
	c.defaults()
	d := &Desk{Config: c, slack: newClient(c), lanes: newLanes(), heard: hearing{woken: make(chan struct{}, 1)}}
	d.staff = newStaff(d.slack, c.Agents, c.Now)
	return d, nil
}

func (c *Config) defaults() {
	if c.Reply == "" {
		c.Reply = ReplyClaimer
	}
	if c.Target == 0 {
		c.Target = 30 * time.Minute
	}
	if c.Location == nil {
		c.Location = time.UTC
	}
	if c.SummaryAt == 0 {
		c.SummaryAt = 9 * time.Hour
	}
	if c.PostEvery == 0 {
		c.PostEvery = time.Second
	}
	if c.Tick == 0 {
		c.Tick = 10 * time.Second
	}
	if c.BodyTime == 0 {
		c.BodyTime = 3 * time.Second
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 30 * time.Second}
	}
	if c.Worked == nil {
		c.Worked = func(from, to time.Time) time.Duration { return to.Sub(from) }
	}
}

// Name implements channels.Desk.
func (*Desk) Name() string { return "slack" }

// identity is who we are in the workspace: what we wrote ourselves is no news.
type identity struct {
	bot, user string
	url       string // of the workspace, ends with a slash
}

// Verify asks Slack who we are. A token that is refused gives ErrRefused; any
// other error means that Slack cannot be reached, and Run asks again.
func (d *Desk) Verify(ctx context.Context) error {
	who, err := d.slack.api.AuthTestContext(ctx)
	if err != nil {
		return fmt.Errorf("ask Slack who we are: %w", explain(err))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.self = identity{bot: who.BotID, user: who.UserID, url: who.URL}
	return nil
}

func (d *Desk) me() identity {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.self
}

// inbox is where cases and files are, and staff actions go; errNoInbox before
// Attach.
func (d *Desk) inbox() (channels.DeskInbox, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.in == nil {
		return nil, errNoInbox
	}
	return d.in, nil
}

// cases lists cases, open ones only or all.
func (d *Desk) cases(ctx context.Context, openOnly bool) ([]chat.Case, error) {
	in, err := d.inbox()
	if err != nil {
		return nil, err
	}
	all, err := in.Cases(ctx, openOnly)
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	return all, nil
}

// Attach gives the desk its inbox. Of several processes one runs the desk; all of
// them attach theirs, to deliver and, until Close, to take what comes by HTTP.
func (d *Desk) Attach(in channels.DeskInbox) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.in = in
	d.lanes.open()
}

// Close takes nothing more from Slack, and waits for what is being worked on.
func (d *Desk) Close() { d.lanes.close() }

// Run implements channels.Desk: it listens to Slack until ctx ends, whatever
// happens to Slack meanwhile. Only an app token that Slack never accepted ends it.
// An inbox that was attached before stays, else this one is for as long as it runs.
func (d *Desk) Run(ctx context.Context, in channels.DeskInbox) error {
	if !d.introduce(ctx) {
		return nil
	}
	if !d.lanes.opened() {
		d.Attach(in)
		defer d.Close()
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var parts sync.WaitGroup
	if d.AppToken != "" {
		for range sockets {
			parts.Go(func() { d.listen(ctx, stop) })
		}
	} else {
		d.changed(true)
		defer d.changed(false)
	}
	parts.Go(func() { d.tend(ctx) })
	<-ctx.Done()
	parts.Wait()
	if cause := context.Cause(ctx); errors.Is(cause, ErrRefused) {
		return cause
	}
	return nil
}

// introduce waits until Slack has told who we are; false if ctx ended first.
func (d *Desk) introduce(ctx context.Context) bool {
	for wait := time.Second; d.me().user == ""; wait = min(2*wait, time.Minute) {
		err := d.Verify(ctx)
		if err == nil {
			break
		}
		d.Logger.Warn("Slack cannot be reached; trying again", "wait", wait, "err", err)
		if !sleep(ctx, wait) {
			return false
		}
	}
	return ctx.Err() == nil
}

// sleep waits; false if ctx ended first.
func sleep(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
