package channelstest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// remoteTries bounds how often a fake repeats a delivery. It does not wait as
// long as the service would between two attempts.
const remoteTries = 50

// deliver does what the service does with a row of the outbox: it repeats until
// the API has everything, and asks it first after an unknown outcome.
func deliver(ctx context.Context, out channels.Remote, d channels.Delivery) error {
	var err error
	for range remoteTries {
		unknown := errors.Is(err, channels.ErrUnknownOutcome)
		if unknown {
			if d.Receipts, err = out.Find(ctx, d); err != nil && !errors.Is(err, channels.ErrCannotAsk) {
				continue
			}
		}
		d.Receipts, err = out.Deliver(ctx, d)
		var refused *channels.Refused
		if err == nil || errors.As(err, &refused) || ctx.Err() != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	return fmt.Errorf("deliver after %d attempts: %w", remoteTries, err)
}

// show hands committed items to a channel, whichever kind it is.
func show(ctx context.Context, out channels.Channel, to chat.Address, items []chat.Item) error {
	if len(items) == 0 {
		return nil
	}
	switch out := out.(type) {
	case channels.Sender:
		return out.Send(ctx, to, items)
	case channels.Remote:
		return deliver(ctx, out, channels.Delivery{
			Delivery: chat.Delivery{
				ID:      items[0].Seq,
				To:      chat.Destination{Kind: chat.ToChannel, Name: to.Channel, Key: to.User},
				Address: to, First: items[0].Seq, Last: items[len(items)-1].Seq,
			},
			Items: items,
		})
	}
	return nil
}

// post shows an update at a desk, whichever kind it is. n numbers the delivery.
func post(ctx context.Context, desk channels.Desk, n int64, u channels.Update) error {
	var err error
	switch desk := desk.(type) {
	case channels.Poster:
		err = desk.Post(ctx, u)
	case channels.Remote:
		d := chat.Delivery{
			ID:      n,
			To:      chat.Destination{Kind: chat.ToDesk, Name: desk.(channels.Desk).Name(), Key: u.Case.ID},
			Address: u.Case.Address, Event: fmt.Sprintf("event-%d", n), First: 1,
		}
		if len(u.Items) > 0 {
			d.First, d.Last = u.Items[0].Seq, u.Items[len(u.Items)-1].Seq
		}
		err = deliver(ctx, desk, channels.Delivery{Delivery: d, Items: u.Items, Update: &u})
	}
	if err != nil {
		return fmt.Errorf("post update: %w", err)
	}
	return nil
}
