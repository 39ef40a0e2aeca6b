package slack

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
)

func TestManyCallersAreSentAwayUntilTheirTurn(t *testing.T) {
	p := newPace(time.Second, 3)
	now := time.Now()
	var turns []time.Duration
	for _, caller := range []string{"a", "b", "c", "d", "e", "f"} {
		turns = append(turns, p.turn(caller, now).Sub(now).Round(time.Second))
	}
	assert.Equal(t, []time.Duration{0, 0, 0, time.Second, 2 * time.Second, 3 * time.Second}, turns)
	again := p.turn("f", now.Add(2*time.Second))
	assert.Equal(t, 3*time.Second, again.Sub(now).Round(time.Second), "who comes back has the same turn")

	for range 20 {
		p.turn(time.Now().String(), now)
	}
	var later *channels.RetryLater
	require.ErrorAs(t, p.wait(t.Context(), "z"), &later, "nobody waits for long inside a call")
	assert.Greater(t, later.Wait, patience)
}

func TestSilenceIsKeptWhenSlackAsksForIt(t *testing.T) {
	p := newPace(time.Second, 3)
	now := time.Now()
	p.turn("a", now)
	p.pause(30 * time.Second)
	var later *channels.RetryLater
	require.ErrorAs(t, p.wait(t.Context(), "a"), &later)
	assert.Greater(t, later.Wait, 29*time.Second)
	assert.False(t, p.free())
	first, second := p.turn("b", now), p.turn("c", now)
	assert.NotEqual(t, first, second, "they do not all come at its end")
	assert.False(t, errors.Is(p.wait(t.Context(), "b"), channels.ErrUnknownOutcome))
}
