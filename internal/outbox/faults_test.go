package outbox_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"verihelp/channels/channelstest/remotetest"
	"verihelp/internal/chat"
	"verihelp/internal/outbox/outboxtest"
)

// TestWhateverFailsNothingIsLostAndDoublesAreOnRecord commits texts for several
// people while the API and the store fail at random and processes come and go,
// then lets all of it get well, and compares what was committed with what arrived.
func TestWhateverFailsNothingIsLostAndDoublesAreOnRecord(t *testing.T) {
	const seeds = 60
	doubles := 0
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { doubles += storm(t, seed) })
		})
	}
	assert.Positive(t, doubles, "the storm is too mild to prove anything")
}

// chance is a source of random choices that several goroutines may use.
type chance struct {
	mu  sync.Mutex
	rnd *rand.Rand
}

func (c *chance) n(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rnd.IntN(n)
}

func storm(t *testing.T, seed uint64) (doubles int) {
	luck := &chance{rnd: rand.New(rand.NewPCG(seed, 4))}
	var calm atomic.Bool
	server := &remotetest.Server{RetryAfter: 30, Mute: seed%2 == 0, Fault: func(remotetest.Arrival) remotetest.Fault {
		if f := remotetest.Fault(luck.n(30)); !calm.Load() && f <= remotetest.BrokenAfter {
			return f
		}
		return remotetest.None
	}}
	p := newPost(t, server)
	p.store.Fail(func(string) error {
		if !calm.Load() && luck.n(20) == 0 {
			return outboxtest.ErrTold
		}
		return nil
	})
	people := []string{"mei", "wang", "lin"}
	for round := range 6 {
		stopA, stopB := p.start("a"), p.start(fmt.Sprintf("b%d", round))
		for range 8 {
			who := people[luck.n(len(people))]
			to := chat.Destination{Kind: chat.ToChannel, Name: "remote", Key: who}
			items := []chat.Item{{Kind: chat.FromBot, Text: "一"}, {Kind: chat.FromBot, Text: "二"}}
			p.store.Commit(to, chat.Address{Channel: "remote", User: who}, time.Now(), items[:1+luck.n(2)]...)
			p.outbox.Wake(to)
			time.Sleep(time.Duration(luck.n(3000)) * time.Millisecond)
		}
		stopA()
		stopB()
	}
	calm.Store(true)
	stop := p.start("last")
	time.Sleep(time.Hour)
	stop()
	for _, who := range people {
		doubles += p.compare(who)
	}
	return doubles
}

// compare checks what arrived for a person against the rows, and returns how
// many texts arrived more than once.
func (p *post) compare(who string) (doubles int) {
	t := p.t
	var wanted []string
	unknowns := map[string]int{}
	for _, row := range p.store.Rows() {
		if row.To.Key != who || row.State == chat.DeliveryDead {
			continue
		}
		assert.Equal(t, chat.DeliverySent, row.State, "row %d", row.ID)
		parts := int(row.Last - row.First + 1)
		assert.Len(t, row.Receipts, parts)
		for part := range parts {
			id := fmt.Sprintf("%d/%d", row.ID, part)
			wanted = append(wanted, id)
			unknowns[id] = row.Unknowns
		}
	}
	var first []string // each the first time
	times := map[string]int{}
	last := 0
	for _, a := range p.server.Arrived(who) {
		if _, ok := unknowns[a.ID]; !ok {
			continue // of a row that was given up
		}
		if times[a.ID]++; times[a.ID] == 1 {
			first = append(first, a.ID)
		}
		row, _ := strconv.Atoi(a.ID[:strings.Index(a.ID, "/")])
		assert.GreaterOrEqual(t, row, last, "a row is never overtaken, not even by its own repetition")
		last = row
	}
	assert.Equal(t, wanted, first, "everything arrived, in the order of the commits")
	for id, n := range times {
		assert.LessOrEqual(t, n-1, unknowns[id], "%s arrived %d times", id, n)
		if !p.server.Mute {
			assert.Equal(t, 1, n, "an API that can be asked gets nothing twice")
		}
		doubles += n - 1
	}
	return doubles
}
