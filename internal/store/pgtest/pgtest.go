// Package pgtest starts throw-away PostgreSQL servers for tests.
//
// A server lives in a temporary folder, listens on a socket in it alone, and ends
// with the test binary whatever becomes of that. Database gives each test an empty
// database on a server that the tests of one package share, Start one of its own
// that can be stopped and started again. Where PostgreSQL is not installed, tests
// that need it are skipped, loudly; in CI (CI is set) they fail.
package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	"github.com/stretchr/testify/require"
)

// patience is how long a server may take to start or stop.
const patience = 60 * time.Second

// Server is a running PostgreSQL.
type Server struct {
	folder string
	bin    string
	owner  *syscall.Credential // whom it runs as; nil for this user
	fsync  string              // "on" where a commit has to survive a power cut
	run    *exec.Cmd
	names  atomic.Int64
}

var shared struct {
	sync.Mutex
	server *Server
}

// Run runs a package's tests and ends the shared server after them. Call it from
// TestMain where Database is used.
func Run(m *testing.M) int {
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		_ = shared.server.end() // the system ends it with this process, too
	}
	return code
}

// Database makes an empty database and returns its address.
func Database(t testing.TB) (url string) {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		s, err := start(bin(t), "off")
		require.NoError(t, err)
		shared.server = s
	}
	return shared.server.Database(t)
}

// Start starts a server of its own that ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	return ending(t, "off")
}

// Durable makes an empty database on a server of its own whose commits survive a
// power cut, for benchmarks, and returns its address.
func Durable(t testing.TB) (url string) {
	t.Helper()
	return ending(t, "on").Database(t)
}

func ending(t testing.TB, fsync string) *Server {
	t.Helper()
	s, err := start(bin(t), fsync)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.end() }) // it ends with the process at the latest
	return s
}

// Database makes an empty database on the server and returns its address.
func (s *Server) Database(t testing.TB) (url string) {
	t.Helper()
	db, err := sql.Open("pgx", s.url("postgres"))
	require.NoError(t, err)
	name := "test" + strconv.FormatInt(s.names.Add(1), 10)
	_, err = db.ExecContext(t.Context(), "CREATE DATABASE "+name)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	return s.url(name)
}

func (s *Server) url(name string) string {
	return fmt.Sprintf("postgres://test@/%s?host=%s", name, s.folder)
}

// Restart stops the server at once, breaking all connections, and starts it again.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	require.NoError(t, s.stop())
	require.NoError(t, s.start())
}

// bin is the folder of PostgreSQL's programs; the test ends where there is none.
func bin(t testing.TB) string {
	t.Helper()
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // Debian's place; fails on a bad pattern only
	if len(found) == 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("PostgreSQL is not installed, and CI skips nothing")
		}
		t.Skip("SKIPPED: PostgreSQL is not installed")
	}
	return filepath.Dir(slices.Max(found))
}

func start(bin, fsync string) (*Server, error) {
	folder, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s := &Server{folder: folder, bin: bin, fsync: fsync}
	if err := s.dropRoot(); err != nil {
		return nil, err
	}
	initdb := s.command("initdb", "-D", s.data(), "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	return s, s.start()
}

// dropRoot chooses another user where this one is root, as PostgreSQL demands.
func (s *Server) dropRoot() error {
	if os.Getuid() != 0 {
		return nil
	}
	other, err := user.Lookup("nobody")
	if err != nil {
		return fmt.Errorf("find a user who is not root: %w", err)
	}
	uid, err := strconv.ParseUint(other.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(other.Gid, 10, 32)
	if err != nil {
		return err
	}
	s.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(s.folder, int(uid), int(gid))
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), filepath.Join(s.bin, name), args...) // it outlives the test that began it
	cmd.Dir = s.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner}
	endWithUs(cmd.SysProcAttr)
	return cmd
}

// start runs the server and waits until it answers.
func (s *Server) start() error {
	s.run = s.command("postgres", "-D", s.data(), "-c", "listen_addresses=", "-c", "unix_socket_directories="+s.folder,
		"-c", "fsync="+s.fsync, "-c", "max_connections=200", "-c", "log_min_messages=panic")
	s.run.Stderr = os.Stderr
	if err := s.run.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	db, err := sql.Open("pgx", s.url("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // only asked
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for db.PingContext(ctx) != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("postgres does not answer after %v", patience)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil
}

// stop ends the server at once ("immediate shutdown").
func (s *Server) stop() error {
	if err := s.run.Process.Signal(syscall.SIGQUIT); err != nil {
		return err
	}
	_ = s.run.Wait() // its status after a signal says nothing
	return nil
}

func (s *Server) end() error {
	_ = s.stop()
	return os.RemoveAll(s.folder)
}
