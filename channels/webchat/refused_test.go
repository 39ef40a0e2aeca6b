package webchat_test

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/webchat"
	"verihelp/web/widget/browsertest"
)

// Who is refused is told why, and does not come back for ever.
func TestRefusedPages(t *testing.T) {
	b := browsertest.Launch(t)
	tests := []struct {
		name string
		run  func(*testing.T, *browsertest.Browser)
	}{
		{"a page of an origin that is not allowed", refusedOrigin},
		{"a server that is full", refusedFull},
		{"a server that understands the page no more", refusedOutdated},
		{"a host that knows of nobody", refusedNobody},
		{"a token that was revoked", refusedRevoked},
		{"a request that is refused", refusedRequest},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}

// listening keeps what the page tells its developer.
const listening = `window.told = []; console.error = (...words) => window.told.push(words.join(' '))`

func stateLine(page *browsertest.Page) string {
	return browsertest.Eval[string](page, "root.querySelector('#state').innerText")
}

func refusedOrigin(t *testing.T, b *browsertest.Browser) {
	for name, before := range map[string]string{
		"who comes anew":  ``,
		"who was here":    `localStorage.setItem('verihelp.secret', 'A'.repeat(43));`,
		"who has a token": `window.verihelpToken = 'e.e.e';`,
	} {
		t.Run(name, func(t *testing.T) {
			var logged bytes.Buffer
			cfg := webchat.Config{Origins: []string{"https://other.example"}, Logger: slog.New(slog.NewTextHandler(&logged, nil))}
			s, url := newHost(t, cfg, `{ locale: 'zh-TW', token: window.verihelpToken }`)
			page := b.NewPage(t, browsertest.Options{Width: 320, Height: 568})
			page.BeforeLoad(listening + ";" + before)
			page.Load(url)
			page.Click("開啟身分認證小幫手")
			page.AwaitState("notHere")
			assert.Equal(t, "這個頁面不能使用對話", stateLine(page))
			assert.Contains(t, browsertest.Eval[string](page, "told.join()"), "pages of "+url+" may not use the chat of "+s.server.URL+"/chat/; add the origin to BOT_ORIGINS")
			assert.Contains(t, heard(page), `error {"code":"bad_origin"}`)
			js(page, `window.dispatchEvent(new Event('online')); window.dispatchEvent(new Event('pageshow'))`)
			page.AwaitState("notHere")

			page.Say("證件快到期了")
			page.Await("not sent", `root.querySelector('.turn.failed')`)
			page.AwaitState("notHere")
			page.Screenshot("origin-not-allowed")
			s.stop()
			assert.Contains(t, logged.String(), "BOT_ORIGINS")
			assert.Contains(t, logged.String(), url)
		})
	}
}

func refusedFull(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{MaxConns: 1})
	s.Answer(scripted)
	first := b.NewPage(t, browsertest.Options{})
	first.Open(s.server.URL)
	page := b.NewPage(t, browsertest.Options{})
	page.Load(s.server.URL)
	page.AwaitState("busy")
	assert.Equal(t, "現在連線的人很多，稍後會自動再試", stateLine(page))
	page.Say("證件快到期了")
	page.AwaitText("等待連線")
	page.AwaitState("busy")
	page.Screenshot("full")
	js(first, `verihelp('destroy')`)
	require.Eventually(t, func() bool { return len(s.channel.Connected()) == 0 }, patience, time.Millisecond)
	js(page, `window.dispatchEvent(new Event('online'))`)
	page.AwaitText("收到：證件快到期了")
}

func refusedOutdated(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{})
	page := b.NewPage(t, browsertest.Options{Languages: "zh-CN"})
	page.BeforeLoad(`window.WebSocket = class { constructor() { setTimeout(() => this.onclose({ code: 1006 })); } send() {} close() {} };
		const real = window.fetch;
		window.fetch = (url, o) => String(url).endsWith('/stream') && !sessionStorage.getItem('new')
			? Promise.resolve(new Response('{"kind":"error","code":"of_another_time"}', { status: 400 })) : real(url, o);`)
	page.Load(s.server.URL)
	page.AwaitState("outdated")
	assert.Equal(t, "请刷新页面，再继续对话 刷新", stateLine(page))
	page.Screenshot("outdated")
	js(page, `sessionStorage.setItem('new', '1')`)
	page.Open(s.server.URL)
}

func refusedNobody(t *testing.T, b *browsertest.Browser) {
	_, page := openHost(t, b, tokens(), `{ locale: 'zh-TW', getToken: () => '' }`)
	js(page, `verihelp('open')`)
	page.AwaitState("signIn")
	assert.Equal(t, "請先登入 App，再開啟對話 再試一次", stateLine(page))
	js(page, listening+`; verihelp('update', { getToken: () => { throw new Error('the host is down'); } })`)
	page.Click("再試一次")
	page.Await("the developer is told", `told.join().includes('getToken failed Error: the host is down')`)
	js(page, `verihelp('update', { getToken: () => '`+signed(t, claimsOf("ann"))+`' })`)
	page.AwaitState("online")
}

func refusedRevoked(t *testing.T, b *browsertest.Browser) {
	cfg := tokens()
	s, page := openHost(t, b, cfg, `{ locale: 'zh-TW', getToken: () => window.tokenNow }`)
	js(page, `window.tokenNow = '`+signed(t, claimsOf("ann"))+`'; verihelp('open')`)
	page.AwaitState("online")
	js(page, `window.tokenNow = 'revoked'`)
	js(page, `verihelp('update', { token: window.tokenNow })`)
	s.network.cut(false)
	page.AwaitState("refused")
	assert.Equal(t, "登入狀態已失效，請重新登入 App 再試 再試一次", stateLine(page))
	assert.Contains(t, heard(page), `error {"code":"bad_token"}`)
}

func refusedRequest(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 1, Now: clock})
	s.Answer(scripted)
	page := b.NewPage(t, browsertest.Options{Languages: "zh-HK"})
	page.Open(s.server.URL)
	page.Say("你好")
	page.AwaitText("收到")
	page.Click("更多選項")
	page.Click("下載對話紀錄")
	page.Await("why", `root.querySelector('#menu [role=alert]')?.textContent === '送得太快了，請稍等一下再送。'`)
}
