package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"verihelp/internal/store"
)

// backupCmd copies the embedded database, attachments included.
type backupCmd struct {
	File string `arg:"" type:"path" help:"File to write, which must not exist yet."`
}

// Run copies, also while the service runs.
func (c backupCmd) Run(ctx context.Context, s *settings, io streams) error {
	path, err := embedded(s, fmt.Sprintf("pg_dump --format=custom --file=%q", c.File), "")
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("no database in %s; set BOT_DATA to the service's data folder", s.Data)
	}
	if _, err := os.Stat(filepath.Dir(c.File)); err != nil {
		return fmt.Errorf("no folder %s to write the backup to; make it first, or name a file elsewhere", filepath.Dir(c.File))
	}
	if err := store.Backup(ctx, path, c.File); err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return fmt.Errorf("look at the backup: %w", err)
	}
	fmt.Fprintf(io.out, "written to %s: %d bytes\n", c.File, info.Size())
	if os.Getenv("BOT_DATA_KEY") != "" || os.Getenv("BOT_DATA_KEY_FILE") != "" {
		fmt.Fprintln(io.out, "keep BOT_DATA_KEY in another place: without it the backup cannot be read")
	}
	return nil
}

// embedded is the file of the embedded database. PostgreSQL has tools of its own:
// the error names the command and what follows the database's address in it,
// which stays in the environment, since it holds a password.
func embedded(s *settings, command, rest string) (string, error) {
	url, _, err := s.database()
	if err != nil {
		return "", err
	}
	if url == "" {
		return databaseFile(s), nil
	}
	address := ` --dbname="$BOT_DATABASE"`
	if os.Getenv("BOT_DATABASE") == "" {
		address = ` --dbname="$(cat "$BOT_DATABASE_FILE")"`
	}
	return "", fmt.Errorf("the database is PostgreSQL; use its own tool: %s%s%s", command, address, rest)
}
