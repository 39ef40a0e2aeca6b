package slack_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/slack"
	"verihelp/internal/chat"
)

// What was sent long before a gap, and was changed in it, is changed for the user,
// too; each change once, and nothing that stands is touched.
func TestWhatWasEditedOrDeletedInAGapFollows(t *testing.T) {
	var w watch
	clock := func(c *slack.Config) { c.Now = w.now }
	o := newOffice(t, clock)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	said := map[string]string{}
	for _, text := range []string{"改掉的", "刪掉的", "不動的", "後來改的"} {
		said[text] = o.server.Say(channel, root, o.agent.id, text)
		o.signed(t, said[text], "outbox_tray")
	}
	o.server.Tap(t, o.agent.id, channel, root, "reply")
	require.Empty(t, o.server.Submit(t, o.agent.id, map[string]any{"text": "用按鈕寫的"}))
	w.move(time.Hour)
	before, _ := o.notes.Note(t.Context(), "heard")
	o.eventually(t, func() bool { now, _ := o.notes.Note(t.Context(), "heard"); return now > before }, "an hour was heard")

	inAGap := func(change func()) {
		o.stop()
		o.server.Hold()
		change()
		o.server.Lose()
		o.open(t, clock)
	}
	inAGap(func() {
		o.server.Edit(channel, said["改掉的"], "改過了")
		o.server.Delete(channel, said["刪掉的"])
	})
	actions := o.inbox.WaitActions(t, 8)
	assert.Equal(t, []any{chat.CaseEdit, int64(2), "改過了"}, []any{actions[6].Change, actions[6].Seq, actions[6].Text})
	assert.Equal(t, []any{chat.CaseDelete, int64(3)}, []any{actions[7].Change, actions[7].Seq})
	inAGap(func() { o.server.Edit(channel, said["後來改的"], "也改過了") })
	assert.Equal(t, "也改過了", o.inbox.WaitActions(t, 9)[8].Text)
	assert.Len(t, o.inbox.Actions(), 9)
}

// A refused change is told once, not after every gap.
func TestARefusedEditIsToldOnce(t *testing.T) {
	var w watch
	clock := func(c *slack.Config) { c.Now = w.now }
	o := newOffice(t, clock)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	ts, last := o.server.Say(channel, root, o.agent.id, "送出了"), o.server.Say(channel, root, o.agent.id, "也送出了")
	o.signed(t, last, "outbox_tray")
	o.server.Edit(channel, ts, "// 變成備註")
	assert.Contains(t, o.told(t, 0), "不能改成備註")
	w.move(time.Hour)
	o.stop()
	o.server.Hold()
	o.server.Edit(channel, last, "// 這則也是")
	o.server.Lose()
	o.open(t, clock)
	assert.Contains(t, o.told(t, 1), "不能改成備註")
	o.signed(t, o.server.Say(channel, root, o.agent.id, "排在後面"), "outbox_tray")
	assert.Len(t, o.server.Whispers(o.agent.id), 2)
}
