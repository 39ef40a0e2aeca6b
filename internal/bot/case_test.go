package bot_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/bot"
	"verihelp/internal/chat"
	"verihelp/internal/hours"
)

// open is a rig in which the user has asked for a person.
func open(t *testing.T, changes ...func(*bot.Config)) *rig {
	t.Helper()
	r := newRig(t, 0, "", changes...)
	require.NoError(t, <-r.send(t, "1", "person"))
	return r
}

// do is a staff action by 安.
func (r *rig) do(t *testing.T, id string, a chat.StaffAction) error {
	t.Helper()
	cases, err := r.bot.Cases(t.Context(), false)
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	a.ID, a.CaseID, a.Agent = id, cases[0].ID, chat.Agent{ID: "安", Name: "安"}
	if a.At.IsZero() {
		a.At = morning
	}
	return r.bot.Handle(t.Context(), a)
}

// at sends a message of the user at a later time.
func (r *rig) at(t *testing.T, id string, later time.Duration, m chat.Message) {
	t.Helper()
	m.ID, m.From, m.At = id, r.who, morning.Add(later)
	require.NoError(t, <-r.bot.Receive(t.Context(), m))
}

func (r *rig) the(t *testing.T) chat.Case {
	t.Helper()
	cases, err := r.bot.Cases(t.Context(), false)
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	return cases[0]
}

func (r *rig) last() chat.Item { return r.screen.items[len(r.screen.items)-1] }

func (r *rig) changes() []chat.CaseChange {
	var out []chat.CaseChange
	for _, u := range r.board.updates {
		out = append(out, u.Change)
	}
	return out
}

func TestACaseIsPassedOnAndPutAside(t *testing.T) {
	r := open(t)
	require.NoError(t, r.do(t, "s1", chat.StaffAction{Change: chat.CaseClaim}))
	require.NoError(t, r.do(t, "s2", chat.StaffAction{Change: chat.CasePend}))
	assert.Equal(t, "pend 安", r.last().PlainText())
	r.at(t, "2", time.Minute, chat.Message{Text: "我找到了"})
	assert.Equal(t, chat.CaseClaimed, r.the(t).State, "the user's words wake it")
	assert.Equal(t, chat.CaseClaimed, r.last().Case.State, "and the user's page knows")

	require.NoError(t, r.do(t, "s3", chat.StaffAction{Change: chat.CaseSnooze, Until: morning.Add(time.Hour)}))
	assert.Equal(t, chat.FromUser, r.last().Kind, "nothing is said about it")
	require.NoError(t, r.do(t, "s4", chat.StaffAction{Change: chat.CaseClaim}))
	assert.Equal(t, chat.CaseClaimed, r.the(t).State)
	assert.Equal(t, chat.FromUser, r.last().Kind, "the user knows who it is")

	require.NoError(t, r.do(t, "s5", chat.StaffAction{Change: chat.CaseTransfer, To: chat.Agent{ID: "平", Name: "平"}}))
	assert.Equal(t, "transfer 安", r.last().PlainText())
	assert.Equal(t, "平", r.last().Case.Agent)
	assert.ErrorIs(t, r.do(t, "s6", chat.StaffAction{Change: chat.CaseReply, Text: "還有"}), chat.ErrCaseHeld)
	require.NoError(t, r.do(t, "s7", chat.StaffAction{Change: chat.CaseLabel, Label: "app.camera"}), "a label is anybody's")
	assert.Equal(t, "app.camera", r.the(t).Label)
	assert.Equal(t, []chat.CaseChange{"open", "claim", "pend", "message", "snooze", "claim", "transfer", "label"}, r.changes())
}

