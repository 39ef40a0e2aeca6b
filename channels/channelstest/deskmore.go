package channelstest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

// Worker is an Agent whose desk offers more than claims, replies and ends.
type Worker interface {
	Agent

	// Offers lists the further actions that the desk has.
	Offers() []chat.CaseChange

	// Act takes one of them as Do does: with To, Until, Label, Seq and Text as its
	// kind needs them.
	Act(t *testing.T, a chat.StaffAction) (refusal string)
}

// furtherActions takes every further action that a desk offers, and looks at what
// arrives.
func furtherActions(t *testing.T, r *deskRun) {
	agent, ok := r.rig.NewAgent(t, "小安").(Worker)
	if !ok {
		t.Skip("this desk has no further actions")
	}
	colleague := chat.Agent{ID: "小寶", Name: "小寶"}
	if !r.rig.OneAgent {
		r.open(t, "K8-1")
		require.Empty(t, r.rig.NewAgent(t, "小寶").Do(t, "K8-1", chat.CaseClaim, ""))
		colleague = r.inbox.WaitActions(t, 1)[0].Agent
	}
	r.open(t, "K7-1")
	require.Empty(t, agent.Do(t, "K7-1", chat.CaseClaim, ""))
	require.Empty(t, agent.Do(t, "K7-1", chat.CaseReply, "請上傳護照"))
	log, err := r.inbox.CaseLog(context.Background(), "K7-1", 0, 100)
	require.NoError(t, err)
	reply := log[len(log)-1].Seq
	until := time.Now().Add(2 * time.Hour)
	for _, a := range []chat.StaffAction{
		{Change: chat.CaseEdit, Seq: reply, Text: "請準備護照"},
		{Change: chat.CaseDelete, Seq: reply},
		{Change: chat.CaseChecklist},
		{Change: chat.CaseLabel, Label: "app.camera"},
		{Change: chat.CasePend},
		{Change: chat.CaseSnooze, Until: until},
		{Change: chat.CaseTransfer, To: colleague},
	} {
		if !slices.Contains(agent.Offers(), a.Change) {
			continue
		}
		a.CaseID = "K7-1"
		before := len(r.inbox.Actions())
		require.Empty(t, agent.Act(t, a), "%s is accepted", a.Change)
		got := r.inbox.WaitActions(t, before+1)[before]
		assert.Equal(t, []any{a.Change, a.Seq, a.Text, a.Label, a.To}, []any{got.Change, got.Seq, got.Text, got.Label, got.To})
		if a.Change == chat.CaseSnooze {
			assert.WithinDuration(t, until, got.Until, 2*time.Minute)
		}
	}
	if slices.Contains(agent.Offers(), chat.CaseBlock) {
		r.open(t, "K7-2")
		require.Empty(t, agent.Do(t, "K7-2", chat.CaseClaim, ""))
		require.Empty(t, agent.Act(t, chat.StaffAction{CaseID: "K7-2", Change: chat.CaseBlock, Text: "謾罵"}))
		assert.Equal(t, "謾罵", r.inbox.Case("K7-2").Reason)
	}
}
