package webchat_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
	"verihelp/web/widget/browsertest"
)

// looks are the screens on which every state is checked. SCREENSHOTS names a folder
// for pictures of them, for people to judge.
var looks = map[string]browsertest.Options{
	"light":       {},
	"dark":        {Dark: true},
	"narrow":      {Width: 320, Height: 568},
	"zoom":        {Width: 195, Height: 422}, // 200 % on a phone
	"wide":        {Width: 1280, Height: 800},
	"simplified":  {Languages: "zh-CN"},
	"hong kong":   {Languages: "zh-HK", Dark: true, Width: 320, Height: 568},
	"wide, zoom":  {Width: 640, Height: 400, Languages: "zh-CN"}, // 200 % on a laptop
	"dark, hans":  {Width: 1280, Height: 800, Dark: true, Languages: "zh-CN"},
	"narrow hans": {Width: 320, Height: 568, Languages: "zh-CN"},
}

// story is a page that goes through all its states.
type story struct {
	*testing.T
	*service
	page   *browsertest.Page
	locale zh.Locale
	name   string
	states int
}

// TestEveryState checks each state on each screen: with axe, for targets of 44 px,
// and that nothing is wider than the screen.
func TestEveryState(t *testing.T) {
	browsertest.NPM(t)
	b := browsertest.Launch(t)
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			s := serviceWith(t, func(f *channelstest.FakeInbox) channels.Inbox { return erasing{f, nil} })
			locale, _ := zh.ParseLocale(look.Languages)
			if locale == "" {
				locale = zh.LocaleTW
			}
			s.Answer(func(m chat.Message) []chat.Item { return inScript(locale, scripted(m)) })
			story := &story{T: t, service: s, page: b.NewPage(t, look), locale: locale, name: name}
			story.page.BeforeLoad(`delete window.axe`)
			story.page.Open(s.server.URL)
			story.talk()
			story.staff()
			story.end()
		})
	}
}

// inScript renders items as the bot would for a locale. What staff write stays as
// they wrote it.
func inScript(locale zh.Locale, items []chat.Item) []chat.Item {
	for _, item := range items {
		if item.Reply == nil {
			continue
		}
		item.Reply.Lang = string(locale)
		for _, bubble := range item.Reply.Bubbles {
			for i, b := range bubble.Blocks {
				bubble.Blocks[i].Text = zh.Convert(b.Text, locale)
				for n, text := range b.Items {
					b.Items[n] = zh.Convert(text, locale)
				}
			}
		}
		for i, choice := range item.Reply.Choices {
			item.Reply.Choices[i].Label = zh.Convert(choice.Label, locale)
		}
	}
	return items
}

// says is one of our texts as the person reads it.
func (s *story) says(text string) string { return zh.Convert(text, s.locale) }

func (s *story) push(items ...chat.Item) {
	s.Helper()
	require.NoError(s, s.Push(context.Background(), s.user(), inScript(s.locale, items)...))
}

func (s *story) await(text string) {
	s.Helper()
	s.page.AwaitText(s.says(text))
}

func (s *story) click(selector string) { js(s.page, `root.querySelector(`+quote(selector)+`).click()`) }

// sound checks the state that the page is in.
func (s *story) sound(state string) {
	s.Helper()
	s.states++
	s.page.Screenshot(fmt.Sprintf("%s-%02d-%s", s.name, s.states, state))
	s.page.Accessible(state)
	assert.Empty(s, browsertest.Eval[string](s.page, `[...root.querySelectorAll('button, textarea, label')]
		.filter((e) => e.checkVisibility() && !e.classList.contains('hidden') && (e.offsetHeight < 44 || e.offsetWidth < 44))
		.map((e) => e.outerHTML).join()`), "targets have 44 px: %s", state)
	assert.Empty(s, browsertest.Eval[string](s.page, `[document.documentElement, ...root.querySelectorAll('.chat, .chat *')]
		.filter((e) => e.checkVisibility() && e.clientWidth > 0 && !e.closest('.hidden') && e.scrollWidth > e.clientWidth + 1)
		.map((e) => e.outerHTML.slice(0, 100)).join('\n')`), "nothing is wider than its place: %s", state)
	assert.True(s, browsertest.Eval[bool](s.page, `!root.querySelector('.chat').checkVisibility()
		|| root.querySelector('.foot').getBoundingClientRect().bottom <= root.querySelector('.chat').getBoundingClientRect().bottom + 1`), "the input is on the screen: %s", state)
}

func (s *story) talk() {
	s.sound("empty")
	s.click("#attach")
	s.sound("no files without a case")
	s.page.Say("證件照片一直沒通過")
	s.await("都不是")
	s.sound("choices")
	s.page.Click(s.says("證件效期不足"))
	s.await("解決了")
	s.sound("answer with steps")
	s.click("#more")
	s.sound("menu")
	js(s.page, `[...root.querySelectorAll('#menu button')].at(-1).click()`)
	s.page.Await("sure?", `root.querySelector('.grave')`)
	s.sound("really delete")
	s.click("#menu button")
	js(s.page, `root.querySelector('#scroll').scrollTop = 1e6`)
	s.sound("end of the answer")
	s.click("#human")
	s.page.Await("waiting", "root.querySelector('#case').dataset.state === 'waiting'")
	s.sound("waiting with a place")
}

