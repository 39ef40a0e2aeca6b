package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest/remotetest"
	"verihelp/internal/chat"
	"verihelp/internal/outbox"
	"verihelp/internal/outbox/outboxtest"
)

var (
	mei  = chat.Address{Channel: "remote", User: "mei"}
	toMe = chat.Destination{Kind: chat.ToChannel, Name: "remote", Key: "mei"}
	desk = chat.Destination{Kind: chat.ToDesk, Name: "remote", Key: "case-1"}
)

// post is a service with a remote channel and a remote desk, in a synctest bubble.
type post struct {
	t      *testing.T
	store  *outboxtest.Store
	queue  *outboxtest.Queue
	server *remotetest.Server
	client channels.Remote
	outbox *outbox.Outbox

	mu     sync.Mutex
	gaveUp map[int64]int // by delivery
	refuse error         // what GaveUp returns
}

func newPost(t *testing.T, server *remotetest.Server) *post {
	p := &post{t: t, store: &outboxtest.Store{}, queue: outboxtest.NewQueue(), server: server, gaveUp: map[int64]int{}}
	p.client = remotetest.Pipe(t, server)
	return p
}

// start runs the outbox as a process of that name, and returns what stops it.
func (p *post) start(holder string) (stop func()) {
	p.outbox = p.make(holder)
	return p.run(p.outbox)
}

func (p *post) make(holder string) *outbox.Outbox {
	o, err := outbox.New(outbox.Config{
		Store: p.store, Queue: p.queue, Holder: holder, Now: time.Now, Random: func() float64 { return 0 },
		Remotes: map[chat.Destination]channels.Remote{
			{Kind: chat.ToChannel, Name: "remote"}: p.client,
			{Kind: chat.ToDesk, Name: "remote"}:    p.client,
		},
		Logger: slog.New(slog.DiscardHandler), GaveUp: p.tell,
	})
	require.NoError(p.t, err)
	return o
}

func (p *post) run(o *outbox.Outbox) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		assert.NoError(p.t, o.Run(ctx))
	}()
	return func() { cancel(); <-done }
}

// sleep lets time pass and everything that was due happen.
func sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (p *post) tell(_ context.Context, d chat.Delivery, reason string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	assert.NotEmpty(p.t, reason)
	if p.refuse != nil {
		return p.refuse
	}
	p.gaveUp[d.ID]++
	return nil
}

// told is how often it was told that each delivery is given up.
func (p *post) told() map[int64]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.gaveUp)
}

// say commits a text for mei and wakes the outbox.
func (p *post) say(text string) {
	p.store.Commit(toMe, mei, time.Now(), chat.Item{Kind: chat.FromStaff, Text: text})
	p.outbox.Wake(toMe)
}

func (p *post) arrived(to string) (texts []string) {
	for _, a := range p.server.Arrived(to) {
		texts = append(texts, a.Text)
	}
	return texts
}

func inBubble(t *testing.T, server *remotetest.Server, story func(t *testing.T, p *post)) {
	synctest.Test(t, func(t *testing.T) { story(t, newPost(t, server)) })
}

func TestWhatWasCommittedArrivesInOrder(t *testing.T) {
	inBubble(t, &remotetest.Server{}, func(t *testing.T, p *post) {
		defer p.start("a")()
		p.say("一")
		p.say("二")
		p.store.CommitCase(desk, chat.Case{ID: "case-1", Address: mei}, chat.CaseOpened, time.Now(), chat.Item{Kind: chat.FromUser, Text: "三"})
		p.outbox.Wake(desk)
		synctest.Wait()
		assert.Equal(t, []string{"一", "二"}, p.arrived("mei"))
		assert.Equal(t, []string{"open\n三"}, p.arrived("case-1"))
		rows := p.store.Rows()
		assert.Equal(t, chat.DeliverySent, rows[0].State)
		assert.Equal(t, []string{"mei-1"}, rows[0].Receipts)
		assert.Equal(t, 1, rows[0].Attempts)
	})
}

