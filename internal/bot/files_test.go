package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

func TestFilesStayWithTheirMessage(t *testing.T) {
	r := newRig(t, time.Hour, "")
	file := func(id string) chat.File { return chat.File{ID: id, Name: id + ".png", Type: "image/png", Size: 9} }
	first := r.bot.Receive(t.Context(), chat.Message{ID: "1", From: r.who, Text: "這是畫面", Files: []chat.File{file("a"), file("b")}, At: morning})
	second := r.bot.Receive(t.Context(), chat.Message{ID: "2", From: r.who, Files: []chat.File{file("c")}, At: morning})
	third := r.bot.Receive(t.Context(), chat.Message{ID: "3", From: r.who, Files: []chat.File{{Name: "A123456789.jpg", Type: "image/jpeg"}}, At: morning})
	tap := r.bot.Receive(t.Context(), chat.Message{ID: "4", From: r.who, Choice: "x", Files: []chat.File{file("d")}, At: morning})
	for _, result := range []<-chan error{first, second, third, tap} {
		require.NoError(t, <-result)
	}
	assert.Equal(t, [][]chat.File{{file("a"), file("b"), file("c"), {}}, {file("d")}}, r.engine.files, "the engine is told of all, and nothing of a refused one")
	items, err := r.bot.Log(t.Context(), r.who, 0, 10)
	require.NoError(t, err)
	require.Len(t, items, 6)
	assert.Equal(t, []chat.File{file("a"), file("b")}, items[0].Files)
	assert.Equal(t, []chat.File{file("c")}, items[1].Files)
	assert.Empty(t, items[2].Files)
	assert.True(t, strings.HasPrefix(items[2].Text, "〔檔案"), "the log tells that there was one")
	assert.Equal(t, []chat.File{file("d")}, items[4].Files)
}

func TestAnAgentsFilesReachTheUser(t *testing.T) {
	r := newRig(t, 0, "")
	require.NoError(t, <-r.send(t, "1", "person"))
	require.NoError(t, r.staff(t, "s1", "安", chat.CaseClaim, ""))
	cases, err := r.bot.Cases(t.Context(), true)
	require.NoError(t, err)
	manual := []chat.File{{ID: "f1", Name: "步驟.png", Type: "image/png"}}
	require.NoError(t, r.bot.Handle(t.Context(), chat.StaffAction{
		ID: "s2", CaseID: cases[0].ID, Agent: chat.Agent{ID: "安", Name: "安"}, Change: chat.CaseReply, Files: manual, At: morning,
	}))
	assert.Equal(t, manual, r.screen.items[len(r.screen.items)-1].Files)
}
