package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const (
	sockets      = 2       // one is there while Slack refreshes the other; an app may have ten
	maxFrame     = 4 << 20 // bytes
	retryRefused = time.Minute
)

// listen keeps one socket open until ctx ends. An app token that is refused from
// the start on ends the desk; one that is refused later is the operator's to cure,
// and asked for again each minute.
func (d *Desk) listen(ctx context.Context, stop context.CancelCauseFunc) {
	for accepted := false; ctx.Err() == nil; {
		s := &socket{desk: d, client: socketmode.New(d.slack.api, socketmode.OptionReadLimit(maxFrame))}
		err := explain(s.run(ctx))
		accepted = accepted || s.greeted
		switch {
		case ctx.Err() != nil:
			return
		case !accepted && errors.Is(err, ErrRefused):
			stop(fmt.Errorf("open a socket to Slack with BOT_SLACK_APP_TOKEN: %w", err))
			return
		}
		d.Logger.Error("Slack's socket ended; trying again", "wait", retryRefused, "err", err)
		sleep(ctx, retryRefused)
	}
}

// socket is one connection in Socket Mode. Only its own goroutine uses it.
type socket struct {
	desk    *Desk
	client  *socketmode.Client
	live    bool
	greeted bool // was it ever live?
}

func (s *socket) run(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() { ended <- s.client.RunContext(ctx) }()
	defer s.alive(false)
	for {
		select {
		case event := <-s.client.Events:
			s.on(ctx, event)
		case err := <-ended:
			return err
		}
	}
}

func (s *socket) alive(now bool) {
	if now != s.live {
		s.live = now
		s.desk.changed(now)
	}
}

// on takes an event. Everything is acknowledged before any work, but a submitted
// modal, whose acknowledgement says what is wrong in it.
func (s *socket) on(ctx context.Context, event socketmode.Event) {
	switch event.Type {
	case socketmode.EventTypeHello:
		s.greeted = true
		s.alive(true)
	case socketmode.EventTypeConnecting, socketmode.EventTypeDisconnect:
		s.alive(false)
	case socketmode.EventTypeConnectionError:
		if problem, ok := event.Data.(*slack.ConnectionErrorEvent); ok {
			s.desk.Logger.Warn("Slack cannot be reached; trying again", "wait", problem.Backoff, "err", explain(problem.ErrorObj))
		}
	}
	request := requestOf(event)
	if request == nil || request.EnvelopeID == "" {
		return
	}
	ack := func(payload any) {
		if err := s.client.AckCtx(ctx, request.EnvelopeID, payload); err != nil && ctx.Err() == nil {
			s.desk.Logger.Warn("acknowledgement failed; Slack sends it again", "err", err)
		}
	}
	switch request.Type {
	case socketmode.RequestTypeEventsAPI:
		ack(nil)
		s.desk.onEvent(request.Payload)
	case socketmode.RequestTypeInteractive:
		s.desk.onInteraction(request.Payload, ack)
	case socketmode.RequestTypeSlashCommands:
		s.desk.onCommand(request.Payload, ack)
	}
}

// requestOf is the envelope of an event, also of one that the library could not
// decode: it does not know every block and every event, and would have Slack send
// those three times and then lose them.
func requestOf(event socketmode.Event) *socketmode.Request {
	bad, ok := event.Data.(*socketmode.ErrorBadMessage)
	if !ok {
		return event.Request
	}
	var request socketmode.Request
	if json.Unmarshal(bad.Message, &request) != nil {
		return nil
	}
	return &request
}
