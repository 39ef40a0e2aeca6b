package slack_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/slack"
	"verihelp/channels/slack/slacktest"
	"verihelp/internal/chat"
)

// update is a delivery of what a user wrote.
func update(id int64, c chat.Case, change chat.CaseChange, texts ...string) channels.Delivery {
	items := make([]chat.Item, len(texts))
	for i, text := range texts {
		items[i] = chat.Item{Kind: chat.FromUser, Seq: id*100 + int64(i), Text: text, At: time.Now()}
	}
	return channels.Delivery{Delivery: chat.Delivery{ID: id, CreatedAt: time.Now()}, Update: &channels.Update{Case: c, Change: change, Items: items}}
}

// outbox repeats a delivery as the service does.
func outbox(t *testing.T, desk *slack.Desk, d channels.Delivery) {
	t.Helper()
	unknown := false
	for range 20 {
		var err error
		if unknown {
			d.Receipts, err = desk.Find(t.Context(), d)
			if err != nil {
				continue
			}
		}
		d.Receipts, err = desk.Deliver(t.Context(), d)
		if err == nil {
			return
		}
		unknown = errors.Is(err, channels.ErrUnknownOutcome)
		var later *channels.RetryLater
		if errors.As(err, &later) {
			time.Sleep(later.Wait)
		}
	}
	t.Fatal("it never arrived")
}

