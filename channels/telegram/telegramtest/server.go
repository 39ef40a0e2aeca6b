// Package telegramtest is a fake of Telegram: the Bot API as a real HTTP server on
// loopback, and people who write to its bot.
//
// It keeps what the real one promises and what it refuses: updates stay until a
// higher offset confirms them and come again until then, a webhook is retried, a
// second poller gets 409, texts are limited in UTF-16 units and button data in
// bytes, a person who blocked the bot cannot be written to. Errors, limits, time-
// outs, broken answers and outages are injected with Fail and Down. Tests of the
// adapter and of whole stories use it.
package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Token is the token that the fake takes.
const Token = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" //nolint:gosec // of nobody

// Username is the bot's name.
const Username = "verihelp_bot"

// Server is a fake of the Bot API. Its methods may be called from any goroutine.
type Server struct {
	URL string // base address, without the token

	mu      sync.Mutex
	changed chan struct{} // closed and replaced by every change
	closed  chan struct{}
	token   string
	rooms   map[int64]*room
	updates []queued
	nextID  int64
	polls   int // long polls so far; an older one ends when another begins
	twice   bool
	reverse bool
	down    bool
	faults  map[string][]Fault
	calls   map[string]int
	taps    map[string]string // callback queries: how they were answered
	files   map[string][]byte
	profile map[string]string // method and language: what was set
	hook    hook
	work    sync.WaitGroup
}

// Fault is what happens to one call instead of its answer.
type Fault struct {
	Status      int    // of a refusal, with Description
	Description string // as Telegram words it
	RetryAfter  int    // seconds, of a 429

	Hang bool // no answer until the caller leaves
	Half bool // the answer breaks off in the middle
	Cut  bool // the connection is closed without an answer
	Page bool // an HTML page instead of JSON, with Status

	Done bool // the call takes effect all the same; with nothing else it is none of these
}

// New starts a fake that stops at the end of the test.
func New(t testing.TB) *Server {
	s := &Server{
		changed: make(chan struct{}), closed: make(chan struct{}), token: Token, nextID: 1000,
		rooms: map[int64]*room{}, faults: map[string][]Fault{}, calls: map[string]int{},
		taps: map[string]string{}, files: map[string][]byte{}, profile: map[string]string{},
	}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = server.URL
	t.Cleanup(func() {
		close(s.closed)
		s.change(func() { s.hook = hook{} })
		server.CloseClientConnections()
		server.Close()
		s.work.Wait()
	})
	return s
}

// Fail makes the next calls of a method meet faults, one each.
func (s *Server) Fail(method string, faults ...Fault) {
	s.change(func() { s.faults[method] = append(s.faults[method], faults...) })
}

// Down begins or ends an outage: connections are closed without an answer.
func (s *Server) Down(down bool) { s.change(func() { s.down = down }) }

// Twice makes getUpdates return each update twice.
func (s *Server) Twice(twice bool) { s.change(func() { s.twice = twice }) }

// Reverse makes getUpdates return the newest update first.
func (s *Server) Reverse(reverse bool) { s.change(func() { s.reverse = reverse }) }

// Revoke makes the token invalid.
func (s *Server) Revoke() { s.change(func() { s.token = "" }) }

// Calls is how often a method was called, faults included.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

// Profile is what was set by a method for a language.
func (s *Server) Profile(method, lang string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.profile[method+"/"+lang]
}

// Unconfirmed is how many updates wait or were not confirmed yet.
func (s *Server) Unconfirmed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates)
}

func (s *Server) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	close(s.changed)
	s.changed = make(chan struct{})
}

// patience is how long anything is waited for before a test has failed.
const patience = 10 * time.Second

// Wait waits until a condition, called under the fake's lock, holds.
func (s *Server) Wait(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for {
		s.mu.Lock()
		ok, changed := holds(), s.changed
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("waited %v for %s in vain", patience, what)
		}
	}
}

// WaitCalls waits until a method was called so often.
func (s *Server) WaitCalls(t testing.TB, method string, n int) {
	t.Helper()
	s.Wait(t, fmt.Sprintf("%d calls of %s", n, method), func() bool { return s.calls[method] >= n })
}

// WaitConfirmed waits until every update is confirmed.
func (s *Server) WaitConfirmed(t testing.TB) {
	t.Helper()
	s.Wait(t, "all updates confirmed", func() bool { return len(s.updates) == 0 })
}

// refusal is an answer with ok = false.
type refusal struct {
	Code        int    `json:"error_code"`
	Description string `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after,omitempty"`
	} `json:"parameters"`
}

func refuse(code int, description string) *refusal {
	return &refusal{Code: code, Description: description}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	down, token := s.down, s.token
	s.mu.Unlock()
	if down {
		cut(w)
		return
	}
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+token+"/"); ok && token != "" {
		s.serveFile(w, r, path)
		return
	}
	prefix, method, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if prefix != token || token == "" {
		answer(w, nil, refuse(http.StatusUnauthorized, "Unauthorized"))
		return
	}
	s.serveMethod(w, r, method)
}

func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request, method string) {
	call := parse(r)
	var fault *Fault
	s.change(func() {
		s.calls[method]++
		if queue := s.faults[method]; len(queue) > 0 {
			fault, s.faults[method] = &queue[0], queue[1:]
		}
		if fault != nil && *fault == (Fault{Done: true}) {
			fault = nil
		}
	})
	var result any
	var refused *refusal
	if fault == nil || fault.Done {
		result, refused = s.do(r, method, call)
	}
	if fault == nil {
		answer(w, result, refused)
		return
	}
	s.meet(w, r, *fault, result)
}

// meet lets a call meet a fault.
func (s *Server) meet(w http.ResponseWriter, r *http.Request, f Fault, result any) {
	switch {
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-s.closed:
		}
		cut(w)
	case f.Cut:
		cut(w)
	case f.Half:
		body, _ := json.Marshal(map[string]any{"ok": true, "result": result})
		w.Header().Set("Content-Length", fmt.Sprint(len(body)+100))
		_, _ = w.Write(body[:len(body)/2]) // and no more
	case f.Page:
		w.WriteHeader(f.Status)
		fmt.Fprint(w, "<html><body>Bad gateway</body></html>")
	default:
		refused := refuse(f.Status, f.Description)
		refused.Parameters.RetryAfter = f.RetryAfter
		answer(w, nil, refused)
	}
}

// cut closes the connection.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

func answer(w http.ResponseWriter, result any, refused *refusal) {
	w.Header().Set("Content-Type", "application/json")
	if refused == nil {
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
		return
	}
	w.WriteHeader(refused.Code)
	_ = json.NewEncoder(w).Encode(struct {
		OK bool `json:"ok"`
		*refusal
	}{false, refused})
}

// serveFile hands a file out, or half of it, or nothing until the caller leaves.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, path string) {
	var body []byte
	var found bool
	var fault *Fault
	s.change(func() {
		body, found = s.files[path]
		s.calls["file"]++
		if queue := s.faults["file"]; len(queue) > 0 {
			fault, s.faults["file"] = &queue[0], queue[1:]
		}
	})
	switch {
	case fault != nil && fault.Hang:
		s.meet(w, r, *fault, nil)
	case fault != nil:
		w.Header().Set("Content-Length", fmt.Sprint(len(body)+1))
		_, _ = w.Write(body[:len(body)/2])
	case !found:
		http.NotFound(w, nil)
	default:
		_, _ = w.Write(body)
	}
}
