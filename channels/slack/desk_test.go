package slack_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/slack"
	"verihelp/channels/slack/slacktest"
	"verihelp/internal/chat"
)

const (
	channel  = "C0DESK0000"
	patience = 10 * time.Second
)

// config is a desk's for tests: without waiting for Slack's limits.
func config(server *slacktest.Server, notes channels.Notebook) slack.Config {
	return slack.Config{
		BotToken: slacktest.BotToken, AppToken: slacktest.AppToken, Channel: channel, API: server.API(),
		Notes: notes, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
		PostEvery: time.Microsecond, Tick: 20 * time.Millisecond, SummaryAt: -1,
		Knowledge: articles{}, Categories: []chat.Choice{{ID: "photo.blurry", Label: "照片不清楚"}},
	}
}

// articles is a knowledge of one section.
type articles struct{}

func (articles) Search(_ context.Context, query, lang string, _ int) ([]channels.Section, error) {
	if strings.Contains(query, "沒有") {
		return nil, nil
	}
	text := "請把證件放平再拍。"
	if lang == "zh-Hans" {
		text = "请把证件放平再拍。"
	}
	return []channels.Section{{ID: "a#photo", Title: "照片", Text: text, URL: "https://help.example/a"}}, nil
}

func newWorkspace(t testing.TB) *slacktest.Server {
	server := slacktest.New(t)
	server.AddChannel(channel)
	return server
}

// clerk is a member of staff in the desk's channel.
type clerk struct {
	server *slacktest.Server
	id     string
	tapped map[string]any
	typed  string
	root   string
}

func newClerk(t testing.TB, server *slacktest.Server, name string) *clerk {
	t.Helper()
	c := &clerk{server: server, id: server.AddUser(name, channel)}
	server.Event(map[string]any{"type": "member_joined_channel", "user": c.id, "channel": channel})
	return c
}

// thread is the card of a case, once it is there.
func (c *clerk) thread(t testing.TB, caseID string) string {
	t.Helper()
	var root string
	require.True(t, c.server.Wait(patience, func() bool {
		for _, m := range c.server.Messages(channel) {
			if strings.Contains(m.Shown(), "　"+caseID) && m.SubType == "" {
				root = m.TS
			}
		}
		return root != ""
	}), "the card of %s is shown", caseID)
	return root
}

// Do types a reply into the thread, or taps the button of any other change. Slack
// shows an agent what came of it: a sign, a changed card, or words for them alone.
func (c *clerk) Do(t *testing.T, caseID string, change chat.CaseChange, text string) string {
	t.Helper()
	c.root = c.thread(t, caseID)
	told := len(c.server.Whispers(c.id))
	before := c.server.Thread(channel, c.root)
	switch change {
	case chat.CaseReply:
		c.tapped, c.typed = nil, text
		ts := c.server.Say(channel, c.root, c.id, text)
		return c.outcome(t, told, func() bool {
			return len(c.server.Reactions(channel, ts)) > 0 && c.server.Reactions(channel, ts)[0] == "outbox_tray"
		})
	case chat.CaseClose:
		c.server.Tap(t, c.id, channel, c.root, "close")
		return c.server.Submit(t, c.id, map[string]any{"text": text})
	}
	c.tapped = c.server.Tap(t, c.id, channel, c.root, string(change))
	return c.outcome(t, told, func() bool { // a line in the thread, then the card
		now := c.server.Thread(channel, c.root)
		return len(now) > len(before) && string(now[0].Blocks) != string(before[0].Blocks)
	})
}

func (c *clerk) outcome(t *testing.T, told int, accepted func() bool) string {
	t.Helper()
	var refusal string
	require.True(t, c.server.Wait(patience, func() bool {
		if whispers := c.server.Whispers(c.id); len(whispers) > told {
			refusal = whispers[told].Text
		}
		return refusal != "" || accepted()
	}), "Slack shows what came of it")
	return refusal
}

// Repeat has Slack send the last event twice.
func (c *clerk) Repeat(*testing.T) {
	if c.tapped != nil {
		c.server.Again(c.tapped)
		return
	}
	for _, m := range c.server.Thread(channel, c.root) {
		if m.User == c.id {
			c.server.Event(map[string]any{"type": "message", "user": m.User, "ts": m.TS, "thread_ts": m.ThreadTS, "channel": channel, "text": m.Text})
		}
	}
}

func (c *clerk) Shown(t *testing.T, caseID string) string {
	var shown strings.Builder
	for _, m := range c.server.Thread(channel, c.thread(t, caseID)) {
		fmt.Fprintln(&shown, m.Shown())
	}
	return shown.String()
}

func TestSlackIsADesk(t *testing.T) {
	channelstest.Desk(t, func(t *testing.T) channelstest.DeskRig {
		server := newWorkspace(t)
		desk, err := slack.New(config(server, &channelstest.FakeNotebook{}))
		require.NoError(t, err)
		return channelstest.DeskRig{Desk: desk, NewAgent: func(t *testing.T, name string) channelstest.Agent {
			require.True(t, server.Wait(patience, func() bool { return server.Sockets() == 2 }))
			return newClerk(t, server, name)
		}}
	})
}
