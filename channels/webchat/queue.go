package webchat

import (
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"verihelp/internal/chat"
)

// outgoing is one entry of a client's queue, one of these.
type outgoing struct {
	items   []chat.Item // committed
	frame   any         // anything else to be sent
	expires time.Time   // when the person's new token ends
	resume  bool        // greet, and send what is missing
	reset   bool        // … from the beginning: the log was put together anew
}

// queue holds what waits to be written to one client. A goroutine writes while
// there is something to write: one that waited for it would cost more memory than
// all else of an idle connection. That is also why this is no channel, which takes
// room for all its entries at once.
type queue struct {
	mu       sync.Mutex
	waiting  []outgoing
	log      bool // the log is to be read
	beat     bool // a sign of life is due
	writing  bool // a goroutine is at it
	finished bool
	timer    *time.Timer // for the next beat
}

// start begins to write. The connection has joined, so nothing is missed.
func (s *conn) start() {
	every := s.channel.cfg.PingEvery
	s.ask(func(q *queue) bool {
		q.timer = time.AfterFunc(every, func() {
			s.ask(func(q *queue) bool {
				q.beat = true
				q.timer.Reset(every)
				return true
			})
		})
		return true
	})
}

// push queues something to be written. A client that does not keep up is dropped
// and will read the log from where it stood.
func (s *conn) push(o outgoing) {
	kept := s.ask(func(q *queue) bool {
		if len(q.waiting) >= queueLength {
			return false
		}
		q.waiting = append(q.waiting, o)
		return true
	})
	if !kept {
		s.leave(closeTooSlow, "too slow")
	}
}

// nudge has the writer look into the log.
func (s *conn) nudge() {
	s.ask(func(q *queue) bool {
		q.log = true
		return true
	})
}

// ask changes the queue, returns what the change says, and sees to it that
// somebody writes. After the end it does nothing.
func (s *conn) ask(change func(*queue) bool) bool {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	if s.queue.finished {
		return true
	}
	done := change(&s.queue)
	if !s.queue.writing {
		s.queue.writing = true
		s.channel.work.Go(s.write) // whoever serves the connection still counts, too
	}
	return done
}

// write writes all that waits. When the connection is over it says goodbye.
func (s *conn) write() {
	for !s.isOver() {
		step := s.next()
		if step == nil {
			return
		}
		if err := step(); err != nil {
			s.channel.cfg.Logger.Debug("connection ends", "channel", Name, "error", err)
			s.leave(websocket.CloseTryAgainLater, "try again later")
		}
	}
	s.finish()
}

// next is what to write next; nil, and nobody writes any more, if there is nothing.
func (s *conn) next() func() error {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	q := &s.queue
	switch {
	case s.isOver():
		return func() error { return nil }
	case len(q.waiting) > 0:
		o := q.waiting[0]
		q.waiting = q.waiting[1:]
		return func() error { return s.sendNext(o) }
	case q.log:
		q.log = false
		return s.lookAgain
	case q.beat:
		q.beat = false
		return s.sendBeat
	}
	q.waiting, q.writing = nil, false
	return nil
}

func (s *conn) finish() {
	if s.code == websocket.CloseServiceRestart {
		leaving := newStatus(stateLeaving)
		leaving.RetryAfter = max(1, seconds(s.retry))
		_ = s.send(leaving) // the close code says it too
	}
	s.wire.goodbye(s.code, s.cause)
	s.queue.mu.Lock()
	s.queue.finished, s.queue.waiting = true, nil
	if s.queue.timer != nil {
		s.queue.timer.Stop()
	}
	s.queue.mu.Unlock()
	close(s.finished)
}
