package bot

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"verihelp/internal/chat"
)

// What is committed while Refresh reads is newer than what it reads.
func TestARefreshKeepsWhatWasNotedMeanwhile(t *testing.T) {
	var l line
	c := waiting(0)
	l.note(c)
	read := []chat.Case{c}
	assert.True(t, l.begin(monday))
	taken := claimed(0)
	taken.ClaimedAt = monday
	l.note(taken)
	l.replace(read, true, monday)
	assert.Zero(t, l.queue(chat.Conversation{}, monday).Ahead, "it was claimed")
	assert.False(t, l.begin(monday.Add(time.Minute)), "closed cases are read once an hour")
	l.replace(read, false, monday)
	assert.Equal(t, 1, l.queue(chat.Conversation{}, monday).Ahead, "another process has released it")
	assert.Len(t, l.claimed, 1)
}

func BenchmarkQueueOfTenThousand(b *testing.B) {
	var l line
	for i := range 10_000 {
		c := waiting(time.Duration(i) * time.Second)
		c.ID = strconv.Itoa(i)
		l.note(c)
	}
	last := waiting(time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		l.queue(chat.Conversation{Case: &last}, monday)
	}
}
