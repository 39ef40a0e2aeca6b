package slack_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/slack"
	"verihelp/channels/slack/slacktest"
	"verihelp/internal/chat"
)

// watch is a clock that a test moves.
type watch struct{ ahead atomic.Int64 }

func (w *watch) now() time.Time       { return time.Now().Add(time.Duration(w.ahead.Load())) }
func (w *watch) move(d time.Duration) { w.ahead.Add(int64(d)) }

func TestYesterdayIsSummedUpOnce(t *testing.T) {
	var w watch
	o := newOffice(t, func(c *slack.Config) { c.Now, c.SummaryAt = w.now, time.Nanosecond })
	c := channelstest.SampleCase("K7-1")
	c.OpenedAt = time.Now()
	c.LastUser = c.OpenedAt
	o.opened(t, c, "有人嗎")
	summaries := func() (n int) {
		for _, m := range o.server.Messages(channel) {
			n += strings.Count(m.Shown(), "新案件 1，結束 0，等待接手 1，超過時限 1")
		}
		return n
	}
	require.Zero(t, summaries(), "the first day has no yesterday")
	w.move(24 * time.Hour)
	o.eventually(t, func() bool { return summaries() == 1 }, "the summary is posted")
	o.stop()
	o.open(t, func(c *slack.Config) { c.Now, c.SummaryAt = w.now, time.Nanosecond })
	w.move(time.Second)
	o.opened(t, channelstest.SampleCase("K8-1"), "嗨")
	assert.Equal(t, 1, summaries())
}

func TestCardsThatLagAreBroughtUpToDate(t *testing.T) {
	o := newOffice(t)
	c := channelstest.SampleCase("K7-1")
	root := o.opened(t, c, "有人嗎")
	require.NoError(t, o.notes.SetNote(t.Context(), "stale/K7-1", "1"))
	before := o.server.Calls("chat.update")
	o.eventually(t, func() bool { return o.server.Calls("chat.update") > before }, "the card is written anew")
	assert.Contains(t, o.server.Messages(channel)[0].Shown(), "最後・使用者：有人嗎")
	note, err := o.notes.Note(t.Context(), "stale/K7-1")
	require.NoError(t, err)
	assert.Empty(t, note)
	assert.Equal(t, root, o.server.Messages(channel)[0].TS)
}

func TestWhatEndedLongAgoIsForgotten(t *testing.T) {
	var w watch
	o := newOffice(t, func(c *slack.Config) { c.Now = w.now })
	o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	o.opened(t, channelstest.SampleCase("K8-1"), "還開著")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseReply, "好了"))
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClose, ""))
	w.move(31 * 24 * time.Hour)
	noted := func(id string) (keys []string) {
		all, err := o.notes.Notes(context.Background(), "")
		require.NoError(t, err)
		for key, value := range all {
			if strings.Contains(key+value, id) {
				keys = append(keys, key)
			}
		}
		return keys
	}
	o.eventually(t, func() bool { return len(noted("K7-1")) == 0 }, "nothing of it is noted")
	assert.NotEmpty(t, noted("K8-1"))
}

func TestStaffAreToldAfterALongBreak(t *testing.T) {
	var w watch
	o := newOffice(t, func(c *slack.Config) { c.Now = w.now })
	o.stop()
	w.move(30 * time.Minute)
	o.open(t, func(c *slack.Config) { c.Now = w.now })
	o.eventually(t, func() bool {
		shown := ""
		for _, m := range o.server.Messages(channel) {
			shown += m.Shown()
		}
		return strings.Contains(shown, "約 30 分鐘沒有連上 Slack")
	}, "staff are told that the desk is back")
}

// brokenOnce is a notebook whose database is away for a moment.
type brokenOnce struct {
	*channelstest.FakeNotebook
	broken atomic.Bool
}

func (b *brokenOnce) Note(ctx context.Context, key string) (string, error) {
	if strings.HasPrefix(key, "thread/") && b.broken.CompareAndSwap(true, false) {
		return "", errors.New("the database is away")
	}
	return b.FakeNotebook.Note(ctx, key)
}

func TestAMessageThatCouldNotBeDealtWithIsReadAgain(t *testing.T) {
	notes := &brokenOnce{FakeNotebook: &channelstest.FakeNotebook{}}
	o := newOffice(t, func(c *slack.Config) { c.Notes = notes })
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	notes.broken.Store(true)
	o.signed(t, o.server.Say(channel, root, o.agent.id, "沒丟"), "outbox_tray")
	assert.Equal(t, []string{"沒丟"}, o.replies())
}

func TestOnlyTheButtonSendsWhereThatIsTheRule(t *testing.T) {
	o := newOffice(t, func(c *slack.Config) { c.Reply = slack.ReplyCommand })
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	o.signed(t, o.server.Say(channel, root, o.agent.id, "只是討論"), "no_entry_sign")
	assert.Empty(t, o.replies())
	o.server.Tap(t, o.agent.id, channel, root, "reply")
	require.Empty(t, o.server.Submit(t, o.agent.id, map[string]any{"text": "這才是回覆"}))
	assert.Equal(t, []string{"這才是回覆"}, o.replies())
}

func TestNoFileIsTakenFromTheLoginPage(t *testing.T) {
	o := newOffice(t)
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	o.server.Hold()
	ts := o.server.Share(channel, root, o.agent.id, "", "a.png", []byte("\x89PNG"))
	o.server.HideFiles()
	o.server.Release(false)
	o.signed(t, ts, "no_entry_sign")
	assert.Empty(t, o.replies())
	assert.NotContains(t, o.thread(root), slacktest.BotToken)
}
