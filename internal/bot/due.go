package bot

import (
	"time"

	"verihelp/internal/chat"
	"verihelp/internal/hours"
)

// DefaultTarget is within which working time a user should be answered.
const DefaultTarget = 30 * time.Minute

// What ends by itself, and when.
const (
	shift     = 12 * time.Hour      // working time after which a claim ends whose agent owes an answer
	overtime  = time.Hour           // the same, once staff have gone home
	silence   = 3 * 24 * time.Hour  // after which a case ends whose user has nothing more to say
	forgotten = 14 * 24 * time.Hour // after which a case ends that nobody took
)

// How often somebody who waits is told that nobody has come yet: after the target,
// then at the next openings that are this far apart.
const (
	mostTold  = 3
	tellAgain = 12 * time.Hour
)

// mostReminders bounds the doubling of the target.
const mostReminders = 16

// rota decides what is due about a case by the clock alone. It is pure.
type rota struct {
	hours  hours.Hours
	target time.Duration
}

// due is the case after the first thing that is to be done about it now, and what
// that is; empty if there is nothing. What was done is not due any more, so that
// two processes that look at the same case do it once.
func (r rota) due(c chat.Case, now time.Time) (after chat.Case, what chat.CaseChange) {
	after = c
	switch {
	case c.State == chat.CaseSnoozed && !now.Before(c.SnoozedUntil):
		what, after.State, after.SnoozedUntil = chat.CaseWake, chat.CaseClaimed, time.Time{}
		if !c.AwaitsSince.IsZero() { // the agent put it off: the target counts from now
			after.AwaitsSince, after.Reminded = now, 0
		}
	case r.expired(c, now):
		what, after.State, after.ClosedAt = chat.CaseExpire, chat.CaseClosed, now
	case r.left(c, now):
		what, after = chat.CaseRelease, c.Released(now)
	case r.reminders(c, now) > c.Reminded:
		what, after.Reminded = chat.CaseRemind, r.reminders(c, now)
	case r.untold(c, now):
		what, after.Told, after.ToldAt = chat.CaseTell, c.Told+1, now
	default:
		return c, ""
	}
	after.ChangedAt = now
	return after, what
}

// expired: nobody has come for two weeks, or the user, who was answered, has said
// nothing for three days. Who is owed an answer is never closed away.
func (r rota) expired(c chat.Case, now time.Time) bool {
	switch {
	case c.State == chat.CaseWaiting:
		return now.Sub(latest(c.OpenedAt, c.LastUser)) >= forgotten
	case c.State == chat.CaseClaimed && c.Unanswered == 0:
		return now.Sub(latest(c.OpenedAt, c.LastUser, c.LastStaff, c.HeldSince)) >= silence
	case c.State == chat.CasePending:
		return now.Sub(latest(c.OpenedAt, c.LastUser, c.LastStaff, c.HeldSince, c.ChangedAt)) >= silence
	}
	return false
}

// left: the agent owes an answer and has gone: silent for a shift's working time,
// or for an hour after the day's end, so that whoever comes next sees the case
// among the waiting ones.
func (r rota) left(c chat.Case, now time.Time) bool {
	if c.State != chat.CaseClaimed || c.AwaitsSince.IsZero() {
		return false
	}
	since := latest(c.LastStaff, c.HeldSince, c.AwaitsSince)
	return r.hours.Between(since, now) >= shift || !r.hours.Open(now) && now.Sub(since) >= overtime
}

// reminders is how many reminders staff should have had by now: after the target,
// twice, four times the target, and so on, in working time.
func (r rota) reminders(c chat.Case, now time.Time) int {
	if c.State != chat.CaseWaiting && c.State != chat.CaseClaimed || c.AwaitsSince.IsZero() || !r.hours.Open(now) {
		return 0
	}
	age, n := r.hours.Between(c.AwaitsSince, now), 0
	for n < mostReminders && age >= c.Target(r.target)<<n {
		n++
	}
	return n
}

// untold: somebody waits, staff work now, and the last word on it is old.
func (r rota) untold(c chat.Case, now time.Time) bool {
	if c.State != chat.CaseWaiting || c.Told >= mostTold || c.AwaitsSince.IsZero() || !r.hours.Open(now) {
		return false
	}
	if c.Told == 0 {
		return r.hours.Between(latest(c.AwaitsSince, c.ToldAt), now) >= c.Target(r.target)
	}
	return !now.Before(r.hours.Next(c.ToldAt.Add(tellAgain)))
}

func latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
