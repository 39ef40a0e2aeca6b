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
	"os"
	"os/exec"
	"testing"
	"time"

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
	Dark          bool   // the dark theme
	Languages     string // of the browser, "zh-TW" by default
}

// Browser is a running Chromium.
type Browser struct{ ctx context.Context }

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

// Launch starts a browser that ends with the test; its sub-tests share it, for
// starting takes seconds.
func Launch(t testing.TB) *Browser {
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
	return &Browser{ctx}
}
