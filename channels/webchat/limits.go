package webchat

import (
	"context"
	"net/netip"

	"verihelp/internal/chat"
)

// limitStranger counts the conversations that people without an account begin:
// whoever floods the service has no account, and makes a secret for each of their
// many persons. known says that this one's conversation had begun before.
func (c *Channel) limitStranger(ctx context.Context, peer netip.Addr, p person, f received, known bool) *refusal {
	if known || originOf(p, peer) == "" || !c.isNew(ctx, p.who) {
		return nil
	}
	wait := c.strangers.Take(peer, c.cfg.Now())
	if wait == 0 {
		return nil
	}
	c.warnCrowd.Do(func() {
		c.cfg.Logger.Warn("people without an account begin too much from one network address and are asked to come back",
			"channel", Name, "address", peer.String())
	})
	return &refusal{code: codeStrangerMany, id: f.ID, retry: wait}
}

// originOf is what a person's cases are counted for: the network address of who has
// no account.
func originOf(p person, peer netip.Addr) string {
	if !p.expires.IsZero() || !peer.IsValid() {
		return ""
	}
	return peer.String()
}

// isNew says that nothing of a person is known. Where the log cannot be read, the
// message is not taken anyway.
func (c *Channel) isNew(ctx context.Context, who chat.Address) bool {
	items, err := c.log(ctx, who, 0, 1)
	return err == nil && len(items) == 0
}
