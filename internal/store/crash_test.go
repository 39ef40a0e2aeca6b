package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
	"verihelp/internal/store"
	"verihelp/internal/store/pgtest"
	"verihelp/internal/store/storetest"
)

// childOf names the database that this test binary, started again, writes until
// it is killed.
const childOf = "STORE_TEST_CHILD_OF"

const senders = 8 // people who write at the same time in the child

func TestMain(m *testing.M) {
	if path := os.Getenv(childOf); path != "" {
		if err := writeForEver(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(pgtest.Run(m))
}

func sender(n int) chat.Address { return chat.Address{Channel: "web", User: strconv.Itoa(n)} }

// writeForEver sends numbered messages for every sender and prints "sender
// number" for each that the store says is committed. Like a client that had no
// answer, each sender begins with the last message of the run before.
func writeForEver(path string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, path, store.Options{NewID: func() string { return strconv.FormatInt(time.Now().UnixNano(), 36) }})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for n := range senders {
		go func() {
			c, err := s.Conversation(ctx, sender(n))
			for i := max(c.LastSeq, 1); err == nil; i++ {
				if err = send(ctx, s, sender(n), strconv.FormatInt(i, 10)); err == nil {
					fmt.Printf("%d %d\n", n, i)
				}
			}
			failed <- err
		}()
	}
	return <-failed
}

func send(ctx context.Context, s *store.Store, who chat.Address, id string) error {
	_, err := s.Turn(ctx, who, func(_ chat.Conversation, seen func(string) bool) (chat.Commit, error) {
		if seen(id) {
			return chat.Commit{}, nil
		}
		return chat.Commit{
			MessageIDs: []string{id},
			Items:      []chat.Item{{Kind: chat.FromUser, Message: id, Text: "照片一直上傳失敗"}},
			Events:     []chat.Event{{ID: who.User + "/" + id, Kind: chat.EventTurn, Memory: &chat.Memory{Lang: id}}},
		}, nil
	})
	return err
}

// child starts the writing process; its first line says that it holds the
// database.
func child(t *testing.T, path string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childOf+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	return cmd, bufio.NewScanner(out)
}

func TestNothingIsLostOrDoubledByKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	acknowledged := map[int]int64{}
	for _, lines := range []int{1, 7, 150, 400, 40} {
		cmd, out := child(t, path)
		for i := 0; out.Scan(); i++ {
			if i == lines {
				require.NoError(t, cmd.Process.Kill())
			}
			note(t, acknowledged, out.Text()) // also what was said before the end came
		}
		assert.ErrorContains(t, cmd.Wait(), "killed")

		s := open(t, path)
		for n := range senders {
			log := storetest.AssertReplay(t, s, sender(n))
			assert.GreaterOrEqual(t, int64(len(log)), acknowledged[n])
			for i, item := range log {
				assert.Equal(t, strconv.Itoa(i+1), item.Message, "each message once, in order")
			}
		}
		require.NoError(t, s.Close())
	}
}

// note reads an acknowledgement. A line that the kill cut off says nothing.
func note(t *testing.T, acknowledged map[int]int64, line string) {
	t.Helper()
	who, number, whole := strings.Cut(line, " ")
	if !whole || number == "" {
		return
	}
	n, err := strconv.Atoi(who)
	require.NoError(t, err)
	i, err := strconv.ParseInt(number, 10, 64)
	require.NoError(t, err)
	acknowledged[n] = max(acknowledged[n], i)
}

func TestASecondProcessIsRefusedUntilTheFirstEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	cmd, out := child(t, path)
	require.True(t, out.Scan())

	_, err := store.Open(t.Context(), path, options())
	require.ErrorContains(t, err, "another process is using it: stop that one first")
	assert.NotContains(t, err.Error(), "\n")
	r, err := store.OpenReader(t.Context(), path, store.Options{})
	require.NoError(t, err)
	_, err = r.Conversation(t.Context(), sender(0))
	require.NoError(t, err)
	require.NoError(t, r.Close())

	require.NoError(t, cmd.Process.Kill())
	for out.Scan() { // until the pipe is closed
	}
	require.Error(t, cmd.Wait())
	require.NoError(t, open(t, path).Close())
}
