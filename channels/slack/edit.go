package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"verihelp/internal/chat"
)

// logPage is how many items of a case's log are read at once.
const logPage = 200

// log calls each with the items of a case's log, in order, until it says stop.
func (d *Desk) log(ctx context.Context, caseID string, each func(chat.Item) (stop bool)) error {
	in, err := d.inbox()
	if err != nil {
		return err
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

// sent are words of staff in all their forms: the first names them, the last is what
// stands now.
type sent []chat.Item

func (s sent) first() chat.Item { return s[0] }
func (s sent) now() chat.Item   { return s[len(s)-1] }

var (
	errNotFound  = errors.New("nothing was sent then")
	errTakenBack = errors.New("what was sent was taken back")
	errCorrected = errors.New("what was sent was corrected meanwhile")
)

// allSent are the words of staff in a case's conversation, by the item that names
// them.
func (d *Desk) allSent(ctx context.Context, caseID string) (map[int64]sent, error) {
	all := map[int64]sent{}
	err := d.log(ctx, caseID, func(i chat.Item) (stop bool) {
		switch {
		case i.Kind != chat.FromStaff:
		case i.Edits == 0:
			all[i.Seq] = sent{i}
		case all[i.Edits] != nil:
			all[i.Edits] = append(all[i.Edits], i)
		}
		return false
	})
	return all, err
}

// sentAt finds what was sent at a time, in whichever form: words that were typed in
// the thread have the time of their message. errTakenBack if staff took it back since.
func (d *Desk) sentAt(ctx context.Context, caseID, ts string) (sent, error) {
	all, err := d.allSent(ctx, caseID)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		switch {
		case !slices.ContainsFunc(s, func(form chat.Item) bool { return tsOf(form.At) == ts }):
		case s.now().Gone:
			return nil, errTakenBack
		default:
			return s, nil
		}
	}
	return nil, errNotFound
}

// onEdit carries a change of a sent message over to the user. Slack also reports
// link previews and thread counters as changes: only another text counts.
func (d *Desk) onEdit(ctx context.Context, caseID string, m message) error {
	edited := m.Message
	if edited.Edited == nil || !edited.said() || m.Previous != nil && m.Previous.Text == edited.Text || edited.User == d.me().user {
		return nil
	}
	edited.Channel = m.Channel
	if seen, err := d.seen(ctx, caseID, edited.Edited.TS); err != nil || seen {
		return err
	}
	s, err := d.sentAt(ctx, caseID, edited.TS)
	switch {
	case errors.Is(err, errNotFound): // a note, or refused; or heard before the message itself
		return d.onMessage(ctx, caseID, *edited)
	case errors.Is(err, errTakenBack):
		return nil
	}
	text := words(*edited, func(user string) string { return d.staff.name(ctx, user) })
	if err == nil && isNote(text) {
		err = errNoteTooLate
	}
	if err == nil {
		err = d.change(ctx, caseID, *edited, chat.StaffAction{
			ID: "e-" + m.Channel + "-" + edited.TS + "-" + edited.Edited.TS, Change: chat.CaseEdit,
			Seq: s.first().Seq, Text: text, At: timeOf(edited.Edited.TS),
		})
	}
	return d.decided(ctx, caseID, *edited, edited.Edited.TS, err)
}

var errNoteTooLate = errors.New("what was sent cannot become a note")

// onDelete takes a sent message back.
func (d *Desk) onDelete(ctx context.Context, caseID string, m message) error {
	gone := *m.Previous
	gone.Channel = m.Channel
	event := "deleted/" + m.DeletedTS
	if seen, err := d.seen(ctx, caseID, event); err != nil || seen {
		return err
	}
	s, err := d.sentAt(ctx, caseID, m.DeletedTS)
	switch {
	case errors.Is(err, errNotFound):
		d.noteSeen(ctx, caseID, m.DeletedTS) // should the message itself be heard after this
		return nil
	case errors.Is(err, errTakenBack):
		return nil
	}
	if err == nil {
		err = d.change(ctx, caseID, gone, chat.StaffAction{
			ID: "d-" + m.Channel + "-" + m.DeletedTS, Change: chat.CaseDelete, Seq: s.first().Seq, At: timeOf(m.TS),
		})
	}
	return d.decided(ctx, caseID, gone, event, err)
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

// decided tells the author why a change does not reach the user, once. What failed
// for a reason of our own may be heard again.
func (d *Desk) decided(ctx context.Context, caseID string, m message, event string, err error) error {
	if err != nil && ended(ctx) {
		return err
	}
	why, known := refusal(err)
	if errors.Is(err, errNoteTooLate) {
		why, known = wordsNoteTooLate, true
	}
	if err != nil {
		d.whisper(ctx, place{m.Channel, m.ThreadTS}, m.User, line(wordsNoEdit, why))
	}
	if err != nil && !known {
		d.Logger.Error("change of a staff message failed", "case", caseID, "err", err)
		return nil
	}
	d.noteSeen(ctx, caseID, event)
	return nil
}
