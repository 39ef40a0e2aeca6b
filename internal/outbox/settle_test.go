package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"verihelp/channels"
	"verihelp/internal/chat"
)

var born = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func TestARowAfterAnAttempt(t *testing.T) {
	failed := errors.New("connection refused")
	cut := fmt.Errorf("read answer: %w", channels.ErrUnknownOutcome)
	waiting, asking := chat.DeliveryWaiting, chat.DeliveryUnknown
	tests := []struct {
		name     string
		kind     chat.DestinationKind
		state    chat.DeliveryState
		age      time.Duration
		tries    int // before
		attempt  attempt
		want     chat.DeliveryState
		unknowns int
		after    time.Duration // until Due
		giveUp   bool
	}{
		{name: "it arrived", state: waiting, attempt: attempt{receipts: []string{"7"}, sent: true}, want: chat.DeliverySent},
		{name: "it had arrived before", state: asking, attempt: attempt{receipts: []string{"7"}, sent: true}, want: chat.DeliverySent},
		{name: "nothing arrived", state: waiting, attempt: attempt{err: failed, sent: true}, want: waiting, after: time.Second},
		{name: "the API asks for time", state: waiting, attempt: attempt{err: &channels.RetryLater{Wait: 37 * time.Minute, Err: failed}, sent: true}, want: waiting, after: 37 * time.Minute},
		{name: "nobody knows", state: waiting, attempt: attempt{err: cut, sent: true}, want: asking, unknowns: 1, after: time.Second},
		{name: "our time was up", state: waiting, attempt: attempt{err: context.DeadlineExceeded, sent: true}, want: asking, unknowns: 1, after: time.Second},
		{name: "it cannot be asked now", state: asking, attempt: attempt{err: cut}, want: asking, after: time.Second},
		{name: "asked, and now it failed", state: asking, attempt: attempt{err: failed, sent: true}, want: waiting, after: time.Second},
		{name: "our database failed", state: waiting, attempt: attempt{err: context.DeadlineExceeded}, want: waiting, after: time.Second},
		{name: "refused", state: waiting, attempt: attempt{err: &channels.Refused{Reason: "the user blocked the bot"}, sent: true}, want: waiting, after: time.Second, giveUp: true},
		{name: "the API asks for time beyond the end", state: waiting, age: 24*time.Hour - time.Minute, attempt: attempt{err: &channels.RetryLater{Wait: time.Hour, Err: failed}, sent: true}, want: waiting, after: time.Hour},
		{name: "a channel at its end", state: waiting, tries: 9, age: 24 * time.Hour, attempt: attempt{err: failed, sent: true}, want: waiting, after: 512 * time.Second, giveUp: true},
		{name: "a desk after a day", kind: chat.ToDesk, state: waiting, age: 24 * time.Hour, attempt: attempt{err: failed, sent: true}, want: waiting, after: time.Second},
		{name: "a desk after three days", kind: chat.ToDesk, state: waiting, tries: 9, age: 72 * time.Hour, attempt: attempt{err: cut, sent: true}, want: asking, unknowns: 1, after: 512 * time.Second, giveUp: true},
		{name: "a push after six hours", kind: chat.ToHook, state: waiting, tries: 9, age: 6 * time.Hour, attempt: attempt{err: failed, sent: true}, want: waiting, after: 512 * time.Second, giveUp: true},
		{name: "an old row that was hardly tried", state: waiting, age: 48 * time.Hour, attempt: attempt{err: failed, sent: true}, want: waiting, after: time.Second},
		{name: "an old row that was never sent", state: waiting, tries: 99, age: 48 * time.Hour, attempt: attempt{err: failed}, want: waiting, after: 10 * time.Minute},
		{name: "an old row that the API puts off", state: waiting, tries: 99, age: 48 * time.Hour, attempt: attempt{err: &channels.RetryLater{Wait: time.Minute, Err: failed}, sent: true}, want: waiting, after: time.Minute},
		{name: "an old row still arrives", state: waiting, age: 1000 * time.Hour, attempt: attempt{receipts: []string{"7"}, sent: true}, want: chat.DeliverySent},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			kind := test.kind
			if kind == "" {
				kind = chat.ToChannel
			}
			d := chat.Delivery{To: chat.Destination{Kind: kind}, State: test.state, Attempts: test.tries, CreatedAt: born, Due: born}
			now := born.Add(test.age)
			got, giveUp := settle(d, test.attempt, now, 0)
			assert.Equal(t, test.want, got.State)
			assert.Equal(t, test.unknowns, got.Unknowns)
			assert.Equal(t, giveUp, test.giveUp)
			assert.Equal(t, test.tries+1, got.Attempts)
			assert.Equal(t, test.attempt.receipts, got.Receipts)
			assert.Equal(t, now, got.ChangedAt)
			if got.State != chat.DeliverySent {
				assert.Equal(t, test.after, got.Due.Sub(now))
				assert.NotEmpty(t, got.Error)
			}
		})
	}
}

func TestReceiptsAreNeverForgotten(t *testing.T) {
	d := chat.Delivery{Receipts: []string{"1", "2"}, CreatedAt: born}
	got, _ := settle(d, attempt{err: errors.New("down"), sent: true}, born, 0)
	assert.Equal(t, []string{"1", "2"}, got.Receipts)
}

func TestWaitsDoubleUpToTenMinutesAndAreSpread(t *testing.T) {
	err := errors.New("down")
	var got []time.Duration
	for n := 1; n <= 12; n++ {
		got = append(got, wait(err, n, 0))
	}
	const s, m = time.Second, time.Minute
	assert.Equal(t, []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, 64 * s, 128 * s, 256 * s, 512 * s, 10 * m, 10 * m}, got)
	assert.Equal(t, 10*m, wait(err, 1_000_000, 0))
	assert.Equal(t, 5*m, wait(err, 50, 1), "at most half of it is taken off")
	assert.Equal(t, s, wait(&channels.RetryLater{}, 1, 0), "an API that does not say how long")
}

func TestAnErrorsTextFitsATable(t *testing.T) {
	assert.Equal(t, "a b", oneLine(errors.New("a\n\t b\x00"[:5])))
	long := oneLine(errors.New(strings.Repeat("壞", 500)))
	assert.LessOrEqual(t, len(long), maxError)
	assert.NotContains(t, long, "\uFFFD")
}
