package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"verihelp/internal/chat"
	"verihelp/internal/redact"
)

const (
	maxWaiting = 64 // messages of one person that may wait
	maxBurst   = 12 // messages that become one turn at most
)

// queue holds one person's messages until their turn. The bot's mutex guards it.
type queue struct {
	waiting []envelope
	more    chan struct{} // a message came; never blocks
	now     chan struct{} // closed: do not wait for further messages
	hurried bool
}

func (q *queue) hurry() {
	if !q.hurried {
		q.hurried = true
		close(q.now)
	}
}

// envelope is a masked message with the one who waits for its result.
type envelope struct {
	message chat.Message
	result  chan error
}

// Receive masks a message before anything else sees it and queues it behind
// earlier ones of its conversation. The result arrives once it is committed.
func (b *Bot) Receive(_ context.Context, m chat.Message) <-chan error {
	e := envelope{message: masked(m), result: make(chan error, 1)}
	if err := b.enqueue(e); err != nil {
		e.result <- err
	}
	return e.result
}

// masked takes secrets out of a message. Nothing raw goes further than here. What
// the app says is masked too, but its person is not warned of what they did not send.
func masked(m chat.Message) chat.Message {
	text, found := redact.Mask(strings.ReplaceAll(m.Text, "\x00", ""))
	m.Text, m.Masked = text, nil
	for _, f := range found {
		m.Masked = append(m.Masked, string(f.Kind))
	}
	m.Context.ErrorText, _ = redact.Mask(m.Context.ErrorText)
	m.Context.Step, _ = redact.Mask(m.Context.Step)
	m.Files = slices.Clone(m.Files)
	for i, f := range m.Files {
		if f.ID == "" { // refused: what was said of it is not kept either
			m.Files[i] = chat.File{}
		}
	}
	return m
}

func (b *Bot) enqueue(e envelope) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closing {
		return ErrClosing
	}
	who := e.message.From
	q := b.queues[who]
	if q == nil {
		q = &queue{more: make(chan struct{}, 1), now: make(chan struct{})}
		b.queues[who] = q
		b.work.Add(1)
		go b.serve(who, q)
	}
	if len(q.waiting) >= maxWaiting {
		return ErrBusy
	}
	q.waiting = append(q.waiting, e)
	select {
	case q.more <- struct{}{}:
	default:
	}
	return nil
}

// serve takes one person's turns, one after the other, and ends when nothing is
// left to do.
func (b *Bot) serve(who chat.Address, q *queue) {
	defer b.work.Done()
	for {
		b.awaitBurst(q)
		b.mu.Lock()
		batch := q.take()
		if len(batch) == 0 {
			delete(b.queues, who)
			b.mu.Unlock()
			return
		}
		b.mu.Unlock()
		err := b.turn(b.ctx, who, batch)
		for _, e := range batch {
			e.result <- err
		}
	}
}

// awaitBurst waits until the person has been silent for Burst. A tap, a service
// that stops, or a full burst ends the wait.
func (b *Bot) awaitBurst(q *queue) {
	if b.Burst <= 0 {
		return
	}
	timer := time.NewTimer(b.Burst)
	defer timer.Stop()
	for {
		b.mu.Lock()
		ready := len(q.waiting) == 0 || len(q.waiting) >= maxBurst || q.tapped()
		b.mu.Unlock()
		if ready {
			return
		}
		select {
		case <-q.more:
			timer.Reset(b.Burst)
		case <-timer.C:
			return
		case <-q.now:
			return
		}
	}
}

func (q *queue) tapped() bool {
	for _, e := range q.waiting {
		if e.alone() {
			return true
		}
	}
	return false
}

// alone says that a message is no part of a burst: a tap, or stars.
func (e envelope) alone() bool { return e.message.Choice != "" || e.message.Rating != 0 }

// take removes what becomes the next turn: text messages up to the first tap, or
// one tap alone.
func (q *queue) take() []envelope {
	n := 0
	for n < len(q.waiting) && n < maxBurst && !q.waiting[n].alone() {
		n++
	}
	if n == 0 && len(q.waiting) > 0 {
		n = 1
	}
	batch := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	return batch
}
