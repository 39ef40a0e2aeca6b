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
	var update *channels.Update
	_, err = b.Store.Turn(ctx, who, func(c chat.Conversation, _ func(string) bool) (chat.Commit, error) {
		last := arrived[len(arrived)-1]
		if c.Case == nil || c.Delivered >= last.Seq {
			return chat.Commit{}, nil
		}
		update = &channels.Update{Case: *c.Case, Change: chat.CaseDelivered}
		seen := chat.Event{ID: b.NewID(), Kind: chat.EventSeen, At: last.At, Seen: last.Seq, Case: c.Case, Change: chat.CaseDelivered}
		return chat.Commit{Events: []chat.Event{seen}, Outbox: b.arrivals(seen, arrived[0].Seq, last.Seq)}, nil
	})
	if err != nil {
		return fmt.Errorf("note what was seen: %w", err)
	}
	if update != nil {
		b.post(ctx, *update, arrived)
	}
	return nil
}

// arrivals are rows that tell remote desks that items arrived.
func (b *Bot) arrivals(seen chat.Event, first, last int64) []chat.Delivery {
	var rows []chat.Delivery
	for _, desk := range b.Desks {
		if _, remote := desk.(channels.Remote); remote {
			rows = append(rows, chat.Delivery{
				Event: seen.ID, First: first, Last: last,
				To: chat.Destination{Kind: chat.ToDesk, Name: desk.Name(), Key: seen.Case.ID},
			})
		}
	}
	return rows
}

// staffItems are what staff wrote of the items up to seq that were not known to
// have arrived.
func (b *Bot) staffItems(ctx context.Context, c chat.Conversation, seq int64) ([]chat.Item, error) {
	if c.Case == nil {
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
			if item.Kind == chat.FromStaff && item.Seq <= seq && !item.At.Before(c.Case.OpenedAt) {
				found = append(found, item)
			}
		}
	}
	return found, nil
}
