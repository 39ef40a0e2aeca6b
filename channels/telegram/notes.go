package telegram

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"verihelp/channels"
)

// notes are the channel's notes, each with the time it was written, so that old
// ones can be thrown away. None holds a word that somebody wrote.
//
//	position/<bot>     the next update to fetch
//	profile/<bot>      what the bot was told to say of itself
//	sent/<chat>/<seq>  the messages that show an item of staff's, to edit them
//	keys/<chat>        the message whose buttons can be tapped
//	group/<chat>       a group that was answered
//	link/<hash>        a link from another channel's conversation
//	linkof/<hash>      the link that a person of another channel has
type notes struct {
	book channels.Notebook
	now  func() time.Time
}

// keptFor is how long notes are of use.
var keptFor = map[string]time.Duration{
	"sent/":   30 * 24 * time.Hour,
	"keys/":   30 * 24 * time.Hour,
	"group/":  30 * 24 * time.Hour,
	"link/":   linkLife,
	"linkof/": linkLife,
}

func (n notes) get(ctx context.Context, key string) (value string, at time.Time, err error) {
	text, err := n.book.Note(ctx, key)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("read note: %w", err)
	}
	value, at = splitNote(text)
	return value, at, nil
}

func (n notes) set(ctx context.Context, key, value string) error {
	if err := n.book.SetNote(ctx, key, fmt.Sprintf("%d %s", n.now().Unix(), value)); err != nil {
		return fmt.Errorf("write note: %w", err)
	}
	return nil
}

func (n notes) drop(ctx context.Context, key string) error {
	if err := n.book.SetNote(ctx, key, ""); err != nil {
		return fmt.Errorf("remove note: %w", err)
	}
	return nil
}

// forget removes all notes of a chat.
func (n notes) forget(ctx context.Context, chat int64) error {
	found, err := n.book.Notes(ctx, fmt.Sprintf("sent/%d/", chat))
	if err != nil {
		return fmt.Errorf("read notes: %w", err)
	}
	for key := range found {
		if err := n.drop(ctx, key); err != nil {
			return err
		}
	}
	return n.drop(ctx, keysNote(chat))
}

// prune throws old notes away.
func (n notes) prune(ctx context.Context, log *slog.Logger) {
	for prefix, life := range keptFor {
		found, err := n.book.Notes(ctx, prefix)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			log.Warn("cannot read old notes", "channel", Name, "err", err)
			return
		}
		for key, text := range found {
			if _, at := splitNote(text); n.now().Sub(at) <= life {
				continue
			}
			if err := n.drop(ctx, key); err != nil {
				log.Warn("cannot throw a note away", "channel", Name, "err", err)
			}
		}
	}
}

func splitNote(text string) (value string, at time.Time) {
	stamp, value, _ := strings.Cut(text, " ")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return "", time.Time{}
	}
	return value, time.Unix(seconds, 0)
}

func sentNote(chat, seq int64) string { return fmt.Sprintf("sent/%d/%d", chat, seq) }
func keysNote(chat int64) string      { return fmt.Sprintf("keys/%d", chat) }
func groupNote(chat int64) string     { return fmt.Sprintf("group/%d", chat) }
