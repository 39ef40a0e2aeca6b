package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// readerConnections bounds how many reads run at once.
const readerConnections = 4

// Settings of a connection, as the driver's DSN takes them. FULL makes a commit
// survive a power cut. The time format sorts as text, since all times are UTC.
// A double-quoted name that does not exist is an error, not a string.
const (
	commonSettings = "&_busy_timeout=5000&_foreign_keys=on&_dqs=0&_defensive=1&_error_rc=1&_time_format=sqlite"
	writerSettings = commonSettings + "&_journal_mode=WAL&_synchronous=FULL"
	readerSettings = commonSettings + "&_query_only=on"
	lockSettings   = "&_busy_timeout=1000&_error_rc=1" // time for a predecessor to finish
)

// sqliteEngine is the only writer of a database file.
type sqliteEngine struct {
	*writer
	name    string
	readers *sql.DB
	lock    *sql.DB // keeps other processes out; nil in memory
}

// Open opens the database file at path for this process alone, making it and
// its folder where they are missing, and brings its schema up to date. An error
// is one line that says what to do. Other processes can read the file meanwhile
// with OpenReader.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if err := makeFile(path); err != nil {
		return nil, explain(path, err)
	}
	lock, err := lockFile(ctx, path)
	if err != nil {
		return nil, explain(path, err)
	}
	s, err := openSQLite(ctx, fileName(path), lock, o)
	if err != nil {
		return nil, explain(path, err)
	}
	return s, nil
}

// OpenMemory opens a new, private, empty database that lives until Close.
func OpenMemory(ctx context.Context, o Options) (*Store, error) {
	s, err := openSQLite(ctx, memoryName(), nil, o)
	if err != nil {
		return nil, fmt.Errorf("open database in memory: %w", err)
	}
	return s, nil
}

func openSQLite(ctx context.Context, name string, lock *sql.DB, o Options) (s *Store, err error) {
	e := &sqliteEngine{name: name, lock: lock}
	defer func() {
		if err != nil {
			_ = e.letGo() // the cause is what counts
		}
	}()
	if o, err = o.withDefaults(); err != nil {
		return nil, err
	}
	v, err := o.openVault()
	if err != nil {
		return nil, err
	}
	session, err := openSession(ctx, name)
	if err != nil {
		return nil, err
	}
	if e.readers, err = connect(name, readerSettings, readerConnections); err != nil {
		_ = session.close()
		return nil, err
	}
	e.writer = newWriter(session)
	go e.run(context.WithoutCancel(ctx))
	if s, err = newStore(ctx, e, &Reader{db: e.readers, vault: v}, o); err != nil {
		e.lock = nil // newStore has closed it
		return nil, err
	}
	// Leases of this database's processes ended with them, since there is one only.
	return s, s.engine.write(ctx, dropLeases)
}

func (e *sqliteEngine) close() error {
	return errors.Join(e.readers.Close(), e.writer.close(), e.letGo())
}

// purge empties the write-ahead log, which may hold what was erased. While others
// read the database it cannot; the next purge, an hour later at most, or the end
// of the service does.
func (e *sqliteEngine) purge(ctx context.Context) error {
	if e.lock == nil {
		return nil // in memory
	}
	db, err := connect(e.name, writerSettings, 1)
	if err != nil {
		return fmt.Errorf("empty the write-ahead log: %w", err)
	}
	var busy, pages, moved int
	err = db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
	if err := errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("empty the write-ahead log: %w", err)
	}
	return nil
}

func (e *sqliteEngine) letGo() error {
	if e.lock == nil {
		return nil
	}
	return e.lock.Close()
}

// fileName is the DSN of an existing file, to which settings are appended.
func fileName(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: "mode=rw"}).String()
}

var memories atomic.Int64 // numbers databases in memory, so that each is its own

// memoryName is the DSN of a new database in memory that connections of this
// process can share.
func memoryName() string {
	return "file:/memory-" + strconv.FormatInt(memories.Add(1), 10) + "?vfs=memdb"
}

func connect(name, settings string, connections int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", name+settings)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// makeFile makes the database file and its folder where they are missing,
// readable by this user alone: they hold what people wrote.
func makeFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		// Not opened: closing it would drop locks that SQLite holds on it.
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// lockFile keeps a second process from writing the same database. The lock is
// on a file of its own, so that readers are let in, and the system drops it
// when the process ends, however it ends.
func lockFile(ctx context.Context, path string) (*sql.DB, error) {
	path += ".lock"
	if err := makeFile(path); err != nil {
		return nil, err
	}
	lock, err := connect(fileName(path), lockSettings, 1)
	if err != nil {
		return nil, err
	}
	if _, err := lock.ExecContext(ctx, `BEGIN EXCLUSIVE`); err != nil {
		_ = lock.Close()
		return nil, err
	}
	return lock, nil
}

// errJournal: where a file system cannot share memory between connections,
// SQLite goes on without its write-ahead log and says nothing.
var errJournal = errors.New("the file system does not support a write-ahead log")

func checkJournal(ctx context.Context, conn *sql.Conn) error {
	var mode string
	if err := conn.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" && mode != "memory" {
		return errJournal
	}
	return nil
}

// explain turns what went wrong at opening into one line that says what to do.
func explain(path string, err error) error {
	if cure := advice(path, err); cure != "" {
		return fmt.Errorf("open database %s: %w; %s", path, err, cure)
	}
	return fmt.Errorf("open database %s: %w", path, err)
}

func advice(path string, err error) string {
	var file *fs.PathError
	switch code := resultCode(err); {
	case isFolder(path):
		return "this is a folder: name a file in it"
	case errors.Is(err, errJournal):
		return "choose a data folder on a local disk"
	case code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED:
		return "another process is using it: stop that one first, or choose another data folder"
	case code == sqlite3.SQLITE_NOTADB || code == sqlite3.SQLITE_CORRUPT:
		return "the file is damaged or no database: restore a backup, or move it away to start anew"
	case code == sqlite3.SQLITE_FULL || errors.Is(err, syscall.ENOSPC):
		return "make room on the disk"
	case code == sqlite3.SQLITE_CANTOPEN || code == sqlite3.SQLITE_READONLY || errors.As(err, &file):
		return "let this user write to the file and its folder, or choose another data folder"
	}
	return ""
}

// resultCode is SQLite's primary result code in err, 0 if there is none.
func resultCode(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return sqlite3.SQLITE_OK
	}
	return e.Code() & 0xff // the rest says where it happened
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
