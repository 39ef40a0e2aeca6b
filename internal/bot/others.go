package bot

import (
	"context"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// Grew says that another process has committed something for an address. Whoever
// shows it to people here reads it from the store.
func (b *Bot) Grew(who chat.Address) {
	if ch, ok := b.channels[who.Channel].(channels.Waker); ok {
		ch.Wake(who)
	}
	for _, desk := range b.Desks {
		if d, ok := desk.(channels.Waker); ok {
			d.Wake(who)
		}
	}
}

// Missed says that calls of Grew may have been lost: everybody who is connected
// reads again.
func (b *Bot) Missed() {
	wake := func(part any) {
		w, ok := part.(channels.Waker)
		if !ok {
			return
		}
		for _, who := range w.Connected() {
			w.Wake(who)
		}
	}
	for _, ch := range b.channels {
		wake(ch)
	}
	for _, desk := range b.Desks {
		wake(desk)
	}
}

// Adopt moves what was said under one address to the end of another's
// conversation. Staff who have a case of it are told where their words go now.
func (b *Bot) Adopt(ctx context.Context, from, to chat.Address) error {
	if !b.enter() {
		return ErrClosing
	}
	defer b.work.Done()
	defer b.hold(to)()
	var told *channels.Update
	err := b.Store.Adopt(ctx, from, to, func(c chat.Conversation) chat.Commit {
		if c.Case == nil {
			return chat.Commit{}
		}
		commit, update := b.news(c, *c.Case, chat.CaseAdopt)
		told = update
		return commit
	})
	if err != nil {
		return err
	}
	b.Grew(from)
	b.Grew(to)
	if told != nil {
		b.show(ctx, *told)
	}
	return nil
}

// Erase forgets a person: see store.Erase for what remains. Staff who have a case
// of theirs are told that it is gone, and a block goes on.
func (b *Bot) Erase(ctx context.Context, who chat.Address) error {
	if !b.enter() {
		return ErrClosing
	}
	defer b.work.Done()
	defer b.hold(who)()
	var told *channels.Update
	err := b.Store.Erase(ctx, who, func(c chat.Conversation) (farewell, anew chat.Commit) {
		if c.Case != nil {
			stub := chat.Case{
				ID: c.Case.ID, Address: chat.Address{Channel: who.Channel}, Category: c.Case.Category, Title: c.Case.Title,
				State: chat.CaseCancelled, OpenedAt: c.Case.OpenedAt, ChangedAt: b.Now(), ClosedAt: b.Now(),
			}
			farewell, told = b.news(c, stub, chat.CaseErase)
		}
		if b.Now().Before(c.Blocked) {
			anew.Events = []chat.Event{{ID: b.NewID(), Kind: chat.EventCase, At: c.Blocked.Add(-chat.BlockTime), Change: chat.CaseBlock}}
		}
		return farewell, anew
	})
	if err != nil {
		return err
	}
	b.Grew(who)
	if told != nil {
		b.show(ctx, *told)
	}
	return nil
}

// news is a change of a case that concerns staff alone.
func (b *Bot) news(c chat.Conversation, after chat.Case, what chat.CaseChange) (chat.Commit, *channels.Update) {
	commit := chat.Commit{Events: []chat.Event{{ID: b.NewID(), Kind: chat.EventCase, At: b.Now(), Case: &after, Change: what}}}
	commit.Outbox = b.outbox(c, commit)
	return commit, &channels.Update{Case: after, Change: what}
}
