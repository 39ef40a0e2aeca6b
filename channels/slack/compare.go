package slack

import (
	"context"
	"errors"
	"slices"
	"time"

	"verihelp/channels"
)

// After a gap, what was sent from the threads of open cases is compared with what
// stands there: what was edited or deleted before it leaves no new message that
// would be read. That is done bit by bit, since it costs a call for each case.
const (
	// compareAge is how old words may be. Slack's own retention, which is no wish of
	// their author, deletes nothing that is younger.
	compareAge    = 24 * time.Hour
	settled       = time.Minute // after which Slack's history has what was written
	compareAtOnce = 4           // cases in one look: half of what Slack's limit allows
)

// comparison is what is left to compare. It is of the goroutine that tends.
type comparison struct {
	cases     []string
	notBefore time.Time // Slack asked for silence until then
}

// plan adds the cases that may have changed in a gap.
func (d *Desk) plan(ctx context.Context) error {
	open, err := d.cases(ctx, true)
	if err != nil {
		return err
	}
	planned := map[string]bool{}
	for _, id := range d.comparing.cases {
		planned[id] = true
	}
	for _, c := range open {
		if d.Now().Sub(c.LastStaff) < compareAge && !planned[c.ID] {
			d.comparing.cases = append(d.comparing.cases, c.ID)
		}
	}
	return nil
}

// compareSome compares the next cases, in order.
func (d *Desk) compareSome(ctx context.Context) {
	todo := &d.comparing
	for range compareAtOnce {
		if len(todo.cases) == 0 || ended(ctx) || d.Now().Before(todo.notBefore) {
			return
		}
		err := d.compareInLane(ctx, todo.cases[0])
		var later *channels.RetryLater
		if errors.As(err, &later) {
			todo.notBefore = d.Now().Add(later.Wait)
			return
		}
		if err != nil && !ended(ctx) {
			d.Logger.Warn("edits and deletions are looked for after the next gap only", "case", todo.cases[0], "err", err)
		}
		todo.cases = todo.cases[1:]
	}
}

// compareInLane compares a case behind what came before in its thread, so that
// what is read is not older than what was heard.
func (d *Desk) compareInLane(ctx context.Context, caseID string) error {
	t, ok, err := d.bound(ctx, caseID)
	if err != nil || !ok {
		return err
	}
	result := make(chan error, 1)
	queued := d.lanes.add(laneOf(t.place()), d.Now(), func(ctx context.Context) { result <- d.compare(ctx, caseID, t) })
	if !queued {
		return errNoInbox
	}
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// compare takes what was sent from a thread, and has edits and deletions follow as
// if they had just been heard.
func (d *Desk) compare(ctx context.Context, caseID string, t thread) error {
	typed, err := d.typedIn(ctx, caseID, t)
	if err != nil || len(typed) == 0 {
		return err
	}
	stands := map[string]message{}
	err = d.slack.replies(ctx, atOnce, t.place(), t.TS, func(m message) { stands[m.TS] = m })
	if _, there := stands[t.TS]; err != nil || !there {
		if errors.Is(err, errThreadGone) { // another is opened in its place
			return nil
		}
		return err
	}
	for _, s := range typed {
		ts := tsOf(s.first().At)
		m, there := stands[ts]
		switch {
		case !there:
			author := &message{User: s.first().AgentID, ThreadTS: t.TS}
			err = d.onDelete(ctx, caseID, message{Channel: t.Channel, TS: tsOf(d.Now()), DeletedTS: ts, Previous: author})
		case m.Edited != nil && m.Edited.TS > tsOf(s.now().At): // else a button has changed it since
			err = d.onEdit(ctx, caseID, message{Channel: t.Channel, TS: ts, Message: &m})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// typedIn are words of staff that were typed in a thread and may have changed
// there; the oldest first.
func (d *Desk) typedIn(ctx context.Context, caseID string, t thread) ([]sent, error) {
	said, err := d.said(ctx, caseID)
	if err != nil {
		return nil, err
	}
	all, err := d.allSent(ctx, caseID)
	if err != nil {
		return nil, err
	}
	var typed []sent
	for _, s := range all {
		ts, age := tsOf(s.first().At), d.Now().Sub(s.first().At)
		if said[ts] == ts && ts > t.TS && !s.now().Gone && age > settled && age < compareAge {
			typed = append(typed, s)
		}
	}
	slices.SortFunc(typed, func(a, b sent) int { return a.first().At.Compare(b.first().At) })
	return typed, nil
}
