package slack_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/internal/chat"
)

func TestStaffAreToldWhereAPersonGoesOn(t *testing.T) {
	for _, one := range []struct {
		to    chat.Address
		where string
		known string
	}{
		{chat.Address{Channel: "telegram", User: "42"}, "改用Telegram繼續", "未連結帳號"},
		{chat.Address{Channel: "web", User: "acct:A7"}, "改用網頁繼續", "已登入，帳號 A7"},
	} {
		t.Run(one.to.Channel, func(t *testing.T) {
			o := newOffice(t)
			root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
			require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
			o.inbox.PostTo(nil)
			require.NoError(t, o.inbox.Say(t.Context(), "K7-1", "在別處說過的"))
			o.inbox.PostTo(o.desk)
			moved := o.inbox.Case("K7-1")
			moved.Address = one.to
			require.NoError(t, o.inbox.Post(t.Context(), channels.Update{Case: moved, Change: chat.CaseAdopt}))

			shown := o.server.Thread(channel, root)
			card, said := shown[0].Shown(), shown[len(shown)-1].Shown()
			assert.Contains(t, said, one.where)
			assert.Contains(t, said, one.known)
			assert.Contains(t, card, one.known)
			assert.NotContains(t, card, "編號 u1")
			assert.Contains(t, card, "最後・使用者：在別處說過的", "the conversation has other numbers now")
		})
	}
}

func TestOfAnErasedPersonNothingIsLeftOnTheCard(t *testing.T) {
	o := newOffice(t)
	c := channelstest.SampleCase("K7-1")
	c.Host = &chat.HostContext{ErrorText: "王小明的護照"}
	require.NoError(t, o.inbox.Open(t.Context(), channelstest.SampleCase("K8-1"), chat.Item{Kind: chat.FromUser, Text: "別人"}))
	root := o.opened(t, c, "我叫王小明")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	stub := chat.Case{
		ID: c.ID, Address: chat.Address{Channel: "web"}, State: chat.CaseCancelled, Category: c.Category, Title: c.Title,
		OpenedAt: c.OpenedAt, ChangedAt: c.OpenedAt, ClosedAt: c.OpenedAt,
	}
	require.NoError(t, o.inbox.Post(t.Context(), channels.Update{Case: stub, Change: chat.CaseErase}))

	shown := o.server.Thread(channel, root)
	card := shown[0].Shown() + shown[0].Text
	assert.Contains(t, card, "K7-1")
	assert.Contains(t, card, "已要求刪除所有資料")
	for _, personal := range []string{"王小明", "u1", "證件剩 45 天", "舊帳號的信箱", "未登入", "小安", "K8-1"} {
		assert.NotContains(t, card, personal)
	}
	assert.NotContains(t, string(shown[0].Blocks), `"actions"`, "nothing is left to do")
	assert.Contains(t, shown[len(shown)-1].Shown(), "請在 Slack 裡刪除")
}
