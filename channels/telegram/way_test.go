package telegram_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/telegram"
	"verihelp/channels/telegram/telegramtest"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

func TestAnOutageLosesNothing(t *testing.T) {
	server := telegramtest.New(t)
	server.Down(true)
	s := start(t, server, newChannel(t, server, nil), channelstest.NewFakeInbox(t))
	p := server.NewPerson("")
	p.Say("一")
	require.NoError(t, s.channel.Verify(within(t)), "Telegram being down stops no start")
	server.Down(false)
	s.WaitItems(t, addressOf(p), 1)
	for _, fault := range []telegramtest.Fault{{Status: 500}, {Status: 409}, {Status: 429, RetryAfter: 1}, {Half: true}, {Page: true, Status: 502}, {Cut: true}} {
		server.Fail("getUpdates", fault)
	}
	p.Say("二")
	p.Say("三")
	items := s.WaitItems(t, addressOf(p), 3)
	assert.Equal(t, "三", items[2].Text)
	server.WaitConfirmed(t)
}

func TestPollingTakesAWebhookAwayAndKeepsWhatWaits(t *testing.T) {
	server := telegramtest.New(t)
	refusing := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(refusing.Close)
	old := newChannel(t, server, func(c *telegram.Config) { c.WebhookURL, c.WebhookSecret = refusing.URL, hookSecret })
	first := start(t, server, old, channelstest.NewFakeInbox(t))
	server.WaitCalls(t, "setWebhook", 1)
	p := server.NewPerson("")
	p.Say("一")
	first.stop()
	s := start(t, server, newChannel(t, server, nil), channelstest.NewFakeInbox(t))
	s.WaitItems(t, addressOf(p), 1)
}

func TestTelegramNumbersAnewAfterAQuietWeek(t *testing.T) {
	clock := &handClock{now: time.Now()}
	s := newService(t, func(c *telegram.Config) {
		c.PollTimeout = time.Second
		c.Now = clock.Now
	})
	p := s.server.NewPerson("")
	p.Say("一")
	s.server.WaitConfirmed(t)
	clock.Add(8 * 24 * time.Hour)
	s.server.WaitCalls(t, "getUpdates", s.server.Calls("getUpdates")+2)
	s.server.Renumber(5)
	p.Say("二")
	s.WaitItems(t, addressOf(p), 2)
	s.server.WaitConfirmed(t)
}

func TestUpdatesThatCannotBeReadArePassedOver(t *testing.T) {
	s := newService(t, nil)
	s.server.PushRaw(2000, `{"update_id":2000,"message":{"message_id":"祕密"}}`)
	s.server.PushRaw(2001, `{"update_id":2001,"poll_answer":{}}`)
	s.server.PushRaw(2002, `{"update_id":2002,"message":{}}`)
	s.server.PushRaw(2003, `{"update_id":2003,"callback_query":{}}`)
	p := s.server.NewPerson("")
	p.Say("之後的話")
	s.WaitItems(t, addressOf(p), 1)
	s.server.WaitConfirmed(t)
}

func TestCommandsAndDescriptionsAreSetOnce(t *testing.T) {
	server := telegramtest.New(t)
	book := &channelstest.FakeNotebook{}
	for range 2 {
		s := start(t, server, newChannel(t, server, func(c *telegram.Config) { c.Notebook = book }), channelstest.NewFakeInbox(t))
		server.WaitCalls(t, "getUpdates", server.Calls("getUpdates")+1)
		s.stop()
	}
	assert.Equal(t, 2, server.Calls("setMyCommands"), "one for Chinese, one for all others")
	assert.Contains(t, server.Profile("setMyCommands", "zh"), "找真人客服")
	assert.Contains(t, server.Profile("setMyCommands", ""), "Talk to a person")
	about := server.Profile("setMyDescription", "zh")
	hant, hans, _ := strings.Cut(about, "\n\n")
	assert.Empty(t, zh.Lint(hant, zh.LocaleTW))
	assert.Empty(t, zh.Lint(hans, zh.LocaleHans))
	assert.LessOrEqual(t, len([]rune(about)), 512)
	assert.LessOrEqual(t, len([]rune(server.Profile("setMyShortDescription", "zh"))), 120)
}

