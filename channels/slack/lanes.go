package slack

import (
	"context"
	"sync"
	"time"
)

// maxBusy is how many lanes work at the same time.
const maxBusy = 16

// lanes run jobs: those of one lane one after the other in their order, different
// lanes at the same time. They are open while Run runs.
type lanes struct {
	mu    sync.Mutex
	ctx   context.Context // of Run; nil while closed
	queue map[string][]job
	slots chan struct{}
	work  sync.WaitGroup
}

type job struct {
	came time.Time
	do   func(context.Context)
}

func newLanes() *lanes {
	return &lanes{queue: map[string][]job{}, slots: make(chan struct{}, maxBusy)}
}

func (l *lanes) open(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ctx = ctx
}

// close takes no more jobs and waits for the running ones, whose context has
// ended. What was waiting is dropped: it is read again from the history.
func (l *lanes) close() {
	l.mu.Lock()
	l.ctx = nil
	l.mu.Unlock()
	l.work.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.queue)
}

// add queues a job that came at a time; false while closed.
func (l *lanes) add(lane string, came time.Time, do func(context.Context)) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx == nil {
		return false
	}
	waiting, busy := l.queue[lane]
	l.queue[lane] = append(waiting, job{came, do})
	if !busy {
		l.work.Add(1)
		go l.drain(l.ctx, lane)
	}
	return true
}

func (l *lanes) drain(ctx context.Context, lane string) {
	defer l.work.Done()
	for {
		l.mu.Lock()
		waiting := l.queue[lane]
		if len(waiting) == 0 || ctx.Err() != nil {
			delete(l.queue, lane)
			l.mu.Unlock()
			return
		}
		next := waiting[0]
		l.mu.Unlock()
		l.slots <- struct{}{}
		next.do(ctx)
		<-l.slots
		l.mu.Lock()
		l.queue[lane] = l.queue[lane][1:]
		l.mu.Unlock()
	}
}

// oldest is when the oldest job that is not done came; now if there is none.
func (l *lanes) oldest(now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, waiting := range l.queue {
		if len(waiting) > 0 && waiting[0].came.Before(now) {
			now = waiting[0].came
		}
	}
	return now
}