func (s *story) staff() {
	s.push(notice("客服人員小安接手了您的案件。", "K7-1", chat.CaseClaimed, "小安"), staff("小安", "您好，我是小安。\n我看到您的證件還有 45 天到期，您手邊有護照嗎？"))
	s.await("我是小安")
	s.sound("staff joined")
	s.push(notice("客服小安在等您的回覆，方便的時候直接寫就好。", "K7-1", chat.CasePending, "小安"))
	s.await("在等您的回覆")
	s.sound("staff wait")
	asked := notice("客服請您準備這幾項：", "K7-1", chat.CasePending, "小安")
	asked.Reply.Bubbles[0].Blocks = append(asked.Reply.Bubbles[0].Blocks, chat.Block{Kind: chat.List, Items: []string{"您帳號的 UID（在 App 的個人資料裡，旁邊有複製按鈕）", "卡在哪一步，畫面上寫了什麼"}})
	asked.Reply.Choices = []chat.Choice{{ID: "ready:0:K7-1", Label: "✓ 您帳號的 UID"}, {ID: "ready:1:K7-1", Label: "✓ 卡在哪一步"}}
	s.push(asked)
	s.await("卡在哪一步，畫面")
	assert.Equal(s, "start", browsertest.Eval[string](s.page, "getComputedStyle([...root.querySelectorAll('.notice ul')].at(-1)).textAlign"), "a list stands at its dots")
	s.sound("staff ask for a checklist")
	pick(s.page, "螢幕截圖 2026-11-22.png", "image/png")
	pick(s.page, strings.Repeat("很長的名字", 12)+".pdf", "application/pdf")
	s.page.Type("這是我看到的畫面")
	s.sound("files chosen")
	s.click("#send")
	s.page.Await("a preview", `root.querySelector('.user .file.pictured')`)
	s.sound("files sent")

	release := s.Hold()
	s.page.Say("稍等，我去拿")
	s.page.Await("sending", `root.querySelector('.turn.sending')`)
	s.sound("sending")
	release()
	s.await("收到：稍等")
	seq := int64(len(s.Items(s.user())))
	edit, gone := staff("小安", "您好，我正在看您的截圖。"), staff("小安", "")
	edit.Edits, gone.Edits, gone.Gone = seq+1, seq+2, true
	manual := staff("小安", "請照這份說明做：")
	manual.Files = []chat.File{{ID: "x", Name: "換發護照.pdf", Type: "application/pdf", Size: 1 << 20}}
	s.push(staff("小安", "您號"), staff("小安", "寫錯了"), manual, edit, gone)
	s.page.Await("edited", `root.querySelectorAll('[data-changed]').length === 2`)
	s.sound("edited, taken back, a file of staff")
	s.push(staff("小安", strings.Repeat("很長的一段話，沒有分段，", 30)+"https://example.com/"+strings.Repeat("long", 40)))
	s.page.Say("好\n" + strings.Repeat("a", 300))
	s.await("收到：好")
	s.sound("long texts")
}

func (s *story) end() {
	s.push(notice("案件 K7-1 結束了。還沒解決的話，一天之內直接寫，就會接回這個案件。", "K7-1", chat.CaseClosed, ""))
	s.page.Await("stars", `root.querySelector('.rating')`)
	js(s.page, `root.querySelectorAll('.stars input')[3].click(); root.querySelector('#scroll').scrollTop = 1e6`)
	s.sound("rating")
	s.page.Say("\u3164")
	s.page.Await("failed", `root.querySelector('.turn.failed')`)
	s.page.Type(strings.Repeat("字", 30_001))
	s.sound("not sent, and too long")
	js(s.page, `const input = root.querySelector('#input'); input.value = ''; input.dispatchEvent(new Event('input'))`)
	s.page.Offline(true)
	s.network.cut(true)
	s.page.AwaitState("noNetwork")
	s.page.Say("那我現在改用護照，要重新拍照嗎？")
	s.page.Await("waits", `root.querySelector('.turn.waiting')`)
	s.sound("offline")
	s.page.Offline(false)
	s.network.cut(false)
}

// TestEveryStateInAPage checks the launcher and the panel in a page of its own.
func TestEveryStateInAPage(t *testing.T) {
	browsertest.NPM(t)
	b := browsertest.Launch(t)
	for name, look := range map[string]browsertest.Options{
		"page, wide": {Width: 1280, Height: 900}, "page, dark": {Width: 1280, Height: 900, Dark: true},
		"page, phone": {}, "page, hans": {Width: 1280, Height: 900, Languages: "zh-CN"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t, webchat.Config{Burst: 100})
			s.Answer(scripted)
			page := b.NewPage(t, look)
			page.Load(s.server.URL + "/demo")
			page.Await("launcher", `root.querySelector('.launcher')`)
			story := &story{T: t, service: s, page: page, locale: zh.LocaleTW, name: name}
			story.sound("closed")
			if look.Languages == "zh-CN" {
				js(page, `verihelp('update', { locale: 'zh-CN' })`)
			}
			story.click(".launcher")
			page.AwaitState("online")
			story.sound("open")
			page.Say("證件照片一直沒通過")
			page.AwaitText("都不是")
			story.sound("choices")
			story.click("#close")
			story.push(staff("小安", "您好"), staff("小安", "我是小安"))
			page.Await("badge", `root.querySelector('.badge').textContent === '2'`)
			story.sound("unread")
			story.click(".launcher")
			js(page, `verihelp('update', { accent: '#ffe600', theme: 'light' })`)
			story.sound("a colour of the host that is hard to read")
			js(page, `verihelp('update', { accent: '#001040', theme: 'dark' })`)
			story.sound("another one, in the dark")
		})
	}
}
