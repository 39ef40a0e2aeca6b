package webchat

import (
	"context"
	"encoding/json"
	"net/http"
	"net/netip"

	"verihelp/internal/chat"
)

// Requests that a client makes beside its connection, or instead of its socket's
// frames. Each one proves anew who sends it, so it may reach another node.

// request is the body of such a request; each kind uses some of it.
type request struct {
	Hello json.RawMessage `json:"hello"`
	Frame json.RawMessage `json:"frame"` // to be sent
	File  string          `json:"file"`  // ID of the file to be opened
	Zone  string          `json:"zone"`  // IANA name of the time zone of an export
}

// proved serves requests whose body of up to limit bytes has a hello, and is JSON.
func (c *Channel) proved(limit int64, serve func(http.ResponseWriter, *http.Request, netip.Addr, person, request) *refusal) peerHandler {
	return func(w http.ResponseWriter, r *http.Request, peer netip.Addr) {
		data, refused := c.body(w, r, limit)
		var asked request
		if refused == nil && json.Unmarshal(data, &asked) != nil {
			refused = &refusal{code: codeBadFrame}
		}
		if refused != nil {
			refuse(w, r, refused)
			return
		}
		hello, refused := decode(asked.Hello)
		if refused != nil || hello.Kind != kindHello {
			refuse(w, r, &refusal{code: codeBadFrame})
			return
		}
		c.admit(w, r, hello, func(who person) *refusal { return serve(w, r, peer, who, asked) })
	}
}

// admit serves whoever a hello proves to be someone.
func (c *Channel) admit(w http.ResponseWriter, r *http.Request, hello received, serve func(person) *refusal) {
	hello.Secret = secretBeside(hello)
	who, refused := c.identify(r.Context(), hello)
	if refused == nil {
		refused = serve(who)
	}
	if refused != nil {
		refuseIn(w, localeOf(hello.Locale, r), refused)
	}
}

// secretBeside leaves out a secret beside a token: what to do with it is decided
// when a connection begins.
func secretBeside(hello received) string {
	if hello.Token != "" {
		return ""
	}
	return hello.Secret
}

// serveSent takes one frame of a client that has a stream, and answers as a socket
// would: ack or error.
func (c *Channel) serveSent(w http.ResponseWriter, r *http.Request, peer netip.Addr, who person, asked request) *refusal {
	frame, refused := decode(asked.Frame)
	if limited := c.limit(peer, who.who, frame, refused); limited != nil {
		return limited
	}
	switch {
	case refused != nil:
		return refused
	case frame.Kind == kindSeen:
		c.seen(r.Context(), who.who, frame.Seq)
		answerJSON(w, http.StatusOK, newAck(""))
		return nil
	case !frame.isSaid():
		return &refusal{code: codeUnknownKind}
	}
	if refused := c.limitStranger(r.Context(), peer, who, frame, false); refused != nil {
		return refused
	}
	m, refused := c.message(frame, who, peer, who.context) //nolint:contextcheck // a message goes its way even if its sender leaves
	if refused != nil {
		return refused
	}
	return c.receiveSent(w, m, who) //nolint:contextcheck // the same
}

func (c *Channel) receiveSent(w http.ResponseWriter, m chat.Message, who person) *refusal {
	select {
	case err := <-c.inbox.Receive(c.ctx, m):
		status := http.StatusOK
		if err != nil {
			status = http.StatusServiceUnavailable
		}
		answerJSON(w, status, c.answer(m.ID, err, who.locale))
		return nil
	case <-c.ctx.Done():
		return &refusal{code: codeTryAgain, id: m.ID, retry: retryMessage}
	}
}

// Eraser is an Inbox that can forget a person.
type Eraser interface {
	Erase(ctx context.Context, who chat.Address) error
}

// serveForget deletes what is kept of a person who asks for it, and has all their
// clients forget it too.
func (c *Channel) serveForget(w http.ResponseWriter, r *http.Request, _ netip.Addr, who person, _ request) *refusal {
	inbox, able := c.inbox.(Eraser)
	if !able {
		return &refusal{code: codeUnknownKind}
	}
	if limited := c.limitPerson(who.who); limited != nil {
		return limited
	}
	known, err := c.log(r.Context(), who.who, 0, 1)
	if err == nil && len(known) > 0 {
		err = inbox.Erase(r.Context(), who.who)
	}
	if err != nil {
		c.cfg.Logger.Error("person not erased", "channel", Name, "error", err)
		return &refusal{code: codeTryAgain, retry: retryMessage}
	}
	for _, conn := range c.connected(who.who) { //nolint:contextcheck // connections have a life of their own
		conn.push(outgoing{resume: true, reset: true})
	}
	answerJSON(w, http.StatusOK, forgottenFrame{Kind: "forgotten"})
	return nil
}

// serveLink tells where the conversation can go on.
func (c *Channel) serveLink(w http.ResponseWriter, r *http.Request, _ netip.Addr, who person, _ request) *refusal {
	if c.cfg.Link == nil {
		return &refusal{code: codeUnknownKind}
	}
	if limited := c.limitPerson(who.who); limited != nil {
		return limited
	}
	url, err := c.cfg.Link(r.Context(), who.who)
	if err != nil {
		c.cfg.Logger.Error("no link to another channel", "channel", Name, "error", err)
		return &refusal{code: codeTryAgain, retry: retryMessage}
	}
	answerJSON(w, http.StatusOK, linkFrame{Kind: "link", URL: url})
	return nil
}
