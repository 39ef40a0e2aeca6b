package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

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

// Page is one tab, for the chat page.
type Page struct {
	ctx context.Context
	t   testing.TB

	mu         sync.Mutex
	complaints []string
}

// NewPage returns an empty tab of a person who was never here: with a storage of
// its own. It closes with the test.
func (b *Browser) NewPage(t testing.TB, o Options) *Page {
	t.Helper()
	return newPage(t, b.ctx, o, chromedp.WithNewBrowserContext())
}

// NewTab returns another tab of the same person, with the same storage.
func (p *Page) NewTab(o Options) *Page {
	p.t.Helper()
	return newPage(p.t, p.ctx, o)
}

func newPage(t testing.TB, parent context.Context, o Options, options ...chromedp.ContextOption) *Page {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(parent, options...)
	t.Cleanup(closeTab)
	require.NoError(t, chromedp.Do(ctx), "open tab")
	p := &Page{ctx: ctx, t: t}
	require.NoError(t, chromedp.Listen(ctx, p.listen), "listen to the page")
	call(p, log.Enable, cdp.Empty{})
	call(p, runtime.Enable, cdp.Empty{})
	p.Look(o) //nolint:contextcheck // a page keeps the context of its tab
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
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},     //nolint:misspell // the name in CSS
			{Name: "prefers-reduced-motion", Value: "reduce"}, // pictures do not depend on the moment
		},
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
	Eval[bool](p, fmt.Sprintf(`(root.querySelector(%q).focus(), true)`, selector))
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
		const button = [...root.querySelectorAll('button')].reverse().find((b) =>
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
	p.Await("text "+text, fmt.Sprintf(`root.querySelector('#log').innerText.includes(%q)`, text))
}

// AwaitState waits for a state of the connection: connecting, online, offline,
// noNetwork, replaced.
func (p *Page) AwaitState(state string) {
	p.t.Helper()
	p.Await("state "+state, fmt.Sprintf(`root.querySelector('#state')?.dataset.state === %q`, state))
}

// Text is what a person reads in the conversation.
func (p *Page) Text() string {
	p.t.Helper()
	return Eval[string](p, `root.querySelector('#log').innerText`)
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

// root stands for the shadow root in which the chat lives, wherever it is by now.
const root = `const root = (() => {
	const base = () => document.querySelector('verihelp-chat')?.shadowRoot ?? document;
	return {
		querySelector: (selector) => base().querySelector(selector),
		querySelectorAll: (selector) => base().querySelectorAll(selector),
		get activeElement() { return base().activeElement; },
	};
})();`

// Eval returns the value of a JavaScript expression; a promise is awaited. In it,
// root finds elements of the chat, document those of the page around it.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	ctx, cancel := p.timeout()
	defer cancel()
	script := fmt.Sprintf("(() => { %s return (%s); })()", root, expression)
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
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