func TestStaffCorrectOnlyTheirOwnWords(t *testing.T) {
	r := open(t)
	require.NoError(t, r.do(t, "s1", chat.StaffAction{Change: chat.CaseClaim}))
	guide := []chat.File{{ID: "f1", Name: "指引.png", Type: "image/png", Size: 2}}
	require.NoError(t, r.do(t, "s2", chat.StaffAction{Change: chat.CaseReply, Text: "請上傳護照", Files: guide}))
	words := r.last()
	require.NoError(t, r.do(t, "s3", chat.StaffAction{Change: chat.CaseEdit, Seq: words.Seq, Text: "請準備護照"}))
	assert.Equal(t, chat.Item{Seq: words.Seq + 1, Kind: chat.FromStaff, At: morning, Agent: "安", AgentID: "安", Text: "請準備護照", Files: guide, Edits: words.Seq, Case: r.last().Case}, r.last())
	namesake := chat.Agent{ID: "安二", Name: "安"}
	require.NoError(t, r.do(t, "s3b", chat.StaffAction{Change: chat.CaseTransfer, To: namesake}))
	theirs := chat.StaffAction{CaseID: r.the(t).ID, Agent: namesake, Change: chat.CaseDelete, Seq: words.Seq, At: morning}
	theirs.ID = "s3c"
	assert.ErrorIs(t, r.bot.Handle(t.Context(), theirs), chat.ErrNotStaffs, "words of a colleague of the same name")
	back := chat.StaffAction{ID: "s3d", CaseID: theirs.CaseID, Agent: namesake, Change: chat.CaseTransfer, To: chat.Agent{ID: "安", Name: "安"}, At: morning}
	require.NoError(t, r.bot.Handle(t.Context(), back))
	require.NoError(t, r.do(t, "s4", chat.StaffAction{Change: chat.CaseDelete, Seq: words.Seq}))
	assert.True(t, r.last().Gone)
	log, err := r.bot.Log(t.Context(), r.who, 0, 100)
	require.NoError(t, err)
	for _, item := range log {
		assert.NotContains(t, item.Text, "護照", "no form of what was taken back is kept")
	}
	assert.ErrorIs(t, r.do(t, "s4b", chat.StaffAction{Change: chat.CaseEdit, Seq: words.Seq, Text: "又來"}), chat.ErrNotStaffs, "what is gone stays gone")
	for i, seq := range []int64{-1, 0, 1, 2, 3, words.Seq + 1, words.Seq + 9} {
		assert.ErrorIs(t, r.do(t, "x"+strconv.Itoa(i), chat.StaffAction{Change: chat.CaseEdit, Seq: seq, Text: "x"}), chat.ErrNotStaffs, "item %d", seq)
	}
	require.NoError(t, r.do(t, "s5", chat.StaffAction{Change: chat.CaseTransfer, To: chat.Agent{ID: "平", Name: "平"}}))
	a := chat.StaffAction{ID: "s6", CaseID: r.the(t).ID, Agent: chat.Agent{ID: "平", Name: "平"}, Change: chat.CaseDelete, Seq: words.Seq, At: morning}
	assert.ErrorIs(t, r.bot.Handle(t.Context(), a), chat.ErrNotStaffs, "a colleague's words")
}

func TestAClosedCaseIsRatedAndOpenedAgain(t *testing.T) {
	r := open(t)
	require.NoError(t, r.do(t, "s1", chat.StaffAction{Change: chat.CaseClaim}))
	require.NoError(t, r.do(t, "s2", chat.StaffAction{Change: chat.CaseClose, Text: "已說明"}))
	assert.Equal(t, "已說明", r.the(t).Reason)
	r.at(t, "2", time.Minute, chat.Message{Rating: 4, Text: "很快，我的密碼是 sausage12345"})
	rated := r.the(t)
	assert.Equal(t, 4, rated.Rating)
	assert.Contains(t, rated.Comment, "很快")
	assert.NotContains(t, rated.Comment, "sausage")
	assert.Equal(t, chat.CaseClosed, rated.State)
	items, err := r.bot.Log(t.Context(), r.who, 0, 100)
	require.NoError(t, err)
	assert.Contains(t, items[len(items)-2].Text, "★★★★☆ 很快", "people read the stars in the log, too")

	r.at(t, "3", time.Hour, chat.Message{Text: "again"})
	again := r.the(t)
	assert.Equal(t, rated.ID, again.ID, "the same case")
	assert.Equal(t, "安", again.Agent.Name, "straight back to who had it")
	all, err := r.bot.Cases(t.Context(), false)
	require.NoError(t, err)
	assert.Len(t, all, 1)
	require.NoError(t, r.do(t, "s3", chat.StaffAction{Change: chat.CaseReply, Text: "我再看看"}))
	assert.Equal(t, []chat.CaseChange{"open", "claim", "close", "rate", "reopen", "reply"}, r.changes())
}

func TestABlockedPersonIsKnownToTheEngine(t *testing.T) {
	r := open(t)
	require.NoError(t, r.do(t, "s1", chat.StaffAction{Change: chat.CaseClaim}))
	require.NoError(t, r.do(t, "s2", chat.StaffAction{Change: chat.CaseBlock, Text: "謾罵"}))
	c, err := r.store.Conversation(t.Context(), r.who)
	require.NoError(t, err)
	assert.Equal(t, morning.Add(chat.BlockTime), c.Blocked)
	require.NoError(t, r.do(t, "s3", chat.StaffAction{Change: chat.CaseLabel, Label: "unclear"}), "staff can still label it")
}

