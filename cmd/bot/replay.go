package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	"verihelp/channels"
	"verihelp/internal/bot"
	"verihelp/internal/chat"
	"verihelp/internal/hours"
	"verihelp/internal/store"
)

// replayCmd plays whole conversations through the service: the same queue, turn
// and engine as the channels use, an in-memory store, and a desk on which nobody
// answers.
type replayCmd struct {
	Today string `help:"The date of conversations without one, e.g. 2026-11-22."`
}

type replayIn struct {
	ID    json.RawMessage `json:"id"`
	Today string          `json:"today"`
	Turns []struct {
		User   *string `json:"user"`
		Choice string  `json:"choice"`
	} `json:"turns"`
}

type replayOut struct {
	ID       json.RawMessage `json:"id"`
	Turn     int             `json:"turn"`
	Action   string          `json:"action"`
	Category string          `json:"category"`
	Reply    string          `json:"reply"`
	Options  []string        `json:"options"`
	Script   string          `json:"script"`
	CaseOpen bool            `json:"case_open"`
}

// Run answers a line for each turn.
func (c replayCmd) Run(ctx context.Context, s *settings, io streams) error {
	zone, err := s.location()
	if err != nil {
		return err
	}
	today, err := dayOf(c.Today, time.Now().In(zone), zone)
	if err != nil {
		return usagef("--today: %w", err)
	}
	b, err := loadBrain(s)
	if err != nil {
		return err
	}
	out, failed := newLineWriter(io.out), false
	err = eachLine(io.in, func(line []byte) error {
		var in replayIn
		if err := json.Unmarshal(line, &in); err != nil || len(in.Turns) == 0 {
			failed = true
			return out.write(badLine{ID: idOf(line), Error: `not a conversation; give {"id":"c01","turns":[{"user":"…"}]}`})
		}
		at, err := dayOf(in.Today, today, zone)
		if err == nil {
			err = in.checked()
		}
		if err != nil {
			failed = true
			return out.write(badLine{ID: in.ID, Error: err.Error()})
		}
		// Each has a service of its own, so that none waits in a queue behind another.
		player, err := newPlayer(ctx, b, hours.Hours{})
		if err != nil {
			return err
		}
		defer player.close() //nolint:contextcheck // it ends also where ctx has ended
		return player.play(ctx, in, startOf(at, zone), out)
	})
	if err == nil && failed {
		fmt.Fprintln(io.err, "bot: some lines could not be read; see the lines with \"error\"")
		return errData
	}
	return err
}

// startOf is 10:00 of the conversation's day.
func startOf(at time.Time, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 10, 0, 0, 0, zone)
}

// player plays one conversation.
type player struct {
	bot   *bot.Bot
	store *store.Store
}

func newPlayer(ctx context.Context, b *brain, staff hours.Hours) (*player, error) {
	ids := counter()
	db, err := store.OpenMemory(ctx, store.Options{NewID: ids})
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	p := &player{store: db}
	p.bot, err = bot.New(bot.Config{
		Store: db, Engine: b.engine, NewID: ids, Hours: staff,
		Desks: []channels.Desk{silentDesk{}}, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	return p, err
}

func (p *player) close() {
	_ = p.bot.Close(context.Background()) // waits for turns; none are left
	_ = p.store.Close()                   // in memory: nothing to lose
}

func counter() func() string {
	n := 0
	return func() string { n++; return "R" + strconv.Itoa(n) }
}

// checked finds turns that say nothing, which are misspelt more often than not.
func (in replayIn) checked() error {
	for i, turn := range in.Turns {
		if turn.User == nil && turn.Choice == "" {
			return fmt.Errorf("turn %d has neither \"user\" (what is typed) nor \"choice\" (the ID of a choice that is tapped)", i+1)
		}
	}
	return nil
}

func said(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// play answers a conversation's turns, a minute apart.
func (p *player) play(ctx context.Context, in replayIn, start time.Time, out lineWriter) error {
	who := chat.Address{Channel: "replay", User: "1"}
	var seq int64
	for i, turn := range in.Turns {
		m := chat.Message{
			ID: strconv.Itoa(i), From: who, Text: said(turn.User), Choice: turn.Choice,
			At: start.Add(time.Duration(i) * time.Minute),
		}
		if err := <-p.bot.Receive(ctx, m); err != nil {
			return fmt.Errorf("play turn %d of %s: %w", i+1, in.ID, err)
		}
		line, last, err := p.result(ctx, who, seq)
		if err != nil {
			return err
		}
		seq = last
		line.ID, line.Turn = in.ID, i+1
		if err := out.write(line); err != nil {
			return err
		}
	}
	return nil
}

// result reads back what the turn committed.
func (p *player) result(ctx context.Context, who chat.Address, after int64) (replayOut, int64, error) {
	items, err := p.store.Log(ctx, who, after, 100)
	if err != nil {
		return replayOut{}, 0, fmt.Errorf("read log: %w", err)
	}
	events, err := p.store.Events(ctx, who)
	if err != nil {
		return replayOut{}, 0, fmt.Errorf("read events: %w", err)
	}
	out := replayOut{Options: []string{}}
	for _, item := range items {
		after = item.Seq
		if item.Reply == nil {
			continue
		}
		out.Reply = item.Reply.Text()
		for _, c := range item.Reply.Choices {
			out.Options = append(out.Options, c.Label)
		}
	}
	for _, e := range events {
		if e.Trace != nil {
			out.Action, out.Category = string(e.Trace.Action), e.Trace.Category
			out.Script, out.CaseOpen = scriptOf(e.Trace.Lang), e.Trace.CaseID != ""
		}
	}
	return out, after, nil
}

// scriptOf is the script of a reply's language tag.
func scriptOf(lang string) string {
	if lang == "zh-Hans" {
		return "hans"
	}
	return "hant"
}

// silentDesk is a desk on which nobody answers.
type silentDesk struct{}

func (silentDesk) Name() string { return "replay" }
func (silentDesk) Run(ctx context.Context, _ channels.DeskInbox) error {
	<-ctx.Done()
	return nil
}
func (silentDesk) Post(context.Context, channels.Update) error { return nil }
