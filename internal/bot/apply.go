package bot

import (
	"context"
	"slices"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// change is what one decision leaves behind, with what staff see of it; empty if
// there was nothing to do.
type change struct {
	commit chat.Commit
	update *channels.Update // its items, if it names none, are the commit's
	except chat.Destination // a remote place that must not be told
	about  *chat.Delivery   // whose items remote desks are shown, instead of the commit's
}

// apply takes a decision on a person's conversation in one transaction, then
// shows what was committed. The caller holds the person's lock.
func (b *Bot) apply(ctx context.Context, who chat.Address, decide func(c chat.Conversation, seen func(string) bool) (change, error)) error {
	var done change
	items, err := b.Store.Turn(ctx, who, func(c chat.Conversation, seen func(string) bool) (chat.Commit, error) {
		var err error
		done, err = decide(c, seen)
		done.commit.Outbox = slices.DeleteFunc(b.outbox(c, done.commit), func(row chat.Delivery) bool { return row.To == done.except })
		done.showAbout()
		return done.commit, err
	})
	if err != nil {
		return err
	}
	if len(items) > 0 {
		b.deliver(ctx, who, items)
	}
	if done.update != nil {
		if done.update.Items == nil {
			done.update.Items = items
		}
		b.show(ctx, *done.update)
	}
	return nil
}

// showAbout points the rows of remote desks to the items that the change is about.
func (c *change) showAbout() {
	for i := range c.commit.Outbox {
		if row := &c.commit.Outbox[i]; c.about != nil && row.To.Kind == chat.ToDesk {
			row.First, row.Last = c.about.First, c.about.Last
		}
	}
}
