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

// show tells staff of a case's change. A desk that misses it reads the case again
// from the store, or has it in the outbox.
func (b *Bot) show(ctx context.Context, u channels.Update) {
	b.line.note(u.Case)
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

// outbox names the remote places that a commit on a conversation has to reach: the
// user's channel if it says something, each desk if it changes a case or brings
// word that the user has what staff wrote.
func (b *Bot) outbox(c chat.Conversation, commit chat.Commit) []chat.Delivery {
	var rows []chat.Delivery
	who := c.Address
	if _, remote := b.channels[who.Channel].(channels.Remote); remote && saysSomething(commit.Items) {
		rows = append(rows, chat.Delivery{To: chat.Destination{Kind: chat.ToChannel, Name: who.Channel, Key: who.User}})
	}
	for _, e := range commit.Events {
		row := chat.Delivery{Event: e.ID}
		switch {
		case e.Case == nil, e.Kind != chat.EventCase && e.Kind != chat.EventSeen, c.Case == nil && e.Kind == chat.EventSeen:
			continue // nothing of a case, or staff have done with it
		case e.Kind == chat.EventSeen:
			row.First, row.Last = c.Delivered+1, e.Seen
		}
		rows = append(rows, b.toDesks(row, e.Case.ID)...)
		rows = append(rows, b.push(who, e)...)
	}
	return rows
}

// toDesks is a row for each remote desk.
func (b *Bot) toDesks(row chat.Delivery, caseID string) []chat.Delivery {
	var rows []chat.Delivery
	for _, desk := range b.Desks {
		if _, remote := desk.(channels.Remote); remote {
			row.To = chat.Destination{Kind: chat.ToDesk, Name: desk.Name(), Key: caseID}
			rows = append(rows, row)
		}
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
