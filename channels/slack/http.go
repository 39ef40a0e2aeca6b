package slack

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/slack-go/slack"
)

const (
	maxBody     = 1 << 20 // bytes of a request of Slack
	answerLimit = 2500 * time.Millisecond
)

// Handler serves Slack's HTTP requests, where Socket Mode is not used: paths
// /slack/events, /slack/interactions and /slack/commands. Each is checked by its
// signature. While the desk does not run it answers 503, so that Slack sends
// events again.
func (d *Desk) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", d.signed(d.serveEvent))
	mux.HandleFunc("POST /slack/interactions", d.signed(d.serveInteraction))
	mux.HandleFunc("POST /slack/commands", d.signed(d.serveCommand))
	return mux
}

// signed lets through what Slack has signed within the last five minutes. The raw
// body is read before anything is parsed.
func (d *Desk) signed(serve func(http.ResponseWriter, []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "the body is too large or broke off", http.StatusRequestEntityTooLarge)
			return
		}
		verifier, err := slack.NewSecretsVerifier(r.Header, d.SigningSecret)
		if err == nil {
			_, _ = verifier.Write(body) // a hash never fails
			err = verifier.Ensure()
		}
		if err != nil {
			http.Error(w, "the signature is wrong or too old", http.StatusUnauthorized)
			return
		}
		if d.running() == nil {
			http.Error(w, "the desk does not run here", http.StatusServiceUnavailable)
			return
		}
		serve(w, body)
	}
}

func (d *Desk) serveEvent(w http.ResponseWriter, body []byte) {
	o, err := decodeOuter(body)
	switch {
	case err != nil:
		http.Error(w, "not an event", http.StatusBadRequest)
	case o.Type == "url_verification":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, o.Challenge) // the peer is gone if it fails
	default:
		d.onEvent(body)
		w.WriteHeader(http.StatusOK)
	}
}

func (d *Desk) serveInteraction(w http.ResponseWriter, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, "not a form", http.StatusBadRequest)
		return
	}
	d.serveAck(w, func(ack func(any)) { d.onInteraction([]byte(form.Get("payload")), ack) })
}

func (d *Desk) serveCommand(w http.ResponseWriter, body []byte) {
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
	d.serveAck(w, func(ack func(any)) { d.onCommand(raw, ack) })
}

// serveAck answers with what is acknowledged, at the latest in time for Slack.
func (d *Desk) serveAck(w http.ResponseWriter, handle func(ack func(any))) {
	answer := make(chan any, 1)
	handle(func(payload any) { answer <- payload })
	var payload any
	select {
	case payload = <-answer:
	case <-time.After(answerLimit + 300*time.Millisecond):
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
