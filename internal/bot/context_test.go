package bot_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

func TestWhatTheAppSaysIsMaskedAndKept(t *testing.T) {
	r := newRig(t, time.Hour, "")
	said := chat.HostContext{
		AppVersion: "6.9", Step: "上傳證件 A123456789", ErrorText: "證件 A123456789 已被使用",
	}
	first := r.bot.Receive(t.Context(), chat.Message{ID: "1", From: r.who, Text: "失敗了", Context: said, At: morning})
	second := r.bot.Receive(t.Context(), chat.Message{ID: "2", From: r.who, Text: "怎麼辦", At: morning})
	require.NoError(t, r.bot.Close(t.Context()))
	require.NoError(t, <-first)
	require.NoError(t, <-second)
	require.Len(t, r.engine.contexts, 1)
	got := r.engine.contexts[0]
	assert.Equal(t, "6.9", got.AppVersion, "a line without a context does not take it away")
	assert.Contains(t, got.ErrorText, "已被使用")
	assert.NotContains(t, got.ErrorText+got.Step, "A123456789")
}
