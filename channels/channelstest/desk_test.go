package channelstest_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/internal/chat"
)

// notebook is the smallest desk that keeps its promises: what was posted can be
// read, and what an agent does is handled at once. The suite must accept it.
type notebook struct {
	mu      sync.Mutex
	inbox   channels.DeskInbox
	running chan struct{}
	pages   map[string][]string
}

func (n *notebook) Name() string { return "notebook" }

func (n *notebook) Run(ctx context.Context, in channels.DeskInbox) error {
	n.inbox = in
	close(n.running)
	<-ctx.Done()
	return nil
}

func (n *notebook) Post(_ context.Context, u channels.Update) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	page := n.pages[u.Case.ID]
	if u.Change == chat.CaseOpened {
		page = append(page, fmt.Sprint(u.Case.ID, u.Case.Title, u.Case.Facts, u.Case.Checklist))
	}
	for _, item := range u.Items {
		page = append(page, item.PlainText())
	}
	n.pages[u.Case.ID] = page
	return nil
}

// clerk is an agent at the notebook.
type clerk struct {
	desk *notebook
	name string
	done int
	last chat.StaffAction
}

func (c *clerk) Do(_ *testing.T, caseID string, change chat.CaseChange, text string) string {
	c.done++
	c.last = chat.StaffAction{
		ID: fmt.Sprint(c.name, c.done), CaseID: caseID, Agent: chat.Agent{ID: c.name, Name: c.name},
		Change: change, Text: text, At: time.Now(),
	}
	if err := c.desk.inbox.Handle(context.Background(), c.last); err != nil {
		return err.Error()
	}
	return ""
}

func (c *clerk) Repeat(*testing.T) { _ = c.desk.inbox.Handle(context.Background(), c.last) }

func (c *clerk) Shown(_ *testing.T, caseID string) string {
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	return strings.Join(c.desk.pages[caseID], "\n")
}

func TestDeskSuiteAcceptsASmallDesk(t *testing.T) {
	channelstest.Desk(t, func(*testing.T) channelstest.DeskRig {
		desk := &notebook{running: make(chan struct{}), pages: map[string][]string{}}
		return channelstest.DeskRig{
			Desk: desk,
			NewAgent: func(_ *testing.T, name string) channelstest.Agent {
				<-desk.running
				return &clerk{desk: desk, name: name}
			},
		}
	})
}
