// Package riverqueue is the outbox's queue of jobs, on River (riverqueue.com) and
// the engine that the program has anyway: tables in its PostgreSQL, or a SQLite
// file beside its own.
//
// A job holds a destination and nothing else. Jobs for one remote API are a
// queue of their own (a lane), so that one API that hangs does not take the
// workers from the others. A job that has to come back (again) is snoozed: it
// stays one job. Jobs are tried once, and rescued or cleaned up within minutes,
// because the outbox's sweep makes a new one where it matters.
//
// River's own tables are migrated by River at New. Its logs begin at warnings.
package riverqueue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"verihelp/internal/chat"
	"verihelp/internal/outbox"
)

// Times of jobs. A job of the outbox makes room after 20 s, and an attempt that
// is under way then needs up to 28 s more.
const (
	jobTimeout  = time.Minute
	rescueAfter = 2 * time.Minute // of jobs whose process died; the sweep is faster
	softStop    = 10 * time.Second
	keepDone    = time.Minute // finished jobs are of no use
)

// workers is how many destinations of one lane are drained at a time.
const workers = 16

// Options are common to both databases.
type Options struct {
	// Lanes are the remote APIs, by kind and name, Key empty; jobs for any other
	// share one lane.
	Lanes  []chat.Destination
	Logger *slog.Logger
}

// Queue is an outbox.Queue.
type Queue struct {
	starting sync.RWMutex // River must not insert while it starts: on SQLite that wakes workers which are being made
	client   client
	worker   *worker
	lanes    map[chat.Destination]string // River's name of the queue
	close    func() error
}

var _ outbox.Queue = (*Queue)(nil)

// client is the part of river.Client that does not depend on the database.
type client interface {
	InsertMany(ctx context.Context, params []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
}

// job is what River keeps.
type job struct {
	To chat.Destination `json:"to"`
}

// Kind implements river.JobArgs.
func (job) Kind() string { return "outbox" }

// worker runs jobs. work is set before each start of River.
type worker struct {
	river.WorkerDefaults[job]
	work outbox.Work
}

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, j *river.Job[job]) error {
	again := w.work(ctx, j.Args.To)
	if again.IsZero() {
		return nil
	}
	return river.JobSnooze(max(time.Until(again), 0))
}

// newQueue is a queue without its client, and the client's configuration.
func newQueue(o Options) (*Queue, *river.Config, error) {
	if o.Logger == nil {
		return nil, nil, errors.New("Options.Logger is missing")
	}
	q := &Queue{worker: &worker{}, lanes: map[chat.Destination]string{}, close: func() error { return nil }}
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}}
	for _, to := range o.Lanes {
		name := string(to.Kind) + "_" + to.Name
		q.lanes[to], queues[name] = name, river.QueueConfig{MaxWorkers: workers}
	}
	all := river.NewWorkers()
	if err := river.AddWorkerSafely(all, q.worker); err != nil {
		return nil, nil, fmt.Errorf("add worker: %w", err)
	}
	return q, &river.Config{
		Queues: queues, Workers: all, Logger: quiet(o.Logger), MaxAttempts: 1,
		JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter, SoftStopTimeout: softStop,
		CompletedJobRetentionPeriod: keepDone, CancelledJobRetentionPeriod: keepDone, DiscardedJobRetentionPeriod: keepDone,
	}, nil
}

// Enqueue implements outbox.Queue.
func (q *Queue) Enqueue(ctx context.Context, dests []chat.Destination) error {
	params := make([]river.InsertManyParams, len(dests))
	for i, to := range dests {
		name, known := q.lanes[chat.Destination{Kind: to.Kind, Name: to.Name}]
		if !known {
			name = river.QueueDefault
		}
		params[i] = river.InsertManyParams{Args: job{To: to}, InsertOpts: &river.InsertOpts{Queue: name}}
	}
	q.starting.RLock()
	defer q.starting.RUnlock()
	if _, err := q.client.InsertMany(ctx, params); err != nil {
		return fmt.Errorf("insert jobs: %w", err)
	}
	return nil
}

// Run implements outbox.Queue. It can be called again after it has returned.
func (q *Queue) Run(ctx context.Context, work outbox.Work) error {
	running := context.WithoutCancel(ctx)
	if err := q.start(running, work); err != nil {
		return fmt.Errorf("start queue: %w", err)
	}
	<-ctx.Done()
	if err := q.client.Stop(running); err != nil { // softStop bounds it
		return fmt.Errorf("stop queue: %w", err)
	}
	return nil
}

func (q *Queue) start(ctx context.Context, work outbox.Work) error {
	q.starting.Lock()
	defer q.starting.Unlock()
	q.worker.work = work
	return q.client.Start(ctx)
}

// Close lets go of the database, after Run has returned.
func (q *Queue) Close() error { return q.close() }

// loud passes on warnings and errors only.
type loud struct{ slog.Handler }

func (h loud) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}
func (h loud) WithAttrs(attrs []slog.Attr) slog.Handler { return loud{h.Handler.WithAttrs(attrs)} }
func (h loud) WithGroup(name string) slog.Handler       { return loud{h.Handler.WithGroup(name)} }

func quiet(log *slog.Logger) *slog.Logger { return slog.New(loud{log.Handler()}) }
