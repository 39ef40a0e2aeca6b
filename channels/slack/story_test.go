package slack_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/slack"
	"verihelp/channels/slack/slacktest"
	"verihelp/internal/chat"
)

// office is a desk that runs, with its workspace, a service behind it and an agent.
type office struct {
	server *slacktest.Server
	inbox  *channelstest.FakeDeskInbox
	notes  *channelstest.FakeNotebook
	desk   *slack.Desk
	agent  *clerk
	stop   func()
}

func newOffice(t testing.TB, change ...func(*slack.Config)) *office {
	t.Helper()
	o := &office{server: newWorkspace(t), inbox: channelstest.NewFakeDeskInbox(), notes: &channelstest.FakeNotebook{}}
	o.agent = newClerk(t, o.server, "小安")
	o.open(t, change...)
	return o
}

// open starts a desk on what is noted: the first one, or one after a restart.
func (o *office) open(t testing.TB, change ...func(*slack.Config)) {
	t.Helper()
	c := config(o.server, o.notes)
	for _, f := range change {
		f(&c)
	}
	desk, err := slack.New(c)
	require.NoError(t, err)
	o.desk = desk
	o.inbox.PostTo(desk)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- desk.Run(ctx, o.inbox) }()
	stopped := false
	o.stop = func() {
		if !stopped {
			stopped = true
			cancel()
			require.NoError(t, <-ended)
		}
	}
	t.Cleanup(o.stop)
	if c.AppToken != "" {
		require.True(t, o.server.Wait(patience, func() bool { return o.server.Sockets() == 2 }), "two sockets are open")
	}
	require.True(t, o.server.Wait(patience, func() bool { note, _ := c.Notes.Note(t.Context(), "heard"); return note != "" }), "the desk listens")
}

// opened has a case opened, and returns the thread.
func (o *office) opened(t testing.TB, c chat.Case, said ...string) (root string) {
	t.Helper()
	items := make([]chat.Item, len(said))
	for i, text := range said {
		items[i] = chat.Item{Kind: chat.FromUser, Text: text}
	}
	require.NoError(t, o.inbox.Open(t.Context(), c, items...))
	return o.agent.thread(t, c.ID)
}

func (o *office) thread(root string) string {
	var shown strings.Builder
	for _, m := range o.server.Thread(channel, root) {
		shown.WriteString(m.Shown() + "\n")
	}
	return shown.String()
}

func (o *office) eventually(t testing.TB, holds func() bool, what string) {
	t.Helper()
	require.True(t, o.server.Wait(patience, holds), what)
}

func (o *office) signed(t testing.TB, ts, sign string) {
	t.Helper()
	o.eventually(t, func() bool { return strings.Contains(strings.Join(o.server.Reactions(channel, ts), " "), sign) }, "the message has the sign "+sign)
}

// replies are the texts that reached the user.
func (o *office) replies() (texts []string) {
	for _, a := range o.inbox.Actions() {
		if a.Change == chat.CaseReply {
			texts = append(texts, a.Text)
		}
	}
	return texts
}

func hans(c chat.Case) chat.Case { c.Lang = "zh-Hans"; return c }

func TestAWholeCaseInBothScripts(t *testing.T) {
	for name, c := range map[string]chat.Case{"Traditional": channelstest.SampleCase("K7-1"), "Simplified": hans(channelstest.SampleCase("K7-1"))} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			root := o.opened(t, c, "我的證件被別人註冊了")
			require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
			assert.Contains(t, o.thread(root), "小安 接手了")

			ts := o.server.Say(channel, root, o.agent.id, "您好，我來處理")
			o.signed(t, ts, "outbox_tray")
			item := chat.Item{Kind: chat.FromStaff, Seq: 2, Text: "您好，我來處理", Agent: "小安", At: o.inbox.Actions()[1].At}
			require.NoError(t, o.inbox.Post(t.Context(), channels.Update{Case: o.inbox.Case("K7-1"), Change: chat.CaseDelivered, Items: []chat.Item{item}}))
			o.signed(t, ts, "white_check_mark")
			_, below, _ := strings.Cut(o.thread(root), "接手了")
			assert.Equal(t, 1, strings.Count(below, "您好，我來處理"), "what was typed in the thread is not shown twice")

			require.NoError(t, o.inbox.Say(t.Context(), "K7-1", "謝謝"))
			require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClose, "問題解決"))
			o.eventually(t, func() bool { return strings.Contains(o.thread(root), "小安 結案：問題解決") }, "the thread tells the end")
			ended := o.inbox.Case("K7-1")
			assert.Equal(t, chat.CaseClosed, ended.State)
			ended.Rating, ended.Comment = 5, "很快"
			require.NoError(t, o.inbox.Post(t.Context(), channels.Update{Case: ended, Change: chat.CaseRate}))
			assert.Contains(t, o.thread(root), "使用者評分：★★★★★ 很快")
		})
	}
}

