package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/slack-go/slack"
)

const (
	maxBody     = 1 << 20                 // bytes of a request of Slack
	answerLimit = 2500 * time.Millisecond // Slack waits for three seconds
)

// Handler serves Slack's HTTP requests, where Socket Mode is not used: paths
// /slack/events, /slack/interactions and /slack/commands. Each is checked by its
// signature. Any process that has an inbox serves them, whichever runs the desk. An
// event is answered 200 once what follows from it is committed, and 503 where Slack
// has to send it again.
func (d *Desk) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", d.signed(d.serveEvent))
	mux.HandleFunc("POST /slack/interactions", d.signed(d.serveInteraction))
	mux.HandleFunc("POST /slack/commands", d.signed(d.serveCommand))
	return mux
}

// signed lets through what Slack has signed within the last five minutes. The raw
// body is read before anything is parsed, and waited for only of who shows a
// signature, and not for long.
func (d *Desk) signed(serve func(http.ResponseWriter, *http.Request, []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// Also for net/http, which reads what a refused peer still sends.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(d.BodyTime)) // without one, the server's own stands
		verifier, err := slack.NewSecretsVerifier(r.Header, d.SigningSecret)
		if err != nil {
			http.Error(w, "there is no signature, or it is too old", http.StatusUnauthorized)
			return
		}
		body, status := bodyOf(w, r)
		if status != http.StatusOK {
			http.Error(w, "the body is too large, broke off or did not come", status)
			return
		}
		_, _ = verifier.Write(body) // a hash never fails
		if verifier.Ensure() != nil {
			http.Error(w, "the signature is wrong", http.StatusUnauthorized)
			return
		}
		if !d.lanes.opened() || !d.introduced(r.Context()) {
			http.Error(w, "the desk does not work here now", http.StatusServiceUnavailable)
			return
		}
		serve(w, r, body)
	}
}

// bodyOf reads a request's body, which has to come within the deadline of signed and
// before the service stops; net/http lifts the deadline once it was read.
func bodyOf(w http.ResponseWriter, r *http.Request) (body []byte, status int) {
	defer context.AfterFunc(r.Context(), func() { _ = http.NewResponseController(w).SetReadDeadline(time.Now()) })()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return body, http.StatusOK
	case errors.As(err, &tooLarge):
		return nil, http.StatusRequestEntityTooLarge
	}
	return nil, http.StatusRequestTimeout
}

// introduced says whether it is known who we are, and asks Slack if not.
func (d *Desk) introduced(ctx context.Context) bool {
	if d.me().user != "" {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	if err := d.Verify(ctx); err != nil {
		d.Logger.Warn("a request of Slack has to wait: who we are is not known", "err", err)
		return false
	}
	return true
}

func (d *Desk) serveEvent(w http.ResponseWriter, r *http.Request, body []byte) {
	o, err := decodeOuter(body)
	switch {
	case err != nil:
		http.Error(w, "not an event", http.StatusBadRequest)
	case o.Type == "url_verification":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, o.Challenge) // the peer is gone if it fails
	default:
		if r.Header.Get("X-Slack-Retry-Num") != "" || o.Type == "app_rate_limited" {
			d.noteMissed(r.Context()) // perhaps not this event alone
		}
		if err := d.committed(r.Context(), o); err != nil {
			http.Error(w, "not dealt with yet; send it again", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusOK)
	}
}

var errSlow = errors.New("it takes longer than Slack waits")

// committed deals with an event, and waits for that for as long as Slack does.
func (d *Desk) committed(ctx context.Context, o outer) error {
	result := make(chan error, 1)
	d.take(o, func(err error) { result <- err })
	late := time.NewTimer(answerLimit)
	defer late.Stop()
	select {
	case err := <-result:
		return err
	case <-late.C:
		return errSlow
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *Desk) serveInteraction(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, "not a form", http.StatusBadRequest)
		return
	}
	d.serveAck(w, r, func(ack func(any)) { d.onInteraction([]byte(form.Get("payload")), ack) })
}

func (d *Desk) serveCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, "not a form", http.StatusBadRequest)
		return
	}
	raw, err := json.Marshal(command{User: form.Get("user_id"), Channel: form.Get("channel_id"), Name: form.Get("command"), Text: form.Get("text")})
	if err != nil {
		http.Error(w, "not a command", http.StatusBadRequest)
		return
	}
	d.serveAck(w, r, func(ack func(any)) { d.onCommand(raw, ack) })
}

// serveAck answers with what is acknowledged, which is always in time for Slack.
func (d *Desk) serveAck(w http.ResponseWriter, r *http.Request, handle func(ack func(any))) {
	answer := make(chan any, 1)
	handle(func(payload any) { answer <- payload })
	var payload any
	select {
	case payload = <-answer:
	case <-r.Context().Done():
		http.Error(w, "the service stops", http.StatusServiceUnavailable)
		return
	}
	if payload == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := json.NewEncoder(w).Encode(payload); err != nil {
		d.Logger.Warn("answer to Slack failed", "err", err)
	}
}