func TestTheWebhookTakesOnlyWhatTelegramSends(t *testing.T) {
	server := telegramtest.New(t)
	channel := hooked(t, server, nil)
	inbox := channelstest.NewFakeInbox(t)
	channel.Attach(inbox) // a node where Run does not run
	hook := httptest.NewServer(channel.Handler())
	t.Cleanup(hook.Close)
	update := `{"update_id":7,"message":{"message_id":3,"date":1,"text":"你好","chat":{"id":5,"type":"private"},"from":{"id":5}}}`
	for name, test := range map[string]struct {
		method, secret, body string
		status               int
	}{
		"no secret":      {"POST", "", update, 403},
		"wrong secret":   {"POST", hookSecret + "x", update, 403},
		"not a POST":     {"GET", hookSecret, "", 405},
		"too large":      {"POST", hookSecret, `{"update_id":1,"x":"` + strings.Repeat("a", 2<<20) + `"}`, 413},
		"cut":            {"POST", hookSecret, update[:40], 400},
		"not an update":  {"POST", hookSecret, `[]`, 200},
		"unknown update": {"POST", hookSecret, `{"update_id":9,"poll":{}}`, 200},
	} {
		assert.Equal(t, test.status, post(t, hook.URL, test.method, test.secret, test.body), name)
	}
	assert.Empty(t, inbox.Received())

	inbox.Fail(1)
	assert.Equal(t, 500, post(t, hook.URL, "POST", hookSecret, update), "not committed: it must come again")
	assert.Equal(t, 200, post(t, hook.URL, "POST", hookSecret, update))
	assert.Len(t, inbox.Items(chat.Address{Channel: telegram.Name, User: "5"}), 1)
	assert.Equal(t, 200, post(t, hook.URL, "POST", hookSecret, update), "once more")
	assert.Len(t, inbox.Received(), 2)

	polling := newChannel(t, server, nil)
	assert.Equal(t, 403, post(t, httptest.NewServer(polling.Handler()).URL, "POST", "", update), "no webhook without a secret")
}

func post(t *testing.T, url, method, secret, body string) int {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func TestBadSettingsSayWhatToDo(t *testing.T) {
	for says, change := range map[string]func(*telegram.Config){
		"@BotFather":   func(c *telegram.Config) { c.Token = "123" },
		"openssl rand": func(c *telegram.Config) { c.WebhookSecret = "short" },
		"https://":     func(c *telegram.Config) { c.API = "api.telegram.org" },
	} {
		cfg := telegram.Config{Token: telegramtest.Token, Notebook: &channelstest.FakeNotebook{}}
		change(&cfg)
		_, err := telegram.New(cfg)
		require.ErrorContains(t, err, says)
		assert.NotContains(t, err.Error(), telegramtest.Token)
	}
}

func TestCheck(t *testing.T) {
	server := telegramtest.New(t)
	found, err := newChannel(t, server, nil).Check(within(t))
	require.NoError(t, err)
	assert.Contains(t, strings.Join(found, "\n"), "@verihelp_bot")
	assert.Contains(t, strings.Join(found, "\n"), "by polling")

	refusing := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(refusing.Close)
	channel := newChannel(t, server, func(c *telegram.Config) { c.WebhookURL, c.WebhookSecret = refusing.URL, hookSecret })
	found, err = channel.Check(within(t))
	require.NoError(t, err)
	assert.Contains(t, strings.Join(found, "\n"), "sets the webhook")
	start(t, server, channel, channelstest.NewFakeInbox(t))
	server.NewPerson("").Say("一")
	require.Eventually(t, func() bool { _, err = channel.Check(within(t)); return err != nil }, 10*time.Second, 5*time.Millisecond)
	assert.ErrorContains(t, err, "404")

	server.Revoke()
	_, err = newChannel(t, server, nil).Check(within(t))
	assert.ErrorContains(t, err, "BOT_TELEGRAM_TOKEN")
	assert.ErrorContains(t, newChannel(t, server, nil).Verify(within(t)), "@BotFather")
}

func TestBlockingTheBotEndsNothingElse(t *testing.T) {
	s := newService(t, nil)
	ann, bob := s.server.NewPerson(""), s.server.NewPerson("")
	ann.Block(true)
	bob.Say("在嗎")
	s.WaitItems(t, addressOf(bob), 1)
	assert.ErrorContains(t, s.Push(within(t), addressOf(ann), staff("在嗎")), "blocked the bot")
	ann.Block(false)
	s.server.WaitConfirmed(t)
	assert.NoError(t, s.Push(within(t), addressOf(ann), staff("在嗎")))
}
