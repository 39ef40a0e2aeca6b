package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/internal/bot"
	"verihelp/internal/chat"
	"verihelp/internal/store"
)

// echo is an engine that says what it was given; "person" opens a case,
// "again" the one that ended last.
type echo struct {
	mu    sync.Mutex
	read  []string
	files [][]chat.File // of messages that had some

	contexts []chat.HostContext // of messages that had one
	queue    chat.Queue         // of the last turn or notice
}

func (e *echo) Next(c chat.Conversation, m chat.Message, q chat.Queue) chat.Turn {
	e.mu.Lock()
	e.read, e.queue = append(e.read, m.Text), q
	if len(m.Files) > 0 {
		e.files = append(e.files, m.Files)
	}
	if !m.Context.Empty() {
		e.contexts = append(e.contexts, m.Context)
	}
	e.mu.Unlock()
	turn := chat.Turn{Trace: chat.Trace{Action: chat.Answer}, Memory: chat.Memory{Lang: "zh-Hant-TW", At: m.At}}
	if c.Case == nil {
		turn.Reply = chat.Reply{Bubbles: []chat.Bubble{{Blocks: []chat.Block{{Kind: chat.Paragraph, Text: "你說：" + m.Text}}}}}
	}
	if m.Text == "again" && c.Ended != nil {
		again := c.Ended.Reopened(m.At, q.Open())
		turn.Open = &again
	}
	turn.Rating = m.Rating
	if m.Text == "person" {
		turn.Open = &chat.Case{ID: c.ID + "-" + strconv.Itoa(c.Cases+1), Address: c.Address, State: chat.CaseWaiting, OpenedAt: m.At, AwaitsSince: m.At, LastUser: m.At, Unanswered: 1, Checklist: []string{"UID"}}
	}
	turn.Cancel = m.Text == "never mind"
	return turn
}

func (e *echo) Notice(_ chat.Conversation, a chat.StaffAction, q chat.Queue) chat.Reply {
	e.mu.Lock()
	e.queue = q
	e.mu.Unlock()
	switch a.Change {
	case chat.CaseLabel, chat.CaseSnooze, chat.CaseRemind, chat.CaseWake:
		return chat.Reply{}
	}
	words := strings.TrimSpace(string(a.Change) + " " + a.Agent.Name)
	return chat.Reply{Bubbles: []chat.Bubble{{Blocks: []chat.Block{{Kind: chat.Paragraph, Text: words}}}}}
}

// screen is a channel that keeps what it was asked to show.
type screen struct {
	mu    sync.Mutex
	items []chat.Item
	fail  error
	gate  chan struct{} // if set, each Send waits for one
}

func (*screen) Name() string                                    { return "web" }
func (*screen) Run(ctx context.Context, _ channels.Inbox) error { <-ctx.Done(); return nil }
func (s *screen) Send(ctx context.Context, _ chat.Address, items []chat.Item) error {
	if s.gate != nil {
		<-s.gate
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail == nil {
		s.items = append(s.items, items...)
	}
	return s.fail
}

// board is a desk that keeps what was posted.
type board struct {
	mu      sync.Mutex
	updates []channels.Update
}

func (*board) Name() string                                        { return "board" }
func (*board) Run(ctx context.Context, _ channels.DeskInbox) error { <-ctx.Done(); return nil }
func (b *board) Post(_ context.Context, u channels.Update) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.updates = append(b.updates, u)
	return nil
}

type rig struct {
	bot    *bot.Bot
	store  *store.Store
	engine *echo
	screen *screen
	board  *board
	who    chat.Address
}

func newRig(t testing.TB, burst time.Duration, path string, changes ...func(*bot.Config)) *rig {
	t.Helper()
	var n atomic.Int64
	id := func() string { return "id" + strconv.FormatInt(n.Add(1), 10) }
	var db *store.Store
	var err error
	if path == "" {
		db, err = store.OpenMemory(t.Context(), store.Options{NewID: id})
	} else {
		db, err = store.Open(t.Context(), path, store.Options{NewID: id})
	}
	require.NoError(t, err)
	r := &rig{store: db, engine: &echo{}, screen: &screen{}, board: &board{}, who: chat.Address{Channel: "web", User: "u1"}}
	config := bot.Config{
		Store: db, Engine: r.engine, Channels: []channels.Channel{r.screen}, Desks: []channels.Desk{r.board},
		NewID: id, Logger: slog.New(slog.DiscardHandler), Burst: burst,
	}
	for _, change := range changes {
		change(&config)
	}
	r.bot, err = bot.New(config)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, r.bot.Close(context.Background()))
		assert.NoError(t, db.Close())
	})
	return r
}

