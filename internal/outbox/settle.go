package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// patience is how long a row is tried before it is given up, from its commit on.
// Staff answer within days and Slack has long outages; a user who cannot be
// reached for a day is told when they come back; a push notification is worth
// nothing after some hours.
var patience = map[chat.DestinationKind]time.Duration{
	chat.ToChannel: 24 * time.Hour,
	chat.ToDesk:    72 * time.Hour,
	chat.ToHook:    6 * time.Hour,
}

const (
	firstWait = time.Second
	maxWait   = 10 * time.Minute
	maxError  = 300 // bytes of an error's text that are kept

	leastAttempts = 10 // before age alone ends it
)

// attempt is what came of one try.
type attempt struct {
	receipts []string // of all parts that have arrived by now
	err      error
	sent     bool // something was sent to the API, or may have been; else it was only prepared, or asked
}

// settle is the row after an attempt: sent, or to be tried again at Due. giveUp
// says that it will not be: the API refused it for good, or it failed for the
// tenth time at least once its destination's patience had run out. One that the
// API puts off, or that was not even sent, is not given up. random is 0 to 1.
func settle(d chat.Delivery, a attempt, now time.Time, random float64) (after chat.Delivery, giveUp bool) {
	d.Attempts++
	d.ChangedAt = now
	if len(a.receipts) > len(d.Receipts) {
		d.Receipts = a.receipts
	}
	if a.err == nil {
		d.State, d.Error = chat.DeliverySent, ""
		return d, false
	}
	switch {
	case a.sent && unknown(a.err):
		d.State, d.Unknowns = chat.DeliveryUnknown, d.Unknowns+1
	case a.sent:
		d.State = chat.DeliveryWaiting
	}
	d.Error = oneLine(a.err)
	last := d.CreatedAt.Add(patience[d.To.Kind])
	d.Due = now.Add(wait(a.err, d.Attempts, random))
	if refused := (*channels.Refused)(nil); errors.As(a.err, &refused) {
		d.Error = oneLine(refused) // alone, as desks know it
		return d, true
	}
	retry := (*channels.RetryLater)(nil)
	if !now.Before(last) && d.Attempts >= leastAttempts && a.sent && !errors.As(a.err, &retry) {
		d.Error = fmt.Sprintf(channels.ReasonTooLong+" %.0f hours: %s", patience[d.To.Kind].Hours(), d.Error)
		return d, true
	}
	return d, false
}

// unknown says that an attempt may have arrived. An adapter that was cut off by
// its context cannot know either.
func unknown(err error) bool {
	if retry := (*channels.RetryLater)(nil); errors.As(err, &retry) {
		return false
	}
	return errors.Is(err, channels.ErrUnknownOutcome) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// wait is how long the API is left alone after a failure: as long as it asks for,
// else a second, two, four … ten minutes at most, shortened by up to a half at
// random so that rows that failed together do not come back together.
func wait(err error, attempts int, random float64) time.Duration {
	if retry := (*channels.RetryLater)(nil); errors.As(err, &retry) && retry.Wait > 0 {
		return retry.Wait
	}
	w := maxWait
	if n := max(attempts-1, 0); n < 20 { // 2^20 seconds are far beyond the cap
		w = min(firstWait<<n, maxWait)
	}
	return w - time.Duration(random/2*float64(w))
}

// oneLine is an error's text for a table: one line, of a bounded length.
func oneLine(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if len(text) > maxError {
		text = text[:maxError]
	}
	return strings.ToValidUTF8(text, "")
}
