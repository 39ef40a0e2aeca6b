package main

import (
	"bytes"
	"context"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"verihelp/channels/channelstest"
	"verihelp/channels/slack/slacktest"
	"verihelp/channels/telegram"
	"verihelp/channels/telegram/telegramtest"
	"verihelp/internal/bot"
	"verihelp/internal/chat"
)

// telegramEnv points the settings to a fake of Telegram.
func telegramEnv(t *testing.T, server *telegramtest.Server, s *settings) *settings {
	t.Helper()
	t.Setenv(telegramToken, telegramtest.Token)
	if s == nil {
		s = &settings{Listen: "127.0.0.1:0", DeskListen: "off", Data: t.TempDir(), Timezone: "Asia/Taipei", LogLevel: "error", FileDays: 30, Strangers: 600, Target: time.Hour}
	}
	s.TelegramAPI = server.URL
	return s
}

// The whole way from Telegram to Slack and back, in both scripts, with Slack down
// and a restart in between: hand-over, card, claim, answer with a file, end, stars.
func TestFromTelegramToSlackAndBack(t *testing.T) {
	for name, said := range map[string]struct{ lang, me, opened, joined, thanks, stars string }{
		"traditional": {"zh-hant", "我叫𠮷𨋢，證件被別人註冊了", "已經幫您轉給真人客服", "客服 小安 來了", "好，謝謝", "5 顆星"},
		"simplified":  {"zh-hans", "我叫𠮷𨋢，证件被别人注册了", "已经帮您转给人工客服", "客服 小安 来了", "好，谢谢", "5 颗星"},
	} {
		t.Run(name, func(t *testing.T) {
			users, desk := telegramtest.New(t), slacktest.New(t)
			desk.AddChannel(slackChannel)
			agent := desk.AddUser("小安", slackChannel)
			s := telegramEnv(t, users, slackEnv(t, desk))
			s.Target = time.Hour
			desk.Down(true)
			_, stop := startService(t, s)
			person := users.NewPerson(said.lang)
			person.Say(said.me)
			users.WaitConfirmed(t)
			person.Say("/human")
			person.WaitShown(t, said.opened)
			stop()
			desk.Down(false)
			_, stop = startService(t, s)
			defer stop()

			root := theThread(t, desk, said.me) // also what was said while Slack was down
			desk.Tap(t, agent, slackChannel, root, "claim")
			person.WaitShown(t, said.joined)

			ts := sharePicture(t, desk, root, agent, "請照這張圖拍 <b>&")
			person.WaitShown(t, "小安\n請照這張圖拍 <b>&")
			require.True(t, desk.Wait(deskPatience, func() bool {
				return strings.Contains(strings.Join(desk.Reactions(slackChannel, ts), " "), "white_check_mark")
			}), "staff see that it arrived: %v", desk.Whispers(agent))
			shown := person.Messages()
			require.NotNil(t, shown[len(shown)-1].File)
			assert.NotEmpty(t, shown[len(shown)-1].File.Body)

			person.Say(said.thanks)
			require.True(t, desk.Wait(deskPatience, func() bool { return strings.Contains(inThread(desk, root), said.thanks) }))
			desk.Tap(t, agent, slackChannel, root, "close")
			require.Empty(t, desk.Submit(t, agent, map[string]any{"text": "好了"}))
			person.WaitAnswered(t, person.Tap(t, said.stars))
			require.True(t, desk.Wait(deskPatience, func() bool { return strings.Contains(inThread(desk, root), "★") }))
		})
	}
}

// A person who goes on in Telegram has the same case and the same history there,
// staff's words arrive there, and what is deleted there is deleted for both.
func TestFromTheWebToTelegramWithTheCaseAndEverythingDeletedThere(t *testing.T) {
	users, desk := telegramtest.New(t), slacktest.New(t)
	desk.AddChannel(slackChannel)
	agent := desk.AddUser("小安", slackChannel)
	s := telegramEnv(t, users, slackEnv(t, desk))
	var b *bot.Bot
	var channel *telegram.Channel
	logs := &channelstest.Buffer{}
	app := fx.New(service(s, streams{out: logs, err: logs}), fx.Populate(&b, &channel))
	require.NoError(t, app.Start(t.Context()))
	defer func() { require.NoError(t, app.Stop(context.WithoutCancel(t.Context())), "%s", logs) }()

	web := chat.Address{Channel: "web", User: "u1"}
	write(t, b, "1", "證件被別人註冊了，我叫𠮷𨋢")
	write(t, b, "2", "我要找真人客服")
	root := theThread(t, desk, "𠮷𨋢")
	before, err := b.Log(t.Context(), web, 0, 100)
	require.NoError(t, err)
	link, err := channel.Link(t.Context(), web)
	require.NoError(t, err)
	_, token, _ := strings.Cut(link, "=")

	person := users.NewPerson("zh-hant")
	here := chat.Address{Channel: telegram.Name, User: strconv.FormatInt(person.ID, 10)}
	person.Say("/start " + token)
	person.WaitShown(t, "接上了")
	after, err := b.Log(t.Context(), here, 0, 100)
	require.NoError(t, err)
	assert.Len(t, after, len(before), "the whole history, and nothing new")
	assert.Equal(t, before[0].Text, after[0].Text)
	assertNothingIsKept(t, b, web)
	open, err := b.Cases(t.Context(), true)
	require.NoError(t, err)
	require.Len(t, open, 1)
	assert.Equal(t, here, open[0].Address)
	desk.Tap(t, agent, slackChannel, root, "claim")
	person.WaitShown(t, "接上了", "客服 小安 來了")
	person.Say("我換到這裡了")
	require.True(t, desk.Wait(deskPatience, func() bool { return strings.Contains(inThread(desk, root), "我換到這裡了") }))

	person.Say("/delete")
	person.WaitAnswered(t, person.Tap(t, "刪除"))
	person.WaitShown(t, "刪除好了")
	assertNothingIsKept(t, b, here)
	assertNothingIsKept(t, b, web)
	open, err = b.Cases(t.Context(), true)
	require.NoError(t, err)
	assert.Empty(t, open)
	person.Say("人臉一直過不了")
	person.WaitShown(t, "刪除好了", "明明是本人")

	require.NoError(t, b.Erase(t.Context(), here), "by an operator, or because time is over")
	person.Say("/delete")
	person.WaitShown(t, "明明是本人", "[刪除]")
	person.WaitAnswered(t, person.Tap(t, "刪除"))
	person.WaitShown(t, "明明是本人", "刪除好了")
}

