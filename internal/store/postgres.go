package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"verihelp/internal/chat"
)

// postgresEngine runs each change in a transaction of its own. Changes of one
// conversation wait for each other in the database, on whatever node they run.
type postgresEngine struct {
	pool *pgxpool.Pool
	db   *sql.DB
	node string // tells this process's notifications from others'

	mu     sync.Mutex
	closed bool
	work   sync.WaitGroup
}

// commitTime bounds a transaction whose caller has left.
const commitTime = 30 * time.Second

// connectTime bounds how long a server may be silent when a connection is made.
const connectTime = 10 * time.Second

// OpenPostgres opens a PostgreSQL database, which other processes may use at the
// same time, and brings its schema up to date. An error is one line that says
// what to do, without the password.
func OpenPostgres(ctx context.Context, url string, o Options) (*Store, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	r, pool, err := openPool(ctx, url, o)
	if err != nil {
		return nil, err
	}
	if err := migratePool(ctx, r.db); err != nil {
		return nil, closing(explainPostgres(err), r.db, pool)
	}
	e := &postgresEngine{pool: pool, db: r.db, node: o.NewID()}
	return newStore(ctx, e, r, o)
}

// OpenPostgresReader opens a PostgreSQL database for reading. It must have this
// program's schema.
func OpenPostgresReader(ctx context.Context, url string, o Options) (*Reader, error) {
	r, pool, err := openPool(ctx, url, o)
	if err != nil {
		return nil, err
	}
	if err := checkSchema(ctx, r.db, postgresDialect); err != nil {
		return nil, closing(explainPostgres(err), r.db, pool)
	}
	r.pool = pool
	return r, nil
}

func openPool(ctx context.Context, url string, o Options) (*Reader, *pgxpool.Pool, error) {
	v, err := o.openVault()
	if err != nil {
		return nil, nil, err
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, nil, errors.New("BOT_DATABASE is not an address like postgres://user:password@host:5432/name")
	}
	config.ConnConfig.RuntimeParams["application_name"] = "verihelp"
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTime
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, nil, explainPostgres(err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, nil, explainPostgres(err)
	}
	db := stdlib.OpenDBFromPool(pool)
	return &Reader{db: db, vault: v}, pool, nil
}

func closing(cause error, db *sql.DB, pool *pgxpool.Pool) error {
	_ = db.Close() // the cause is what counts
	pool.Close()
	return cause
}

func migratePool(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(migrate(ctx, conn, postgresDialect), conn.Close())
}

// explainPostgres turns what went wrong into one line that says what to do.
func explainPostgres(err error) error {
	var refused *pgconn.PgError
	var network *net.OpError
	switch {
	case errors.Is(err, errSchema):
		return fmt.Errorf("open PostgreSQL database: %w", err)
	case errors.As(err, &refused):
		if cure := postgresCures[refused.Code]; cure != "" {
			return fmt.Errorf("open PostgreSQL database: %s; %s", refused.Message, cure)
		}
		return fmt.Errorf("open PostgreSQL database: %s (SQLSTATE %s)", refused.Message, refused.Code)
	case errors.As(err, &network), errors.Is(err, context.DeadlineExceeded):
		return errors.New("open PostgreSQL database: no answer from the server; check that it runs and that BOT_DATABASE names its host and port")
	}
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) { // unknown host, no TLS …: several lines, with what was tried
		return fmt.Errorf("open PostgreSQL database: %s; check host, port and sslmode in BOT_DATABASE", strings.Join(strings.Fields(connecting.Unwrap().Error()), " "))
	}
	return fmt.Errorf("open PostgreSQL database: %w", err)
}

// postgresCures are by SQLSTATE (PostgreSQL documentation, appendix A).
var postgresCures = map[string]string{
	"28P01": "correct user and password in BOT_DATABASE",
	"28000": "let this user in by pg_hba.conf, or correct BOT_DATABASE",
	"3D000": "create the database, or correct its name in BOT_DATABASE",
	"42501": "let this user create tables: GRANT CREATE ON SCHEMA public",
	"53300": "raise max_connections, or set pool_max_conns in BOT_DATABASE",
	"57P03": "the server is starting; try again in a moment",
	"25006": "this server only reads; name the primary in BOT_DATABASE",
}

// Pool is the pool of connections, for a queue on the same database; nil on SQLite.
func (s *Store) Pool() *pgxpool.Pool {
	if e, ok := s.engine.(*postgresEngine); ok {
		return e.pool
	}
	return nil
}

func (e *postgresEngine) write(ctx context.Context, run change) error {
	if !e.enter() {
		return ErrClosed
	}
	defer e.work.Done()
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close() //nolint:errcheck // the transaction has told what went wrong
	ctx, cancel := unhurried(ctx)
	defer cancel()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := run(ctx, postgresTx{Tx: tx, node: e.node}); err != nil {
		_ = tx.Rollback() // the cause is what counts
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// unhurried lets what was decided be committed though its caller has left, but
// not after a deadline that the caller has set.
func unhurried(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline := time.Now().Add(commitTime)
	if set, ok := ctx.Deadline(); ok && set.Before(deadline) {
		deadline = set
	}
	return context.WithDeadline(context.WithoutCancel(ctx), deadline)
}

func (e *postgresEngine) enter() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	e.work.Add(1)
	return true
}

// close waits for the changes that run. The reader has closed the database.
func (e *postgresEngine) close() error {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.work.Wait()
	err := e.db.Close()
	e.pool.Close()
	return err
}

// purge has nothing to do: what was erased goes with PostgreSQL's next vacuum.
func (*postgresEngine) purge(context.Context) error { return nil }

// postgresTx is a querier that locks conversations and notifies other processes.
type postgresTx struct {
	*sql.Tx
	node string
}

// lockConversation holds a conversation, made or not, until the transaction ends.
func (tx postgresTx) lockConversation(ctx context.Context, who chat.Address) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, who.Channel+"\n"+who.User)
	return err
}

// grown is what processes tell each other of a conversation that has grown.
type grown struct {
	Node string       `json:"node"`
	Who  chat.Address `json:"who"`
}

const grownChannel = "verihelp_grown"

// notify tells other processes after the commit.
func (tx postgresTx) notify(ctx context.Context, who chat.Address) error {
	payload, err := json.Marshal(grown{Node: tx.node, Who: who})
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `SELECT pg_notify($1, $2)`, grownChannel, string(payload)); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}

// relisten is how long Listen waits before it connects again.
const relisten = time.Second

// Listen tells of conversations that other processes have added to, until ctx
// ends. After a break, during which notifications are lost, it calls missed: its
// caller then reads again whatever it shows to people. On SQLite, where there is
// no other process, it only waits.
func (s *Store) Listen(ctx context.Context, log *slog.Logger, grew func(chat.Address), missed func()) {
	e, ok := s.engine.(*postgresEngine)
	for ok && ctx.Err() == nil {
		err := e.listen(ctx, grew, missed)
		if ctx.Err() != nil {
			return
		}
		log.Warn("lost the connection that listens to other nodes; connecting again", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(relisten):
		}
	}
	<-ctx.Done()
}

func (e *postgresEngine) listen(ctx context.Context, grew func(chat.Address), missed func()) error {
	conn, err := pgx.ConnectConfig(ctx, e.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // ends with its process otherwise
	if _, err := conn.Exec(ctx, "LISTEN "+grownChannel); err != nil {
		return err
	}
	missed()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		var g grown
		if err := json.Unmarshal([]byte(n.Payload), &g); err == nil && g.Node != e.node { // others may use the name, too
			grew(g.Who)
		}
	}
}
