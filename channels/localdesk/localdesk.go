// Package localdesk is a staff desk in the browser, for loopback only: it lets a
// person play the staff until a real desk is connected.
//
// The truth is the store behind DeskInbox. Post only wakes the open pages, which
// read cases and logs again, so that a page that missed something, or was opened
// later, shows the same. Whoever has the one-time link printed at the start gets a
// session; there are no accounts, and so the page answers on loopback alone.
package localdesk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"verihelp/channels"
	"verihelp/channels/staffwords"
	"verihelp/internal/chat"
	"verihelp/internal/hours"
)

//go:embed index.html desk.js desk.css
var files embed.FS

// Config is what a desk is made of.
type Config struct {
	Now    func() time.Time
	Random io.Reader     // where keys and sessions come from
	Hours  hours.Hours   // when staff work
	Target time.Duration // working time within which staff should answer
	Logger *slog.Logger

	Categories staffwords.Titles // that staff can name
}

// Desk implements channels.Desk. Create it with New, serve Handler, call Run once.
type Desk struct {
	Config
	mu       sync.Mutex
	inbox    channels.DeskInbox     // of Run; nil while it does not run
	done     <-chan struct{}        // ends with Run
	key      string                 // of the one-time link; empty once used
	sessions map[string]string      // the name of each session's agent; empty until it is told
	pages    map[chan struct{}]bool // open pages, woken by Post
	open     sync.WaitGroup         // requests that stream to pages
}

var (
	_ channels.Poster = (*Desk)(nil)
	_ channels.Waker  = (*Desk)(nil)
)

// New makes a desk with a fresh one-time link.
func New(c Config) (*Desk, error) {
	d := &Desk{Config: c, sessions: map[string]string{}, pages: map[chan struct{}]bool{}}
	key, err := d.secret()
	d.key = key
	return d, err
}

// secret makes 128 random bits, in hex.
func (d *Desk) secret() (string, error) {
	b := make([]byte, 16)
	if _, err := io.ReadFull(d.Random, b); err != nil {
		return "", fmt.Errorf("make desk key: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// LoginPath is the one-time link, without the address.
func (d *Desk) LoginPath() string { return "/login?key=" + d.key }

// Name implements channels.Desk.
func (*Desk) Name() string { return "local" }

// Run implements channels.Desk: pages can be used while it runs.
func (d *Desk) Run(ctx context.Context, in channels.DeskInbox) error {
	d.mu.Lock()
	d.inbox, d.done = in, ctx.Done()
	d.mu.Unlock()
	<-ctx.Done()
	d.mu.Lock()
	d.inbox = nil
	d.mu.Unlock()
	d.open.Wait()
	return nil
}

// Post implements channels.Poster: it wakes the open pages.
func (d *Desk) Post(context.Context, channels.Update) error {
	d.wakePages()
	return nil
}

// Wake implements channels.Waker.
func (d *Desk) Wake(chat.Address) { d.wakePages() }

// Connected implements channels.Waker: one call of Wake is enough for all pages.
func (d *Desk) Connected() []chat.Address { return []chat.Address{{}} }

func (d *Desk) wakePages() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for page := range d.pages {
		select {
		case page <- struct{}{}:
		default: // it is awake already
		}
	}
}

// login trades the key of the one-time link for a session.
func (d *Desk) login(key string) (session string, ok bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.key == "" || subtle.ConstantTimeCompare([]byte(key), []byte(d.key)) != 1 {
		return "", false, nil
	}
	session, err = d.secret()
	if err != nil {
		return "", false, err
	}
	d.key = ""
	d.sessions[session] = ""
	return session, true, nil
}

// invite makes a new one-time link for a further agent.
func (d *Desk) invite() (string, error) {
	key, err := d.secret()
	if err != nil {
		return "", err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.key = key
	return "/login?key=" + key, nil
}

func (d *Desk) knows(session string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, ok := d.sessions[session]
	return ok
}

// call remembers what an agent is called.
func (d *Desk) call(session, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sessions[session] = name
}

// agents are those whose names are known, by name: a case can be passed on to one.
func (d *Desk) agents() []chat.Agent {
	d.mu.Lock()
	defer d.mu.Unlock()
	found := []chat.Agent{}
	for session, name := range d.sessions {
		if name != "" {
			found = append(found, chat.Agent{ID: agentID(session), Name: name})
		}
	}
	slices.SortFunc(found, func(a, b chat.Agent) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return found
}

// agent finds one by ID; zero if there is none.
func (d *Desk) agent(id string) chat.Agent {
	for _, a := range d.agents() {
		if a.ID == id {
			return a
		}
	}
	return chat.Agent{}
}

// running is the inbox, or nil while the service starts or stops.
func (d *Desk) running() channels.DeskInbox {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.inbox
}

// watch registers a page; it reports false while the desk does not run.
func (d *Desk) watch() (page chan struct{}, done <-chan struct{}, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inbox == nil {
		return nil, nil, false
	}
	page = make(chan struct{}, 1)
	d.pages[page] = true
	d.open.Add(1)
	return page, d.done, true
}

func (d *Desk) unwatch(page chan struct{}) {
	d.mu.Lock()
	delete(d.pages, page)
	d.mu.Unlock()
	d.open.Done()
}

// ours begins the IDs of this desk's agents.
const ours = "desk-"

// agentID tells agents apart without giving their session away.
func agentID(session string) string {
	sum := sha256.Sum256([]byte(session))
	return ours + hex.EncodeToString(sum[:6])
}

// orphaned: the case is held by an agent of this desk whose session ended with the
// process that made it, so that nobody could ever answer. Another may take it over.
func (d *Desk) orphaned(c chat.Case) bool {
	if c.Agent == nil || !c.State.Open() || !strings.HasPrefix(c.Agent.ID, ours) {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for session := range d.sessions {
		if agentID(session) == c.Agent.ID {
			return false
		}
	}
	return true
}

// errNoCategory is a label that names no category, from a page older than them.
var errNoCategory = errors.New("no such category")

// refusals are what an agent is told, in the staff's language.
var refusals = map[error]string{
	chat.ErrCaseNotHeld: "請先接手這個案件。",
	chat.ErrCaseHeld:    "別的客服已經接手這個案件。",
	chat.ErrCaseNotOpen: "這個案件已經結束。",
	chat.ErrUnknownCase: "沒有這個案件。",
	chat.ErrEmptyReply:  "請先寫要回覆的話。",

	chat.ErrUnknownStaff: "請選一位同事；對方要先打開客服桌並填好名字。",
	chat.ErrBadTime:      "請選之後的時間，最多 30 天。",
	errNoCategory:        "沒有這個類別，請從清單選一個。",
	chat.ErrNotStaffs:    "只能修改或收回自己在這個案件裡寫的話。",
}

// refusal puts an error into words; other errors are the service's and are logged
// by the caller.
func refusal(err error) (words string, known bool) {
	for cause, words := range refusals {
		if errors.Is(err, cause) {
			return words, true
		}
	}
	return "沒有成功，請再試一次。", false
}
