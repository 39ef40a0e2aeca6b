package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// part is one call that shows a piece of an update. The parts of an update are
// the same whenever they are worked out, so that receipts can be counted.
type part struct {
	id string // our own ID in Slack, to find it again; empty where doing it twice changes nothing
	do func(ctx context.Context, t thread) (receipt string, err error)
}

// Deliver implements channels.Remote. Receipts are the ts of posts, "file:" with
// an ID, or "done" for what leaves no message of its own.
func (d *Desk) Deliver(ctx context.Context, dl channels.Delivery) ([]string, error) {
	receipts := slices.Clone(dl.Receipts)
	if dl.Update == nil {
		return receipts, nil
	}
	t, err := d.threadFor(ctx, dl.Update.Case)
	if err != nil {
		return receipts, err
	}
	parts, err := d.parts(ctx, dl)
	if err != nil {
		return receipts, err
	}
	for i := len(receipts); i < len(parts); i++ {
		receipt, err := parts[i].do(ctx, t)
		if errors.Is(err, errThreadGone) {
			if t, err = d.reopenThread(ctx, dl.Update.Case, t); err == nil {
				receipt, err = parts[i].do(ctx, t)
			}
		}
		if receipt != "" { // also beside an error: it is in Slack
			receipts = append(receipts, receipt)
		}
		if err != nil {
			return receipts, fmt.Errorf("show %s of case %s: %w", dl.Update.Change, dl.Update.Case.ID, err)
		}
	}
	return receipts, d.noteShown(ctx, dl, t)
}

// threadFor is the thread of a case, opened if need be.
func (d *Desk) threadFor(ctx context.Context, c chat.Case) (thread, error) {
	t, ok, err := d.bound(ctx, c.ID)
	if err != nil || ok {
		return t, err
	}
	return d.openThread(ctx, c)
}

// reopenThread opens another thread for a case whose thread was deleted.
func (d *Desk) reopenThread(ctx context.Context, c chat.Case, gone thread) (thread, error) {
	d.Logger.Warn("the thread of a case was deleted in Slack; opening another", "case", c.ID)
	if err := d.unbind(ctx, c.ID, gone); err != nil {
		return thread{}, fmt.Errorf("forget thread: %w", err)
	}
	return d.openThread(ctx, c)
}

// noteShown remembers the last item that stands in the thread, for the card.
func (d *Desk) noteShown(ctx context.Context, dl channels.Delivery, t thread) error {
	last, err := d.lastShown(ctx, *dl.Update)
	if err != nil || last <= t.Seq {
		return err
	}
	t.Seq, t.Lang = last, dl.Update.Case.Lang
	return d.bind(ctx, dl.Update.Case.ID, t)
}

// lastShown is the last item that stands in the thread with an update; 0 if it
// brings none. Items that moved to another conversation have other numbers there.
func (d *Desk) lastShown(ctx context.Context, u channels.Update) (seq int64, err error) {
	if u.Change == chat.CaseAdopt {
		err = d.log(ctx, u.Case.ID, func(i chat.Item) bool { seq = i.Seq; return false })
		return seq, err
	}
	for _, i := range u.Items {
		seq = i.Seq
	}
	return seq, nil
}

// Find implements channels.Remote: it looks for our own ID in the thread.
func (d *Desk) Find(ctx context.Context, dl channels.Delivery) ([]string, error) {
	if dl.Update == nil {
		return dl.Receipts, nil
	}
	t, ok, err := d.bound(ctx, dl.Update.Case.ID)
	if err != nil || !ok {
		return dl.Receipts, err // openThread asks for itself
	}
	parts, err := d.parts(ctx, dl)
	if err != nil || len(dl.Receipts) >= len(parts) {
		return dl.Receipts, err
	}
	receipt, err := d.findPart(ctx, dl, t, parts[len(dl.Receipts)].id)
	if err != nil || receipt == "" {
		return dl.Receipts, err
	}
	return append(slices.Clone(dl.Receipts), receipt), nil
}

