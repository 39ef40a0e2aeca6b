package bot

import (
	"context"
	"fmt"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// seenPage is how many items are read at once to find what a client has now.
const seenPage = 100

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
		last, about := arrived[len(arrived)-1], current(c)
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

// current is the case that staff's words belong to: the open one, or the last.
func current(c chat.Conversation) *chat.Case {
	if c.Case != nil {
		return c.Case
	}
	return c.Ended
}

// staffItems are what staff wrote of the items up to seq that were not known to
// have arrived.
func (b *Bot) staffItems(ctx context.Context, c chat.Conversation, seq int64) ([]chat.Item, error) {
	about := current(c)
	if about == nil || about.LastStaff.IsZero() {
		return nil, nil
	}
	var found []chat.Item
	for after, seq := c.Delivered, min(seq, c.LastSeq); after < seq; {
		items, err := b.Store.Log(ctx, c.Address, after, seenPage)
		if err != nil {
			return nil, fmt.Errorf("read log: %w", err)
		}
		if len(items) == 0 {
			break
		}
		for _, item := range items {
			after = item.Seq
			if item.Kind == chat.FromStaff && item.Seq <= seq && !item.At.Before(about.OpenedAt) {
				found = append(found, item)
			}
		}
	}
	return found, nil
}
