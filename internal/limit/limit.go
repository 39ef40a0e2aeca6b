// Package limit bounds what one person or one network address may do: a token bucket
// for each. It stands at the edges of step 1, before anything costs work, and in
// step 4, where a stranger's case costs a person's time. Times come in as arguments,
// so that tests depend on no clock.
package limit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Buckets is a token bucket for each key. Buckets that have filled up again say
// nothing and are dropped, so it holds only who was active within the time in which
// an empty one fills. Its methods may be called by several goroutines.
type Buckets[K comparable] struct {
	rate  rate.Limit
	burst int

	mu    sync.Mutex
	all   map[K]*rate.Limiter
	swept time.Time
}

// New makes buckets of so many tokens that get so many a second.
func New[K comparable](perSecond float64, burst int) *Buckets[K] {
	return &Buckets[K]{rate: rate.Limit(perSecond), burst: burst, all: map[K]*rate.Limiter{}}
}

// Hourly makes buckets of so many tokens that get as many an hour.
func Hourly[K comparable](most int) *Buckets[K] {
	return New[K](float64(most)/time.Hour.Seconds(), most)
}

// Take takes one token and returns 0, or returns how long until there is one.
func (b *Buckets[K]) Take(key K, now time.Time) time.Duration {
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

// Wait is how long until there is a token, without taking it.
func (b *Buckets[K]) Wait(key K, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	bucket := b.all[key]
	if bucket == nil {
		return 0
	}
	missing := max(0, 1-bucket.TokensAt(now))
	return time.Duration(missing / float64(b.rate) * float64(time.Second))
}

// Len is how many buckets are kept.
func (b *Buckets[K]) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.all)
}

func (b *Buckets[K]) sweep(now time.Time) {
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
