package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// Keys of the notebook. Everything of a case stands under its ID, so that it can
// be forgotten together.
const (
	noteCase    = "case/"    // + case → its thread, as JSON
	noteThread  = "thread/"  // + channel/ts → case
	noteOpening = "opening/" // + case: a first message was begun; its outcome may be unknown
	noteSaid    = "said/"    // + case/ts of an item of staff → ts of the message that shows it
	noteSeen    = "seen/"    // + case/ts of a message of staff, or of an edit: it was decided upon
	noteStale   = "stale/"   // + case: the card lacks the latest
	noteUpload  = "upload/"  // + case/delivery.part → file ID
	noteHeard   = "heard"    // until when nothing of Slack was missed
	noteMissed  = "missed"   // a process learnt that Slack's requests did not arrive
	noteSummary = "summary"  // day of the last daily summary
)

// thread is where a case is shown, with what is needed of the case when staff do
// something there.
type thread struct {
	Channel  string `json:"channel"`
	TS       string `json:"ts"`            // of the card
	Seq      int64  `json:"seq,omitempty"` // last item shown
	Lang     string `json:"lang"`
	Category string `json:"category"`
	Title    string `json:"title"`
}

func (t thread) place() place { return place{t.Channel, t.TS} }

// route chooses the channel of a case.
func (d *Desk) route(c chat.Case) string {
	if channel := d.Routes[c.Category]; channel != "" {
		return channel
	}
	if channel := d.Routes[PriorityRoute]; c.Priority && channel != "" {
		return channel
	}
	return d.Channel
}

// channelIDs are all channels of the desk.
func (d *Desk) channelIDs() []string {
	ids := []string{d.Channel}
	known := map[string]bool{d.Channel: true}
	for _, id := range d.Routes {
		if !known[id] {
			known[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// bound is the thread of a case; ok is false if it has none yet.
func (d *Desk) bound(ctx context.Context, caseID string) (t thread, ok bool, err error) {
	note, err := d.Notes.Note(ctx, noteCase+caseID)
	if err != nil {
		return thread{}, false, fmt.Errorf("read thread of case: %w", err)
	}
	if note == "" {
		return thread{}, false, nil
	}
	if err := json.Unmarshal([]byte(note), &t); err != nil {
		return thread{}, false, fmt.Errorf("read thread of case: %w", err)
	}
	return t, true, nil
}

// threadOf is the thread of a case that somebody taps or writes in.
func (d *Desk) threadOf(ctx context.Context, caseID string) (thread, error) {
	t, ok, err := d.bound(ctx, caseID)
	if err == nil && !ok {
		err = chat.ErrUnknownCase
	}
	return t, err
}

// caseOf is the case of a thread; empty if it is none of ours.
func (d *Desk) caseOf(ctx context.Context, at place) (string, error) {
	return d.Notes.Note(ctx, noteThread+at.channel+"/"+at.ts)
}

func (d *Desk) bind(ctx context.Context, caseID string, t thread) error {
	note, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if err := d.Notes.SetNote(ctx, noteThread+t.Channel+"/"+t.TS, caseID); err != nil {
		return fmt.Errorf("note thread: %w", err)
	}
	if err := d.Notes.SetNote(ctx, noteCase+caseID, string(note)); err != nil {
		return fmt.Errorf("note thread: %w", err)
	}
	return nil
}

// unbind forgets a thread that was deleted in Slack.
func (d *Desk) unbind(ctx context.Context, caseID string, t thread) error {
	return errors.Join(
		d.Notes.SetNote(ctx, noteThread+t.Channel+"/"+t.TS, ""),
		d.Notes.SetNote(ctx, noteCase+caseID, ""))
}

// openThread posts the card of a case that has no thread. The first message has no
// receipt in the outbox: a note says that it was begun, and then Slack is asked
// first, so that no case gets two threads.
func (d *Desk) openThread(ctx context.Context, c chat.Case) (thread, error) {
	t := thread{Channel: d.route(c), Lang: c.Lang, Category: c.Category, Title: c.Title}
	if err := d.slack.turnToPost(ctx, c.ID, t.Channel); err != nil {
		return thread{}, err
	}
	begun, err := d.Notes.Note(ctx, noteOpening+c.ID)
	if err != nil {
		return thread{}, fmt.Errorf("read opening of thread: %w", err)
	}
	if begun != "" {
		if t.TS, err = d.findCard(ctx, t.Channel, c.ID, begun); err != nil {
			return thread{}, err
		}
	}
	if t.TS == "" {
		if t.TS, err = d.postCard(ctx, c, t); err != nil {
			return thread{}, err
		}
	}
	if err := d.bind(ctx, c.ID, t); err != nil {
		return thread{}, err
	}
	return t, d.Notes.SetNote(ctx, noteOpening+c.ID, "")
}

func (d *Desk) postCard(ctx context.Context, c chat.Case, t thread) (string, error) {
	if err := d.Notes.SetNote(ctx, noteOpening+c.ID, tsOf(d.Now())); err != nil {
		return "", fmt.Errorf("note opening of thread: %w", err)
	}
	ts, err := d.slack.post(ctx, t.place(), d.cardPost(ctx, c, t))
	if err != nil && !errors.Is(err, channels.ErrUnknownOutcome) {
		err = errors.Join(err, d.Notes.SetNote(ctx, noteOpening+c.ID, ""))
	}
	return ts, err
}

// clockSkew is how far Slack's clock may be from ours.
const clockSkew = 5 * time.Minute

// findCard looks for a card that was posted by an attempt of unknown outcome.
func (d *Desk) findCard(ctx context.Context, channel, caseID, begun string) (ts string, err error) {
	oldest := tsOf(timeOf(begun).Add(-clockSkew))
	err = d.slack.history(ctx, atOnce, channel, oldest, func(m message) {
		if m.ownID() == cardID(caseID) {
			ts = m.TS
		}
	})
	return ts, err
}

func cardID(caseID string) string { return "card/" + caseID }

// said tells which Slack messages show what staff wrote: by the ts of the item's
// time. A message that was typed in the thread shows itself.
func (d *Desk) said(ctx context.Context, caseID string) (map[string]string, error) {
	prefix := noteSaid + caseID + "/"
	notes, err := d.Notes.Notes(ctx, prefix)
	if err != nil {
		return nil, fmt.Errorf("read messages of staff: %w", err)
	}
	said := make(map[string]string, len(notes))
	for key, ts := range notes {
		said[strings.TrimPrefix(key, prefix)] = ts
	}
	return said, nil
}

func (d *Desk) noteSaid(ctx context.Context, caseID, itemTS, messageTS string) error {
	if err := d.Notes.SetNote(ctx, noteSaid+caseID+"/"+itemTS, messageTS); err != nil {
		return fmt.Errorf("note message of staff: %w", err)
	}
	return nil
}
