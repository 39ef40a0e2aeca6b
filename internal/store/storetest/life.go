package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

// Keeper is what keeps attachments and lets go of people.
type Keeper interface {
	Outbox
	SaveFile(ctx context.Context, who chat.Address, f chat.File, body []byte, at, expires time.Time, byStaff bool) error
	FileInfo(ctx context.Context, who chat.Address, id string, now time.Time) (chat.File, error)
	LoadFile(ctx context.Context, who chat.Address, id string, now time.Time) (chat.File, []byte, error)
	FilesSince(ctx context.Context, who chat.Address, since time.Time) (int, int64, error)
	CasesOf(ctx context.Context, who chat.Address) ([]chat.Case, error)
	Erase(ctx context.Context, who chat.Address, last func(chat.Conversation) (farewell, anew chat.Commit)) error
	Expire(ctx context.Context, before, now time.Time, limit int) (int, error)
	Adopt(ctx context.Context, from, to chat.Address, then func(chat.Conversation) chat.Commit) error
}

// RunLife plays the stories of attachments, erasure, retention and adoption.
func RunLife(t *testing.T, open func(t *testing.T) Keeper) {
	for name, story := range map[string]func(*testing.T, Keeper){
		"an attachment is its person's, until it expires":       attachments,
		"who is erased has never been here":                     erasure,
		"what is old goes, an open case stays":                  retention,
		"a conversation is adopted with its case and its files": adoption,
		"two logs become one":                                   merging,
		"an open case outlives a past that is adopted":          pastCase,
		"who is adopted is told of in the same commit":          adoptionIsTold,
		"who is erased is told of, and stays blocked":           erasureIsTold,
		"what staff take back is not kept":                      takenBack,
		"two open cases stay apart":                             twoCases,
		"who has nothing is adopted without a trace":            nothingToAdopt,
	} {
		t.Run(name, func(t *testing.T) { story(t, open(t)) })
	}
}

var screenshot = chat.File{ID: "f1", Name: "畫面.png", Type: "image/png", Size: 3, Width: 10, Height: 20}

func attachments(t *testing.T, s Keeper) {
	expires := Now.Add(time.Hour)
	save := func(who chat.Address) error {
		return s.SaveFile(t.Context(), who, screenshot, []byte{1, 2, 3}, Now, expires, false)
	}
	assert.Error(t, save(mei), "nobody attaches before the first word")
	take(t, s, mei, answer(1))
	take(t, s, chen, answer(2))
	require.NoError(t, save(mei))

	f, body, err := s.LoadFile(t.Context(), mei, "f1", Now)
	require.NoError(t, err)
	assert.Equal(t, screenshot, f)
	assert.Equal(t, []byte{1, 2, 3}, body)
	f, err = s.FileInfo(t.Context(), mei, "f1", Now)
	require.NoError(t, err)
	assert.Equal(t, screenshot, f)
	count, bytes, err := s.FilesSince(t.Context(), mei, Now)
	require.NoError(t, err)
	assert.Equal(t, []int64{1, 3}, []int64{int64(count), bytes})
	guide := chat.File{ID: "f2", Name: "指引.png", Type: "image/png", Size: 2}
	require.NoError(t, s.SaveFile(t.Context(), mei, guide, []byte{1, 2}, Now, expires, true))
	count, _, err = s.FilesSince(t.Context(), mei, Now)
	require.NoError(t, err)
	assert.Equal(t, 1, count, "what staff send is not the person's")

	unknown := func(why string, who chat.Address, now time.Time) {
		_, _, err := s.LoadFile(t.Context(), who, "f1", now)
		assert.ErrorIs(t, err, chat.ErrUnknownFile, why)
		_, err = s.FileInfo(t.Context(), who, "f1", now)
		assert.ErrorIs(t, err, chat.ErrUnknownFile, why)
	}
	unknown("somebody else's", chen, Now)
	unknown("expired", mei, expires)
}

// openCase commits a case of an address, and tells a desk of it.
func openCase(t *testing.T, s Store, who chat.Address, id string) {
	t.Helper()
	c := chat.Case{ID: id, Address: who, State: chat.CaseWaiting, Category: "face.rare_character", OpenedAt: noon.UTC(), ChangedAt: noon.UTC()}
	e := caseEvent("open-"+id, chat.CaseOpened, c)
	take(t, s, who, chat.Commit{
		Items:  []chat.Item{{Kind: chat.FromUser, At: noon, Text: "名字裡的字打不出來"}},
		Events: []chat.Event{e},
		Outbox: []chat.Delivery{{Event: e.ID, To: chat.Destination{Kind: chat.ToDesk, Name: "slack", Key: id}}},
	})
}

