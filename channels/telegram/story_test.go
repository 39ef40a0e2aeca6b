package telegram_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/telegram"
	"verihelp/channels/telegram/telegramtest"
	"verihelp/internal/chat"
)

func TestAChoiceIsTappedOnce(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("zh-hant")
	s.Answer(func(m chat.Message) []chat.Item {
		if m.Choice != "" {
			return []chat.Item{channelstest.BotItem("選了" + m.Choice)}
		}
		return []chat.Item{question(chat.Choice{ID: "doc", Label: "證件"}, chat.Choice{ID: chat.ChoiceHuman, Label: "真人客服"})}
	})
	p.Say("認證失敗")
	p.WaitShown(t, "[證件][真人客服]")
	answers := p.Messages()[1]
	p.WaitAnswered(t, p.Tap(t, "真人客服"))
	p.WaitShown(t, "[✓ 真人客服]", "選了human")
	assert.NotContains(t, p.Shown(), "[證件]")
	m := s.WaitReceived(t, 2)[1]
	assert.Equal(t, "真人客服", m.Text)

	again := p.TapData(answers.ID, answers.Buttons[0][0].Data)
	assert.Equal(t, "已經收到了。", p.WaitAnswered(t, again), "the second tap on the same buttons")
	done := p.Tap(t, "✓ 真人客服")
	assert.NotEmpty(t, p.WaitAnswered(t, done))
	s.server.WaitConfirmed(t)
	assert.Len(t, s.Received(), 2)
}

func TestButtonsThatNobodyTappedGoWithTheNextReply(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("")
	s.Answer(func(chat.Message) []chat.Item {
		return []chat.Item{question(chat.Choice{ID: "doc", Label: "證件"}, chat.Choice{ID: "face", Label: "人臉"})}
	})
	p.Say("認證失敗")
	p.WaitShown(t, "[證件]")
	p.Say("人臉一直過不了")
	s.WaitItems(t, addressOf(p), 4)
	require.Eventually(t, func() bool { return count(p.Shown(), "[證件]") == 1 && count(p.Shown(), "是哪一個") == 2 }, 10*time.Second, time.Millisecond)
}

func TestButtonsFromOutsideAreNotTrusted(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("zh-hans")
	p.Say("你好")
	s.WaitItems(t, addressOf(p), 1)
	for _, data := range []string{"", "1.0.00000000", "9.9.9", "-1.-1.x", "human", "999999999999999999999.0.aa", strings.Repeat("A", 64), "erase:soon", "\x00"} {
		p.WaitAnswered(t, p.TapData(1, data))
	}
	s.server.WaitConfirmed(t)
	assert.Len(t, s.Received(), 1)
	assert.Contains(t, p.WaitAnswered(t, p.TapData(1, "1.0.x")), "按钮已经失效")
}

func TestCommands(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("zh-hans")
	for _, test := range []struct{ text, shows string }{
		{"/start", "身份认证的客服机器人"},
		{"/start@verihelp_bot promo", "身份认证的客服机器人"},
		{"/help", "直接打字就可以"},
		{"/PRIVACY", "一收到就遮起来"},
		{"/nonsense", "没有这个指令"},
		{"/隐私", "一收到就遮起来"},
	} {
		p.Say(test.text)
		p.WaitShown(t, test.shows)
	}
	assert.Empty(t, s.Received())
	p.Say("/人脸")
	p.Say("请 /help 一下")
	p.Say("/human@verihelp_bot")
	received := s.WaitReceived(t, 3)
	assert.Equal(t, "/人脸", received[0].Text, "no command, but text")
	assert.Equal(t, "请 /help 一下", received[1].Text)
	assert.Equal(t, chat.ChoiceHuman, received[2].Choice)
	p.Say("/language")
	p.WaitAnswered(t, p.Tap(t, "繁體中文"))
	assert.Equal(t, chat.ChoiceHant, s.WaitReceived(t, 4)[3].Choice)
	p.WaitShown(t, "[✓ 繁體中文]")
}

func TestOurWordsFollowTheScript(t *testing.T) {
	s := newService(t, nil)
	s.Answer(func(chat.Message) []chat.Item {
		item := channelstest.BotItem("好的")
		item.Reply.Lang = "zh-Hans"
		return []chat.Item{item}
	})
	hans, hant := s.server.NewPerson("en"), s.server.NewPerson("en")
	hans.Say("我的护照过期了")
	hans.WaitShown(t, "好的")
	hans.Say("/help")
	hans.WaitShown(t, "换繁体或简体")
	hant.Say("/help")
	hant.WaitShown(t, "換繁體或簡體")
}

