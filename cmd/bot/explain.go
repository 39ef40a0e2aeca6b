package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"verihelp/internal/chat"
	"verihelp/internal/store"
)

// explainCmd prints the trace of a decision: of a stored turn, or of a message
// given now.
type explainCmd struct {
	Event string `help:"ID of a stored turn's event."`
	Today string `help:"The date that is \"today\", e.g. 2026-11-22."`
	Text  string `arg:"" optional:"" help:"A message to decide now, as the first of a conversation."`
}

// Run prints the trace as JSON, which names the rule, the evidence, the sections
// and the hashes of model and knowledge.
func (c explainCmd) Run(ctx context.Context, s *settings, io streams) error {
	var v any
	var err error
	switch {
	case c.Event != "" && c.Text == "":
		v, err = storedTrace(ctx, s, c.Event)
	case c.Text != "" && c.Event == "":
		v, err = c.now(s)
	default:
		return usagef("explain needs a message, or --event ID")
	}
	if err != nil {
		return err
	}
	enc := json.NewEncoder(io.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func storedTrace(ctx context.Context, s *settings, id string) (any, error) {
	if _, err := os.Stat(databaseFile(s)); err != nil {
		return nil, fmt.Errorf("no database in %s; set BOT_DATA to the service's data folder", s.Data)
	}
	db, err := store.OpenReader(ctx, databaseFile(s))
	if err != nil {
		return nil, err
	}
	defer db.Close() //nolint:errcheck // only read
	event, err := db.Event(ctx, id)
	if errors.Is(err, chat.ErrUnknownEvent) {
		return nil, fmt.Errorf("no event %s in %s", id, databaseFile(s))
	}
	return event, err
}

// explained is a decision with what the user would see.
type explained struct {
	Trace   chat.Trace `json:"trace"`
	Reply   string     `json:"reply"`
	Options []string   `json:"options"`
}

func (c explainCmd) now(s *settings) (any, error) {
	zone, err := s.location()
	if err != nil {
		return nil, err
	}
	at, err := dayOf(c.Today, time.Now().In(zone), zone)
	if err != nil {
		return nil, usagef("--today: %w", err)
	}
	b, err := loadBrain(s, true)
	if err != nil {
		return nil, err
	}
	turn := b.engine.First(c.Text, at)
	out := explained{Trace: turn.Trace, Reply: turn.Reply.Text()}
	for _, choice := range turn.Reply.Choices {
		out.Options = append(out.Options, choice.Label)
	}
	return out, nil
}
