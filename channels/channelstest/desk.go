package channelstest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// DeskHarness builds a desk for one sub-test, not yet running; what it needs
// beside (a server, a fake API, pipes) ends with the test.
type DeskHarness func(t *testing.T) DeskRig

// DeskRig is a desk and the staff at it.
type DeskRig struct {
	Desk channels.Desk

	// NewAgent brings a member of staff. It is called after Run has begun,
	// perhaps before Run is ready: it waits for that if it must.
	NewAgent func(t *testing.T, name string) Agent

	// OneAgent says that the desk has one agent only (a terminal).
	OneAgent bool
}

// Agent is one member of staff at a desk. Its methods are called from one
// goroutine.
type Agent interface {
	// Do takes an action on a case the way an agent would, waits until the desk
	// has answered, and returns the refusal shown to the agent, in whatever
	// words; empty if the action was accepted. The text belongs to a reply.
	Do(t *testing.T, caseID string, change chat.CaseChange, text string) (refusal string)

	// Shown is all that this agent can see of a case now, in the order shown:
	// its card and what was said and done since.
	Shown(t *testing.T, caseID string) string
}

// DoubleTapper is an Agent whose desk may deliver the last action twice.
type DoubleTapper interface{ Repeat(t *testing.T) }

// Desk proves the promises of channels.Desk.
func Desk(t *testing.T, harness DeskHarness) {
	tests := []struct {
		name string
		run  func(*testing.T, *deskRun)
	}{
		{"an opened case is seen with its card", cardIsSeen},
		{"updates of a case are seen in order", updatesInOrder},
		{"the whole life of a case", wholeLife},
		{"further actions arrive with what they need", furtherActions},
		{"a refusal is shown to the agent who tried", refusalShown},
		{"a failure is shown and the action can be tried again", failureShown},
		{"a repeated action keeps its ID", repeatedAction},
		{"Run ends with its context and leaves nothing", func(t *testing.T, r *deskRun) {
			r.open(t, "K7-1")
			r.rig.NewAgent(t, "小安").Do(t, "K7-1", chat.CaseClaim, "")
			r.stop()
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rig := harness(t)
			require.NotEmpty(t, rig.Desk.Name(), "a desk has a name")
			inbox := NewFakeDeskInbox()
			inbox.PostTo(rig.Desk)
			stop := start(t, rig.Desk, func(ctx context.Context) error { return rig.Desk.Run(ctx, inbox) })
			test.run(t, &deskRun{rig: rig, inbox: inbox, stop: stop})
		})
	}
}

// deskRun is a running desk with its inbox.
type deskRun struct {
	rig   DeskRig
	inbox *FakeDeskInbox
	stop  func()
}

func (r *deskRun) open(t *testing.T, id string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, r.inbox.Open(ctx, SampleCase(id),
		chat.Item{Kind: chat.FromUser, Text: "我的證件被別人註冊了"},
		BotItem("這要由專員處理")))
}

func (r *deskRun) say(t *testing.T, id, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, r.inbox.Say(ctx, id, text))
}

// SampleCase is a case with every field of its card filled.
func SampleCase(id string) chat.Case {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	return chat.Case{
		ID:         id,
		Address:    chat.Address{Channel: "web", User: "u1"},
		State:      chat.CaseWaiting,
		Category:   "identity.already_used",
		Title:      "證件已被使用",
		Also:       []chat.Guess{{Category: "identity.already_used", P: 0.93}, {Category: "account.change", P: 0.04}},
		Tried:      []string{"photo.blurry"},
		Facts:      []string{"證件剩 45 天"},
		Checklist:  []string{"舊帳號的信箱"},
		Masked:     []string{"id_number"},
		Lang:       "zh-Hant-TW",
		Rule:       "human_route",
		OpenedAt:   at,
		ChangedAt:  at,
		LastUser:   at,
		Unanswered: 1, AwaitsSince: at,
	}
}

func cardIsSeen(t *testing.T, r *deskRun) {
	agent := r.rig.NewAgent(t, "小安")
	r.open(t, "K7-1")
	see := func() string { return agent.Shown(t, "K7-1") }
	for _, piece := range []string{"K7-1", "證件已被使用", "證件剩 45 天", "舊帳號的信箱", "我的證件被別人註冊了"} {
		shows(t, see, piece)
	}
}

