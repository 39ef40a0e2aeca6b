package webchat_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/webchat"
	"verihelp/internal/chat"
	"verihelp/web/widget/browsertest"
)

func widgetKeyboard(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 100})
	s.Answer(scripted)
	page := b.NewPage(t, browsertest.Options{})
	page.Open(s.server.URL)
	tabTo := func(what, condition string) {
		t.Helper()
		for range 30 {
			if browsertest.Eval[bool](page, "Boolean(root.activeElement && ("+condition+"))") {
				assert.NotEqual(t, "none", browsertest.Eval[string](page, "getComputedStyle(root.activeElement.id === 'input' ? root.querySelector('#form') : root.activeElement)[root.activeElement.id === 'input' ? 'boxShadow' : 'outlineStyle']"), "focus is seen on %s", what)
				return
			}
			page.Press(kb.Tab)
		}
		require.Fail(t, "cannot be reached by keyboard", what)
	}
	tabTo("the first starter", `root.activeElement.className === 'starter'`)
	page.Press(kb.Enter)
	page.AwaitText("都不是")
	tabTo("a choice", `root.activeElement.textContent === '證件效期不足'`)
	page.Press(" ")
	page.AwaitText("解決了")
	assert.Equal(t, "證件效期不足", browsertest.Eval[string](page, "root.activeElement.textContent"), "the focus stays on what was pressed")
	tabTo("the input", `root.activeElement.id === 'input'`)
	page.Press("x")
	page.Press(kb.Enter)
	page.AwaitText("收到：x")
	tabTo("a person", `root.activeElement.id === 'human'`)
	page.Press(kb.Enter)
	page.Await("waiting", "root.querySelector('#case').dataset.state === 'waiting'")
	page.Press(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift))
	tabTo("never mind", `root.activeElement.id === 'cancel'`)
	page.Press(kb.Enter)
	page.Await("cancelled", "root.querySelector('#case').dataset.state === 'cancelled'")
}

func widgetInAnApp(t *testing.T, b *browsertest.Browser) {
	s := newService(t, tokens())
	s.Answer(func(chat.Message) []chat.Item { return []chat.Item{expiry()} })
	page := b.NewPage(t, browsertest.Options{})
	page.BeforeLoad(`window.told = []; window.verihelpHost = { postMessage: (text) => window.told.push(JSON.parse(text)) };
		window.verihelpSettings = { locale: 'zh-HK', token: '` + signed(t, claimsOf("ann", func(c jwt.MapClaims) { c["jti"] = "1" })) + `', context: { appVersion: '6.9 (iOS)' } };`)
	page.Open(s.server.URL + "/embed")
	page.Say("證件快到期")
	page.AwaitText("45 天")
	assert.Equal(t, "6.9 (iOS)", s.Received()[0].Context.AppVersion)
	assert.Equal(t, "zh-HK", s.Received()[0].Locale)
	js(page, `root.querySelector('.source a').click(); root.querySelector('#close').click()`)
	told := browsertest.Eval[[]string](page, `told.map((m) => m.event + ' ' + JSON.stringify(m.detail))`)
	assert.Equal(t, "ready null", told[0])
	assert.Contains(t, told, `link "https://www.okx.com/help/verification"`, "the app opens links")
	assert.Equal(t, "close null", told[len(told)-1])
	assert.Empty(t, page.Complaints())
}

// A phone's keyboard makes the visual viewport small and leaves the page as it is.
func widgetKeyboardOnAPhone(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 100})
	s.Answer(scripted)
	for _, path := range []string{"/embed", "/demo"} {
		page := b.NewPage(t, browsertest.Options{Languages: "zh-HK"})
		page.BeforeLoad(`const viewport = Object.assign(new EventTarget(), { height: 844, offsetTop: 0, scale: 1 });
			Object.defineProperty(window, 'visualViewport', { value: viewport });`)
		page.Load(s.server.URL + path)
		page.Await("the chat", "root.querySelector('#input')")
		js(page, `verihelp('update', { locale: 'zh-HK' }); verihelp('open', true)`)
		page.AwaitState("online")
		assert.Equal(t, "zh-Hant-HK", browsertest.Eval[string](page, "root.querySelector('.chat').lang"))
		page.Say("證件照片一直沒通過")
		page.AwaitText("都不是")
		js(page, `visualViewport.height = 420; visualViewport.offsetTop = 60; visualViewport.dispatchEvent(new Event('resize'))`)
		page.Await("room for the keyboard", `root.querySelector('.compose').getBoundingClientRect().bottom <= 480.5`)
		assert.InDelta(t, 60, browsertest.Eval[float64](page, "root.querySelector('.bar').getBoundingClientRect().top"), 1, path)
		page.Await("the newest is still to be seen", `root.querySelector('.choice:last-of-type').getBoundingClientRect().bottom <= root.querySelector('.compose').getBoundingClientRect().top`)
		js(page, `visualViewport.scale = 2; visualViewport.height = 200; visualViewport.dispatchEvent(new Event('resize'))`)
		assert.Greater(t, browsertest.Eval[float64](page, "root.querySelector('.chat').getBoundingClientRect().height"), 400.0, "who zooms in to read sees it as it was")
	}
}
