package webchat_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
	"verihelp/web/widget/browsertest"
)

func TestWidget(t *testing.T) {
	b := browsertest.Launch(t)
	tests := []struct {
		name string
		run  func(*testing.T, *browsertest.Browser)
	}{
		{"in a page of another origin with a strict policy", widgetInAStrictPage},
		{"commands before and after it loaded", widgetCommands},
		{"unread messages", widgetUnread},
		{"focus goes and returns", widgetFocus},
		{"whoever signs in sees their own conversation only", widgetSignIn},
		{"a conversation goes along when its person signs in", widgetAdopts},
		{"a token that nobody believes", widgetRefused},
		{"where sockets are blocked", widgetStreams},
		{"by keyboard only", widgetKeyboard},
		{"in an app's WebView", widgetInAnApp},
		{"a keyboard that covers the page", widgetKeyboardOnAPhone},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}

// strictPolicy is what a careful host allows: the widget's script and connection.
const strictPolicy = "default-src 'none'; script-src 'nonce-n1' %[1]s; connect-src %[1]s %[2]s; style-src 'nonce-n1'; img-src data:; " +
	"require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'"

// hostStyle is a page that means no good to whoever lives in it.
//
//nolint:misspell // names in CSS
const hostStyle = `html { font-size: 62.5% } body { font: 10px/1 serif; color: red; text-transform: uppercase; letter-spacing: 4px; text-align: right }
button, textarea, p, div, dialog { display: none; color: red; font-size: 5px } * { box-sizing: content-box }`

// newHost serves a page of another origin that loads the widget of a service and
// boots it with the given settings, in JavaScript. Its origin is allowed unless the
// configuration has others.
func newHost(t *testing.T, cfg webchat.Config, settings string) (*service, string) {
	t.Helper()
	host := httptest.NewUnstartedServer(nil)
	origin := "http://" + host.Listener.Addr().String()
	if cfg.Origins == nil {
		cfg.Origins = []string{origin}
	}
	cfg.Burst = 100
	s := newService(t, cfg)
	s.Answer(scripted)
	host.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", fmt.Sprintf(strictPolicy, s.server.URL, strings.Replace(s.server.URL, "http", "ws", 1)))
		fmt.Fprintf(w, `<!doctype html><html lang="zh-Hant"><title>交易所</title><link rel="icon" href="data:,"><style nonce="n1">%s</style>
<script nonce="n1">
window.verihelp = window.verihelp || function () { (window.verihelp.q = window.verihelp.q || []).push(arguments); };
window.heard = [];
for (const name of ['ready', 'open', 'close', 'unread', 'message', 'error', 'token', 'link']) {
	verihelp('on', name, (detail) => window.heard.push(name + (detail === undefined ? '' : ' ' + JSON.stringify(detail))));
}
const settings = %s;
if (settings) verihelp('boot', settings);
</script>
<script nonce="n1" type="module" async src="%s/chat/widget.js"></script>
<main><h1>交易所</h1><a href="#x" id="before">前面</a> <a href="#help" class="help">幫助</a></main>`, hostStyle, settings, s.server.URL)
	})
	host.Start()
	t.Cleanup(host.Close)
	return s, host.URL
}

func openHost(t *testing.T, b *browsertest.Browser, cfg webchat.Config, settings string) (*service, *browsertest.Page) {
	t.Helper()
	s, url := newHost(t, cfg, settings)
	page := b.NewPage(t, browsertest.Options{Width: 1280, Height: 800})
	page.Load(url)
	page.Await("launcher", `root.querySelector('.launcher')`)
	return s, page
}

func js(page *browsertest.Page, script string) {
	browsertest.Eval[bool](page, "(() => { "+script+"; return true; })()")
}

func heard(page *browsertest.Page) []string {
	return browsertest.Eval[[]string](page, "heard")
}

func widgetInAStrictPage(t *testing.T, b *browsertest.Browser) {
	s, page := openHost(t, b, webchat.Config{}, `{ locale: 'zh-TW', context: { page: '/kyc/upload?t=1', appVersion: '6.9', step: '上傳證件', errorText: '效期不足' } }`)
	assert.Empty(t, s.channel.Connected(), "who does not talk costs nothing")
	page.Click("開啟身分認證小幫手")
	page.AwaitState("online")
	page.Say("證件照片一直沒通過")
	page.AwaitText("都不是")
	js(page, `verihelp('context', { step: '拍攝自拍' })`)
	page.Click("證件效期不足")
	page.AwaitText("解決了")
	received := s.Received()
	assert.Equal(t, chat.HostContext{Page: "/kyc/upload", AppVersion: "6.9", Step: "上傳證件", ErrorText: "效期不足"}, received[0].Context)
	assert.Equal(t, "拍攝自拍", received[1].Context.Step)
	assert.Equal(t, "zh-TW", received[0].Locale)
	style := func(property string) string {
		return browsertest.Eval[string](page, "getComputedStyle(root.querySelector('.bubble .text')).getPropertyValue('"+property+"')")
	}
	assert.Equal(t, "16px", style("font-size"), "the page's styles stay outside")
	assert.Equal(t, "none", style("text-transform"))
	assert.Equal(t, "normal", style("letter-spacing"))
	assert.Empty(t, page.Complaints(), "the page's policy stops nothing")
	page.Screenshot("strict-host")
}

