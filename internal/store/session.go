package store

import (
	"context"
	"database/sql"
	"errors"
)

// session is the connection that writes. It prepares each statement once:
// parsing a turn's statements takes longer than running them.
type session struct {
	pool       *sql.DB // of this one connection
	conn       *sql.Conn
	statements map[string]*sql.Stmt
}

// openSession connects and makes sure that the database is as it should be.
func openSession(ctx context.Context, name string) (*session, error) {
	pool, err := connect(name, writerSettings, 1)
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		_ = pool.Close() // the cause is what counts
		return nil, err
	}
	s := &session{pool: pool, conn: conn, statements: map[string]*sql.Stmt{}}
	if err := checkJournal(ctx, conn); err != nil {
		_ = s.close()
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `PRAGMA secure_delete = ON`); err != nil { // what is erased leaves no trace in the file
		_ = s.close()
		return nil, err
	}
	if err := migrate(ctx, conn, sqliteDialect); err != nil {
		_ = s.close()
		return nil, err
	}
	return s, nil
}

func (s *session) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (s *session) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return s.conn.QueryRowContext(ctx, query, args...) // carries the same error to Scan
	}
	return stmt.QueryRowContext(ctx, args...)
}

func (s *session) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

func (s *session) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := s.statements[query]; ok {
		return stmt, nil
	}
	stmt, err := s.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s.statements[query] = stmt
	return stmt, nil
}

func (s *session) close() error {
	var errs []error
	for _, stmt := range s.statements {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, s.conn.Close(), s.pool.Close())...)
}
