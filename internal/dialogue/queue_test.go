package dialogue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// monday is 2026-11-23, 09:00 in UTC+8.
var monday = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

func TestWhoWaitsIsToldOnlyWhatIsKnown(t *testing.T) {
	for _, test := range []struct {
		name  string
		text  string
		queue chat.Queue
		says  []string
		not   []string
	}{
		{"first", "轉人工", chat.Queue{}, []string{"您排在第一個"}, []string{"最近兩週", "恢復服務"}},
		{"behind others", "轉人工", chat.Queue{Ahead: 3, Typical: 12 * time.Minute}, []string{"前面還有 3 個案件", "15 分鐘內"}, nil},
		{"hours", "轉人工", chat.Queue{Typical: 100 * time.Minute}, []string{"2 小時內"}, nil},
		{"days", "轉人工", chat.Queue{Typical: 30 * time.Hour}, []string{"2 天內"}, nil},
		{"at night, no promise of minutes", "轉人工", chat.Queue{Ahead: 1, Typical: time.Minute, OpensAt: monday}, []string{"明天 09:00（UTC+8）恢復服務", "還有 1 個"}, []string{"最近兩週"}},
		{"the same day", "轉人工", chat.Queue{OpensAt: tenOClock.Add(time.Hour)}, []string{"今天 11:00（UTC+8）恢復服務"}, nil},
		{"over a holiday", "轉人工", chat.Queue{OpensAt: monday.Add(72 * time.Hour)}, []string{"11 月 26 日 09:00（UTC+8）恢復服務"}, nil},
		{"in Simplified", "转人工客服", chat.Queue{Ahead: 2, OpensAt: monday}, []string{"您前面还有 2 个案件", "明天 09:00（UTC+8）恢复服务"}, nil},
		{"a stranger in a crowd", "轉人工", chat.Queue{Crowded: 20 * time.Minute}, []string{"約 20 分鐘後", "問題反饋"}, []string{"案件編號", "您排在"}},
		{"priority", "我是聾啞人，影片認證要怎麼做", chat.Queue{Ahead: 9, AheadPriority: 1}, []string{"前面還有 1 個案件"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := newTalk(t, newEngine(t, nil))
			k.queue = test.queue
			turn := k.say(test.text)
			assert.Equal(t, test.queue.Crowded > 0, turn.Open == nil)
			for _, words := range test.says {
				assert.Contains(t, turn.Reply.Text(), words)
			}
			for _, words := range test.not {
				assert.NotContains(t, turn.Reply.Text(), words)
			}
		})
	}
}

func TestWhileNobodyHasComeTwoQuestionsAreAnswered(t *testing.T) {
	for text, says := range map[string]string{
		"還要多久": "前面還有 4 個案件", "还要等多久啊": "前面还有 4 个案件", "我排到第幾個了？": "前面還有 4 個案件", "什么时候有人": "前面还有 4 个案件",
		"要等幾耐呀": "4 個案件", "前面還有幾個人": "前面還有 4 個案件", "人呢": "前面", "有人吗": "前面还有 4 个案件",
		"我可以把身分證拍給你們嗎": "請不要", "身份证照片要不要发过来": "请不要", "能直接传护照吗": "请不要", "證件可以傳這裡嗎": "請不要",
		"審核還要多久": "", "我的护照还有多久到期": "", "好": "", "我用的是 iPhone 15": "", "我的身分證拍糊了": "", "人臉一直過不了": "", "提现什么时候到账": "",
		"昨天我問過另一位客服他說再等一下結果等了三天到底還要等多久": "",
	} {
		k := withCase(t, "face.info_mismatch", chat.CaseWaiting)
		k.queue = chat.Queue{Ahead: 4}
		turn := k.say(text)
		assert.Equal(t, chat.Relay, turn.Trace.Action, text)
		assert.Equal(t, says == "", turn.Reply.Empty(), "%s: %s", text, turn.Reply.Text())
		assert.Contains(t, turn.Reply.Text(), says, text)
		held := withCase(t, "face.info_mismatch", chat.CaseClaimed)
		assert.True(t, held.say(text).Reply.Empty(), "a person answers: %s", text)
	}
}