var morning = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)

func (r *rig) send(t *testing.T, id, text string) <-chan error {
	t.Helper()
	return r.bot.Receive(t.Context(), chat.Message{ID: id, From: r.who, Text: text, At: morning})
}

func (r *rig) staff(t *testing.T, id, agent string, change chat.CaseChange, text string) error {
	t.Helper()
	cases, err := r.bot.Cases(t.Context(), false)
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	return r.bot.Handle(t.Context(), chat.StaffAction{ID: id, CaseID: cases[0].ID, Agent: chat.Agent{ID: agent, Name: agent}, Change: change, Text: text, At: morning})
}

func TestABurstOfShortMessagesBecomesOneTurn(t *testing.T) {
	r := newRig(t, time.Hour, "") // only a tap, a full burst or the end stops the wait
	results := []<-chan error{r.send(t, "1", "我的"), r.send(t, "2", "身分證"), r.send(t, "3", "過期了")}
	tap := r.bot.Receive(t.Context(), chat.Message{ID: "4", From: r.who, Choice: "human", At: morning})
	for _, result := range append(results, tap) {
		require.NoError(t, <-result)
	}
	assert.Equal(t, []string{"我的\n身分證\n過期了", ""}, r.engine.read)
	items, err := r.bot.Log(t.Context(), r.who, 0, 10)
	require.NoError(t, err)
	require.Len(t, items, 6, "three messages and their reply, the tap and its reply")
	for i, item := range items {
		assert.EqualValues(t, i+1, item.Seq)
	}
	assert.Equal(t, items, r.screen.items, "what was committed was shown, in order")
}

func TestARepeatedMessageChangesNothing(t *testing.T) {
	r := newRig(t, 0, "")
	require.NoError(t, <-r.send(t, "1", "你好"))
	require.NoError(t, <-r.send(t, "1", "你好"))
	assert.Equal(t, []string{"你好"}, r.engine.read)
}

func TestNothingRawIsEverStored(t *testing.T) {
	folder := t.TempDir()
	r := newRig(t, 0, filepath.Join(folder, "bot.db"))
	seed := "legal winner thank year wave sausage worth useful legal winner thank yellow"
	require.NoError(t, <-r.send(t, "1", "我的助記詞是 "+seed))
	require.NoError(t, <-r.send(t, "2", "person"))
	require.NoError(t, r.staff(t, "s1", "安", chat.CaseClaim, ""))
	require.NoError(t, r.staff(t, "s2", "安", chat.CaseReply, "請確認："+seed))
	for _, said := range r.engine.read {
		assert.NotContains(t, said, "sausage")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.False(t, strings.Contains(string(content), "sausage"), "%s holds a seed phrase", file)
	}
}

func TestASecretSplitOverABurstIsNotStored(t *testing.T) {
	for name, lines := range map[string][2]string{
		"password":    {"我的密碼是", "sausage12345"},
		"seed phrase": {"legal winner thank year wave sausage", "worth useful legal winner thank yellow"},
	} {
		r := newRig(t, time.Hour, "")
		first, second := r.send(t, "1", lines[0]), r.send(t, "2", lines[1])
		require.NoError(t, <-r.bot.Receive(t.Context(), chat.Message{ID: "3", From: r.who, Choice: "x", At: morning}))
		require.NoError(t, <-first)
		require.NoError(t, <-second)
		items, err := r.bot.Log(t.Context(), r.who, 0, 10)
		require.NoError(t, err)
		require.Equal(t, []string{"1", "2"}, []string{items[0].Message, items[1].Message}, "each message is acknowledged")
		for _, item := range items {
			assert.NotContains(t, item.PlainText(), "sausage", name)
		}
		assert.NotContains(t, r.engine.read[0], "sausage", name)
	}
}

func TestASeedPhraseSentInPartsIsHidden(t *testing.T) {
	for name, parts := range map[string][]string{
		"word by word":    strings.Fields("legal winner thank year wave sausage worth useful liberty"),
		"numbers between": {"1", "legal", "2", "winner", "3", "thank", "4", "year", "wave", "sausage", "worth", "useful", "liberty"},
		"two lines":       {"legal winner thank year wave", "sausage worth useful liberty"},
		"half and half":   {"legal winner thank year wave zebra", "sausage worth useful liberty zoo zone"},
		"nearly all":      {"legal winner thank year wave sausage worth useful liberty zebra zone", "zoo"},
		"words between":   {"legal winner thank", "下一組", "year wave", "再來", "sausage worth useful liberty"},
	} {
		r := newRig(t, 0, "")
		for i, part := range parts {
			m := chat.Message{ID: strconv.Itoa(i), From: r.who, Text: part, At: morning.Add(time.Duration(i) * time.Minute / 2)}
			require.NoError(t, <-r.bot.Receive(t.Context(), m))
		}
		items, err := r.bot.Log(t.Context(), r.who, 0, 100)
		require.NoError(t, err)
		for _, item := range items {
			for _, word := range []string{"sausage", "worth", "useful", "liberty"} {
				assert.NotContains(t, item.PlainText(), word, name)
			}
		}
	}
}

