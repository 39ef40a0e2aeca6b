package webchat_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"image"
	"image/png"
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

func TestExtras(t *testing.T) {
	b := browsertest.Launch(t)
	tests := []struct {
		name string
		run  func(*testing.T, *browsertest.Browser)
	}{
		{"files only where somebody looks at them", extrasFilesNeedACase},
		{"a file is shown, sent, and shown again", extrasFileIsSent},
		{"an upload is cancelled, and tried again", extrasUploadFails},
		{"a refused file does not hold up its message", extrasFileRefused},
		{"pasted and dropped", extrasPasted},
		{"a file of staff", extrasFileOfStaff},
		{"staff edit and take back", extrasEdits},
		{"what staff took back is gone from the log, too", extrasBlanked},
		{"staff learn what was seen", extrasSeen},
		{"stars after a case", extrasRating},
		{"the conversation to keep", extrasKeep},
		{"a person is forgotten in all tabs", extrasForget},
		{"on to another channel", extrasLink},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}

// picture is a PNG as a screenshot would be.
func picture() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for i := range img.Pix {
		img.Pix[i] = [4]uint8{uint8(i >> 9), uint8(i / 1280), 160, 255}[i%4]
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// filesScript makes `data`, a DataTransfer with a file.
func filesScript(name, kind string) string {
	return `const data = new DataTransfer();
		data.items.add(new File([Uint8Array.from(atob('` + base64.StdEncoding.EncodeToString(picture()) + `'), (c) => c.charCodeAt(0))], '` + name + `', { type: '` + kind + `' }));`
}

func pick(page *browsertest.Page, name, kind string) {
	js(page, filesScript(name, kind)+`const picker = root.querySelector('input[type=file]'); picker.files = data.files; picker.dispatchEvent(new Event('change'));`)
}

// openCase is a page whose person waits for staff.
func openCase(t *testing.T, b *browsertest.Browser, s *service) *browsertest.Page {
	t.Helper()
	s.Answer(scripted)
	page := b.NewPage(t, browsertest.Options{})
	page.Open(s.server.URL)
	js(page, `root.querySelector('#human').click()`)
	page.Await("waiting", "root.querySelector('#case').dataset.state === 'waiting'")
	return page
}

func serviceWith(t *testing.T, wrap func(*channelstest.FakeInbox) channels.Inbox) *service {
	t.Helper()
	fake := channelstest.NewFakeInbox(t)
	return newServiceWith(t, webchat.Config{Burst: 100}, fake, wrap(fake))
}

func extrasFilesNeedACase(t *testing.T, b *browsertest.Browser) {
	_, page := openPage(t, b, browsertest.Options{})
	note := func() string { return browsertest.Eval[string](page, "root.querySelector('#file-note').textContent") }
	js(page, `root.querySelector('input[type=file]').click = () => { window.asked = true; }`)
	page.Click("加入圖片或 PDF")
	assert.Contains(t, note(), "轉給真人客服之後")
	assert.False(t, browsertest.Eval[bool](page, "Boolean(window.asked)"))
	page.Say("畫面上寫效期不足")
	page.AwaitText("收到")
	assert.Empty(t, note(), "it was read")
	page.Click("加入圖片或 PDF")
	assert.Contains(t, note(), "轉給真人客服之後")
	page.Click("找真人客服")
	page.Await("waiting", "root.querySelector('#case').dataset.state === 'waiting'")
	assert.Empty(t, note(), "now it is otherwise")
	page.Click("加入圖片或 PDF")
	assert.True(t, browsertest.Eval[bool](page, "window.asked"))
	pick(page, "影片.mp4", "video/mp4")
	assert.Contains(t, note(), "只能傳")
	assert.Zero(t, count(page, "#tray li"))
	for range 6 {
		pick(page, "a.png", "image/png")
	}
	assert.Contains(t, note(), "一次最多傳 5 個")
	assert.Equal(t, 5, count(page, "#tray li"))
}

func extrasFileIsSent(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 100})
	page := openCase(t, b, s)
	pick(page, "截圖 1.png", "image/png")
	page.Await("a preview", `(() => { const i = root.querySelector('#tray img'); return i?.complete && i.naturalWidth === 320; })()`)
	assert.Contains(t, browsertest.Eval[string](page, "root.querySelector('#tray').innerText"), "證件只在 App", "the warning comes before anything is sent")
	page.Click("移除 截圖 1.png")
	page.Await("no tray", "root.querySelector('#tray').hidden")
	pick(page, "截圖 2.png", "image/png")
	page.Say("這是畫面")
	page.AwaitText("截圖 2.png")
	got := s.Received()[1]
	require.Len(t, got.Files, 1)
	assert.Equal(t, "這是畫面", got.Text)
	assert.Equal(t, "截圖 2.png", got.Files[0].Name)
	page.Await("a thumbnail", `root.querySelector('.user .file.pictured img')?.naturalWidth === 320`)
	assert.True(t, browsertest.Eval[bool](page, "root.querySelector('.file img').src.startsWith('blob:')"), "no address that others could open")

	pick(page, "截圖 3.png", "image/png")
	page.Click("送出")
	page.AwaitText("截圖 3.png")
	assert.Empty(t, s.Received()[2].Text, "a file needs no words")
	page.Open(s.server.URL)
	page.Await("both again", `root.querySelectorAll('.user .file.pictured img').length === 2`)
	assert.Empty(t, page.Complaints())
}

