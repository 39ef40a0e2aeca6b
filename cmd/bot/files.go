package main

import (
	"time"

	"verihelp/internal/files"
	"verihelp/internal/store"
)

// newFiles keeps attachments with the database, by the policies of the categories.
func newFiles(s *settings, b *brain, db *store.Store) (*files.Keeper, error) {
	return files.New(files.Config{
		Store: db, Takes: b.catalog.TakesFiles, NewID: newID, Now: time.Now,
		Keep: time.Duration(s.FileDays) * 24 * time.Hour,
	})
}
