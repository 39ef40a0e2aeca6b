package webchat

import (
	"io"
	"net/netip"
	"time"

	"github.com/gorilla/websocket"

	"verihelp/internal/chat"
)

// socket is one WebSocket. One goroutine reads and, after the hello, one at a time
// writes, which is what the library allows. The writer says goodbye, the reader,
// which owns the socket, closes it.
type socket struct {
	channel *Channel
	ws      *websocket.Conn
	peer    netip.Addr
	*conn   // after the hello
	context chat.HostContext
	pending chan struct{} // a place for each message that waits for the inbox
	seenSeq int64         // the reader's: the last item that the person is known to have seen
	begun   bool          // the reader's: the person has said something
}

// serve handles the socket until it has ended.
func (s *socket) serve() {
	defer func() { _ = s.ws.Close() }()
	if !apart(s.greet) {
		s.drain()
		return
	}
	s.channel.join(s.conn)
	defer s.channel.part(s.conn)

	s.start()
	s.read()
	s.leave(websocket.CloseNormalClosure, "")
	<-s.finished
}

// cut closes the connection under the socket, whatever it is doing.
func (s *socket) cut() { _ = s.ws.NetConn().Close() }

// drain takes what the peer still sends, for a moment: closing a connection with
// unread bytes resets it, and the peer would not see why it was closed.
func (s *socket) drain() {
	conn := s.ws.NetConn()
	_ = conn.SetReadDeadline(time.Now().Add(closeGrace)) // fails as the next read does
	_, _ = io.Copy(io.Discard, io.LimitReader(conn, maxDrain))
}

func (s *socket) write(frame []byte) error {
	if err := s.ws.SetWriteDeadline(time.Now().Add(s.channel.cfg.WriteTimeout)); err != nil {
		return err
	}
	return s.ws.WriteMessage(websocket.TextMessage, frame)
}

func (s *socket) ping() error {
	return s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(s.channel.cfg.WriteTimeout))
}

// goodbye sends the close frame, and gives the reader a moment to hear the echo. A
// peer that is gone does not get it.
func (s *socket) goodbye(code int, reason string) {
	time.AfterFunc(closeGrace, s.cut)
	_ = s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(closeGrace))
}
