package slack_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/slack"
	"verihelp/internal/chat"
)

const manyCases = 10_000

// deskWith is a desk with open cases, each in its thread.
func deskWith(b *testing.B, cases int, postEvery time.Duration) *slack.Desk {
	b.Helper()
	server := newWorkspace(b)
	c := config(server, &indexedNotes{notes: map[string]map[string]string{}})
	c.PostEvery = time.Nanosecond
	desk, err := slack.New(c)
	require.NoError(b, err)
	var work sync.WaitGroup
	slots := make(chan struct{}, 8)
	for i := range cases {
		slots <- struct{}{}
		work.Go(func() {
			defer func() { <-slots }()
			_, err := desk.Deliver(b.Context(), update(int64(i), sampleCase(i), chat.CaseOpened, "我的證件被別人註冊了"))
			if err != nil {
				b.Error(err)
			}
		})
	}
	work.Wait()
	c.PostEvery = postEvery
	desk, err = slack.New(c)
	require.NoError(b, err)
	return desk
}

func sampleCase(i int) chat.Case {
	c := channelstest.SampleCase(fmt.Sprintf("K%d-1", i))
	c.Address.User = fmt.Sprint("u", i)
	return c
}

// BenchmarkMessage is the way of a user's message from the outbox to Slack's answer
// while many cases are open, a case at a time.
func BenchmarkMessage(b *testing.B) {
	desk := deskWith(b, manyCases, time.Nanosecond)
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		_, err := desk.Deliver(b.Context(), update(int64(manyCases+i), sampleCase(i%manyCases), chat.CaseMessage, "還要多久？"))
		require.NoError(b, err)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkCatchUp is how fast a desk posts what waits after an outage, as a share
// of what the limit of the channel allows: here 50 a second instead of 1, so that
// it can be measured in seconds.
func BenchmarkCatchUp(b *testing.B) {
	const waiting, every = 400, 20 * time.Millisecond
	for b.Loop() {
		b.StopTimer()
		desk := deskWith(b, waiting, every)
		b.StartTimer()
		began := time.Now()
		var work sync.WaitGroup
		var mu sync.Mutex
		asked := 0
		for i := range waiting {
			work.Go(func() {
				d := update(int64(waiting+i), sampleCase(i), chat.CaseMessage, "還在等")
				for {
					var err error
					mu.Lock()
					asked++
					mu.Unlock()
					if d.Receipts, err = desk.Deliver(b.Context(), d); err == nil {
						return
					}
					var later *channels.RetryLater
					if !errors.As(err, &later) {
						b.Error(err)
						return
					}
					time.Sleep(later.Wait)
				}
			})
		}
		work.Wait()
		allowed := time.Duration(waiting) * every
		b.ReportMetric(100*float64(allowed)/float64(time.Since(began)), "%-of-limit")
		b.ReportMetric(float64(asked)/waiting, "attempts/case")
	}
}

// BenchmarkNotes is what an open case costs: its notes in the database. The desk
// itself keeps nothing of a case but a turn in a limit.
func BenchmarkNotes(b *testing.B) {
	for b.Loop() {
		desk := deskWith(b, 1000, time.Nanosecond)
		b.ReportMetric(float64(desk.Notes.(*indexedNotes).size())/1000, "noted-B/case")
	}
}
