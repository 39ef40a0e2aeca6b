package store_test

import (
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
	"verihelp/internal/store"
)

const people = 2000 // conversations that a benchmark's turns are spread over

// BenchmarkTurn is one turn after another, each with a durable commit of its own.
func BenchmarkTurn(b *testing.B) {
	s := openBenchmark(b)
	var n atomic.Int64
	for b.Loop() {
		benchmarkTurn(b, s, &n)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N), "µs/turn")
}

// BenchmarkTurnMemory is what a turn costs without a disk.
func BenchmarkTurnMemory(b *testing.B) {
	s, err := store.OpenMemory(b.Context(), options())
	require.NoError(b, err)
	b.Cleanup(func() { _ = s.Close() })
	var n atomic.Int64
	for b.Loop() {
		benchmarkTurn(b, s, &n)
	}
}

func openBenchmark(b *testing.B) *store.Store {
	s, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "bot.db"), options())
	require.NoError(b, err)
	b.Cleanup(func() { _ = s.Close() })
	return s
}

// benchmarkTurn commits two items and an event; the conversation's state is
// some 600 bytes.
func benchmarkTurn(b *testing.B, s *store.Store, n *atomic.Int64) {
	id := strconv.FormatInt(n.Add(1), 10)
	who := chat.Address{Channel: "web", User: strconv.Itoa(rand.IntN(people))}
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	memory := &chat.Memory{Lang: "zh-Hant-TW", At: at, Topic: &chat.Topic{
		Belief: map[string]float64{"photo.upload": 0.5, "photo.blurred": 0.25, "app.version": 0.125, "app.network": 0.125},
		Said:   []string{"photo/upload", "app/update", "photo/blurred", strings.Repeat("s", 300)},
	}}
	reply := &chat.Reply{Lang: "zh-Hant-TW", Bubbles: []chat.Bubble{{Blocks: []chat.Block{
		{Kind: chat.Paragraph, Text: strings.Repeat("請換一個網路環境再試", 8)}}}}}
	_, err := s.Turn(b.Context(), who, func(_ chat.Conversation, seen func(string) bool) (chat.Commit, error) {
		if seen(id) {
			return chat.Commit{}, nil
		}
		return chat.Commit{
			MessageIDs: []string{id},
			Items: []chat.Item{
				{Kind: chat.FromUser, At: at, Message: id, Text: "照片一直上傳失敗"},
				{Kind: chat.FromBot, At: at, Reply: reply},
			},
			Events: []chat.Event{{ID: id, Kind: chat.EventTurn, At: at, Memory: memory,
				Trace: &chat.Trace{Action: chat.Answer, Category: "photo.upload", Rule: "sure", MessageIDs: []string{id}, Clock: at}}},
		}, nil
	})
	if err != nil {
		b.Error(err)
	}
}
