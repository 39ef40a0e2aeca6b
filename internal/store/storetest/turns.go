package storetest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

func firstContact(t *testing.T, s Store) {
	assertUntouched(t, s, mei)
	var given chat.Conversation
	_, err := s.Turn(t.Context(), mei, func(c chat.Conversation, _ func(string) bool) (chat.Commit, error) {
		given = c
		return answer(1), nil
	})
	require.NoError(t, err)
	assert.NotEmpty(t, given.ID, "a case opened in the first turn is named after it")
	assert.Equal(t, chat.Conversation{ID: given.ID, Address: mei}, given)

	stored, err := s.Conversation(t.Context(), mei)
	require.NoError(t, err)
	assert.Equal(t, given.ID, stored.ID)
	assert.Equal(t, "photo.upload", stored.Memory.Topic.Category)

	take(t, s, chen, answer(2))
	other, err := s.Conversation(t.Context(), chen)
	require.NoError(t, err)
	assert.NotEqual(t, stored.ID, other.ID)
	assert.Equal(t, chen, other.Address)
}

func numbering(t *testing.T, s Store) {
	first := take(t, s, mei, answer(1))
	second := take(t, s, mei, chat.Commit{Items: []chat.Item{{Kind: chat.Notice, At: noon}}})
	third := take(t, s, mei, answer(2))
	returned := append(append(first, second...), third...)
	log := AssertReplay(t, s, mei)
	require.Len(t, log, 5)
	assert.Equal(t, log, returned, "what is delivered is what is read again")
}

func emptyCommit(t *testing.T, s Store) {
	items := take(t, s, mei, chat.Commit{})
	assert.Empty(t, items)
	assertUntouched(t, s, mei)
}

func failedTurn(t *testing.T, s Store) {
	refused := errors.New("refused")
	items, err := s.Turn(t.Context(), mei, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		return answer(1), refused
	})
	assert.Equal(t, refused, err)
	assert.Empty(t, items)
	assertUntouched(t, s, mei)
	take(t, s, mei, answer(1))
	assert.Len(t, AssertReplay(t, s, mei), 2)
}

func panickingTurn(t *testing.T, s Store) {
	_, err := s.Turn(t.Context(), mei, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		panic("broken rule")
	})
	assert.ErrorContains(t, err, "broken rule")
	assertUntouched(t, s, mei)
	take(t, s, mei, answer(1))
}

func repeatedMessage(t *testing.T, s Store) {
	once := func(_ chat.Conversation, seen func(string) bool) (chat.Commit, error) {
		if seen("m1") {
			return chat.Commit{}, nil
		}
		return answer(1), nil
	}
	for _, want := range []int{2, 0, 0} {
		items, err := s.Turn(t.Context(), mei, once)
		require.NoError(t, err)
		assert.Len(t, items, want)
	}
	assert.Len(t, AssertReplay(t, s, mei), 2)

	_, err := s.Turn(t.Context(), chen, func(_ chat.Conversation, seen func(string) bool) (chat.Commit, error) {
		assert.False(t, seen("m1"), "IDs are unique for their address only")
		return chat.Commit{}, nil
	})
	require.NoError(t, err)
}

func repeatedCommit(t *testing.T, s Store) {
	take(t, s, mei, answer(1))
	again := answer(2)
	again.MessageIDs = []string{"m3", "m1"}
	_, err := s.Turn(t.Context(), mei, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		return again, nil
	})
	require.Error(t, err)
	assert.Len(t, AssertReplay(t, s, mei), 2)
}

func burst(t *testing.T, s Store) {
	c := answer(1)
	c.MessageIDs = []string{"m1", "m0", "m1"}
	take(t, s, mei, c)
	_, err := s.Turn(t.Context(), mei, func(_ chat.Conversation, seen func(string) bool) (chat.Commit, error) {
		assert.True(t, seen("m0"))
		assert.True(t, seen("m1"))
		assert.False(t, seen("m2"))
		return chat.Commit{}, nil
	})
	require.NoError(t, err)
}

