package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"verihelp/channels"
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
	defer b.hold(d.Address)()
	id := "gave-up-" + strconv.FormatInt(d.ID, 10)
	var update *channels.Update
	items, err := b.Store.Turn(ctx, d.Address, func(c chat.Conversation, seen func(string) bool) (chat.Commit, error) {
		if c.Case == nil || seen(id) || d.To.Kind == chat.ToDesk && (c.Case.ID != d.To.Key || c.Case.Trouble != "") {
			return chat.Commit{}, nil // it is over, or was told before
		}
		after := *c.Case
		after.Trouble = reason
		now := b.Now()
		event := chat.Event{ID: b.NewID(), Kind: chat.EventCase, At: now, Case: &after, Change: chat.CaseUndelivered}
		commit := chat.Commit{MessageIDs: []string{id}, Events: []chat.Event{event}}
		if d.To.Kind == chat.ToDesk {
			if reply := b.Engine.Notice(c, chat.StaffAction{Change: chat.CaseUndelivered, At: now}, chat.Queue{}); !reply.Empty() {
				commit.Items = []chat.Item{{Kind: chat.Notice, At: now, Reply: &reply}}
			}
		}
		commit.Outbox = b.outbox(d.Address, commit)
		commit.Outbox = without(commit.Outbox, d.To) // it would go the same way
		update = &channels.Update{Case: after, Change: chat.CaseUndelivered}
		return commit, nil
	})
	if err != nil {
		return fmt.Errorf("tell that a delivery is given up: %w", err)
	}
	if update == nil {
		return nil
	}
	if len(items) > 0 {
		b.deliver(ctx, d.Address, items)
	}
	b.post(ctx, *update, items)
	return nil
}

func without(rows []chat.Delivery, to chat.Destination) []chat.Delivery {
	return slices.DeleteFunc(rows, func(row chat.Delivery) bool { return row.To == to })
}
