package channelstest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// ChannelHarness builds a channel for one sub-test, not yet running; what it
// needs beside (a server, a fake API, pipes) ends with the test.
type ChannelHarness func(t *testing.T) ChannelRig

// ChannelRig is a channel and the people on it. Limits of rate or number must be
// wide enough for some dozen messages in a moment.
type ChannelRig struct {
	Channel channels.Channel

	// NewUser brings a person who is new to the channel. It is called after Run
	// has begun, perhaps before Run is ready: it waits for that if it must.
	NewUser func(t *testing.T) User

	// OneUser says that the channel has one user only (a terminal).
	OneUser bool
}

// User is one person on a channel. Its methods are called from one goroutine.
type User interface {
	// Address is where replies to this person go.
	Address() chat.Address

	// Send sends a new message and does not wait for what becomes of it.
	Send(t *testing.T, text string)

	// Choose takes the choice at this place, counted from 1, of the last reply
	// shown: a tap where there are buttons, else the number.
	Choose(t *testing.T, place int, choice chat.Choice)

	// Shown is all text that this person has on the screen so far, in the order
	// shown, as a person would read it (markup decoded, masked or not).
	Shown(t *testing.T) string
}

// Repeater is a User whose client can send its last message once more, because
// it does not know whether it arrived: a channel with repetition must have it.
type Repeater interface{ Repeat(t *testing.T) }

// Staller is a User who can stop taking anything from the channel, as a phone in
// a tunnel does, without going away.
type Staller interface{ Stall(t *testing.T) }

// Channel proves the promises of channels.Channel.
func Channel(t *testing.T, harness ChannelHarness) {
	tests := []struct {
		name string
		run  func(*testing.T, *channelRun)
	}{
		{"messages arrive once and in order", messagesInOrder},
		{"a repeated message keeps its ID", repeatKeepsID},
		{"a message that failed can be sent again", failedIsSentAgain},
		{"replies are shown once and in order", repliesInOrder},
		{"every kind of item is shown as plain text", everyKindShown},
		{"a choice arrives as one", choiceArrives},
		{"people are kept apart", peopleApart},
		{"a stalled user does not hold up Send", stalledUser},
		{"Send to an unknown address does no harm", unknownAddress},
		{"Run ends with its context and leaves nothing", func(t *testing.T, r *channelRun) {
			r.newUser(t).Send(t, "你好")
			r.inbox.WaitReceived(t, 1)
			r.stop()
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rig := harness(t)
			require.NotEmpty(t, rig.Channel.Name(), "a channel has a name")
			inbox := NewFakeInbox(t)
			inbox.DeliverTo(rig.Channel)
			stop := start(t, rig.Channel, func(ctx context.Context) error { return rig.Channel.Run(ctx, inbox) })
			test.run(t, &channelRun{rig: rig, inbox: inbox, stop: stop})
		})
	}
}

// channelRun is a running channel with its inbox.
type channelRun struct {
	rig   ChannelRig
	inbox *FakeInbox
	stop  func()
}

func (r *channelRun) newUser(t *testing.T) User {
	t.Helper()
	u := r.rig.NewUser(t)
	require.Equal(t, r.rig.Channel.Name(), u.Address().Channel, "an address carries its channel's name")
	return u
}

func (r *channelRun) push(t *testing.T, u User, items ...chat.Item) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	require.NoError(t, r.inbox.Push(ctx, u.Address(), items...))
}

func messagesInOrder(t *testing.T, r *channelRun) {
	u := r.newUser(t)
	const n = 12
	for i := range n {
		u.Send(t, fmt.Sprintf("第 %d 則", i))
	}
	ids := map[string]bool{}
	for i, m := range r.inbox.WaitReceived(t, n) {
		assert.Equal(t, fmt.Sprintf("第 %d 則", i), m.Text)
		assert.Equal(t, u.Address(), m.From)
		assert.False(t, m.At.IsZero(), "a message has its time")
		assert.NotEmpty(t, m.ID)
		ids[m.ID] = true
	}
	assert.Len(t, ids, n, "each message has an ID of its own")
	assert.Len(t, r.inbox.WaitItems(t, u.Address(), n), n)
}

func repeatKeepsID(t *testing.T, r *channelRun) {
	u := r.newUser(t)
	again, ok := u.(Repeater)
	if !ok {
		t.Skip("this channel has no repetition")
	}
	u.Send(t, "一次")
	r.inbox.WaitItems(t, u.Address(), 1)
	again.Repeat(t)
	u.Send(t, "另一則")
	items := r.inbox.WaitItems(t, u.Address(), 2)
	require.Len(t, items, 2, "the repetition changed nothing")
	assert.Equal(t, []string{"一次", "另一則"}, []string{items[0].Text, items[1].Text})
}

func failedIsSentAgain(t *testing.T, r *channelRun) {
	u := r.newUser(t)
	again, ok := u.(Repeater)
	if !ok {
		t.Skip("this channel has no repetition")
	}
	r.inbox.Fail(1)
	u.Send(t, "要送到")
	first := r.inbox.WaitReceived(t, 1)[0]
	again.Repeat(t)
	items := r.inbox.WaitItems(t, u.Address(), 1)
	assert.Equal(t, first.ID, items[0].Message, "the ID of the first attempt")
	assert.Equal(t, "要送到", items[0].Text)
}