func TestARetriedRowIsNotOvertaken(t *testing.T) {
	failures := 3
	server := &remotetest.Server{Fault: func(remotetest.Arrival) remotetest.Fault {
		if failures--; failures >= 0 {
			return remotetest.Unavailable
		}
		return remotetest.None
	}}
	inBubble(t, server, func(t *testing.T, p *post) {
		defer p.start("a")()
		p.say("一")
		synctest.Wait()
		p.say("二")
		synctest.Wait()
		assert.Empty(t, p.arrived("mei"))
		sleep(7 * time.Second) // 1 + 2 + 4 s
		assert.Equal(t, []string{"一", "二"}, p.arrived("mei"))
		assert.Equal(t, 4, p.store.Rows()[0].Attempts)
	})
}

func TestRetryAfterIsObeyed(t *testing.T) {
	var tries []time.Time
	server := &remotetest.Server{RetryAfter: 97, Fault: func(remotetest.Arrival) remotetest.Fault {
		if tries = append(tries, time.Now()); len(tries) < 3 {
			return remotetest.Busy
		}
		return remotetest.None
	}}
	inBubble(t, server, func(t *testing.T, p *post) {
		defer p.start("a")()
		begin := time.Now()
		p.say("一")
		sleep(time.Second)
		p.say("二") // wakes, and must not disturb
		sleep(10 * time.Minute)
		assert.Equal(t, []string{"一", "二"}, p.arrived("mei"))
		require.Len(t, tries, 4)
		assert.Equal(t, 97*time.Second, tries[1].Sub(begin))
		assert.Equal(t, 2*97*time.Second, tries[2].Sub(begin))
	})
}

func TestAnUnknownOutcomeIsAskedFirst(t *testing.T) {
	for fault := remotetest.Broken; fault <= remotetest.BrokenAfter; fault++ {
		t.Run(fmt.Sprint(fault), func(t *testing.T) {
			faults := []remotetest.Fault{fault}
			server := &remotetest.Server{Fault: func(remotetest.Arrival) (f remotetest.Fault) {
				if len(faults) > 0 {
					f, faults = faults[0], nil
				}
				return f
			}}
			inBubble(t, server, func(t *testing.T, p *post) {
				defer p.start("a")()
				p.say("一")
				sleep(time.Minute)
				assert.Equal(t, []string{"一"}, p.arrived("mei"), "once, whether the first attempt had arrived or not")
				row := p.store.Rows()[0]
				assert.Equal(t, chat.DeliverySent, row.State)
				assert.Equal(t, 1, row.Unknowns)
				assert.Equal(t, []string{"mei-1"}, row.Receipts)
			})
		})
	}
}

func TestAnAPIThatCannotBeAskedMayGetItTwice(t *testing.T) {
	faults := []remotetest.Fault{remotetest.LostAnswer}
	server := &remotetest.Server{Mute: true, Fault: func(remotetest.Arrival) (f remotetest.Fault) {
		if len(faults) > 0 {
			f, faults = faults[0], nil
		}
		return f
	}}
	inBubble(t, server, func(t *testing.T, p *post) {
		defer p.start("a")()
		p.say("一")
		p.say("二")
		sleep(time.Minute)
		assert.Equal(t, []string{"一", "一", "二"}, p.arrived("mei"))
		rows := p.store.Rows()
		assert.Equal(t, 1, rows[0].Unknowns, "the double is on record")
		assert.Zero(t, rows[1].Unknowns)
	})
}

func TestWhatIsRefusedIsGivenUpAtOnce(t *testing.T) {
	server := &remotetest.Server{Fault: func(a remotetest.Arrival) remotetest.Fault {
		if a.Text == "一" {
			return remotetest.Gone
		}
		return remotetest.None
	}}
	inBubble(t, server, func(t *testing.T, p *post) {
		defer p.start("a")()
		p.say("一")
		p.say("二")
		sleep(time.Hour)
		assert.Equal(t, []string{"二"}, p.arrived("mei"), "the next one goes on")
		assert.Equal(t, chat.DeliveryDead, p.store.Rows()[0].State)
		assert.Equal(t, "the receiver is gone", p.store.Rows()[0].Error)
		assert.Equal(t, map[int64]int{1: 1}, p.told())
	})
}

