package webchat

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"verihelp/internal/chat"
)

// buckets is a token bucket for each key: a person, or a network address. Buckets
// that have filled up again say nothing and are dropped, so the map holds only
// who was active within the time in which an empty one fills.
type buckets[K comparable] struct {
	rate  rate.Limit
	burst int

	mu    sync.Mutex
	all   map[K]*rate.Limiter
	swept time.Time
}

func newBuckets[K comparable](perSecond float64, burst int) *buckets[K] {
	return &buckets[K]{rate: rate.Limit(perSecond), burst: burst, all: map[K]*rate.Limiter{}}
}

// hourly is a bucket of so many, and as many an hour, for each network address.
func hourly(most int) *buckets[netip.Addr] {
	return newBuckets[netip.Addr](float64(most)/time.Hour.Seconds(), most)
}

// take takes one token and returns 0, or returns how long until there is one.
func (b *buckets[K]) take(key K, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep(now)
	bucket := b.all[key]
	if bucket == nil {
		bucket = rate.NewLimiter(b.rate, b.burst)
		b.all[key] = bucket
	}
	reservation := bucket.ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

func (b *buckets[K]) sweep(now time.Time) {
	full := time.Duration(float64(b.burst) / float64(b.rate) * float64(time.Second))
	if now.Sub(b.swept) < full {
		return
	}
	b.swept = now
	for key, bucket := range b.all {
		if bucket.TokensAt(now) >= float64(b.burst) {
			delete(b.all, key)
		}
	}
}

// limitStranger counts what people without an account begin: whoever floods the
// service has no account, and makes a secret for each of their many persons. known
// says that this one's conversation had begun before.
func (c *Channel) limitStranger(ctx context.Context, peer netip.Addr, p person, f received, known bool) *refusal {
	if !p.expires.IsZero() || !peer.IsValid() {
		return nil
	}
	if !known && c.isNew(ctx, p.who) {
		if refused := c.limitBegun(c.strangers, peer, codeStrangerMany, f.ID); refused != nil {
			return refused
		}
	}
	if f.Choice == chat.ChoiceHuman {
		return c.limitBegun(c.cases, peer, codeCaseMany, f.ID)
	}
	return nil
}

// isNew says that nothing of a person is known. Where the log cannot be read, the
// message is not taken anyway.
func (c *Channel) isNew(ctx context.Context, who chat.Address) bool {
	items, err := c.log(ctx, who, 0, 1)
	return err == nil && len(items) == 0
}

func (c *Channel) limitBegun(limit *buckets[netip.Addr], peer netip.Addr, code code, id string) *refusal {
	wait := limit.take(peer, c.cfg.Now())
	if wait == 0 {
		return nil
	}
	c.warnCrowd.Do(func() {
		c.cfg.Logger.Warn("people without an account begin too much from one network address and are asked to come back",
			"channel", Name, "refusal", string(code), "address", peer.String())
	})
	return &refusal{code: code, id: id, retry: wait}
}
