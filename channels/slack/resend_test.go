package slack_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/internal/chat"
)

// told waits for what an agent is told beside the first n, and returns it.
func (o *office) told(t *testing.T, n int) string {
	t.Helper()
	o.eventually(t, func() bool { return len(o.server.Whispers(o.agent.id)) > n }, "the agent is told")
	return o.server.Whispers(o.agent.id)[n].Text
}

// What was not delivered is sent again as it stands, not as it was.
func TestWhatWasCorrectedOrTakenBackIsNotSentAgain(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	ts := o.server.Say(channel, root, o.agent.id, "請寄到舊地址")
	o.signed(t, ts, "outbox_tray")
	log, err := o.inbox.CaseLog(t.Context(), "K7-1", 1, 10)
	require.NoError(t, err)
	require.NoError(t, o.inbox.Post(t.Context(), channels.Update{Case: o.inbox.Case("K7-1"), Change: chat.CaseUndelivered, Items: log}))
	thread := o.server.Thread(channel, root)
	again := func() { o.server.Tap(t, o.agent.id, channel, thread[len(thread)-1].TS, "retry:0") }

	o.server.Edit(channel, ts, "請寄到新地址")
	o.inbox.WaitActions(t, 3)
	again()
	assert.Equal(t, "請寄到新地址", o.inbox.WaitActions(t, 4)[3].Text)

	o.server.Delete(channel, ts)
	o.inbox.WaitActions(t, 5)
	told := len(o.server.Whispers(o.agent.id))
	again()
	assert.Contains(t, o.told(t, told), "已經收回")
	assert.Len(t, o.inbox.Actions(), 5)
}

func TestAConversionIsOfWhatStands(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, hans(channelstest.SampleCase("K7-1")), "有人吗")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	ts := o.server.Say(channel, root, o.agent.id, "請寄到舊地址")
	o.told(t, 0)
	offer := o.server.Whispers(o.agent.id)[0]

	o.server.TapWhisper(t, offer, "convert")
	o.server.View(t, o.agent.id)
	o.server.Edit(channel, ts, "請寄到新地址，謝謝")
	o.inbox.WaitActions(t, 3)
	assert.Contains(t, o.server.Submit(t, o.agent.id, nil), "改過了", "the modal shows what is no more")
	o.server.CloseView(o.agent.id)
	o.server.TapWhisper(t, offer, "convert")
	assert.Contains(t, o.server.View(t, o.agent.id), "请寄到新地址，谢谢")

	o.server.Delete(channel, ts)
	o.inbox.WaitActions(t, 4)
	assert.Contains(t, o.server.Submit(t, o.agent.id, nil), "已經收回")
	assert.Len(t, o.inbox.Actions(), 4)
}
