package telegram

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"verihelp/internal/chat"
)

// Eraser is an inbox that can delete a conversation for good.
type Eraser interface {
	Erase(ctx context.Context, who chat.Address) error
}

// command answers a command. Those that mean something to the dialogue go there
// as the choices they stand for; the rest is ours.
func (v visit) command(ctx context.Context, name, payload string, m message) error {
	switch name {
	case "start":
		if isToken(payload) {
			return v.adopt(ctx, payload)
		}
		v.tell(ctx, v.text("welcome"))
	case "help":
		v.tell(ctx, v.text("help"))
	case "privacy":
		v.tell(ctx, v.text("privacy"))
	case "language":
		v.tellWith(ctx, v.chat, outgoing{text: v.text("language"), buttons: [][]button{{
			{Text: labelHant, Data: dataHant}, {Text: labelHans, Data: dataHans},
		}}})
	case "delete":
		v.tellWith(ctx, v.chat, outgoing{text: v.text("delete.confirm"), buttons: [][]button{{
			{Text: v.text("delete.yes"), Data: fmt.Sprint(dataErase, v.cfg.Now().Unix())}, {Text: v.text("delete.no"), Data: dataKeep},
		}}})
	case "human":
		said := v.message(fmt.Sprintf("tg-%d", m.ID), m)
		said.Text, said.Choice = v.text("human"), chat.ChoiceHuman
		return v.receive(ctx, said)
	default:
		v.tell(ctx, v.text("command.unknown")+"\n\n"+v.text("help"))
	}
	return nil
}

// confirmLife is how long the question whether to delete can be answered.
const confirmLife = 15 * time.Minute

// erase deletes the conversation if the question is still fresh.
func (v visit) erase(ctx context.Context, asked string) {
	seconds, err := strconv.ParseInt(strings.TrimPrefix(asked, dataErase), 10, 64)
	if err != nil || v.cfg.Now().Sub(time.Unix(seconds, 0)) > confirmLife {
		v.tell(ctx, v.text("delete.again"))
		return
	}
	eraser, ok := v.in.(Eraser)
	if !ok {
		v.tell(ctx, v.text("delete.contact"))
		return
	}
	if v.before.seq == 0 { // nothing is kept
		v.tell(ctx, v.text("delete.done"))
		return
	}
	if err := eraser.Erase(ctx, v.who); err != nil {
		v.cfg.Logger.Error("conversation not erased", "channel", Name, "err", err)
		v.tell(ctx, v.text("delete.failed"))
		return
	}
	v.memory.forget(v.who)
	if err := v.notes.forget(ctx, v.chat); err != nil {
		v.cfg.Logger.Warn("notes of an erased conversation remain", "channel", Name, "err", err)
	}
	v.tell(ctx, v.text("delete.done"))
}
