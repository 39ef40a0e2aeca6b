package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

// Outbox is what a dispatcher needs of a store.
type Outbox interface {
	Store
	Take(ctx context.Context, to chat.Destination, holder string, now time.Time, lease time.Duration) (chat.Delivery, bool, error)
	Settle(ctx context.Context, d chat.Delivery, holder string) error
	DueDestinations(ctx context.Context, now time.Time, limit int) ([]chat.Destination, error)
	Deliveries(ctx context.Context, states []chat.DeliveryState, limit int) ([]chat.Delivery, error)
	RetryDelivery(ctx context.Context, id int64, now time.Time) error
	Lease(ctx context.Context, name, holder string, now, until time.Time) (bool, error)
	Unlease(ctx context.Context, name, holder string) error
}

// RunOutbox plays the stories of the outbox and of leases. The store's clock
// must say noon of Now.
func RunOutbox(t *testing.T, open func(t *testing.T) Outbox) {
	for name, story := range map[string]func(*testing.T, Outbox){
		"a delivery is committed with its turn":          deliveryOfTurn,
		"a delivery that is to wait waits":               waitsUntilDue,
		"a failed turn leaves no delivery":               noDelivery,
		"the head of a queue is taken by one":            takenByOne,
		"a waiting retry is not overtaken":               notOvertaken,
		"a holder who is late has lost its delivery":     lateHolder,
		"what nobody woke is found":                      sweep,
		"a dead delivery lets the next one go":           deadLetsGo,
		"a lease has one holder and passes when it ends": leases,
	} {
		t.Run(name, func(t *testing.T) { story(t, open(t)) })
	}
}

// Now is the time at which a store under test makes rows of the outbox.
var Now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

var (
	toMei  = chat.Destination{Kind: chat.ToChannel, Name: "telegram", Key: "mei"}
	toDesk = chat.Destination{Kind: chat.ToDesk, Name: "slack", Key: "K7-1"}
)

const lease = 30 * time.Second

// send commits an answer that has to be delivered to the given places.
func send(t *testing.T, s Store, n int, to ...chat.Destination) {
	t.Helper()
	c := answer(n)
	for _, place := range to {
		c.Outbox = append(c.Outbox, chat.Delivery{To: place, Event: c.Events[0].ID})
	}
	take(t, s, chen, c)
}

func taken(t *testing.T, s Outbox, to chat.Destination, holder string, now time.Time) (chat.Delivery, bool) {
	t.Helper()
	d, ok, err := s.Take(t.Context(), to, holder, now, lease)
	require.NoError(t, err)
	return d, ok
}

// settled takes the head and settles it with a state, due again at a time.
func settled(t *testing.T, s Outbox, to chat.Destination, state chat.DeliveryState, now, due time.Time) chat.Delivery {
	t.Helper()
	d, ok := taken(t, s, to, "a", now)
	require.True(t, ok)
	d.State, d.Due, d.ChangedAt, d.Attempts = state, due, now, d.Attempts+1
	require.NoError(t, s.Settle(t.Context(), d, "a"))
	return d
}

func deliveryOfTurn(t *testing.T, s Outbox) {
	send(t, s, 1)
	send(t, s, 2, toMei, toDesk)
	d, ok := taken(t, s, toMei, "a", Now)
	require.True(t, ok)
	assert.NotZero(t, d.ID)
	assert.Equal(t, chat.Delivery{
		ID: d.ID, To: toMei, Address: chen, Event: "em2", First: 3, Last: 4, State: chat.DeliveryWaiting,
		Receipts: []string{}, Due: Now, CreatedAt: Now, ChangedAt: Now,
	}, d)
	other, ok := taken(t, s, toDesk, "a", Now)
	require.True(t, ok, "queues do not wait for each other")
	assert.Equal(t, toDesk, other.To)

	d.State, d.Attempts, d.Unknowns, d.Receipts, d.Error = chat.DeliveryUnknown, 2, 1, []string{"m1", "m2"}, "time-out"
	d.Due, d.ChangedAt = Now.Add(time.Minute), Now.Add(time.Second)
	require.NoError(t, s.Settle(t.Context(), d, "a"))
	again, ok := taken(t, s, toMei, "b", Now.Add(time.Minute))
	require.True(t, ok)
	assert.Equal(t, d, again, "what one attempt learnt, the next knows")
}

func waitsUntilDue(t *testing.T, s Outbox) {
	c := answer(1)
	c.Outbox = []chat.Delivery{{To: toMei, Due: Now.Add(time.Minute)}}
	take(t, s, chen, c)
	_, ok := taken(t, s, toMei, "a", Now)
	assert.False(t, ok)
	_, ok = taken(t, s, toMei, "a", Now.Add(time.Minute))
	assert.True(t, ok)
}

func noDelivery(t *testing.T, s Outbox) {
	_, err := s.Turn(t.Context(), chen, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		c := answer(1)
		c.Events[0].ID = "" // breaks a constraint
		c.Outbox = []chat.Delivery{{To: toMei}}
		return c, nil
	})
	require.Error(t, err)
	_, ok := taken(t, s, toMei, "a", Now)
	assert.False(t, ok)
}