func erasure(t *testing.T, s Keeper) {
	take(t, s, mei, answer(1))
	openCase(t, s, mei, "K7-1")
	require.NoError(t, s.SaveFile(t.Context(), mei, screenshot, []byte{1, 2, 3}, Now, Now.Add(time.Hour), false))
	take(t, s, chen, answer(2))
	require.NoError(t, s.Erase(t.Context(), mei, nil))

	assertUntouched(t, s, mei)
	_, err := s.Event(t.Context(), "em1")
	assert.ErrorIs(t, err, chat.ErrUnknownEvent)
	cases, err := s.Cases(t.Context(), false)
	require.NoError(t, err)
	assert.Empty(t, cases)
	_, _, err = s.LoadFile(t.Context(), mei, "f1", Now)
	assert.ErrorIs(t, err, chat.ErrUnknownFile)
	due, err := s.DueDestinations(t.Context(), Now, 10)
	require.NoError(t, err)
	assert.Empty(t, due)
	assert.Len(t, AssertReplay(t, s, chen), 2, "others are left alone")

	assert.Error(t, s.Erase(t.Context(), mei, nil), "there is nobody any more")
	take(t, s, mei, answer(3))
	assert.Len(t, AssertReplay(t, s, mei), 2, "who comes again begins anew")
}

func retention(t *testing.T, s Keeper) {
	take(t, s, mei, answer(1))
	openCase(t, s, chen, "K8-1")
	require.NoError(t, s.SaveFile(t.Context(), chen, screenshot, []byte{1, 2, 3}, Now, Now.Add(time.Hour), false))

	deleted, err := s.Expire(t.Context(), Now, Now, 10)
	require.NoError(t, err)
	assert.Zero(t, deleted, "nothing is older than now")
	deleted, err = s.Expire(t.Context(), Now.Add(time.Hour), Now.Add(time.Hour), 10)
	require.NoError(t, err)
	assert.Equal(t, 1, deleted)
	assertUntouched(t, s, mei)
	assert.Len(t, AssertReplay(t, s, chen), 1, "staff still have to answer")
	count, _, err := s.FilesSince(t.Context(), chen, Now)
	require.NoError(t, err)
	assert.Zero(t, count, "its file has expired all the same")
}

func adoption(t *testing.T, s Keeper) {
	take(t, s, mei, answer(1))
	openCase(t, s, mei, "K7-1")
	require.NoError(t, s.SaveFile(t.Context(), mei, screenshot, []byte{1, 2, 3}, Now, Now.Add(time.Hour), false))
	require.NoError(t, s.Adopt(t.Context(), mei, chen, nil))

	assertUntouched(t, s, mei)
	assert.Len(t, AssertReplay(t, s, chen), 3)
	c, err := s.Case(t.Context(), "K7-1")
	require.NoError(t, err)
	assert.Equal(t, chen, c.Address, "what staff write reaches the new address")
	owned, err := s.CasesOf(t.Context(), chen)
	require.NoError(t, err)
	assert.Equal(t, []chat.Case{c}, owned)
	_, body, err := s.LoadFile(t.Context(), chen, "f1", Now)
	require.NoError(t, err)
	assert.Equal(t, []byte{1, 2, 3}, body)
	d, ok := taken(t, s, chat.Destination{Kind: chat.ToDesk, Name: "slack", Key: "K7-1"}, "a", Now)
	require.True(t, ok)
	assert.Equal(t, []int64{3, 3}, []int64{d.First, d.Last})
	assert.Equal(t, chen, d.Address)

	repeated := false
	_, err = s.Turn(t.Context(), chen, func(_ chat.Conversation, seen func(string) bool) (chat.Commit, error) {
		repeated = seen("m1")
		return chat.Commit{}, nil
	})
	require.NoError(t, err)
	assert.True(t, repeated, "a client that repeats a message after signing in is not answered twice")
}

func merging(t *testing.T, s Keeper) {
	take(t, s, chen, answer(1))
	take(t, s, mei, answer(2))
	openCase(t, s, mei, "K7-1")
	require.NoError(t, s.Adopt(t.Context(), mei, chen, nil))
	log := AssertReplay(t, s, chen)
	require.Len(t, log, 5)
	assert.Equal(t, []string{"m1", "m2"}, []string{log[0].Message, log[2].Message})
	d, ok := taken(t, s, chat.Destination{Kind: chat.ToDesk, Name: "slack", Key: "K7-1"}, "a", Now)
	require.True(t, ok)
	assert.Equal(t, []int64{5, 5}, []int64{d.First, d.Last}, "its item has a new number")
}

func pastCase(t *testing.T, s Keeper) {
	openCase(t, s, mei, "K7-1")
	closed := chat.Case{ID: "K7-1", Address: mei, State: chat.CaseClosed, OpenedAt: noon.UTC(), ChangedAt: noon.UTC()}
	take(t, s, mei, chat.Commit{Events: []chat.Event{caseEvent("close-K7-1", chat.CaseClose, closed)}})
	openCase(t, s, chen, "K8-1")
	require.NoError(t, s.Adopt(t.Context(), mei, chen, nil))
	assert.Len(t, AssertReplay(t, s, chen), 2)
	c, err := s.Conversation(t.Context(), chen)
	require.NoError(t, err)
	require.NotNil(t, c.Case, "staff still have it")
	assert.Equal(t, "K8-1", c.Case.ID)
}