func TestWhatCannotBeReadIsAnsweredKindly(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("zh-hant")
	for kind, shows := range map[string]string{"sticker": "貼圖", "voice": "語音", "location": "這種訊息", "video_note": "影片", "contact": "這種訊息"} {
		p.Message(map[string]any{kind: map[string]any{"file_id": "x"}})
		p.WaitShown(t, shows, "打字告訴我")
	}
	p.Message(map[string]any{"pinned_message": map[string]any{}}) // nothing that somebody said
	p.Message(map[string]any{"video": map[string]any{}, "caption": "畫面卡住"})
	assert.Equal(t, "畫面卡住", s.WaitReceived(t, 1)[0].Text)
	s.server.WaitConfirmed(t)
}

func TestAnEditedMessageCountsAsANewOne(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("zh-hant")
	id := p.Say("護照過期")
	s.WaitReceived(t, 1)
	p.Edit(id, "護照沒有過期")
	m := s.WaitReceived(t, 2)[1]
	assert.Equal(t, "護照沒有過期", m.Text)
	assert.Regexp(t, `^tg-1-e\d+$`, m.ID)
	p.WaitShown(t, "以改過的內容為準")
}

func TestAHintIsGivenOnceHoweverOftenItsMessageFails(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("zh-hant")
	id := p.Say("護照過期")
	s.WaitItems(t, addressOf(p), 1)
	s.Fail(3)
	p.Edit(id, "護照沒有過期")
	p.Message(map[string]any{"document": map[string]any{"file_id": "no-such", "file_name": "x.pdf"}, "caption": "看這裡"})
	s.WaitItems(t, addressOf(p), 3)
	s.server.WaitConfirmed(t)
	assert.Equal(t, 1, count(p.Shown(), "以改過的內容為準"))
	assert.Equal(t, 1, count(p.Shown(), "麻煩再傳一次"))
}

func TestFilesGoWithTheirCaption(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("zh-hant")
	p.SendDocument("截圖\u202e.pdf", []byte("pdf"), "這是畫面", "")
	m := s.WaitReceived(t, 1)[0]
	assert.Equal(t, "這是畫面", m.Text)
	require.Len(t, m.Files, 1)
	assert.Equal(t, "截圖.pdf", m.Files[0].Name)
	_, body, err := s.OpenFile(within(t), addressOf(p), m.Files[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "pdf", string(body))
}

func TestAnAlbumIsOneMessage(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("zh-hant")
	p.SendPhoto([]byte("一"), "兩張截圖", "album-1")
	p.SendPhoto([]byte("二"), "", "album-1")
	p.Say("之後的話")
	received := s.WaitReceived(t, 2)
	assert.Equal(t, "兩張截圖", received[0].Text)
	assert.Len(t, received[0].Files, 2)
	assert.Equal(t, "之後的話", received[1].Text)
	_, body, err := s.OpenFile(within(t), addressOf(p), received[0].Files[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "一", string(body), "the largest size, in order")
	s.server.WaitConfirmed(t)
}

func TestAnAlbumThatFailsStaysOneMessage(t *testing.T) {
	s := newService(t, nil)
	s.Fail(2)
	p := s.server.NewPerson("zh-hant")
	p.SendPhoto([]byte("一"), "兩張截圖", "album-1")
	p.SendPhoto([]byte("二"), "", "album-1")
	assert.Len(t, s.WaitItems(t, addressOf(p), 1)[0].Files, 2)
	s.server.WaitConfirmed(t)
	assert.Len(t, s.Items(addressOf(p)), 1)
}

func TestFilesThatAreNotTaken(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("zh-hans")
	p.SendDocument("大.pdf", make([]byte, chat.MaxFile+1), "", "")
	p.WaitShown(t, "超过 8 MB")
	p.SendDocument("空.pdf", nil, "", "")
	p.WaitShown(t, "是空的")
	p.Message(map[string]any{"document": map[string]any{"file_id": "no-such", "file_name": "x.pdf"}, "caption": "看这里"})
	p.WaitShown(t, "麻烦再传一次")
	assert.Equal(t, "看这里", s.WaitReceived(t, 1)[0].Text, "the words arrive all the same")
	s.server.Fail("file", telegramtest.Fault{Half: true}, telegramtest.Fault{Half: true})
	p.SendDocument("断.pdf", []byte("long enough to break"), "", "")
	assert.Len(t, s.WaitReceived(t, 2)[1].Files, 1, "a download that broke off is begun again")
}

func TestADownloadThatDoesNotEndIsNotWaitedFor(t *testing.T) {
	s := newService(t, func(c *telegram.Config) { c.DownloadTime = 50 * time.Millisecond })
	p := s.server.NewPerson("zh-hant")
	s.server.Fail("file", telegramtest.Fault{Hang: true}, telegramtest.Fault{Hang: true})
	p.SendDocument("大.pdf", []byte("pdf"), "這是畫面", "")
	m := s.WaitReceived(t, 1)[0]
	assert.Equal(t, "這是畫面", m.Text, "the words arrive all the same")
	assert.Empty(t, m.Files)
	p.WaitShown(t, "麻煩再傳一次")
}

func TestAFileOfARateLimitedPersonIsFetchedLater(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("")
	s.server.Fail("getFile", telegramtest.Fault{Status: 429, RetryAfter: 1})
	p.SendDocument("一.pdf", []byte("pdf"), "", "")
	p.Say("之後的話")
	received := s.WaitReceived(t, 2)
	assert.Len(t, received[0].Files, 1)
	assert.Equal(t, "之後的話", received[1].Text)
}

// masking is an inbox that masks, moves and erases as the service does.
type masking struct {
	*channelstest.FakeInbox
	mu    sync.Mutex
	moved []chat.Address
	gone  []chat.Address
	fails bool
}

func (m *masking) Receive(ctx context.Context, msg chat.Message) <-chan error {
	msg.Text = strings.ReplaceAll(msg.Text, "祕密A123456789", "〔身分證號〕")
	return m.FakeInbox.Receive(ctx, msg)
}

func (m *masking) Adopt(_ context.Context, from, to chat.Address) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails {
		return errors.New("two cases")
	}
	m.moved = append(m.moved, from, to)
	m.Commit(to, m.Items(from)...)
	return nil
}

func (m *masking) Erase(_ context.Context, who chat.Address) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gone = append(m.gone, who)
	return nil
}

