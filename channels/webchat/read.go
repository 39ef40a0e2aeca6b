package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"time"

	"github.com/gorilla/websocket"

	"verihelp/internal/chat"
)

// greet waits for the hello, the only frame that a stranger may send: soon, and
// small. Who cannot prove to be someone is told why, and to leave.
func (s *socket) greet() bool {
	stop := context.AfterFunc(s.channel.ctx, s.cut)
	defer stop()
	s.ws.SetReadLimit(maxHello)
	_ = s.ws.SetReadDeadline(time.Now().Add(s.channel.cfg.HelloTimeout)) // fails as the next read does
	kind, data, err := s.ws.ReadMessage()
	if err != nil {
		s.goodbye(closeBadHello, "no hello")
		return false
	}
	hello, refused := decode(data)
	if refused != nil || kind != websocket.TextMessage || hello.Kind != kindHello {
		s.goodbye(closeBadHello, "hello first")
		return false
	}
	who, refused := s.channel.identify(s.channel.ctx, hello)
	if refused != nil {
		s.turnAway(refused, hello.Locale)
		return false
	}
	s.conn, s.context = newConn(s.channel, s, who, hello), who.context
	return true
}

func (s *socket) turnAway(refused *refusal, locale string) {
	if frame, err := json.Marshal(newError(refused, locale)); err == nil {
		_ = s.write(frame) // the close code says it too
	}
	s.goodbye(closeCode(refused.code), string(refused.code))
}

// read takes frames until the socket fails. It goes on reading after a goodbye,
// so that the peer's echo is seen and what it still sends does not reset the
// connection before the goodbye has arrived.
func (s *socket) read() {
	s.ws.SetReadLimit(maxFrame)
	s.ws.SetPongHandler(func(string) error { return s.heard() })
	refusedInRow := 0
	for {
		if err := s.heard(); err != nil {
			return
		}
		kind, data, err := s.ws.ReadMessage()
		if errors.Is(err, websocket.ErrReadLimit) { // the library has said so
			s.drain()
			return
		}
		if err != nil {
			return
		}
		if s.isOver() {
			continue
		}
		refused := apart(func() *refusal { return s.take(kind, data) })
		if refused == nil {
			refusedInRow = 0
			continue
		}
		if refusedInRow++; refusedInRow > maxRefused {
			s.leave(closeFlood, "too many refused frames")
			continue
		}
		s.push(outgoing{frame: newError(refused, s.person.locale)})
	}
}

// apart runs something on a stack of its own. Decoding needs a deep one, which a
// connection that then waits for hours would keep.
func apart[T any](f func() T) T {
	done := make(chan T, 1)
	go func() { done <- f() }()
	return <-done
}

// heard gives the peer time until its next sign of life.
func (s *socket) heard() error {
	return s.ws.SetReadDeadline(time.Now().Add(s.channel.cfg.PingEvery * 5 / 2))
}

// take handles one frame. Each one counts against the rate, whatever it is.
func (s *socket) take(kind int, data []byte) *refusal {
	if kind != websocket.TextMessage {
		return &refusal{code: codeBadFrame}
	}
	frame, refused := decode(data)
	if limited := s.channel.limit(s.peer, s.person.who, frame, refused); limited != nil {
		return limited
	}
	switch {
	case refused != nil:
		return refused
	case frame.Kind == kindHello: // a second one
		return &refusal{code: codeBadFrame}
	case frame.Kind == kindTyping:
		return nil
	case frame.Kind == kindContext:
		s.context = frame.Context
		return nil
	case frame.Kind == kindToken:
		return s.renew(frame.Token)
	case frame.Kind == kindSeen:
		s.seen(frame.Seq)
		return nil
	}
	if refused := s.channel.limitStranger(s.channel.ctx, s.peer, s.person, frame, s.begun); refused != nil {
		return refused
	}
	s.begun = true
	m, refused := s.channel.message(frame, s.person, s.peer, s.context)
	if refused != nil {
		return refused
	}
	return s.receive(m)
}

// seen passes on what the person has seen, each item once. What comes while too
// much waits is dropped: the next one says as much.
func (s *socket) seen(seq int64) {
	if seq <= s.seenSeq {
		return
	}
	select {
	case s.pending <- struct{}{}:
	default:
		return
	}
	s.seenSeq = seq
	s.channel.work.Go(func() {
		defer func() { <-s.pending }()
		s.channel.seen(s.channel.ctx, s.person.who, seq)
	})
}

func (c *Channel) seen(ctx context.Context, who chat.Address, seq int64) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.WriteTimeout)
	defer cancel()
	if err := c.inbox.Seen(ctx, who, seq); err != nil {
		c.cfg.Logger.Warn("what was seen is not noted", "channel", Name, "error", err)
	}
}

// renew takes a new token of the same person; anybody else's ends the socket.
func (s *socket) renew(token string) *refusal {
	signedIn, refused := s.channel.tokens.verify(token)
	if refused != nil {
		return refused
	}
	if signedIn.address != s.person.who {
		s.leave(closeUnproved, "another person's token")
		return nil
	}
	s.push(outgoing{expires: signedIn.expires})
	return nil
}

// receive hands a message to the inbox and sees to it that the client gets one
// answer: acknowledged, or to be tried again. The message goes its way even if
// the socket ends meanwhile.
func (s *socket) receive(m chat.Message) *refusal {
	select {
	case s.pending <- struct{}{}:
	default:
		return &refusal{code: codeTryAgain, id: m.ID, retry: retryMessage}
	}
	c := s.channel
	result := c.inbox.Receive(c.ctx, m)
	c.work.Go(func() {
		defer func() { <-s.pending }()
		select {
		case err := <-result:
			s.push(outgoing{frame: c.answer(m.ID, err, s.person.locale)})
		case <-c.ctx.Done():
		}
	})
	return nil
}

// answer is what the sender of a message is told after its turn.
func (c *Channel) answer(id string, err error, locale string) any {
	if err == nil {
		return newAck(id)
	}
	c.cfg.Logger.Warn("message not committed", "channel", Name, "error", err)
	return newError(&refusal{code: codeTryAgain, id: id, retry: retryMessage}, locale)
}

func (c *Channel) message(f received, p person, peer netip.Addr, host chat.HostContext) (chat.Message, *refusal) {
	files, refused := c.attach(p.who, f.Files)
	if refused != nil {
		refused.id = f.ID
		return chat.Message{}, refused
	}
	return chat.Message{
		ID: f.ID, From: p.who, Text: f.Text, Choice: f.Choice, Locale: p.locale, Context: host, At: c.cfg.Now(),
		Files: files, Rating: f.Rating, Origin: originOf(p, peer),
	}, nil
}
