package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"verihelp/internal/bot"
	"verihelp/internal/chat"
	"verihelp/internal/store"
)

// BenchmarkTurn is a whole turn of one person, one after the other: mask,
// understand, decide, commit with full durability, deliver.
func BenchmarkTurn(b *testing.B) {
	brain, err := testBrain()
	require.NoError(b, err)
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "bot.db"), store.Options{NewID: newID})
	require.NoError(b, err)
	service, err := bot.New(bot.Config{Store: db, Engine: brain.engine, NewID: newID, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(b, err)
	texts := []string{"認證失敗了，不知道為什麼", "第一個", "我的護照拍了好幾次都說模糊，光線也換過了", "還是不行", "谢谢"}
	n := 0
	for b.Loop() {
		m := chat.Message{
			ID: strconv.Itoa(n), From: chat.Address{Channel: "bench", User: strconv.Itoa(n / 10)}, Text: texts[n%len(texts)],
			At: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC),
		}
		require.NoError(b, <-service.Receive(b.Context(), m))
		n++
	}
	require.NoError(b, service.Close(b.Context()))
	require.NoError(b, db.Close())
}

// BenchmarkStart is what the service loads before it listens: data, model,
// index, engine.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		_, err := loadBrain(&settings{Data: os.TempDir(), Timezone: "Asia/Taipei"})
		require.NoError(b, err)
	}
}
