package telegram

import (
	"context"
	"fmt"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// impression is what the log tells of a conversation: the language of the last
// reply, the one that was asked for, and whether a person has it.
type impression struct {
	seq      int64     // of the last item read
	at       time.Time // of that item: tells this log from one that began anew
	lang     zh.Locale
	fixed    zh.Locale // asked for, and so beats the script of a message
	wrote    zh.Script // of the user's last message; None if it does not tell
	asked    bool      // that message was a choice of language
	caseOpen bool
}

func (i impression) after(item chat.Item) impression {
	i.seq, i.at = item.Seq, item.At
	switch {
	case item.Kind == chat.FromUser:
		i.wrote, i.asked = majority(zh.Detect(item.Text)), item.Text == labelHant || item.Text == labelHans
	case item.Reply != nil && item.Reply.Lang != "":
		i = i.answeredIn(zh.Locale(item.Reply.Lang))
	}
	if item.Case != nil {
		i.caseOpen = item.Case.State.Open()
	}
	return i
}

// answeredIn is the impression after a reply. Where it is not in the script of the
// message, the user has asked for that, whichever way.
func (i impression) answeredIn(lang zh.Locale) impression {
	switch {
	case i.asked, i.wrote != zh.None && i.wrote != lang.Script():
		i.fixed = lang
	case i.fixed.Script() != lang.Script():
		i.fixed = ""
	}
	i.lang, i.asked = lang, false
	return i
}

// majority is the script that a text is answered in; None if it does not tell.
func majority(d zh.Detection) zh.Script {
	switch {
	case d.Hans > d.Hant:
		return zh.Hans
	case d.Hant > d.Hans:
		return zh.Hant
	}
	return zh.None
}

const logPage = 100

// recall reads what the log has grown by and returns the impression. It begins with
// the item read last, since the conversation may have been erased or moved meanwhile.
func (c *Channel) recall(ctx context.Context, in channels.Inbox, who chat.Address) (impression, error) {
	i, _ := c.memory.get(who)
	for {
		items, err := in.Log(ctx, who, max(i.seq-1, 0), logPage+1)
		if err != nil {
			return i, fmt.Errorf("read log: %w", err)
		}
		if i.seq > 0 {
			if len(items) == 0 || items[0].Seq != i.seq || !items[0].At.Equal(i.at) {
				c.memory.forget(who)
				i = impression{}
				continue
			}
			items = items[1:]
		}
		for _, item := range items {
			i = i.after(item)
		}
		if len(items) < logPage {
			c.memory.put(who, i)
			return i, nil
		}
	}
}

// committed finds the item of a user's message among those after a sequence
// number; false if it is not there.
func committed(ctx context.Context, in channels.Inbox, m chat.Message, after int64) (chat.Item, bool, error) {
	for {
		items, err := in.Log(ctx, m.From, after, logPage)
		if err != nil {
			return chat.Item{}, false, fmt.Errorf("read log: %w", err)
		}
		for _, item := range items {
			if item.Kind == chat.FromUser && item.Message == m.ID {
				return item, true, nil
			}
			after = item.Seq
		}
		if len(items) < logPage {
			return chat.Item{}, false, nil
		}
	}
}

// localeFor is the language of our own words to a person.
func localeFor(i impression, text, appLocale string) zh.Locale {
	app, _ := zh.ParseLocale(appLocale)
	return zh.Choose(i.fixed, i.lang, app, zh.Detect(text))
}
