package webchat_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
	"verihelp/web/widget/browsertest"
)

func extrasKeep(t *testing.T, b *browsertest.Browser) {
	_, page := openPage(t, b, browsertest.Options{})
	page.Say("你好")
	page.AwaitText("收到")
	js(page, saved)
	page.Click("更多選項")
	assert.Equal(t, 1, count(page, "#menu button"), "only what the server can do is offered")
	page.Click("下載對話紀錄")
	page.Await("saved", "saved.length")
	assert.Contains(t, browsertest.Eval[string](page, "blobs[0].text()"), "收到：你好")
	assert.Equal(t, "more", browsertest.Eval[string](page, "root.activeElement.id"))
	page.Press(kb.Enter)
	page.Await("open", "!root.querySelector('#menu').hidden")
	page.Press(kb.Escape)
	page.Await("closed", "root.querySelector('#menu').hidden && root.activeElement.id === 'more'")
}

func extrasForget(t *testing.T, b *browsertest.Browser) {
	var inbox erasing
	s := serviceWith(t, func(f *channelstest.FakeInbox) channels.Inbox {
		inbox = erasing{f, make(chan chat.Address, 1)}
		return inbox
	})
	s.Answer(scripted)
	page := b.NewPage(t, browsertest.Options{})
	page.Open(s.server.URL)
	page.Say("我的事")
	page.AwaitText("收到")
	other := page.NewTab(browsertest.Options{})
	other.Open(s.server.URL)
	other.AwaitText("收到")
	page.Type("草稿")
	page.Click("更多選項")
	page.Click("刪除我的資料")
	assert.Contains(t, browsertest.Eval[string](page, "root.querySelector('#menu').innerText"), "無法復原")
	page.Click("先不要")
	assert.Empty(t, inbox.erased)
	page.Click("更多選項")
	page.Click("刪除我的資料")
	page.Click("刪除")
	assert.Equal(t, s.user(), <-inbox.erased)
	for _, tab := range []*browsertest.Page{page, other} {
		tab.Await("nothing is left", `root.querySelectorAll('.turn').length === 0 && root.querySelector('#state').dataset.state === 'online'`)
	}
	page.Await("no draft", `root.querySelector('#input').value === '' && localStorage.getItem('verihelp.draft') === null`)
	page.Say("新的開始")
	page.AwaitText("收到：新的開始")
	other.AwaitText("收到：新的開始")
	assert.NotEqual(t, s.user(), s.Received()[1].From, "a stranger begins as another one")
}

func extrasLink(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 100, Link: func(context.Context, chat.Address) (string, error) { return "https://t.me/x?start=1", nil }})
	s.Answer(scripted)
	page := b.NewPage(t, browsertest.Options{})
	page.Open(s.server.URL)
	page.Click("更多選項")
	page.Click("在 Telegram 繼續")
	page.Await("a link", `root.querySelector('#menu a')?.href === 'https://t.me/x?start=1' && root.activeElement.tagName === 'A'`)
}

func extrasAccessible(t *testing.T, b *browsertest.Browser) {
	browsertest.NPM(t)
	for name, look := range map[string]browsertest.Options{
		"light": {}, "dark": {Dark: true}, "320 px": {Width: 320, Height: 568}, "Simplified": {Languages: "zh-CN"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serviceWith(t, func(f *channelstest.FakeInbox) channels.Inbox { return erasing{f, nil} })
			page := openCase(t, b, s, look)
			pick(page, strings.Repeat("很長的名字", 20)+".png", "image/png")
			page.Accessible("tray")
			js(page, `root.querySelector('#send').click()`)
			page.Await("a thumbnail", `root.querySelector('.user .file.pictured')`)
			edit := staff("小安", "改過的")
			edit.Edits = 5
			require.NoError(t, s.Push(context.Background(), s.user(), staff("小安", "您好"), edit, notice("對話結束", "K7-1", chat.CaseClosed, "")))
			page.Await("stars", `root.querySelector('.rating')`)
			page.Accessible("a file, an edit, stars")
			js(page, `root.querySelector('#more').click(); root.querySelector('.grave') ?? [...root.querySelectorAll('#menu button')].at(-1).click()`)
			page.Await("sure?", `root.querySelector('.grave')`)
			page.Accessible("menu")
			assert.Empty(t, browsertest.Eval[string](page, `[...root.querySelectorAll('button, textarea, label')]
				.filter((e) => e.checkVisibility() && !e.classList.contains('hidden') && (e.offsetHeight < 44 || e.offsetWidth < 44)).map((e) => e.outerHTML).join()`), "targets have 44 px")
			assert.LessOrEqual(t, browsertest.Eval[int](page, "Math.max(document.documentElement.scrollWidth, root.querySelector('#scroll').scrollWidth) - innerWidth"), 0, "nothing is wider than the screen")
		})
	}
}
