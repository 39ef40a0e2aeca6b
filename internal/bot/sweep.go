package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"verihelp/internal/chat"
)

// mostDue bounds what is done about one case in a sweep; the rest waits for the
// next.
const mostDue = 4

// Sweep does what is due about open cases because nobody did anything: users who
// wait are told, staff reminded, cases woken, released and closed. It is called
// every minute, on one process of those that share a database. It may fail for a
// case and goes on with the others; the next sweep tries again.
func (b *Bot) Sweep(ctx context.Context, now time.Time) error {
	if !b.enter() {
		return ErrClosing
	}
	defer b.work.Done()
	cases, err := b.Store.Cases(ctx, true)
	if err != nil {
		return fmt.Errorf("sweep cases: %w", err)
	}
	var failed []error
	for _, c := range cases {
		if _, what := b.rota().due(c, now); what == "" {
			continue
		}
		if err := b.settle(ctx, c, now); err != nil {
			failed = append(failed, fmt.Errorf("sweep case %s: %w", c.ID, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failed...)
}

func (b *Bot) rota() rota { return rota{hours: b.Hours, target: b.Target} }

// settle does what is due about one case, a transaction for each thing. What it
// is, is decided on the case as it stands there.
func (b *Bot) settle(ctx context.Context, c chat.Case, now time.Time) error {
	defer b.hold(c.Address)()
	for range mostDue {
		var what chat.CaseChange
		err := b.apply(ctx, c.Address, func(conv chat.Conversation, _ func(string) bool) (change, error) {
			if what = ""; conv.Case == nil || conv.Case.ID != c.ID {
				return change{}, nil
			}
			var after chat.Case
			if after, what = b.rota().due(*conv.Case, now); what == "" {
				return change{}, nil
			}
			return b.changed(conv, after, chat.StaffAction{CaseID: c.ID, Change: what, At: now}), nil
		})
		if err != nil || what == "" {
			return err
		}
		b.Logger.Info("case swept", "case", c.ID, "change", what)
	}
	return nil
}
