package slack

import (
	"context"
	"slices"
	"sync"
	"time"

	"verihelp/internal/chat"
)

// historyAge is how old the list of earlier cases on a card may be: it is read
// from all cases there are.
const historyAge = time.Minute

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

// of returns the cases of a person, the newest first.
func (h *history) of(ctx context.Context, d *Desk, who chat.Address) []summary {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now := d.Now(); h.cases == nil || now.Sub(h.read) > historyAge {
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
	newest := slices.Clone(h.cases[who])
	slices.SortFunc(newest, func(a, b summary) int { return b.OpenedAt.Compare(a.OpenedAt) })
	return newest
}
