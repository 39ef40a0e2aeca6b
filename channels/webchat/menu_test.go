package webchat_test

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"

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
	assert.Equal(t, 1, count(page, ".compose[inert]"), "nothing else can be used meanwhile")
	page.Click("先不要")
	assert.Zero(t, count(page, "[inert]"))
	assert.Equal(t, "more", browsertest.Eval[string](page, "root.activeElement.id"), "a keyboard does not lose its place")
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
