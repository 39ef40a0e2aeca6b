package limit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/limit"
)

var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func TestFullBucketsAreForgotten(t *testing.T) {
	b := limit.New[string](1, 10)
	at := now
	for i := range 1000 {
		require.Zero(t, b.Take(fmt.Sprint(i), at))
	}
	at = at.Add(11 * time.Second)
	require.Zero(t, b.Take("one", at))
	assert.Equal(t, 1, b.Len())
	for range 9 {
		require.Zero(t, b.Take("one", at))
	}
	assert.Equal(t, time.Second, b.Take("one", at))
}

func TestWaitTakesNothing(t *testing.T) {
	b := limit.Hourly[string](2)
	for range 5 {
		assert.Zero(t, b.Wait("one", now))
	}
	require.Zero(t, b.Take("one", now))
	require.Zero(t, b.Take("one", now))
	assert.Equal(t, 30*time.Minute, b.Wait("one", now))
	assert.Equal(t, 30*time.Minute, b.Wait("one", now))
	assert.Zero(t, b.Wait("another", now))
	assert.Zero(t, b.Wait("one", now.Add(30*time.Minute)))
}
