package slacktest

import (
	"net/http"
	"strconv"
	"time"
)

// Fault is a way in which a call fails.
type Fault string

// Faults. Those that end in Done were carried out all the same.
const (
	RateLimit Fault = "429"         // Retry-After: 1
	Broken    Fault = "500"         // nothing was done
	Silent    Fault = "silent"      // the connection is cut, nothing was done
	SilentNow Fault = "silent done" // done, but the connection is cut before an answer
	HalfNow   Fault = "half done"   // done, but the answer breaks off
)

type fault struct {
	method string
	kind   Fault
	code   string // Slack's error instead
	left   int
}

// Fail makes the next calls of a method fail.
func (s *Server) Fail(method string, kind Fault, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{method: method, kind: kind, left: times})
}

// Refuse makes the next calls of a method fail with an error of Slack.
func (s *Server) Refuse(method, code string, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault{method: method, code: code, left: times})
}

func (s *Server) faultOf(method string) *fault {
	for _, f := range s.faults {
		if f.method == method && f.left > 0 {
			f.left--
			return f
		}
	}
	return nil
}

// before answers for a call that is not carried out.
func (f *fault) before(w http.ResponseWriter, _ *http.Request, _ *Server) bool {
	switch f.kind {
	case RateLimit:
		w.Header().Set("Retry-After", strconv.Itoa(1))
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	case Broken:
		w.WriteHeader(http.StatusInternalServerError)
		return true
	case Silent:
		cut(w)
		return true
	}
	return false
}

// after spoils the answer of a call that was carried out.
func (f *fault) after(w http.ResponseWriter, body []byte) bool {
	switch f.kind {
	case SilentNow:
		cut(w)
		return true
	case HalfNow:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body[:len(body)/2])
		cut(w)
		return true
	}
	return false
}

// cut ends the connection of a request without a word.
func cut(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
		return
	}
	panic(http.ErrAbortHandler) // part of an answer was sent
}

// Down has Slack unreachable, or back: calls are cut, sockets closed, and what
// people write meanwhile is sent to nobody.
func (s *Server) Down(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
	if !down {
		return
	}
	for _, c := range s.sockets {
		_ = c.conn.SetWriteDeadline(time.Now())
		_ = c.conn.Close()
	}
}

func (s *Server) outage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		down := s.down
		s.mu.Unlock()
		if down {
			cut(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}
