package dialogue

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

var (
	keptFile    = []chat.File{{ID: "F1", Name: "畫面.png", Type: "image/png"}}
	refusedFile = []chat.File{{}}
)

// withCase is a conversation in which a person has a case of a category.
func withCase(t *testing.T, category string, state chat.CaseState) *talk {
	t.Helper()
	k := newTalk(t, newEngine(t, nil))
	k.conv.Case = &chat.Case{ID: "K7-1", Category: category, State: state, Unanswered: 2}
	return k
}

func TestAFileIsNeverPretendedToBeSeen(t *testing.T) {
	e := newEngine(t, nil)
	outside, _ := e.Catalog.Get("out_of_scope")
	cannotSee := chat.Bubble{Blocks: outside.Texts[screenshot]}.Text()
	for name, m := range map[string]chat.Message{
		"alone": {}, "with emoji": {Text: "👀👀"}, "with a problem": {Text: "人臉一直識別不過"}, "with a tap": {Choice: chat.ChoiceHuman}, "with a greeting": {Text: "您好"},
	} {
		for _, locale := range []zh.Locale{zh.LocaleTW, zh.LocaleHans} {
			m.Files, m.Locale = refusedFile, string(locale)
			m.Files = append(m.Files, keptFile...) // kept in a case that has ended since
			turn := newTalk(t, e).send(m)
			require.NotEmpty(t, turn.Reply.Bubbles, name)
			if turn.Reply.Lang == string(locale) {
				assert.Equal(t, zh.ConvertMarked(cannotSee, locale), turn.Reply.Bubbles[0].Text(), name)
			}
		}
	}
}

func TestAFileUsesUpNoQuestion(t *testing.T) {
	k := newTalk(t, newEngine(t, nil))
	asked := k.say("認證失敗")
	turn := k.send(chat.Message{Files: refusedFile})
	assert.Equal(t, asked.Reply.Choices, turn.Reply.Choices, "the options wait on")
	assert.Equal(t, asked.Memory.Topic, turn.Memory.Topic)
}

func TestInACaseTheWarningComesOnce(t *testing.T) {
	k := withCase(t, "document.id_occupied", chat.CaseClaimed)
	first := k.send(chat.Message{Text: "這是畫面", Files: keptFile})
	assert.Equal(t, chat.Relay, first.Trace.Action)
	assert.Contains(t, first.Reply.Text(), "證件照片也不要傳來", "the category's own words")
	assert.True(t, k.send(chat.Message{Files: keptFile}).Reply.Empty(), "once in a case")
	k.conv.Case.ID = "K7-2"
	assert.False(t, k.send(chat.Message{Files: keptFile}).Reply.Empty(), "again in the next one")
}

func TestWhatIsSaidInACaseFollowsItsCategory(t *testing.T) {
	for _, test := range []struct {
		category string
		files    []chat.File
		want     string // "" for silence
	}{
		{"app.camera", keptFile, ""},
		{"app.photo_upload", keptFile, "證件照片"},
		{"talk.human", keptFile, "傳畫面的截圖就好"},
		{"video.deaf_mute", refusedFile, "沒有收下"},
		{"document.photo_unclear", refusedFile, "沒有收下"},
		{"no.longer.there", refusedFile, "沒有收下"},
		{"app.camera", refusedFile, "請再傳一次"},
		{"face.info_mismatch", refusedFile, "請再傳一次"},
	} {
		turn := withCase(t, test.category, chat.CaseClaimed).send(chat.Message{Files: test.files})
		assert.Equal(t, chat.Relay, turn.Trace.Action)
		if test.want == "" {
			assert.True(t, turn.Reply.Empty(), test.category)
			continue
		}
		assert.Contains(t, turn.Reply.Text(), test.want, test.category)
	}
}

func TestAWaitingUserCanStillTakeItBack(t *testing.T) {
	turn := withCase(t, "talk.human", chat.CaseWaiting).send(chat.Message{Files: keptFile})
	require.Len(t, turn.Reply.Choices, 1)
	assert.Equal(t, chat.ChoiceCancel, turn.Reply.Choices[0].ID)
}

func TestInDangerNobodyTalksOfPictures(t *testing.T) {
	turn := newTalk(t, newEngine(t, nil)).send(chat.Message{Text: "我不想活了，真的活不下去了", Files: refusedFile})
	require.Equal(t, "in_danger", turn.Trace.Rule)
	assert.NotContains(t, turn.Reply.Text(), "圖片")
}
