package chat

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// Queue is how it stands for somebody who waits for staff, or would if a case
// were opened now.
type Queue struct {
	Ahead         int           // cases that staff see before this one
	AheadPriority int           // cases that staff see before a new one that goes before others
	AheadReopened int           // cases that staff see before the one that ended last, were it opened again
	Typical       time.Duration // within which half of the latest cases were claimed; 0 where too few tell
	OpensAt       time.Time     // when staff are back; zero while they work
	Crowded       time.Duration // until a stranger of this origin may open a further case; 0 now
}

// Open says that staff work now.
func (q Queue) Open() bool { return q.OpensAt.IsZero() }

// What the typical wait is worked out from.
const (
	typicalDays  = 14 * 24 * time.Hour
	typicalCases = 5 // fewer tell nothing
)

// QueueOf works out the places of an open case, or of a new one for nil, among
// others. Waits and working hours are the caller's to add.
func QueueOf(cases iter.Seq[*Case], about *Case) Queue {
	var q Queue
	for c := range cases {
		if c.State != CaseWaiting {
			continue
		}
		if c.Priority {
			q.AheadPriority++
		}
		if about == nil || c.ID != about.ID && before(c, about) {
			q.Ahead++
		}
	}
	return q
}

// before is the order in which staff see waiting cases: those with priority, then
// the oldest.
func before(a, b *Case) bool {
	if a.Priority != b.Priority {
		return a.Priority
	}
	return cmp.Or(a.OpenedAt.Compare(b.OpenedAt), cmp.Compare(a.ID, b.ID)) < 0
}

// TypicalWait is the median time from the opening of a case to its first claim,
// over the claims of the latest two weeks; 0 where they are too few to tell.
func TypicalWait(cases iter.Seq[*Case], now time.Time) time.Duration {
	var waits []time.Duration
	for c := range cases {
		if !c.ClaimedAt.IsZero() && !c.ClaimedAt.After(now) && now.Sub(c.ClaimedAt) <= typicalDays {
			waits = append(waits, max(0, c.ClaimedAt.Sub(c.OpenedAt)))
		}
	}
	if len(waits) < typicalCases {
		return 0
	}
	slices.Sort(waits)
	return waits[len(waits)/2]
}
