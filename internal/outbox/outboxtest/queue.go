package outboxtest

import (
	"context"
	"sync"
	"time"

	"verihelp/internal/chat"
)

// Queue is an outbox.Queue in memory.
type Queue struct {
	mu      sync.Mutex
	jobs    chan chat.Destination
	fail    func() error
	enqueue int
}

// NewQueue makes an empty queue.
func NewQueue() *Queue { return &Queue{jobs: make(chan chat.Destination, 1<<16)} }

// Fail sets what Enqueue returns instead of working, where that is not nil.
func (q *Queue) Fail(fail func() error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.fail = fail
}

// Jobs counts the jobs that were ever enqueued.
func (q *Queue) Jobs() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.enqueue
}

// Enqueue implements outbox.Queue.
func (q *Queue) Enqueue(_ context.Context, dests []chat.Destination) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.fail != nil {
		if err := q.fail(); err != nil {
			return err
		}
	}
	q.enqueue += len(dests)
	for _, to := range dests {
		q.jobs <- to
	}
	return nil
}

// Run implements outbox.Queue.
func (q *Queue) Run(ctx context.Context, work func(context.Context, chat.Destination) time.Time) error {
	jobs, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var running sync.WaitGroup
	for {
		select {
		case <-ctx.Done():
			hard := time.AfterFunc(10*time.Second, cancel)
			running.Wait()
			hard.Stop()
			return nil
		case to := <-q.jobs:
			running.Go(func() { q.run(ctx, jobs, to, work) })
		}
	}
}

func (q *Queue) run(ctx, job context.Context, to chat.Destination, work func(context.Context, chat.Destination) time.Time) {
	for {
		again := work(job, to)
		if again.IsZero() {
			return
		}
		select {
		case <-ctx.Done():
			q.jobs <- to // stays in the queue
			return
		case <-time.After(time.Until(again)):
		}
	}
}
