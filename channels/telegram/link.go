package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"verihelp/internal/chat"
)

// Adopter is an inbox that can move a conversation from one address to another:
// the same case, the same history.
type Adopter interface {
	Adopt(ctx context.Context, from, to chat.Address) error
}

const (
	linkBytes = 24               // 192 random bits: cannot be guessed, and fit into a link
	linkLife  = 15 * time.Minute // how long a link can be followed
)

// Link returns an address that carries a conversation of another channel over to
// Telegram. It works once, for 15 minutes or until the next one is made, for whoever
// opens it: it must be shown to nobody but the person it was made for.
func (c *Channel) Link(ctx context.Context, who chat.Address) (string, error) {
	if who.Channel == Name || strings.ContainsAny(who.Channel+who.User, " \n") {
		return "", errors.New("make link: not an address of another channel")
	}
	me, err := c.account(ctx)
	if err != nil {
		return "", fmt.Errorf("make link: %w", err)
	}
	raw := make([]byte, linkBytes)
	if _, err := io.ReadFull(c.cfg.Random, raw); err != nil {
		return "", fmt.Errorf("make link: %w", err)
	}
	token := base64.RawURLEncoding.EncodeToString(raw)
	if err := c.noteLink(ctx, who, token); err != nil {
		return "", fmt.Errorf("make link: %w", err)
	}
	return "https://t.me/" + me.Username + "?start=" + token, nil
}

// noteLink keeps a link instead of the one that a person had before.
func (c *Channel) noteLink(ctx context.Context, who chat.Address, token string) error {
	c.links.Lock()
	defer c.links.Unlock()
	before, _, err := c.notes.get(ctx, linkOfNote(who))
	if err != nil {
		return err
	}
	if before != "" {
		if err := c.notes.drop(ctx, before); err != nil {
			return err
		}
	}
	if err := c.notes.set(ctx, linkNote(token), who.Channel+" "+who.User); err != nil {
		return err
	}
	return c.notes.set(ctx, linkOfNote(who), linkNote(token))
}

// isToken says that the payload of /start has the form of a link's token; others
// stand in links that somebody made for other ends.
func isToken(payload string) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(payload)
	return err == nil && len(raw) == linkBytes
}

// linkNote is the key of a link's note: a hash, which opens nothing.
func linkNote(token string) string { return "link/" + digest("link", token) }

// linkOfNote is the key of the note that names a person's link.
func linkOfNote(who chat.Address) string {
	return "linkof/" + digest("link of", who.Channel+" "+who.User)
}

func digest(purpose, text string) string {
	sum := sha256.Sum256([]byte("verihelp telegram " + purpose + "\n" + text))
	return hex.EncodeToString(sum[:])
}

// adopt follows a link. The note keeps who used it until all is done, so that an
// update that is handled again goes on, and nobody else can follow.
func (v visit) adopt(ctx context.Context, token string) error {
	from, ok, err := v.followed(ctx, token)
	if err != nil {
		return err
	}
	if !ok {
		v.tell(ctx, v.text("link.used"))
		return nil
	}
	adopter, ok := v.in.(Adopter)
	if !ok {
		v.tell(ctx, v.text("link.failed"))
		return nil
	}
	if err := adopter.Adopt(ctx, from, v.who); err != nil {
		v.cfg.Logger.Error("conversation not carried over", "channel", Name, "from", from.Channel, "err", err)
		v.tell(ctx, v.text("link.failed"))
		return nil
	}
	if err := errors.Join(v.notes.drop(ctx, linkNote(token)), v.notes.drop(ctx, linkOfNote(from))); err != nil {
		v.cfg.Logger.Warn("a used link remains until it expires", "channel", Name, "err", err)
	}
	v.memory.forget(v.who)
	v.lang = v.langOf(ctx, v.who) // of the conversation that is here now
	v.tell(ctx, v.text("link.done"))
	return nil
}

// followed is the conversation that a link stands for, if this chat may follow it.
func (v visit) followed(ctx context.Context, token string) (from chat.Address, ok bool, err error) {
	v.links.Lock()
	defer v.links.Unlock()
	note, made, err := v.notes.get(ctx, linkNote(token))
	if err != nil {
		return from, false, err
	}
	fields := strings.Fields(note)
	if len(fields) < 2 || v.cfg.Now().Sub(made) > linkLife {
		return from, false, nil
	}
	from = chat.Address{Channel: fields[0], User: fields[1]}
	if len(fields) == 2 {
		return from, true, v.notes.set(ctx, linkNote(token), note+" "+v.who.User)
	}
	return from, fields[2] == v.who.User, nil
}
