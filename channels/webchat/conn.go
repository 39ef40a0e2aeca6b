package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"verihelp/internal/chat"
)

const (
	queueLength = 32  // frames and pushes that wait for one client before it counts as slow
	maxPending  = 16  // messages of one client that wait for the inbox
	maxRefused  = 100 // frames refused in a row before a socket is cut
	logPage     = 100 // items read from the log at once

	retryMessage = 2 * time.Second // hint after the inbox failed
	closeGrace   = time.Second     // for a goodbye and its echo
	maxDrain     = 4 << 20         // bytes still taken after it

	leavingPerSecond = 500 // clients that are asked to come back in one second
)

// wire carries frames to a client: a socket, or a stream where sockets are blocked.
type wire interface {
	write(frame []byte) error // within the channel's WriteTimeout
	ping() error              // keeps proxies from closing it
	goodbye(code int, reason string)
	cut() // ends it whatever it is doing
}

// mark is the last item that was read from the log, or the first that was pushed:
// by its number and time a log is known again. A push is no proof, its number may
// follow on in another log.
type mark struct {
	seq int64     // 0: nothing was sent yet
	at  time.Time // zero: only the client knows
}

// conn is one connected client. What is to be written goes through the queue; the
// first call of leave decides how it ends.
type conn struct {
	channel *Channel
	wire    wire
	person  person
	lastSeq int64 // the writer's: sequence number of the last item sent
	mark    mark  // the writer's
	reset   bool  // the writer's: the client must forget what it has

	queue    queue
	over     chan struct{} // closed by leave
	finished chan struct{} // closed after the goodbye
	end      sync.Once
	code     int // set before over is closed
	cause    string
	retry    time.Duration // hint when to come back, set before over is closed
}

func newConn(c *Channel, w wire, p person, hello received) *conn {
	return &conn{
		channel: c, wire: w, person: p, lastSeq: hello.LastSeq, mark: mark{seq: hello.LastSeq},
		reset:    p.adopted || hello.Person != "" && hello.Person != p.tag(),
		queue:    queue{waiting: []outgoing{{resume: true}}},
		over:     make(chan struct{}),
		finished: make(chan struct{}),
	}
}

// leave ends the connection with a close code and a short ASCII reason. It does
// not wait and may be called from anywhere; the first call counts.
func (s *conn) leave(code int, cause string) { s.leaveFor(code, cause, 0) }

func (s *conn) leaveFor(code int, cause string, retry time.Duration) {
	s.end.Do(func() {
		s.code, s.cause, s.retry = code, cause, retry
		close(s.over)
	})
	s.ask(func(*queue) bool { return true }) // for the goodbye
}

func (s *conn) isOver() bool {
	select {
	case <-s.over:
		return true
	default:
		return false
	}
}

// resume greets the client and sends what it has not seen. The connection has
// joined before, so an item committed meanwhile is in the log, or in the queue,
// or in both, and its number tells.
func (s *conn) resume() error {
	if !s.reset && s.mark.seq > 0 {
		items, err := s.log(s.mark.seq-1, 1)
		if err != nil {
			return err
		}
		s.reset = !s.goesOn(items)
	}
	reset := s.reset
	if reset {
		s.lastSeq, s.mark, s.reset = 0, mark{}, false
	}
	if err := s.send(s.welcome(reset)); err != nil {
		return err
	}
	if err := s.catchUp(); err != nil {
		return err
	}
	return s.send(newStatus(stateLive))
}

func (s *conn) welcome(reset bool) welcomeFrame {
	_, forget := s.channel.inbox.(Eraser)
	return welcomeFrame{
		Kind: kindWelcome, Reset: reset, Adopted: s.person.adopted, Person: s.person.tag(), MaxChars: MaxChars,
		MaxFile: chat.MaxFile, Forget: forget, Link: s.channel.cfg.Link != nil,
		Beat: seconds(s.channel.cfg.PingEvery), Renew: renewIn(s.person.expires, s.channel.cfg.Now()),
	}
}

// renewIn is when a client should bring a new token, in seconds; 0 without one.
func renewIn(expires, now time.Time) int {
	if expires.IsZero() {
		return 0
	}
	return max(1, seconds(expires.Sub(now)-renewAhead))
}

// goesOn says whether items that were read begin with the mark. If not, the log is
// another one: the client's number was of somebody else's, or the conversation was
// moved, deleted or restored since. The client must start anew.
func (s *conn) goesOn(items []chat.Item) bool {
	if s.mark.seq == 0 {
		return true
	}
	if len(items) == 0 || items[0].Seq != s.mark.seq {
		return false
	}
	return s.mark.at.IsZero() || items[0].At.Equal(s.mark.at)
}

