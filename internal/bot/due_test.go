package bot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
	"verihelp/internal/hours"
)

// monday is 2026-11-23, 09:00 in Taipei: staff begin.
var monday = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

func office(t *testing.T) rota {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Taipei")
	require.NoError(t, err)
	h, err := hours.Parse("Mon-Fri 09:00-18:00", zone)
	require.NoError(t, err)
	return rota{hours: h, target: 30 * time.Minute}
}

func waiting(since time.Duration) chat.Case {
	at := monday.Add(since)
	return chat.Case{ID: "K7-1", State: chat.CaseWaiting, OpenedAt: at, LastUser: at, AwaitsSince: at, Unanswered: 1}
}

func claimed(since time.Duration) chat.Case {
	c := waiting(since)
	c.State, c.Agent, c.HeldSince = chat.CaseClaimed, &chat.Agent{ID: "a"}, c.OpenedAt
	return c
}

func with(c chat.Case, change func(*chat.Case)) chat.Case { change(&c); return c }

// answered is a case in which staff wrote last.
func answered(c chat.Case, at time.Duration) chat.Case {
	c.LastStaff, c.AwaitsSince, c.Unanswered = monday.Add(at), time.Time{}, 0
	return c
}

const week = 7 * 24 * time.Hour

func TestWhatIsDue(t *testing.T) {
	minutes := func(n int) time.Duration { return time.Duration(n) * time.Minute }
	for _, test := range []struct {
		name string
		c    chat.Case
		now  time.Duration // since Monday's opening
		want chat.CaseChange
	}{
		{"just opened", waiting(0), minutes(29), ""},
		{"nobody came in time: staff first", waiting(0), minutes(30), chat.CaseRemind},
		{"then the user", with(waiting(0), func(c *chat.Case) { c.Reminded = 1 }), minutes(30), chat.CaseTell},
		{"both knew", with(waiting(0), func(c *chat.Case) { c.Reminded, c.Told, c.ToldAt = 1, 1, monday.Add(minutes(30)) }), minutes(59), ""},
		{"twice the target", with(waiting(0), func(c *chat.Case) { c.Reminded, c.Told, c.ToldAt = 1, 1, monday.Add(minutes(30)) }), minutes(60), chat.CaseRemind},
		{"those who go first: half", with(waiting(0), func(c *chat.Case) { c.Priority = true }), minutes(15), chat.CaseRemind},
		{"opened on Sunday", waiting(-20 * time.Hour), minutes(29), ""},
		{"opened on Sunday, half an hour after the opening", waiting(-20 * time.Hour), minutes(30), chat.CaseRemind},
		{"never at night", waiting(8*time.Hour + minutes(40)), 12 * time.Hour, ""},
		{"told again at the next opening", with(waiting(0), func(c *chat.Case) { c.Reminded, c.Told, c.ToldAt = 9, 1, monday.Add(minutes(30)) }), 24 * time.Hour, chat.CaseTell},
		{"not in between", with(waiting(0), func(c *chat.Case) { c.Reminded, c.Told, c.ToldAt = 9, 1, monday.Add(minutes(30)) }), 8 * time.Hour, ""},
		{"three times at most", with(waiting(0), func(c *chat.Case) { c.Reminded, c.Told, c.ToldAt = 9, 3, monday.Add(minutes(30)) }), 48 * time.Hour, ""},
		{"just released: told then", with(waiting(0), func(c *chat.Case) { c.Reminded, c.ToldAt = 9, monday.Add(4*time.Hour) }), 4*time.Hour + minutes(29), ""},
		{"two weeks without anybody", with(waiting(0), func(c *chat.Case) { c.Reminded, c.Told = 15, 3 }), 2 * week, chat.CaseExpire},
		{"not while the user writes", with(waiting(0), func(c *chat.Case) { c.Reminded, c.Told, c.LastUser = 15, 3, monday.Add(week) }), 2 * week, ""},

		{"an agent who owes an answer", claimed(0), minutes(30), chat.CaseRemind},
		{"an agent who has answered", answered(claimed(0), minutes(1)), 48 * time.Hour, ""},
		{"the user has said nothing for three days", answered(claimed(0), minutes(1)), 72*time.Hour + minutes(1), chat.CaseExpire},
		{"who is owed an answer is never closed away", with(claimed(0), func(c *chat.Case) { c.Reminded = 15 }), 72 * time.Hour, chat.CaseRelease},
		{"the day's end, an hour later", with(claimed(8*time.Hour), func(c *chat.Case) { c.Reminded = 9 }), 10 * time.Hour, chat.CaseRelease},
		{"the day's end, still at it", with(claimed(8*time.Hour), func(c *chat.Case) { c.Reminded, c.LastStaff = 9, monday.Add(9*time.Hour+minutes(20)) }), 10 * time.Hour, ""},
		{"claimed at night", with(claimed(14*time.Hour), func(c *chat.Case) { c.Reminded = 9 }), 14*time.Hour + minutes(30), ""},

		{"waiting for the user", with(claimed(0), func(c *chat.Case) { c.State, c.ChangedAt = chat.CasePending, monday.Add(time.Hour) }), 72 * time.Hour, ""},
		{"waiting for the user too long", with(claimed(0), func(c *chat.Case) { c.State, c.ChangedAt = chat.CasePending, monday.Add(time.Hour) }), 73 * time.Hour, chat.CaseExpire},
		{"put off", with(claimed(0), func(c *chat.Case) { c.State, c.SnoozedUntil = chat.CaseSnoozed, monday.Add(5*24*time.Hour) }), 100 * time.Hour, ""},
		{"put off until now", with(claimed(0), func(c *chat.Case) { c.State, c.SnoozedUntil = chat.CaseSnoozed, monday.Add(time.Hour) }), time.Hour, chat.CaseWake},
		{"over", with(claimed(0), func(c *chat.Case) { c.State = chat.CaseClosed }), 5 * week, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			now := monday.Add(test.now)
			after, what := office(t).due(test.c, now)
			assert.Equal(t, test.want, what)
			for what != "" { // it is done once, and everything that is due comes to an end
				again, next := office(t).due(after, now)
				require.NotEqual(t, what, next)
				after, what = again, next
			}
		})
	}
}

// After a long silence of the service one reminder is enough.
func TestRemindersThatWereMissedAreOne(t *testing.T) {
	after, what := office(t).due(waiting(0), monday.Add(5*time.Hour))
	assert.Equal(t, chat.CaseRemind, what)
	assert.Equal(t, 4, after.Reminded, "30 minutes, 1, 2 and 4 hours")
	for age, want := range map[time.Duration]int{7*time.Hour + 59*time.Minute: 4, 8 * time.Hour: 5} {
		assert.Equal(t, want, office(t).reminders(after, monday.Add(age)))
	}
}

func TestStaffWhoAreAlwaysThere(t *testing.T) {
	r := rota{target: 30 * time.Minute}
	c := with(waiting(0), func(c *chat.Case) { c.Reminded = 1 })
	after, what := r.due(c, monday.Add(31*time.Minute))
	assert.Equal(t, chat.CaseTell, what)
	after.Reminded = 9
	_, what = r.due(after, monday.Add(12*time.Hour))
	assert.Empty(t, what)
	_, what = r.due(after, monday.Add(13*time.Hour))
	assert.Equal(t, chat.CaseTell, what)
}