func TestWhateverBreaksEverythingArrivesOnce(t *testing.T) {
	for _, kind := range []slacktest.Fault{slacktest.RateLimit, slacktest.Broken, slacktest.Silent, slacktest.SilentNow, slacktest.HalfNow} {
		for _, method := range []string{"chat.postMessage", "chat.update", "conversations.replies", "conversations.history"} {
			t.Run(method+" "+string(kind), func(t *testing.T) {
				server := newWorkspace(t)
				desk, err := slack.New(config(server, &channelstest.FakeNotebook{}))
				require.NoError(t, err)
				c := channelstest.SampleCase("K7-1")
				server.Fail(method, kind, 1)
				server.Fail("chat.postMessage", slacktest.SilentNow, 1)
				outbox(t, desk, update(1, c, chat.CaseOpened, "第一句"))
				server.Fail(method, kind, 1)
				outbox(t, desk, update(2, c, chat.CaseMessage, "第二句", "第三句"))
				outbox(t, desk, update(3, c, chat.CaseClaim))
				require.Len(t, server.Messages(channel), 1, "a case has one thread")
				var shown []string
				for _, m := range server.Thread(channel, server.Messages(channel)[0].TS)[1:] {
					shown = append(shown, strings.Join(strings.Fields(m.Shown()), " "))
				}
				require.Len(t, shown, 3, "%q", shown)
				assert.Equal(t, []string{"使用者：第一句", "使用者：第二句 使用者：第三句"}, shown[:2])
			})
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for code, cure := range map[string]string{
		"channel_not_found": "BOT_SLACK_CHANNEL", "not_in_channel": "/invite", "is_archived": "unarchive",
		"missing_scope": "docs/slack-manifest.yaml", "invalid_auth": "copy it again", "token_revoked": "re-install",
	} {
		server := newWorkspace(t)
		desk, err := slack.New(config(server, &channelstest.FakeNotebook{}))
		require.NoError(t, err)
		server.Refuse("chat.postMessage", code, 1)
		d := update(1, channelstest.SampleCase("K7-1"), chat.CaseOpened, "第一句")
		_, err = desk.Deliver(t.Context(), d)
		require.ErrorContains(t, err, cure, code)
		assert.NotErrorIs(t, err, channels.ErrUnknownOutcome)
		var refused *channels.Refused
		assert.NotErrorAs(t, err, &refused, "%s: nothing is given up for it", code)
		assert.NotContains(t, err.Error(), slacktest.BotToken)
		outbox(t, desk, d)
	}
}

func TestADeletedThreadIsOpenedAnew(t *testing.T) {
	o := newOffice(t)
	c := channelstest.SampleCase("K7-1")
	root := o.opened(t, c, "有人嗎")
	o.server.Delete(channel, root)
	require.NoError(t, o.inbox.Say(t.Context(), "K7-1", "還在嗎"))
	again := o.agent.thread(t, "K7-1")
	assert.NotEqual(t, root, again)
	assert.Contains(t, o.thread(again), "還在嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
}

func TestAfterAnOutageTheOrderIsKeptAndStaffAreHeard(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	o.server.Down(true)
	_, err := o.desk.Deliver(t.Context(), update(50, o.inbox.Case("K7-1"), chat.CaseMessage, "不見了"))
	require.Error(t, err)
	o.eventually(t, func() bool { return o.server.Sockets() == 0 }, "the sockets are gone")
	o.server.Hold()
	missed := []string{o.server.Say(channel, root, o.agent.id, "斷線時寫的"), o.server.Say(channel, root, o.agent.id, "還有這句")}
	o.server.Lose()
	o.server.Down(false)
	for _, ts := range missed {
		o.signed(t, ts, "outbox_tray")
	}
	assert.Equal(t, []string{"斷線時寫的", "還有這句"}, o.replies())
	outbox(t, o.desk, update(50, o.inbox.Case("K7-1"), chat.CaseMessage, "不見了"))
	outbox(t, o.desk, update(51, o.inbox.Case("K7-1"), chat.CaseMessage, "後來的"))
	_, below, _ := strings.Cut(o.thread(root), "接手了")
	assert.Regexp(t, `(?s)不見了.*後來的`, below)
}

func TestWhatIsWrittenWhileTheBotIsDownIsReadAtItsStart(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	before := o.server.Say(channel, root, o.agent.id, "之前")
	o.signed(t, before, "outbox_tray")
	o.stop()
	o.server.Hold()
	o.server.Edit(channel, before, "之前，改過")
	missed := o.server.Say(channel, root, o.agent.id, "沒人聽見")
	o.server.Lose()
	o.server.Fail("conversations.replies", slacktest.RateLimit, 1)
	o.open(t)
	o.signed(t, missed, "outbox_tray")
	actions := o.inbox.WaitActions(t, 4)
	assert.Equal(t, []string{"之前", "沒人聽見"}, o.replies(), "once each")
	assert.Equal(t, "之前，改過", actions[2].Text)
}

func TestARefreshOfTheSocketsLosesNothing(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	var want []string
	for i := range 20 {
		if i%5 == 0 {
			o.server.Refresh()
		}
		want = append(want, fmt.Sprint("第", i, "句"))
		o.server.Say(channel, root, o.agent.id, want[i])
	}
	o.inbox.WaitActions(t, 21)
	assert.ElementsMatch(t, want, o.replies())
}

func TestDoubledAndReorderedEventsAreHandledOnce(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	o.server.Twice()
	first := o.server.Say(channel, root, o.agent.id, "一")
	o.signed(t, first, "outbox_tray")
	o.server.Hold()
	second, third := o.server.Say(channel, root, o.agent.id, "二"), o.server.Say(channel, root, o.agent.id, "三")
	o.server.Release(true)
	o.signed(t, second, "outbox_tray")
	o.signed(t, third, "outbox_tray")
	assert.ElementsMatch(t, []string{"一", "二", "三"}, o.replies())
}

// Slack sends again after minutes: by then a message may be no more what it was.
func TestAnEditOrDeletionMayComeBeforeItsMessage(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	typed := func(ts, text string) map[string]any {
		return map[string]any{"type": "message", "channel": channel, "user": o.agent.id, "ts": ts, "thread_ts": root, "text": text}
	}
	decided := func(ts string) {
		o.eventually(t, func() bool { note, _ := o.notes.Note(t.Context(), "seen/K7-1/"+ts); return note != "" }, "it is decided upon")
	}
	o.server.Hold()
	gone, changed := o.server.Say(channel, root, o.agent.id, "寫錯了"), o.server.Say(channel, root, o.agent.id, "也錯了")
	o.server.Lose()

	o.server.Event(map[string]any{"type": "message", "subtype": "message_deleted", "channel": channel, "deleted_ts": gone, "previous_message": typed(gone, "寫錯了")})
	decided(gone)
	now := typed(changed, "改對了")
	now["edited"] = map[string]any{"ts": changed[:len(changed)-1] + "9"}
	o.server.Event(map[string]any{"type": "message", "subtype": "message_changed", "channel": channel, "message": now, "previous_message": typed(changed, "也錯了")})
	decided(changed)
	o.server.Event(typed(gone, "寫錯了"))
	o.server.Event(typed(changed, "也錯了"))
	o.signed(t, o.server.Say(channel, root, o.agent.id, "最後"), "outbox_tray")
	assert.Equal(t, []string{"改對了", "最後"}, o.replies())
}

func TestARefusedAppTokenEndsTheDesk(t *testing.T) {
	server := newWorkspace(t)
	c := config(server, &channelstest.FakeNotebook{})
	c.AppToken = "xapp-wrong"
	desk, err := slack.New(c)
	require.NoError(t, err)
	require.NoError(t, desk.Verify(t.Context()))
	err = desk.Run(t.Context(), channelstest.NewFakeDeskInbox())
	require.ErrorIs(t, err, slack.ErrRefused)
	assert.ErrorContains(t, err, "BOT_SLACK_APP_TOKEN")
}

func TestSlackDownAtTheStartStopsNothing(t *testing.T) {
	server := newWorkspace(t)
	server.Down(true)
	desk, err := slack.New(config(server, &channelstest.FakeNotebook{}))
	require.NoError(t, err)
	require.NotErrorIs(t, desk.Verify(t.Context()), slack.ErrRefused)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- desk.Run(ctx, channelstest.NewFakeDeskInbox()) }()
	server.Down(false)
	assert.True(t, server.Wait(patience, func() bool { return server.Sockets() == 2 }))
	cancel()
	require.NoError(t, <-ended)
}

func TestCheckSaysWhatIsMissing(t *testing.T) {
	server := newWorkspace(t)
	server.AddUser("小安", channel)
	check := func(change func(*slack.Config)) string {
		c := config(server, &channelstest.FakeNotebook{})
		change(&c)
		desk, err := slack.New(c)
		require.NoError(t, err)
		var out bytes.Buffer
		for _, f := range desk.Check(t.Context()) {
			fmt.Fprintln(&out, f.OK, f.Text)
		}
		return out.String()
	}
	well := check(func(*slack.Config) {})
	assert.NotContains(t, well, "false")
	assert.Contains(t, well, "members who can act on cases: 1")
	assert.Contains(t, check(func(c *slack.Config) { c.BotToken = "xoxb-wrong" }), "copy it again")
	assert.Contains(t, check(func(c *slack.Config) { c.AppToken = "xapp-wrong" }), "connections:write")
	assert.Contains(t, check(func(c *slack.Config) { c.Channel = "C0OTHER000" }), "false channel C0OTHER000")
	server.Down(true)
	down := check(func(*slack.Config) {})
	assert.Contains(t, down, "false Slack: ")
	assert.NotContains(t, down, "bot token:", "nothing is known of it")
	server.Down(false)
	server.Fail("apps.connections.open", slacktest.Silent, 1)
	assert.Contains(t, check(func(*slack.Config) {}), "false Socket Mode: Slack did not answer")
	server.Archive(channel, true)
	server.Scopes("chat:write,commands")
	bad := check(func(*slack.Config) {})
	assert.Contains(t, bad, "archived")
	assert.Contains(t, bad, "files:read")
}

func TestTheManifestGrantsWhatCheckAsksFor(t *testing.T) {
	manifest, err := os.ReadFile("../../docs/slack-manifest.yaml")
	require.NoError(t, err)
	server := newWorkspace(t)
	var scopes []string
	for line := range strings.Lines(string(manifest)) {
		if scope, ok := strings.CutPrefix(strings.TrimSpace(line), "- "); ok {
			scopes = append(scopes, scope)
		}
	}
	server.Scopes(strings.Join(scopes, ","))
	desk, err := slack.New(config(server, &channelstest.FakeNotebook{}))
	require.NoError(t, err)
	for _, f := range desk.Check(t.Context()) {
		assert.True(t, f.OK, f.Text)
	}
}

func TestCasesGoToTheirChannels(t *testing.T) {
	server := newWorkspace(t)
	server.AddChannel("C0FIRST000")
	server.AddChannel("C0FACES000")
	c := config(server, &channelstest.FakeNotebook{})
	c.Routes = map[string]string{slack.PriorityRoute: "C0FIRST000", "face.mismatch": "C0FACES000"}
	desk, err := slack.New(c)
	require.NoError(t, err)
	for i, one := range []struct {
		category string
		priority bool
		channel  string
	}{{"photo.blurry", false, channel}, {"photo.blurry", true, "C0FIRST000"}, {"face.mismatch", true, "C0FACES000"}} {
		sample := channelstest.SampleCase(fmt.Sprintf("K%d-1", i))
		sample.Category, sample.Priority = one.category, one.priority
		outbox(t, desk, update(int64(i), sample, chat.CaseOpened, "嗨"))
		assert.Contains(t, server.Messages(one.channel)[0].Shown(), sample.ID)
	}
}
