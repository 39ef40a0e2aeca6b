package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
	"verihelp/internal/files"
	"verihelp/internal/hours"
	"verihelp/internal/transcript"
)

// testBrain is loaded once: it never changes.
var testBrain = sync.OnceValues(func() (*brain, error) {
	return loadBrain(&settings{Data: os.TempDir(), Timezone: "Asia/Taipei"})
})

// TestGoldenConversations plays the stories of testdata/conversations through
// queue, turn, engine and store, as the channels do.
func TestGoldenConversations(t *testing.T) {
	files, err := filepath.Glob("../../testdata/conversations/*.txt")
	require.NoError(t, err)
	stories := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		require.NoError(t, err)
		parsed, err := transcript.Parse(filepath.Base(file), src)
		require.NoError(t, err)
		stories += len(parsed)
		for _, story := range parsed {
			t.Run(filepath.Base(file)+"/"+story.Title, func(t *testing.T) {
				for _, failure := range story.Play(newGoldenPlayer(t, story)) {
					t.Error(failure)
				}
			})
		}
	}
	assert.GreaterOrEqual(t, stories, 40, "the stories that the product promises")
}

// goldenPlayer is a person in a chat, and the staff.
type goldenPlayer struct {
	t      *testing.T
	p      *player
	who    chat.Address
	locale string
	screen string // what the app says is on it
	said   int
	seq    int64
	staffs int64         // the item that staff wrote last
	shown  []chat.Choice // of the last reply
	files  *files.Keeper
}

func newGoldenPlayer(t *testing.T, story transcript.Story) *goldenPlayer {
	t.Helper()
	b, err := testBrain()
	require.NoError(t, err)
	staff, err := hours.Parse(story.Hours, time.FixedZone("UTC+8", 8*60*60))
	require.NoError(t, err)
	p, err := newPlayer(context.Background(), b, staff)
	require.NoError(t, err)
	t.Cleanup(p.close)
	keeper, err := newFiles(&settings{}, b, p.store, newClock())
	require.NoError(t, err)
	return &goldenPlayer{t: t, p: p, who: chat.Address{Channel: "golden", User: "1"}, locale: story.Locale, screen: story.Screen, files: keeper}
}

// screen is a picture as people send it.
var screen = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 16))); err != nil {
		panic(err)
	}
	return b.Bytes()
})

// Attach implements transcript.Player, as channels do: the file first, then the
// message that names it, or says that it was refused.
func (g *goldenPlayer) Attach(name, text string, at time.Time) (transcript.Outcome, error) {
	f, err := g.files.KeepFile(g.t.Context(), g.who, name, bytes.NewReader(screen()))
	if err != nil && !errors.Is(err, chat.ErrFileRefused) {
		return transcript.Outcome{}, err
	}
	return g.send(chat.Message{Text: text, Files: []chat.File{f}, At: at})
}

// Say implements transcript.Player.
func (g *goldenPlayer) Say(text string, at time.Time) (transcript.Outcome, error) {
	return g.send(chat.Message{Text: text, At: at})
}

// Tap implements transcript.Player.
func (g *goldenPlayer) Tap(choice string, at time.Time) (transcript.Outcome, error) {
	m := chat.Message{Choice: choice, At: at}
	for _, c := range g.shown {
		if c.ID == choice {
			m.Text = c.Label // as the widget sends it
		}
	}
	return g.send(m)
}

func (g *goldenPlayer) send(m chat.Message) (transcript.Outcome, error) {
	ctx := g.t.Context()
	g.said++
	m.ID, m.From, m.Locale = strconv.Itoa(g.said), g.who, g.locale
	m.Context.ErrorText = g.screen
	if err := <-g.p.bot.Receive(ctx, m); err != nil {
		return transcript.Outcome{}, err
	}
	line, seq, err := g.p.result(ctx, g.who, g.seq)
	if err != nil {
		return transcript.Outcome{}, err
	}
	items, err := g.p.store.Log(ctx, g.who, g.seq, 100)
	if err != nil {
		return transcript.Outcome{}, err
	}
	g.seq = seq
	out := transcript.Outcome{Action: line.Action, Category: line.Category, Script: line.Script, Reply: line.Reply, CaseOpen: line.CaseOpen}
	for _, item := range items {
		if item.Reply != nil {
			out.Choices = item.Reply.Choices
			g.shown = out.Choices
		}
	}
	return out, nil
}

// Staff implements transcript.Player: whoever holds the case acts, else 小安.
func (g *goldenPlayer) Staff(change chat.CaseChange, text string, at time.Time) (transcript.Outcome, error) {
	cases, err := g.p.bot.Cases(g.t.Context(), true)
	if err != nil {
		return transcript.Outcome{}, err
	}
	if len(cases) == 0 {
		return transcript.Outcome{}, errors.New("no case is open for the staff to " + string(change))
	}
	g.said++
	a := chat.StaffAction{ID: "s" + strconv.Itoa(g.said), CaseID: cases[0].ID, Agent: chat.Agent{ID: "小安", Name: "小安"}, Change: change, Text: text, At: at}
	if cases[0].Agent != nil {
		a.Agent = *cases[0].Agent
	}
	switch change {
	case chat.CaseTransfer:
		a.To, a.Text = chat.Agent{ID: text, Name: text}, ""
	case chat.CaseSnooze:
		d, err := time.ParseDuration(text)
		require.NoError(g.t, err)
		a.Until, a.Text = at.Add(d), ""
	case chat.CaseEdit, chat.CaseDelete:
		a.Seq = g.staffs
	}
	if err := g.p.bot.Handle(g.t.Context(), a); err != nil {
		return transcript.Outcome{}, err
	}
	return g.told()
}

// Wait implements transcript.Player.
func (g *goldenPlayer) Wait(at time.Time) (transcript.Outcome, error) {
	if err := g.p.bot.Sweep(g.t.Context(), at); err != nil {
		return transcript.Outcome{}, err
	}
	return g.told()
}

// told is what the user was shown since the last message.
func (g *goldenPlayer) told() (transcript.Outcome, error) {
	items, err := g.p.store.Log(g.t.Context(), g.who, g.seq, 100)
	out := transcript.Outcome{}
	for _, item := range items {
		g.seq = item.Seq
		if item.Kind == chat.FromStaff && item.Edits == 0 {
			g.staffs = item.Seq
		}
		out.Reply += item.PlainText() + "\n"
		if item.Reply != nil {
			out.Choices, out.Script = item.Reply.Choices, scriptOf(item.Reply.Lang)
			g.shown = out.Choices
		}
	}
	return out, err
}

// CaseOpen implements transcript.Player.
func (g *goldenPlayer) CaseOpen() (bool, error) {
	cases, err := g.p.bot.Cases(g.t.Context(), true)
	return len(cases) > 0, err
}
