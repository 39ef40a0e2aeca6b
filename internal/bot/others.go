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

// Mover is a Store that can move and forget people.
type Mover interface {
	Adopt(ctx context.Context, from, to chat.Address) error
	Erase(ctx context.Context, who chat.Address) error
}

// Adopt moves what was said under one address to the end of another's
// conversation.
func (b *Bot) Adopt(ctx context.Context, from, to chat.Address) error {
	if !b.enter() {
		return ErrClosing
	}
	defer b.work.Done()
	if err := b.Store.Adopt(ctx, from, to); err != nil {
		return err
	}
	b.Grew(from)
	b.Grew(to)
	return nil
}

// Erase forgets a person: see store.Erase for what remains.
func (b *Bot) Erase(ctx context.Context, who chat.Address) error {
	if !b.enter() {
		return ErrClosing
	}
	defer b.work.Done()
	defer b.hold(who)()
	if err := b.Store.Erase(ctx, who); err != nil {
		return err
	}
	b.Grew(who)
	return nil
}
