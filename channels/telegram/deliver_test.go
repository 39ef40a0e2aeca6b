package telegram_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/telegram"
	"verihelp/channels/telegram/telegramtest"
	"verihelp/internal/chat"
)

// delivery is one of these items to a person.
func delivery(p *telegramtest.Person, items ...chat.Item) channels.Delivery {
	for i := range items {
		if items[i].Seq == 0 {
			items[i].Seq = int64(i + 1)
		}
	}
	return channels.Delivery{Delivery: chat.Delivery{Address: addressOf(p)}, Items: items}
}

// newSender is a channel that only delivers, on a node where Run does not run.
func newSender(t *testing.T) (*telegramtest.Server, *telegram.Channel, *channelstest.FakeInbox) {
	t.Helper()
	s := telegramtest.New(t)
	channel := newChannel(t, s, nil)
	inbox := channelstest.NewFakeInbox(t)
	channel.Attach(inbox)
	return s, channel, inbox
}

func TestAReplyIsOneMessageWithStylesAndButtons(t *testing.T) {
	s, channel, _ := newSender(t)
	p := s.NewPerson("")
	item := chat.Item{Kind: chat.FromBot, Reply: &chat.Reply{Lang: "zh-Hant-TW", Bubbles: []chat.Bubble{
		{Blocks: []chat.Block{{Kind: chat.Paragraph, Text: "𠮷先生，請看 <b>這裡</b> & [那裡](x)：𨋢"}}},
		{Blocks: []chat.Block{
			{Kind: chat.Steps, Items: []string{"更新", "重拍"}},
			{Kind: chat.Source, Text: "出處：𠮷文", URL: "https://example.com/a?b=1&c=2"},
		}},
	}, Choices: []chat.Choice{{ID: "solved", Label: "解決了"}, {ID: strings.Repeat("長", 40), Label: "還是不行"}, {ID: "human", Label: "找真人客服"}}}}
	receipts, err := channel.Deliver(within(t), delivery(p, item))
	require.NoError(t, err)
	assert.Equal(t, []string{"1"}, receipts)
	m := p.Messages()[0]
	assert.Equal(t, "𠮷先生，請看 <b>這裡</b> & [那裡](x)：𨋢\n\n1. 更新\n2. 重拍\n出處：𠮷文", m.Text)
	require.Len(t, m.Entities, 1)
	assert.Equal(t, "text_link", m.Entities[0].Type)
	assert.Equal(t, "https://example.com/a?b=1&c=2", m.Entities[0].URL)
	assert.Equal(t, 6, m.Entities[0].Length, "a rare character has two units")
	require.Len(t, m.Buttons, 2)
	assert.Len(t, m.Buttons[0], 2, "two a row")
	assert.Len(t, m.Buttons[1], 1)
}

func TestALongTextIsSplitAtParagraphs(t *testing.T) {
	s, channel, _ := newSender(t)
	p := s.NewPerson("")
	paragraph := strings.Repeat("𠮷長的一句話。", 100)
	text := strings.TrimSpace(strings.Repeat(paragraph+"\n", 30))
	receipts, err := channel.Deliver(within(t), delivery(p, staff(text)))
	require.NoError(t, err)
	messages := p.Messages()
	require.Len(t, messages, len(receipts))
	require.Greater(t, len(messages), 4)
	var together strings.Builder
	for i, m := range messages {
		body, number, found := strings.Cut(m.Text, "\n（")
		require.True(t, found)
		assert.Equal(t, fmt.Sprintf("%d/%d）", i+1, len(messages)), number)
		rest := strings.ReplaceAll(strings.TrimPrefix(body, "小安\n"), paragraph, "")
		assert.Empty(t, strings.TrimSpace(rest), "whole paragraphs")
		together.WriteString(body)
	}
	assert.Equal(t, 30, strings.Count(together.String(), paragraph))
}

func TestAParagraphThatIsTooLongIsCutBetweenSentences(t *testing.T) {
	s, channel, _ := newSender(t)
	p := s.NewPerson("")
	text := strings.Repeat("𨋢", 5000) + "。" + strings.Repeat("一句話，", 2000)
	_, err := channel.Deliver(within(t), delivery(p, channelstest.BotItem(text)))
	require.NoError(t, err)
	var together strings.Builder
	for _, m := range p.Messages() {
		body, _, _ := strings.Cut(m.Text, "\n（")
		together.WriteString(body)
	}
	assert.Equal(t, text, together.String())
}

