package main

import (
	"time"

	"verihelp/internal/files"
	"verihelp/internal/store"
)

// newFiles keeps attachments with the database, by the policies of the categories.
func newFiles(s *settings, b *brain, db *store.Store, now clock) (*files.Keeper, error) {
	return files.New(files.Config{
		Store: db, Takes: b.catalog.TakesFiles, NewID: newID, Now: now,
		Keep: time.Duration(s.FileDays) * 24 * time.Hour,
	})
}