func takenByOne(t *testing.T, s Outbox) {
	send(t, s, 1, toMei)
	winners := make(chan bool, 8)
	for range cap(winners) {
		go func() {
			_, ok, err := s.Take(t.Context(), toMei, "same process", Now, lease)
			winners <- assert.NoError(t, err) && ok
		}()
	}
	won := 0
	for range cap(winners) {
		if <-winners {
			won++
		}
	}
	assert.Equal(t, 1, won)
}

func notOvertaken(t *testing.T, s Outbox) {
	send(t, s, 1, toMei)
	send(t, s, 2, toMei)
	later := Now.Add(time.Minute)
	first := settled(t, s, toMei, chat.DeliveryWaiting, Now, later)
	_, ok := taken(t, s, toMei, "a", Now)
	assert.False(t, ok, "the second waits, too")
	again := settled(t, s, toMei, chat.DeliverySent, later, later)
	assert.Equal(t, first.ID, again.ID)
	second, ok := taken(t, s, toMei, "a", later)
	require.True(t, ok)
	assert.Equal(t, "em2", second.Event)
}

func lateHolder(t *testing.T, s Outbox) {
	send(t, s, 1, toMei)
	mine, ok := taken(t, s, toMei, "slow", Now)
	require.True(t, ok)
	_, ok = taken(t, s, toMei, "quick", Now.Add(lease-time.Millisecond))
	assert.False(t, ok)
	theirs, ok := taken(t, s, toMei, "quick", Now.Add(lease))
	require.True(t, ok, "a process that died gives it back by silence")
	assert.Equal(t, chat.DeliveryUnknown, theirs.State, "nobody knows whether it had arrived")
	assert.Equal(t, 1, theirs.Unknowns)
	assert.Error(t, s.Settle(t.Context(), mine, "slow"))
	theirs.State = chat.DeliverySent
	assert.NoError(t, s.Settle(t.Context(), theirs, "quick"))
}

func sweep(t *testing.T, s Outbox) {
	for n, to := range []chat.Destination{toMei, toDesk, toMei} {
		send(t, s, n+1, to)
	}
	due := func(now time.Time) []chat.Destination {
		found, err := s.DueDestinations(t.Context(), now, 10)
		require.NoError(t, err)
		return found
	}
	assert.Equal(t, []chat.Destination{toMei, toDesk}, due(Now))
	settled(t, s, toMei, chat.DeliveryWaiting, Now, Now.Add(time.Minute))
	_, ok := taken(t, s, toDesk, "a", Now)
	require.True(t, ok)
	assert.Empty(t, due(Now), "one waits for its next attempt, one is in somebody's hands")
	assert.Equal(t, []chat.Destination{toDesk, toMei}, due(Now.Add(time.Minute)))
}

func deadLetsGo(t *testing.T, s Outbox) {
	send(t, s, 1, toMei)
	send(t, s, 2, toMei)
	dead := settled(t, s, toMei, chat.DeliveryDead, Now, Now)
	next := settled(t, s, toMei, chat.DeliverySent, Now, Now)
	assert.Equal(t, "em2", next.Event)

	found, err := s.Deliveries(t.Context(), []chat.DeliveryState{chat.DeliveryDead, chat.DeliverySent}, 10)
	require.NoError(t, err)
	require.Len(t, found, 2)
	assert.Equal(t, []int64{dead.ID, next.ID}, []int64{found[0].ID, found[1].ID})

	require.NoError(t, s.RetryDelivery(t.Context(), dead.ID, Now))
	again, ok := taken(t, s, toMei, "a", Now)
	require.True(t, ok)
	assert.Equal(t, dead.ID, again.ID)
	assert.Equal(t, chat.DeliveryWaiting, again.State)
	again.State, again.Unknowns = chat.DeliveryDead, 1
	require.NoError(t, s.Settle(t.Context(), again, "a"))
	require.NoError(t, s.RetryDelivery(t.Context(), dead.ID, Now))
	again, _ = taken(t, s, toMei, "a", Now)
	assert.Equal(t, chat.DeliveryUnknown, again.State, "one that may have arrived is asked for first")
	assert.Error(t, s.RetryDelivery(t.Context(), next.ID, Now), "what has arrived is not sent again")
	assert.Error(t, s.RetryDelivery(t.Context(), 999_999, Now))
}

func leases(t *testing.T, s Outbox) {
	hold := func(holder string, now time.Time) bool {
		held, err := s.Lease(t.Context(), "sweeper", holder, now, now.Add(lease))
		require.NoError(t, err)
		return held
	}
	assert.True(t, hold("a", Now))
	assert.False(t, hold("b", Now))
	assert.True(t, hold("a", Now.Add(lease/2)), "renewed")
	assert.False(t, hold("b", Now.Add(lease)))
	assert.True(t, hold("b", Now.Add(2*lease)))
	assert.False(t, hold("a", Now.Add(2*lease)))
	require.NoError(t, s.Unlease(t.Context(), "sweeper", "a"))
	assert.False(t, hold("a", Now.Add(2*lease)), "only its holder gives it back")
	require.NoError(t, s.Unlease(t.Context(), "sweeper", "b"))
	assert.True(t, hold("a", Now.Add(2*lease)))
}