func TestOnlyTheHolderIsHeardByTheUser(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	early := o.server.Say(channel, root, o.agent.id, "太早了")
	o.signed(t, early, "no_entry_sign")
	o.eventually(t, func() bool { return len(o.server.Whispers(o.agent.id)) == 1 }, "the agent is told why")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	other := newClerk(t, o.server, "小寶")
	stranger := o.server.AddUser("路人")
	guest := newClerk(t, o.server, "外人")
	o.server.Stranger(guest.id)
	for _, prefix := range []string{"// 不確定", "備註：看過了", "note: hm"} {
		o.signed(t, o.server.Say(channel, root, o.agent.id, prefix), "memo")
	}
	for _, who := range []string{other.id, stranger, guest.id} {
		o.signed(t, o.server.Say(channel, root, who, "我也說一句"), "no_entry_sign")
	}
	o.server.SayRaw(channel, slacktest.Message{BotID: "B9", User: "U0OTHERBOT", Text: "機器人", ThreadTS: root})
	o.server.Say(channel, "", o.agent.id, "頻道裡的閒聊")
	last := o.server.Say(channel, root, o.agent.id, "這句給使用者")
	o.signed(t, last, "outbox_tray")
	assert.Equal(t, []string{"太早了", "我也說一句", "這句給使用者"}, o.replies(), "the service refused the first two")
	assert.Contains(t, o.server.Whispers(other.id)[0].Text, "別的客服已經接手")
	assert.Empty(t, o.server.Whispers(stranger), "Slack shows nothing to people outside of the channel")

	t.Run("what was refused is not sent when it comes again", func(t *testing.T) {
		o.server.Event(map[string]any{"type": "message", "user": o.agent.id, "ts": early, "thread_ts": root, "channel": channel, "text": "太早了"})
		ts := o.server.Say(channel, root, o.agent.id, "最後一句")
		o.signed(t, ts, "outbox_tray")
		assert.Equal(t, []string{"太早了", "我也說一句", "這句給使用者", "最後一句"}, o.replies())
	})
}

func TestTakeAndSend(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	ts := o.server.Say(channel, root, o.agent.id, "我來幫您")
	o.signed(t, ts, "no_entry_sign")
	o.eventually(t, func() bool { return len(o.server.Whispers(o.agent.id)) == 1 }, "the agent is told")
	o.server.TapWhisper(t, o.server.Whispers(o.agent.id)[0], "take_and_send")
	o.signed(t, ts, "outbox_tray")
	assert.Equal(t, chat.CaseClaimed, o.inbox.Case("K7-1").State)
}

func TestUserTextNeitherMentionsNorLinksNorFormats(t *testing.T) {
	o := newOffice(t)
	hostile := "<!channel> <@U012345678> <https://evil.example|按這裡> *粗* _斜_ `碼` &amp; <#C012345678>\u202e倒\u200b著 @here :skull:"
	c := channelstest.SampleCase("K7-1")
	c.Host = &chat.HostContext{Page: "<!here>", ErrorText: hostile}
	root := o.opened(t, c, hostile)
	for _, m := range o.server.Thread(channel, root) {
		blocks := string(m.Blocks)
		assert.NotContains(t, blocks, `"mrkdwn"`, "no text of ours is parsed")
		assert.NotContains(t, blocks, `"broadcast"`)
		assert.NotContains(t, blocks, `"link"`)
		assert.NotContains(t, m.Text, "<!", "the notification is escaped")
		assert.NotContains(t, m.Text, "<@")
		assert.NotContains(t, m.Shown(), "\u202e", "nothing is shown in another order")
	}
	assert.Contains(t, o.thread(root), "<!channel> <@U012345678> <https://evil.example|按這裡> *粗*", "staff see what was written")
}

func TestLongTextsAreSplit(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "開始")
	long := strings.Repeat("這是一個很長的故事，", 2000)
	require.NoError(t, o.inbox.Say(t.Context(), "K7-1", long))
	shown := strings.ReplaceAll(o.thread(root), "\n", "")
	assert.Contains(t, shown, long)
}