func extrasUploadFails(t *testing.T, b *browsertest.Browser) {
	var inbox slow
	s := serviceWith(t, func(f *channelstest.FakeInbox) channels.Inbox {
		inbox = slow{f, make(chan struct{}, 9), make(chan struct{})}
		return inbox
	})
	page := openCase(t, b, s)
	pick(page, "a.png", "image/png")
	page.Say("第一次")
	<-inbox.begun
	page.Await("progress", `root.querySelector('progress').value === 1 && root.querySelector('#send').disabled`)
	page.Click("移除 a.png")
	page.Await("cancelled", `root.querySelector('#tray').hidden && !root.querySelector('#send').disabled`)
	assert.Equal(t, "第一次", browsertest.Eval[string](page, "root.querySelector('#input').value"), "the text waits")

	pick(page, "b.png", "image/png")
	page.Click("送出")
	<-inbox.begun
	s.network.cut(true)
	page.Await("told", `root.querySelector('#tray .told').textContent.includes('檢查網路')`)
	s.network.cut(false)
	js(page, "window.dispatchEvent(new Event('online'))")
	page.AwaitState("online")
	close(inbox.goOn)
	page.Click("送出")
	page.AwaitText("b.png")
	assert.Len(t, s.Received(), 2)
	assert.Equal(t, "第一次", s.Received()[1].Text)
}

func extrasFileRefused(t *testing.T, b *browsertest.Browser) {
	s := serviceWith(t, func(f *channelstest.FakeInbox) channels.Inbox { return refusing{f} })
	page := openCase(t, b, s)
	pick(page, "身分證.png", "image/png")
	page.Say("這是我的證件")
	page.AwaitText("收到：這是我的證件")
	assert.Equal(t, []chat.File{{}}, s.Received()[1].Files, "the bot says why")
}

func extrasPasted(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 100})
	page := openCase(t, b, s)
	js(page, filesScript("貼上.png", "image/png")+`root.querySelector('#input').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));`)
	js(page, filesScript("拖放.png", "image/png")+`root.querySelector('#scroll').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));`)
	page.Await("both", `root.querySelectorAll('#tray li').length === 2`)
	page.Click("送出")
	page.AwaitText("拖放.png")
	assert.Len(t, s.Received()[1].Files, 2)
}

// saved has downloads written down instead of saved.
const saved = `window.saved = []; window.blobs = [];
	const made = URL.createObjectURL; URL.createObjectURL = (blob) => { window.blobs.push(blob); return made.call(URL, blob); };
	HTMLAnchorElement.prototype.click = function () { window.saved.push([this.download, this.href]); };`

