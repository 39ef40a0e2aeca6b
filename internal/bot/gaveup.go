package bot

import (
	"context"
	"fmt"
	"strconv"

	"verihelp/internal/chat"
)

// GaveUp is called by the outbox when a delivery will never arrive. Where it was
// for the user, staff who have the case learn why; where it was for a desk, the
// user learns that nobody was reached. The same delivery given up twice is told
// once.
func (b *Bot) GaveUp(ctx context.Context, d chat.Delivery, reason string) error {
	if d.To.Kind == chat.ToHook { // the host's to find out: its server refused, and the log says so
		return nil
	}
	if !b.enter() {
		return ErrClosing
	}
	defer b.work.Done()
	lost, err := b.lost(ctx, d)
	if err != nil {
		return fmt.Errorf("load what is given up: %w", err)
	}
	defer b.hold(d.Address)()
	id := "gave-up-" + strconv.FormatInt(d.ID, 10)
	err = b.apply(ctx, d.Address, func(c chat.Conversation, seen func(string) bool) (change, error) {
		if c.Case == nil || seen(id) || d.To.Kind == chat.ToDesk && (c.Case.ID != d.To.Key || c.Case.Trouble != "") {
			return change{}, nil // it is over, or was told before
		}
		after := *c.Case
		after.Trouble = reason
		a := chat.StaffAction{Change: chat.CaseUndelivered, At: b.Now()}
		done := b.changed(c, after, a)
		if d.To.Kind == chat.ToChannel {
			done.commit.Items = nil // nobody is there to read it
			done.about, done.update.Items = &d, lost
		}
		done.commit.MessageIDs = []string{id}
		done.except = d.To // it would go the same way
		return done, nil
	})
	if err != nil {
		return fmt.Errorf("tell that a delivery is given up: %w", err)
	}
	return nil
}

// lost are the items that a user does not get.
func (b *Bot) lost(ctx context.Context, d chat.Delivery) ([]chat.Item, error) {
	if d.To.Kind != chat.ToChannel || d.Last < d.First {
		return nil, nil
	}
	return b.Store.Log(ctx, d.Address, d.First-1, int(d.Last-d.First+1))
}
