package channelstest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// ErrTold is the error of a fake that was told to fail.
var ErrTold = errors.New("the fake was told to fail")

// patience is how long anything in the suite waits before it calls the test
// failed; no passing test waits that long.
const patience = 10 * time.Second

// FakeInbox is a channels.Inbox that keeps everything in memory. As the service
// does, it queues messages, commits one after the other, numbers the items of
// each address from 1, drops repeated IDs, delivers after the commit and only
// then reports the result. Its methods may be called from any goroutine.
type FakeInbox struct {
	FakeFiles
	delivery sync.Mutex // before mu: from a commit to the end of its delivery by a remote channel
	mu       sync.Mutex
	changed  *sync.Cond
	received []chat.Message
	logs     map[chat.Address][]chat.Item
	seen     map[chat.Address]map[string]bool
	answer   func(chat.Message) []chat.Item
	seenUpTo map[chat.Address]int64
	out      channels.Channel
	failures int
	logFails int
	held     bool
	stopped  bool

	queue chan job
}

type job struct {
	message chat.Message
	result  chan<- error
}

// NewFakeInbox starts an inbox that stops at the end of the test. It answers
// nothing and delivers to nobody until told otherwise.
func NewFakeInbox(t testing.TB) *FakeInbox {
	f := &FakeInbox{
		logs:  map[chat.Address][]chat.Item{},
		seen:  map[chat.Address]map[string]bool{},
		queue: make(chan job, 1024),
	}
	f.changed = sync.NewCond(&f.mu)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.work(ctx)
	}()
	t.Cleanup(func() {
		stop()
		f.set(func() { f.stopped = true })
		<-done
	})
	return f
}

// DeliverTo names the channel that gets what was committed, as the service does
// after each commit. nil ends delivery: items are then only found in the log.
func (f *FakeInbox) DeliverTo(ch channels.Channel) { f.set(func() { f.out = ch }) }

// Answer sets what is committed after each new message of a user; the numbers
// and times of the items are filled in.
func (f *FakeInbox) Answer(answer func(chat.Message) []chat.Item) {
	f.set(func() { f.answer = answer })
}

// Fail makes the next n messages fail with ErrTold, uncommitted.
func (f *FakeInbox) Fail(n int) { f.set(func() { f.failures = n }) }

// FailLog makes the next n calls of Log fail with ErrTold.
func (f *FakeInbox) FailLog(n int) { f.set(func() { f.logFails = n }) }

// Hold stops committing until release is called: messages queue up.
func (f *FakeInbox) Hold() (release func()) {
	f.set(func() { f.held = true })
	return func() { f.set(func() { f.held = false }) }
}

func (f *FakeInbox) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
	f.changed.Broadcast()
}

// Receive implements channels.Inbox.
func (f *FakeInbox) Receive(ctx context.Context, m chat.Message) <-chan error {
	result := make(chan error, 1)
	f.mu.Lock()
	f.received = append(f.received, m)
	f.changed.Broadcast()
	f.mu.Unlock()
	select {
	case f.queue <- job{m, result}:
	case <-ctx.Done():
		result <- ctx.Err()
	}
	return result
}

// Log implements channels.Inbox.
func (f *FakeInbox) Log(_ context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.logFails > 0 {
		f.logFails--
		return nil, ErrTold
	}
	log := f.logs[who]
	if after < 0 {
		after = 0
	}
	if after >= int64(len(log)) {
		return nil, nil
	}
	log = log[after:]
	return append([]chat.Item(nil), log[:min(limit, len(log))]...), nil
}

func (f *FakeInbox) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case j := <-f.queue:
			j.result <- f.process(ctx, j.message)
		}
	}
}

// inOrder keeps deliveries to a remote channel in the order of their commits, as
// the outbox does.
func (f *FakeInbox) inOrder() (done func()) {
	f.mu.Lock()
	_, remote := f.out.(channels.Remote)
	f.mu.Unlock()
	if !remote {
		return func() {}
	}
	f.delivery.Lock()
	return f.delivery.Unlock
}