func extrasFileOfStaff(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 100})
	page := openCase(t, b, s)
	manual, err := s.KeepFile(context.Background(), s.user(), `步驟".png`, bytes.NewReader(picture()))
	require.NoError(t, err)
	gone := chat.File{ID: "gone", Name: "舊的.pdf", Type: "application/pdf", Size: 2 << 20}
	item := staff("小安", "")
	item.Files = []chat.File{manual, gone}
	require.NoError(t, s.Push(context.Background(), s.user(), item))
	page.AwaitText(`步驟".png`)
	assert.Zero(t, count(page, ".staff .bubble"), "no bubble without words")
	js(page, saved)
	js(page, `[...root.querySelectorAll('.file')].find((b) => b.ariaLabel.startsWith('下載 步驟".png ')).click()`)
	page.Await("saved", "saved.length")
	assert.Equal(t, `步驟".png`, browsertest.Eval[string](page, "saved[0][0]"))
	assert.Equal(t, "blob:", browsertest.Eval[string](page, "new URL(saved[0][1]).protocol"))
	js(page, `verihelp('on', 'file', (file) => { window.given = file; }); [...root.querySelectorAll('.file')][0].click()`)
	page.Await("given to the host", `window.given?.url.startsWith('data:image/png;base64,')`)
	page.Click("下載 舊的.pdf 2.0 MB")
	page.AwaitText("可能已經過期")
}

func extrasEdits(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 100})
	page := openCase(t, b, s)
	push := func(items ...chat.Item) { require.NoError(t, s.Push(context.Background(), s.user(), items...)) }
	edit, gone := staff("小安", "改過 <b>的</b>"), staff("小安", "")
	push(staff("小安", "寫錯的"), staff("小安", "不該說的"))
	page.AwaitText("不該說的")
	edit.Edits, gone.Edits, gone.Gone = 3, 4, true
	push(edit, gone)
	page.AwaitText("這則訊息已收回")
	page.AwaitText("改過 <b>的</b>")
	before := page.Text()
	assert.Contains(t, before, "已編輯")
	assert.NotContains(t, before, "寫錯的")
	assert.NotContains(t, before, "不該說的")
	assert.Equal(t, 2, count(page, ".turn.staff"))
	page.Open(s.server.URL)
	page.AwaitText("這則訊息已收回")
	assert.Equal(t, before, page.Text())
}

// blanking is an inbox that keeps nothing of what staff replaced or took back.
type blanking struct{ *channelstest.FakeInbox }

func (b blanking) Log(ctx context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error) {
	items, err := b.FakeInbox.Log(ctx, who, after, limit)
	last := map[int64]int64{} // number of the form that stands, by that of the first
	for _, item := range b.Items(who) {
		if item.Edits > 0 {
			last[item.Edits] = item.Seq
		}
	}
	for i, item := range items {
		if stands := last[max(item.Edits, 0)]; last[item.Seq] > 0 || item.Edits > 0 && stands != item.Seq {
			items[i].Text, items[i].Files = "", nil
		}
	}
	return items, err
}

