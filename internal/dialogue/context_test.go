package dialogue

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

func TestTheCaseTellsWhatTheAppSaid(t *testing.T) {
	host := chat.HostContext{Page: "/kyc", AppVersion: "6.9", Step: "人臉", ErrorText: "請重試"}
	turn := newTalk(t, newEngine(t, nil)).send(chat.Message{Text: "我要找真人客服", Context: host})
	require.NotNil(t, turn.Open)
	assert.Equal(t, &host, turn.Open.Host)
	turn = newTalk(t, newEngine(t, nil)).send(chat.Message{Choice: chat.ChoiceHuman})
	require.NotNil(t, turn.Open)
	assert.Nil(t, turn.Open.Host)
}

func TestTheScreenSpeaksOnlyForWhoSaysLittle(t *testing.T) {
	e := newEngine(t, nil)
	blurred := chat.HostContext{ErrorText: "上傳失敗：照片模糊，請重新拍攝"}
	for name, test := range map[string]struct {
		text, category string
		host           chat.HostContext
	}{
		"little":                   {"失敗了", "document.photo_unclear", blurred},
		"something else":           {"證件過期了", "document.expired", blurred},
		"a screen without a cause": {"失敗了", "unclear", chat.HostContext{ErrorText: "發生錯誤"}},
		"a person":                 {"轉真人", "talk.human", blurred},
		"a screen that is no text": {"失敗了", "unclear", chat.HostContext{ErrorText: "<<<>>>"}},
	} {
		turn := newTalk(t, e).send(chat.Message{Text: test.text, Context: test.host})
		assert.Equal(t, test.category, turn.Trace.Category, name)
	}
	k := newTalk(t, e)
	k.send(chat.Message{Text: "失敗了"})
	turn := k.send(chat.Message{Text: "還是失敗了", Context: blurred})
	assert.NotEqual(t, "document.photo_unclear", turn.Trace.Category, "a question waits for its answer")
}
