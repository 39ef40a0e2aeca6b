package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"time"

	"github.com/gorilla/websocket"
)

// Where proxies block sockets, the same frames come as events of a stream, and go
// as requests. Each request proves anew who sends it, so it may reach another
// node than the stream.

// stream carries frames as server-sent events.
type stream struct {
	w       http.ResponseWriter
	out     *http.ResponseController
	timeout time.Duration
	cancel  context.CancelFunc
}

// serveStream answers a hello with everything that the server has to say.
func (c *Channel) serveStream(w http.ResponseWriter, r *http.Request, peer netip.Addr) {
	hello, refused := c.helloOf(w, r)
	if refused != nil {
		refuse(w, r, refused)
		return
	}
	if !c.enter(peer) {
		refuse(w, r, &refusal{code: codeNoRoom, retry: retryRoom})
		return
	}
	defer c.exit(peer)
	who, refused := c.identify(r.Context(), hello)
	if refused != nil {
		refuse(w, r, refused)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	s := newConn(c, &stream{w, http.NewResponseController(w), c.cfg.WriteTimeout, cancel}, who, hello)
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // nginx
	// A client that left hears nothing of it; otherwise the server is stopping.
	stop := context.AfterFunc(ctx, func() { s.leave(websocket.CloseServiceRestart, "restarting") })
	defer stop()
	c.join(s)
	defer c.part(s)
	s.start() //nolint:contextcheck // reads the log for as long as the channel runs
	<-s.finished
}

func (c *Channel) helloOf(w http.ResponseWriter, r *http.Request) (received, *refusal) {
	data, refused := body(w, r, maxHello)
	if refused != nil {
		return received{}, refused
	}
	hello, refused := decode(data)
	if refused == nil && hello.Kind != kindHello {
		refused = &refusal{code: codeBadFrame}
	}
	return hello, refused
}

func body(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, *refusal) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, &refusal{code: codeTooLong}
	case err != nil: // half a request
		return nil, &refusal{code: codeBadFrame}
	}
	return data, nil
}

func (s *stream) write(frame []byte) error {
	if err := s.out.SetWriteDeadline(time.Now().Add(s.timeout)); err != nil {
		return err
	}
	event := append(append([]byte("data: "), frame...), "\n\n"...) // JSON has no line breaks
	if _, err := s.w.Write(event); err != nil {
		return err
	}
	return s.out.Flush()
}

// ping is nothing here: the frame that follows it does what a ping does.
func (s *stream) ping() error { return nil }

func (s *stream) goodbye(code int, reason string) {
	if frame, err := json.Marshal(closeFrame{kindClose, code, reason}); err == nil {
		_ = s.write(frame) // the peer may be gone
	}
}

func (s *stream) cut() { s.cancel() }

// serveSend takes one frame of a client that has a stream, with a hello that
// proves who sends it, and answers as a socket would: ack or error.
func (c *Channel) serveSend(w http.ResponseWriter, r *http.Request, peer netip.Addr) {
	data, refused := body(w, r, maxFrame+maxHello)
	if refused != nil {
		refuse(w, r, refused)
		return
	}
	var sent struct{ Hello, Frame json.RawMessage }
	if json.Unmarshal(data, &sent) != nil {
		refuse(w, r, &refusal{code: codeBadFrame})
		return
	}
	hello, refused := decode(sent.Hello)
	if refused != nil || hello.Kind != kindHello {
		refuse(w, r, &refusal{code: codeBadFrame})
		return
	}
	if !c.enter(peer) {
		refuse(w, r, &refusal{code: codeNoRoom, retry: retryRoom})
		return
	}
	defer c.exit(peer)
	hello.Secret = secretBeside(hello)
	who, refused := c.identify(r.Context(), hello)
	if refused != nil {
		refuse(w, r, refused)
		return
	}
	c.takeSent(w, r, peer, who, sent.Frame)
}

// secretBeside leaves out a secret beside a token: what to do with it is decided
// when a connection begins.
func secretBeside(hello received) string {
	if hello.Token != "" {
		return ""
	}
	return hello.Secret
}

func (c *Channel) takeSent(w http.ResponseWriter, r *http.Request, peer netip.Addr, who person, data []byte) {
	frame, refused := decode(data)
	if limited := c.limit(peer, who.who, frame, refused); limited != nil {
		refused = limited
	}
	if refused == nil && frame.Kind != kindMessage && frame.Kind != kindChoice {
		refused = &refusal{code: codeUnknownKind}
	}
	if refused != nil {
		refuse(w, r, refused)
		return
	}
	m := c.message(frame, who, who.context)
	select {
	case err := <-c.inbox.Receive(c.ctx, m): //nolint:contextcheck // a message goes its way even if its sender leaves
		status := http.StatusOK
		if err != nil {
			status = http.StatusServiceUnavailable
		}
		answerJSON(w, status, c.answer(m.ID, err, who.locale))
	case <-c.ctx.Done():
		refuse(w, r, &refusal{code: codeTryAgain, id: m.ID, retry: retryMessage})
	}
}
