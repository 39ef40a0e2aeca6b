package slack_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/slack"
	"verihelp/internal/chat"
)

func TestEveryButton(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	other := newClerk(t, o.server, "小寶")
	last := func() chat.StaffAction { a := o.inbox.Actions(); return a[len(a)-1] }
	act := func(button string, filled map[string]any) string {
		o.server.CloseView(o.agent.id)
		o.server.Tap(t, o.agent.id, channel, root, button)
		return o.server.Submit(t, o.agent.id, filled)
	}
	later := time.Now().Add(3 * time.Hour)
	require.Empty(t, act("snooze", map[string]any{"time": later.Unix()}))
	assert.Equal(t, later.Unix(), last().Until.Unix())
	assert.Contains(t, act("snooze", map[string]any{"time": 5}), "三十天", "what is wrong stands in the modal")
	require.Empty(t, act("label", map[string]any{"choice": "photo.blurry"}))
	assert.Equal(t, "photo.blurry", last().Label)
	require.Empty(t, act("close", map[string]any{"text": "試試看"}))
	require.NoError(t, o.inbox.Open(t.Context(), channelstest.SampleCase("K7-2"), chat.Item{Kind: chat.FromUser, Text: "第二件"}))
	require.Empty(t, o.agent.Do(t, "K7-2", chat.CaseClaim, ""))
	root = o.agent.thread(t, "K7-2")
	assert.Contains(t, o.thread(root), "先前的案件")

	n := len(o.inbox.Actions())
	for _, button := range []string{"pend", "checklist", "label_right"} {
		o.server.Tap(t, o.agent.id, channel, root, button)
		n++
		o.inbox.WaitActions(t, n)
	}
	o.server.CloseView(o.agent.id)
	o.server.Tap(t, o.agent.id, channel, root, "transcript")
	assert.Contains(t, o.server.WaitView(t, o.agent.id, func(s string) bool { return strings.Contains(s, "第二件") }), "使用者：")
	o.server.Tap(t, o.agent.id, channel, root, "canned")
	o.server.WaitView(t, o.agent.id, func(s string) bool { return strings.Contains(s, "請把證件放平再拍。") })
	o.server.TapView(t, o.agent.id, "search", "沒有的東西", nil)
	o.server.WaitView(t, o.agent.id, func(s string) bool { return strings.Contains(s, "沒有找到") })
	o.server.TapView(t, o.agent.id, "search", "照片", nil)
	o.server.WaitView(t, o.agent.id, func(s string) bool { return strings.Contains(s, "選用") })
	o.server.TapView(t, o.agent.id, "pick", "", nil)
	o.server.WaitView(t, o.agent.id, func(s string) bool { return strings.Contains(s, "使用者會看到的話") })
	require.Empty(t, o.server.Submit(t, o.agent.id, nil))
	assert.Equal(t, "請把證件放平再拍。", last().Text)
	require.Empty(t, act("transfer", map[string]any{"user": other.id}))
	assert.Equal(t, chat.Agent{ID: other.id, Name: "小寶"}, last().To)
	assert.Contains(t, act("block", map[string]any{"text": "辱罵"}), "別的客服已經接手")

	told := len(o.server.Whispers(o.agent.id))
	o.server.Again(map[string]any{"type": "block_actions", "user": map[string]any{"id": o.agent.id}, "channel": map[string]any{"id": channel},
		"container": map[string]any{"message_ts": root}, "trigger_id": "t", "actions": []any{map[string]any{"action_id": "dance", "value": "K7-2||0", "action_ts": "1.1"}}})
	o.eventually(t, func() bool { return len(o.server.Whispers(o.agent.id)) > told }, "an unknown button is explained")
	assert.Contains(t, o.server.Whispers(o.agent.id)[told].Text, "已經不能用了")
}

func TestOnlyAgentsReadWhatIsNotInTheThread(t *testing.T) {
	o := newOffice(t, func(c *slack.Config) { c.Agents = []string{"U0BOSS0000"} })
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	o.server.Tap(t, o.agent.id, channel, root, "transcript")
	assert.Contains(t, o.told(t, 0), "名單")
}

func TestHomeAndCommands(t *testing.T) {
	o := newOffice(t)
	o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	o.opened(t, channelstest.SampleCase("K8-1"), "還有我")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	o.server.OpenHome(o.agent.id)
	o.eventually(t, func() bool { return o.server.Home(o.agent.id) != "" }, "the home tab is shown")
	home := o.server.Home(o.agent.id)
	mine, waiting, _ := strings.Cut(home, "等待接手（1）")
	assert.Contains(t, mine, "我的案件（1）")
	assert.Contains(t, mine, "K7-1")
	assert.Contains(t, waiting, "K8-1")
	assert.Contains(t, waiting, "已超過時限")
	assert.Contains(t, home, "▁")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseReply, "請稍等"))
	o.server.OpenHome(o.agent.id)
	o.eventually(t, func() bool { return strings.Contains(o.server.Home(o.agent.id), "已回覆") }, "nothing is owed for what was answered")

	assert.Contains(t, o.server.Command(t, o.agent.id, channel, "search 照片"), "請把證件放平再拍。")
	assert.Contains(t, o.server.Command(t, o.agent.id, channel, "status"), "等待接手 1")
	assert.Contains(t, o.server.Command(t, o.agent.id, channel, ""), "// 或「備註：」")
	assert.Contains(t, o.server.Command(t, o.server.AddUser("路人"), channel, "status"), "名單")
}

func TestRemindersAndTroubleReachStaff(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	ts := o.server.Say(channel, root, o.agent.id, "請稍等")
	o.signed(t, ts, "outbox_tray")
	c := o.inbox.Case("K7-1")
	c.Reminded, c.Unanswered = 1, 2
	require.NoError(t, o.inbox.Post(t.Context(), channels.Update{Case: c, Change: chat.CaseRemind}))
	assert.Contains(t, o.thread(root), "2 則未回，第 1 次提醒")

	c.Trouble = "the user blocked the bot"
	log, err := o.inbox.CaseLog(t.Context(), "K7-1", 0, 10)
	require.NoError(t, err)
	require.NoError(t, o.inbox.Post(t.Context(), channels.Update{Case: c, Change: chat.CaseUndelivered, Items: log[1:]}))
	o.signed(t, ts, "warning")
	thread := o.server.Thread(channel, root)
	o.server.Tap(t, o.agent.id, channel, thread[len(thread)-1].TS, "retry:0")
	assert.Equal(t, "請稍等", o.inbox.WaitActions(t, 3)[2].Text)
}
