package slack

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"verihelp/internal/chat"
)

// tend does what is due, until ctx ends: it closes gaps, brings stale cards up to
// date, posts the daily summary and forgets old cases.
func (d *Desk) tend(ctx context.Context) {
	ticker := time.NewTicker(d.Tick)
	defer ticker.Stop()
	for {
		if d.overHTTP() {
			d.suspect(ctx)
		}
		live, gap := d.listening()
		if live && gap > 0 {
			d.closeGap(ctx, gap)
			live, gap = d.listening()
		}
		if live && gap == 0 && ctx.Err() == nil {
			d.noteHeard(ctx)
			d.compareSome(ctx)
			d.freshenCards(ctx)
			d.summarise(ctx)
			d.tidy(ctx)
		}
		select {
		case <-ticker.C:
		case <-d.heard.woken:
		case <-ctx.Done():
			return
		}
	}
}

// freshenAtOnce bounds how many stale cards one look brings up to date.
const freshenAtOnce = 20

// freshenCards brings cards up to date that the limit had left behind. A note is
// removed before the case is read, so that a later change notes it again.
func (d *Desk) freshenCards(ctx context.Context) {
	stale, err := d.Notes.Notes(ctx, noteStale)
	if err != nil || len(stale) == 0 {
		return
	}
	var ids []string
	for key := range stale {
		if id := strings.TrimPrefix(key, noteStale); len(ids) < freshenAtOnce && d.Notes.SetNote(ctx, key, "") == nil {
			ids = append(ids, id)
		}
	}
	all, err := d.cases(ctx, false)
	if err != nil {
		d.Logger.Warn("stale cards cannot be refreshed now", "err", err)
		for _, id := range ids {
			d.staysStale(ctx, id)
		}
		return
	}
	for _, c := range all {
		if slices.Contains(ids, c.ID) {
			d.freshen(ctx, c)
		}
	}
}

func (d *Desk) freshen(ctx context.Context, c chat.Case) {
	t, ok, err := d.bound(ctx, c.ID)
	if err != nil || !ok {
		return
	}
	if !d.slack.updates.free() || d.slack.update(ctx, t.place(), d.cardPost(ctx, c, t)) != nil {
		d.staysStale(ctx, c.ID)
	}
}

func (d *Desk) staysStale(ctx context.Context, caseID string) {
	if err := d.Notes.SetNote(context.WithoutCancel(ctx), noteStale+caseID, "1"); err != nil {
		d.Logger.Warn("a card stays behind until the case changes", "case", caseID, "err", err)
	}
}

// summarise posts yesterday's figures once a day. The day is noted first: a summary
// that is lost does less harm than one every few seconds.
func (d *Desk) summarise(ctx context.Context) {
	now := d.Now().In(d.Location)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, d.Location)
	day := now.Format(time.DateOnly)
	if d.SummaryAt < 0 || now.Sub(midnight) < d.SummaryAt {
		return
	}
	last, err := d.Notes.Note(ctx, noteSummary)
	if err != nil || last == day || d.Notes.SetNote(ctx, noteSummary, day) != nil || last == "" {
		return // last is empty on the first day: there is no yesterday
	}
	all, err := d.cases(ctx, false)
	if err != nil {
		d.Logger.Warn("no daily summary", "err", err)
		return
	}
	yesterday := midnight.AddDate(0, 0, -1)
	f := count(all, yesterday, d.late(now))
	r := (&rich{}).bold("昨天 " + yesterday.Format("1/2") + "\n").text(f.String() + "\n新案件 " + f.chart())
	if err := d.slack.turnToPost(ctx, "", d.Channel); err != nil {
		return
	}
	if _, err := d.slack.post(ctx, place{channel: d.Channel}, post{text: "昨天：" + f.String(), blocks: []slack.Block{r.block()}}); err != nil {
		d.Logger.Warn("no daily summary", "err", err)
	}
}

const (
	tidyEvery = 6 * time.Hour
	forgetAge = 30 * 24 * time.Hour // after its end, a case is forgotten here
)

// tidy removes the notes of cases that ended long ago, or that are no more.
func (d *Desk) tidy(ctx context.Context) {
	now := d.Now()
	if now.Sub(d.tidied) < tidyEvery {
		return
	}
	d.tidied = now
	bound, err := d.Notes.Notes(ctx, noteCase)
	if err != nil {
		return
	}
	all, err := d.cases(ctx, false)
	if err != nil {
		return
	}
	keep := make(map[string]bool, len(all))
	for _, c := range all {
		keep[c.ID] = c.State.Open() || now.Sub(c.ClosedAt) < forgetAge
	}
	for key := range bound {
		if id := strings.TrimPrefix(key, noteCase); !keep[id] {
			d.forget(ctx, id)
		}
	}
}

// forget removes all notes of a case.
func (d *Desk) forget(ctx context.Context, caseID string) {
	t, ok, err := d.bound(ctx, caseID)
	if err != nil || !ok {
		return
	}
	keys := []string{noteThread + t.Channel + "/" + t.TS, noteOpening + caseID, noteStale + caseID}
	for _, prefix := range []string{noteSaid, noteSeen, noteUpload} {
		notes, err := d.Notes.Notes(ctx, prefix+caseID+"/")
		if err != nil {
			return
		}
		keys = append(keys, slices.Collect(maps.Keys(notes))...)
	}
	for _, key := range append(keys, noteCase+caseID) { // what leads here goes last
		if err := d.Notes.SetNote(ctx, key, ""); err != nil {
			d.Logger.Warn("notes of an old case remain", "case", caseID, "err", err)
			return
		}
	}
}