var (
	errOver       = errors.New("the connection is over")
	errGap        = errors.New("the log has not the items before the one delivered")
	errAnotherLog = errors.New("the log is not the one that was sent so far")
)

// catchUp sends what the log has beyond the last item sent. It reads from the mark.
func (s *conn) catchUp() error {
	for !s.isOver() {
		items, err := s.log(max(s.mark.seq-1, 0), logPage)
		if err != nil {
			return err
		}
		if !s.goesOn(items) {
			return errAnotherLog
		}
		for _, item := range items {
			if err := s.sendItem(item); err != nil {
				return err
			}
			s.mark = mark{item.Seq, item.At}
		}
		if len(items) < logPage {
			return nil
		}
	}
	return errOver
}

// lookAgain reads what was committed. Where the conversation has become another one,
// the client starts anew.
func (s *conn) lookAgain() error {
	err := s.catchUp()
	if errors.Is(err, errAnotherLog) {
		s.reset = true
		return s.resume()
	}
	return err
}

func (s *conn) log(after int64, limit int) ([]chat.Item, error) {
	return s.channel.log(s.channel.ctx, s.person.who, after, limit)
}

func (c *Channel) log(ctx context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.WriteTimeout)
	defer cancel()
	items, err := c.inbox.Log(ctx, who, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return items, nil
}

func (s *conn) sendNext(next outgoing) error {
	switch {
	case next.frame != nil:
		return s.send(next.frame)
	case !next.expires.IsZero():
		s.person.expires = next.expires
		renew := newStatus(stateRenewed)
		renew.Renew = renewIn(next.expires, s.channel.cfg.Now())
		return s.send(renew)
	case next.resume:
		s.reset = s.reset || next.reset
		return s.resume()
	}
	return s.sendPushed(next.items)
}

// sendPushed sends what was committed just now. Where it does not follow on, a push
// was missed, or this was sent already, or it is of another log: the log tells,
// which has all of it.
func (s *conn) sendPushed(items []chat.Item) error {
	for _, item := range items {
		if item.Seq != s.lastSeq+1 {
			return s.sendUpTo(items[len(items)-1].Seq)
		}
		if err := s.sendItem(item); err != nil {
			return err
		}
		if s.mark.seq == 0 {
			s.mark = mark{item.Seq, item.At}
		}
	}
	return nil
}

// sendUpTo sends from the log what was committed up to a number at least.
func (s *conn) sendUpTo(last int64) error {
	if err := s.lookAgain(); err != nil {
		return err
	}
	if s.lastSeq < last { // to go on would hide the gap from the client
		return errGap
	}
	return nil
}

// sendItem sends an item unless it was sent before.
func (s *conn) sendItem(item chat.Item) error {
	if item.Seq <= s.lastSeq {
		return nil
	}
	if err := s.send(newItem(item)); err != nil {
		return err
	}
	s.lastSeq = item.Seq
	return nil
}

// sendBeat lets proxies and the client know that the connection lives: a ping,
// which browsers answer but do not show to scripts, and a frame that scripts see.
// Whoever has brought no new token by now is sent away.
func (s *conn) sendBeat() error {
	if expires := s.person.expires; !expires.IsZero() && s.channel.cfg.Now().After(expires.Add(tokenLeeway)) {
		s.leave(closeUnproved, "token expired")
		return nil
	}
	if err := s.wire.ping(); err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	return s.send(newStatus(stateBeat))
}

func (s *conn) send(frame any) error {
	data, err := json.Marshal(frame)
	if err != nil {
		return fmt.Errorf("encode frame: %w", err)
	}
	if err := s.wire.write(data); err != nil {
		return fmt.Errorf("write frame: %w", err)
	}
	return nil
}

// join lets the person's items come to the connection. Of too many of one person
// the oldest gives way, which is most likely a dead one.
func (c *Channel) join(s *conn) {
	who := s.person.who
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil {
		s.leave(websocket.CloseServiceRestart, "restarting")
	}
	c.users[who] = append(slices.Clone(c.users[who]), s)
	staying := slices.DeleteFunc(slices.Clone(c.users[who]), (*conn).isOver)
	for _, oldest := range staying[:max(0, len(staying)-c.cfg.MaxPerUser)] {
		oldest.leave(closeReplaced, "replaced")
	}
}

func (c *Channel) part(s *conn) {
	who := s.person.who
	c.mu.Lock()
	defer c.mu.Unlock()
	conns := slices.DeleteFunc(slices.Clone(c.users[who]), func(other *conn) bool { return other == s })
	if len(conns) == 0 {
		delete(c.users, who)
		return
	}
	c.users[who] = conns
}
