package telegram_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/telegram/telegramtest"
	"verihelp/internal/chat"
)

// replyIn is a reply of the bot in a language.
func replyIn(lang string) chat.Item {
	item := channelstest.BotItem("好的")
	item.Reply.Lang = lang
	return item
}

func TestTheLanguageAskedForBeatsTheScriptOfAMessage(t *testing.T) {
	for name, ask := range map[string]func(t *testing.T, s *service) *telegramtest.Person{
		"by button": func(t *testing.T, s *service) *telegramtest.Person {
			p := s.server.NewPerson("zh-hant")
			p.Say("/language")
			p.WaitAnswered(t, p.Tap(t, "简体中文"))
			return p
		},
		"in words": func(_ *testing.T, s *service) *telegramtest.Person {
			p := s.server.NewPerson("zh-hant")
			p.Say("請用簡體回答")
			return p
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t, nil)
			lang := "zh-Hans"
			s.Answer(func(chat.Message) []chat.Item { return []chat.Item{replyIn(lang)} })
			p := ask(t, s)
			s.WaitItems(t, addressOf(p), 2)
			voice := map[string]any{"voice": map[string]any{"file_id": "x"}, "caption": "語音說明"}
			p.Message(voice)
			p.WaitShown(t, "语音和视频我听不了")
			s.WaitItems(t, addressOf(p), 4)

			s.Answer(func(chat.Message) []chat.Item { return []chat.Item{replyIn("zh-Hant-TW")} })
			p.Say("請用繁體回答")
			s.WaitItems(t, addressOf(p), 6)
			p.Message(voice)
			p.WaitShown(t, "语音和视频我听不了", "語音和影片我聽不了")
		})
	}
}

func TestWhoFollowsALinkIsAnsweredInTheLanguageOfTheConversation(t *testing.T) {
	s, inbox := newMasking(t, nil)
	web := chat.Address{Channel: "web", User: "abc"}
	inbox.Commit(web, chat.Item{Kind: chat.FromUser, Text: "证件被别人注册了"}, replyIn("zh-Hans"))
	link, err := s.channel.Link(within(t), web)
	require.NoError(t, err)
	p := s.server.NewPerson("en")
	p.Say("/start " + link[len(link)-32:])
	p.WaitShown(t, "接上了，网页上的对话")
}

func TestStaffSeeWhichWordsAreACorrection(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("zh-hant")
	id := p.Say("我寫錯了")
	s.WaitReceived(t, 1)
	p.Edit(id, "我寫對了")
	assert.Equal(t, "我寫對了", s.WaitReceived(t, 2)[1].Text, "the bot reads what stands")
	s.Commit(addressOf(p), chat.Item{Kind: chat.Notice, Case: &chat.CaseView{ID: "K7-1", State: chat.CaseClaimed}})
	p.Edit(id, "真的寫對了")
	assert.Equal(t, "（更正）真的寫對了", s.WaitReceived(t, 3)[2].Text)
}