func updatesInOrder(t *testing.T, r *deskRun) {
	agent := r.rig.NewAgent(t, "小安")
	r.open(t, "K7-1")
	r.open(t, "K8-1")
	texts := []string{"有人在嗎？", "第二句", "第三句"}
	for _, text := range texts {
		r.say(t, "K7-1", text)
		r.say(t, "K8-1", "別人的"+text)
	}
	shows(t, func() string { return agent.Shown(t, "K7-1") }, texts...)
	assert.NotContains(t, agent.Shown(t, "K7-1"), "別人的", "cases are kept apart")
}

func wholeLife(t *testing.T, r *deskRun) {
	agent := r.rig.NewAgent(t, "小安")
	r.open(t, "K7-1")
	steps := []struct {
		change chat.CaseChange
		text   string
		state  chat.CaseState
	}{
		{chat.CaseClaim, "", chat.CaseClaimed},
		{chat.CaseRelease, "", chat.CaseWaiting},
		{chat.CaseClaim, "", chat.CaseClaimed},
		{chat.CaseReply, "您好，請稍等 <1 分鐘> & 別關掉", chat.CaseClaimed},
		{chat.CaseHandBack, "", chat.CaseHandedBack},
	}
	for i, step := range steps {
		require.Empty(t, agent.Do(t, "K7-1", step.change, step.text), "%s is accepted", step.change)
		actions := r.inbox.WaitActions(t, i+1)
		require.Len(t, actions, i+1, "each action arrives once")
		a := actions[i]
		assert.Equal(t, step.change, a.Change)
		assert.Equal(t, step.text, a.Text)
		assert.NotEmpty(t, a.ID)
		assert.NotEmpty(t, a.Agent.ID)
		assert.False(t, a.At.IsZero(), "an action has its time")
		assert.Equal(t, step.state, r.inbox.Case("K7-1").State)
	}
	assert.Contains(t, agent.Shown(t, "K7-1"), "請稍等 <1 分鐘> & 別關掉", "staff see what was answered")

	r.open(t, "K7-2")
	require.Empty(t, agent.Do(t, "K7-2", chat.CaseClaim, ""))
	require.Empty(t, agent.Do(t, "K7-2", chat.CaseClose, ""))
	assert.Equal(t, chat.CaseClosed, r.inbox.Case("K7-2").State)
}

func refusalShown(t *testing.T, r *deskRun) {
	agent := r.rig.NewAgent(t, "小安")
	r.open(t, "K7-1")
	assert.NotEmpty(t, agent.Do(t, "K7-1", chat.CaseReply, "還沒接手"), "a reply needs a claim first")
	assert.Equal(t, chat.CaseWaiting, r.inbox.Case("K7-1").State)
	if r.rig.OneAgent {
		return
	}
	other := r.rig.NewAgent(t, "小寶")
	require.Empty(t, agent.Do(t, "K7-1", chat.CaseClaim, ""))
	assert.NotEmpty(t, other.Do(t, "K7-1", chat.CaseClaim, ""), "another agent holds the case")
	held := r.inbox.Case("K7-1")
	require.NotNil(t, held.Agent)
	actions := r.inbox.Actions()
	assert.NotEqual(t, held.Agent.ID, actions[len(actions)-1].Agent.ID, "agents have IDs of their own")
}

func failureShown(t *testing.T, r *deskRun) {
	agent := r.rig.NewAgent(t, "小安")
	r.open(t, "K7-1")
	r.inbox.Fail(1)
	assert.NotEmpty(t, agent.Do(t, "K7-1", chat.CaseClaim, ""), "the agent learns that it failed")
	assert.Empty(t, agent.Do(t, "K7-1", chat.CaseClaim, ""), "and can try again")
	assert.Equal(t, chat.CaseClaimed, r.inbox.Case("K7-1").State)
}

func repeatedAction(t *testing.T, r *deskRun) {
	agent := r.rig.NewAgent(t, "小安")
	twice, ok := agent.(DoubleTapper)
	if !ok {
		t.Skip("this desk delivers nothing twice")
	}
	r.open(t, "K7-1")
	require.Empty(t, agent.Do(t, "K7-1", chat.CaseClaim, ""))
	require.Empty(t, agent.Do(t, "K7-1", chat.CaseReply, "只說一次"))
	twice.Repeat(t)
	require.Empty(t, agent.Do(t, "K7-1", chat.CaseReply, "第二句"))
	log, err := r.inbox.CaseLog(context.Background(), "K7-1", 2, 10)
	require.NoError(t, err)
	require.Len(t, log, 2, "the repetition changed nothing")
	assert.Equal(t, []string{"只說一次", "第二句"}, []string{log[0].Text, log[1].Text})
}
