package webchat_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
	"verihelp/web/widget/browsertest"
)

func TestBrowser(t *testing.T) {
	b := browsertest.Launch(t)
	tests := []struct {
		name string
		run  func(*testing.T, *browsertest.Browser)
	}{
		{"a conversation, and again after a reload", browserConversation},
		{"a hand-over from the button to its end", browserHandOver},
		{"text is never markup", browserTextIsNeverMarkup},
		{"Enter sends, but never while composing", browserEnter},
		{"the interface follows the script", browserFollowsTheScript},
		{"a broken connection loses nothing", browserComesBackAndLosesNothing},
		{"unsent messages are tried again", browserRetries},
		{"a crowded network is told when to come back", browserCrowded},
		{"tabs share the conversation", browserTabsShareTheConversation},
		{"names, target sizes, 320 px", browserAccessibility},
		{"without storage", browserWithoutStorage},
		{"nobody else is asked", browserAsksNobodyElse},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}

// openPage starts a service that answers by the script and opens its page.
func openPage(t *testing.T, b *browsertest.Browser, o browsertest.Options) (*service, *browsertest.Page) {
	t.Helper()
	s := newService(t, webchat.Config{Burst: 100})
	s.Answer(scripted)
	page := b.NewPage(t, o)
	page.Open(s.server.URL)
	return s, page
}

// user is the address of the only person who wrote.
func (s *service) user() chat.Address { return s.Received()[0].From }

func count(page *browsertest.Page, selector string) int {
	return browsertest.Eval[int](page, "root.querySelectorAll("+quote(selector)+").length")
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `\'`) + "'" }

func browserConversation(t *testing.T, b *browsertest.Browser) {
	s, page := openPage(t, b, browsertest.Options{})
	page.Say("證件照片一直沒通過")
	page.AwaitText("畫面上的提示比較接近哪一個")
	page.Click("證件效期不足")
	page.AwaitText("45 天到期")
	assert.Equal(t, "expiry", s.Received()[1].Choice)
	assert.Equal(t, 3, count(page, ".bubble ol > li"), "steps are a numbered list")
	assert.Equal(t, 5, count(page, ".choice[aria-disabled=true]"), "used choices cannot be used again")
	assert.Equal(t, 1, count(page, ".choice.taken"))
	assert.Equal(t, 3, count(page, ".choice:not([aria-disabled])"))
	assert.Equal(t, "zh-Hant-TW", browsertest.Eval[string](page, "root.querySelector('.turn.bot').lang"))
	assert.Equal(t, "noopener noreferrer nofollow", browsertest.Eval[string](page, "root.querySelector('.source a').rel"))

	// A reload shows the same conversation, from the log.
	before := page.Text()
	page.Open(s.server.URL)
	page.AwaitText("解決了")
	assert.Equal(t, before, page.Text())
	assert.Len(t, s.Received(), 2, "nothing was sent again")
}

func browserHandOver(t *testing.T, b *browsertest.Browser) {
	s, page := openPage(t, b, browsertest.Options{})
	bar := func() string { return browsertest.Eval[string](page, "root.querySelector('#case').innerText") }
	page.Click("找真人客服")
	page.Await("waiting", "root.querySelector('#case').dataset.state === 'waiting'")
	assert.Contains(t, bar(), "K7-1")
	page.Click(browsertest.Eval[string](page, "root.querySelector('#cancel').textContent"))
	page.Await("cancelled", "root.querySelector('#case').dataset.state === 'cancelled'")
	assert.Equal(t, chat.ChoiceCancel, s.Received()[1].Choice)

	page.Click("找真人客服")
	page.Await("waiting", "root.querySelector('#case').dataset.state === 'waiting'")
	push := func(items ...chat.Item) { require.NoError(t, s.Push(context.Background(), s.user(), items...)) }
	push(notice("小安加入對話", "K7-2", chat.CaseClaimed, "小安"), staff("小安", "您好 <b>我</b>是小安"))
	page.AwaitText("您好 <b>我</b>是小安")
	assert.Contains(t, bar(), "小安")
	assert.Zero(t, count(page, "#log b"), "text is never markup")
	push(notice("對話結束", "K7-2", chat.CaseClosed, ""))
	page.Await("closed", "root.querySelector('#case').dataset.state === 'closed'")
	page.Say("謝謝")
	page.AwaitText("收到")
	page.Await("no bar any more", "root.querySelector('#case').hidden")
}

