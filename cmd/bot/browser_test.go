package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"verihelp/web/widget/browsertest"
)

// TestAPersonIsHelpedInTheBrowser holds conversations with the whole service, as
// it is shipped, in a real browser.
func TestAPersonIsHelpedInTheBrowser(t *testing.T) {
	url := serveInBackground(t, "--listen=127.0.0.1:0", "--desk-listen=127.0.0.1:0", "--data-dir="+t.TempDir(), "--burst=50ms")("web chat")
	browser := browsertest.Launch(t)

	t.Run("Simplified: the sum, and solved", func(t *testing.T) {
		page := browser.NewPage(t, browsertest.Options{Languages: "zh-CN"})
		page.Open(url)
		page.Say("我的护照还有45天到期，到2027年1月6号")
		page.AwaitText("还差 15 天")
		page.AwaitText("2025-11-13")
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
}