func TestThePlaceIsThatOfTheOrderStaffSee(t *testing.T) {
	r := newRig(t, 0, "")
	for i := range 3 {
		m := chat.Message{ID: "1", From: chat.Address{Channel: "web", User: strconv.Itoa(i)}, Text: "person", At: morning.Add(time.Duration(i) * time.Minute)}
		require.NoError(t, <-r.bot.Receive(t.Context(), m))
		assert.Equal(t, i, r.engine.queue.Ahead, "a new case comes last")
	}
	third := chat.Address{Channel: "web", User: "2"}
	ask := func(id string) int {
		require.NoError(t, <-r.bot.Receive(t.Context(), chat.Message{ID: id, From: third, Text: "還要多久", At: morning.Add(time.Hour)}))
		return r.engine.queue.Ahead
	}
	assert.Equal(t, 2, ask("2"))
	require.NoError(t, r.do(t, "s1", chat.StaffAction{Change: chat.CaseClaim}))
	assert.Equal(t, 1, ask("3"), "one was taken")
	require.NoError(t, r.do(t, "s2", chat.StaffAction{Change: chat.CaseRelease}))
	assert.Equal(t, 2, ask("4"), "and is back at its place")

	other, err := bot.New(bot.Config{Store: r.store, Engine: r.engine, NewID: r.bot.NewID, Logger: r.bot.Logger})
	require.NoError(t, err)
	require.NoError(t, other.Refresh(t.Context(), morning))
	require.NoError(t, <-other.Receive(t.Context(), chat.Message{ID: "5", From: third, Text: "第幾個", At: morning.Add(time.Hour)}))
	assert.Equal(t, 2, r.engine.queue.Ahead, "another process has read it")
	require.NoError(t, other.Close(t.Context()))
}

// office is Monday to Friday, 09:00 to 18:00; morning is a Sunday's.
func office(t *testing.T) func(*bot.Config) {
	h, err := hours.Parse("Mon-Fri 09:00-18:00", time.FixedZone("UTC+8", 8*60*60))
	require.NoError(t, err)
	return func(c *bot.Config) { c.Hours = h }
}

func TestASweepTellsTheUserAndStaffOnce(t *testing.T) {
	r := open(t, office(t))
	assert.False(t, r.engine.queue.Open())
	monday := morning.Add(23 * time.Hour) // 09:00
	assert.True(t, monday.Equal(r.engine.queue.OpensAt))
	require.NoError(t, r.bot.Sweep(t.Context(), monday.Add(29*time.Minute)))
	assert.Equal(t, []chat.CaseChange{"open"}, r.changes())
	for range 2 { // the second finds nothing to do, be it another process's
		require.NoError(t, r.bot.Sweep(t.Context(), monday.Add(30*time.Minute)))
		assert.Equal(t, []chat.CaseChange{"open", "remind", "tell"}, r.changes())
	}
	assert.Equal(t, "tell", r.last().PlainText())
	assert.True(t, r.engine.queue.Open())
	require.NoError(t, r.bot.Sweep(t.Context(), monday.Add(24*time.Hour)))
	assert.Equal(t, []chat.CaseChange{"open", "remind", "tell", "remind", "tell"}, r.changes(), "again at the next opening")

	require.NoError(t, r.do(t, "s1", chat.StaffAction{Change: chat.CaseClaim, At: monday.Add(24 * time.Hour)}))
	require.NoError(t, r.bot.Sweep(t.Context(), monday.Add(34*time.Hour)))
	assert.Equal(t, "release", r.last().PlainText(), "the day has ended, the answer is still owed")
	assert.Nil(t, r.the(t).Agent)
}

func TestASweepWakesAndEndsWhatIsForgotten(t *testing.T) {
	r := open(t)
	require.NoError(t, r.do(t, "s1", chat.StaffAction{Change: chat.CaseClaim}))
	require.NoError(t, r.do(t, "s2", chat.StaffAction{Change: chat.CaseReply, Text: "請看信箱"}))
	require.NoError(t, r.do(t, "s3", chat.StaffAction{Change: chat.CaseSnooze, Until: morning.Add(time.Hour)}))
	require.NoError(t, r.bot.Sweep(t.Context(), morning.Add(59*time.Minute)))
	assert.Equal(t, chat.CaseSnoozed, r.the(t).State)
	require.NoError(t, r.bot.Sweep(t.Context(), morning.Add(time.Hour)))
	assert.Equal(t, chat.CaseClaimed, r.the(t).State)
	require.NoError(t, r.bot.Sweep(t.Context(), morning.Add(73*time.Hour)))
	assert.Equal(t, chat.CaseClosed, r.the(t).State)
	assert.Equal(t, "expire", r.last().PlainText(), "with a word to the user")
	assert.Equal(t, []chat.CaseChange{"open", "claim", "reply", "snooze", "wake", "expire"}, r.changes())
	r.at(t, "2", 74*time.Hour, chat.Message{Text: "again"})
	assert.Equal(t, chat.CaseClaimed, r.the(t).State, "nothing is lost")
}

