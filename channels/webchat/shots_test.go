package webchat_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
	"verihelp/web/widget/browsertest"
)

// TestScreenshots takes pictures of every state of the page for people to judge;
// SCREENSHOTS names the folder.
func TestScreenshots(t *testing.T) {
	if os.Getenv("SCREENSHOTS") == "" {
		t.Skip("set SCREENSHOTS to a folder to get pictures of the page")
	}
	b := browsertest.Launch(t)
	looks := map[string]browsertest.Options{
		"light":  {Scale: 2},
		"dark":   {Scale: 2, Dark: true},
		"narrow": {Width: 320, Height: 568, Scale: 2},
		"zoom":   {Width: 195, Height: 422, Scale: 4}, // 200 % on a phone
		"wide":   {Width: 1280, Height: 800},
		"hans":   {Scale: 2, Languages: "zh-CN"},
	}
	for name, look := range looks {
		t.Run(name, func(t *testing.T) {
			s := newService(t, webchat.Config{Burst: 100})
			s.Answer(scripted)
			page := b.NewPage(t, look)
			page.Open(s.server.URL)
			page.Screenshot(name + "-1-empty")
			if name == "hans" {
				page.Click("切换为繁体中文")
				page.AwaitText("接下來用繁體中文")
				page.Screenshot(name + "-2-hant")
				page.Click("切換為簡體中文")
				page.AwaitText("接下来用简体中文")
				page.Screenshot(name + "-3-hans")
				return
			}
			page.Say("證件照片一直沒通過")
			page.AwaitText("都不是")
			page.Screenshot(name + "-2-question")
			page.Click("證件效期不足")
			page.AwaitText("解決了")
			page.Screenshot(name + "-3-answer")
			browsertest.Eval[bool](page, `(root.querySelector('#scroll').scrollTop = 1e6, true)`)
			page.Screenshot(name + "-4-answer-end")
			page.Click("找真人客服")
			page.AwaitText("不用再說一次")
			page.Screenshot(name + "-5-waiting")
			who := s.Received()[0].From
			require.NoError(t, s.Push(context.Background(), who, notice("小安加入對話", "K7-1", chat.CaseClaimed, "小安"), staff("小安", "您好，我是小安。\n我看到您的證件還有 45 天到期，您手邊有護照嗎？")))
			page.AwaitText("我是小安")
			page.Say("有，護照還有三年")
			page.AwaitText("收到：有，護照")
			page.Screenshot(name + "-6-staff")
			release := s.Hold()
			page.Say("稍等，我去拿")
			page.Await("sending", `root.querySelector('.turn.sending')`)
			page.Screenshot(name + "-7-sending")
			release()
			page.AwaitText("收到：稍等")
			require.NoError(t, s.Push(context.Background(), who, staff("小安", strings.Repeat("很長的一段話，沒有分段，", 30)+"https://example.com/"+strings.Repeat("long", 40))))
			page.AwaitText("很長的一段話")
			page.Screenshot(name + "-8-long")
			s.Fail(1000)
			page.Say("那我現在改用護照，要重新拍照嗎？")
			page.Type("第一行\n第二行，還在寫")
			page.Offline(true)
			s.network.cut(true)
			page.AwaitState("noNetwork")
			page.Screenshot(name + "-9-offline")
		})
	}
}