func browserTextIsNeverMarkup(t *testing.T, b *browsertest.Browser) {
	s, page := openPage(t, b, browsertest.Options{})
	const attack = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>`
	page.Say(attack)
	page.AwaitText("收到")
	bad := reply("zh-Hant-TW", []chat.Block{
		{Kind: chat.Steps, Items: []string{attack}},
		{Kind: chat.Source, Text: attack, URL: "javascript:window.hit=1"},
		{Kind: "future", Text: attack},
	})
	bad.Reply.Choices = []chat.Choice{{ID: "a", Label: attack}}
	require.NoError(t, s.Push(context.Background(), s.user(), bad, staff(attack, attack)))
	page.Await("all shown", "root.querySelectorAll('.turn.staff').length === 1")
	assert.Zero(t, count(page, "#log img, #log script, #log a"))
	assert.False(t, browsertest.Eval[bool](page, "Boolean(window.hit)"))
}

func browserEnter(t *testing.T, b *browsertest.Browser) {
	s, page := openPage(t, b, browsertest.Options{})
	value := func() string { return browsertest.Eval[string](page, "root.querySelector('#input').value") }

	page.Compose("ㄓㄥˋ")
	page.EnterKey(229) // takes the characters the input method offers
	page.Commit("證件")
	assert.Equal(t, "證件", value())
	assert.Empty(t, s.Received(), "Enter while composing sends nothing")

	// What browsers say while composing, in each of their two ways.
	for _, event := range []string{"{key:'Enter',isComposing:true}", "{key:'Enter',keyCode:229}"} {
		browsertest.Eval[bool](page, "root.querySelector('#input').dispatchEvent(new KeyboardEvent('keydown',"+event+"))")
	}
	assert.Equal(t, "證件", value())

	page.Press(kb.Enter, chromedp.KeyModifiers(kb.ModifierShift))
	page.Commit("第二行")
	assert.Equal(t, "證件\n第二行", value())
	page.EnterKey(13)
	page.AwaitText("收到")
	assert.Equal(t, "證件\n第二行", s.Received()[0].Text)
	assert.Empty(t, value())
	assert.Empty(t, browsertest.Eval[string](page, "localStorage.getItem('verihelp.draft') ?? ''"))
}

func browserFollowsTheScript(t *testing.T, b *browsertest.Browser) {
	s, page := openPage(t, b, browsertest.Options{Languages: "en-US,zh-CN"})
	title := func() string { return browsertest.Eval[string](page, "root.querySelector('#title').textContent") }
	assert.Equal(t, "身份认证小助手", title(), "the first Chinese of the browser's languages")
	page.Say("這個頁面的字不對")
	page.AwaitText("收到")
	assert.Equal(t, "身分認證小幫手", title(), "the script of the last reply")
	page.Click("切換為簡體中文")
	page.AwaitText("接下来用简体中文")
	assert.Equal(t, "身份认证小助手", title())
	assert.NotContains(t, page.Text(), "已送出", "the words around older messages, too")
	assert.Contains(t, page.Text(), "收到：這個頁面的字不對", "what was said stays as it was said")
	assert.Equal(t, chat.ChoiceHans, s.Received()[1].Choice)
	assert.Equal(t, "zh-Hans", browsertest.Eval[string](page, "root.querySelector('.chat').lang"))
}

func browserComesBackAndLosesNothing(t *testing.T, b *browsertest.Browser) {
	s, page := openPage(t, b, browsertest.Options{})
	page.Say("第一則")
	page.AwaitText("收到：第一則")

	s.network.cut(true)
	page.AwaitState("offline")
	page.Say("斷線時寫的")
	page.AwaitText("等待連線")
	s.Commit(s.user(), channelstest.BotItem("斷線時收到的"))

	// A reload without a network is not possible; closing the tab is. What waits
	// is in storage, the conversation in the log.
	s.network.cut(false)
	browsertest.Eval[bool](page, "(window.dispatchEvent(new Event('online')), true)")
	page.AwaitText("斷線時收到的")
	page.AwaitText("收到：斷線時寫的")
	page.Await("nothing waits", "root.querySelector('#pending').children.length === 0")
	assert.Equal(t, 1, strings.Count(page.Text(), "收到：斷線時寫的"))
	assert.Len(t, s.Items(s.user()), 5)
}

func browserRetries(t *testing.T, b *browsertest.Browser) {
	s, page := openPage(t, b, browsertest.Options{})
	s.Fail(1)
	page.Say("會自動重送")
	page.AwaitText("收到：會自動重送")
	assert.Len(t, s.Received(), 2)
	assert.Equal(t, s.Received()[0].ID, s.Received()[1].ID)

	// Unsent messages outlive the page, and keep their ID.
	release := s.Hold()
	page.Say("重新整理以後還在")
	s.WaitReceived(t, 3)
	page.Open(s.server.URL)
	s.WaitReceived(t, 4)
	release()
	page.AwaitText("收到：重新整理以後還在")
	page.Await("nothing waits", "root.querySelector('#pending').children.length === 0")
	assert.Len(t, s.Items(s.user()), 4, "sent twice, kept once")

	// What the server will never take is given back to be changed.
	browsertest.Eval[bool](page, `(() => {
		const input = root.querySelector('#input');
		input.value = '\u3164';
		input.dispatchEvent(new Event('input'));
		return true;
	})()`)
	page.Focus("#input")
	page.EnterKey(13)
	page.AwaitText("沒有送出")
	page.Click("修改")
	page.Await("text is back", `root.querySelector('#input').value === '\u3164'`)
	assert.Zero(t, count(page, "#pending > *"))
}

func browserCrowded(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{PeerStrangers: 1, Now: clock})
	s.Answer(scripted)
	first := b.NewPage(t, browsertest.Options{})
	first.Open(s.server.URL)
	first.Say("證件快到期了")
	first.AwaitText("收到：證件快到期了")

	second := b.NewPage(t, browsertest.Options{Languages: "zh-CN"})
	second.Open(s.server.URL)
	second.Say("证件快到期了")
	second.AwaitText("请约 60 分钟后再发一次")
	assert.Contains(t, second.Text(), "证件快到期了", "nothing is lost")
	assert.Equal(t, 1, count(second, ".turn.failed .retry"))
}

func browserTabsShareTheConversation(t *testing.T, b *browsertest.Browser) {
	s, page := openPage(t, b, browsertest.Options{})
	other := page.NewTab(browsertest.Options{})
	other.Open(s.server.URL)
	page.Say("從第一個分頁")
	other.AwaitText("收到：從第一個分頁")
	other.Say("從第二個分頁")
	page.AwaitText("收到：從第二個分頁")
	assert.Len(t, s.Items(s.user()), 4)
}

func browserAccessibility(t *testing.T, b *browsertest.Browser) {
	s, page := openPage(t, b, browsertest.Options{Width: 320, Height: 568})
	page.Say("證件照片一直沒通過")
	page.AwaitText("都不是")
	page.Click("證件效期不足")
	page.AwaitText("解決了")
	page.Click("找真人客服")
	page.AwaitText("不用再說一次")
	require.NoError(t, s.Push(context.Background(), s.user(), staff("小安", strings.Repeat("a", 300))))
	page.AwaitText("小安")
	assert.Equal(t, "polite", browsertest.Eval[string](page, "root.querySelector('[role=log]').ariaLive"))
	assert.Empty(t, browsertest.Eval[string](page, `[...root.querySelectorAll('button, a, textarea')]
		.filter((e) => e.checkVisibility() && !e.textContent.trim() && !e.ariaLabel && !e.labels?.length)
		.map((e) => e.outerHTML).join()`), "everything that can be used has a name")
	assert.Empty(t, browsertest.Eval[string](page, `[...root.querySelectorAll('button, textarea')]
		.filter((e) => e.checkVisibility() && (e.offsetHeight < 44 || e.offsetWidth < 44))
		.map((e) => e.outerHTML).join()`), "targets have 44 px")
	assert.False(t, browsertest.Eval[bool](page, "document.documentElement.scrollWidth > 320 || root.querySelector('#scroll').scrollWidth > 320"),
		"nothing is wider than the screen")
}

func browserWithoutStorage(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 100})
	s.Answer(scripted)
	page := b.NewPage(t, browsertest.Options{})
	page.BeforeLoad(`Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })`)
	page.Open(s.server.URL)
	page.Say("沒有儲存空間")
	page.AwaitText("收到：沒有儲存空間")
	s.network.cut(false)
	page.Say("重新連線也一樣")
	page.AwaitText("收到：重新連線也一樣")
	assert.Equal(t, s.Received()[0].From, s.Received()[1].From)
}

func browserAsksNobodyElse(t *testing.T, b *browsertest.Browser) {
	s, page := openPage(t, b, browsertest.Options{})
	page.Say("你好")
	page.AwaitText("收到")
	for _, url := range browsertest.Eval[[]string](page, "performance.getEntriesByType('resource').map((e) => e.name)") {
		assert.True(t, strings.HasPrefix(url, s.server.URL) || strings.HasPrefix(url, "ws"+strings.TrimPrefix(s.server.URL, "http")), url)
	}
	assert.Empty(t, page.Complaints(), "the page's own security policy stops nothing of it")
}
