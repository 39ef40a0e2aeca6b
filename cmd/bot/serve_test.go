package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"verihelp/channels/channelstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
)

// profiles are the ways in which the service can be put together.
func profiles(t *testing.T) map[string]*settings {
	t.Helper()
	base := func(desk string) *settings {
		return &settings{Listen: "127.0.0.1:0", DeskListen: desk, Data: t.TempDir(), Timezone: "Asia/Taipei", LogLevel: "info"}
	}
	return map[string]*settings{"with local desk": base("127.0.0.1:0"), "without desk": base("off")}
}

func TestEveryProfileIsComplete(t *testing.T) {
	for name, s := range profiles(t) {
		assert.NoError(t, fx.ValidateApp(service(s, streams{out: &bytes.Buffer{}, err: &bytes.Buffer{}})), name)
	}
}

// serveInBackground runs `bot serve` until the test ends and returns the URL of
// a start-up line.
func serveInBackground(t *testing.T, args ...string) func(name string) string {
	t.Helper()
	out, errs := &channelstest.Buffer{}, &channelstest.Buffer{}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan int, 1)
	go func() { done <- run(ctx, append([]string{"serve"}, args...), streams{out: out, err: errs}) }()
	t.Cleanup(func() {
		cancel()
		assert.Equal(t, exitDone, <-done, "the service stops cleanly: %s", errs)
	})
	return func(name string) string {
		t.Helper()
		line := regexp.MustCompile(`(?m)^` + name + `\s+(http://\S+)$`)
		require.Eventually(t, func() bool { return line.MatchString(out.String()) }, 30*time.Second, 10*time.Millisecond, "no address of the %s: %s %s", name, out, errs)
		return line.FindStringSubmatch(out.String())[1]
	}
}

func TestServeSaysWhereItIs(t *testing.T) {
	url := serveInBackground(t, "--listen=127.0.0.1:0", "--desk-listen=127.0.0.1:0", "--data-dir="+t.TempDir())
	for _, page := range []string{url("web chat"), url("web chat") + "healthz"} {
		response, err := http.Get(page)
		require.NoError(t, err)
		assert.Equal(t, http.StatusOK, response.StatusCode, page)
		require.NoError(t, response.Body.Close())
	}
	assert.Contains(t, url("staff desk"), "/login?key=")
}

func TestALongHeaderIsRefused(t *testing.T) {
	url := serveInBackground(t, "--listen=127.0.0.1:0", "--desk-listen=off", "--data-dir="+t.TempDir())("web chat")
	status := func(bytes int) int {
		request, err := http.NewRequest(http.MethodGet, url+"healthz", nil)
		require.NoError(t, err)
		request.Header.Set("Cookie", strings.Repeat("a", bytes))
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode
	}
	assert.Equal(t, http.StatusOK, status(16<<10), "a domain full of cookies")
	assert.Equal(t, http.StatusRequestHeaderFieldsTooLarge, status(64<<10))
}

// A page that listens for changes must not hold up the stop: serveInBackground
// checks that it ends with status 0, which a stop that ran out of time does not.
func TestAnOpenDeskPageDoesNotHoldUpTheStop(t *testing.T) {
	var events *http.Response
	t.Cleanup(func() { _ = events.Body.Close() }) // the last clean-up: after the service has stopped
	url := serveInBackground(t, "--listen=127.0.0.1:0", "--desk-listen=127.0.0.1:0", "--data-dir="+t.TempDir())("staff desk")
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := &http.Client{Jar: jar}
	entered, err := client.Get(url)
	require.NoError(t, err)
	require.NoError(t, entered.Body.Close())
	events, err = client.Get(strings.Split(url, "/login")[0] + "/api/events")
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, events.StatusCode)
}

func TestASignalDuringTheStartIsAnOrderlyStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs channelstest.Buffer
	code := run(ctx, []string{"serve", "--listen=127.0.0.1:0", "--desk-listen=127.0.0.1:0", "--data-dir=" + t.TempDir()}, streams{out: &out, err: &errs})
	assert.Equal(t, exitDone, code, errs.String())
}

func TestStartThatCannotSucceedSaysWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, []byte("x"), 0o600))
	broken := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(broken, "articles"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(broken, "articles", "a.md"), []byte("---\nid: [\n"), 0o600))
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"port in use":         {[]string{"--listen=" + taken.Addr().String(), "--desk-listen=off", "--data-dir=" + t.TempDir()}, "BOT_LISTEN"},
		"data is a file":      {[]string{"--listen=127.0.0.1:0", "--desk-listen=off", "--data-dir=" + filepath.Join(file, "sub")}, file},
		"desk in public":      {[]string{"--desk-listen=0.0.0.0:8081"}, "BOT_DESK_LISTEN"},
		"unknown time zone":   {[]string{"--listen=127.0.0.1:0", "--timezone=Mars/Base", "--data-dir=" + t.TempDir()}, "BOT_TIMEZONE"},
		"desk's port in use":  {[]string{"--listen=127.0.0.1:0", "--desk-listen=" + taken.Addr().String(), "--data-dir=" + t.TempDir()}, "BOT_DESK_LISTEN"},
		"no categories there": {[]string{"--intents=" + t.TempDir()}, "BOT_INTENTS"},
		"no articles in it":   {[]string{"--knowledge=" + t.TempDir()}, "BOT_KNOWLEDGE"},
		"broken article":      {[]string{"--listen=127.0.0.1:0", "--desk-listen=off", "--knowledge=" + broken, "--data-dir=" + t.TempDir()}, "a.md:"},
		"no articles there":   {[]string{"--knowledge=" + file}, "BOT_KNOWLEDGE names " + file},
	} {
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"serve"}, test.args...), streams{out: &out, err: &errs})
		assert.Equal(t, exitErrors, code, name)
		assert.Contains(t, errs.String(), test.says, name)
		assert.Equal(t, 1, strings.Count(errs.String(), "\n"), "%s: one line: %s", name, &errs)
		assert.Empty(t, out.String(), "%s: an address that does not answer", name)
	}
}

func TestWrongUseExitsWithTwo(t *testing.T) {
	for _, args := range [][]string{{"--nonsense"}, {"eval"}, {"eval", "--data=/does/not/exist"}, {"explain"}, {"classify", "--today=tomorrow"}} {
		var out, errs bytes.Buffer
		assert.Equal(t, exitUsage, run(t.Context(), args, streams{in: &out, out: &out, err: &errs}), "%v: %s", args, &errs)
		assert.Regexp(t, `^bot: .+\n$`, errs.String(), "one line")
	}
}