func adoptionIsTold(t *testing.T, s Keeper) {
	openCase(t, s, mei, "K7-1")
	desk := chat.Destination{Kind: chat.ToDesk, Name: "slack", Key: "K7-1"}
	require.NoError(t, s.Adopt(t.Context(), mei, chen, func(c chat.Conversation) chat.Commit {
		assert.Equal(t, chen, c.Case.Address)
		return chat.Commit{
			Events: []chat.Event{caseEvent("adopt", chat.CaseAdopt, *c.Case)},
			Outbox: []chat.Delivery{{Event: "adopt", To: desk}},
		}
	}))
	settled(t, s, desk, chat.DeliverySent, Now, Now) // of its opening
	d, ok := taken(t, s, desk, "a", Now)
	require.True(t, ok)
	assert.Equal(t, "adopt", d.Event)
	AssertReplay(t, s, chen)
}

func erasureIsTold(t *testing.T, s Keeper) {
	openCase(t, s, mei, "K7-1")
	desk := chat.Destination{Kind: chat.ToDesk, Name: "slack", Key: "K7-1"}
	blocked := chat.Event{ID: "block", Kind: chat.EventCase, At: Now, Change: chat.CaseBlock}
	require.NoError(t, s.Erase(t.Context(), mei, func(c chat.Conversation) (farewell, anew chat.Commit) {
		stub := chat.Case{ID: c.Case.ID, State: chat.CaseCancelled, ChangedAt: Now}
		farewell.Events = []chat.Event{caseEvent("gone", chat.CaseErase, stub)}
		farewell.Outbox = []chat.Delivery{{Event: "gone", To: desk}}
		anew.Events = []chat.Event{blocked}
		return farewell, anew
	}))
	d, ok := taken(t, s, desk, "a", Now)
	require.True(t, ok)
	e, err := s.Event(t.Context(), d.Event)
	require.NoError(t, err)
	assert.Equal(t, chat.CaseErase, e.Change)
	assert.NotEqual(t, mei, d.Address, "the row does not name the person any more")
	c, err := s.Conversation(t.Context(), mei)
	require.NoError(t, err)
	assert.Equal(t, Now.Add(chat.BlockTime), c.Blocked, "erasure lifts no block")
	assert.Empty(t, AssertReplay(t, s, mei))
}

func takenBack(t *testing.T, s Keeper) {
	take(t, s, mei, answer(1))
	take(t, s, mei, chat.Commit{Items: []chat.Item{{Kind: chat.FromStaff, At: noon, Text: "別人的資料", Files: []chat.File{screenshot}}}})
	require.NoError(t, s.SaveFile(t.Context(), mei, screenshot, []byte{1, 2, 3}, Now, Now.Add(time.Hour), false))
	corrected := chat.Item{Kind: chat.FromStaff, At: noon, Text: "您的資料", Edits: 3, Files: []chat.File{screenshot}}
	take(t, s, mei, chat.Commit{Items: []chat.Item{corrected}, Blank: []int64{3}})
	_, _, err := s.LoadFile(t.Context(), mei, screenshot.ID, Now)
	require.NoError(t, err, "what the correction has, too, stays")
	take(t, s, mei, chat.Commit{Items: []chat.Item{{Kind: chat.FromStaff, At: noon, Edits: 3, Gone: true}}, Blank: []int64{3, 4}})

	log := AssertReplay(t, s, mei)
	assert.Equal(t, chat.Item{Seq: 3, Kind: chat.FromStaff, At: noon.UTC()}, log[2], "its place is kept, its words are not")
	assert.Equal(t, chat.Item{Seq: 4, Kind: chat.FromStaff, At: noon.UTC(), Edits: 3}, log[3])
	assert.NotEmpty(t, log[0].Text, "others are left alone")
	_, _, err = s.LoadFile(t.Context(), mei, screenshot.ID, Now)
	assert.ErrorIs(t, err, chat.ErrUnknownFile)
}

func twoCases(t *testing.T, s Keeper) {
	openCase(t, s, mei, "K7-1")
	openCase(t, s, chen, "K8-1")
	require.Error(t, s.Adopt(t.Context(), mei, chen, nil))
	assert.Len(t, AssertReplay(t, s, mei), 1)
	assert.Len(t, AssertReplay(t, s, chen), 1)
}

func nothingToAdopt(t *testing.T, s Keeper) {
	require.NoError(t, s.Adopt(t.Context(), mei, chen, nil))
	assertUntouched(t, s, chen)
}
