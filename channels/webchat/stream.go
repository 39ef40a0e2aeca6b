package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"os"
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
func (c *Channel) serveStream(w http.ResponseWriter, r *http.Request, _ netip.Addr) {
	hello, refused := c.helloOf(w, r)
	if refused != nil {
		refuse(w, r, refused)
		return
	}
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
	data, refused := c.body(w, r, maxHello)
	if refused != nil {
		return received{}, refused
	}
	hello, refused := decode(data)
	if refused == nil && hello.Kind != kindHello {
		refused = &refusal{code: codeBadFrame}
	}
	return hello, refused
}

// whileRunning ends the wait for a body when the service stops.
func (c *Channel) whileRunning(w http.ResponseWriter) (done func() bool) {
	return context.AfterFunc(c.ctx, func() { _ = http.NewResponseController(w).SetReadDeadline(time.Now()) })
}

// body reads a request's body, which has to come within the deadline of guarded.
func (c *Channel) body(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, *refusal) {
	defer c.whileRunning(w)()
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, &refusal{code: codeTooLong}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &refusal{code: codeTryAgain, retry: retryMessage}
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