func widgetCommands(t *testing.T, b *browsertest.Browser) {
	_, page := openHost(t, b, webchat.Config{}, `{ text: '我想問…', launcher: '.help' }`)
	assert.Equal(t, []string{"ready"}, heard(page), "what was said before it loaded was kept")
	assert.True(t, browsertest.Eval[bool](page, "root.querySelector('.launcher').hidden"))
	js(page, `verihelp('boot', { theme: 'dark' }); verihelp('boot', {}); verihelp('nonsense'); verihelp('on', 'ready', 5); verihelp('update', { accent: 'url(x)', launcher: '.nothing .there' })`)
	assert.Equal(t, 1, browsertest.Eval[int](page, "document.querySelectorAll('verihelp-chat').length"), "booting twice is booting once")
	assert.Equal(t, "dark", browsertest.Eval[string](page, "document.querySelector('verihelp-chat').dataset.theme"))
	js(page, `verihelp('update', { launcher: '.help' }); document.querySelector('.help').click()`)
	page.AwaitState("online")
	assert.Equal(t, "我想問…", browsertest.Eval[string](page, "root.querySelector('#input').value"))
	assert.NotContains(t, browsertest.Eval[string](page, "location.href"), "#help", "the host's launcher only opens the chat")
	js(page, `verihelp('prefill', '別的')`)
	assert.Equal(t, "我想問…", browsertest.Eval[string](page, "root.querySelector('#input').value"), "what is being written stays")
	js(page, `verihelp('close'); verihelp('toggle'); verihelp('hide'); verihelp('show'); verihelp('off', 'open'); verihelp('open')`)
	assert.Equal(t, []string{"ready", "open", "close", "open", "close"}, heard(page))
	js(page, `verihelp('destroy'); verihelp('destroy'); verihelp('open'); verihelp('unread'); verihelp('update', {})`)
	assert.Zero(t, browsertest.Eval[int](page, "document.querySelectorAll('verihelp-chat').length"))
	js(page, `verihelp('boot'); verihelp('open')`)
	page.AwaitState("online")
}

func widgetUnread(t *testing.T, b *browsertest.Browser) {
	s, page := openHost(t, b, webchat.Config{}, `{ locale: 'zh-TW' }`)
	page.Click("開啟身分認證小幫手")
	page.AwaitState("online")
	page.Say("你好")
	page.AwaitText("收到")
	js(page, `verihelp('close')`)
	require.NoError(t, s.Push(context.Background(), s.user(), staff("小安", "一"), staff("小安", "二")))
	page.Await("two unread", `verihelp('unread') === 2`)
	page.Click("開啟身分認證小幫手， 2 則新訊息")
	assert.Zero(t, browsertest.Eval[int](page, "verihelp('unread')"))
	assert.Contains(t, heard(page), "unread 2")
	assert.Contains(t, heard(page), `message {"from":"staff"}`)

	// What came while nobody was there is unread at the next visit; what was read is not.
	js(page, `verihelp('destroy')`)
	s.Commit(s.user(), staff("小安", "三"))
	js(page, `verihelp('boot', { locale: 'zh-TW' })`)
	page.Await("one unread", `verihelp('unread') === 1`)
	other := page.NewTab(browsertest.Options{})
	other.Load(browsertest.Eval[string](page, "location.href"))
	other.Await("launcher", `root.querySelector('.launcher')`)
	other.Click("開啟身分認證小幫手， 1 則新訊息")
	page.Await("read in the other tab", `verihelp('unread') === 0`)
}

func widgetFocus(t *testing.T, b *browsertest.Browser) {
	_, page := openHost(t, b, webchat.Config{}, `{ locale: 'zh-TW' }`)
	js(page, `document.querySelector('#before').focus(); verihelp('open')`)
	page.AwaitState("online")
	assert.Equal(t, "before", browsertest.Eval[string](page, "document.activeElement.id"), "a script does not take the focus away")
	js(page, `verihelp('close'); root.querySelector('.launcher').focus()`)
	page.Press(kb.Enter)
	page.Await("focus in the input", `root.activeElement?.id === 'input'`)
	assert.Equal(t, "true", browsertest.Eval[string](page, "root.querySelector('.launcher').ariaExpanded"))
	page.Compose("ㄓㄥˋ")
	js(page, `root.querySelector('#input').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true, composed: true }))`)
	assert.Equal(t, "input", browsertest.Eval[string](page, "root.activeElement.id"), "Escape while composing belongs to the input method")
	page.Commit("證")
	page.Press(kb.Escape)
	page.Await("focus on the launcher", `root.activeElement?.className === 'launcher'`)
	js(page, `root.querySelector('.launcher').click()`)
	assert.Equal(t, "證", browsertest.Eval[string](page, "root.querySelector('#input').value"), "the draft is kept")

	phone, url := newHost(t, webchat.Config{}, `{ locale: 'zh-TW' }`)
	small := b.NewPage(t, browsertest.Options{})
	small.Load(url)
	small.Await("launcher", `root.querySelector('.launcher')`)
	small.Click("開啟身分認證小幫手")
	small.AwaitState("online")
	assert.True(t, browsertest.Eval[bool](small, "root.querySelector('dialog').matches(':modal')"), "on a phone the page behind rests")
	assert.Equal(t, 390, browsertest.Eval[int](small, "root.querySelector('dialog').offsetWidth"))
	small.Look(browsertest.Options{Width: 1000, Height: 800})
	small.Await("a panel again", `!root.querySelector('dialog').matches(':modal')`)
	assert.Len(t, phone.channel.Connected(), 1)
}

