package webchat

import (
	"context"
	"errors"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"verihelp/internal/chat"
)

// greet waits for the hello, the only frame that a stranger may send: soon, and
// small. Without it the socket is told to leave.
func (s *socket) greet() bool {
	stop := context.AfterFunc(s.channel.ctx, s.cut)
	defer stop()
	s.ws.SetReadLimit(maxHello)
	_ = s.ws.SetReadDeadline(time.Now().Add(s.channel.cfg.HelloTimeout)) // fails as the next read does
	kind, data, err := s.ws.ReadMessage()
	if err != nil {
		s.leave(closeBadHello, "no hello")
		return false
	}
	hello, refused := decode(data)
	if refused != nil || kind != websocket.TextMessage || hello.Kind != kindHello {
		s.leave(closeBadHello, "hello first")
		return false
	}
	who, ok := addressOf(hello.Secret)
	if !ok {
		s.leave(closeBadSecret, "bad secret")
		return false
	}
	s.who, s.locale, s.lastSeq = who, hello.Locale, hello.LastSeq
	return true
}

// read takes frames until the socket fails. It goes on reading after a goodbye,
// so that the peer's echo is seen and what it still sends does not reset the
// connection before the goodbye has arrived.
func (s *socket) read() {
	s.ws.SetReadLimit(maxFrame)
	s.ws.SetPongHandler(func(string) error { return s.heard() })
	limiter := rate.NewLimiter(rate.Limit(s.channel.cfg.Rate), s.channel.cfg.Burst)
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
		refused := s.take(kind, data, limiter)
		if refused == nil {
			refusedInRow = 0
			continue
		}
		if refusedInRow++; refusedInRow > maxRefused {
			s.leave(closeFlood, "too many refused frames")
			continue
		}
		s.push(outgoing{frame: newError(refused, s.locale)})
	}
}

// heard gives the peer time until its next sign of life.
func (s *socket) heard() error {
	return s.ws.SetReadDeadline(time.Now().Add(s.channel.cfg.PingEvery * 5 / 2))
}

func (s *socket) isOver() bool {
	select {
	case <-s.over:
		return true
	default:
		return false
	}
}

// take handles one frame. Each one counts against the rate, whatever it is.
func (s *socket) take(kind int, data []byte, limiter *rate.Limiter) *refusal {
	if kind != websocket.TextMessage {
		return &refusal{code: codeBadFrame}
	}
	frame, refused := decode(data)
	now := s.channel.cfg.Now()
	reservation := limiter.ReserveN(now, 1)
	if wait := reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		id := frame.ID
		if refused != nil {
			id = refused.id
		}
		return &refusal{code: codeRateLimited, id: id, retry: wait}
	}
	switch {
	case refused != nil:
		return refused
	case frame.Kind == kindHello: // a second one
		return &refusal{code: codeBadFrame}
	case frame.Kind == kindTyping:
		return nil
	}
	return s.receive(chat.Message{
		ID: frame.ID, From: s.who, Text: frame.Text, Choice: frame.Choice, Locale: s.locale, At: now,
	})
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
			s.answer(m.ID, err)
		case <-c.ctx.Done():
		}
	})
	return nil
}

func (s *socket) answer(id string, err error) {
	if err == nil {
		s.push(outgoing{frame: newAck(id)})
		return
	}
	s.channel.cfg.Logger.Warn("message not committed", "channel", Name, "error", err)
	s.push(outgoing{frame: newError(&refusal{code: codeTryAgain, id: id, retry: retryMessage}, s.locale)})
}
