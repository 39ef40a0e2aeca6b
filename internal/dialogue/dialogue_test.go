package dialogue

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents"
	"verihelp/intents/linear"
	"verihelp/intents/nearest"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
	"verihelp/knowledge"
)

// shelf is an index with one section that answers everything, or nothing.
type shelf struct{ hit *knowledge.Section }

func (s shelf) Search(string, []string, int) []knowledge.Hit {
	if s.hit == nil {
		return nil
	}
	return []knowledge.Hit{{Section: s.hit, Score: 1}}
}

var shipped = sync.OnceValues(func() (Config, error) {
	catalog, err := intents.Load(intents.Data)
	if err != nil {
		return Config{}, err
	}
	phrases, err := intents.LoadPhrases(intents.Data, RequiredPhrases())
	if err != nil {
		return Config{}, err
	}
	library, err := knowledge.Load(knowledge.Data)
	if err != nil {
		return Config{}, err
	}
	model, err := linear.LoadOrTrain(catalog, "")
	return Config{
		Catalog: catalog, Phrases: phrases, Library: library, Classifier: model, Index: shelf{}, Answers: nearest.New(catalog),
		QuoteThreshold: 0.9, Desk: true, Location: time.FixedZone("UTC+8", 8*60*60),
	}, err
})

func newEngine(t testing.TB, change func(*Config)) *Engine {
	t.Helper()
	c, err := shipped()
	require.NoError(t, err)
	if change != nil {
		change(&c)
	}
	e, err := New(c)
	require.NoError(t, err)
	return e
}

var tenOClock = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)

// talk is a conversation as a test leads it.
type talk struct {
	t    *testing.T
	e    *Engine
	conv chat.Conversation
	at   time.Time

	queue chat.Queue
}

func newTalk(t *testing.T, e *Engine) *talk {
	return &talk{t: t, e: e, conv: chat.Conversation{ID: "K7"}, at: tenOClock}
}

func (k *talk) send(m chat.Message) chat.Turn {
	k.t.Helper()
	k.at = k.at.Add(time.Minute)
	m.ID, m.At = "m", k.at
	turn := k.e.Next(k.conv, m, k.queue)
	events := []chat.Event{{Kind: chat.EventTurn, Memory: &turn.Memory}}
	if turn.Open != nil {
		events = append(events, chat.Event{Kind: chat.EventCase, Case: turn.Open, Change: chat.CaseOpened})
	}
	for _, e := range events {
		k.conv = k.conv.Apply(e)
	}
	return turn
}

func (k *talk) say(text string) chat.Turn { k.t.Helper(); return k.send(chat.Message{Text: text}) }
func (k *talk) tap(choice string) chat.Turn {
	k.t.Helper()
	return k.send(chat.Message{Choice: choice})
}

func TestAQuestionThatSplitsEvenlyTellsMost(t *testing.T) {
	even := gain([]float64{0.5, 0.5}, 0)
	assert.InDelta(t, 1.0, even, 1e-9, "one bit")
	assert.Greater(t, even, gain([]float64{0.9, 0.1}, 0))
	assert.Greater(t, gain([]float64{0.25, 0.25, 0.25, 0.25}, 0), even)
	assert.Greater(t, even, gain([]float64{0.25, 0.25}, 0), "an answer \"none of these\" costs a question")
	assert.InDelta(t, 0, gain([]float64{0.5, 0.5}, 1), 1e-9, "options that fit every category alike tell nothing")
}

func TestTheSameQuestionIsNeverPutTwice(t *testing.T) {
	e := newEngine(t, nil)
	b := belief{}.normal(e.candidates)
	var put []string
	for {
		q, ok := e.bestQuestion(b, put)
		if !ok {
			break
		}
		require.NotContains(t, put, q.id)
		require.GreaterOrEqual(t, len(q.options), 2, q.id)
		require.LessOrEqual(t, len(q.options), 5, q.id)
		put = append(put, q.id)
	}
	assert.Greater(t, len(put), 5)
}

