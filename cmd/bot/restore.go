package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"verihelp/internal/store"
)

// restoreCmd puts a backup in the place of the embedded database.
type restoreCmd struct {
	File  string `arg:"" type:"path" help:"A file that bot backup made."`
	Force bool   `help:"Replace a database that holds conversations; it is moved aside."`
}

// Run checks the backup before it touches anything.
func (c restoreCmd) Run(ctx context.Context, s *settings, io streams) error {
	path, err := embedded(s, "pg_restore --clean --if-exists --no-owner", fmt.Sprintf(" %q", c.File))
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.File); err != nil {
		return usagef("no backup to restore: %w", err)
	}
	aside, err := store.Restore(ctx, c.File, path, c.Force, time.Now())
	if errors.Is(err, store.ErrDataExists) {
		return usagef("%s holds conversations, which would be replaced; repeat the command with --force, which moves it aside", path)
	}
	if aside != "" {
		fmt.Fprintln(io.out, "moved aside:", aside)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(io.out, "restored to %s; start the service\n", path)
	fmt.Fprintln(io.out, "people erased since the backup was made are in it again: erase them again")
	return nil
}
