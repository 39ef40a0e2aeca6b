package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// Data of buttons. Those of a reply's choices name the reply and the place:
// see dataOf.
const (
	dataDone  = "done" // shows what was chosen
	dataHant  = "lang:hant"
	dataHans  = "lang:hans"
	dataErase = "erase:" // and when it was asked, Unix time
	dataKeep  = "keep"
)

// The languages, each in its own script.
const (
	labelHant = "繁體中文"
	labelHans = "简体中文"
)

// dataOf names a choice by the reply's sequence number and its place there, since
// an ID may be longer than Telegram allows (64 bytes). The sum tells when the log
// is not the same any more.
func dataOf(seq int64, place int, choice chat.Choice) string {
	sum := sha256.Sum256([]byte(choice.ID))
	return fmt.Sprintf("%d.%d.%s", seq, place, hex.EncodeToString(sum[:4]))
}

// choiceOf finds the choice that a button's data names; false if there is none.
func choiceOf(ctx context.Context, in channels.Inbox, who chat.Address, data string) (chat.Choice, bool, error) {
	seq, place, ok := reading(data)
	if !ok {
		return chat.Choice{}, false, nil
	}
	items, err := in.Log(ctx, who, seq-1, 1)
	if err != nil {
		return chat.Choice{}, false, fmt.Errorf("read log: %w", err)
	}
	if len(items) == 0 || items[0].Seq != seq || items[0].Reply == nil || place >= len(items[0].Reply.Choices) {
		return chat.Choice{}, false, nil
	}
	choice := items[0].Reply.Choices[place]
	return choice, dataOf(seq, place, choice) == data, nil
}

// reading is the sequence number and the place that data names.
func reading(data string) (seq int64, place int, ok bool) {
	first, rest, _ := strings.Cut(data, ".")
	second, _, _ := strings.Cut(rest, ".")
	seq, errSeq := strconv.ParseInt(first, 10, 64)
	place, errPlace := strconv.Atoi(second)
	return seq, place, errSeq == nil && errPlace == nil && seq > 0 && place >= 0
}

// onTap handles a tapped button. Every tap is answered, else it keeps spinning.
func (c *Channel) onTap(ctx context.Context, t tap, leave func()) error {
	if t.From.IsBot || t.From.ID <= 0 {
		return nil
	}
	if t.Message != nil && t.Message.Chat.ID != t.From.ID { // an old message of a group
		c.answer(ctx, t, "")
		return nil
	}
	v, err := c.visit(ctx, t.From.ID, t.From, "", leave)
	if err != nil {
		return err
	}
	switch {
	case t.Data == dataDone:
		c.answer(ctx, t, v.text("tap.used"))
		return nil
	case t.Data == dataKeep || strings.HasPrefix(t.Data, dataErase):
		c.answer(ctx, t, "")
		v.clearButtons(ctx, t.message())
		if t.Data == dataKeep {
			v.tell(ctx, v.text("delete.kept"))
			return nil
		}
		v.erase(ctx, t.Data)
		return nil
	}
	return v.choose(ctx, t)
}

func (t tap) message() int64 {
	if t.Message == nil {
		return 0
	}
	return t.Message.ID
}

// choose hands a choice to the inbox. The second tap on the same buttons, which
// come fast on a slow phone, changes nothing.
func (v visit) choose(ctx context.Context, t tap) error {
	choice, found, err := v.chosen(ctx, t.Data)
	if err != nil {
		return err
	}
	if !found {
		v.answer(ctx, t, v.text("tap.stale"))
		v.clearButtons(ctx, t.message())
		return nil
	}
	first, err := v.firstTap(ctx, t)
	if err != nil {
		return err
	}
	if !first {
		v.answer(ctx, t, v.text("tap.used"))
		return nil
	}
	v.answer(ctx, t, "")
	m := chat.Message{ID: "cb-" + t.ID, From: v.who, Text: choice.Label, Choice: choice.ID, Locale: v.locale, At: v.cfg.Now()}
	if err := v.receive(ctx, m); err != nil {
		return err
	}
	v.showChosen(ctx, t.message(), choice)
	return nil
}

// chosen also knows the buttons of /language.
func (v visit) chosen(ctx context.Context, data string) (chat.Choice, bool, error) {
	switch data {
	case dataHant:
		return chat.Choice{ID: chat.ChoiceHant, Label: labelHant}, true, nil
	case dataHans:
		return chat.Choice{ID: chat.ChoiceHans, Label: labelHans}, true, nil
	}
	return choiceOf(ctx, v.in, v.who, data)
}

// firstTap notes which tap used a message's buttons; false if another one did.
func (v visit) firstTap(ctx context.Context, t tap) (bool, error) {
	if t.message() == 0 {
		return true, nil
	}
	note, _, err := v.notes.get(ctx, keysNote(v.chat))
	if err != nil {
		return false, err
	}
	var message int64
	var by string
	if n, _ := fmt.Sscanf(note, "%d used %s", &message, &by); n == 2 && message == t.message() {
		return by == t.ID, nil
	}
	return true, v.notes.set(ctx, keysNote(v.chat), fmt.Sprintf("%d used %s", t.message(), t.ID))
}

// showChosen leaves the one button that was tapped, so that the chat reads as it
// went.
func (v visit) showChosen(ctx context.Context, message int64, choice chat.Choice) {
	v.setButtons(ctx, message, [][]button{{{Text: "✓ " + shortened(choice.Label), Data: dataDone}}})
}

func (v visit) clearButtons(ctx context.Context, message int64) { v.setButtons(ctx, message, nil) }

func (c *Channel) setButtonsOf(ctx context.Context, chatID, message int64, rows [][]button) {
	if message == 0 {
		return
	}
	if err := c.api.rekey(ctx, chatID, message, rows); err != nil {
		c.cfg.Logger.Debug("buttons not changed", "channel", Name, "err", err)
	}
}

func (v visit) setButtons(ctx context.Context, message int64, rows [][]button) {
	v.setButtonsOf(ctx, v.chat, message, rows)
}

// answer ends the waiting of a tap. One that is too old cannot be answered any
// more, and nobody waits.
func (c *Channel) answer(ctx context.Context, t tap, text string) {
	if err := c.api.answerTap(ctx, t.From.ID, t.ID, text); err != nil {
		c.cfg.Logger.Debug("tap not answered", "channel", Name, "err", err)
	}
}
