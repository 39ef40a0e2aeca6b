package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"

	"verihelp/internal/chat"
)

// write sends what the client missed, then what comes through the queue, until
// the socket is over; then it says goodbye and gives the reader a moment to hear
// the echo.
func (s *socket) write(readerDone <-chan struct{}) {
	if err := s.pump(); err != nil {
		s.channel.cfg.Logger.Debug("socket ends", "channel", Name, "error", err)
		s.leave(websocket.CloseTryAgainLater, "try again later")
	}
	if s.code == websocket.CloseServiceRestart {
		leaving := newStatus(stateLeaving)
		leaving.RetryAfter = seconds(retrySocket)
		_ = s.send(leaving) // the close code says it too
	}
	s.sayGoodbye()
	select {
	case <-readerDone:
	case <-time.After(closeGrace):
		s.cut()
	}
}

// sayGoodbye sends the close frame; a peer that is gone does not get it.
func (s *socket) sayGoodbye() {
	_ = s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(s.code, s.reason), time.Now().Add(closeGrace))
}

func (s *socket) pump() error {
	beat := time.NewTicker(s.channel.cfg.PingEvery)
	defer beat.Stop()
	if err := s.resume(); err != nil {
		return err
	}
	for {
		select {
		case <-s.over:
			return nil
		case next := <-s.queue:
			if err := s.sendNext(next); err != nil {
				return err
			}
		case <-beat.C:
			if err := s.sendBeat(); err != nil {
				return err
			}
		}
	}
}

// resume greets the client and sends what it has not seen. The socket has joined
// before, so an item committed meanwhile is in the log, or in the queue, or in
// both, and its number tells.
func (s *socket) resume() error {
	reset, err := s.fromAnotherLog()
	if err != nil {
		return err
	}
	if reset {
		s.lastSeq = 0
	}
	if err := s.send(newWelcome(reset, s.channel.cfg.PingEvery)); err != nil {
		return err
	}
	if err := s.catchUp(); err != nil {
		return err
	}
	return s.send(newStatus(stateLive))
}

// fromAnotherLog says that the number the client gave is not one of this log:
// the data were deleted or restored since, and the client must start anew.
func (s *socket) fromAnotherLog() (bool, error) {
	if s.lastSeq == 0 {
		return false, nil
	}
	items, err := s.log(s.lastSeq-1, 1)
	if err != nil {
		return false, err
	}
	return len(items) == 0 || items[0].Seq != s.lastSeq, nil
}

var (
	errOver = errors.New("the socket is over")
	errGap  = errors.New("the log has not the items before the one delivered")
)

// catchUp sends what the log has beyond the last item sent.
func (s *socket) catchUp() error {
	for !s.isOver() {
		items, err := s.log(s.lastSeq, logPage)
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := s.sendItem(item); err != nil {
				return err
			}
		}
		if len(items) < logPage {
			return nil
		}
	}
	return errOver
}

func (s *socket) log(after int64, limit int) ([]chat.Item, error) {
	ctx, cancel := context.WithTimeout(s.channel.ctx, s.channel.cfg.WriteTimeout)
	defer cancel()
	items, err := s.channel.inbox.Log(ctx, s.who, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return items, nil
}

func (s *socket) sendNext(next outgoing) error {
	if next.frame != nil {
		return s.send(next.frame)
	}
	for _, item := range next.items {
		if item.Seq > s.lastSeq+1 { // a push was missed
			if err := s.catchUp(); err != nil {
				return err
			}
		}
		if item.Seq > s.lastSeq+1 { // sending it would hide the gap from the client
			return errGap
		}
		if err := s.sendItem(item); err != nil {
			return err
		}
	}
	return nil
}

// sendItem sends an item unless it was sent before.
func (s *socket) sendItem(item chat.Item) error {
	if item.Seq <= s.lastSeq {
		return nil
	}
	if err := s.send(newItem(item)); err != nil {
		return err
	}
	s.lastSeq = item.Seq
	return nil
}

// sendBeat lets proxies and the client know that the socket lives: a ping, which
// browsers answer but do not show to scripts, and a frame that scripts see.
func (s *socket) sendBeat() error {
	if err := s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(s.channel.cfg.WriteTimeout)); err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	return s.send(newStatus(stateBeat))
}

func (s *socket) send(frame any) error {
	data, err := json.Marshal(frame)
	if err != nil {
		return fmt.Errorf("encode frame: %w", err)
	}
	if err := s.ws.SetWriteDeadline(time.Now().Add(s.channel.cfg.WriteTimeout)); err != nil {
		return fmt.Errorf("set write deadline: %w", err)
	}
	if err := s.ws.WriteMessage(websocket.TextMessage, data); err != nil {
		return fmt.Errorf("write frame: %w", err)
	}
	return nil
}
