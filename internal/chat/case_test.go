package chat

import (
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errAny = errors.New("any error")

var noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return noon.Add(d) }

// held is a case that 安 has, in a state.
func held(state CaseState) Case {
	c := Case{ID: "K7-1", State: state, Agent: &Agent{ID: "a", Name: "安"}, OpenedAt: noon, HeldSince: noon, Unanswered: 1, AwaitsSince: noon}
	if state == CaseSnoozed {
		c.SnoozedUntil = after(time.Hour)
	}
	return c
}

func TestWhatStaffDoToACase(t *testing.T) {
	at := after(time.Minute)
	for _, test := range []struct {
		name  string
		from  CaseState
		do    StaffAction
		state CaseState
		fails error // what it fails with; errAny for any error
	}{
		{name: "wait for the user", from: CaseClaimed, do: StaffAction{Change: CasePend}, state: CasePending},
		{name: "write while waiting", from: CasePending, do: StaffAction{Change: CaseReply, Text: "好"}, state: CasePending},
		{name: "take up again", from: CasePending, do: StaffAction{Change: CaseClaim}, state: CaseClaimed},
		{name: "put off", from: CaseClaimed, do: StaffAction{Change: CaseSnooze, Until: after(time.Hour)}, state: CaseSnoozed},
		{name: "put off into the past", from: CaseClaimed, do: StaffAction{Change: CaseSnooze, Until: noon}, fails: ErrBadTime},
		{name: "put off for ever", from: CaseClaimed, do: StaffAction{Change: CaseSnooze, Until: after(31 * 24 * time.Hour)}, fails: ErrBadTime},
		{name: "write while put off", from: CaseSnoozed, do: StaffAction{Change: CaseReply, Text: "好"}, state: CaseClaimed},
		{name: "ask for the checklist while put off", from: CaseSnoozed, do: StaffAction{Change: CaseChecklist}, state: CaseSnoozed},
		{name: "pass on", from: CasePending, do: StaffAction{Change: CaseTransfer, To: Agent{ID: "b", Name: "平"}}, state: CaseClaimed},
		{name: "pass on to nobody", from: CaseClaimed, do: StaffAction{Change: CaseTransfer}, fails: ErrUnknownStaff},
		{name: "release", from: CaseSnoozed, do: StaffAction{Change: CaseRelease}, state: CaseWaiting},
		{name: "block", from: CaseClaimed, do: StaffAction{Change: CaseBlock}, state: CaseClosed},
		{name: "an edit without words", from: CaseClaimed, do: StaffAction{Change: CaseEdit, Seq: 1}, fails: ErrEmptyReply},
		{name: "what only the service does", from: CaseClaimed, do: StaffAction{Change: CaseRemind}, state: CaseClaimed, fails: errAny},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.do.Agent, test.do.At = Agent{ID: "a", Name: "安"}, at
			c, err := held(test.from).Act(test.do)
			if test.fails != nil {
				require.Error(t, err)
				if !errors.Is(test.fails, errAny) {
					assert.ErrorIs(t, err, test.fails)
				}
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.state, c.State)
			assert.Equal(t, test.state == CaseSnoozed, !c.SnoozedUntil.IsZero())
			assert.Equal(t, test.state == CaseWaiting, c.Agent == nil)
		})
	}
}

func TestALabelIsTakenFromAnybodyAtAnyTime(t *testing.T) {
	c := held(CaseClosed)
	c, err := c.Act(StaffAction{Agent: Agent{ID: "b"}, Change: CaseLabel, Label: "app.camera", At: noon})
	require.NoError(t, err)
	assert.Equal(t, "app.camera", c.Label)
	conv := Conversation{}.Apply(Event{Kind: EventCase, Change: CaseClose, Case: &Case{ID: "K7-2", State: CaseClosed}})
	conv = conv.Apply(Event{Kind: EventCase, Change: CaseLabel, Case: &c})
	assert.Equal(t, "K7-2", conv.Ended.ID, "the last case that ended stays the last")
}

func TestSinceWhenAnAnswerIsOwed(t *testing.T) {
	c := held(CaseClaimed).answered(after(time.Minute))
	assert.True(t, c.AwaitsSince.IsZero())
	c = c.Heard(after(2*time.Minute), 1).Heard(after(3*time.Minute), 2)
	assert.Equal(t, after(2*time.Minute), c.AwaitsSince, "the first message counts")
	assert.Equal(t, 3, c.Unanswered)
	assert.Equal(t, after(3*time.Minute), c.LastUser)
	assert.Equal(t, after(2*time.Minute), c.Released(after(time.Hour)).AwaitsSince, "whoever takes it then")
}