func repliesInOrder(t *testing.T, r *channelRun) {
	u := r.newUser(t)
	r.inbox.Answer(func(m chat.Message) []chat.Item { return []chat.Item{BotItem("回覆【" + m.Text + "】")} })
	for _, text := range []string{"甲", "乙", "丙"} {
		u.Send(t, text)
	}
	r.inbox.WaitItems(t, u.Address(), 6)
	r.push(t, u, BotItem("最後一句"))
	wanted := []string{"回覆【甲】", "回覆【乙】", "回覆【丙】", "最後一句"}
	shows(t, func() string { return u.Shown(t) }, wanted...)
	for _, text := range wanted {
		assert.Equal(t, 1, strings.Count(u.Shown(t), text), "%q is shown once", text)
	}
}

func everyKindShown(t *testing.T, r *channelRun) {
	u := r.newUser(t)
	u.Send(t, "你好")
	r.inbox.WaitItems(t, u.Address(), 1)
	r.push(t, u,
		chat.Item{Kind: chat.FromBot, Reply: &chat.Reply{Lang: "zh-Hant-TW", Bubbles: []chat.Bubble{
			{Blocks: []chat.Block{
				{Kind: chat.Paragraph, Text: "1 < 2 & <b>3</b> *4* _5_"},
				{Kind: chat.Steps, Items: []string{"先更新", "再拍照"}},
				{Kind: chat.List, Items: []string{"護照", "身分證"}},
			}},
			{Blocks: []chat.Block{{Kind: chat.Source, Text: "說明文章"}}},
		}, Choices: []chat.Choice{{ID: "a", Label: "選項甲"}, {ID: "b", Label: "選項乙"}}}},
		chat.Item{Kind: chat.Notice, Reply: &chat.Reply{Lang: "zh-Hant-TW", Bubbles: []chat.Bubble{
			{Blocks: []chat.Block{{Kind: chat.Paragraph, Text: "已轉給專員"}}},
		}}, Case: &chat.CaseView{ID: "K7-1", State: chat.CaseWaiting}},
		chat.Item{Kind: chat.FromStaff, Agent: "小安", Text: "我來幫您看 <i>看</i>"},
	)
	see := func() string { return u.Shown(t) }
	shows(t, see, "1 < 2 & <b>3</b> *4* _5_", "先更新", "再拍照", "護照", "身分證", "說明文章", "選項甲", "選項乙", "已轉給專員")
	shows(t, see, "已轉給專員", "我來幫您看 <i>看</i>")
	assert.Contains(t, u.Shown(t), "小安", "the agent's name is shown")
}

func choiceArrives(t *testing.T, r *channelRun) {
	u := r.newUser(t)
	choices := []chat.Choice{{ID: "doc", Label: "證件"}, {ID: chat.ChoiceHuman, Label: "真人客服"}}
	u.Send(t, "你好")
	r.inbox.WaitItems(t, u.Address(), 1)
	question := BotItem("是哪一個？")
	question.Reply.Choices = choices
	r.push(t, u, question)
	shows(t, func() string { return u.Shown(t) }, "證件", "真人客服")
	u.Choose(t, 2, choices[1])
	m := r.inbox.WaitReceived(t, 2)[1]
	if m.Choice != choices[1].ID && m.Text != strconv.Itoa(2) {
		t.Errorf("choice %q or its place 2 should arrive, got choice %q and text %q", choices[1].ID, m.Choice, m.Text)
	}
}

func peopleApart(t *testing.T, r *channelRun) {
	if r.rig.OneUser {
		t.Skip("this channel has one user")
	}
	ann, bob := r.newUser(t), r.newUser(t)
	require.NotEqual(t, ann.Address(), bob.Address())
	ann.Send(t, "安")
	r.inbox.WaitItems(t, ann.Address(), 1)
	bob.Send(t, "寶")
	r.inbox.WaitItems(t, bob.Address(), 1)
	r.push(t, ann, BotItem("只給安"))
	r.push(t, bob, BotItem("只給寶"))
	shows(t, func() string { return ann.Shown(t) }, "只給安")
	shows(t, func() string { return bob.Shown(t) }, "只給寶")
	assert.NotContains(t, ann.Shown(t), "只給寶")
	assert.NotContains(t, bob.Shown(t), "只給安")
}

func stalledUser(t *testing.T, r *channelRun) {
	u := r.newUser(t)
	slow, ok := u.(Staller)
	if !ok {
		t.Skip("this channel's users cannot stall")
	}
	u.Send(t, "你好")
	r.inbox.WaitItems(t, u.Address(), 1)
	slow.Stall(t)
	const grace = time.Second
	long := strings.Repeat("很長的回覆。", 4000)
	for range 200 {
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		begun := time.Now()
		_ = r.inbox.Push(ctx, u.Address(), BotItem(long)) // may fail: the log has it
		took := time.Since(begun)
		cancel()
		require.Less(t, took, grace+patience/2, "Send waited for a stalled user")
	}
}

func unknownAddress(t *testing.T, r *channelRun) {
	u := r.newUser(t)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	nobody := chat.Address{Channel: r.rig.Channel.Name(), User: "nobody-here"}
	_ = show(ctx, r.rig.Channel, nobody, []chat.Item{{Seq: 1, Kind: chat.FromStaff, Text: "在嗎？"}}) // may fail, must not panic
	u.Send(t, "還在嗎")
	r.inbox.WaitReceived(t, 1)
}

// BotItem is a bot's reply of one paragraph.
func BotItem(text string) chat.Item {
	return chat.Item{Kind: chat.FromBot, Reply: &chat.Reply{Lang: "zh-Hant-TW", Bubbles: []chat.Bubble{
		{Blocks: []chat.Block{{Kind: chat.Paragraph, Text: text}}},
	}}}
}
