package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"verihelp/channels"
)

const (
	postBurst = 3               // posts at once that Slack tolerates in a channel
	patience  = 3 * time.Second // how long a call waits for its turn before it is sent away until then
	forgotten = time.Minute     // after which a turn that nobody took is forgotten
)

// pace spreads calls over time, in the order in which they asked. Whoever would
// wait for long is told when its turn is and sent away; its turn is kept, so that
// ten thousand cases after an outage come back one by one.
type pace struct {
	limiter *rate.Limiter
	every   time.Duration

	mu     sync.Mutex
	turns  map[string]time.Time // by caller
	until  time.Time            // Slack asked for silence until then
	pruned time.Time
}

func newPace(every time.Duration, burst int) *pace {
	return &pace{limiter: rate.NewLimiter(rate.Every(every), burst), every: every, turns: map[string]time.Time{}}
}

// wait returns when it is the caller's turn, or with *channels.RetryLater.
func (p *pace) wait(ctx context.Context, caller string) error {
	now := time.Now()
	turn := p.turn(caller, now)
	if wait := turn.Sub(now); wait > patience {
		return &channels.RetryLater{Wait: wait, Err: errors.New("many messages wait for Slack's limit of the channel")}
	}
	if !sleep(ctx, max(0, time.Until(turn))) {
		return ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.turns, caller)
	return nil
}

// turn is when the caller may call: as promised before, or at the next free time.
func (p *pace) turn(caller string, now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	turn, promised := p.turns[caller]
	if !promised || now.Sub(turn) > forgotten {
		turn = now.Add(p.limiter.ReserveN(now, 1).DelayFrom(now))
	}
	if turn.Before(p.until) {
		turn = p.until
	}
	p.turns[caller] = turn
	p.prune(now)
	return turn
}

// free takes a turn if one is free at once: for what can also be left out.
func (p *pace) free() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	return now.After(p.until) && p.limiter.AllowN(now, 1)
}

// pause keeps silent for as long as Slack asked. Turns promised meanwhile are
// given anew, behind it, so that they do not all come at its end.
func (p *pace) pause(wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	p.until = now.Add(wait)
	clear(p.turns)
	for range min(int(wait/p.every), 1000) {
		p.limiter.ReserveN(now, 1)
	}
}

func (p *pace) prune(now time.Time) {
	if now.Sub(p.pruned) < forgotten {
		return
	}
	p.pruned = now
	for caller, turn := range p.turns {
		if now.Sub(turn) > forgotten {
			delete(p.turns, caller)
		}
	}
}
