package telegram_test

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/telegram"
	"verihelp/channels/telegram/telegramtest"
	"verihelp/internal/chat"
)

func addressOf(p *telegramtest.Person) chat.Address {
	return chat.Address{Channel: telegram.Name, User: strconv.FormatInt(p.ID, 10)}
}

// service is a running channel with its inbox.
type service struct {
	*channelstest.FakeInbox
	server  *telegramtest.Server
	channel *telegram.Channel
	stop    func()
}

func start(t *testing.T, s *telegramtest.Server, channel *telegram.Channel, inbox *channelstest.FakeInbox) *service {
	t.Helper()
	return run(t, s, channel, inbox, inbox)
}

// run runs a channel until the test ends, with an inbox that adds to a fake.
func run(t *testing.T, s *telegramtest.Server, channel *telegram.Channel, fake *channelstest.FakeInbox, inbox channels.Inbox) *service {
	t.Helper()
	fake.DeliverTo(channel)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- channel.Run(ctx, inbox) }()
	stop := sync.OnceFunc(func() {
		cancel()
		assert.NoError(t, <-ended)
	})
	t.Cleanup(stop)
	return &service{fake, s, channel, stop}
}

// handClock is a clock that a test sets forward.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// poisoned is an inbox that never takes one text.
type poisoned struct {
	*channelstest.FakeInbox
	text  string
	tried chan struct{}
}

func (p *poisoned) Receive(ctx context.Context, m chat.Message) <-chan error {
	if m.Text != p.text {
		return p.FakeInbox.Receive(ctx, m)
	}
	select {
	case p.tried <- struct{}{}:
	default:
	}
	failed := make(chan error, 1)
	failed <- channelstest.ErrTold
	return failed
}

func newService(t *testing.T, change func(*telegram.Config)) *service {
	t.Helper()
	s := telegramtest.New(t)
	return start(t, s, newChannel(t, s, change), channelstest.NewFakeInbox(t))
}

// ctx of a test that calls the channel itself.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func staff(text string) chat.Item {
	return chat.Item{Kind: chat.FromStaff, Agent: "小安", Text: text}
}

func question(choices ...chat.Choice) chat.Item {
	item := channelstest.BotItem("是哪一個？")
	item.Reply.Choices = choices
	return item
}

func TestAMessageBecomesOne(t *testing.T) {
	s := newService(t, nil)
	p := s.server.NewPerson("zh-hans")
	p.Say("我的护照𠮷快到期了\u202e")
	m := s.WaitReceived(t, 1)[0]
	assert.Equal(t, "tg-1", m.ID)
	assert.Equal(t, addressOf(p), m.From)
	assert.Equal(t, "我的护照𠮷快到期了", m.Text, "what nobody can read is dropped, rare characters stay")
	assert.Equal(t, "zh-hans", m.Locale)
	assert.WithinDuration(t, time.Now(), m.At, time.Minute)
	s.server.WaitConfirmed(t)
}

func TestNothingIsConfirmedBeforeItIsCommitted(t *testing.T) {
	s := newService(t, nil)
	release := s.Hold()
	ann, bob := s.server.NewPerson(""), s.server.NewPerson("")
	ann.Say("一")
	bob.Say("二")
	s.WaitReceived(t, 2)
	s.server.WaitCalls(t, "getUpdates", s.server.Calls("getUpdates")+2)
	assert.Equal(t, 2, s.server.Unconfirmed())
	release()
	s.server.WaitConfirmed(t)
	s.WaitItems(t, addressOf(bob), 1)
}

