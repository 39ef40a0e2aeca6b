package slacktest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

const (
	pingEvery   = 5 * time.Second
	resendAfter = 300 * time.Millisecond // Slack waits longer; the order of things is the same
	resends     = 3
)

// socket is a connection in Socket Mode.
type socket struct {
	conn *websocket.Conn
}

// envelope is something that the desk has to acknowledge.
type envelope struct {
	id, kind string
	payload  any
	acked    chan json.RawMessage // gets what came with the acknowledgement
}

func (s *Server) openConnection(url.Values) answer {
	return ok(answer{"url": "ws" + s.http.URL[len("http"):] + "/link/" + s.newID("L")})
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &socket{conn: conn}
	s.mu.Lock()
	s.sockets = append(s.sockets, c)
	s.write(c, answer{"type": "hello", "num_connections": len(s.sockets), "debug_info": answer{"approximate_connection_time": 18060}})
	s.mu.Unlock()
	done := make(chan struct{})
	go s.ping(c, done)
	s.read(c)
	close(done)
	s.mu.Lock()
	s.sockets = slices.DeleteFunc(s.sockets, func(other *socket) bool { return other == c })
	s.mu.Unlock()
	_ = conn.Close()
}

// write sends a frame; the lock keeps frames of one socket apart.
func (s *Server) write(c *socket, frame any) {
	_ = c.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_ = c.conn.WriteJSON(frame)
}

func (s *Server) ping(c *socket, done chan struct{}) {
	for ticker := time.NewTicker(pingEvery); ; {
		_ = c.conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second))
		select {
		case <-ticker.C:
		case <-done:
			return
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *Server) read(c *socket) {
	for {
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if c.conn.ReadJSON(&ack) != nil {
			return
		}
		s.mu.Lock()
		if e := s.envelopes[ack.EnvelopeID]; e != nil {
			delete(s.envelopes, ack.EnvelopeID)
			e.acked <- ack.Payload
		}
		s.mu.Unlock()
	}
}

// Sockets counts the open connections.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// Refresh has every connection closed, as Slack does every few hours.
func (s *Server) Refresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sockets {
		s.write(c, answer{"type": "disconnect", "reason": "refresh_requested"})
	}
}

// Hold keeps events back until Release sends them, or Lose drops them.
func (s *Server) Hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holding = true
}

// Release sends the events that were held, the last first if reversed.
func (s *Server) Release(reversed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.held
	s.held, s.holding = nil, false
	if reversed {
		slices.Reverse(held)
	}
	for _, e := range held {
		s.send(e)
	}
}

// Lose drops the events that were held: nobody listened in time.
func (s *Server) Lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held, s.holding = nil, false
}

// Twice sends every further event twice.
func (s *Server) Twice() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.twice = true
}

// UseHTTP sends events to an address, signed, instead of over sockets.
func (s *Server) UseHTTP(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoint = base
}

// emit sends an event of the Events API. The lock is held.
func (s *Server) emit(event answer) {
	id := s.newID("Ev")
	e := &envelope{id: s.newID("env"), kind: "events_api", acked: make(chan json.RawMessage, 1), payload: answer{
		"type": "event_callback", "team_id": team, "event_id": id, "event_time": time.Now().Unix(), "event": event,
	}}
	if s.holding {
		s.held = append(s.held, e)
		return
	}
	s.send(e)
	if s.twice {
		s.send(&envelope{id: s.newID("env"), kind: e.kind, payload: e.payload, acked: make(chan json.RawMessage, 1)})
	}
}

// send gives an envelope to one of the sockets, or posts it, again until it is
// acknowledged. The first attempt of a socket is made in the order of the calls.
func (s *Server) send(e *envelope) {
	if s.endpoint != "" {
		s.work.Go(func() { s.postUntilTaken(e) })
		return
	}
	s.envelopes[e.id] = e
	s.attempt(e, 0)
	s.work.Go(func() {
		for n := 1; n <= resends; n++ {
			select {
			case <-time.After(resendAfter):
			case <-s.ctx.Done():
				return
			}
			s.mu.Lock()
			if s.envelopes[e.id] == nil || e.kind != "events_api" { // what people tap is not sent again
				s.mu.Unlock()
				return
			}
			s.attempt(e, n)
			s.mu.Unlock()
		}
	})
}

func (s *Server) attempt(e *envelope, n int) {
	if len(s.sockets) == 0 || s.down {
		return
	}
	s.next++
	frame := answer{"envelope_id": e.id, "type": e.kind, "payload": e.payload, "accepts_response_payload": e.kind != "events_api"}
	if n > 0 {
		frame["retry_attempt"], frame["retry_reason"] = n, "timeout"
	}
	s.write(s.sockets[s.next%len(s.sockets)], frame)
}

var paths = map[string]string{"events_api": "/slack/events", "interactive": "/slack/interactions", "slash_commands": "/slack/commands"}

func (s *Server) postUntilTaken(e *envelope) {
	body, _ := json.Marshal(e.payload)
	kind := "application/json"
	switch e.kind {
	case "interactive":
		body, kind = []byte(url.Values{"payload": {string(body)}}.Encode()), "application/x-www-form-urlencoded"
	case "slash_commands":
		fields := url.Values{}
		for key, value := range e.payload.(answer) {
			fields.Set(key, value.(string))
		}
		body, kind = []byte(fields.Encode()), "application/x-www-form-urlencoded"
	}
	for n := range resends + 1 {
		if taken, answered := s.deliver(s.endpoint+paths[e.kind], kind, body, n); taken {
			e.acked <- answered
			return
		}
		select {
		case <-time.After(resendAfter):
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *Server) deliver(address, kind string, body []byte, n int) (bool, json.RawMessage) {
	request, err := http.NewRequestWithContext(s.ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return false, nil
	}
	request.Header.Set("Content-Type", kind)
	if n > 0 {
		request.Header.Set("X-Slack-Retry-Num", strconv.Itoa(n))
	}
	Sign(request.Header, body, time.Now())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false, nil
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	answered, _ := io.ReadAll(response.Body)
	return response.StatusCode == http.StatusOK, answered
}

// Sign signs a request's body as Slack does.
func Sign(header http.Header, body []byte, at time.Time) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(SigningSecret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	header.Set("X-Slack-Request-Timestamp", stamp)
	header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

func (s *Server) emitMessage(c *channel, m Message) {
	event := asMap(m)
	event["channel"], event["event_ts"], event["channel_type"] = c.id, m.TS, "channel"
	s.emit(event)
}

func (s *Server) emitChanged(c *channel, now, before Message) {
	ts := s.newTS()
	s.emit(answer{"type": "message", "subtype": "message_changed", "hidden": true, "channel": c.id, "ts": ts, "event_ts": ts, "message": now, "previous_message": before})
}

func asMap(v any) answer {
	b, _ := json.Marshal(v)
	var m answer
	_ = json.Unmarshal(b, &m)
	return m
}
