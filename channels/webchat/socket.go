package webchat

import (
	"io"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"verihelp/internal/chat"
)

const (
	queueLength = 32  // frames and pushes that wait for one socket before it counts as slow
	maxPending  = 16  // messages of one socket that wait for the inbox
	maxRefused  = 100 // frames refused in a row before a socket is cut
	logPage     = 100 // items read from the log at once

	retryMessage = 2 * time.Second // hint after the inbox failed
	retrySocket  = time.Second     // hint at a restart, clients add their own jitter
	closeGrace   = time.Second     // for a goodbye and its echo
	maxDrain     = 4 << 20         // bytes still taken after it
)

// socket is one WebSocket. A goroutine reads and another writes, which is what
// the library allows; everything to be written goes through the queue. The first
// call of leave decides how it ends: the writer says goodbye, the reader, which
// owns the socket, closes it.
type socket struct {
	channel *Channel
	ws      *websocket.Conn
	who     chat.Address
	locale  string
	lastSeq int64 // the writer's: sequence number of the last item sent

	queue   chan outgoing
	pending chan struct{} // a place for each message that waits for the inbox
	over    chan struct{} // closed by leave
	end     sync.Once
	code    int // set before over is closed
	reason  string
}

// outgoing is one entry of a socket's queue: committed items or another frame.
type outgoing struct {
	items []chat.Item
	frame any
}

func newSocket(c *Channel, ws *websocket.Conn) *socket {
	return &socket{
		channel: c,
		ws:      ws,
		queue:   make(chan outgoing, queueLength),
		pending: make(chan struct{}, maxPending),
		over:    make(chan struct{}),
	}
}

// leave ends the socket with a close code and a short ASCII reason. It does not
// wait and may be called from anywhere; the first call counts.
func (s *socket) leave(code int, reason string) {
	s.end.Do(func() {
		s.code, s.reason = code, reason
		close(s.over)
	})
}

// cut closes the connection under the socket, whatever it is doing.
func (s *socket) cut() { _ = s.ws.NetConn().Close() }

// push queues something to be written. A client that does not keep up is dropped
// and will read the log from where it stood.
func (s *socket) push(o outgoing) {
	select {
	case s.queue <- o:
	default:
		s.leave(closeTooSlow, "too slow")
	}
}

// serve handles the socket until it has ended.
func (s *socket) serve() {
	defer func() { _ = s.ws.Close() }()
	if !s.greet() {
		s.sayGoodbye()
		s.drain()
		return
	}
	s.channel.join(s)
	defer s.channel.part(s)

	read, written := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(written)
		s.write(read)
	}()
	s.read()
	close(read)
	s.leave(websocket.CloseNormalClosure, "")
	<-written
}

// drain takes what the peer still sends, for a moment: closing a connection with
// unread bytes resets it, and the peer would not see why it was closed.
func (s *socket) drain() {
	conn := s.ws.NetConn()
	_ = conn.SetReadDeadline(time.Now().Add(closeGrace)) // fails as the next read does
	_, _ = io.Copy(io.Discard, io.LimitReader(conn, maxDrain))
}

// join lets the person's items come to the socket. Of too many sockets of one
// person the oldest gives way, which is most likely a dead one.
func (c *Channel) join(s *socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil {
		s.leave(websocket.CloseServiceRestart, "restarting")
	}
	c.users[s.who] = append(slices.Clone(c.users[s.who]), s)
	staying := slices.DeleteFunc(slices.Clone(c.users[s.who]), (*socket).isOver)
	for _, oldest := range staying[:max(0, len(staying)-c.cfg.MaxPerUser)] {
		oldest.leave(closeReplaced, "replaced")
	}
}

func (c *Channel) part(s *socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	sockets := slices.DeleteFunc(slices.Clone(c.users[s.who]), func(other *socket) bool { return other == s })
	if len(sockets) == 0 {
		delete(c.users, s.who)
		return
	}
	c.users[s.who] = sockets
}