func TestWhatTelegramRefusesIsSentPlain(t *testing.T) {
	for name, description := range map[string]string{
		"buttons": "Bad Request: BUTTON_DATA_INVALID", "styles": "Bad Request: can't parse entities: 祕密的字",
	} {
		t.Run(name, func(t *testing.T) {
			s, channel, _ := newSender(t)
			p := s.NewPerson("")
			s.Fail("sendMessage", telegramtest.Fault{Status: 400, Description: description})
			_, err := channel.Deliver(within(t), delivery(p, question(chat.Choice{ID: "a", Label: "證件"}, chat.Choice{ID: "b", Label: "人臉"})))
			require.NoError(t, err)
			assert.Equal(t, "是哪一個？\n\n1. 證件\n2. 人臉\n請回覆號碼。\n", p.Shown())
		})
	}
	s, channel, _ := newSender(t)
	s.Fail("sendMessage", telegramtest.Fault{Status: 400, Description: "Bad Request: no"}, telegramtest.Fault{Status: 400, Description: "Bad Request: no"})
	_, err := channel.Deliver(within(t), delivery(s.NewPerson(""), staff("祕密")))
	var refused *channels.Refused
	assert.ErrorAs(t, err, &refused)
}

func TestErrorsSayWhatTheyMeanForADelivery(t *testing.T) {
	unknown := func(t *testing.T, err error) { assert.ErrorIs(t, err, channels.ErrUnknownOutcome) }
	refused := func(words string) func(*testing.T, error) {
		return func(t *testing.T, err error) {
			var r *channels.Refused
			require.ErrorAs(t, err, &r)
			assert.Contains(t, r.Reason, words)
		}
	}
	tests := map[string]struct {
		fault telegramtest.Fault
		means func(*testing.T, error)
	}{
		"too many": {telegramtest.Fault{Status: 429, RetryAfter: 7}, func(t *testing.T, err error) {
			var later *channels.RetryLater
			require.ErrorAs(t, err, &later)
			assert.Equal(t, 7*time.Second, later.Wait)
		}},
		"blocked":        {telegramtest.Fault{Status: 403, Description: "Forbidden: bot was blocked by the user"}, refused("blocked the bot")},
		"deactivated":    {telegramtest.Fault{Status: 403, Description: "Forbidden: user is deactivated"}, refused("deactivated")},
		"never started":  {telegramtest.Fault{Status: 403, Description: "Forbidden: bot can't initiate conversation with a user"}, refused("may not write")},
		"no such chat":   {telegramtest.Fault{Status: 400, Description: "Bad Request: chat not found"}, refused("no such chat")},
		"server error":   {telegramtest.Fault{Status: 500, Description: "Internal Server Error"}, unknown},
		"a page":         {telegramtest.Fault{Status: 502, Page: true}, unknown},
		"half an answer": {telegramtest.Fault{Half: true, Done: true}, unknown},
		"cut":            {telegramtest.Fault{Cut: true, Done: true}, unknown},
		"token withdrawn": {telegramtest.Fault{Status: 401, Description: "Unauthorized"}, func(t *testing.T, err error) {
			assert.ErrorContains(t, err, "BOT_TELEGRAM_TOKEN")
			assert.NotErrorIs(t, err, channels.ErrUnknownOutcome)
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, channel, _ := newSender(t)
			p := s.NewPerson("")
			s.Fail("sendMessage", test.fault)
			receipts, err := channel.Deliver(within(t), delivery(p, staff("祕密的話")))
			require.Error(t, err)
			assert.Empty(t, receipts)
			test.means(t, err)
			assert.NotContains(t, err.Error(), telegramtest.Token)
			assert.NotContains(t, err.Error(), "祕密")
		})
	}
}

func TestNothingListensMeansNothingArrived(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	s := telegramtest.New(t)
	channel := newChannel(t, s, func(c *telegram.Config) { c.API = "http://" + listener.Addr().String() })
	_, err = channel.Deliver(within(t), delivery(s.NewPerson(""), staff("在嗎")))
	require.Error(t, err)
	assert.NotErrorIs(t, err, channels.ErrUnknownOutcome)
	assert.NotContains(t, err.Error(), telegramtest.Token)
	_, err = channel.Find(within(t), channels.Delivery{})
	assert.ErrorIs(t, err, channels.ErrCannotAsk)
}

