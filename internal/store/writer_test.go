package store

import (
	"errors"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

func person(n int) chat.Address {
	return chat.Address{Channel: "web", User: "person " + strconv.Itoa(n)}
}

// hold starts a turn that stays in its function until release is called.
func hold(s *Store, t *testing.T) (release func()) {
	held := make(chan struct{})
	go func() {
		_, err := s.Turn(t.Context(), mei, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
			<-held
			return chat.Commit{}, nil
		})
		assert.NoError(t, err)
	}()
	synctest.Wait()
	return func() { close(held); synctest.Wait() }
}

func TestWaitingTurnsShareACommit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	synctest.Test(t, func(t *testing.T) {
		s := openFile(t, path)
		release := hold(s, t)
		const people = 20
		open := 0 // turns taken, none of which is committed yet
		for n := range people {
			go func() {
				_, err := s.Turn(t.Context(), person(n), func(chat.Conversation, func(string) bool) (chat.Commit, error) {
					open++
					var committed int
					err := s.db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM items`).Scan(&committed)
					assert.NoError(t, err)
					assert.Zero(t, committed)
					return chat.Commit{Items: []chat.Item{{Kind: chat.FromUser, Text: "在嗎"}}}, nil
				})
				assert.NoError(t, err)
			}()
		}
		synctest.Wait()
		release()
		assert.Equal(t, people, open)
		for n := range people {
			log, err := s.Log(t.Context(), person(n), 0, 10)
			require.NoError(t, err)
			assert.Len(t, log, 1)
		}
	})
}

func TestATurnThatFailsLeavesItsGroupAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	synctest.Test(t, func(t *testing.T) {
		s := openFile(t, path)
		refused := errors.New("refused")
		release := hold(s, t)
		const people = 12
		results := make([]error, people)
		for n := range people {
			go func() {
				_, results[n] = s.Turn(t.Context(), person(n), func(chat.Conversation, func(string) bool) (chat.Commit, error) {
					commit := chat.Commit{MessageIDs: []string{"m1"}, Items: []chat.Item{{Kind: chat.FromUser, Text: "在嗎"}}}
					switch n % 4 {
					case 1:
						return commit, refused
					case 2:
						panic("broken rule")
					case 3:
						commit.MessageIDs = []string{""} // breaks a constraint in the middle of saving
					}
					return commit, nil
				})
			}()
		}
		synctest.Wait()
		release()
		for n, err := range results {
			var panicked *PanicError
			switch n % 4 {
			case 0:
				assert.NoError(t, err)
			case 1:
				assert.Equal(t, refused, err)
			case 2:
				require.ErrorAs(t, err, &panicked)
				assert.Contains(t, string(panicked.Stack), "TestATurnThatFails")
			case 3:
				assert.ErrorContains(t, err, "constraint")
			}
			log, readErr := s.Log(t.Context(), person(n), 0, 10)
			require.NoError(t, readErr)
			assert.Equal(t, err == nil, len(log) == 1)
		}
	})
}

func TestCloseWaitsForTheGroupAndAnswersEverybody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	synctest.Test(t, func(t *testing.T) {
		s := openFile(t, path)
		release := hold(s, t)
		result := make(chan error, 1)
		go func() { result <- say(s, t, person(1), "m1", "在嗎") }()
		synctest.Wait()
		go func() { assert.NoError(t, s.Close()) }()
		synctest.Wait()
		release()
		require.NoError(t, <-result, "it waited before the end, so it is in the group")

		log, err := openFile(t, path).Log(t.Context(), person(1), 0, 10)
		require.NoError(t, err)
		assert.Len(t, log, 1)
	})
}

// A decision that ends its goroutine, as a failed test does, must not leave
// callers waiting for ever.
func TestADecisionThatEndsTheWriterAnswersEverybody(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "bot.db"))
	_, err := s.Turn(t.Context(), mei, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		runtime.Goexit()
		return chat.Commit{}, nil
	})
	require.ErrorIs(t, err, errAborted)
	assert.ErrorIs(t, say(s, t, mei, "m1", "你好"), ErrClosed)
}
