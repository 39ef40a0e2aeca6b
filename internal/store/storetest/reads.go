package storetest

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

func replay(t *testing.T, s Store) {
	take(t, s, mei, answer(1))
	opened := chat.Case{ID: "c-1", Address: mei, State: chat.CaseWaiting, OpenedAt: noon, ChangedAt: noon}
	two := answer(2)
	two.Events = append(two.Events, caseEvent("open", chat.CaseOpened, opened))
	take(t, s, mei, two)
	AssertReplay(t, s, mei)

	closed := opened
	closed.State = chat.CaseClosed
	take(t, s, mei, chat.Commit{Events: []chat.Event{caseEvent("close", chat.CaseClose, closed)}})
	take(t, s, mei, answer(3))
	assert.Len(t, AssertReplay(t, s, mei), 6)
	c, err := s.Conversation(t.Context(), mei)
	require.NoError(t, err)
	assert.Equal(t, 1, c.Cases)
	assert.Nil(t, c.Case)
}

func events(t *testing.T, s Store) {
	for n := range 3 {
		take(t, s, mei, answer(n))
	}
	all, err := s.Events(t.Context(), mei)
	require.NoError(t, err)
	require.Len(t, all, 3)
	for n, e := range all {
		assert.Equal(t, answer(n).Events[0], e)
		one, err := s.Event(t.Context(), e.ID)
		require.NoError(t, err)
		assert.Equal(t, e, one)
	}
	_, err = s.Event(t.Context(), "none")
	assert.ErrorIs(t, err, chat.ErrUnknownEvent)
}

func repeatedEvent(t *testing.T, s Store) {
	take(t, s, mei, answer(1))
	_, err := s.Turn(t.Context(), chen, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
		return answer(1), nil
	})
	require.Error(t, err)
	assertUntouched(t, s, chen)
}

func pages(t *testing.T, s Store) {
	for n := range 5 {
		take(t, s, mei, answer(n))
	}
	for _, page := range []struct {
		after int64
		limit int
		want  []int64
	}{
		{0, 3, []int64{1, 2, 3}},
		{3, 3, []int64{4, 5, 6}},
		{9, 3, []int64{10}},
		{10, 3, nil},
		{99, 3, nil},
		{-1, 1, []int64{1}},
		{0, 0, nil},
		{0, -1, nil},
	} {
		items, err := s.Log(t.Context(), mei, page.after, page.limit)
		require.NoError(t, err)
		var got []int64
		for _, item := range items {
			got = append(got, item.Seq)
		}
		assert.Equal(t, page.want, got, "after %d, limit %d", page.after, page.limit)
	}
}

// urgency opens cases in an order that is not theirs, with times that differ by
// parts of a second and by their zone.
func urgency(t *testing.T, s Store) {
	taipei := time.FixedZone("UTC+8", 8*60*60)
	for i, c := range []chat.Case{
		{ID: "third", OpenedAt: noon.Add(time.Millisecond).In(taipei)},
		{ID: "second", OpenedAt: noon, Priority: true},
		{ID: "fourth", OpenedAt: noon.Add(time.Second), State: chat.CaseClaimed},
		{ID: "closed", OpenedAt: noon, State: chat.CaseClosed, Priority: true},
		{ID: "first", OpenedAt: noon.Truncate(time.Second), Priority: true},
		{ID: "handed back", OpenedAt: noon, State: chat.CaseHandedBack},
	} {
		c.Address = chat.Address{Channel: "web", User: strconv.Itoa(i)}
		if c.State == "" {
			c.State = chat.CaseWaiting
		}
		take(t, s, c.Address, chat.Commit{Events: []chat.Event{caseEvent("open "+c.ID, chat.CaseOpened, c)}})
	}
	assert.Equal(t, []string{"first", "second", "third", "fourth"}, caseIDs(t, s, true))
	assert.Equal(t, []string{"first", "closed", "second", "handed back", "third", "fourth"}, caseIDs(t, s, false))
	late, err := s.CasesSince(t.Context(), noon.Add(time.Millisecond))
	require.NoError(t, err)
	require.Len(t, late, 2)
	assert.Equal(t, []string{"third", "fourth"}, []string{late[0].ID, late[1].ID})
}

func caseIDs(t *testing.T, s Store, openOnly bool) []string {
	t.Helper()
	cases, err := s.Cases(t.Context(), openOnly)
	require.NoError(t, err)
	var ids []string
	for _, c := range cases {
		ids = append(ids, c.ID)
	}
	return ids
}

func caseLife(t *testing.T, s Store) {
	_, err := s.Case(t.Context(), "c-1")
	require.ErrorIs(t, err, chat.ErrUnknownCase)
	assert.Empty(t, caseIDs(t, s, false))

	c := chat.Case{
		ID: "c-1", Address: mei, State: chat.CaseWaiting, Title: "證件被佔用", Tried: []string{"photo.upload"},
		OpenedAt: noon, ChangedAt: noon, LastUser: noon,
	}
	for _, step := range []struct {
		change chat.CaseChange
		state  chat.CaseState
		open   bool
	}{
		{chat.CaseOpened, chat.CaseWaiting, true},
		{chat.CaseClaim, chat.CaseClaimed, true},
		{chat.CaseRelease, chat.CaseWaiting, true},
		{chat.CaseClaim, chat.CaseClaimed, true},
		{chat.CaseHandBack, chat.CaseHandedBack, false},
	} {
		c.State, c.ChangedAt = step.state, c.ChangedAt.Add(time.Minute)
		take(t, s, mei, chat.Commit{Events: []chat.Event{caseEvent(c.ChangedAt.String(), step.change, c)}})
		stored, err := s.Case(t.Context(), "c-1")
		require.NoError(t, err)
		assert.Equal(t, c, stored)
		assert.Equal(t, step.open, len(caseIDs(t, s, true)) == 1)
	}
	AssertReplay(t, s, mei)
}
