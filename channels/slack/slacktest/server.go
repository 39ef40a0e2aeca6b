// Package slacktest is Slack as a desk sees it: a real HTTP and WebSocket server on
// loopback for tests, with people who write, tap and fill in modals.
//
// It keeps what is posted (message IDs in microseconds, threads, edits, reactions,
// files, views), refuses what Slack refuses (limits of blocks, unknown channels,
// threads that are gone, wrong tokens), sends events over sockets until they are
// acknowledged or to HTTP endpoints with a signature, and can be told to fail in
// every way that Slack does (faults.go). It imports nothing of the desk, so that
// it cannot repeat the desk's mistakes.
package slacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Tokens and secret that the server accepts.
const (
	BotToken      = "xoxb-test"
	AppToken      = "xapp-test"
	SigningSecret = "8f742231b10e8888abcd99yyyzzz85a5"
	BotUser       = "U0BOT00000"
	botID         = "B0BOT00000"
	team          = "T0TEAM0000"
)

// Server is a workspace. Its methods may be called from any goroutine.
type Server struct {
	http *httptest.Server

	mu       sync.Mutex
	channels map[string]*channel
	users    map[string]*user
	files    map[string]*file
	views    map[string]*view
	triggers map[string]string // trigger → the user who may use it
	homes    map[string]string // user → blocks of their home tab
	whispers []Whisper
	lastTS   int64 // microseconds
	serial   int
	scopes   string
	calls    map[string]int
	faults   []*fault
	down     bool

	sockets   []*socket
	next      int // of the sockets, to send to
	envelopes map[string]*envelope
	held      []*envelope // while events are held back
	holding   bool
	twice     bool
	endpoint  string // HTTP events go there, instead of sockets

	ctx  context.Context
	stop context.CancelFunc
	work sync.WaitGroup
}

type channel struct {
	id, name string
	archived bool
	members  []string
	messages []*Message // in order of their ts
}

type user struct {
	id, name      string
	bot, stranger bool
}

type file struct {
	id, name string
	body     []byte
	html     bool // the login page is served instead
}

// Whisper is an ephemeral message: only its user sees it.
type Whisper struct {
	Channel, Thread, User, Text string
	Blocks                      json.RawMessage
}

// New starts a workspace that ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{
		channels: map[string]*channel{}, users: map[string]*user{}, files: map[string]*file{}, views: map[string]*view{},
		triggers: map[string]string{}, homes: map[string]string{}, calls: map[string]int{}, envelopes: map[string]*envelope{},
		scopes: "chat:write,channels:history,channels:read,groups:history,groups:read,users:read,reactions:write,files:read,files:write,commands",
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.users[BotUser] = &user{id: BotUser, name: "客服台", bot: true}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("/upload/", s.serveUpload)
	mux.HandleFunc("/files/", s.serveFile)
	mux.HandleFunc("/link/", s.serveSocket)
	s.http = httptest.NewServer(s.outage(mux))
	t.Cleanup(s.close)
	return s
}

func (s *Server) close() {
	s.stop()
	s.mu.Lock()
	for _, c := range s.sockets {
		_ = c.conn.Close()
	}
	s.mu.Unlock()
	s.http.CloseClientConnections()
	s.http.Close() // no request begins work any more
	s.work.Wait()
}

// API is the base address of the web API.
func (s *Server) API() string { return s.http.URL + "/api/" }

// AddChannel makes a channel with these members, beside the bot.
func (s *Server) AddChannel(id string, members ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[id] = &channel{id: id, name: strings.ToLower(id), members: append([]string{BotUser}, members...)}
}

// AddUser makes a person and puts them into channels.
func (s *Server) AddUser(name string, channels ...string) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	id = fmt.Sprintf("U%09d", s.serial)
	s.users[id] = &user{id: id, name: name}
	for _, c := range channels {
		s.channels[c].members = append(s.channels[c].members, id)
	}
	return id
}

// Archive archives a channel, or takes it back.
func (s *Server) Archive(channel string, archived bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channel].archived = archived
}

// Scopes sets what the bot's token may do, as Slack's header lists it.
func (s *Server) Scopes(list string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scopes = list
}

// Stranger marks a user as one of another organisation.
func (s *Server) Stranger(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[id].stranger = true
}

// newTS is a message ID that nobody had: later than all before.
func (s *Server) newTS() string {
	s.lastTS = max(s.lastTS+1, time.Now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.lastTS/1e6, s.lastTS%1e6)
}

func (s *Server) newID(kind string) string {
	s.serial++
	return fmt.Sprintf("%s%09d", kind, s.serial)
}

// Wait waits until a condition on the workspace holds; false if it took too long.
// The condition is checked every millisecond, without the lock.
func (s *Server) Wait(patience time.Duration, holds func() bool) bool {
	deadline := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(time.Millisecond)
	}
	return true
}
