package telegram_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/telegram/telegramtest"
	"verihelp/internal/chat"
)

func TestStaffChangeAndTakeBackWhatTheyWrote(t *testing.T) {
	s, channel, inbox := newSender(t)
	p := s.NewPerson("zh-hans")
	deliver := func(item chat.Item) {
		t.Helper()
		_, err := channel.Deliver(within(t), delivery(p, inbox.Commit(addressOf(p), item)...))
		require.NoError(t, err)
	}
	change := func(item chat.Item, seq int64, gone bool) chat.Item {
		item.Edits, item.Gone = seq, gone
		return item
	}
	deliver(staff("請等三天")) // 1
	deliver(channelstest.BotItem("之後的話"))
	deliver(change(staff("請等五天"), 1, false))
	assert.Equal(t, "小安\n請等五天\n之後的話\n", p.Shown(), "in its place")
	deliver(change(staff("請等五天"), 1, false))
	deliver(change(staff(strings.Repeat("很長。", 2000)), 1, false))
	assert.Equal(t, 3, len(p.Messages()), "the rest follows below")
	deliver(change(staff("短"), 1, false))
	assert.Len(t, p.Messages(), 2)
	deliver(change(staff(""), 1, true))
	assert.Equal(t, "之後的話\n", p.Shown())

	deliver(staff("太舊的話")) // 8
	p.Age(p.Messages()[1].ID, 72*time.Hour)
	deliver(change(staff(""), 8, true))
	assert.Contains(t, p.Shown(), "收回了這則訊息")
	deliver(change(staff("找不到原來的"), 99, false))
	assert.Contains(t, p.Shown(), "（更正前面的訊息）\n小安\n找不到原來的")
	last := p.Messages()[len(p.Messages())-1]
	assert.Equal(t, []string{"italic", "bold"}, []string{last.Entities[0].Type, last.Entities[1].Type})
}

// The store blanks what staff replaced or took back: what reads nothing any more is
// not shown, when it is delivered late or once more.
func TestWhatStaffTookBackBeforeItArrivedIsNeverShown(t *testing.T) {
	s, channel, _ := newSender(t)
	p := s.NewPerson("zh-hant")
	deliver := func(seq int64, item chat.Item, receipts ...string) {
		t.Helper()
		item.Seq = seq
		d := delivery(p, item)
		d.Receipts = receipts
		_, err := channel.Deliver(within(t), d)
		require.NoError(t, err)
	}
	edit := func(text string, seq int64) chat.Item {
		item := staff(text)
		item.Edits, item.Gone = seq, text == "" && seq > 0
		return item
	}
	earlier := func(seq int64) chat.Item { // an edit that another one followed
		item := edit("x", seq)
		item.Text = ""
		return item
	}
	deliver(1, staff(""))
	deliver(2, edit("", 1))
	assert.Empty(t, p.Messages(), "nothing was shown, nothing is taken back")

	deliver(3, staff(""))
	deliver(4, earlier(3))
	deliver(5, edit("請等五天", 3))
	assert.Equal(t, "小安\n請等五天\n", p.Shown(), "no correction of what nobody saw")
	deliver(5, edit("請等五天", 3), "1")
	deliver(4, earlier(3))
	deliver(3, staff(""))
	assert.Equal(t, "小安\n請等五天\n", p.Shown(), "once more")
	deliver(6, edit("", 3))
	assert.Empty(t, p.Shown())
}

func TestWhatStaffTookBackHalfwayIsTakenBackWhole(t *testing.T) {
	s, channel, _ := newSender(t)
	p := s.NewPerson("zh-hant")
	long := delivery(p, staff(strings.Repeat("很長。", 2000)))
	s.Fail("sendMessage", telegramtest.Fault{Done: true}, telegramtest.Fault{Status: 500})
	receipts, err := channel.Deliver(within(t), long)
	require.Error(t, err)
	require.Len(t, receipts, 1)
	d := delivery(p, staff(""))
	d.Receipts = receipts
	_, err = channel.Deliver(within(t), d)
	require.NoError(t, err)
	gone := staff("")
	gone.Seq, gone.Edits, gone.Gone = 2, 1, true
	_, err = channel.Deliver(within(t), delivery(p, gone))
	require.NoError(t, err)
	assert.Empty(t, p.Shown())
}

// Corrected words keep their attachments, and the store blanks the first form: what
// had not arrived of them comes with the correction.
func TestAnAttachmentArrivesThoughItsWordsWereCorrectedFirst(t *testing.T) {
	for name, before := range map[string]func(*telegramtest.Server, func(chat.Item) error, chat.Item){
		"before anything was shown": func(_ *telegramtest.Server, deliver func(chat.Item) error, _ chat.Item) {
			_ = deliver(chat.Item{Seq: 1, Kind: chat.FromStaff})
		},
		"after the words": func(s *telegramtest.Server, deliver func(chat.Item) error, first chat.Item) {
			s.Fail("sendPhoto", telegramtest.Fault{Status: 500})
			_ = deliver(first)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, channel, inbox := newSender(t)
			p := s.NewPerson("zh-hant")
			file, err := inbox.KeepFile(within(t), addressOf(p), "說明.png", strings.NewReader("png"))
			require.NoError(t, err)
			file.Width, file.Height = 100, 100
			deliver := func(item chat.Item) error {
				_, err := channel.Deliver(within(t), delivery(p, item))
				return err
			}
			first := staff("請看這張圖")
			first.Seq, first.Files = 1, []chat.File{file}
			before(s, deliver, first)
			corrected := staff("請照這張圖做")
			corrected.Seq, corrected.Edits, corrected.Files = 2, 1, first.Files
			require.NoError(t, deliver(corrected))
			require.NoError(t, deliver(corrected), "once more changes nothing")
			shown := p.Messages()
			require.Len(t, shown, 2)
			assert.Equal(t, "小安\n請照這張圖做", shown[0].Text)
			require.NotNil(t, shown[1].File)
			assert.Equal(t, "說明.png", shown[1].File.Name)
		})
	}
}
