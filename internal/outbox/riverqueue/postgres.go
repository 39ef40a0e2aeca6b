package riverqueue

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// PostgreSQL tells River of new jobs at once; polling is for what it missed.
const (
	postgresCooldown = 2 * time.Millisecond
	postgresPoll     = time.Second
)

// migrationLock is the number of the advisory lock under which one process at a
// time migrates River's tables. It only has to differ from other numbers.
const migrationLock = 0x76657269_6A6F6273 // "verijobs"

// NewPostgres opens a queue in the database of a pool. River needs up to four of
// the pool's connections, one of them all the time, to listen. The pool stays
// the caller's, to be closed after Close.
func NewPostgres(ctx context.Context, pool *pgxpool.Pool, o Options) (*Queue, error) {
	q, config, err := newQueue(o)
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	config.FetchCooldown, config.FetchPollInterval = postgresCooldown, postgresPoll
	driver := riverpgxv5.New(pool)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: config.Logger})
	if err != nil {
		return nil, fmt.Errorf("open queue: prepare migration: %w", err)
	}
	err = alone(ctx, pool, func() error {
		_, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open queue: migrate: %w", err)
	}
	if q.client, err = river.NewClient(driver, config); err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	return q, nil
}

// alone runs f while no other process does.
func alone(ctx context.Context, pool *pgxpool.Pool, f func() error) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	defer func() {
		if _, err := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(migrationLock)); err != nil {
			_ = conn.Conn().Close(context.WithoutCancel(ctx)) // ends the lock, too
		}
	}()
	return f()
}
