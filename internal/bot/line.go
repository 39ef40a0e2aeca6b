package bot

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"verihelp/internal/chat"
)

// line knows which cases wait and how long the latest took, so that no turn has to
// read all cases. What this process commits is noted at once; Refresh brings what
// others committed.
type line struct {
	mu        sync.Mutex
	waiting   map[string]*chat.Case
	claimed   map[string]*chat.Case
	noted     map[string]bool // changed while Refresh reads
	readEnded time.Time       // when cases that have ended were last read
	typical   time.Duration
	stale     bool // typical must be worked out again
}

// Cases that have ended tell the wait that is typical. They are read now and then,
// and only those that may have been claimed lately.
const (
	readEndedEvery = time.Hour
	lateCases      = 28 * 24 * time.Hour // since their opening
)

// note remembers a case as it was committed.
func (l *line) note(c chat.Case) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.noted != nil {
		l.noted[c.ID] = true
	}
	l.put(c)
}

func (l *line) put(c chat.Case) {
	if l.waiting == nil {
		l.waiting, l.claimed = map[string]*chat.Case{}, map[string]*chat.Case{}
	}
	kept := &chat.Case{ID: c.ID, State: c.State, Priority: c.Priority, OpenedAt: c.OpenedAt, ClaimedAt: c.ClaimedAt}
	delete(l.waiting, c.ID)
	if c.State == chat.CaseWaiting {
		l.waiting[c.ID] = kept
	}
	if known := l.claimed[c.ID]; !c.ClaimedAt.IsZero() && (known == nil || !known.ClaimedAt.Equal(c.ClaimedAt)) {
		l.claimed[c.ID] = kept
		l.stale = true
	}
}

// begin says whether cases that have ended must be read beside the open ones.
func (l *line) begin(now time.Time) (ended bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.noted = map[string]bool{}
	return now.Sub(l.readEnded) >= readEndedEvery
}

// replace takes what was read, except where something newer was noted meanwhile.
func (l *line) replace(cases []chat.Case, ended bool, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	forget := func(id string, _ *chat.Case) bool { return !l.noted[id] }
	maps.DeleteFunc(l.waiting, forget)
	if ended {
		maps.DeleteFunc(l.claimed, forget)
		l.readEnded = now
	}
	for _, c := range cases {
		if !l.noted[c.ID] {
			l.put(c)
		}
	}
	l.noted, l.stale = nil, true
}

// queue is how it stands for the open case of a conversation, or for a new one.
func (l *line) queue(c chat.Conversation, now time.Time) chat.Queue {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting := maps.Values(l.waiting)
	q := chat.QueueOf(waiting, c.Case)
	if c.Case == nil && c.Ended != nil {
		q.AheadReopened = chat.QueueOf(waiting, c.Ended).Ahead
	}
	if l.stale {
		l.typical, l.stale = chat.TypicalWait(maps.Values(l.claimed), now), false
	}
	q.Typical = l.typical
	return q
}

func (b *Bot) queue(c chat.Conversation, now time.Time) chat.Queue {
	q := b.line.queue(c, now)
	if !b.Hours.Open(now) {
		q.OpensAt = b.Hours.Next(now)
	}
	return q
}

// Refresh reads which cases wait, as other processes have left them. It is called
// at the start and every minute, on every process, by one caller.
func (b *Bot) Refresh(ctx context.Context, now time.Time) error {
	ended := b.line.begin(now)
	cases, err := b.Store.Cases(ctx, true)
	if err == nil && ended {
		var late []chat.Case
		late, err = b.Store.CasesSince(ctx, now.Add(-lateCases))
		cases = append(cases, late...)
	}
	if err != nil {
		return fmt.Errorf("read the queue: %w", err)
	}
	b.line.replace(cases, ended, now)
	return nil
}
