package riverqueue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the driver
)

// River on SQLite has one connection of its own beside the store's. Transactions
// take the write lock as they begin: one that only asked for it at its first
// write would fail, without waiting, if the store committed in between. Jobs may
// be lost with the power, so that their commits need not wait for the disk.
const sqliteSettings = "&_busy_timeout=10000&_txlock=immediate&_journal_mode=WAL&_synchronous=NORMAL&_foreign_keys=on"

// A job is fetched as soon as it was inserted, and at most this often; polling
// is for jobs that are due again.
const (
	sqliteCooldown = 2 * time.Millisecond
	sqlitePoll     = 250 * time.Millisecond
)

// inProcess is River's driver without its emulation of notifications, a table
// that is written with every job and read every 50 ms. One process alone has the
// database, and River then wakes its own workers directly.
type inProcess struct{ *riversqlite.Driver }

// SupportsListener implements riverdriver.Driver.
func (inProcess) SupportsListener() bool { return false }

// SupportsListenNotify implements riverdriver.Driver.
func (inProcess) SupportsListenNotify() bool { return false }

// NewSQLite opens a queue in the store's database file, which must exist.
func NewSQLite(ctx context.Context, path string, o Options) (*Queue, error) {
	q, config, err := newQueue(o)
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	dsn := (&url.URL{Scheme: "file", Path: path, RawQuery: "mode=rw"}).String() + sqliteSettings
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	db.SetMaxOpenConns(1)
	config.FetchCooldown, config.FetchPollInterval = sqliteCooldown, sqlitePoll
	if q.client, err = sqliteClient(ctx, db, config); err != nil {
		return nil, errors.Join(fmt.Errorf("open queue: %w", err), db.Close())
	}
	q.close = db.Close
	return q, nil
}

func sqliteClient(ctx context.Context, db *sql.DB, config *river.Config) (client, error) {
	driver := inProcess{riversqlite.New(db)}
	migrator, err := rivermigrate.New[*sql.Tx](driver, &rivermigrate.Config{Logger: config.Logger})
	if err != nil {
		return nil, fmt.Errorf("prepare migration: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	return river.NewClient[*sql.Tx](driver, config)
}
