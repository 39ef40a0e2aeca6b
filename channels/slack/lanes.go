package slack

import (
	"context"
	"sync"
	"time"
)

// maxBusy is how many lanes work at the same time.
const maxBusy = 16

// lanes run jobs: those of one lane one after the other in their order, different
// lanes at the same time.
type lanes struct {
	mu    sync.Mutex
	ctx   context.Context // of the jobs; nil while closed
	stop  context.CancelFunc
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

func (l *lanes) open() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx != nil {
		return
	}
	l.ctx, l.stop = context.WithCancel(context.Background())
}

func (l *lanes) opened() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ctx != nil
}

// close takes no more jobs, ends the context of the running ones and waits for
// them. What was waiting is dropped: it is read again from the history.
func (l *lanes) close() {
	l.mu.Lock()
	if l.ctx != nil {
		l.stop()
		l.ctx = nil
	}
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
