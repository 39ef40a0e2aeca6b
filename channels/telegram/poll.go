package telegram

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// poller fetches updates and confirms those that are done. Only it uses its fields,
// but for what its goroutines share.
type poller struct {
	*Channel
	next    int64     // the first update that is not done
	moved   time.Time // when next moved last
	pending []*job    // from next on, in order; at most window
	trouble time.Time // when a trouble of ours was seen last
	work    sync.WaitGroup
	ended   chan struct{} // a job has ended; never blocks
	lastOK  atomic.Int64  // when an update was last done, Unix nanoseconds
}

// idleLife is how long a position may be used: Telegram numbers updates anew after
// a week without any.
const idleLife = 6 * 24 * time.Hour

// pendingEvery is how often new updates are looked for while earlier ones are not
// done: asking from the first of them on, Telegram would answer at once.
const pendingEvery = 300 * time.Millisecond

// poll takes updates until ctx ends, and waits for those that are being handled.
func (c *Channel) poll(ctx context.Context) {
	p := &poller{Channel: c, ended: make(chan struct{}, 1)}
	defer p.work.Wait()
	if c.persist(ctx, "the position in the stream of updates is not known", p.load) != nil {
		return
	}
	wait := c.cfg.RetryWait
	for ctx.Err() == nil {
		p.advance(ctx)
		p.begin(ctx)
		fresh, full, err := p.fetch(ctx)
		if err != nil {
			if ctx.Err() == nil {
				c.cfg.Logger.Warn("cannot fetch updates from telegram", "err", err)
				sleep(ctx, max(wait, retryAfter(err)))
			}
			wait = min(2*wait, maxWait)
			continue
		}
		wait = c.cfg.RetryWait
		if fresh || len(p.pending) == 0 {
			continue
		}
		if full {
			p.makeRoom(ctx)
		}
		p.await(ctx)
	}
}

func (p *poller) positionNote() string { return "position/" + p.botID() }

func (p *poller) load(ctx context.Context) error {
	text, at, err := p.notes.get(ctx, p.positionNote())
	if err != nil || text == "" {
		return err
	}
	p.moved = at
	if p.next, err = strconv.ParseInt(text, 10, 64); err != nil {
		return fmt.Errorf("read position: %w", err)
	}
	return nil
}

// advance moves the position past all updates that are done and keeps it. If it
// cannot be kept, updates may come again after a restart, and change nothing.
func (p *poller) advance(ctx context.Context) {
	before := p.next
	for len(p.pending) > 0 && isClosed(p.pending[0].done) {
		p.next, p.pending = p.pending[0].update.ID+1, p.pending[1:]
	}
	if p.next == before {
		return
	}
	p.moved = p.cfg.Now()
	if err := p.keepPosition(ctx); err != nil && ctx.Err() == nil {
		p.cfg.Logger.Warn("position in the stream of updates not kept", "channel", Name, "err", err)
	}
}

func (p *poller) keepPosition(ctx context.Context) error {
	return p.notes.set(ctx, p.positionNote(), strconv.FormatInt(p.next, 10))
}

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// window is how many updates Telegram hands out from the first unconfirmed one on:
// while that one is not done, nobody sees what lies behind the last of them.
const window = 100

// fetch asks for updates from the position on, which confirms those before, and
// notes those that are new. While some are not done it does not wait. It is full
// if there may be more than Telegram hands out.
func (p *poller) fetch(ctx context.Context) (fresh, full bool, err error) {
	offset, wait := p.next, p.cfg.PollTimeout
	if len(p.pending) > 0 {
		offset, wait = p.pending[0].update.ID, 0
	} else if p.cfg.Now().Sub(p.moved) > idleLife {
		offset, p.next = 0, 0 // from what was never confirmed on
	}
	raws, err := p.api.updates(ctx, offset, wait)
	if err != nil {
		return false, false, err
	}
	for _, u := range p.decodeAll(raws) {
		if u.ID < p.next || p.isPending(u.ID) {
			continue
		}
		p.pending = append(p.pending, &job{update: u, since: p.cfg.Now(), done: make(chan struct{})})
		fresh = true
	}
	return fresh, len(raws) >= window, nil
}

// decodeAll reads updates in the order of their IDs. One that cannot be read is
// passed over: it would come again for ever.
func (p *poller) decodeAll(raws []json.RawMessage) []update {
	var updates []update
	for _, raw := range raws {
		u, err := decode(raw)
		if err != nil {
			p.cfg.Logger.Error("telegram sent an update that cannot be read", "update", u.ID, "err", err)
		}
		if u.ID > 0 {
			updates = append(updates, u)
		}
	}
	slices.SortFunc(updates, func(a, b update) int { return cmp.Compare(a.ID, b.ID) })
	return updates
}

func (p *poller) isPending(id int64) bool {
	return slices.ContainsFunc(p.pending, func(j *job) bool { return j.update.ID == id })
}

// await waits until the first pending update is done, for a moment at most, and
// lets others take the places of those that are.
func (p *poller) await(ctx context.Context) {
	timer := time.NewTimer(pendingEvery)
	defer timer.Stop()
	for {
		select {
		case <-p.ended:
			p.begin(ctx)
		case <-p.pending[0].done:
			return
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// chooseWay tells Telegram how updates are taken: by webhook, or by polling, which
// a webhook of before would forbid. What is waiting there is kept.
func (c *Channel) chooseWay(ctx context.Context) error {
	if c.cfg.WebhookSecret != "" {
		return c.api.setWebhook(ctx, c.cfg.WebhookURL, c.cfg.WebhookSecret)
	}
	info, err := c.api.webhook(ctx)
	if err != nil || info.URL == "" {
		return err
	}
	c.cfg.Logger.Info("removing the webhook that was set for this bot: updates are fetched from now on", "channel", Name)
	return c.api.deleteWebhook(ctx)
}

// introduce sets commands and descriptions where they are not what they should be.
func (c *Channel) introduce(ctx context.Context) error {
	all := profiles()
	sum := fmt.Sprintf("%x", hashOf(all))
	key := "profile/" + c.botID()
	known, _, err := c.notes.get(ctx, key)
	if err != nil || known == sum {
		return err
	}
	var errs []error
	for _, p := range all {
		errs = append(errs, c.api.setProfile(ctx, p))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("set commands and descriptions: %w", err)
	}
	return c.notes.set(ctx, key, sum)
}
