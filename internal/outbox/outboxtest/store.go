// Package outboxtest has fakes for tests around the outbox: a store of rows and
// what they name, and a queue of jobs, both in memory.
//
// Store keeps the promises of outbox.Store; it can be told to fail, and shows its
// rows. Queue runs each job in a goroutine of its own as soon as it is due, so
// that tests with a fake clock (testing/synctest) are exact.
package outboxtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"verihelp/internal/chat"
)

// Errors of the fakes.
var (
	ErrTold      = errors.New("the fake was told to fail")
	ErrLeaseLost = errors.New("another holder has the row")
)

// Store is an outbox.Store in memory. The zero value is ready.
type Store struct {
	mu     sync.Mutex
	rows   []*row
	logs   map[chat.Address][]chat.Item
	events map[string]chat.Event
	leases map[string]held
	fail   func(method string) error
}

type row struct {
	chat.Delivery
	lease held
}

type held struct {
	holder string
	until  time.Time
}

// Fail sets what each method returns instead of working, where that is not nil.
func (s *Store) Fail(fail func(method string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = fail
}

// lock locks, and says whether the method was told to fail.
func (s *Store) lock(method string) (unlock func(), err error) {
	s.mu.Lock()
	if s.fail != nil {
		err = s.fail(method)
	}
	return s.mu.Unlock, err
}

// Commit appends items to an address's log and a row that names them.
func (s *Store) Commit(to chat.Destination, who chat.Address, now time.Time, items ...chat.Item) chat.Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := s.say(who, items)
	return s.add(chat.Delivery{To: to, Address: who, First: first, Last: first + int64(len(items)) - 1, CreatedAt: now})
}

// CommitCase stores a case's change and a row that names it, with what was said.
func (s *Store) CommitCase(to chat.Destination, c chat.Case, change chat.CaseChange, now time.Time, items ...chat.Item) chat.Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.events == nil {
		s.events = map[string]chat.Event{}
	}
	first := s.say(c.Address, items)
	id := fmt.Sprintf("event-%d", len(s.events)+1)
	s.events[id] = chat.Event{ID: id, Kind: chat.EventCase, At: now, Case: &c, Change: change}
	return s.add(chat.Delivery{To: to, Address: c.Address, Event: id, First: first, Last: first + int64(len(items)) - 1, CreatedAt: now})
}

func (s *Store) say(who chat.Address, items []chat.Item) (first int64) {
	if s.logs == nil {
		s.logs = map[chat.Address][]chat.Item{}
	}
	first = int64(len(s.logs[who])) + 1
	for i, item := range items {
		item.Seq = first + int64(i)
		s.logs[who] = append(s.logs[who], item)
	}
	return first
}

func (s *Store) add(d chat.Delivery) chat.Delivery {
	d.ID, d.State, d.Due, d.ChangedAt = int64(len(s.rows))+1, chat.DeliveryWaiting, d.CreatedAt, d.CreatedAt
	s.rows = append(s.rows, &row{Delivery: d})
	return d
}

// Rows returns all rows as they are.
func (s *Store) Rows() []chat.Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]chat.Delivery, len(s.rows))
	for i, r := range s.rows {
		out[i] = r.Delivery
	}
	return out
}

// Open counts the rows that are neither sent nor dead.
func (s *Store) Open() (n int) {
	for _, d := range s.Rows() {
		if !done(d) {
			n++
		}
	}
	return n
}

func done(d chat.Delivery) bool { return d.State == chat.DeliverySent || d.State == chat.DeliveryDead }

// head is the oldest open row of a destination.
func (s *Store) head(to chat.Destination) *row {
	i := slices.IndexFunc(s.rows, func(r *row) bool { return r.To == to && !done(r.Delivery) })
	if i < 0 {
		return nil
	}
	return s.rows[i]
}

// Take implements outbox.Rows.
func (s *Store) Take(_ context.Context, to chat.Destination, holder string, now time.Time, lease time.Duration) (chat.Delivery, bool, error) {
	unlock, err := s.lock("Take")
	defer unlock()
	if err != nil {
		return chat.Delivery{}, false, err
	}
	r := s.head(to)
	if r == nil || r.Due.After(now) || r.lease.holder != "" && r.lease.holder != holder && r.lease.until.After(now) {
		return chat.Delivery{}, false, nil
	}
	if r.lease.holder != "" {
		r.State, r.Unknowns = chat.DeliveryUnknown, r.Unknowns+1
	}
	r.lease = held{holder, now.Add(lease)}
	return r.Delivery, true, nil
}

// Settle implements outbox.Rows.
func (s *Store) Settle(_ context.Context, d chat.Delivery, holder string) error {
	unlock, err := s.lock("Settle")
	defer unlock()
	if err != nil {
		return err
	}
	r := s.rows[d.ID-1]
	if r.lease.holder != holder {
		return ErrLeaseLost
	}
	r.Delivery, r.lease = d, held{}
	return nil
}

// DueDestinations implements outbox.Rows.
func (s *Store) DueDestinations(_ context.Context, now time.Time, limit int) ([]chat.Destination, error) {
	unlock, err := s.lock("DueDestinations")
	defer unlock()
	if err != nil {
		return nil, err
	}
	var out []chat.Destination
	for _, r := range s.rows {
		due := !done(r.Delivery) && s.head(r.To) == r && !r.Due.After(now) && (r.lease.holder == "" || !r.lease.until.After(now))
		if due && len(out) < limit {
			out = append(out, r.To)
		}
	}
	return out, nil
}

// Event implements outbox.Content.
func (s *Store) Event(_ context.Context, id string) (chat.Event, error) {
	unlock, err := s.lock("Event")
	defer unlock()
	if err != nil {
		return chat.Event{}, err
	}
	e, found := s.events[id]
	if !found {
		return chat.Event{}, chat.ErrUnknownEvent
	}
	return e, nil
}

// Log implements outbox.Content.
func (s *Store) Log(_ context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error) {
	unlock, err := s.lock("Log")
	defer unlock()
	if err != nil {
		return nil, err
	}
	log := s.logs[who][min(int(after), len(s.logs[who])):]
	return slices.Clone(log[:min(limit, len(log))]), nil
}

// Erase forgets what an address's rows name.
func (s *Store) Erase(who chat.Address) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.logs, who)
}

// Lease implements lease.Store.
func (s *Store) Lease(_ context.Context, name, holder string, now, until time.Time) (bool, error) {
	unlock, err := s.lock("Lease")
	defer unlock()
	if err != nil {
		return false, err
	}
	if s.leases == nil {
		s.leases = map[string]held{}
	}
	if l := s.leases[name]; l.holder != "" && l.holder != holder && now.Before(l.until) {
		return false, nil
	}
	s.leases[name] = held{holder, until}
	return true, nil
}

// Unlease implements lease.Store.
func (s *Store) Unlease(_ context.Context, name, holder string) error {
	unlock, err := s.lock("Unlease")
	defer unlock()
	if err == nil && s.leases[name].holder == holder {
		delete(s.leases, name)
	}
	return err
}
