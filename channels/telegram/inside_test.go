package telegram

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/telegram/telegramtest"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

func TestOurWordsAreRightInBothScripts(t *testing.T) {
	for key := range texts {
		for _, locale := range []zh.Locale{zh.LocaleTW, zh.LocaleHK, zh.LocaleHans} {
			assert.Empty(t, zh.Lint(zh.ConvertMarked(texts[key], locale), locale), "%s in %s", key, locale)
		}
	}
	for _, c := range profiles()[0].commands {
		if c.Command == "language" {
			continue // names both scripts, each in itself
		}
		assert.Equal(t, zh.None, zh.Detect(c.Description).Script, "%s reads the same in both scripts", c.Command)
	}
}

func TestCommand(t *testing.T) {
	for text, want := range map[string][2]string{
		"/start":                      {"start", ""},
		"/Start abc_-9":               {"start", "abc_-9"},
		"/help@verihelp_bot":          {"help", ""},
		"/help\n還有":                   {"help", "還有"},
		"/帮助":                         {"help", ""},
		"/真人客服 ":                      {"human", ""},
		"/人臉":                         {},
		"請 /help":                     {},
		"/help。":                      {},
		"/":                           {},
		"/" + strings.Repeat("a", 33): {},
	} {
		name, payload, ok := command(text)
		assert.Equal(t, want, [2]string{name, payload}, text)
		assert.Equal(t, want[0] != "", ok, text)
	}
}

func TestNotesAreForgotten(t *testing.T) {
	now := time.Now()
	n := notes{&channelstest.FakeNotebook{}, func() time.Time { return now }}
	ctx := t.Context()
	require.NoError(t, n.set(ctx, sentNote(1, 5), "12"))
	require.NoError(t, n.set(ctx, sentNote(11, 5), "13"))
	require.NoError(t, n.set(ctx, keysNote(1), "12"))
	require.NoError(t, n.set(ctx, "position/1", "7"))
	require.NoError(t, n.forget(ctx, 1))
	left, err := n.book.Notes(ctx, "")
	require.NoError(t, err)
	assert.Len(t, left, 2, "those of one chat only")
	now = now.Add(31 * 24 * time.Hour)
	n.prune(ctx, Config{}.withDefaults().Logger)
	left, err = n.book.Notes(ctx, "")
	require.NoError(t, err)
	assert.Len(t, left, 1, "positions stay")
}

func TestMemoryIsBounded(t *testing.T) {
	g := newGenerations[int64, bool](maxRemembered)
	for i := range int64(3 * maxRemembered) {
		g.put(i, true)
	}
	assert.LessOrEqual(t, len(g.recent)+len(g.older), 2*maxRemembered)
	_, found := g.get(3*maxRemembered - 1)
	assert.True(t, found)
	_, found = g.get(0)
	assert.False(t, found)
}

// Whatever Telegram, or somebody in its name, sends: nothing breaks, and what
// reaches the inbox can be stored and shown.
func FuzzUpdate(f *testing.F) {
	for _, seed := range []string{
		`{"update_id":1,"message":{"message_id":1,"date":1,"text":"𠮷\u0000/start","chat":{"id":5,"type":"private"},"from":{"id":5,"language_code":"zh-hant"}}}`,
		`{"update_id":2,"message":{"message_id":1,"text":"/start AAAA","chat":{"id":5,"type":"private"},"from":{"id":5}}}`,
		`{"update_id":3,"callback_query":{"id":"1","from":{"id":5},"data":"1.0.aa","message":{"message_id":1,"date":0,"chat":{"id":5}}}}`,
		`{"update_id":4,"edited_message":{"message_id":1,"edit_date":9,"caption":"x","chat":{"id":5,"type":"private"},"from":{"id":5}}}`,
		`{"update_id":5,"message":{"message_id":1,"media_group_id":"a","photo":[{"file_id":"x"}],"chat":{"id":5,"type":"private"},"from":{"id":5}}}`,
		`{"update_id":6,"my_chat_member":{"chat":{"id":-5,"type":"group"},"new_chat_member":{"status":"member"}}}`,
		`{"update_id":7,"message":{"message_id":1,"document":{"file_id":"","file_name":"\ud842.pdf","file_size":-1},"chat":{"id":5,"type":"private"},"from":{"id":5}}}`,
		`{"update_id":"8"}`,
	} {
		f.Add([]byte(seed))
	}
	server := telegramtest.New(f)
	c, err := New(Config{Token: telegramtest.Token, API: server.URL, Notebook: &channelstest.FakeNotebook{}, RetryWait: time.Nanosecond, AlbumWait: time.Nanosecond})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, raw []byte) {
		inbox := channelstest.NewFakeInbox(t)
		c.Attach(inbox)
		c.handled = newGenerations[int64, bool](maxRemembered)
		u, err := decode(raw)
		if err != nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		handle, end := c.accept(u)
		_ = handle(ctx) // an error is one way out, a panic is none
		end()
		for _, m := range inbox.Received() {
			assert.NotEmpty(t, m.ID)
			assert.Equal(t, Name, m.From.Channel)
			assert.True(t, utf8.ValidString(m.Text+m.Locale))
			assert.NotContains(t, m.Text+m.Locale, "\x00")
			assert.False(t, m.At.After(time.Now()))
		}
	})
}

// However a text is made, its messages fit, hold all of it, and their styles end
// at characters.
func FuzzPack(f *testing.F) {
	f.Add("𠮷一二三。四五六", 3)
	f.Add("👩🏽‍🚀👩🏽‍🚀 e\u0301", 5)
	f.Add("   \n\n", 1)
	f.Fuzz(func(t *testing.T, text string, room int) {
		room = 4 + max(room, -room)%100
		if room < 4 || !utf8.ValidString(text) {
			return
		}
		lines := append(paragraphs(nil, text), line{text: "名", style: "bold"})
		var together strings.Builder
		for _, m := range pack(lines, room) {
			assert.NotEmpty(t, m.text)
			assert.LessOrEqual(t, units(m.text), room)
			assert.True(t, utf8.ValidString(m.text))
			for _, e := range m.entities {
				assert.LessOrEqual(t, e.Offset+e.Length, units(m.text))
			}
			together.WriteString(m.text)
		}
		if strings.Join(strings.Fields(text+"名"), "") != strings.Join(strings.Fields(together.String()), "") {
			t.Errorf("packed as %q", together.String())
		}
	})
}

func FuzzDataOf(f *testing.F) {
	f.Add("1.0.4bf5122f")
	f.Add("..")
	f.Fuzz(func(t *testing.T, data string) {
		inbox := channelstest.NewFakeInbox(t)
		who := addressOf(1)
		item := channelstest.BotItem("哪個？")
		item.Reply.Choices = []chat.Choice{{ID: "a", Label: "甲"}}
		inbox.Commit(who, item)
		_, found, err := choiceOf(t.Context(), inbox, who, data)
		require.NoError(t, err)
		assert.Equal(t, data == dataOf(1, 0, item.Reply.Choices[0]), found)
	})
}

func BenchmarkRender(b *testing.B) {
	item := channelstest.BotItem(strings.Repeat("請先更新 App，再重新拍一次。\n", 20))
	item.Reply.Choices = []chat.Choice{{ID: "a", Label: "解決了"}, {ID: "b", Label: "還是不行"}}
	for b.Loop() {
		messagesOf(item, zh.LocaleTW)
	}
}