func TestADestinationThatStaysDownIsGivenUpAfterADay(t *testing.T) {
	tries := 0
	server := &remotetest.Server{Fault: func(remotetest.Arrival) remotetest.Fault { tries++; return remotetest.Unavailable }}
	inBubble(t, server, func(t *testing.T, p *post) {
		defer p.start("a")()
		p.say("一")
		sleep(24*time.Hour - time.Second)
		assert.Empty(t, p.told())
		sleep(11 * time.Minute)
		assert.Equal(t, map[int64]int{1: 1}, p.told())
		assert.Equal(t, "given up after 24 hours: the service is unavailable", p.store.Rows()[0].Error)
		assert.Less(t, tries, 200, "the API is left alone meanwhile")
	})
}

func TestTellingThatItIsGivenUpIsRepeatedUntilItWorks(t *testing.T) {
	server := &remotetest.Server{Fault: func(remotetest.Arrival) remotetest.Fault { return remotetest.Gone }}
	inBubble(t, server, func(t *testing.T, p *post) {
		defer p.start("a")()
		p.mu.Lock()
		p.refuse = errors.New("no database")
		p.mu.Unlock()
		p.say("一")
		sleep(time.Minute)
		assert.Equal(t, chat.DeliveryWaiting, p.store.Rows()[0].State)
		p.mu.Lock()
		p.refuse = nil
		p.mu.Unlock()
		sleep(time.Hour)
		assert.Equal(t, map[int64]int{1: 1}, p.told())
		assert.Equal(t, chat.DeliveryDead, p.store.Rows()[0].State)
	})
}

func TestTheSweepFindsWhatNobodyWoke(t *testing.T) {
	inBubble(t, &remotetest.Server{}, func(t *testing.T, p *post) {
		defer p.start("a")()
		synctest.Wait()
		p.queue.Fail(func() error { return errors.New("no database") })
		p.say("一")
		synctest.Wait()
		assert.Empty(t, p.arrived("mei"))
		p.queue.Fail(nil)
		sleep(20 * time.Second)
		assert.Equal(t, []string{"一"}, p.arrived("mei"))
	})
}

func TestTheSweepDoesNotFloodAQueueThatFellBehind(t *testing.T) {
	server := &remotetest.Server{Fault: func(remotetest.Arrival) remotetest.Fault { return remotetest.Unavailable }}
	inBubble(t, server, func(t *testing.T, p *post) {
		p.store.Fail(func(method string) error {
			if method == "Take" {
				return outboxtest.ErrTold // as if no job ever came to it
			}
			return nil
		})
		defer p.start("a")()
		p.say("一")
		sleep(time.Minute)
		assert.Less(t, p.queue.Jobs(), 10)
	})
}

func TestADeadProcessIsReplacedAndItsAttemptIsUnknown(t *testing.T) {
	inBubble(t, &remotetest.Server{}, func(t *testing.T, p *post) {
		p.store.Commit(toMe, mei, time.Now(), chat.Item{Kind: chat.FromStaff, Text: "一"})
		d, ok, err := p.store.Take(t.Context(), toMe, "dead", time.Now(), 30*time.Second)
		require.NoError(t, err)
		require.True(t, ok)
		_, err = p.client.Deliver(t.Context(), channels.Delivery{Delivery: d, Items: []chat.Item{{Text: "一"}}})
		require.NoError(t, err, "it arrived, and nobody lives to tell")

		defer p.start("b")()
		sleep(45 * time.Second)
		assert.Equal(t, []string{"一"}, p.arrived("mei"))
		assert.Equal(t, 1, p.store.Rows()[0].Unknowns)
		assert.Equal(t, chat.DeliverySent, p.store.Rows()[0].State)
	})
}

