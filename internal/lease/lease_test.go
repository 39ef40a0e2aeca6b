package lease_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/lease"
)

// table is a lease.Store in memory that can be cut off for one holder.
type table struct {
	mu     sync.Mutex
	holder string
	until  time.Time
	cut    string
}

var errCut = errors.New("cut off")

func (t *table) Lease(_ context.Context, _, holder string, now, until time.Time) (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cut == holder {
		return false, errCut
	}
	if t.holder != "" && t.holder != holder && now.Before(t.until) {
		return false, nil
	}
	t.holder, t.until = holder, until
	return true, nil
}

func (t *table) Unlease(_ context.Context, _, holder string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cut == holder {
		return errCut
	}
	if t.holder == holder {
		t.holder = ""
	}
	return nil
}

func (t *table) cutOff(holder string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cut = holder
}

// nodes run the same job under one lease and note who does it.
type nodes struct {
	t      *testing.T
	leases table
	mu     sync.Mutex
	doing  map[string]bool
	most   int // that did it at the same time
}

func (n *nodes) start(name string) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	elector := lease.Elector{Store: &n.leases, Holder: name, Now: time.Now, Logger: slog.New(slog.DiscardHandler)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		assert.NoError(n.t, elector.Run(ctx, "poll", func(ctx context.Context) error {
			n.note(name, true)
			<-ctx.Done()
			n.note(name, false)
			return ctx.Err()
		}))
	}()
	return func() { cancel(); <-done }
}

func (n *nodes) note(name string, does bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if does {
		n.doing[name] = true
	} else {
		delete(n.doing, name)
	}
	n.most = max(n.most, len(n.doing))
}

func (n *nodes) now() map[string]bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := map[string]bool{}
	for name := range n.doing {
		out[name] = true
	}
	return out
}

func TestOneNodeDoesItAndAnotherTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &nodes{t: t, doing: map[string]bool{}}
		stopA := n.start("a")
		synctest.Wait()
		stopB := n.start("b")
		time.Sleep(time.Minute)
		assert.Equal(t, map[string]bool{"a": true}, n.now(), "whoever has it keeps it")

		stopA()
		time.Sleep(lease.Renew)
		synctest.Wait()
		assert.Equal(t, map[string]bool{"b": true}, n.now(), "a clean stop gives it back at once")

		stopA = n.start("a")
		n.leases.cutOff("b")
		time.Sleep(lease.TTL + 2*lease.Renew)
		synctest.Wait()
		assert.Equal(t, map[string]bool{"a": true}, n.now(), "a node that lost the database is replaced")
		assert.Equal(t, 1, n.most, "never two at a time")

		n.leases.cutOff("")
		stopA()
		stopB()
		assert.Empty(t, n.leases.holder)
	})
}

func TestALeaseThatAnotherTookEndsTheWorkAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &nodes{t: t, doing: map[string]bool{}}
		stop := n.start("a")
		synctest.Wait()
		n.leases.mu.Lock()
		n.leases.holder = "b"
		n.leases.mu.Unlock()
		time.Sleep(lease.Renew)
		synctest.Wait()
		assert.Empty(t, n.now())
		stop()
		assert.Equal(t, "b", n.leases.holder, "what it does not have it does not give back")
	})
}

func TestWorkThatFailsEndsRunAndGivesTheLeaseBack(t *testing.T) {
	leases := &table{}
	elector := lease.Elector{Store: leases, Holder: "a", Now: time.Now, Logger: slog.New(slog.DiscardHandler)}
	refused := errors.New("token refused")
	err := elector.Run(t.Context(), "poll", func(context.Context) error { return refused })
	require.ErrorIs(t, err, refused)
	assert.Empty(t, leases.holder)
}
