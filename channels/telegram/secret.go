package telegram

import (
	"context"
	"strings"
	"time"

	"verihelp/internal/chat"
)

const (
	maskSign   = "〔" // what every mask begins with
	deletable  = 48 * time.Hour
	lookBehind = 20 // items that a repeated update may lie behind
)

// wipe removes messages whose committed text differs from what was sent: they held
// a secret, which stays readable on every device that shows the chat.
func (v visit) wipe(ctx context.Context, m chat.Message, shown []message) {
	item, found, err := committed(ctx, v.in, m, max(v.before.seq-lookBehind, 0))
	if err == nil && !found { // the log began anew since we read it
		v.memory.forget(v.who)
		item, found, err = committed(ctx, v.in, m, 0)
	}
	if err != nil {
		v.cfg.Logger.Error("cannot see whether a message held a secret", "channel", Name, "err", err)
		return
	}
	if !found || item.Text == m.Text || !strings.Contains(item.Text, maskSign) {
		return
	}
	removed := true
	for _, s := range shown {
		if s.words() != "" {
			removed = v.remove(ctx, s) && removed
		}
	}
	if removed {
		v.tell(ctx, v.text("secret.removed"))
		return
	}
	v.tell(ctx, v.text("secret.remove"))
}

// remove deletes a message for both sides, where Telegram allows it.
func (v visit) remove(ctx context.Context, m message) bool {
	if v.cfg.Now().Sub(time.Unix(m.Date, 0)) > deletable {
		return false
	}
	var err error
	for try := range tellTries {
		if try > 0 && !sleep(ctx, min(max(retryAfter(err), v.cfg.RetryWait), tellWait)) {
			return false
		}
		if err = v.api.remove(ctx, v.chat, m.ID); err == nil {
			return true
		}
	}
	v.cfg.Logger.Warn("a message with a secret cannot be deleted", "channel", Name, "err", err)
	return false
}