func TestWhatWasNotConfirmedComesAgainAfterARestart(t *testing.T) {
	server := telegramtest.New(t)
	book := &channelstest.FakeNotebook{}
	withBook := func(c *telegram.Config) { c.Notebook = book }
	inbox := channelstest.NewFakeInbox(t)
	first := start(t, server, newChannel(t, server, withBook), inbox)
	p := server.NewPerson("")
	p.Say("一")
	first.WaitItems(t, addressOf(p), 1)
	server.WaitConfirmed(t)
	inbox.Hold() // the service dies before it commits
	p.Say("二")
	first.WaitReceived(t, 2)
	first.stop()
	assert.Equal(t, 1, server.Unconfirmed())

	next := channelstest.NewFakeInbox(t)
	second := start(t, server, newChannel(t, server, withBook), next)
	p.Say("三")
	items := second.WaitItems(t, addressOf(p), 2)
	assert.Equal(t, []string{"二", "三"}, []string{items[0].Text, items[1].Text}, "and what was confirmed does not")
}

func TestDuplicatesAndDisorderChangeNothing(t *testing.T) {
	s := newService(t, nil)
	s.server.Twice(true)
	s.server.Reverse(true)
	release := s.Hold()
	p := s.server.NewPerson("")
	for _, text := range []string{"一", "二", "三"} {
		p.Say(text)
	}
	release()
	items := s.WaitItems(t, addressOf(p), 3)
	s.server.WaitConfirmed(t)
	assert.Len(t, s.Items(addressOf(p)), 3)
	texts := []string{items[0].Text, items[1].Text, items[2].Text}
	assert.ElementsMatch(t, []string{"一", "二", "三"}, texts)
}

func TestWhatFailsIsNotOvertaken(t *testing.T) {
	s := newService(t, nil)
	s.FailLog(1)
	p := s.server.NewPerson("")
	for _, text := range []string{"一", "二", "三"} {
		p.Say(text)
	}
	var order []string
	for _, item := range s.WaitItems(t, addressOf(p), 3) {
		order = append(order, item.Text)
	}
	assert.Equal(t, []string{"一", "二", "三"}, order)
	s.server.WaitConfirmed(t)
}

func TestOneFailingChatDoesNotHoldUpOthers(t *testing.T) {
	s := newService(t, nil)
	s.Fail(3)
	ann := s.server.NewPerson("")
	ann.Say("一")
	s.WaitReceived(t, 1)
	bob := s.server.NewPerson("")
	bob.Say("二")
	s.WaitItems(t, addressOf(bob), 1)
	s.WaitItems(t, addressOf(ann), 1)
	s.server.WaitConfirmed(t)
}

func TestAMessageThatAloneFailsForLongIsGivenBack(t *testing.T) {
	server := telegramtest.New(t)
	inbox := &poisoned{FakeInbox: channelstest.NewFakeInbox(t), text: "祕密的毒", tried: make(chan struct{}, 1)}
	channel := newChannel(t, server, func(c *telegram.Config) { c.GiveUp = time.Millisecond })
	run(t, server, channel, inbox.FakeInbox, inbox)
	ann, bob := server.NewPerson("zh-hant"), server.NewPerson("")
	ann.Say(inbox.text)
	<-inbox.tried
	bob.Say("好的")
	ann.WaitShown(t, "麻煩再傳一次")
	server.WaitConfirmed(t)
}

func TestAMessageThatAlwaysFailsDoesNotSilenceItsChat(t *testing.T) {
	server := telegramtest.New(t)
	inbox := &poisoned{FakeInbox: channelstest.NewFakeInbox(t), text: "祕密的毒", tried: make(chan struct{}, 1)}
	clock := &handClock{now: time.Now()}
	run(t, server, newChannel(t, server, func(c *telegram.Config) { c.Now = clock.Now }), inbox.FakeInbox, inbox)
	ann := server.NewPerson("zh-hant")
	ann.Say(inbox.text)
	<-inbox.tried
	clock.Add(6 * time.Minute)
	ann.Say("好的")
	inbox.WaitItems(t, addressOf(ann), 1)
	clock.Add(time.Second)
	ann.WaitShown(t, "麻煩再傳一次")
	server.WaitConfirmed(t)
}
