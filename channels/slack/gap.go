package slack

import (
	"context"
	"slices"
	"time"
)

const (
	overlap   = 5 * time.Minute  // how far before a gap the history is read: Slack sends late, too
	longGone  = 10 * time.Minute // after which staff are told that we are back
	readEvery = 5 * time.Minute  // how often the history is read where Slack sends HTTP requests
)

// hearing is what we know of our connections. While one was gone, staff may have
// written what nobody heard: then live messages are held until the history was
// read, so that the order stays.
//
// HTTP requests come to any process, and one that arrives nowhere leaves no trace
// but in the history. It is read now and then, and when Slack says that it had to
// send something again or has dropped some. Nothing is held: a request is answered within three seconds.
type hearing struct {
	live         int // connections
	gaps, closed int // how many gaps there were, and up to which the history was read
	held         []message
	woken        chan struct{}
}

// changed notes that a connection came or went. Each that comes may follow a gap:
// when one breaks, the other may be dead as well, only not yet known to be.
func (d *Desk) changed(up bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !up {
		d.heard.live--
		return
	}
	d.heard.live++
	d.heard.gaps++
	select {
	case d.heard.woken <- struct{}{}:
	default: // it is awake already
	}
}

// again has the history read again, since a message could not be dealt with.
func (d *Desk) again() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard.gaps++
}

// overHTTP says that Slack sends requests, instead of being listened to.
func (d *Desk) overHTTP() bool { return d.AppToken == "" }

// noteMissed tells the process that runs the desk to read the history soon.
func (d *Desk) noteMissed(ctx context.Context) {
	if err := d.Notes.SetNote(ctx, noteMissed, "1"); err != nil {
		d.Logger.Warn("what was missed is read a little later", "err", err)
	}
}

// suspect opens a gap where HTTP requests may not have arrived.
func (d *Desk) suspect(ctx context.Context) {
	missed, err := d.Notes.Note(ctx, noteMissed)
	if err == nil && missed != "" {
		err = d.Notes.SetNote(ctx, noteMissed, "") // before the history is read
	}
	if err == nil && missed != "" || d.Now().Sub(d.read) >= readEvery {
		d.again()
	}
}

// holds keeps a live message back while the history has to be read first.
func (d *Desk) holds(m message) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	gap := !d.overHTTP() && d.heard.gaps > d.heard.closed
	if gap {
		d.heard.held = append(d.heard.held, m)
	}
	return gap
}

// listening says whether we have a connection, and how many gaps there were if the
// last is still open.
func (d *Desk) listening() (live bool, gap int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.heard.gaps > d.heard.closed {
		gap = d.heard.gaps
	}
	return d.heard.live > 0, gap
}

// closeGap reads what was missed. If that fails it is tried again, but what was
// held goes on: a scope that is missing must not silence the staff.
func (d *Desk) closeGap(ctx context.Context, gap int) {
	began := d.Now()
	err := d.catchUp(ctx)
	if err == nil {
		err = d.plan(ctx)
	}
	if err != nil && ctx.Err() == nil {
		d.Logger.Warn("what staff wrote while nobody listened cannot be read; trying again", "err", err)
	}
	for {
		d.mu.Lock()
		held := d.heard.held
		d.heard.held = nil
		if len(held) == 0 {
			if err == nil {
				d.heard.closed, d.read = gap, began
			}
			d.mu.Unlock()
			return
		}
		d.mu.Unlock()
		for _, m := range held {
			d.hear(m, nobodyWaits)
		}
	}
}

// catchUp reads the threads in which something was written since we last heard.
func (d *Desk) catchUp(ctx context.Context) error {
	note, err := d.Notes.Note(ctx, noteHeard)
	if err != nil || note == "" { // the first start: there is nothing to catch up with
		return err
	}
	since := timeOf(note)
	from := tsOf(since.Add(-overlap))
	oldest, err := d.oldestOpen(ctx, since.Add(-overlap))
	if err != nil {
		return err
	}
	for _, channel := range d.channelIDs() {
		var roots []string
		err := d.slack.history(ctx, patiently, channel, oldest, func(m message) {
			if m.LatestReply >= from {
				roots = append(roots, m.TS)
			}
		})
		if err != nil {
			return err
		}
		slices.Sort(roots)
		for _, ts := range roots {
			if err := d.readThread(ctx, place{channel, ts}, from); err != nil {
				return err
			}
		}
	}
	d.tellBack(ctx, d.Now().Sub(since))
	return nil
}

// readThread hears everything of a thread since a time, edits too.
func (d *Desk) readThread(ctx context.Context, root place, from string) error {
	return d.slack.replies(ctx, patiently, root, from, func(m message) {
		d.hear(m, nobodyWaits)
		if m.Edited != nil && m.Edited.TS >= from {
			edited := m
			d.hear(message{SubType: "message_changed", Channel: m.Channel, TS: m.Edited.TS, Message: &edited}, nobodyWaits)
		}
	})
}

// oldestOpen is from when on threads can matter: the oldest open case.
func (d *Desk) oldestOpen(ctx context.Context, from time.Time) (string, error) {
	open, err := d.cases(ctx, true)
	if err != nil {
		return "", err
	}
	for _, c := range open {
		if c.OpenedAt.Before(from) {
			from = c.OpenedAt
		}
	}
	return tsOf(from.Add(-clockSkew)), nil
}

// tellBack says in the channel that we were gone for long.
func (d *Desk) tellBack(ctx context.Context, gone time.Duration) {
	if gone < longGone {
		return
	}
	if err := d.slack.turnToPost(ctx, "", d.Channel); err != nil {
		return
	}
	if _, err := d.slack.post(ctx, place{channel: d.Channel}, line(wordsBack, int(gone.Minutes()))); err != nil {
		d.Logger.Warn("staff were not told that we are back", "err", err)
	}
}

// noteHeard remembers until when nothing was missed: messages that wait to be
// decided upon are still to be heard.
func (d *Desk) noteHeard(ctx context.Context) {
	until := d.Now()
	if d.overHTTP() {
		until = d.read
	}
	if err := d.Notes.SetNote(ctx, noteHeard, tsOf(d.lanes.oldest(until))); err != nil {
		d.Logger.Warn("a later start may read more of Slack's history than it must", "err", err)
	}
}

// onEvent takes an event of the Events API that was acknowledged.
func (d *Desk) onEvent(raw []byte) {
	o, err := decodeOuter(raw)
	if err != nil {
		d.Logger.Warn("an event of Slack cannot be read", "err", err)
		return
	}
	d.take(o, nobodyWaits)
}

// take deals with an event, and calls done when it has, or with an error if Slack
// should send it again. Where messages are held, nobody waits.
func (d *Desk) take(o outer, done func(error)) {
	e := o.Event
	if e.Type == "message" {
		if !d.holds(e.message) {
			d.hear(e.message, done)
		}
		return
	}
	defer done(nil)
	switch e.Type {
	case "app_home_opened":
		if e.Tab == "home" {
			d.lanes.add("home/"+e.User, d.Now(), func(ctx context.Context) { d.showHome(ctx, e.User) })
		}
	case "member_joined_channel", "member_left_channel":
		d.staff.changed(e.Channel)
	case "channel_archive", "group_archive", "channel_deleted", "group_deleted":
		if slices.Contains(d.channelIDs(), e.Channel) {
			d.Logger.Error("the desk channel was archived or deleted: "+cures["is_archived"], "channel", e.Channel)
		}
	}
}
