package slack

import (
	"context"
	"slices"
	"sync"
	"time"

	"verihelp/internal/chat"
)

// How old the list of earlier cases on a card may be: it is read from all cases
// there are.
const (
	historyAge = time.Minute
	historyLag = 5 * time.Second // for a case that is newer than the list
)

// history knows the cases of each person, as of a while ago.
type history struct {
	mu    sync.Mutex
	read  time.Time
	cases map[chat.Address][]summary
}

// summary is what a card says of another case.
type summary struct {
	ID, Title string
	OpenedAt  time.Time
	State     chat.CaseState
}

// forget has the cases read again.
func (h *history) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cases = nil
}

// of returns the cases of a case's person, the newest first.
func (h *history) of(ctx context.Context, d *Desk, c chat.Case) []summary {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now := d.Now(); h.old(now, c) {
		all, err := d.cases(ctx, false)
		if err != nil {
			d.Logger.Warn("cards lack earlier cases", "err", err)
			return nil
		}
		h.read, h.cases = now, map[chat.Address][]summary{}
		for _, c := range all {
			h.cases[c.Address] = append(h.cases[c.Address], summary{c.ID, c.Title, c.OpenedAt, c.State})
		}
	}
	newest := slices.Clone(h.cases[c.Address])
	slices.SortFunc(newest, func(a, b summary) int { return b.OpenedAt.Compare(a.OpenedAt) })
	return newest
}

func (h *history) old(now time.Time, c chat.Case) bool {
	listed := slices.ContainsFunc(h.cases[c.Address], func(s summary) bool { return s.ID == c.ID })
	age := now.Sub(h.read)
	return h.cases == nil || age > historyAge || !listed && age > historyLag
}
