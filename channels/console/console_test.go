package console_test

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/console"
	"verihelp/internal/chat"
)

// terminal is a person at a console.
type terminal struct {
	console *console.Console
	keys    *io.PipeWriter
	screen  *channelstest.Buffer
}

func newTerminal(t *testing.T) *terminal {
	in, keys := io.Pipe()
	t.Cleanup(func() { _ = keys.Close() })
	var n atomic.Int64
	term := &terminal{keys: keys, screen: &channelstest.Buffer{}}
	term.console = console.New(console.Config{
		In: in, Out: term.screen, Locale: "zh-TW", Now: time.Now,
		NewID:      func() string { return "m" + strconv.FormatInt(n.Add(1), 10) },
		Categories: []chat.Choice{{ID: "app.camera", Label: "鏡頭打不開"}, {ID: "face.rare_character", Label: "生僻字無法辨識"}},
		Location:   time.FixedZone("UTC+8", 8*60*60),
	})
	return term
}

func (term *terminal) Address() chat.Address { return term.console.Address() }

func (term *terminal) Send(t *testing.T, text string) {
	_, err := io.WriteString(term.keys, text+"\n")
	require.NoError(t, err)
}

func (term *terminal) Choose(t *testing.T, place int, _ chat.Choice) {
	term.Send(t, strconv.Itoa(place))
}

func (term *terminal) Shown(*testing.T) string { return term.screen.String() }

func TestConsoleIsAChannel(t *testing.T) {
	channelstest.Channel(t, func(t *testing.T) channelstest.ChannelRig {
		term := newTerminal(t)
		return channelstest.ChannelRig{Channel: term.console, OneUser: true, NewUser: func(*testing.T) channelstest.User { return term }}
	})
}

// staffed runs a console's desk together with its reader, as bot chat does.
type staffed struct {
	console.Desk
	term *terminal
}

func (s staffed) Run(ctx context.Context, in channels.DeskInbox) error {
	return s.term.console.Talk(ctx, nil, in)
}

// clerk types commands and reads what the terminal answers.
type clerk struct{ term *terminal }

func (c clerk) Do(t *testing.T, id string, change chat.CaseChange, text string) string {
	return c.Act(t, chat.StaffAction{CaseID: id, Change: change, Text: text})
}

func (clerk) Offers() []chat.CaseChange {
	return []chat.CaseChange{chat.CaseEdit, chat.CaseDelete, chat.CaseChecklist, chat.CaseLabel, chat.CasePend, chat.CaseSnooze, chat.CaseTransfer, chat.CaseBlock}
}

func (c clerk) Act(t *testing.T, a chat.StaffAction) string {
	change, text := a.Change, a.Text+a.To.Name+a.Label
	if change == chat.CaseSnooze {
		text = time.Until(a.Until).Round(time.Minute).String()
	}
	command := map[chat.CaseChange]string{chat.CaseHandBack: "back"}[change]
	if command == "" {
		command = string(change)
	}
	before := len(c.term.screen.String())
	c.term.Send(t, strings.TrimSpace("/"+command+" "+text))
	// The next command is read only after this one was answered.
	c.term.Send(t, "/help")
	require.Eventually(t, func() bool { return strings.Contains(c.term.screen.String()[before:], "/quit") }, 10*time.Second, time.Millisecond)
	answer := c.term.screen.String()[before:]
	if i := strings.Index(answer, "（"); i >= 0 && strings.Contains(answer[:strings.Index(answer, "使用者：直接打字")], "（") {
		return answer[i:]
	}
	return ""
}

// Shown is what the terminal shows of one case: its card, and the lines with its
// ID.
func (c clerk) Shown(_ *testing.T, caseID string) string {
	var out []string
	inCard := false
	for line := range strings.Lines(c.term.screen.String()) {
		if strings.HasPrefix(line, "┌") {
			inCard = strings.Contains(line, caseID)
		}
		if inCard || strings.Contains(line, "[客服桌 "+caseID+"]") {
			out = append(out, line)
		}
		if strings.HasPrefix(line, "└") {
			inCard = false
		}
	}
	return strings.Join(out, "")
}

