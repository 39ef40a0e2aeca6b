package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/slack/slacktest"
	"verihelp/channels/telegram/telegramtest"
)

// Staff see that a person who blocked the bot was not reached, and why, and send it
// again once the block is lifted.
func TestWhatABlockedBotCouldNotSayIsSentAgain(t *testing.T) {
	users, desk := telegramtest.New(t), slacktest.New(t)
	desk.AddChannel(slackChannel)
	agent := desk.AddUser("小安", slackChannel)
	_, stop := startService(t, telegramEnv(t, users, slackEnv(t, desk)))
	defer stop()
	person := users.NewPerson("zh-hant")
	person.Say("證件被別人註冊了")
	person.WaitShown(t, "已經幫您轉給真人客服")
	root := theThread(t, desk, "證件被別人註冊了")
	desk.Tap(t, agent, slackChannel, root, "claim")
	person.WaitShown(t, "客服 小安 來了")

	person.Block(true)
	ts := desk.Say(slackChannel, root, agent, "您還在嗎")
	trouble := ""
	require.True(t, desk.Wait(deskPatience, func() bool {
		for _, m := range desk.Thread(slackChannel, root) {
			if strings.Contains(m.Shown(), "再送一次") {
				trouble = m.TS
			}
		}
		return trouble != ""
	}), "%s", inThread(desk, root))
	assert.Contains(t, desk.Reactions(slackChannel, ts), "warning")
	require.True(t, desk.Wait(deskPatience, func() bool { return strings.Contains(inThread(desk, root), "送不到：使用者封鎖了機器人") }), "the card says so, too")
	shown := inThread(desk, root)
	assert.Contains(t, shown, "⚠️ 這則沒有送到使用者：使用者封鎖了機器人")
	assert.NotContains(t, shown, "deliver part")

	person.Block(false)
	desk.Tap(t, agent, slackChannel, trouble, "retry:0")
	person.WaitShown(t, "客服 小安 來了", "小安\n您還在嗎")
	require.True(t, desk.Wait(deskPatience, func() bool { return !strings.Contains(inThread(desk, root), "送不到：") }), "the trouble is over")
}