// TestScreenshotsOfTheWidget shows it in a page of another origin.
func TestScreenshotsOfTheWidget(t *testing.T) {
	if os.Getenv("SCREENSHOTS") == "" {
		t.Skip("set SCREENSHOTS to a folder to get pictures of the widget")
	}
	b := browsertest.Launch(t)
	for name, look := range map[string]browsertest.Options{
		"widget-wide": {Width: 1280, Height: 900}, "widget-dark": {Width: 1280, Height: 900, Dark: true},
		"widget-phone": {Scale: 2}, "widget-hans": {Width: 1280, Height: 900, Languages: "zh-CN"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t, webchat.Config{Burst: 100})
			s.Answer(scripted)
			page := b.NewPage(t, look)
			page.Load(s.server.URL + "/demo")
			page.Await("launcher", `root.querySelector('.launcher')`)
			page.Screenshot(name + "-1-closed")
			if name == "widget-hans" {
				browsertest.Eval[bool](page, `(verihelp('update', { locale: 'zh-CN', accent: '#12b886' }), true)`)
			}
			browsertest.Eval[bool](page, `(root.querySelector('.launcher').click(), true)`)
			page.AwaitState("online")
			page.Screenshot(name + "-2-open")
			page.Say("證件照片一直沒通過")
			page.AwaitText("都不是")
			page.Screenshot(name + "-3-question")
			browsertest.Eval[bool](page, `(root.querySelector('.close').click(), true)`)
			require.NoError(t, s.Push(context.Background(), s.user(), staff("小安", "您好"), staff("小安", "我是小安")))
			page.Await("badge", `root.querySelector('.badge').textContent === '2'`)
			page.Screenshot(name + "-4-unread")
		})
	}
}

// TestScreenshotsOfExtras shows files, stars and the menu.
func TestScreenshotsOfExtras(t *testing.T) {
	if os.Getenv("SCREENSHOTS") == "" {
		t.Skip("set SCREENSHOTS to a folder to get pictures of files, stars and the menu")
	}
	b := browsertest.Launch(t)
	for name, look := range map[string]browsertest.Options{
		"extras-light": {Scale: 2}, "extras-dark": {Scale: 2, Dark: true}, "extras-narrow": {Width: 320, Height: 568, Scale: 2},
		"extras-hans": {Scale: 2, Languages: "zh-CN"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serviceWith(t, func(f *channelstest.FakeInbox) channels.Inbox { return erasing{f, nil} })
			s.Answer(scripted)
			page := b.NewPage(t, look)
			page.Open(s.server.URL)
			js(page, `root.querySelector('#attach').click()`)
			page.Screenshot(name + "-1-no-case")
			js(page, `root.querySelector('#human').click()`)
			page.Await("waiting", "root.querySelector('#case').dataset.state === 'waiting'")
			pick(page, "螢幕截圖 2026-11-22.png", "image/png")
			pick(page, "說明文件.pdf", "application/pdf")
			page.Type("這是我看到的畫面")
			page.Screenshot(name + "-2-tray")
			js(page, `root.querySelector('#send').click()`)
			page.Await("thumbnails", `root.querySelector('.user .file.pictured')`)
			page.Screenshot(name + "-3-files")
			edit, gone := staff("小安", "您好，我是小安，正在看您的截圖。"), staff("小安", "")
			manual := staff("小安", "請照這份說明做：")
			manual.Files = []chat.File{{ID: "x", Name: "換發護照.pdf", Type: "application/pdf", Size: 1 << 20}}
			require.NoError(t, s.Push(context.Background(), s.user(), notice("小安加入對話", "K7-1", chat.CaseClaimed, "小安"), staff("小安", "您好"), staff("小安", "寫錯了"), manual))
			edit.Edits, gone.Edits, gone.Gone = 6, 7, true
			require.NoError(t, s.Push(context.Background(), s.user(), edit, gone))
			page.Await("edited", `root.querySelectorAll('[data-changed]').length === 2`)
			page.Screenshot(name + "-4-staff")
			require.NoError(t, s.Push(context.Background(), s.user(), notice("這次的對話結束了，謝謝您。", "K7-1", chat.CaseClosed, "")))
			page.Await("stars", `root.querySelector('.rating')`)
			js(page, `root.querySelectorAll('.stars input')[3].click()`)
			page.Screenshot(name + "-5-stars")
			js(page, `root.querySelector('#more').click()`)
			page.Screenshot(name + "-6-menu")
			js(page, `[...root.querySelectorAll('#menu button')].at(-1).click()`)
			page.Screenshot(name + "-7-sure")
		})
	}
}