func TestStaffTextIsReadAsPeopleSeeIt(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	for _, typed := range []struct{ text, blocks, want string }{
		{"a &lt;b&gt; &amp; <@" + o.agent.id + "> <https://x.example|這裡> <#C1|desk> <!here>", ``, "a <b> & @小安 這裡 https://x.example #desk @here"},
		{"x", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"好 "},{"type":"emoji","name":"+1","unicode":"1f44d"},{"type":"link","url":"https://y.example"}]},{"type":"rich_text_list","style":"ordered","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"一"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"二"}]}]}]}]`, "好 👍https://y.example\n1. 一\n2. 二"},
		{"後備文字", `[{"type":"rich_text","elements":[{"type":"unheard_of","elements":[{"type":"new"}]}]}]`, "後備文字"},
		{"壞掉的區塊", `[{"type":"rich_text","elements":5}]`, "壞掉的區塊"},
	} {
		m := slacktest.Message{User: o.agent.id, Text: typed.text, ThreadTS: root}
		if typed.blocks != "" {
			m.Blocks = []byte(typed.blocks)
		}
		o.signed(t, o.server.SayRaw(channel, m), "outbox_tray")
		replies := o.replies()
		assert.Equal(t, typed.want, replies[len(replies)-1])
	}
}

func TestEditsAndDeletionsFollow(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	ts := o.server.Say(channel, root, o.agent.id, "明天")
	o.signed(t, ts, "outbox_tray")
	note := o.server.Say(channel, root, o.agent.id, "// 只是備註")
	o.signed(t, note, "memo")
	o.server.Edit(channel, note, "// 還是備註")
	o.server.Edit(channel, ts, "後天")
	edit := o.inbox.WaitActions(t, 3)[2]
	assert.Equal(t, chat.CaseEdit, edit.Change)
	assert.Equal(t, "後天", edit.Text)
	assert.Equal(t, int64(2), edit.Seq)
	o.server.Delete(channel, ts)
	gone := o.inbox.WaitActions(t, 4)[3]
	assert.Equal(t, chat.CaseDelete, gone.Change)
	assert.Equal(t, int64(2), gone.Seq)
}

func TestFilesGoBothWays(t *testing.T) {
	o := newOffice(t)
	c := channelstest.SampleCase("K7-1")
	kept, err := o.inbox.KeepFile(t.Context(), c.Address, "截圖.png", strings.NewReader("\x89PNG picture"))
	require.NoError(t, err)
	require.NoError(t, o.inbox.Open(t.Context(), c, chat.Item{Kind: chat.FromUser, Text: "看這個", Files: []chat.File{kept}}))
	root := o.agent.thread(t, "K7-1")
	var uploaded string
	for _, m := range o.server.Thread(channel, root) {
		for _, f := range m.Files {
			uploaded = string(o.server.File(f.ID))
		}
	}
	assert.Equal(t, "\x89PNG picture", uploaded)

	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	ts := o.server.Share(channel, root, o.agent.id, "請照這樣拍", "範例.png", []byte("\x89PNG example"))
	o.signed(t, ts, "outbox_tray")
	reply := o.inbox.Actions()[1]
	require.Len(t, reply.Files, 1)
	_, body, err := o.inbox.OpenFile(t.Context(), c.Address, reply.Files[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "\x89PNG example", string(body))

	ts = o.server.Share(channel, root, o.agent.id, "", "太大.png", make([]byte, chat.MaxFile+1))
	o.signed(t, ts, "no_entry_sign")
	assert.Len(t, o.inbox.Actions(), 2)
}

func TestSimplifiedIsOfferedWithAPreview(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, hans(channelstest.SampleCase("K7-1")), "有人吗")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	ts := o.server.Say(channel, root, o.agent.id, "請稍等，我幫您查證件")
	o.signed(t, ts, "outbox_tray")
	assert.Equal(t, []string{"請稍等，我幫您查證件"}, o.replies(), "it goes as typed")
	o.eventually(t, func() bool { return len(o.server.Whispers(o.agent.id)) == 1 }, "a conversion is offered")
	o.server.TapWhisper(t, o.server.Whispers(o.agent.id)[0], "convert")
	assert.Contains(t, o.server.View(t, o.agent.id), "请稍等，我帮您查证件")
	require.Empty(t, o.server.Submit(t, o.agent.id, nil))
	edit := o.inbox.WaitActions(t, 3)[2]
	assert.Equal(t, chat.CaseEdit, edit.Change)
	assert.Equal(t, "请稍等，我帮您查证件", edit.Text)

	o.server.Tap(t, o.agent.id, channel, root, "reply")
	o.server.TapView(t, o.agent.id, "to_script", "", map[string]any{"text": "謝謝您"})
	shown := o.server.WaitView(t, o.agent.id, func(shown string) bool { return strings.Contains(shown, "谢谢您") })
	assert.NotContains(t, shown, "謝謝您")
	require.Empty(t, o.server.Submit(t, o.agent.id, nil))
	replies := o.replies()
	assert.Equal(t, "谢谢您", replies[len(replies)-1])
	assert.Contains(t, o.thread(root), "小安 → 使用者：谢谢您", "what was not typed in the thread is shown there")
}
