package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Errors of backups, told to the operator.
var (
	ErrFileExists = errors.New("the file exists already; name another one")
	ErrDataExists = errors.New("the database holds conversations")
)

// Backup copies the SQLite database at path into a new file, as it stands at one
// moment, also while a service writes it. The copy holds no deleted rows. It
// appears under its name only once it is whole.
func Backup(ctx context.Context, path, to string) error {
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("back up to %s: %w", to, ErrFileExists)
	}
	partial := to + ".partial"
	err := copyDatabase(ctx, path, partial)
	if err == nil {
		err = os.Rename(partial, to)
	}
	if err != nil {
		_ = os.Remove(partial) // the cause is what counts
		return fmt.Errorf("back up %s: %w", path, err)
	}
	return syncFolder(to)
}

// Restore puts a backup in the place of the SQLite database at path, which no
// process may be using. What stood there is moved aside, where aside says, if
// anything did. Unless force is set, ErrDataExists is returned where that holds
// conversations. An older schema is brought up to date by the next Open.
func Restore(ctx context.Context, from, path string, force bool, now time.Time) (aside string, err error) {
	if _, err := os.Stat(from); err != nil {
		return "", fmt.Errorf("read backup: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", explain(path, err)
	}
	lock, err := lockFile(ctx, path)
	if err != nil {
		return "", explain(path, err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if !force && holdsData(ctx, path) {
		return "", ErrDataExists
	}
	partial := path + ".restoring"
	_ = os.Remove(partial) // of an attempt that was cut off
	if err := copyChecked(ctx, from, partial); err != nil {
		_ = os.Remove(partial) // the cause is what counts
		return "", fmt.Errorf("restore %s: %w", from, err)
	}
	if aside, err = moveAside(path, now); err != nil {
		return "", fmt.Errorf("move the old database aside: %w", err)
	}
	if err := os.Rename(partial, path); err != nil {
		return aside, fmt.Errorf("put the backup in its place: %w", err)
	}
	return aside, syncFolder(path)
}

// copyDatabase writes a database anew into a file of this user alone.
func copyDatabase(ctx context.Context, from, to string) error {
	if _, err := os.Stat(from); err != nil {
		return err
	}
	if err := newFile(to); err != nil {
		return err
	}
	db, err := connect(fileName(from), commonSettings, 1)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, to)
	if err = errors.Join(err, db.Close()); err != nil {
		if cure := advice(from, err); cure != "" {
			return fmt.Errorf("%w; %s", err, cure)
		}
		return err
	}
	return syncFile(to)
}

func copyChecked(ctx context.Context, from, to string) error {
	if err := copyDatabase(ctx, from, to); err != nil {
		return err
	}
	db, err := connect(fileName(to), readerSettings, 1)
	if err != nil {
		return err
	}
	return errors.Join(checkCopy(ctx, db), db.Close())
}

// checkCopy says whether this program can work with a database.
func checkCopy(ctx context.Context, db *sql.DB) error {
	var tables int
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('schema_version', 'conversations')`).Scan(&tables); err != nil {
		return err
	}
	if tables != 2 {
		return errors.New("this is no database of the bot; name a file that `bot backup` made")
	}
	if _, _, err := schemaVersion(ctx, db, sqliteDialect); err != nil {
		return err
	}
	var result string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&result); err != nil {
		return err
	}
	if result != "ok" {
		return fmt.Errorf("the file is damaged: %s; choose another backup", result)
	}
	return nil
}

// holdsData says whether anything would be lost. What cannot be read may be of
// use to somebody, too.
func holdsData(ctx context.Context, path string) bool {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	db, err := connect(fileName(path), readerSettings, 1)
	if err != nil {
		return true
	}
	defer db.Close() //nolint:errcheck // only read
	var n int
	err = db.QueryRowContext(ctx, `SELECT COUNT(*) FROM conversations`).Scan(&n)
	return err != nil || n > 0
}

// moveAside renames a database with its write-ahead log, which belongs to it and
// would spoil another.
func moveAside(path string, now time.Time) (aside string, err error) {
	name := path + ".replaced-" + now.UTC().Format("20060102-150405")
	for _, suffix := range []string{"-wal", "-shm", ""} {
		switch err := os.Rename(path+suffix, name+suffix); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return "", err
		case suffix == "":
			aside = name
		}
	}
	return aside, nil
}

// newFile makes an empty file of this user alone: it will hold what people wrote.
func newFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncFolder makes a rename survive a power cut, where the system can do that.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	_ = folder.Sync() // not every file system can
	return folder.Close()
}
