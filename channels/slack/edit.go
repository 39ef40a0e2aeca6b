package slack

import (
	"context"
	"errors"
	"fmt"

	"verihelp/internal/chat"
)

// logPage is how many items of a case's log are read at once.
const logPage = 200

var errNotFound = errors.New("no such item")

// log calls each with the items of a case's log, in order, until it says stop.
func (d *Desk) log(ctx context.Context, caseID string, each func(chat.Item) (stop bool)) error {
	in := d.inbox()
	if in == nil {
		return errNoInbox
	}
	for after := int64(0); ; {
		items, err := in.CaseLog(ctx, caseID, after, logPage)
		if err != nil {
			return fmt.Errorf("read log of case: %w", err)
		}
		for _, i := range items {
			if each(i) {
				return nil
			}
		}
		if len(items) < logPage {
			return nil
		}
		after = items[len(items)-1].Seq
	}
}

// item finds an item of a case's log.
func (d *Desk) item(ctx context.Context, caseID string, fits func(chat.Item) bool) (chat.Item, error) {
	found, err := chat.Item{}, errNotFound
	failed := d.log(ctx, caseID, func(i chat.Item) bool {
		if fits(i) {
			found, err = i, nil
		}
		return err == nil
	})
	return found, errorOr(failed, err)
}

// typedAt finds what was sent from a message of the thread: an item has the time
// of its message.
func typedAt(ts string) func(chat.Item) bool {
	return func(i chat.Item) bool { return i.Kind == chat.FromStaff && i.Edits == 0 && tsOf(i.At) == ts }
}

// onEdit carries a change of a sent message over to the user. Slack also reports
// link previews and thread counters as changes: only another text counts.
func (d *Desk) onEdit(ctx context.Context, caseID string, m message) error {
	edited := m.Message
	if edited.Edited == nil || !edited.said() || m.Previous != nil && m.Previous.Text == edited.Text || edited.User == d.me().user {
		return nil
	}
	edited.Channel = m.Channel
	sent, err := d.item(ctx, caseID, typedAt(edited.TS))
	if errors.Is(err, errNotFound) {
		return nil // a note, or refused
	}
	text := words(*edited, func(user string) string { return d.staff.name(ctx, user) })
	if err == nil && isNote(text) {
		err = errNoteTooLate
	}
	if err == nil {
		err = d.change(ctx, caseID, *edited, chat.StaffAction{
			ID: "e-" + m.Channel + "-" + edited.TS + "-" + edited.Edited.TS, Change: chat.CaseEdit,
			Seq: sent.Seq, Text: text, At: timeOf(edited.Edited.TS),
		})
	}
	return d.editFailed(ctx, caseID, *edited, err)
}

var errNoteTooLate = errors.New("what was sent cannot become a note")

// onDelete takes a sent message back.
func (d *Desk) onDelete(ctx context.Context, caseID string, m message) error {
	gone := *m.Previous
	gone.Channel = m.Channel
	sent, err := d.item(ctx, caseID, typedAt(m.DeletedTS))
	if errors.Is(err, errNotFound) {
		return nil
	}
	if err == nil {
		err = d.change(ctx, caseID, gone, chat.StaffAction{
			ID: "d-" + m.Channel + "-" + m.DeletedTS, Change: chat.CaseDelete, Seq: sent.Seq, At: timeOf(m.TS),
		})
	}
	return d.editFailed(ctx, caseID, gone, err)
}

// change applies what the author of a message did to it.
func (d *Desk) change(ctx context.Context, caseID string, m message, a chat.StaffAction) error {
	agent, _, err := d.may(ctx, m.User, caseID)
	if err != nil {
		return err
	}
	a.CaseID, a.Agent = caseID, agent
	if a.At.IsZero() {
		a.At = d.Now()
	}
	return d.typed(ctx, a, tsOf(a.At))
}

// editFailed tells the author why a change does not reach the user. An error is
// left where it was not decided upon.
func (d *Desk) editFailed(ctx context.Context, caseID string, m message, err error) error {
	if err == nil || ended(ctx) {
		return err
	}
	why, known := refusal(err)
	if errors.Is(err, errNoteTooLate) {
		why, known = wordsNoteTooLate, true
	}
	if !known {
		d.Logger.Error("change of a staff message failed", "case", caseID, "err", err)
	}
	d.whisper(ctx, thread{Channel: m.Channel, TS: m.ThreadTS}, m.User, line(wordsNoEdit, why))
	return nil
}
