package main

import (
	"context"
	"errors"
	"strings"

	"verihelp/channels/hook"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
	"verihelp/internal/store"
)

// newHook makes the webhook that has the host push a notification; nil without
// BOT_PUSH_URL.
func newHook(s *settings, db *store.Store, now clock) (*hook.Hook, error) {
	key, err := secret("BOT_PUSH_SECRET")
	if err != nil {
		return nil, err
	}
	if s.PushURL == "" {
		if key != "" {
			return nil, errors.New("BOT_PUSH_SECRET is set without BOT_PUSH_URL; set both or none")
		}
		return nil, nil
	}
	return hook.New(hook.Config{
		URL: s.PushURL, Secret: key, Now: now, User: hostsName,
		Seen: func(ctx context.Context, d chat.Delivery) (bool, error) {
			c, err := db.Conversation(ctx, d.Address)
			return c.Delivered >= d.Last, err
		},
	})
}

// pushTo is where the host is told of an answer to somebody it knows.
func pushTo(who chat.Address) (chat.Destination, bool) {
	name, signedIn := strings.CutPrefix(who.User, webchat.AccountPrefix)
	known := who.Channel == webchat.Name && signedIn && !strings.HasPrefix(name, "#")
	return chat.Destination{Kind: chat.ToHook, Name: hook.Name, Key: who.User}, known
}

// hostsName is the host's own name for a person.
func hostsName(who chat.Address) string { return strings.TrimPrefix(who.User, webchat.AccountPrefix) }