// An answer by tap, by number in any form, or by the words of the label gives
// the same belief and the same next reply.
func TestEveryWayToAnswerIsTheSameAnswer(t *testing.T) {
	e := newEngine(t, nil)
	ask := func() (*talk, chat.Choice) {
		k := newTalk(t, e)
		turn := k.say("認證失敗了，不知道為什麼")
		require.Equal(t, chat.Clarify, turn.Trace.Action)
		require.GreaterOrEqual(t, len(turn.Reply.Choices), 4)
		return k, turn.Reply.Choices[1]
	}
	k, second := ask()
	want := k.tap(second.ID)
	require.NotEmpty(t, want.Reply.Text())
	for _, answer := range []string{"2", "２", "二", "第二個", "2️⃣", "選2", second.Label, zh.Convert(second.Label, zh.LocaleHans)} {
		k, _ := ask()
		got := k.say(answer)
		assert.Equal(t, want.Trace.Belief, got.Trace.Belief, answer)
		assert.Equal(t, want.Trace.Action, got.Trace.Action, answer)
		assert.Equal(t, want.Trace.Question, got.Trace.Question, answer)
	}
}

func TestATapOnAnOldMessageMeansWhatItsLabelSaid(t *testing.T) {
	k := newTalk(t, newEngine(t, nil))
	old := k.say("認證失敗了，不知道為什麼").Reply.Choices[0]
	k.say("改天再說")
	turn := k.tap(old.ID)
	assert.Equal(t, "option_chosen", turn.Trace.Rule)
}

func TestUnknownChoicesAreNoHarm(t *testing.T) {
	for _, id := range []string{"q:where:99", "q:nope:0", "q:", "is:", "not:", "read:x#y", "back:", "is:out_of_scope", strings.Repeat("q:", 1000), "\x00"} {
		turn := newTalk(t, newEngine(t, nil)).tap(id)
		assert.NotEmpty(t, turn.Reply.Text(), "%.20q", id)
	}
}

func TestNextIsPure(t *testing.T) {
	e := newEngine(t, nil)
	k := newTalk(t, e)
	k.say("認證失敗了，不知道為什麼")
	before, err := json.Marshal(k.conv)
	require.NoError(t, err)
	m := chat.Message{ID: "m", Text: "第一個", At: k.at}
	first, second := e.Next(k.conv, m, k.queue), e.Next(k.conv, m, k.queue)
	assert.Equal(t, first, second, "the same input gives the same turn")
	after, err := json.Marshal(k.conv)
	require.NoError(t, err)
	assert.JSONEq(t, string(before), string(after), "the conversation is not changed")
}

func TestAtMostTwoQuestionsThenAPersonIsOffered(t *testing.T) {
	k := newTalk(t, newEngine(t, nil))
	asked := 0
	turn := k.say("認證失敗了，不知道為什麼")
	for turn.Trace.Question != "" {
		asked++
		turn = k.tap(chat.ChoiceNone)
		require.LessOrEqual(t, asked, maxQuestions)
	}
	assert.Equal(t, maxQuestions, asked)
	assert.Equal(t, chat.ChoiceHuman, turn.Reply.Choices[len(turn.Reply.Choices)-1].ID)
	assert.Equal(t, chat.Escalate, k.say("好").Trace.Action, "yes to the offer")
}

// Without a desk nobody is promised: no case, no such choice, the official way.
func TestWithoutADeskNoPersonIsPromised(t *testing.T) {
	e := newEngine(t, func(c *Config) { c.Desk = false })
	for _, text := range []string{"轉人工", "我名字裡有生僻字，系統認不出來", "身分證說已經被別的帳號認證了", "人臉辨識一直不通過"} {
		turn := newTalk(t, e).say(text)
		assert.Nil(t, turn.Open, text)
		assert.Contains(t, turn.Reply.Text(), "OKX 客服", text)
		assert.NotContains(t, turn.Reply.Text(), "等待的時候", text)
		for _, c := range turn.Reply.Choices {
			assert.NotEqual(t, chat.ChoiceHuman, c.ID, text)
		}
	}
}

func TestATopicIsForgottenAfterADayTheLanguageIsNot(t *testing.T) {
	k := newTalk(t, newEngine(t, nil))
	k.say("我的护照拍得很模糊，被退回了")
	k.at = k.at.Add(25 * time.Hour)
	turn := k.say("2")
	assert.Nil(t, k.conv.Memory.Earlier)
	assert.Equal(t, string(zh.LocaleHans), turn.Reply.Lang)
	assert.NotEqual(t, "not_solved", turn.Trace.Rule)
}