func TestConsoleIsADesk(t *testing.T) {
	channelstest.Desk(t, func(t *testing.T) channelstest.DeskRig {
		term := newTerminal(t)
		return channelstest.DeskRig{
			Desk: staffed{term.console.Desk(), term}, OneAgent: true,
			NewAgent: func(*testing.T, string) channelstest.Agent { return clerk{term} },
		}
	})
}

// What staff read is words, not names of the program.
func TestStaffReadWordsAndNameOnlyWhatThereIs(t *testing.T) {
	term := newTerminal(t)
	inbox := channelstest.NewFakeDeskInbox()
	inbox.PostTo(term.console.Desk())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- term.console.Talk(ctx, nil, inbox) }()
	defer func() { cancel(); assert.NoError(t, <-done) }()
	c := channelstest.SampleCase("K7-1")
	c.Tried, c.Also, c.Category, c.Title = []string{"face.rare_character"}, []chat.Guess{{Category: "app.camera", P: 0.9}, {Category: "face.rare_character", P: 0.1}}, "app.camera", "鏡頭打不開"
	c.Rule, c.Lang = "confident", "zh-Hans"
	require.NoError(t, inbox.Open(t.Context(), c))
	agent := clerk{term}
	require.Empty(t, agent.Do(t, "K7-1", chat.CaseClaim, "小寶"))
	assert.Equal(t, chat.Agent{ID: "小寶", Name: "小寶"}, *inbox.Case("K7-1").Agent)
	require.Empty(t, agent.Do(t, "K7-1", chat.CaseReply, "您好"))
	require.Empty(t, agent.Do(t, "K7-1", chat.CaseDelete, ""))
	assert.Contains(t, agent.Act(t, chat.StaffAction{Change: chat.CaseLabel, Label: "app.kamera"}), "鏡頭打不開、生僻字無法辨識", "what there is")
	assert.Empty(t, inbox.Case("K7-1").Label)
	require.Empty(t, agent.Act(t, chat.StaffAction{Change: chat.CaseLabel, Label: "生僻字無法辨識"}))
	assert.Equal(t, "face.rare_character", inbox.Case("K7-1").Label)
	require.Empty(t, agent.Act(t, chat.StaffAction{Change: chat.CaseSnooze, Until: time.Now().Add(time.Hour)}))
	screen := agent.Shown(t, "K7-1")
	for _, want := range []string{"判斷：鏡頭打不開 90%；其次：生僻字無法辨識 10%", "試過：生僻字無法辨識", "簡體", "從使用者的話就能確定", "收回了一句話", "「生僻字無法辨識」", "UTC+08:00"} {
		assert.Contains(t, screen, want)
	}
	for _, raw := range []string{"app.", "face.", "zh-", "confident"} {
		assert.NotContains(t, screen, raw)
	}
	assert.NotRegexp(t, `(?m)：\s*$`, screen, "no line ends where its words should be")
}

func TestHostileLinesAreSaidAndLoseNothing(t *testing.T) {
	term := newTerminal(t)
	inbox := channelstest.NewFakeInbox(t)
	inbox.DeliverTo(term.console)
	done := make(chan error, 1)
	go func() { done <- term.console.Run(t.Context(), inbox) }()
	go func() {
		_, _ = fmt.Fprintf(term.keys, "%s\n\n   \n\xff\xfe你\x00好\n%s\n", strings.Repeat("長", 60_000), strings.Repeat("長", 20_000))
		_ = term.keys.Close()
	}()
	require.NoError(t, <-done, "the end of the input ends it")
	received := inbox.Received()
	require.Len(t, received, 2, "blank lines are no messages")
	assert.Equal(t, "你好", received[0].Text)
	assert.Equal(t, strings.Repeat("長", 20_000), received[1].Text)
	assert.Contains(t, term.screen.String(), "沒有送出")
}
