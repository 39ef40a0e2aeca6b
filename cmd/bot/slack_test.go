package main

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"verihelp/channels/channelstest"
	"verihelp/channels/slack/slacktest"
	"verihelp/internal/bot"
	"verihelp/internal/chat"
)

const slackChannel = "C0DESK0000"

// slackEnv points the settings to a workspace.
func slackEnv(t *testing.T, server *slacktest.Server) *settings {
	t.Helper()
	t.Setenv(slackBotToken, slacktest.BotToken)
	t.Setenv(slackAppToken, slacktest.AppToken)
	return &settings{
		Listen: "127.0.0.1:0", DeskListen: "off", Data: t.TempDir(), Timezone: "Asia/Taipei", LogLevel: "error", FileDays: 30, Strangers: 600, Target: time.Hour,
		slackSettings: slackSettings{SlackChannel: slackChannel, SlackReply: "claimer", SlackAPI: server.API()},
	}
}

// startService runs the whole service, and returns the bot and how to stop it.
func startService(t *testing.T, s *settings) (*bot.Bot, func()) {
	t.Helper()
	b, _, stop := startServiceAt(t, s)
	return b, stop
}

// startServiceAt is startService that also tells the address of the web chat.
func startServiceAt(t *testing.T, s *settings) (b *bot.Bot, base string, stop func()) {
	t.Helper()
	logs := &channelstest.Buffer{}
	app := fx.New(service(s, streams{out: logs, err: logs}), fx.Populate(&b))
	require.NoError(t, app.Start(t.Context()))
	found := regexp.MustCompile(`web chat +(http://[^/]+)/`).FindStringSubmatch(logs.String())
	require.Len(t, found, 2, "%s", logs)
	return b, found[1], func() { require.NoError(t, app.Stop(context.WithoutCancel(t.Context())), "%s", logs) }
}

func write(t *testing.T, b *bot.Bot, id, text string) {
	t.Helper()
	m := chat.Message{ID: id, From: chat.Address{Channel: "web", User: "u1"}, Text: text, At: time.Now()}
	require.NoError(t, <-b.Receive(t.Context(), m))
}

// The whole way, over a restart while Slack is down: message, hand-over, card,
// claim, answer with a file, end.
func TestACaseInSlackFromTheFirstWordToTheLast(t *testing.T) {
	server := slacktest.New(t)
	server.AddChannel(slackChannel)
	agent := server.AddUser("小安", slackChannel)
	s := slackEnv(t, server)
	server.Down(true)
	b, stop := startService(t, s)
	write(t, b, "1", "我要找真人客服")
	write(t, b, "2", "我的名字是𨋢𠮷")
	stop()
	server.Down(false)
	b, stop = startService(t, s)
	defer stop()

	const patience = 60 * time.Second
	var root string
	require.True(t, server.Wait(patience, func() bool {
		for _, m := range server.Messages(slackChannel) {
			root = m.TS
		}
		return root != "" && strings.Contains(inThread(server, root), "我的名字是𨋢𠮷")
	}), "what was said while Slack was down is shown")
	require.True(t, server.Wait(patience, func() bool { return server.Sockets() == 2 }))
	server.Tap(t, agent, slackChannel, root, "claim")
	require.True(t, server.Wait(patience, func() bool { return strings.Contains(inThread(server, root), "小安 接手了") }))

	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 40))))
	ts := server.Share(slackChannel, root, agent, "請照這張圖拍", "example.png", picture.Bytes())
	require.True(t, server.Wait(patience, func() bool { return len(server.Reactions(slackChannel, ts)) > 0 }))
	assert.Equal(t, []string{"outbox_tray"}, server.Reactions(slackChannel, ts), "%v", server.Whispers(agent))
	who := chat.Address{Channel: "web", User: "u1"}
	items, err := b.Log(t.Context(), who, 0, 100)
	require.NoError(t, err)
	last := items[len(items)-1]
	assert.Equal(t, "請照這張圖拍", last.Text)
	assert.Equal(t, "小安", last.Agent)
	require.Len(t, last.Files, 1)
	require.NoError(t, b.Seen(t.Context(), who, last.Seq))
	require.True(t, server.Wait(patience, func() bool {
		return strings.Contains(strings.Join(server.Reactions(slackChannel, ts), " "), "white_check_mark")
	}), "staff see that it arrived")

	server.Tap(t, agent, slackChannel, root, "close")
	require.Empty(t, server.Submit(t, agent, map[string]any{"text": "好了"}))
	require.True(t, server.Wait(patience, func() bool { return strings.Contains(inThread(server, root), "小安 結案") }))
	assert.Len(t, server.Messages(slackChannel), 1, "one thread a case")
}