func TestWordsOfAConversationAreNoPhrase(t *testing.T) {
	r := newRig(t, 0, "")
	said := []string{"help", "help", "help help help help", "face verify error", "phone camera screen black", "是", "好", "不", "是", "好", "對", "video", "person", "photo", "一", "二", "三", "四", "五", "六", "七", "cancel", "update", "submit", "license", "upgrade", "later"}
	for i, text := range said {
		m := chat.Message{ID: strconv.Itoa(i), From: r.who, Text: text, At: morning}
		require.NoError(t, <-r.bot.Receive(t.Context(), m))
	}
	assert.Equal(t, said, r.engine.read)
}

func TestTheWholeLifeOfACase(t *testing.T) {
	r := newRig(t, 0, "")
	require.NoError(t, <-r.send(t, "1", "person"))
	require.ErrorIs(t, r.staff(t, "s0", "安", chat.CaseReply, "您好"), chat.ErrCaseNotHeld)
	require.NoError(t, r.staff(t, "s1", "安", chat.CaseClaim, ""))
	require.NoError(t, r.staff(t, "s1b", "安", chat.CaseClaim, ""), "a second tap does no harm")
	require.ErrorIs(t, r.staff(t, "s2", "平", chat.CaseClaim, ""), chat.ErrCaseHeld)
	require.NoError(t, r.staff(t, "s3", "安", chat.CaseReply, "您好"))
	require.NoError(t, r.staff(t, "s3", "安", chat.CaseReply, "您好"), "a repeated action changes nothing")
	require.NoError(t, <-r.send(t, "2", "謝謝"))
	require.NoError(t, r.staff(t, "s4", "安", chat.CaseClose, ""))
	require.ErrorIs(t, r.staff(t, "s5", "安", chat.CaseReply, "還在嗎"), chat.ErrCaseNotOpen)
	require.NoError(t, <-r.send(t, "3", "又有問題"))

	var said []string
	for _, item := range r.screen.items {
		said = append(said, string(item.Kind)+" "+item.PlainText())
	}
	assert.Equal(t, []string{
		"user person", "bot 你說：person", "notice claim 安", "staff 您好", "user 謝謝", "notice close 安", "user 又有問題", "bot 你說：又有問題",
	}, said)
	var changes []chat.CaseChange
	for _, u := range r.board.updates {
		changes = append(changes, u.Change)
	}
	assert.Equal(t, []chat.CaseChange{chat.CaseOpened, chat.CaseClaim, chat.CaseReply, chat.CaseMessage, chat.CaseClose}, changes)
}

func TestTwoAgentsCannotClaimTheSameCase(t *testing.T) {
	r := newRig(t, 0, "")
	require.NoError(t, <-r.send(t, "1", "person"))
	var won atomic.Int64
	var both sync.WaitGroup
	for _, agent := range []string{"安", "平", "文", "心"} {
		both.Go(func() {
			switch err := r.staff(t, "claim-"+agent, agent, chat.CaseClaim, ""); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, chat.ErrCaseHeld):
				t.Error(err)
			}
		})
	}
	both.Wait()
	assert.EqualValues(t, 1, won.Load())
}

// A staff action that commits while a turn is still being delivered is shown
// after it.
func TestWhatWasCommittedFirstIsShownFirst(t *testing.T) {
	r := newRig(t, 0, "")
	r.screen.gate = make(chan struct{})
	opened := r.send(t, "1", "person")
	require.Eventually(t, func() bool { cases, err := r.bot.Cases(t.Context(), true); return err == nil && len(cases) == 1 }, 10*time.Second, time.Millisecond)
	claimed := make(chan error, 1)
	go func() { claimed <- r.staff(t, "s1", "安", chat.CaseClaim, "") }()
	close(r.screen.gate)
	require.NoError(t, <-opened)
	require.NoError(t, <-claimed)
	for i, item := range r.screen.items {
		assert.EqualValues(t, i+1, item.Seq)
	}
	assert.Equal(t, []chat.CaseChange{chat.CaseOpened, chat.CaseClaim}, []chat.CaseChange{r.board.updates[0].Change, r.board.updates[1].Change})
}

