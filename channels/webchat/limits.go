package webchat

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
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
