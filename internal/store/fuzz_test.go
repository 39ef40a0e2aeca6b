package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
	"verihelp/internal/store"
)

// FuzzTurn stores whatever bytes a channel might let through. Bytes that are not
// UTF-8 come back as U+FFFD, as everywhere in JSON.
func FuzzTurn(f *testing.F) {
	f.Add("web", "mei", "m1", "照片一直上傳失敗")
	f.Add("", "\x00", "'", "a\x00b\xff\xfe")
	s, err := store.OpenMemory(f.Context(), options())
	require.NoError(f, err)
	f.Cleanup(func() { assert.NoError(f, s.Close()) })
	f.Fuzz(func(t *testing.T, channel, user, id, text string) {
		if id == "" {
			return
		}
		who := chat.Address{Channel: channel, User: user}
		seenBefore := false
		items, err := s.Turn(t.Context(), who, func(_ chat.Conversation, seen func(string) bool) (chat.Commit, error) {
			if seenBefore = seen(id); seenBefore {
				return chat.Commit{}, nil
			}
			return chat.Commit{MessageIDs: []string{id}, Items: []chat.Item{{Kind: chat.FromUser, Text: text}}}, nil
		})
		require.NoError(t, err)
		if seenBefore {
			return
		}
		log, err := s.Log(t.Context(), who, items[0].Seq-1, 10)
		require.NoError(t, err)
		require.Len(t, log, 1)
		assert.Equal(t, string([]rune(text)), log[0].Text)
	})
}
