// Package browsertest opens the chat page in a real Chromium for tests: those of
// channels/webchat against a scripted inbox and those of cmd/bot against the
// whole service. It speaks of what a person sees and does, so that a test reads
// like one.
//
// A machine without Chromium skips these tests and says so; with CI=true that is
// a failure, because there nobody would notice.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// patience is how long a page may take for anything before a test fails.
const patience = 20 * time.Second

// names are what Chromium is called by the systems it comes with.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// find returns the path of Chromium. BROWSER_PATH names another one.
func find(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("BROWSER_PATH"); path != "" {
		return path
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const missing = "NOT TESTED in a browser: no Chromium found; install it (Debian: apt install chromium fonts-noto-cjk) or set BROWSER_PATH"
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// Options is the device and the person in front of it.
type Options struct {
	Width, Height int64  // CSS pixels; 390 by 844, a phone
	Scale         int    // device pixels per CSS pixel; 1
	Dark          bool   // prefers-color-scheme
	Languages     string // of the browser, "zh-TW" by default
}

// Page is one tab with the chat page in it.
type Page struct {
	ctx context.Context
	t   testing.TB

	mu         sync.Mutex
	complaints []string
}

// Flags are the options that a headless Chromium needs to run anywhere, as root
// too, without asking anything of the network. The profile folder must be empty.
func Flags(path, profile string) []chromedp.ExecAllocatorOption {
	return []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.Flag("headless", true),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("no-first-run", true),
		chromedp.Flag("no-default-browser-check", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("hide-scrollbars", true),
	}
}

// Start starts a browser for the test and returns its first tab, still empty.
func Start(t testing.TB, o Options) *Page {
	t.Helper()
	path := find(t)
	// Not t.TempDir, whose removal fails while the last process still writes.
	profile, err := os.MkdirTemp("", "browsertest")
	require.NoError(t, err)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), Flags(path, profile)...)
	ctx, _ := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("close browser: %v", err)
		}
		stop()
		_ = os.RemoveAll(profile) // a folder left in the system's temporary one does no harm
	})
	require.NoError(t, chromedp.Do(ctx), "start browser") // its life is that of this context
	return newPage(t, ctx, o)
}

func newPage(t testing.TB, ctx context.Context, o Options) *Page {
	t.Helper()
	p := &Page{ctx: ctx, t: t}
	require.NoError(t, chromedp.Listen(ctx, p.listen), "listen to the page")
	call(p, log.Enable, cdp.Empty{})
	call(p, runtime.Enable, cdp.Empty{})
	p.Look(o)
	return p
}

// listen keeps what the browser says against the page.
func (p *Page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch event := event.(type) {
	case *log.EventEntryAdded:
		p.complaints = append(p.complaints, fmt.Sprintf("%s: %s %s", event.Entry.Source, event.Entry.Text, event.Entry.URL))
	case *runtime.EventExceptionThrown:
		p.complaints = append(p.complaints, "exception: "+event.ExceptionDetails.Text)
	}
}

// Complaints returns what the browser said so far against the page: exceptions
// that nobody caught, files that failed, what the security policy stopped.
func (p *Page) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.complaints)
}

// BeforeLoad runs a script before those of each page that is loaded from now on.
func (p *Page) BeforeLoad(script string) {
	p.t.Helper()
	call(p, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// NewTab returns another tab of the same browser, which shares its storage.
func (p *Page) NewTab(o Options) *Page {
	p.t.Helper()
	ctx, closeTab := chromedp.NewContext(p.ctx)
	p.t.Cleanup(closeTab)
	require.NoError(p.t, chromedp.Do(ctx), "open tab")
	return newPage(p.t, ctx, o)
}

// Look changes the device.
func (p *Page) Look(o Options) {
	p.t.Helper()
	if o.Width == 0 {
		o.Width, o.Height = 390, 844
	}
	scheme, languages := "light", "zh-TW"
	if o.Dark {
		scheme = "dark"
	}
	if o.Languages != "" {
		languages = o.Languages
	}
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: o.Width, Height: o.Height, DeviceScaleFactor: float64(max(o.Scale, 1)),
	})
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	call(p, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
		UserAgent: Eval[string](p, "navigator.userAgent"), AcceptLanguage: languages,
	})
}

// Open loads a page and waits until the chat is connected.
func (p *Page) Open(url string) {
	p.t.Helper()
	p.Load(url)
	p.AwaitState("online")
}

// Load loads a page.
func (p *Page) Load(url string) {
	p.t.Helper()
	ctx, cancel := p.timeout()
	defer cancel()
	require.NoError(p.t, chromedp.Do(ctx, chromedp.Navigate(url)), "open page")
}

// Type puts text into the input, as a person would by keyboard or paste.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.Focus("#input")
	call(p, input.InsertText, input.InsertTextParams{Text: text})
}