func TestTheUsersWordsWakeACase(t *testing.T) {
	for _, state := range []CaseState{CasePending, CaseSnoozed} {
		c := held(state).Heard(after(time.Minute), 1)
		assert.Equal(t, CaseClaimed, c.State)
		assert.Zero(t, c.SnoozedUntil)
	}
}

func TestAClosedCaseOpenedAgain(t *testing.T) {
	closed := held(CaseClosed)
	closed.ClosedAt, closed.Told, closed.Reminded = noon, 2, 3
	back := closed.Reopened(after(time.Hour), true)
	assert.Equal(t, CaseClaimed, back.State)
	assert.Equal(t, "安", back.Agent.Name, "straight back to who had it")
	assert.Equal(t, []int{1, 0, 0}, []int{back.Unanswered, back.Told, back.Reminded})
	assert.Equal(t, after(time.Hour), back.AwaitsSince)
	night := closed.Reopened(after(time.Hour), false)
	assert.Equal(t, CaseWaiting, night.State, "nobody is there now: whoever comes first")
	assert.Nil(t, night.Agent)
}

func each(cases []Case) iter.Seq[*Case] {
	return func(yield func(*Case) bool) {
		for i := range cases {
			if !yield(&cases[i]) {
				return
			}
		}
	}
}

// TestPlacesFollowTheOrderThatStaffSee: priority first, then the oldest.
func TestPlacesFollowTheOrderThatStaffSee(t *testing.T) {
	waiting := func(id string, opened time.Duration, priority bool) Case {
		return Case{ID: id, State: CaseWaiting, OpenedAt: after(opened), Priority: priority}
	}
	cases := []Case{
		waiting("a", 0, false), waiting("b", time.Minute, false), waiting("c", 2*time.Minute, true),
		{ID: "d", State: CaseClaimed, OpenedAt: noon}, {ID: "e", State: CaseClosed, OpenedAt: noon},
	}
	ahead := func(c Case) int { return QueueOf(each(cases), &c).Ahead }
	assert.Equal(t, []int{1, 2, 0}, []int{ahead(cases[0]), ahead(cases[1]), ahead(cases[2])})
	fresh := QueueOf(each(cases), nil)
	assert.Equal(t, 3, fresh.Ahead, "a new case comes last")
	assert.Equal(t, 1, fresh.AheadPriority, "one with priority only behind those")
}

func TestATypicalWaitIsToldOnlyWhereEnoughCasesTell(t *testing.T) {
	claimed := func(waited time.Duration, at time.Time) Case {
		return Case{State: CaseClosed, OpenedAt: at.Add(-waited), ClaimedAt: at}
	}
	cases := []Case{
		claimed(4*time.Minute, after(-time.Hour)), claimed(8*time.Minute, after(-24*time.Hour)), claimed(time.Hour, after(-13*24*time.Hour)),
		claimed(2*time.Minute, after(-2*time.Hour)), {State: CaseCancelled, OpenedAt: noon},
		claimed(9*time.Hour, after(-15*24*time.Hour)),
	}
	assert.Zero(t, TypicalWait(each(cases), noon), "four of the latest two weeks")
	cases = append(cases, claimed(20*time.Minute, after(-time.Minute)))
	assert.Equal(t, 8*time.Minute, TypicalWait(each(cases), noon))
}

func TestTheUserTicksWhatIsAtHand(t *testing.T) {
	c := Case{ID: "K7-1", Checklist: []string{"UID", "截圖"}}
	for _, nothing := range []string{"", "human", "ready:", "ready:x:K7-1", "ready:-1:K7-1", "ready:2:K7-1", "ready:1", "ready:1:K7-2"} {
		assert.Equal(t, c, c.WithReady(nothing), nothing)
	}
	ticked := c.WithReady("ready:1:K7-1")
	assert.Equal(t, []string{"☐ UID", "☑ 截圖"}, ticked.Prepared())
	assert.Empty(t, c.Ready, "the case before is as it was")
	assert.Equal(t, []int{0, 1}, ticked.WithReady(c.ReadyChoice(0)).WithReady(c.ReadyChoice(1)).Ready)
}
