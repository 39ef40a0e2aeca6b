package bot

import (
	"context"
	"fmt"

	"verihelp/internal/chat"
)

// logPage is how many items are read at once.
const logPage = 100

// eachItem visits an address's items above a sequence number, in order, until visit
// returns an error.
func (b *Bot) eachItem(ctx context.Context, who chat.Address, after int64, visit func(chat.Item) error) error {
	for {
		items, err := b.Store.Log(ctx, who, after, logPage)
		if err != nil {
			return fmt.Errorf("read log: %w", err)
		}
		for _, item := range items {
			after = item.Seq
			if err := visit(item); err != nil {
				return err
			}
		}
		if len(items) < logPage {
			return nil
		}
	}
}