func assertNothingIsKept(t *testing.T, b *bot.Bot, who chat.Address) {
	t.Helper()
	items, err := b.Log(t.Context(), who, 0, 100)
	require.NoError(t, err)
	assert.Empty(t, items)
}

func TestARefusedTelegramTokenStopsTheStart(t *testing.T) {
	server := telegramtest.New(t)
	s := telegramEnv(t, server, nil)
	server.Revoke()
	err := serveCmd{}.Run(t.Context(), s, streams{out: &channelstest.Buffer{}, err: &channelstest.Buffer{}})
	require.ErrorContains(t, err, "Telegram refuses the token")
	assert.NotContains(t, err.Error(), "\n")
	assert.NotContains(t, err.Error(), telegramtest.Token)
}

func TestTelegramBeingDownStopsNothing(t *testing.T) {
	server := telegramtest.New(t)
	s := telegramEnv(t, server, nil)
	server.Down(true)
	_, stop := startService(t, s)
	defer stop()
	person := server.NewPerson("zh-hant")
	person.Say("人臉一直過不了")
	server.Down(false)
	person.WaitShown(t, "明明是本人")
}

func TestTelegramByWebhook(t *testing.T) {
	server := telegramtest.New(t)
	t.Setenv(telegramSecret, strings.Repeat("s", 32))
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())
	s := telegramEnv(t, server, nil)
	s.Listen, s.PublicURL = address, "http://"+address
	_, stop := startService(t, s)
	defer stop()
	person := server.NewPerson("zh-hans")
	person.Say("人脸一直过不了")
	person.WaitShown(t, "明明是本人")
	server.WaitConfirmed(t)
}

func TestTelegramCheck(t *testing.T) {
	server := telegramtest.New(t)
	telegramEnv(t, server, nil)
	t.Setenv("BOT_TELEGRAM_API", server.URL)
	var out, errs bytes.Buffer
	assert.Equal(t, exitDone, run(t.Context(), []string{"telegram", "check"}, streams{out: &out, err: &errs}), errs.String())
	assert.Contains(t, out.String(), "@"+telegramtest.Username)
	server.Revoke()
	assert.Equal(t, exitErrors, run(t.Context(), []string{"telegram", "check"}, streams{out: &out, err: &errs}))
	assert.Equal(t, 1, strings.Count(errs.String(), "\n"), errs.String())
	assert.NotContains(t, errs.String(), telegramtest.Token)
	t.Setenv(telegramToken, "")
	assert.Equal(t, exitUsage, run(t.Context(), []string{"telegram", "check"}, streams{out: &out, err: &errs}))
}

func TestTelegramSettingsThatCannotWorkAreToldInOneLine(t *testing.T) {
	for name, test := range map[string]struct {
		env  map[string]string
		want string
	}{
		"no token":       {map[string]string{telegramSecret: strings.Repeat("s", 32)}, telegramToken},
		"no public URL":  {map[string]string{telegramToken: telegramtest.Token, telegramSecret: strings.Repeat("s", 32)}, "BOT_PUBLIC_URL"},
		"plain http":     {map[string]string{telegramToken: telegramtest.Token, "BOT_PUBLIC_URL": "http://support.example.com"}, "https://support"},
		"half a token":   {map[string]string{telegramToken: "123456789"}, "@BotFather"},
		"a short secret": {map[string]string{telegramToken: telegramtest.Token, telegramSecret: "s", "BOT_PUBLIC_URL": "https://support.example.com"}, "openssl rand"},
		"a bad API":      {map[string]string{telegramToken: telegramtest.Token, "BOT_TELEGRAM_API": "api.telegram.org"}, "https://api.telegram.org"},
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
			assert.NotContains(t, errs.String(), telegramtest.Token)
		})
	}
}