func TestAReplyReachesTheUserThoughTheAgentsRequestEnded(t *testing.T) {
	r := newRig(t, 0, "")
	require.NoError(t, <-r.send(t, "1", "person"))
	require.NoError(t, r.staff(t, "s1", "安", chat.CaseClaim, ""))
	cases, err := r.bot.Cases(t.Context(), true)
	require.NoError(t, err)
	r.screen.gate = make(chan struct{})
	ctx, gone := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- r.bot.Handle(ctx, chat.StaffAction{ID: "s2", CaseID: cases[0].ID, Agent: chat.Agent{ID: "安", Name: "安"}, Change: chat.CaseReply, Text: "您好", At: morning})
	}()
	require.Eventually(t, func() bool { items, err := r.bot.Log(t.Context(), r.who, 0, 10); return err == nil && len(items) == 4 }, 10*time.Second, time.Millisecond)
	gone()
	close(r.screen.gate)
	require.NoError(t, <-done)
	assert.Equal(t, "您好", r.screen.items[len(r.screen.items)-1].Text)
}

func TestTheUserTakesTheHandOverBack(t *testing.T) {
	r := newRig(t, 0, "")
	require.NoError(t, <-r.send(t, "1", "person"))
	require.NoError(t, <-r.send(t, "2", "never mind"))
	open, err := r.bot.Cases(t.Context(), true)
	require.NoError(t, err)
	assert.Empty(t, open)
	require.NoError(t, <-r.send(t, "3", "person"))
	all, err := r.bot.Cases(t.Context(), false)
	require.NoError(t, err)
	assert.Len(t, all, 2, "a new case with a number of its own")
}

func TestAFailedDeliveryLosesNothing(t *testing.T) {
	r := newRig(t, 0, "")
	r.screen.fail = errors.New("the socket is gone")
	require.NoError(t, <-r.send(t, "1", "你好"))
	items, err := r.bot.Log(t.Context(), r.who, 0, 10)
	require.NoError(t, err)
	assert.Len(t, items, 2)
}

func TestClosingAnswersWhatWasAccepted(t *testing.T) {
	r := newRig(t, time.Hour, "")
	accepted := r.send(t, "1", "你好")
	require.NoError(t, r.bot.Close(context.Background()))
	require.NoError(t, <-accepted)
	assert.ErrorIs(t, <-r.send(t, "2", "還在嗎"), bot.ErrClosing)
}

func TestManyPeopleAtOnceKeepTheirOrder(t *testing.T) {
	r := newRig(t, 0, "")
	var all sync.WaitGroup
	for person := range 20 {
		who := chat.Address{Channel: "web", User: strconv.Itoa(person)}
		all.Go(func() {
			var results []<-chan error
			for i := range 10 {
				results = append(results, r.bot.Receive(t.Context(), chat.Message{ID: strconv.Itoa(i), From: who, Text: strconv.Itoa(i), At: morning}))
			}
			for _, result := range results {
				assert.NoError(t, <-result)
			}
		})
	}
	all.Wait()
	for person := range 20 {
		items, err := r.bot.Log(t.Context(), chat.Address{Channel: "web", User: strconv.Itoa(person)}, 0, 100)
		require.NoError(t, err)
		next := 0
		for _, item := range items {
			if item.Kind == chat.FromUser {
				assert.Equal(t, strconv.Itoa(next), item.Text)
				next++
			}
		}
		assert.Equal(t, 10, next)
	}
}

func TestADeskThatIsGivenUpIsToldOfOnce(t *testing.T) {
	r := newRig(t, 0, "")
	require.NoError(t, <-r.bot.Receive(t.Context(), chat.Message{ID: "m1", From: r.who, Text: "person", At: morning}))
	cases, err := r.bot.Cases(t.Context(), true)
	require.NoError(t, err)
	require.Len(t, cases, 1)
	row := chat.Delivery{ID: 1, To: chat.Destination{Kind: chat.ToDesk, Name: "slack", Key: cases[0].ID}, Address: r.who}
	for id := range int64(3) {
		row.ID = id + 1
		require.NoError(t, r.bot.GaveUp(t.Context(), row, "the channel is gone"))
	}
	row.ID, row.To.Key = 9, "an older case"
	require.NoError(t, r.bot.GaveUp(t.Context(), row, "the channel is gone"))
	events, err := r.bot.Store.Events(t.Context(), r.who)
	require.NoError(t, err)
	told := 0
	for _, e := range events {
		if e.Change == chat.CaseUndelivered {
			told++
			assert.Equal(t, "the channel is gone", e.Case.Trouble)
		}
	}
	assert.Equal(t, 1, told)
}