func extrasBlanked(t *testing.T, b *browsertest.Browser) {
	s := serviceWith(t, func(f *channelstest.FakeInbox) channels.Inbox { return blanking{f} })
	page := openCase(t, b, s)
	wrong := staff("小安", "寫錯的")
	wrong.Files = []chat.File{{ID: "f1", Name: "舊的.pdf", Type: "application/pdf", Size: 9}}
	file := staff("小安", "")
	file.Files = []chat.File{{ID: "f2", Name: "不該傳的.pdf", Type: "application/pdf", Size: 9}}
	edit, again, gone, goneFile := staff("小安", "改過的"), staff("小安", "又改過的"), staff("小安", ""), staff("小安", "")
	edit.Edits, again.Edits, gone.Edits, goneFile.Edits = 3, 3, 4, 5
	gone.Gone, goneFile.Gone = true, true
	push := func(items ...chat.Item) { require.NoError(t, s.Push(context.Background(), s.user(), items...)) }
	push(wrong, staff("小安", "不該說的"), file)
	page.AwaitText("不該傳的")
	push(edit, again, gone, goneFile, staff("小安", "就這樣"))
	page.AwaitText("就這樣")
	live := page.Text()
	for _, way := range []string{"a socket", "a stream"} {
		if way == "a stream" {
			page.BeforeLoad(`window.WebSocket = class { constructor() { setTimeout(() => this.onclose({ code: 1006 })); } send() {} close() {} }`)
		}
		page.Open(s.server.URL)
		page.AwaitText("就這樣")
		assert.Equal(t, live, page.Text(), "by %s it is what it was", way)
	}
	assert.Equal(t, 1, strings.Count(live, "又改過的"))
	assert.Equal(t, 1, strings.Count(live, "已編輯"))
	assert.Equal(t, 2, strings.Count(live, "這則訊息已收回"))
	assert.NotContains(t, live, ".pdf")
	assert.Equal(t, 4, count(page, ".turn.staff"))
	assert.Zero(t, browsertest.Eval[int](page, "[...root.querySelectorAll('.bubble')].filter((e) => !e.textContent.trim()).length"), "no empty bubble")
	require.NoError(t, s.Push(context.Background(), s.user(), reply("zh-Hans", text("没问题"))))
	page.AwaitText("没问题")
	assert.Contains(t, page.Text(), "这条消息已撤回", "the interface's words follow the script")
	assert.Contains(t, page.Text(), "已编辑")

	js(page, saved)
	page.Click("更多选项")
	page.Click("下载对话记录")
	page.Await("saved", "saved.length")
	_, kept, _ := strings.Cut(browsertest.Eval[string](page, "blobs[0].text()"), "客服人员\n")
	assert.Contains(t, kept, "又改過的（已编辑）\n")
	assert.Equal(t, 2, strings.Count(kept, "（已撤回）\n"))
	assert.NotContains(t, kept, ".pdf")
}

func extrasSeen(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 100})
	s.Answer(scripted)
	page := b.NewPage(t, browsertest.Options{Width: 1280, Height: 900})
	page.Load(s.server.URL + "/demo")
	page.Click("開啟身分認證小幫手")
	page.AwaitState("online")
	page.Say("你好")
	page.AwaitText("收到")
	require.NoError(t, s.Push(context.Background(), s.user(), staff("小安", "在嗎")))
	s.WaitSeen(t, s.user(), 3)
	js(page, `root.querySelector('#close').click()`)
	require.NoError(t, s.Push(context.Background(), s.user(), staff("小安", "還在嗎")))
	page.Await("unread", `root.querySelector('.badge').textContent === '1'`)
	page.Click("開啟身分認證小幫手， 1 則新訊息")
	s.WaitSeen(t, s.user(), 4)
}

func extrasRating(t *testing.T, b *browsertest.Browser) {
	s := newService(t, webchat.Config{Burst: 100})
	page := openCase(t, b, s)
	ended := notice("對話結束", "K7-1", chat.CaseClosed, "")
	ended.Reply.Choices = []chat.Choice{{ID: "rate:5", Label: "5 星"}}
	require.NoError(t, s.Push(context.Background(), s.user(), ended))
	page.AwaitText("這次的客服服務")
	assert.Zero(t, count(page, ".choice"), "stars are a form here")
	page.Click("送出評分")
	assert.Len(t, s.Received(), 1, "without a star nothing is sent")
	page.Focus(".stars input")
	page.Press(" ")
	for range 3 {
		page.Press(kb.ArrowRight)
	}
	js(page, `root.querySelector('.rating textarea').value = '很有耐心'`)
	page.Click("送出評分")
	got := s.WaitReceived(t, 2)[1]
	assert.Equal(t, 4, got.Rating)
	assert.Equal(t, "很有耐心", got.Text)
	page.AwaitText("很有耐心")
	assert.Zero(t, count(page, ".rating"))
	page.Open(s.server.URL)
	page.AwaitText("很有耐心")
	assert.Zero(t, count(page, ".rating"), "once")
}
