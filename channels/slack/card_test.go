package slack_test

import (
	"encoding/json"
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

// blurry is a case of the one category that the desk of tests knows.
func blurry() chat.Case {
	c := channelstest.SampleCase("K7-1")
	c.Category, c.Title, c.Rule = "photo.blurry", "照片不清楚", "person_asked"
	c.Also = []chat.Guess{{Category: "photo.blurry", P: 0.93}}
	return c
}

func TestACardSpeaksTheWordsOfStaff(t *testing.T) {
	o := newOffice(t)
	c := blurry()
	c.Trouble, c.Label = channels.ReasonBlocked, "photo.blurry"
	card := o.thread(o.opened(t, c, "有人嗎"))
	for _, words := range []string{"判斷：照片不清楚 93%；客服判定：正確", "怎麼判斷的：使用者要找真人", "送不到：使用者封鎖了機器人"} {
		assert.Contains(t, card, words)
	}
	for _, name := range []string{"photo.blurry（", "person_asked", channels.ReasonBlocked} {
		assert.NotContains(t, card, name, "names of the program")
	}
	assert.Less(t, strings.Index(card, "送不到："), strings.Index(card, "使用者："), "what went wrong comes first")
}

func TestAnAnswerIsDueInWorkingTime(t *testing.T) {
	c := blurry()
	c.AwaitsSince, c.Priority = c.OpenedAt.Add(time.Hour), true
	back := c.AwaitsSince.Add(10 * time.Hour) // nobody works before
	o := newOffice(t, func(cfg *slack.Config) {
		cfg.Worked = func(_, to time.Time) time.Duration { return max(0, to.Sub(back)) }
	})
	assert.Contains(t, o.thread(o.opened(t, c, "有人嗎")), "應在 "+back.Add(15*time.Minute).Format("1/2 15:04")+" 前回覆")
}

func TestWhatPeopleSaidLastStandsOnTheCard(t *testing.T) {
	o := newOffice(t)
	said := []chat.Item{{Kind: chat.FromUser, Text: "照片一直不過"}}
	for range 4 {
		said = append(said, chat.Item{Kind: chat.FromBot, Text: "機器人的說明"})
	}
	require.NoError(t, o.inbox.Open(t.Context(), blurry(), said...))
	root := o.agent.thread(t, "K7-1")
	require.NoError(t, o.inbox.Say(t.Context(), "K7-1", "還在等"))
	card := o.server.Thread(channel, root)[0].Shown()
	assert.Contains(t, card, "最後・使用者：照片一直不過\n")
	assert.Contains(t, card, "最後・使用者：還在等")
	assert.NotContains(t, card, "機器人的說明")
}

func TestATranscriptLeavesOutWhatStandsNoMore(t *testing.T) {
	o := newOffice(t)
	require.NoError(t, o.inbox.Open(t.Context(), blurry(),
		chat.Item{Kind: chat.FromUser, Text: "看這個", Files: []chat.File{{ID: "f1", Name: "截圖.png"}}},
		chat.Item{Kind: chat.FromStaff, Agent: "小安"}, // corrected by the next
		chat.Item{Kind: chat.FromStaff, Agent: "小安", Edits: 2, Text: "後天"},
		chat.Item{Kind: chat.FromStaff, Agent: "小安", Edits: 9, Gone: true}))
	root := o.agent.thread(t, "K7-1")
	o.server.Tap(t, o.agent.id, channel, root, "transcript")
	shown := o.server.WaitView(t, o.agent.id, func(shown string) bool { return strings.Contains(shown, "看這個") })
	assert.Contains(t, shown, "📎 截圖.png")
	assert.Contains(t, shown, "客服 小安：（更正）後天")
	assert.Contains(t, shown, "客服 小安：（收回了一則訊息）")
	assert.Equal(t, 2, strings.Count(shown, "小安"), shown)
}

func TestALabelIsACategory(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, blurry(), "有人嗎")
	o.server.Tap(t, o.agent.id, channel, root, "label")
	assert.Contains(t, o.server.Submit(t, o.agent.id, map[string]any{"choice": "no.such"}), "沒有這個分類")
	assert.Empty(t, o.inbox.Actions())
}

func TestHandingBackIsConfirmed(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, blurry(), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	var card []struct {
		Elements []struct {
			ID      string `json:"action_id"`
			Confirm struct {
				Text struct{ Text string } `json:"text"`
			} `json:"confirm"`
		} `json:"elements"`
	}
	require.NoError(t, json.Unmarshal(o.server.Thread(channel, root)[0].Blocks, &card))
	asked := map[string]string{}
	for _, block := range card {
		for _, e := range block.Elements {
			asked[e.ID] = e.Confirm.Text.Text
		}
	}
	assert.Contains(t, asked["hand_back"], "案件會結束")
	assert.Empty(t, asked["reply"])
}

func TestANoteIsNotSentWithTheButtonEither(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, hans(blurry()), "有人吗")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	o.server.Tap(t, o.agent.id, channel, root, "reply")
	assert.Contains(t, o.server.Submit(t, o.agent.id, map[string]any{"text": " // 這位很急"}), "不會傳給使用者")
	o.server.CloseView(o.agent.id)
	o.signed(t, o.server.Say(channel, root, o.agent.id, "請稍等，我幫您查"), "outbox_tray")
	o.told(t, 0)
	o.server.TapWhisper(t, o.server.Whispers(o.agent.id)[0], "convert")
	assert.Contains(t, o.server.Submit(t, o.agent.id, map[string]any{"text": "备注：这位很急"}), "不會傳給使用者")
	assert.Equal(t, []string{"請稍等，我幫您查"}, o.replies())
}

func TestACaseGoesToAColleagueOnly(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, blurry(), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	stranger := o.server.AddUser("路人")
	o.server.Tap(t, o.agent.id, channel, root, "transfer")
	assert.Equal(t, "請選這個客服頻道裡的同事。", o.server.Submit(t, o.agent.id, map[string]any{"user": stranger}))
}

func TestACaseRightAfterAnotherShowsThatOne(t *testing.T) {
	var w watch
	o := newOffice(t, func(c *slack.Config) { c.Now = w.now })
	other, second := channelstest.SampleCase("K8-1"), blurry()
	other.Address.User = "u2"
	o.opened(t, other, "在嗎") // now all cases are read
	o.opened(t, blurry(), "有人嗎")
	w.move(10 * time.Second)
	second.ID = "K7-2"
	assert.Contains(t, o.thread(o.opened(t, second, "又來了")), "先前的案件：K7-1")
}

func TestTraditionalIsOfferedWithAPreview(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, blurry(), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	o.signed(t, o.server.Say(channel, root, o.agent.id, "请稍后，头发不要遮住脸"), "outbox_tray")
	o.told(t, 0)
	o.server.TapWhisper(t, o.server.Whispers(o.agent.id)[0], "convert")
	assert.Contains(t, o.server.View(t, o.agent.id), "請稍後，頭髮不要遮住臉")
	require.Empty(t, o.server.Submit(t, o.agent.id, nil))
	assert.Equal(t, "請稍後，頭髮不要遮住臉", o.inbox.WaitActions(t, 3)[2].Text)

	o.server.Tap(t, o.agent.id, channel, root, "reply")
	o.server.TapView(t, o.agent.id, "to_script", "", map[string]any{"text": "谢谢您"})
	o.server.WaitView(t, o.agent.id, func(shown string) bool { return strings.Contains(shown, "謝謝您") })
}