// Two processes sweep at once, though one should: each thing happens once.
func TestTwoSweepsAtOnceDoEachThingOnce(t *testing.T) {
	r := open(t)
	other, err := bot.New(bot.Config{Store: r.store, Engine: r.engine, NewID: r.bot.NewID, Logger: r.bot.Logger})
	require.NoError(t, err)
	done := make(chan error, 2)
	for _, b := range []*bot.Bot{r.bot, other} {
		go func() { done <- b.Sweep(t.Context(), morning.Add(time.Hour)) }()
	}
	require.NoError(t, <-done)
	require.NoError(t, <-done)
	require.NoError(t, other.Close(t.Context()))
	assert.Equal(t, 1, r.the(t).Told)
	events, err := r.store.Events(t.Context(), r.who)
	require.NoError(t, err)
	assert.Len(t, events, 4, "the turn, the case, one reminder and one word")
}

func TestStaffAreToldWhereAPersonGoesOn(t *testing.T) {
	r := open(t)
	there := chat.Address{Channel: "telegram", User: "77"}
	require.NoError(t, r.bot.Adopt(t.Context(), r.who, there))
	told := r.board.updates[len(r.board.updates)-1]
	assert.Equal(t, chat.CaseAdopt, told.Change)
	assert.Equal(t, there, told.Case.Address)
}

func TestStaffAreToldThatAPersonWasErasedAndABlockGoesOn(t *testing.T) {
	now := morning
	r := open(t, func(c *bot.Config) { c.Now = func() time.Time { return now } })
	require.NoError(t, r.bot.Erase(t.Context(), r.who))
	told := r.board.updates[len(r.board.updates)-1]
	assert.Equal(t, chat.CaseErase, told.Change)
	assert.Equal(t, chat.Case{
		ID: told.Case.ID, Address: chat.Address{Channel: "web"}, State: chat.CaseCancelled,
		OpenedAt: told.Case.OpenedAt, ChangedAt: morning, ClosedAt: morning,
	}, told.Case, "nothing of the person")

	require.NoError(t, <-r.send(t, "2", "person"))
	require.NoError(t, r.do(t, "s1", chat.StaffAction{Change: chat.CaseClaim}))
	require.NoError(t, r.do(t, "s2", chat.StaffAction{Change: chat.CaseBlock, Text: "罵人"}))
	now = morning.Add(time.Hour)
	require.NoError(t, r.bot.Erase(t.Context(), r.who))
	c, err := r.store.Conversation(t.Context(), r.who)
	require.NoError(t, err)
	assert.Equal(t, morning.Add(chat.BlockTime), c.Blocked)
}

func TestStrangersOfOneOriginCannotBuryStaff(t *testing.T) {
	at := morning
	r := newRig(t, 0, "", func(c *bot.Config) { c.OriginCases, c.Now = 2, func() time.Time { return at } })
	crowded := func(user, origin, text string) time.Duration {
		m := chat.Message{ID: "m-" + text, From: chat.Address{Channel: "web", User: user}, Text: text, At: at, Origin: origin}
		require.NoError(t, <-r.bot.Receive(t.Context(), m))
		return r.engine.queue.Crowded
	}
	const home = "192.0.2.1"
	assert.Zero(t, crowded("a", home, "person"))
	assert.Zero(t, crowded("b", home, "question"), "only cases count")
	assert.Zero(t, crowded("b", home, "person"))
	assert.Equal(t, 30*time.Minute, crowded("c", home, "question"))
	assert.Zero(t, crowded("d", "192.0.2.2", "question"), "elsewhere")
	assert.Zero(t, crowded("e", "", "question"), "an account")
	at = at.Add(30 * time.Minute)
	assert.Zero(t, crowded("c", home, "again later"))
}

func TestWhatTheUserHasAtHandStandsOnTheCase(t *testing.T) {
	r := open(t)
	tick := chat.Message{ID: "ready", From: r.who, Choice: r.the(t).ReadyChoice(0), Text: "✓ UID", At: morning}
	require.NoError(t, <-r.bot.Receive(t.Context(), tick))
	assert.Equal(t, []string{"☑ UID"}, r.the(t).Prepared())
}
