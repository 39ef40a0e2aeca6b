package riverqueue

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the driver
)

// Transactions take the write lock as they begin: one that read first would fail
// without waiting if another wrote in between. A wake-up may be lost with the
// power, so that no commit waits for the disk.
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

// NewSQLite opens the queue that belongs to a store's database file. It is a file
// beside it, path.jobs: SQLite has one write lock a file and does not hand it out
// in turn, so that in the store's own file a busy store would let hardly any job
// through (3 deliveries in 5 s instead of 205, with 32 callers flat out).
func NewSQLite(ctx context.Context, path string, o Options) (*Queue, error) {
	q, config, err := newQueue(o)
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	path += ".jobs"
	db, err := openFile(path)
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	config.FetchCooldown, config.FetchPollInterval = sqliteCooldown, sqlitePoll
	if q.client, err = sqliteClient(ctx, db, config); err != nil {
		_ = db.Close() // the cause is what counts
		return nil, fmt.Errorf("open queue %s: %w; if the file is damaged, delete it: it holds nothing but wake-ups", path, err)
	}
	q.close = db.Close
	return q, nil
}

// openFile makes the file where it is missing, for this user alone.
func openFile(path string) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: "mode=rw"}).String()+sqliteSettings)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // as River demands
	return db, nil
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