func TestASectionIsQuotedAsItStandsOrNotAtAll(t *testing.T) {
	c, err := shipped()
	require.NoError(t, err)
	section, ok := c.Library.Section("how-to-verify#uid")
	require.True(t, ok)
	e := newEngine(t, func(c *Config) { c.Index = shelf{section} })
	k := newTalk(t, e)
	k.say("我的護照拍得很模糊，被退回了")
	turn := k.say("那個UID編號在畫面的哪裡看到")
	assert.Equal(t, "follow_up", turn.Trace.Rule)
	assert.Contains(t, turn.Reply.Text(), section.Text())
	assert.Equal(t, []string{section.ID}, turn.Trace.Sections)

	silent := newTalk(t, newEngine(t, nil))
	silent.say("我的護照拍得很模糊，被退回了")
	assert.NotContains(t, silent.say("那個UID編號在畫面的哪裡看到").Reply.Text(), section.Text())
}

// Every text of ours, in every locale, is in one script.
func TestNoReplyMixesScripts(t *testing.T) {
	e := newEngine(t, nil)
	for _, cat := range e.Catalog.All() {
		for _, locale := range []zh.Locale{zh.LocaleTW, zh.LocaleHK, zh.LocaleHans} {
			turn := &turn{e: e, locale: locale, conv: chat.Conversation{ID: "K7"}, msg: chat.Message{At: tenOClock}}
			if candidate(cat) {
				turn.handle(cat)
			}
			for _, text := range cat.Texts {
				turn.sayBlocks(text)
			}
			reply := turn.finish("test").Reply
			words := reply.Text()
			for _, c := range reply.Choices {
				words += "\n" + c.Label
			}
			assert.Empty(t, zh.Lint(words, locale), "%s in %s", cat.ID, locale)
		}
	}
}

func TestTheCardAnswersTheFirstQuestions(t *testing.T) {
	k := newTalk(t, newEngine(t, nil))
	k.say("我的護照還有45天到期")
	turn := k.say("那我名字裡有個生僻字，系統認不出來")
	require.NotNil(t, turn.Open)
	assert.Equal(t, "face.rare_character", turn.Open.Category)
	assert.Equal(t, []string{"document.validity_short"}, turn.Open.Tried)
	assert.Equal(t, []string{"證件剩 45 天，不足 60 天"}, turn.Open.Facts, "computed before, on the card all the same")
	assert.NotEmpty(t, turn.Open.Checklist)
	assert.NotEmpty(t, turn.Open.Also)
	assert.Equal(t, "K7-1", turn.Open.ID)
	assert.Contains(t, turn.Reply.Text(), turn.Open.ID)
}

func FuzzNext(f *testing.F) {
	e := newEngine(f, nil)
	f.Add("認證失敗", "2", "q:where:0")
	f.Add("\x00\xff", "", "human")
	f.Fuzz(func(t *testing.T, first, second, choice string) {
		k := newTalk(t, e)
		k.say(first)
		k.tap(choice)
		turn := k.say(second)
		assert.NotEmpty(t, turn.Trace.Rule)
		assert.NotEmpty(t, turn.Reply.Lang)
		for _, b := range turn.Reply.Bubbles {
			assert.NotEmpty(t, b.Blocks)
		}
	})
}

func BenchmarkNext(b *testing.B) {
	e := newEngine(b, nil)
	m := chat.Message{ID: "m", Text: "我的護照拍了好幾次都說模糊，光線也換過了，到底要怎麼拍才會過", At: tenOClock}
	for b.Loop() {
		e.Next(chat.Conversation{ID: "K7"}, m, chat.Queue{})
	}
}

// BenchmarkUnderstand is what it takes to understand one message: mask, fold,
// facts, classify. BenchmarkNext adds the decision and the reply.
func BenchmarkUnderstand(b *testing.B) {
	e := newEngine(b, nil)
	for b.Loop() {
		e.first("我的護照拍了好幾次都說模糊，光線也換過了，到底要怎麼拍才會過", tenOClock)
	}
}
