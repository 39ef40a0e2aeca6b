package channelstest

import (
	"context"
	"io"
	"sort"
	"sync"
	"testing"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// FakeDeskInbox is a channels.DeskInbox over cases in memory. As the service
// does, it applies an action by the rules of chat.Case.Act, drops repeated IDs
// and posts what changed to the desk. Its methods may be called from any
// goroutine.
type FakeDeskInbox struct {
	FakeFiles
	mu       sync.Mutex
	changed  *sync.Cond
	cases    map[string]chat.Case
	order    []string
	logs     map[string][]chat.Item
	seen     map[string]bool
	actions  []chat.StaffAction
	desk     channels.Desk
	failures int
	posted   int64
}

// NewFakeDeskInbox returns an inbox without cases that posts to nobody.
func NewFakeDeskInbox() *FakeDeskInbox {
	f := &FakeDeskInbox{
		cases: map[string]chat.Case{},
		logs:  map[string][]chat.Item{},
		seen:  map[string]bool{},
	}
	f.changed = sync.NewCond(&f.mu)
	return f
}

// PostTo names the desk that is told of each change.
func (f *FakeDeskInbox) PostTo(desk channels.Desk) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.desk = desk
}

// Fail makes the next n actions fail with ErrTold, unapplied.
func (f *FakeDeskInbox) Fail(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failures = n
}

// Open opens a case with the items said before and posts it.
func (f *FakeDeskInbox) Open(ctx context.Context, c chat.Case, said ...chat.Item) error {
	f.mu.Lock()
	c.State = chat.CaseWaiting
	f.cases[c.ID] = c
	f.order = append(f.order, c.ID)
	items := f.append(c.ID, said)
	f.mu.Unlock()
	return f.Post(ctx, channels.Update{Case: c, Change: chat.CaseOpened, Items: items})
}

// Say adds what the user wrote while the case is open and posts it.
func (f *FakeDeskInbox) Say(ctx context.Context, caseID, text string) error {
	f.mu.Lock()
	c := f.cases[caseID]
	c.Unanswered++
	f.cases[caseID] = c
	items := f.append(caseID, []chat.Item{{Kind: chat.FromUser, Text: text}})
	f.mu.Unlock()
	return f.Post(ctx, channels.Update{Case: c, Change: chat.CaseMessage, Items: items})
}

// Handle implements channels.DeskInbox.
func (f *FakeDeskInbox) Handle(ctx context.Context, a chat.StaffAction) error {
	u, err := f.apply(a)
	if err != nil {
		return err
	}
	return f.Post(ctx, u)
}

// Post shows an update to the desk; a test calls it for what the service does by
// itself, such as chat.CaseRemind.
func (f *FakeDeskInbox) Post(ctx context.Context, u channels.Update) error {
	f.mu.Lock()
	f.posted++
	desk, n := f.desk, f.posted
	f.mu.Unlock()
	if u.Case.ID == "" {
		return nil
	}
	return post(ctx, desk, n, u)
}

func (f *FakeDeskInbox) apply(a chat.StaffAction) (channels.Update, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.actions = append(f.actions, a)
	f.changed.Broadcast()
	if f.failures > 0 {
		f.failures--
		return channels.Update{}, ErrTold
	}
	c, found := f.cases[a.CaseID]
	if !found {
		return channels.Update{}, chat.ErrUnknownCase
	}
	if f.seen[a.CaseID+" "+a.ID] {
		return channels.Update{}, nil
	}
	c, err := c.Act(a)
	if err != nil {
		return channels.Update{}, err
	}
	f.cases[a.CaseID] = c
	f.seen[a.CaseID+" "+a.ID] = true
	var items []chat.Item
	switch a.Change {
	case chat.CaseEdit, chat.CaseDelete:
		items = f.append(a.CaseID, []chat.Item{{Kind: chat.FromStaff, At: a.At, Agent: a.Agent.Name, AgentID: a.Agent.ID, Text: a.Text, Edits: a.Seq, Gone: a.Change == chat.CaseDelete}})
	case chat.CaseReply:
		items = f.append(a.CaseID, []chat.Item{{Kind: chat.FromStaff, At: a.At, Agent: a.Agent.Name, AgentID: a.Agent.ID, Text: a.Text, Files: a.Files}})
	}
	return channels.Update{Case: c, Change: a.Change, Items: items}, nil
}

func (f *FakeDeskInbox) append(caseID string, items []chat.Item) []chat.Item {
	numbered := make([]chat.Item, len(items))
	for i, item := range items {
		item.Seq = int64(len(f.logs[caseID]) + 1)
		if item.At.IsZero() {
			item.At = time.Now()
		}
		numbered[i] = item
		f.logs[caseID] = append(f.logs[caseID], item)
	}
	return numbered
}

// Cases implements channels.DeskInbox.
func (f *FakeDeskInbox) Cases(_ context.Context, openOnly bool) ([]chat.Case, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var cases []chat.Case
	for _, id := range f.order {
		if c := f.cases[id]; c.State.Open() || !openOnly {
			cases = append(cases, c)
		}
	}
	sort.SliceStable(cases, func(i, j int) bool {
		if cases[i].Priority != cases[j].Priority {
			return cases[i].Priority
		}
		return cases[i].OpenedAt.Before(cases[j].OpenedAt)
	})
	return cases, nil
}

// CaseLog implements channels.DeskInbox.
func (f *FakeDeskInbox) CaseLog(_ context.Context, caseID string, after int64, limit int) ([]chat.Item, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, found := f.cases[caseID]; !found {
		return nil, chat.ErrUnknownCase
	}
	log := f.logs[caseID]
	if after < 0 {
		after = 0
	}
	if after >= int64(len(log)) {
		return nil, nil
	}
	log = log[after:]
	return append([]chat.Item(nil), log[:min(limit, len(log))]...), nil
}

// Case returns a case as it stands now.
func (f *FakeDeskInbox) Case(id string) chat.Case {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cases[id]
}

// Actions returns every call of Handle so far, repeated and refused ones too.
func (f *FakeDeskInbox) Actions() []chat.StaffAction {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]chat.StaffAction(nil), f.actions...)
}

// WaitActions waits for at least n calls of Handle and returns all of them.
func (f *FakeDeskInbox) WaitActions(t testing.TB, n int) []chat.StaffAction {
	t.Helper()
	timeUp := false
	timer := time.AfterFunc(patience, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		timeUp = true
		f.changed.Broadcast()
	})
	defer timer.Stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.actions) < n {
		if timeUp {
			t.Fatalf("waited %v for %d staff actions, got %d", patience, n, len(f.actions))
		}
		f.changed.Wait()
	}
	return append([]chat.StaffAction(nil), f.actions...)
}

// KeepCaseFile implements channels.DeskInbox.
func (f *FakeDeskInbox) KeepCaseFile(ctx context.Context, caseID, name string, body io.Reader) (chat.File, error) {
	return f.KeepFile(ctx, f.Case(caseID).Address, name, body)
}

// OpenCaseFile implements channels.DeskInbox.
func (f *FakeDeskInbox) OpenCaseFile(ctx context.Context, caseID, id string) (chat.File, []byte, error) {
	return f.OpenFile(ctx, f.Case(caseID).Address, id)
}