// ended is a conversation whose case staff closed an hour ago.
func ended(t *testing.T, state chat.CaseState) *talk {
	t.Helper()
	k := newTalk(t, newEngine(t, nil))
	k.conv.Cases = 1
	k.conv.Ended = &chat.Case{ID: "K7-1", State: state, Category: "face.info_mismatch", Agent: &chat.Agent{ID: "a", Name: "鍾乾昇"}, OpenedAt: tenOClock.Add(-2 * time.Hour), ClosedAt: tenOClock.Add(-time.Hour)}
	return k
}

func TestAFurtherMessageOpensTheClosedCaseAgain(t *testing.T) {
	for name, m := range map[string]chat.Message{
		"a word":                {Text: "還是一樣的提示"},
		"another problem":       {Text: "我上传了学生证，被拒绝了"},
		"a person, please":      {Text: "轉人工"},
		"it did not help":       {Choice: chat.ChoiceNotSolved},
		"a person, by a button": {Choice: chat.ChoiceHuman},
	} {
		turn := ended(t, chat.CaseClosed).send(m)
		require.NotNil(t, turn.Open, name)
		assert.Equal(t, "K7-1", turn.Open.ID, name)
		assert.Equal(t, chat.CaseClaimed, turn.Open.State, name)
		assert.Contains(t, turn.Reply.Text(), "鍾乾昇", "the name is never converted: %s", name)
	}
	k := ended(t, chat.CaseClosed)
	k.queue = chat.Queue{Ahead: 9, AheadReopened: 2, OpensAt: monday}
	turn := k.say("还是一样的提示")
	assert.Equal(t, chat.CaseWaiting, turn.Open.State, "nobody is there")
	assert.Contains(t, turn.Reply.Text(), "您前面还有 2 个案件")
}

func TestWhatDoesNotOpenItAgain(t *testing.T) {
	for name, test := range map[string]struct {
		state chat.CaseState
		m     chat.Message
		later time.Duration
	}{
		"thanks":       {chat.CaseClosed, chat.Message{Text: "謝謝"}, 0},
		"solved":       {chat.CaseClosed, chat.Message{Text: "好了，已经通过了"}, 0},
		"a tap":        {chat.CaseClosed, chat.Message{Choice: chat.ChoiceSolved}, 0},
		"a farewell":   {chat.CaseClosed, chat.Message{Text: "再见"}, 0},
		"stars":        {chat.CaseClosed, chat.Message{Rating: 4, Text: "很快"}, 0},
		"a day later":  {chat.CaseClosed, chat.Message{Text: "還是一樣的提示"}, 24 * time.Hour},
		"handed back":  {chat.CaseHandedBack, chat.Message{Text: "我的照片拍得太模糊被退回"}, 0},
		"taken back":   {chat.CaseCancelled, chat.Message{Text: "我的照片拍得太模糊被退回"}, 0},
		"only a smile": {chat.CaseClosed, chat.Message{Text: "🙏"}, 0},
	} {
		k := ended(t, test.state)
		k.at = k.at.Add(test.later)
		assert.Nil(t, k.send(test.m).Open, name)
	}
}

func TestStarsAreForTheLastCase(t *testing.T) {
	for _, test := range []struct {
		m     chat.Message
		stars int
		says  string
	}{
		{chat.Message{Rating: 5, Text: "很親切"}, 5, "謝謝"},
		{chat.Message{Choice: "rate:1:K7-1"}, 1, "很抱歉"},
		{chat.Message{Choice: "rate:5:K7-0"}, 0, "謝謝"},
		{chat.Message{Choice: "rate:9:K7-1"}, 0, "謝謝"},
		{chat.Message{Choice: "rate:"}, 0, "謝謝"},
		{chat.Message{Rating: 77}, 0, "謝謝"},
	} {
		turn := ended(t, chat.CaseClosed).send(test.m)
		assert.Equal(t, "rated", turn.Trace.Rule)
		assert.Equal(t, test.stars, turn.Rating, test.m.Choice)
		assert.Contains(t, turn.Reply.Text(), test.says)
	}
	k := ended(t, chat.CaseClosed)
	k.conv.Memory.Offered = k.e.rateChoices("K7-1")
	assert.Equal(t, 4, k.say("４").Rating, "typed, as on a channel without buttons")
}

