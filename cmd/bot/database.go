package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"verihelp/internal/store"
)

// openStore opens the database of the settings for writing: PostgreSQL where
// BOT_DATABASE names one, else the embedded one in BOT_DATA.
func openStore(ctx context.Context, s *settings) (*store.Store, error) {
	return openStoreAt(ctx, s, newClock())
}

// openStoreAt is openStore with a clock of one's own.
func openStoreAt(ctx context.Context, s *settings, now clock) (*store.Store, error) {
	url, o, err := s.database()
	if err != nil {
		return nil, err
	}
	o.Now = now
	if url != "" {
		return store.OpenPostgres(ctx, url, o)
	}
	db, err := store.Open(ctx, databaseFile(s), o)
	if err != nil {
		return nil, fmt.Errorf("BOT_DATA: %w", err)
	}
	return db, nil
}

// openReader opens the database of the settings for reading, also beside a
// service that runs.
func openReader(ctx context.Context, s *settings) (*store.Reader, error) {
	url, o, err := s.database()
	if err != nil {
		return nil, err
	}
	if url != "" {
		return store.OpenPostgresReader(ctx, url, o)
	}
	if _, err := os.Stat(databaseFile(s)); err != nil {
		return nil, fmt.Errorf("no database in %s; set BOT_DATA to the service's data folder", s.Data)
	}
	return store.OpenReader(ctx, databaseFile(s), o)
}

// database is where the database is, an empty url for the embedded one, and what
// it is opened with.
func (s *settings) database() (url string, o store.Options, err error) {
	if url, err = secret("BOT_DATABASE"); err != nil {
		return "", o, err
	}
	if url != "" && !strings.HasPrefix(url, "postgres://") && !strings.HasPrefix(url, "postgresql://") {
		return "", o, errors.New("BOT_DATABASE is not an address like postgres://user:password@host:5432/name; leave it empty for the embedded database")
	}
	o = store.Options{NewID: newID}
	text, err := secret("BOT_DATA_KEY")
	if err != nil || text == "" {
		return url, o, err
	}
	if o.MasterKey, err = base64.StdEncoding.DecodeString(text); err != nil || len(o.MasterKey) != 32 {
		return "", o, errors.New("BOT_DATA_KEY is not a key of 32 bytes in base64; make one with: openssl rand -base64 32")
	}
	return url, o, nil
}

// retention reads how long conversations are kept; 0 is for ever.
func (s *settings) retention() (time.Duration, error) {
	if s.Retention == "" {
		return 0, nil
	}
	number, isDays := strings.CutSuffix(s.Retention, "d")
	days, err := strconv.Atoi(number)
	if err != nil || !isDays || days < 1 {
		return 0, fmt.Errorf("BOT_RETENTION is %q; write a number of days like 365d, or leave it empty to keep everything", s.Retention)
	}
	return time.Duration(days) * 24 * time.Hour, nil
}
