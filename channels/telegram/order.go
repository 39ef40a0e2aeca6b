package telegram

import (
	"context"
	"sync"
	"time"
)

// lines keep the updates of one chat in order, while chats go side by side.
type lines struct {
	mu   sync.Mutex
	last map[int64]chan struct{} // closed when the last in a chat's line has left
}

// join takes a place in a chat's line. It is the caller's turn when turn is
// closed; everybody who joined must then leave, also one who gave up.
func (l *lines) join(chat int64) (turn <-chan struct{}, leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before, mine := l.last[chat], make(chan struct{})
	l.last[chat] = mine
	if before == nil {
		before = make(chan struct{})
		close(before)
	}
	return before, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		close(mine)
		if l.last[chat] == mine {
			delete(l.last, chat)
		}
	}
}

// albums gather the messages of an album, which come as updates of their own
// without a sign of the last one.
type albums struct {
	mu   sync.Mutex
	open map[string]*album
}

type album struct {
	messages []message
	grew     chan struct{} // another one came; never blocks
	done     chan struct{} // closed when its first member was handled, or given up
	err      error         // how, once done is closed
}

// await waits for the first member, which handles all.
func (a *album) await(ctx context.Context) error {
	select {
	case <-a.done:
		return a.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// join adds a message to its album, by a key that names chat and album. Only the
// first one leads: it waits with gather and handles all.
func (a *albums) join(key string, m message) (joined *album, leads bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if open := a.open[key]; open != nil {
		open.messages = append(open.messages, m)
		select {
		case open.grew <- struct{}{}:
		default:
		}
		return open, false
	}
	fresh := &album{messages: []message{m}, grew: make(chan struct{}, 1), done: make(chan struct{})}
	a.open[key] = fresh
	return fresh, true
}

// gather waits until nothing was added for a while, or stop is closed, and closes
// the album: what comes later begins a new one.
func (a *albums) gather(key string, open *album, quiet time.Duration, stop <-chan struct{}) []message {
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	for waiting := true; waiting; {
		select {
		case <-open.grew:
			timer.Reset(quiet)
		case <-timer.C:
			waiting = false
		case <-stop:
			waiting = false
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.open, key)
	return open.messages
}
