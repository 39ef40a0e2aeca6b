package bot

import (
	"context"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// change is what one decision leaves behind, with what staff see of it; empty if
// there was nothing to do.
type change struct {
	commit chat.Commit
	update *channels.Update
}

// apply takes a decision on a person's conversation in one transaction, then
// shows what was committed. The caller holds the person's lock.
func (b *Bot) apply(ctx context.Context, who chat.Address, decide func(c chat.Conversation, seen func(string) bool) (change, error)) error {
	var done change
	items, err := b.Store.Turn(ctx, who, func(c chat.Conversation, seen func(string) bool) (chat.Commit, error) {
		var err error
		done, err = decide(c, seen)
		done.commit.Outbox = b.outbox(who, done.commit)
		return done.commit, err
	})
	if err != nil {
		return err
	}
	if len(items) > 0 {
		b.deliver(ctx, who, items)
	}
	if done.update != nil {
		b.line.note(done.update.Case)
		b.post(ctx, *done.update, items)
	}
	return nil
}