// Say types a text and sends it with Enter.
func (p *Page) Say(text string) {
	p.t.Helper()
	p.Type(text)
	p.EnterKey(13)
}

// Focus focuses the first element that fits the CSS selector.
func (p *Page) Focus(selector string) {
	p.t.Helper()
	Eval[bool](p, fmt.Sprintf(`(document.querySelector(%q).focus(), true)`, selector))
}

// Press presses a key of the keyboard, named as in chromedp/kb.
func (p *Page) Press(key string, options ...chromedp.KeyOption) {
	p.t.Helper()
	ctx, cancel := p.timeout()
	defer cancel()
	require.NoError(p.t, chromedp.Do(ctx, chromedp.KeyEvent(key, options...)), "press key")
}

// Compose has an input method compose a text in the input; Commit ends it.
func (p *Page) Compose(text string) {
	p.t.Helper()
	p.Focus("#input")
	n := int64(len([]rune(text)))
	call(p, input.ImeSetComposition, input.ImeSetCompositionParams{Text: text, SelectionStart: n, SelectionEnd: n})
}

// Commit ends composing with this text.
func (p *Page) Commit(text string) {
	p.t.Helper()
	call(p, input.InsertText, input.InsertTextParams{Text: text})
}

// EnterKey presses Enter with the given key code: 13, or the 229 of an input
// method that takes the key for itself.
func (p *Page) EnterKey(code int64) {
	p.t.Helper()
	text := "\r"
	if code != 13 {
		text = ""
	}
	call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: code, Text: text,
	})
	call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyUp, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: code,
	})
}

// Click clicks the last enabled button with this text or accessible name.
func (p *Page) Click(label string) {
	p.t.Helper()
	p.Await("button "+label, fmt.Sprintf(`(() => {
		const button = [...document.querySelectorAll('button')].reverse().find((b) =>
			(b.textContent.trim() === %[1]q || b.getAttribute('aria-label') === %[1]q) &&
			!b.disabled && b.getAttribute('aria-disabled') !== 'true' && b.checkVisibility());
		button?.click();
		return Boolean(button);
	})()`, label))
}

// Await waits until a JavaScript expression is true. It looks again after each
// frame that the page draws, and does not need the rights that the page's
// security policy withholds from scripts.
func (p *Page) Await(what, expression string) {
	p.t.Helper()
	found := Eval[bool](p, fmt.Sprintf(`new Promise((resolve) => {
		const giveUp = Date.now() + %d;
		const look = () => {
			if (%s) resolve(true);
			else if (Date.now() > giveUp) resolve(false);
			else setTimeout(look, 5);
		};
		look();
	})`, patience.Milliseconds(), expression))
	require.True(p.t, found, "waited for %s in vain", what)
}

// AwaitText waits until the conversation shows a text.
func (p *Page) AwaitText(text string) {
	p.t.Helper()
	p.Await("text "+text, fmt.Sprintf(`document.querySelector('#log').innerText.includes(%q)`, text))
}

// AwaitState waits for a state of the connection: connecting, online, offline,
// noNetwork, replaced.
func (p *Page) AwaitState(state string) {
	p.t.Helper()
	p.Await("state "+state, fmt.Sprintf(`document.querySelector('#state')?.dataset.state === %q`, state))
}

// Text is what a person reads in the conversation.
func (p *Page) Text() string {
	p.t.Helper()
	return Eval[string](p, `document.querySelector('#log').innerText`)
}

// Offline tells the page that the network is gone, or back. Open sockets stay
// open, as they seem to on a phone that has lost its network.
func (p *Page) Offline(offline bool) {
	p.t.Helper()
	call(p, network.OverrideNetworkState, network.OverrideNetworkStateParams{
		Offline: offline, DownloadThroughput: -1, UploadThroughput: -1,
	})
}

// Screenshot writes the visible page into a PNG file of the folder that
// SCREENSHOTS names; without it, it does nothing.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := p.timeout()
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	require.NoError(p.t, err, "take screenshot")
	require.NoError(p.t, os.MkdirAll(folder, 0o755))
	require.NoError(p.t, os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644))
}

// Eval returns the value of a JavaScript expression; a promise is awaited.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	ctx, cancel := p.timeout()
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(p.t, err, "evaluate %s", expression)
	return value
}

// call sends a command of the browser's protocol to the tab.
func call[P, R any](p *Page, command cdp.Command[P, R], params P) {
	p.t.Helper()
	ctx, cancel := p.timeout()
	defer cancel()
	_, err := chromedp.Call(ctx, command, params)
	require.NoError(p.t, err, command.Method)
}

func (p *Page) timeout() (context.Context, context.CancelFunc) {
	return context.WithTimeout(p.ctx, 2*patience)
}
