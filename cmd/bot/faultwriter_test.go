package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// writer is a person with the web chat: it sends one message after the other,
// each until it is acknowledged, and draws every item once. It waits where staff have
// much to read already, so that a long run asks no more of a failing desk than it can
// take in.
type writer struct {
	name  string
	nodes []*node
	desk  *deskServer

	mu      sync.Mutex
	secret  string
	lastSeq int64
	said    int   // messages acknowledged
	own     []int // the person's numbered messages, as drawn
	staff   []int // staff's, as drawn
	wrong   []string
	ws      *websocket.Conn
	acks    chan string
	done    sync.WaitGroup
}

// mostUnread is how many messages of one person may be on their way to staff.
const mostUnread = 20

// frame is the part of a server's frame that matters here.
type frame struct {
	Kind  string `json:"kind"`
	Seq   int64  `json:"seq"`
	From  string `json:"from"`
	ID    string `json:"id"`
	Text  string `json:"text"`
	Reset bool   `json:"reset"`
	Code  string `json:"code"`
}

// run writes until ctx ends, then finishes what is under way. The connection is
// kept up until life ends, so that answers arrive.
func (w *writer) run(ctx, life context.Context) {
	w.acks = make(chan string, 100)
	w.done.Go(func() { w.stayConnected(life) })
	for n := 0; ctx.Err() == nil; n++ {
		text := "我要找真人客服"
		if n > 0 {
			text = fmt.Sprintf("[%s %d]", w.name, n)
		}
		if !w.say(life, "m"+strconv.Itoa(n), text) {
			return
		}
		w.think(ctx, n)
	}
}

// think waits a little after message n, and until staff have read most of them.
func (w *writer) think(ctx context.Context, n int) {
	for {
		time.Sleep(time.Duration(rand.IntN(600)) * time.Millisecond)
		if n-len(w.desk.relayed(w.name)) <= mostUnread || ctx.Err() != nil {
			return
		}
	}
}

// say repeats a message until it is acknowledged.
func (w *writer) say(life context.Context, id, text string) bool {
	for life.Err() == nil {
		w.send(map[string]any{"kind": "message", "id": id, "text": text})
		timeout := time.After(2 * time.Second)
		for waiting := true; waiting; {
			select {
			case got := <-w.acks:
				if got == id {
					w.mu.Lock()
					w.said++
					w.mu.Unlock()
					return true
				}
			case <-timeout:
				waiting = false
			case <-life.Done():
				return false
			}
		}
	}
	return false
}

func (w *writer) send(v any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ws != nil {
		_ = w.ws.WriteJSON(v) // repeated until acknowledged
	}
}

func (w *writer) stayConnected(life context.Context) {
	for life.Err() == nil {
		if err := w.connect(life); err == nil {
			w.read()
		}
		time.Sleep(time.Duration(20+rand.IntN(100)) * time.Millisecond)
	}
}

func (w *writer) connect(life context.Context) error {
	base := w.nodes[rand.IntN(len(w.nodes))].address()
	if base == "" {
		return fmt.Errorf("down")
	}
	if w.secret == "" {
		response, err := http.Post(base+"chat/session", "application/json", http.NoBody)
		if err != nil {
			return err
		}
		var session struct{ Secret string }
		err = json.NewDecoder(response.Body).Decode(&session)
		_ = response.Body.Close()
		if err != nil {
			return err
		}
		w.secret = session.Secret
	}
	dialer := websocket.Dialer{Subprotocols: []string{"verihelp.v1"}, HandshakeTimeout: 3 * time.Second}
	ws, response, err := dialer.DialContext(life, strings.Replace(base, "http", "ws", 1)+"chat/socket", nil)
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ws = ws
	return ws.WriteJSON(map[string]any{"kind": "hello", "secret": w.secret, "last_seq": w.lastSeq, "locale": "zh-TW"})
}

func (w *writer) read() {
	w.mu.Lock()
	ws := w.ws
	w.mu.Unlock()
	for {
		var f frame
		_ = ws.SetReadDeadline(time.Now().Add(40 * time.Second))
		if err := ws.ReadJSON(&f); err != nil {
			w.mu.Lock()
			_ = ws.Close()
			w.ws = nil
			w.mu.Unlock()
			return
		}
		switch f.Kind {
		case "ack":
			w.acks <- f.ID
		case "item":
			w.draw(f)
		case "welcome":
			if f.Reset {
				w.complain("the server has another log")
			}
		}
	}
}

var staffWords = regexp.MustCompile(`^\(staff (\d+)\)$`)

func (w *writer) draw(f frame) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.Seq <= w.lastSeq {
		return
	}
	if f.Seq != w.lastSeq+1 {
		w.wrong = append(w.wrong, fmt.Sprintf("item %d came after %d", f.Seq, w.lastSeq))
	}
	w.lastSeq = f.Seq
	if m := spoken.FindStringSubmatch(f.Text); m != nil && f.From == "user" {
		n, _ := strconv.Atoi(m[2])
		w.own = append(w.own, n)
	}
	if m := staffWords.FindStringSubmatch(f.Text); m != nil && f.From == "staff" {
		n, _ := strconv.Atoi(m[1])
		w.staff = append(w.staff, n)
	}
}

func (w *writer) complain(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = append(w.wrong, what)
}

// state is how many messages were acknowledged, and what staff wrote.
func (w *writer) state() (said int, heard []int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said, append([]int{}, w.staff...)
}

func (w *writer) echoed() []int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]int{}, w.own...)
}

func (w *writer) trouble() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.wrong
}

func (w *writer) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ws != nil {
		_ = w.ws.Close()
	}
}
