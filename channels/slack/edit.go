package slack

import (
	"context"
	"errors"
	"fmt"

	"verihelp/internal/chat"
)

// logPage is how many items of a case's log are read at once.
const logPage = 200

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

// sent are words of staff: the item that names them, and as they stand now.
type sent struct{ first, now chat.Item }

var (
	errNotFound  = errors.New("nothing was sent then")
	errTakenBack = errors.New("what was sent was taken back")
	errCorrected = errors.New("what was sent was corrected meanwhile")
)

// sentAt finds what was sent at a time, in whichever form: words that were typed in
// the thread have the time of their message. errTakenBack if staff took it back since.
func (d *Desk) sentAt(ctx context.Context, caseID, ts string) (s sent, err error) {
	forms := map[int64]sent{} // by the item that names them
	found := int64(0)
	err = d.log(ctx, caseID, func(i chat.Item) bool {
		if i.Kind != chat.FromStaff {
			return false
		}
		name, first := i.Seq, i
		if i.Edits != 0 {
			name, first = i.Edits, forms[i.Edits].first
		}
		forms[name] = sent{first, i}
		if tsOf(i.At) == ts {
			found = name
		}
		return false
	})
	s = forms[found]
	switch {
	case err != nil:
		return sent{}, err
	case s.first.Seq == 0:
		return sent{}, errNotFound
	case s.now.Gone:
		return sent{}, errTakenBack
	}
	return s, nil
}

// notThere says that the user has nothing of a message: it was a note, or refused,
// or taken back.
func notThere(err error) bool { return errors.Is(err, errNotFound) || errors.Is(err, errTakenBack) }

// onEdit carries a change of a sent message over to the user. Slack also reports
// link previews and thread counters as changes: only another text counts.
func (d *Desk) onEdit(ctx context.Context, caseID string, m message) error {
	edited := m.Message
	if edited.Edited == nil || !edited.said() || m.Previous != nil && m.Previous.Text == edited.Text || edited.User == d.me().user {
		return nil
	}
	edited.Channel = m.Channel
	s, err := d.sentAt(ctx, caseID, edited.TS)
	if notThere(err) {
		return nil
	}
	text := words(*edited, func(user string) string { return d.staff.name(ctx, user) })
	if err == nil && isNote(text) {
		err = errNoteTooLate
	}
	if err == nil {
		err = d.change(ctx, caseID, *edited, chat.StaffAction{
			ID: "e-" + m.Channel + "-" + edited.TS + "-" + edited.Edited.TS, Change: chat.CaseEdit,
			Seq: s.first.Seq, Text: text, At: timeOf(edited.Edited.TS),
		})
	}
	return d.editFailed(ctx, caseID, *edited, err)
}

var errNoteTooLate = errors.New("what was sent cannot become a note")

// onDelete takes a sent message back.
func (d *Desk) onDelete(ctx context.Context, caseID string, m message) error {
	gone := *m.Previous
	gone.Channel = m.Channel
	s, err := d.sentAt(ctx, caseID, m.DeletedTS)
	if notThere(err) {
		return nil
	}
	if err == nil {
		err = d.change(ctx, caseID, gone, chat.StaffAction{
			ID: "d-" + m.Channel + "-" + m.DeletedTS, Change: chat.CaseDelete, Seq: s.first.Seq, At: timeOf(m.TS),
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
