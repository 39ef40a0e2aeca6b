package bot

import (
	"context"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// deliverTimeout bounds how long one slow channel or desk holds up a person's
// next turn. What was committed is delivered even when the request that caused it
// has ended.
const deliverTimeout = 10 * time.Second

// deliver shows committed items to the user. A failure loses nothing: the items
// stand in the log, and a client reads on from the last one it has.
func (b *Bot) deliver(ctx context.Context, who chat.Address, items []chat.Item) {
	ch, ok := b.channels[who.Channel]
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deliverTimeout)
	defer cancel()
	if err := ch.Send(ctx, who, items); err != nil {
		b.Logger.Warn("delivery failed; the client will read it from the log", "channel", who.Channel, "first_seq", items[0].Seq, "err", err)
	}
}

// post shows a case's change to staff. A desk that misses it reads the case
// again from the store.
func (b *Bot) post(ctx context.Context, u channels.Update, items []chat.Item) {
	u.Items = items
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deliverTimeout)
	defer cancel()
	for _, desk := range b.Desks {
		if err := desk.Post(ctx, u); err != nil {
			b.Logger.Warn("post to desk failed", "desk", desk.Name(), "case", u.Case.ID, "change", u.Change, "err", err)
		}
	}
}
