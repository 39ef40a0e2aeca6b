package bot

import (
	"context"
	"fmt"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// Seen notes that the user's client has all items up to a sequence number. Where
// words of staff are among the new ones, staff are told that they arrived.
func (b *Bot) Seen(ctx context.Context, who chat.Address, seq int64) error {
	if !b.enter() {
		return ErrClosing
	}
	defer b.work.Done()
	c, err := b.Store.Conversation(ctx, who)
	if err != nil {
		return fmt.Errorf("load conversation: %w", err)
	}
	arrived, err := b.staffItems(ctx, c, seq)
	if err != nil || len(arrived) == 0 {
		return err
	}
	defer b.hold(who)()
	err = b.apply(ctx, who, func(c chat.Conversation, _ func(string) bool) (change, error) {
		last, about := arrived[len(arrived)-1], c.Latest()
		if about == nil || c.Delivered >= last.Seq {
			return change{}, nil
		}
		seen := chat.Event{ID: b.NewID(), Kind: chat.EventSeen, At: last.At, Seen: last.Seq, Case: about, Change: chat.CaseDelivered}
		done := change{commit: chat.Commit{Events: []chat.Event{seen}}}
		if c.Case != nil { // else staff have done with it; only the host must not be told any more
			done.update = &channels.Update{Case: *about, Change: chat.CaseDelivered, Items: arrived}
		}
		return done, nil
	})
	if err != nil {
		return fmt.Errorf("note what was seen: %w", err)
	}
	return nil
}

// staffItems are what staff wrote of the items up to seq that were not known to
// have arrived.
func (b *Bot) staffItems(ctx context.Context, c chat.Conversation, seq int64) ([]chat.Item, error) {
	about := c.Latest()
	if about == nil || about.LastStaff.IsZero() {
		return nil, nil
	}
	var found []chat.Item
	err := b.eachItem(ctx, c.Address, c.Delivered, func(item chat.Item) error {
		if item.Kind == chat.FromStaff && item.Seq <= seq && !item.At.Before(about.OpenedAt) {
			found = append(found, item)
		}
		return nil
	})
	return found, err
}
