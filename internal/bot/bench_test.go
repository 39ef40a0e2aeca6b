package bot_test

import (
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

// BenchmarkIdle is what the service keeps in memory of people who have written once
// and whose conversations are in the database.
func BenchmarkIdle(b *testing.B) {
	const people = 5000
	for b.Loop() {
		r := newRig(b, 0, filepath.Join(b.TempDir(), "bot.db"))
		before := heap()
		for i := range people {
			who := chat.Address{Channel: "web", User: strconv.Itoa(i)}
			require.NoError(b, <-r.bot.Receive(b.Context(), chat.Message{ID: "1", From: who, Text: "照片一直上傳失敗", At: morning}))
		}
		r.screen.items = nil
		r.engine.read = nil
		b.ReportMetric(max(0, float64(heap())-float64(before))/people, "bytes/conversation")
		runtime.KeepAlive(r)
	}
}

// heap is the memory in use after a collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