func (d *Desk) findPart(ctx context.Context, dl channels.Delivery, t thread, id string) (receipt string, err error) {
	if id == "" {
		return "", nil
	}
	fileID, err := d.Notes.Note(ctx, noteUpload+dl.Update.Case.ID+"/"+id)
	if err != nil {
		return "", fmt.Errorf("read upload: %w", err)
	}
	oldest := t.TS
	if !dl.CreatedAt.IsZero() {
		oldest = tsOf(dl.CreatedAt.Add(-clockSkew))
	}
	err = d.slack.replies(ctx, atOnce, t.place(), oldest, func(m message) {
		if m.ownID() == id {
			receipt = m.TS
		}
		for _, f := range m.Files {
			if fileID != "" && f.ID == fileID {
				receipt = fileReceipt(f.ID)
			}
		}
	})
	if errors.Is(err, errThreadGone) {
		return "", nil
	}
	return receipt, err
}

// parts works out what an update shows: what was said, a line about what was done,
// signs under staff's messages, and at last the card.
func (d *Desk) parts(ctx context.Context, dl channels.Delivery) ([]part, error) {
	u := dl.Update
	said, err := d.said(ctx, u.Case.ID)
	if err != nil {
		return nil, err
	}
	b := &builder{desk: d, dl: dl, said: said}
	switch u.Change {
	case chat.CaseDelivered:
		b.signs("white_check_mark")
	case chat.CaseUndelivered:
		b.signs("warning")
		b.post(undelivered(*u))
	default:
		b.items(u.Items)
		if line := happened(*u); line != nil {
			b.post(*line)
		}
	}
	if u.Change != chat.CaseOpened { // it has just been posted
		b.card()
	}
	return b.parts, nil
}

// builder gathers the parts of one delivery.
type builder struct {
	desk  *Desk
	dl    channels.Delivery
	said  map[string]string
	parts []part
}

// id is our own ID of the next part.
func (b *builder) id() string { return fmt.Sprintf("%d.%d", b.dl.ID, len(b.parts)) }

// caller is who waits for a turn of a limit.
func (b *builder) caller() string { return b.dl.Update.Case.ID }

// post adds a message in the thread.
func (b *builder) post(p post) { b.postThen(p, func(context.Context, string) error { return nil }) }

// postThen adds a message in the thread, and what is noted once it is there.
func (b *builder) postThen(p post, note func(ctx context.Context, ts string) error) {
	d, caller := b.desk, b.caller()
	p.id = b.id()
	b.parts = append(b.parts, part{id: p.id, do: func(ctx context.Context, t thread) (string, error) {
		if err := d.slack.turnToPost(ctx, caller, t.Channel); err != nil {
			return "", err
		}
		ts, err := d.slack.post(ctx, t.place(), p)
		if err != nil {
			return "", err
		}
		return ts, note(ctx, ts)
	}})
}

// signs adds an emoji under each message of staff that the update is about.
func (b *builder) signs(emoji string) {
	d, caller := b.desk, b.caller()
	for _, item := range b.dl.Update.Items {
		ts := b.said[tsOf(item.At)]
		if item.Kind != chat.FromStaff || ts == "" {
			continue
		}
		b.parts = append(b.parts, part{do: func(ctx context.Context, t thread) (string, error) {
			if err := d.slack.react(ctx, caller, place{t.Channel, ts}, emoji); err != nil {
				return "", err
			}
			return done, nil
		}})
	}
}

const done = "done" // the receipt of what leaves no message of its own

// quiet are changes after which the card may lag a little: its limit, 50 a minute
// for the whole workspace, is left to those that staff act upon.
var quiet = map[chat.CaseChange]bool{
	chat.CaseMessage: true, chat.CaseReply: true, chat.CaseDelivered: true, chat.CaseEdit: true, chat.CaseDelete: true,
	chat.CaseChecklist: true,
}

// card adds the fresh card.
func (b *builder) card() {
	d, u, caller := b.desk, b.dl.Update, b.caller()
	b.parts = append(b.parts, part{do: func(ctx context.Context, t thread) (string, error) {
		last, err := d.lastShown(ctx, *u)
		if err != nil {
			return "", err
		}
		t.Seq = max(t.Seq, last)
		if u.Change == chat.CaseAdopt {
			d.history.forget() // other cases are theirs now
		}
		switch {
		case !quiet[u.Change]:
			if err := d.slack.updates.wait(ctx, caller); err != nil {
				return "", err
			}
		case !d.slack.updates.free():
			return done, d.Notes.SetNote(ctx, noteStale+u.Case.ID, "1")
		}
		if err := d.slack.update(ctx, t.place(), d.cardPost(ctx, u.Case, t)); err != nil {
			return "", err
		}
		return done, nil
	}})
}