func newMasking(t *testing.T, change func(*telegram.Config)) (*service, *masking) {
	t.Helper()
	server := telegramtest.New(t)
	inbox := &masking{FakeInbox: channelstest.NewFakeInbox(t)}
	return run(t, server, newChannel(t, server, change), inbox.FakeInbox, inbox), inbox
}

func TestASecretIsRemovedFromTheChat(t *testing.T) {
	s, _ := newMasking(t, nil)
	p := s.server.NewPerson("zh-hant")
	p.Say("普通的話")
	p.Say("我的號碼是祕密A123456789")
	p.WaitShown(t, "已經把它從這個聊天裡刪除了")
	for _, m := range p.Messages() {
		assert.NotContains(t, m.Text, "A123456789")
	}
	assert.Equal(t, "普通的話", p.Messages()[0].Text)

	s.server.Fail("deleteMessage", telegramtest.Fault{Status: 400, Description: "Bad Request: message can't be deleted"},
		telegramtest.Fault{Status: 400, Description: "Bad Request: message can't be deleted"}, telegramtest.Fault{Status: 400, Description: "Bad Request: message can't be deleted"})
	p.Say("再一次祕密A123456789")
	p.WaitShown(t, "自己把它刪除")
	s.server.WaitConfirmed(t)
}

func TestDeleteAsksFirst(t *testing.T) {
	clock := &handClock{now: time.Now()}
	s, inbox := newMasking(t, func(c *telegram.Config) {
		c.Now = clock.Now
	})
	p := s.server.NewPerson("zh-hant")
	p.Say("人臉一直過不了")
	s.WaitItems(t, addressOf(p), 1)
	p.Say("/delete")
	p.WaitAnswered(t, p.Tap(t, "不用了"))
	p.WaitShown(t, "沒有刪除")
	p.Say("/delete")
	p.WaitShown(t, "沒有刪除", "要刪除", "[刪除]")
	clock.Add(time.Hour)
	p.WaitAnswered(t, p.Tap(t, "刪除"))
	p.WaitShown(t, "過了一段時間")
	assert.Empty(t, inbox.gone)
	p.Say("/delete")
	p.WaitShown(t, "過了一段時間", "[刪除]")
	p.WaitAnswered(t, p.Tap(t, "刪除"))
	p.WaitShown(t, "刪除好了")
	assert.Equal(t, []chat.Address{addressOf(p)}, inbox.gone)

	plain := newService(t, nil)
	q := plain.server.NewPerson("zh-hant")
	q.Say("/delete")
	q.WaitAnswered(t, q.Tap(t, "刪除"))
	q.WaitShown(t, "「OKX 客服」")
}

func TestAGroupIsSentToPrivateOnce(t *testing.T) {
	s := newService(t, nil)
	g := s.server.NewGroup()
	g.Say("大家好")
	g.Say("有人嗎")
	g.WaitShown(t, "請私下跟我說", "[私下談]")
	s.server.WaitConfirmed(t)
	assert.True(t, g.Left())
	assert.Equal(t, 1, count(g.Shown(), "請私下跟我說"))
	assert.Empty(t, s.Received())
}

func TestTypingIsShownWhileATurnRuns(t *testing.T) {
	s := newService(t, nil)
	release := s.Hold()
	p := s.server.NewPerson("")
	p.Say("在嗎")
	s.server.WaitCalls(t, "sendChatAction", 1)
	assert.Equal(t, 1, p.Typing())
	release()
	s.server.WaitConfirmed(t)
}