// oneConversation adds to a list in the dialogue's memory: two turns that read the
// same state would lose an entry.
func oneConversation(t *testing.T, s Store) {
	const turns = 40
	var all sync.WaitGroup
	for n := range turns {
		all.Go(func() {
			_, err := s.Turn(t.Context(), mei, func(c chat.Conversation, _ func(string) bool) (chat.Commit, error) {
				var said []string
				if c.Memory.Topic != nil {
					said = c.Memory.Topic.Said
				}
				commit := answer(n)
				commit.Events[0].Memory.Topic.Said = append(slices.Clone(said), strconv.Itoa(n))
				return commit, nil
			})
			assert.NoError(t, err)
		})
	}
	all.Wait()
	assert.Len(t, AssertReplay(t, s, mei), 2*turns)
	c, err := s.Conversation(t.Context(), mei)
	require.NoError(t, err)
	require.NotNil(t, c.Memory.Topic)
	assert.Len(t, c.Memory.Topic.Said, turns)
}

// manyConversations fails every third turn and reads meanwhile.
func manyConversations(t *testing.T, s Store) {
	const people, turns = 12, 9
	refused := errors.New("refused")
	var all sync.WaitGroup
	for p := range people {
		who := chat.Address{Channel: "web", User: "person " + strconv.Itoa(p)}
		all.Go(func() {
			for n := range turns {
				_, err := s.Turn(t.Context(), who, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
					if n%3 == 2 {
						return answer(n), refused
					}
					commit := answer(n)
					commit.Events[0].ID = who.User + commit.Events[0].ID
					return commit, nil
				})
				if n%3 == 2 {
					assert.Equal(t, refused, err)
				} else {
					assert.NoError(t, err)
				}
				_, err = s.Log(t.Context(), who, 0, 100)
				assert.NoError(t, err)
			}
		})
	}
	all.Wait()
	for p := range people {
		who := chat.Address{Channel: "web", User: "person " + strconv.Itoa(p)}
		assert.Len(t, AssertReplay(t, s, who), 2*turns*2/3)
	}
}

func callerLeft(t *testing.T, s Store) {
	ctx, leave := context.WithCancel(t.Context())
	leave()
	_, err := s.Turn(ctx, mei, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		return answer(1), nil
	})
	require.ErrorIs(t, err, context.Canceled)
	assertUntouched(t, s, mei)
}

func callerLeaves(t *testing.T, s Store) {
	ctx, leave := context.WithCancel(t.Context())
	items, err := s.Turn(ctx, mei, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		leave()
		return answer(1), nil
	})
	require.NoError(t, err)
	assert.Len(t, items, 2)
	assert.Len(t, AssertReplay(t, s, mei), 2)
}

func texts(t *testing.T, s Store) {
	for n, text := range []string{
		"", "\x00", "a\x00b", "'; DROP TABLE items; --", "鍾乾昇 𠮷 👨‍👩‍👧", "\u2028\u2029<script>", `\u0000 {"json":"x"}`, "行\n二\t三", "$1 ?",
	} {
		commit := answer(n)
		commit.Items[0].Text = text
		commit.Events[0].Memory.Topic.Category = text
		take(t, s, mei, commit)
		log, err := s.Log(t.Context(), mei, int64(2*n), 1)
		require.NoError(t, err)
		require.Len(t, log, 1)
		assert.Equal(t, text, log[0].Text)
	}
	AssertReplay(t, s, mei)
}

func times(t *testing.T, s Store) {
	taipei := time.FixedZone("UTC+8", 8*60*60)
	local := noon.In(taipei)
	commit := chat.Commit{
		Items:  []chat.Item{{Kind: chat.FromUser, At: local, Text: "請問"}},
		Events: []chat.Event{turnEvent("e1", local)},
	}
	items := take(t, s, mei, commit)
	assert.Equal(t, noon, items[0].At)
	event, err := s.Event(t.Context(), "e1")
	require.NoError(t, err)
	assert.Equal(t, turnEvent("e1", noon), event)
	assert.Equal(t, local, commit.Items[0].At)
	assert.Equal(t, local, commit.Events[0].Memory.At)
}
