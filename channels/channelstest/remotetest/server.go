// Package remotetest is somebody else's API for tests: a small HTTP server that
// takes texts, as the APIs of messengers do, and fails as they fail, and an
// adapter for it that keeps the promises of channels.Remote.
//
// The server notes what arrived, in order, for each receiver, so that a test can
// compare it with what was committed. It can be asked whether something arrived,
// or not, as real APIs differ there. It listens on loopback, or in memory (Pipe),
// where tests with a fake clock (testing/synctest) can wait for hours.
package remotetest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
)

// Fault is how the server answers one request to send.
type Fault int

// Faults. After those from LostAnswer on the text has arrived all the same.
const (
	None        Fault = iota
	Unavailable       // 503: nothing arrived
	Busy              // 429 with Retry-After: nothing arrived
	Gone              // 410: this receiver will never take anything
	Broken            // 500, and nobody can tell from it that nothing arrived
	Cut               // the connection is closed before the text was taken
	Silent            // no answer until the client gives up; nothing arrived
	LostAnswer        // the connection is closed instead of the answer
	CutAnswer         // the answer breaks off in its middle
	LateAnswer        // no answer until the client gives up
	BrokenAfter       // 500
)

// arrives says that a text is taken in spite of the fault.
func (f Fault) arrives() bool { return f == None || f >= LostAnswer }

// Unknown says that the client cannot tell whether the text arrived.
func (f Fault) Unknown() bool { return f >= Broken }

// Arrival is a text that arrived.
type Arrival struct {
	ID   string `json:"id"` // the same when the sender repeats it
	To   string `json:"to"`
	Text string `json:"text"`
}

// answer is the server's to a text that it took.
type answer struct {
	Receipt string `json:"receipt"`
	Padding string `json:"padding"` // something to break off in
}

// Server is the API. The zero value takes everything and can be asked.
type Server struct {
	// Fault chooses how a request to send is answered; nil: None.
	Fault func(a Arrival) Fault
	// RetryAfter is what Busy asks for, in seconds.
	RetryAfter int
	// Mute says that the API cannot be asked what arrived.
	Mute bool

	mu       sync.Mutex
	arrivals map[string][]Arrival
	receipts map[string]string // by ID, the first
	unknown  map[string]int    // by ID, attempts that the client cannot tell the outcome of
}

// Arrived returns what arrived for a receiver, in order.
func (s *Server) Arrived(to string) []Arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.arrivals[to])
}

// All returns what arrived for every receiver.
func (s *Server) All() map[string][]Arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string][]Arrival{}
	for to, arrived := range s.arrivals {
		all[to] = slices.Clone(arrived)
	}
	return all
}

// Unknowns returns how often each ID was answered so that the client cannot know.
func (s *Server) Unknowns() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.unknown)
}

// ServeHTTP implements http.Handler: POST /send, GET /sent?id=.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "POST /send":
		s.send(w, r)
	case "GET /sent":
		s.sent(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) send(w http.ResponseWriter, r *http.Request) {
	var a Arrival
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20)) // to its end, else the server would not notice that the client left
	if err == nil {
		err = json.Unmarshal(body, &a)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fault := None
	if s.Fault != nil {
		fault = s.Fault(a)
	}
	s.respond(w, r, fault, s.note(a, fault))
}

// note keeps what arrives and returns its receipt.
func (s *Server) note(a Arrival, fault Fault) (receipt string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.arrivals == nil {
		s.arrivals, s.receipts, s.unknown = map[string][]Arrival{}, map[string]string{}, map[string]int{}
	}
	if fault.Unknown() {
		s.unknown[a.ID]++
	}
	if !fault.arrives() {
		return ""
	}
	s.arrivals[a.To] = append(s.arrivals[a.To], a)
	receipt = fmt.Sprintf("%s-%d", a.To, len(s.arrivals[a.To]))
	if s.receipts[a.ID] == "" {
		s.receipts[a.ID] = receipt
	}
	return receipt
}

func (s *Server) respond(w http.ResponseWriter, r *http.Request, fault Fault, receipt string) {
	switch fault {
	case Unavailable:
		w.WriteHeader(http.StatusServiceUnavailable)
	case Busy:
		w.Header().Set("Retry-After", strconv.Itoa(s.RetryAfter))
		w.WriteHeader(http.StatusTooManyRequests)
	case Gone:
		w.WriteHeader(http.StatusGone)
	case Broken, BrokenAfter:
		w.WriteHeader(http.StatusInternalServerError)
	case Silent, LateAnswer:
		<-r.Context().Done()
	case Cut, LostAnswer:
		panic(http.ErrAbortHandler)
	case CutAnswer:
		body, _ := json.Marshal(answer{Receipt: receipt, Padding: "…"})
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	default:
		_ = json.NewEncoder(w).Encode(answer{Receipt: receipt})
	}
}

func (s *Server) sent(w http.ResponseWriter, r *http.Request) {
	if s.Mute {
		w.WriteHeader(http.StatusNotImplemented)
		return
	}
	s.mu.Lock()
	receipt := s.receipts[r.URL.Query().Get("id")]
	s.mu.Unlock()
	if receipt == "" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	_ = json.NewEncoder(w).Encode(answer{Receipt: receipt})
}
