package main

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/assert"

	"verihelp/web/widget/browsertest"
)

// TestAPersonIsHelpedInTheBrowser holds conversations with the whole service, as
// it is shipped, in a real browser.
func TestAPersonIsHelpedInTheBrowser(t *testing.T) {
	address := serveInBackground(t, "--listen=127.0.0.1:0", "--desk-listen=127.0.0.1:0", "--data-dir="+t.TempDir(), "--burst=50ms")
	url := address("web chat")
	browser := browsertest.Launch(t)

	t.Run("Simplified: the sum, and solved", func(t *testing.T) {
		page := browser.NewPage(t, browsertest.Options{Languages: "zh-CN"})
		page.Open(url)
		page.Say("我的护照还有45天到期，到2027年1月6号")
		page.AwaitText("还差 15 天")
		page.AwaitText("2025-11-13")
		page.Click("看“可以用哪些证件”")
		page.AwaitText("护照")
		page.Await("nothing refused", `root.querySelectorAll('#pending > *').length === 0`)
		page.Click("解决了")
		page.AwaitText("太好了")
		assert.Empty(t, page.Complaints())
	})

	t.Run("Traditional: asked, answered by number, by tap", func(t *testing.T) {
		page := browser.NewPage(t, browsertest.Options{Scale: 2})
		page.Open(url)
		page.Say("認證一直失敗，不知道為什麼")
		page.AwaitText("都不是")
		page.Say("第一個")
		page.AwaitText("找真人客服")
		page.Say("照片一直傳不上去，轉圈圈")
		page.AwaitText("網路通不通")
		page.AwaitText("助記詞")
		page.Screenshot("chat")
		page.Click("還是不行")
		page.AwaitText("抱歉")
		assert.Empty(t, page.Complaints())
	})

	t.Run("Traditional: handed over, answered by staff at the desk, closed", func(t *testing.T) {
		page := browser.NewPage(t, browsertest.Options{})
		page.Open(url)
		page.Say("我名字裡有個生僻字，系統認不出來")
		page.AwaitText("案件編號")

		desk := browser.NewPage(t, browsertest.Options{Width: 1280, Height: 900})
		desk.Load(address("staff desk"))
		click := func(what, expression string) {
			t.Helper()
			desk.Await(what, `(() => { const e = `+expression+`; if (!e || e.disabled) return false; e.click(); return true; })()`)
		}
		desk.Await("name", `(() => { const e = document.querySelector('#name'); if (!e) return false; e.value = '小安'; return true; })()`)
		click("case", `document.querySelector('#cases button')`)
		click("claim", `document.querySelector('[data-change=claim]')`)
		page.AwaitText("小安")
		desk.Await("claimed", `!document.querySelector('[data-change=close]').disabled`)
		desk.Screenshot("desk")
		click("reply", `(() => { document.querySelector('#text').value = '您好，請問是哪一個字？'; return document.querySelector('#form button'); })()`)
		page.AwaitText("請問是哪一個字")
		page.Say("左邊金右邊昇")
		desk.Await("the user's answer", `document.querySelector('#log').innerText.includes('左邊金右邊昇')`)
		click("close", `document.querySelector('[data-change=close]')`)
		page.AwaitText("結束了")
		page.AwaitText("這次的客服服務，您覺得如何")
		page.Say("照片一直傳不上去，轉圈圈")
		page.AwaitText("重新打開")
		assert.Empty(t, page.Complaints())
		assert.Empty(t, desk.Complaints())
	})
	t.Run("a picture for staff, and then all of it is deleted", func(t *testing.T) {
		page := browser.NewPage(t, browsertest.Options{})
		page.Open(url)
		page.Say("我名字裡有個生僻字，系統認不出來")
		page.AwaitText("案件編號")
		page.Await("a picture is chosen", `(() => {
			const data = new DataTransfer();
			data.items.add(new File([Uint8Array.from(atob('`+base64.StdEncoding.EncodeToString(screen())+`'), (c) => c.charCodeAt(0))], '畫面.png', { type: 'image/png' }));
			const picker = root.querySelector('input[type=file]');
			picker.files = data.files;
			picker.dispatchEvent(new Event('change'));
			return true;
		})()`)
		page.Click("送出")
		page.Await("it is in the conversation, and seen", `root.querySelector('.user .file.pictured img')?.naturalWidth === 9`)
		page.Click("更多選項")
		page.Click("刪除我的資料")
		page.Click("刪除")
		page.Await("it is told", `root.querySelector('#file-note').checkVisibility() && root.querySelector('#file-note').textContent.includes('已經刪除')`)
		page.Await("nothing is left", `root.querySelectorAll('.turn').length === 0`)
		page.AwaitState("online")
		page.Say("照片一直傳不上去，轉圈圈")
		page.AwaitText("網路通不通")
		assert.Empty(t, page.Complaints())
	})
}