func TestADeliveryGoesOnWhereItWasBrokenOff(t *testing.T) {
	s, channel, _ := newSender(t)
	p := s.NewPerson("")
	d := delivery(p, channelstest.BotItem("一"), chat.Item{Kind: chat.FromUser, Text: "二"}, staff("三"), channelstest.BotItem("四"))
	s.Fail("sendMessage", telegramtest.Fault{Status: 500, Done: true})
	var err error
	for range 10 {
		if d.Receipts, err = channel.Deliver(within(t), d); err == nil {
			break
		}
		require.True(t, errors.Is(err, channels.ErrUnknownOutcome))
	}
	require.NoError(t, err)
	assert.Equal(t, "一\n一\n小安\n三\n四\n", p.Shown(), "doubled only where the outcome was unknown")
	assert.Equal(t, []string{"2", "3", "4"}, d.Receipts)
}

func TestAFloodInSomeChatsSilencesThem_AndInAllTheWholeBot(t *testing.T) {
	s, channel, _ := newSender(t)
	flood := telegramtest.Fault{Status: http.StatusTooManyRequests, RetryAfter: 30}
	eve := s.NewPerson("")
	refuse := func(n int) {
		t.Helper()
		for range n {
			s.Fail("sendMessage", flood)
			p := s.NewPerson("")
			_, err := channel.Deliver(within(t), delivery(p, staff("一")))
			require.Error(t, err)
			calls := s.Calls("sendMessage")
			_, err = channel.Deliver(within(t), delivery(p, staff("一")))
			require.Error(t, err)
			assert.Equal(t, calls, s.Calls("sendMessage"), "a chat that had too much is left alone")
		}
	}
	refuse(4)
	_, err := channel.Deliver(within(t), delivery(eve, staff("一")))
	require.NoError(t, err, "others are served")
	refuse(4)
	_, err = channel.Deliver(within(t), delivery(eve, staff("二")))
	require.NoError(t, err, "as long as anything gets through")
	refuse(5)
	calls := s.Calls("sendMessage")
	_, err = channel.Deliver(within(t), delivery(eve, staff("三")))
	var later *channels.RetryLater
	require.ErrorAs(t, err, &later)
	assert.InDelta(t, 30, later.Wait.Seconds(), 5)
	assert.Equal(t, calls, s.Calls("sendMessage"), "Telegram is left alone")
}

func TestStaffLearnThatTheirWordsArrived(t *testing.T) {
	s, channel, inbox := newSender(t)
	p := s.NewPerson("")
	items := inbox.Commit(addressOf(p), channelstest.BotItem("一"), staff("二"))
	_, err := channel.Deliver(within(t), delivery(p, items...))
	require.NoError(t, err)
	inbox.WaitSeen(t, addressOf(p), 2)
}

func TestFilesOfStaff(t *testing.T) {
	s, channel, inbox := newSender(t)
	p := s.NewPerson("")
	file, err := inbox.KeepFile(within(t), addressOf(p), "說明.png", strings.NewReader("png"))
	require.NoError(t, err)
	file.Width, file.Height = 100, 100
	item := staff("請看這張")
	item.Files = []chat.File{file, {ID: "gone", Name: "舊.pdf"}}
	receipts, err := channel.Deliver(within(t), delivery(p, inbox.Commit(addressOf(p), item)...))
	require.NoError(t, err)
	assert.Equal(t, []string{"1", "f2", "3"}, receipts)
	sent := p.Messages()[1]
	assert.Equal(t, "png", string(sent.File.Body))
	assert.Contains(t, p.Shown(), "已經過期")

	alone := staff("")
	alone.Files = []chat.File{file}
	s.Fail("sendPhoto", telegramtest.Fault{Status: 400, Description: "Bad Request: PHOTO_INVALID_DIMENSIONS"})
	_, err = channel.Deliver(within(t), delivery(p, inbox.Commit(addressOf(p), alone)...))
	require.NoError(t, err)
	last := p.Messages()[3]
	assert.False(t, last.Picture, "what is no picture for Telegram is sent as a document")
	assert.Equal(t, "小安", last.Text)
}