func TestABlockedPersonIsNotAnswered(t *testing.T) {
	k := ended(t, chat.CaseClosed)
	k.conv.Blocked = k.at.Add(time.Hour)
	for _, m := range []chat.Message{{Text: "轉人工"}, {Text: "照片太模糊"}, {Rating: 1}, {Choice: chat.ChoiceHans}, {Files: refusedFile}} {
		turn := k.send(m)
		assert.True(t, turn.Reply.Empty(), turn.Reply.Text())
		assert.Nil(t, turn.Open)
		assert.Equal(t, "blocked", turn.Trace.Rule)
	}
	assert.Equal(t, "in_danger", k.say("我不想活了，真的活不下去了").Trace.Rule, "a life comes first")
	k.at = k.at.Add(time.Hour)
	assert.False(t, k.say("轉人工").Reply.Empty(), "it has ended")
}

// Every notice is in the user's one script, and names what it must.
func TestNoticesFollowTheUsersScript(t *testing.T) {
	e := newEngine(t, nil)
	agent := chat.Agent{ID: "a", Name: "鍾乾昇"}
	for change, says := range map[chat.CaseChange]string{
		chat.CaseClaim: "鍾乾昇", chat.CaseTransfer: "呂安", chat.CasePend: "鍾乾昇", chat.CaseChecklist: "・", chat.CaseRelease: "K7-1",
		chat.CaseTell: "K7-1", chat.CaseHandBack: "", chat.CaseClose: "K7-1", chat.CaseBlock: "OKX", chat.CaseExpire: "K7-1", chat.CaseUndelivered: "OKX",
	} {
		for _, locale := range []zh.Locale{zh.LocaleTW, zh.LocaleHK, zh.LocaleHans} {
			c := chat.Conversation{ID: "K7", Memory: chat.Memory{Lang: string(locale)}, Case: &chat.Case{ID: "K7-1", State: chat.CaseWaiting, Category: "face.info_mismatch"}}
			reply := e.Notice(c, chat.StaffAction{Change: change, Agent: agent, To: chat.Agent{Name: "呂安"}, At: tenOClock}, chat.Queue{OpensAt: monday})
			assert.Contains(t, reply.Text(), says, change)
			assert.NotContains(t, reply.Text(), "{", change)
			assert.Equal(t, string(locale), reply.Lang)
			assert.Equal(t, change == chat.CaseClose, len(reply.Choices) == mostStars, "stars are asked for at the end")
		}
	}
	c := chat.Conversation{Case: &chat.Case{ID: "K7-1"}}
	for _, change := range []chat.CaseChange{chat.CaseSnooze, chat.CaseLabel, chat.CaseEdit, chat.CaseDelete, chat.CaseRemind, chat.CaseWake} {
		assert.True(t, e.Notice(c, chat.StaffAction{Change: change}, chat.Queue{}).Empty(), change)
	}
}

func TestTheCardKeepsWhatTheHostSaid(t *testing.T) {
	host := chat.HostContext{Page: "/kyc", AppVersion: "6.99"}
	turn := newTalk(t, newEngine(t, nil)).send(chat.Message{Text: "轉人工", Context: host})
	require.NotNil(t, turn.Open.Host)
	assert.Equal(t, host, *turn.Open.Host)
	assert.Nil(t, newTalk(t, newEngine(t, nil)).say("轉人工").Open.Host)
}
