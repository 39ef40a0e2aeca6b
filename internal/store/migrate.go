package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgconn"
)

// migrations are numbered files; version n of the schema is the first n of them.
//
//go:embed migrations/*/*.sql
var migrations embed.FS

// errSchema is a database that belongs to another version of the program.
var errSchema = errors.New("schema does not fit")

// migrate brings the schema up to date in one transaction.
// Processes that start at the same time wait for the first.
func migrate(ctx context.Context, conn *sql.Conn, d dialect) (err error) {
	if _, err := conn.ExecContext(ctx, d.begin); err != nil {
		return fmt.Errorf("begin migration: %w", err)
	}
	defer func() {
		if err != nil {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`) // the cause is what counts
		}
	}()
	if _, err := conn.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)`); err != nil {
		return fmt.Errorf("make schema: %w", err)
	}
	// A file that may only be read is opened all the same: better to know now
	// than in the first turn.
	if _, err := conn.ExecContext(ctx, `UPDATE schema_version SET version = version`); err != nil {
		return fmt.Errorf("write schema version: %w", err)
	}
	version, latest, err := schemaVersion(ctx, conn, d)
	if err != nil {
		return err
	}
	for version < latest {
		version++
		if err := apply(ctx, conn, d, version); err != nil {
			return fmt.Errorf("migrate schema to %d: %w", version, err)
		}
	}
	if _, err := conn.ExecContext(ctx, `COMMIT`); err != nil {
		return fmt.Errorf("commit migration: %w", err)
	}
	return nil
}

// apply runs the migration that makes a version.
func apply(ctx context.Context, q querier, d dialect, version int) error {
	files, err := fs.Glob(migrations, fmt.Sprintf("migrations/%s/%04d_*.sql", d.name, version))
	if err != nil || len(files) != 1 {
		return fmt.Errorf("want one file, have %q: %w", files, err)
	}
	script, err := migrations.ReadFile(files[0])
	if err != nil {
		return err
	}
	if _, err := q.ExecContext(ctx, string(script)); err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO schema_version (version) VALUES ($1)`, version)
	return err
}

const noSuchTable = "42P01" // PostgreSQL's SQLSTATE

// checkSchema refuses a database that this program would have to migrate first.
func checkSchema(ctx context.Context, q querier, d dialect) error {
	version, latest, err := schemaVersion(ctx, q, d)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == noSuchTable {
		return fmt.Errorf("%w: the database is empty; start the bot once to fill it", errSchema)
	}
	if err == nil && version < latest {
		err = fmt.Errorf("%w: it has version %d, this program %d; start the bot once to bring it up to date", errSchema, version, latest)
	}
	return err
}

// schemaVersion returns the version of the database, which is not above the
// latest that this program knows, and the latter.
func schemaVersion(ctx context.Context, q querier, d dialect) (version, latest int, err error) {
	files, err := migrations.ReadDir("migrations/" + d.name)
	if err != nil {
		return 0, 0, fmt.Errorf("list migrations: %w", err)
	}
	latest = len(files)
	if err := q.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&version); err != nil {
		return 0, 0, fmt.Errorf("read schema version: %w", err)
	}
	if version > latest {
		return 0, 0, fmt.Errorf("%w: it has version %d, this program only %d; use the newer program, or a backup from before its first start", errSchema, version, latest)
	}
	return version, latest, nil
}
