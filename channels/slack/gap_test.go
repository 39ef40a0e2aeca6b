package slack_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/slack"
	"verihelp/internal/chat"
)

// counted is a notebook that tells how often it was noted until when all was heard.
type counted struct {
	*channelstest.FakeNotebook
	heard chan struct{}
}

func (c counted) SetNote(ctx context.Context, key, value string) error {
	err := c.FakeNotebook.SetNote(ctx, key, value)
	if key == "heard" {
		select {
		case c.heard <- struct{}{}:
		default:
		}
	}
	return err
}

// A process that dies while it works on what it read after a gap has not heard it:
// the next one reads it once more.
func TestWhatIsReadAfterAGapIsHeardOnceItIsDealtWith(t *testing.T) {
	var w watch
	o := newOffice(t, func(c *slack.Config) { c.Now = w.now })
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	o.stop()
	o.server.Hold()
	missed := o.server.Say(channel, root, o.agent.id, "斷線時寫的")
	o.server.Lose()
	w.move(time.Hour)

	g := gateTo(t, o.inbox)
	notes := counted{o.notes, make(chan struct{})}
	c := config(o.server, notes)
	c.Now = w.now
	desk, err := slack.New(c)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- desk.Run(ctx, g) }()
	<-g.entered
	for range 2 { // the one that may have begun before, and one more
		<-notes.heard
	}
	until, err := o.notes.Note(t.Context(), "heard")
	require.NoError(t, err)
	assert.LessOrEqual(t, until, missed)
	g.open()
	o.eventually(t, func() bool { now, _ := o.notes.Note(t.Context(), "heard"); return now > missed }, "now it is heard")
	cancel()
	require.NoError(t, <-ended)
}