func TestAWakeThatMeetsALeaseIsNotLost(t *testing.T) {
	release := make(chan struct{})
	server := &remotetest.Server{Fault: func(a remotetest.Arrival) remotetest.Fault {
		if a.Text == "一" {
			<-release
		}
		return remotetest.None
	}}
	synctest.Test(t, func(t *testing.T) {
		release = make(chan struct{})
		p := newPost(t, server)
		defer p.start("a")()
		p.say("一")
		synctest.Wait()
		p.store.Fail(func(method string) error {
			if method == "DueDestinations" {
				return outboxtest.ErrTold // the sweep must not help
			}
			return nil
		})
		p.say("二")
		synctest.Wait()
		close(release)
		synctest.Wait()
		assert.Equal(t, []string{"一", "二"}, p.arrived("mei"))
	})
}

func TestAStopSettlesWhatIsUnderWayAndLeavesTheRest(t *testing.T) {
	server := &remotetest.Server{Fault: func(remotetest.Arrival) remotetest.Fault { return remotetest.LateAnswer }}
	inBubble(t, server, func(t *testing.T, p *post) {
		stop := p.start("a")
		p.say("一")
		p.say("二")
		synctest.Wait()
		begin := time.Now()
		stop()
		assert.LessOrEqual(t, time.Since(begin), 11*time.Second)
		rows := p.store.Rows()
		assert.Equal(t, chat.DeliveryUnknown, rows[0].State)
		assert.Equal(t, chat.DeliveryWaiting, rows[1].State)

		server.Fault = nil
		defer p.start("b")()
		sleep(10 * time.Second)
		assert.Equal(t, []string{"一", "二"}, p.arrived("mei"), "the next process goes on at once")
	})
}

func TestWhatIsNoLongerStoredIsGivenUp(t *testing.T) {
	inBubble(t, &remotetest.Server{}, func(t *testing.T, p *post) {
		defer p.start("a")()
		p.store.Commit(toMe, mei, time.Now(), chat.Item{Kind: chat.FromStaff, Text: "一"})
		p.store.Erase(mei)
		p.outbox.Wake(toMe)
		synctest.Wait()
		assert.Equal(t, chat.DeliveryDead, p.store.Rows()[0].State)
		assert.Empty(t, p.arrived("mei"))
	})
}

// broken is an adapter with a fault in it.
type broken struct{ channels.Remote }

func (broken) Deliver(context.Context, channels.Delivery) ([]string, error) { panic("一") }
func (broken) Find(context.Context, channels.Delivery) ([]string, error) {
	return nil, channels.ErrCannotAsk
}

func TestAnAdapterThatPanicsHoldsUpNobodyForEver(t *testing.T) {
	inBubble(t, &remotetest.Server{}, func(t *testing.T, p *post) {
		p.client = broken{}
		defer p.start("a")()
		p.say("一")
		synctest.Wait()
		row := p.store.Rows()[0]
		assert.Equal(t, chat.DeliveryUnknown, row.State)
		assert.NotContains(t, row.Error, "一", "what was panicked with may hold a user's words")
		sleep(25 * time.Hour)
		assert.Equal(t, map[int64]int{1: 1}, p.told())
	})
}

func TestAPartIsMissing(t *testing.T) {
	_, err := outbox.New(outbox.Config{})
	assert.Error(t, err)
}

func TestADatabaseThatIsAwayForAMomentCostsNoLease(t *testing.T) {
	inBubble(t, &remotetest.Server{}, func(t *testing.T, p *post) {
		defer p.start("a")()
		p.store.Fail(func(method string) error {
			if method == "Settle" {
				return outboxtest.ErrTold
			}
			return nil
		})
		p.say("一")
		p.say("二")
		sleep(2 * time.Second)
		p.store.Fail(nil)
		sleep(time.Second)
		assert.Equal(t, []string{"一", "二"}, p.arrived("mei"))
		assert.Zero(t, p.store.Rows()[0].Unknowns)
	})
}
