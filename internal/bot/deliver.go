package bot

import (
	"context"
	"slices"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// deliverTimeout bounds how long one slow channel or desk holds up a person's
// next turn. What was committed is delivered even when the request that caused it
// has ended.
const deliverTimeout = 10 * time.Second

// deliver shows committed items to the user: at once where the user's client is
// connected, else by waking the outbox. A failure loses nothing: the items stand
// in the log, and what goes to a remote API stands in the outbox beside.
func (b *Bot) deliver(ctx context.Context, who chat.Address, items []chat.Item) {
	switch ch := b.channels[who.Channel].(type) {
	case channels.Sender:
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deliverTimeout)
		defer cancel()
		if err := ch.Send(ctx, who, items); err != nil {
			b.Logger.Warn("delivery failed; the client will read it from the log", "channel", who.Channel, "first_seq", items[0].Seq, "err", err)
		}
	case channels.Remote:
		b.Wake(chat.Destination{Kind: chat.ToChannel, Name: who.Channel, Key: who.User})
	}
}

// post shows a case's change to staff. A desk that misses it reads the case
// again from the store, or has it in the outbox.
func (b *Bot) post(ctx context.Context, u channels.Update, items []chat.Item) {
	u.Items = items
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), deliverTimeout)
	defer cancel()
	for _, desk := range b.Desks {
		switch d := desk.(type) {
		case channels.Poster:
			if err := d.Post(ctx, u); err != nil {
				b.Logger.Warn("post to desk failed", "desk", desk.Name(), "case", u.Case.ID, "change", u.Change, "err", err)
			}
		case channels.Remote:
			b.Wake(chat.Destination{Kind: chat.ToDesk, Name: desk.Name(), Key: u.Case.ID})
		}
	}
}

// outbox names the remote places that a commit has to reach: the user's channel
// if it says something, each desk if it changes a case.
func (b *Bot) outbox(who chat.Address, commit chat.Commit) []chat.Delivery {
	var rows []chat.Delivery
	if _, remote := b.channels[who.Channel].(channels.Remote); remote && saysSomething(commit.Items) {
		rows = append(rows, chat.Delivery{To: chat.Destination{Kind: chat.ToChannel, Name: who.Channel, Key: who.User}})
	}
	for _, e := range commit.Events {
		if e.Kind != chat.EventCase {
			continue
		}
		for _, desk := range b.Desks {
			if _, remote := desk.(channels.Remote); remote {
				rows = append(rows, chat.Delivery{Event: e.ID, To: chat.Destination{Kind: chat.ToDesk, Name: desk.Name(), Key: e.Case.ID}})
			}
		}
		rows = append(rows, b.push(who, e)...)
	}
	return rows
}

// pushAfter is how long a person has to see staff's words before the host is told.
const pushAfter = 20 * time.Second

func (b *Bot) push(who chat.Address, e chat.Event) []chat.Delivery {
	if b.Push == nil || e.Change != chat.CaseReply {
		return nil
	}
	to, known := b.Push(who)
	if !known {
		return nil
	}
	return []chat.Delivery{{Event: e.ID, To: to, Due: b.Now().Add(pushAfter)}}
}

func saysSomething(items []chat.Item) bool {
	return slices.ContainsFunc(items, func(i chat.Item) bool { return i.Kind != chat.FromUser })
}