// Where Slack sends requests, the whole way is the same.
func TestACaseInSlackOverHTTP(t *testing.T) {
	server := slacktest.New(t)
	server.AddChannel(slackChannel)
	agent := server.AddUser("小安", slackChannel)
	s := slackEnv(t, server)
	t.Setenv(slackAppToken, "")
	t.Setenv(slackSigningSecret, slacktest.SigningSecret)
	b, base, stop := startServiceAt(t, s)
	defer stop()
	server.UseHTTP(base)
	write(t, b, "1", "我要找真人客服")

	const patience = 60 * time.Second
	root := ""
	require.True(t, server.Wait(patience, func() bool {
		for _, m := range server.Messages(slackChannel) {
			root = m.TS
		}
		return root != "" && strings.Contains(inThread(server, root), "使用者：我要找真人客服")
	}), "the case has a thread")
	server.Tap(t, agent, slackChannel, root, "claim")
	require.True(t, server.Wait(patience, func() bool { return strings.Contains(inThread(server, root), "小安 接手了") }))
	ts := server.Say(slackChannel, root, agent, "您好")
	require.True(t, server.Wait(patience, func() bool { return len(server.Reactions(slackChannel, ts)) > 0 }))
	items, err := b.Log(t.Context(), chat.Address{Channel: "web", User: "u1"}, 0, 100)
	require.NoError(t, err)
	assert.Equal(t, "您好", items[len(items)-1].Text)
}

func inThread(server *slacktest.Server, root string) string {
	var shown strings.Builder
	for _, m := range server.Thread(slackChannel, root) {
		shown.WriteString(m.Shown())
	}
	return shown.String()
}

func TestARefusedSlackTokenStopsTheStart(t *testing.T) {
	server := slacktest.New(t)
	s := slackEnv(t, server)
	t.Setenv(slackBotToken, "xoxb-wrong")
	err := serveCmd{}.Run(t.Context(), s, streams{out: &channelstest.Buffer{}, err: &channelstest.Buffer{}})
	require.ErrorContains(t, err, "Slack refuses the token")
	assert.NotContains(t, err.Error(), "\n")
	assert.NotContains(t, err.Error(), "xoxb-wrong")
}

func TestSlackCheckPrintsALineForEachThing(t *testing.T) {
	server := slacktest.New(t)
	server.AddChannel(slackChannel, "U000000009")
	slackEnv(t, server)
	t.Setenv("BOT_SLACK_CHANNEL", slackChannel)
	t.Setenv("BOT_SLACK_API", server.API())
	var out, errs bytes.Buffer
	assert.Equal(t, exitDone, run(t.Context(), []string{"slack", "check"}, streams{out: &out, err: &errs}), errs.String())
	assert.Equal(t, 4, strings.Count(out.String(), "ok  "), out.String())
	server.Archive(slackChannel, true)
	out.Reset()
	assert.Equal(t, exitErrors, run(t.Context(), []string{"slack", "check"}, streams{out: &out, err: &errs}))
	assert.Contains(t, out.String(), "BAD channel")
}

func TestSlackSettingsThatCannotWorkAreToldInOneLine(t *testing.T) {
	for name, test := range map[string]struct {
		env  map[string]string
		want string
	}{
		"no channel":     {map[string]string{slackBotToken: "xoxb-1"}, "BOT_SLACK_CHANNEL"},
		"a name":         {map[string]string{slackBotToken: "xoxb-1", "BOT_SLACK_CHANNEL": "#desk"}, "the ID of a channel"},
		"a bad route":    {map[string]string{slackBotToken: "xoxb-1", "BOT_SLACK_CHANNEL": slackChannel, "BOT_SLACK_ROUTES": "priority=desk"}, "BOT_SLACK_ROUTES"},
		"no token":       {map[string]string{"BOT_SLACK_CHANNEL": slackChannel}, slackBotToken},
		"no transport":   {map[string]string{slackBotToken: "xoxb-1", "BOT_SLACK_CHANNEL": slackChannel}, slackAppToken},
		"wrong kind":     {map[string]string{slackBotToken: "xapp-1", slackAppToken: "xoxb-1", "BOT_SLACK_CHANNEL": slackChannel}, "begins with xoxb-"},
		"unknown routes": {map[string]string{slackBotToken: "xoxb-1", slackAppToken: "xapp-1", "BOT_SLACK_CHANNEL": slackChannel, "BOT_SLACK_ROUTES": "cats=" + slackChannel}, "no category"},
	} {
		t.Run(name, func(t *testing.T) {
			for key, value := range test.env {
				t.Setenv(key, value)
			}
			var errs bytes.Buffer
			code := run(t.Context(), []string{"serve", "--listen=127.0.0.1:0", "--desk-listen=off", "--data-dir=" + t.TempDir()}, streams{out: &bytes.Buffer{}, err: &errs})
			assert.Equal(t, exitErrors, code)
			assert.Contains(t, errs.String(), test.want)
			assert.Equal(t, 1, strings.Count(errs.String(), "\n"), errs.String())
		})
	}
}