func (f *FakeInbox) process(ctx context.Context, m chat.Message) error {
	defer f.inOrder()()
	items, out, err := f.commit(m)
	if err != nil || out == nil || len(items) == 0 {
		return err
	}
	// The message is committed whatever becomes of the delivery, which the user's
	// next resume repairs.
	_ = show(ctx, out, m.From, items)
	return nil
}

func (f *FakeInbox) commit(m chat.Message) ([]chat.Item, channels.Channel, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.held && !f.stopped {
		f.changed.Wait()
	}
	if f.failures > 0 {
		f.failures--
		return nil, nil, ErrTold
	}
	if f.seen[m.From][m.ID] {
		return nil, nil, nil
	}
	if f.seen[m.From] == nil {
		f.seen[m.From] = map[string]bool{}
	}
	f.seen[m.From][m.ID] = true
	items := []chat.Item{{Kind: chat.FromUser, Message: m.ID, Text: m.Text, Files: m.Files}}
	if f.answer != nil {
		items = append(items, f.answer(m)...)
	}
	return f.append(m.From, items), f.out, nil
}

// Commit appends items to an address's log without delivering them and returns
// them numbered: what a push that was lost on its way leaves behind.
func (f *FakeInbox) Commit(who chat.Address, items ...chat.Item) []chat.Item {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.append(who, items)
}

// Push commits items and delivers them, as the service does with what staff
// write. It returns the channel's error.
func (f *FakeInbox) Push(ctx context.Context, who chat.Address, items ...chat.Item) error {
	defer f.inOrder()()
	f.mu.Lock()
	items, out := f.append(who, items), f.out
	f.mu.Unlock()
	if out == nil {
		return nil
	}
	return show(ctx, out, who, items)
}

// Seen implements channels.Inbox.
func (f *FakeInbox) Seen(_ context.Context, who chat.Address, seq int64) error {
	f.set(func() {
		if f.seenUpTo == nil {
			f.seenUpTo = map[chat.Address]int64{}
		}
		f.seenUpTo[who] = max(f.seenUpTo[who], seq)
	})
	return nil
}

// WaitSeen waits until an address's client has said that it has an item.
func (f *FakeInbox) WaitSeen(t testing.TB, who chat.Address, seq int64) {
	t.Helper()
	f.wait(t, "items seen", func() bool { return f.seenUpTo[who] >= seq })
}

func (f *FakeInbox) append(who chat.Address, items []chat.Item) []chat.Item {
	numbered := make([]chat.Item, len(items))
	for i, item := range items {
		item.Seq = int64(len(f.logs[who]) + 1)
		if item.At.IsZero() {
			item.At = time.Now()
		}
		numbered[i] = item
		f.logs[who] = append(f.logs[who], item)
	}
	f.changed.Broadcast()
	return numbered
}

// Received returns every call of Receive so far, repeated and failed ones too.
func (f *FakeInbox) Received() []chat.Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]chat.Message(nil), f.received...)
}

// WaitReceived waits for at least n calls of Receive and returns all of them.
func (f *FakeInbox) WaitReceived(t testing.TB, n int) []chat.Message {
	t.Helper()
	f.wait(t, "messages received", func() bool { return len(f.received) >= n })
	return f.Received()
}

// Items returns what is committed for an address.
func (f *FakeInbox) Items(who chat.Address) []chat.Item {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]chat.Item(nil), f.logs[who]...)
}

// WaitItems waits until at least n items are committed for an address.
func (f *FakeInbox) WaitItems(t testing.TB, who chat.Address, n int) []chat.Item {
	t.Helper()
	f.wait(t, "items committed", func() bool { return len(f.logs[who]) >= n })
	return f.Items(who)
}

// wait blocks until the condition, called under the lock, holds.
func (f *FakeInbox) wait(t testing.TB, what string, holds func() bool) {
	t.Helper()
	timeUp := false
	timer := time.AfterFunc(patience, func() { f.set(func() { timeUp = true }) })
	defer timer.Stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	for !holds() {
		if timeUp {
			t.Fatalf("waited %v for %s in vain", patience, what)
		}
		f.changed.Wait()
	}
}