func widgetSignIn(t *testing.T, b *browsertest.Browser) {
	cfg := tokens()
	s, page := openHost(t, b, cfg, `null`+`|| { locale: 'zh-TW', getToken: () => { window.asked = (window.asked || 0) + 1; return window.tokenNow; } }`)
	js(page, `window.tokenNow = '`+signed(t, claimsOf("ann"))+`'; verihelp('open')`)
	page.AwaitState("online")
	page.Say("安的話")
	page.AwaitText("收到：安的話")
	s.network.cut(true)
	page.Say("安還沒送出的話")
	page.AwaitText("等待連線")
	js(page, `root.querySelector('#input').value = '安的草稿'; root.querySelector('#input').dispatchEvent(new Event('input'))`)

	// Somebody else signs in on the same device, and the host forgot to log out.
	js(page, `window.tokenNow = '`+signed(t, claimsOf("bob"))+`'; verihelp('update', { token: window.tokenNow })`)
	s.network.cut(false)
	page.AwaitState("online")
	page.Await("nothing of hers", `!root.querySelector('#log').innerText.includes('安') && root.querySelector('#input').value === ''`)
	page.Say("寶的話")
	page.AwaitText("收到：寶的話")
	assert.Equal(t, 2, len(s.Received()), "what she had not sent is not sent as his")
	assert.NotEqual(t, s.Received()[0].From, s.Received()[1].From)

	js(page, `verihelp('logout')`)
	assert.Empty(t, browsertest.Eval[[]string](page, `Object.keys(localStorage).filter((k) => k.startsWith('verihelp.'))`))
	js(page, `verihelp('open')`)
	page.AwaitState("online")
	assert.Empty(t, page.Text())
	assert.NotContains(t, strings.Join(browsertest.Eval[[]string](page, "performance.getEntriesByType('resource').map((e) => e.name)"), " "), "eyJ", "a token is never in a URL")
}

func widgetAdopts(t *testing.T, b *browsertest.Browser) {
	inbox := &adopting{FakeInbox: channelstest.NewFakeInbox(t)}
	s := newServiceWith(t, tokens(), inbox.FakeInbox, inbox)
	s.Answer(scripted)
	page := b.NewPage(t, browsertest.Options{})
	page.Open(s.server.URL)
	page.Say("登入前說的")
	page.AwaitText("收到：登入前說的")
	js(page, `verihelp('token', '`+signed(t, claimsOf("ann"))+`')`)
	page.Await("the secret is gone", `localStorage.getItem('verihelp.secret') === null`)
	page.AwaitState("online")
	page.AwaitText("收到：登入前說的")
	page.Say("登入後說的")
	page.AwaitText("收到：登入後說的")
	received := s.Received()
	assert.True(t, strings.HasPrefix(received[1].From.User, "acct:"))
	require.Len(t, inbox.calls, 1)
	assert.Equal(t, received[0].From, inbox.calls[0][0])
}

func widgetRefused(t *testing.T, b *browsertest.Browser) {
	cfg := tokens()
	cfg.TokenRequired = true
	s := newService(t, cfg)
	s.Answer(scripted)
	page := b.NewPage(t, browsertest.Options{})
	page.Load(s.server.URL)
	page.AwaitState("signIn")
	js(page, `verihelp('update', { getToken: () => 'forged.forged.forged' }); verihelp('token', 'forged')`)
	page.AwaitState("refused")
	assert.Empty(t, s.channel.Connected())
	js(page, `verihelp('update', { getToken: () => '`+signed(t, claimsOf("ann"))+`' })`)
	page.Click("再試一次")
	page.AwaitState("online")
}

func widgetStreams(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 100})
	s.Answer(scripted)
	page := b.NewPage(t, browsertest.Options{})
	page.BeforeLoad(`window.WebSocket = class { constructor() { setTimeout(() => this.onclose({ code: 1006 })); } send() {} close() {} }`)
	page.Open(s.server.URL)
	page.Say("證件照片一直沒通過")
	page.AwaitText("都不是")
	page.Click("證件效期不足")
	page.AwaitText("解決了")
	s.network.cut(true)
	page.Say("斷線時寫的")
	page.AwaitText("等待連線")
	s.network.cut(false)
	page.AwaitText("收到：斷線時寫的")
	s.Fail(1)
	page.Say("會自動重送")
	page.AwaitText("收到：會自動重送")
	assert.Len(t, s.Items(s.user()), 8, "nothing lost, nothing doubled")
}
