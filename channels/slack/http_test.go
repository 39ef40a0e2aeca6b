package slack_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/channels/channelstest"
	"verihelp/channels/slack"
	"verihelp/channels/slack/slacktest"
	"verihelp/internal/chat"
)

func overHTTP(c *slack.Config) { c.AppToken, c.SigningSecret = "", slacktest.SigningSecret }

// node is another process of the service: it does not run the desk, but takes what
// Slack sends.
func (o *office) node(t *testing.T, in channels.DeskInbox, notes channels.Notebook) *slack.Desk {
	t.Helper()
	c := config(o.server, notes)
	overHTTP(&c)
	desk, err := slack.New(c)
	require.NoError(t, err)
	desk.Attach(in)
	t.Cleanup(desk.Close)
	return desk
}

// sendsTo has Slack send its requests to a handler.
func (o *office) sendsTo(t *testing.T, h http.Handler) (base string) {
	t.Helper()
	front := httptest.NewServer(h)
	t.Cleanup(front.Close)
	o.server.UseHTTP(front.URL)
	return front.URL
}

func send(t *testing.T, address string, header http.Header, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	require.NoError(t, err)
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	answer, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(answer)
}

func TestHTTPEventsAreTakenWithASignature(t *testing.T) {
	o := newOffice(t, overHTTP)
	front := o.sendsTo(t, o.desk.Handler())
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	o.signed(t, o.server.Say(channel, root, o.agent.id, "由 HTTP 來"), "outbox_tray")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClose, "好了"))
	assert.Contains(t, o.server.Command(t, o.agent.id, channel, "status"), "今天")

	post := func(body string, at time.Time, spoil bool) (int, string) {
		header := http.Header{}
		slacktest.Sign(header, []byte(body), at)
		if spoil {
			header.Set("X-Slack-Signature", "v0="+strings.Repeat("0", 64))
		}
		return send(t, front+"/slack/events", header, body)
	}
	status, answer := post(`{"type":"url_verification","challenge":"abc"}`, time.Now(), false)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "abc", answer)
	for name, code := range map[string]int{
		"forged": first(post(`{}`, time.Now(), true)), "old": first(post(`{}`, time.Now().Add(-10*time.Minute), false)),
	} {
		assert.Equal(t, http.StatusUnauthorized, code, name)
	}
	assert.Equal(t, http.StatusBadRequest, first(post(`[`, time.Now(), false)))
	assert.Equal(t, http.StatusRequestEntityTooLarge, first(post(strings.Repeat("x", 2<<20), time.Now(), false)))
	o.stop()
	assert.Equal(t, http.StatusServiceUnavailable, first(post(`{}`, time.Now(), false)), "Slack sends it again")
}

func first(status int, _ string) int { return status }

func TestEveryNodeTakesWhatSlackSends(t *testing.T) {
	o := newOffice(t, overHTTP)
	notes := &brokenOnce{FakeNotebook: o.notes}
	o.sendsTo(t, o.node(t, o.inbox, notes).Handler())
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseReply, "由另一個節點收下"))
	notes.broken.Store(true)
	o.signed(t, o.server.Say(channel, root, o.agent.id, "資料庫斷了一下"), "outbox_tray")
	assert.Contains(t, o.server.Command(t, o.agent.id, channel, "status"), "今天")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClose, "好了"))
	var sent []string // by whichever process: both may hand it in
	log, err := o.inbox.CaseLog(t.Context(), "K7-1", 1, 10)
	require.NoError(t, err)
	for _, i := range log {
		sent = append(sent, i.Text)
	}
	assert.Equal(t, []string{"由另一個節點收下", "資料庫斷了一下"}, sent)
}

// gate is an inbox that lets replies through once it is open.
type gate struct {
	*channelstest.FakeDeskInbox
	entered, opened chan struct{}
	open            func()
}

func gateTo(t *testing.T, in *channelstest.FakeDeskInbox) gate {
	g := gate{FakeDeskInbox: in, entered: make(chan struct{}, 10), opened: make(chan struct{})}
	g.open = sync.OnceFunc(func() { close(g.opened) })
	t.Cleanup(g.open)
	return g
}

func (g gate) Handle(ctx context.Context, a chat.StaffAction) error {
	if a.Change == chat.CaseReply {
		g.entered <- struct{}{}
		<-g.opened
	}
	return g.FakeDeskInbox.Handle(ctx, a)
}

func TestAnEventIsAnsweredOnceItIsCommitted(t *testing.T) {
	o := newOffice(t, overHTTP)
	g := gateTo(t, o.inbox)
	desk := o.node(t, g, o.notes)
	var answered atomic.Bool
	o.sendsTo(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		desk.Handler().ServeHTTP(w, r)
		if bytes.Contains(body, []byte("慢一點")) {
			answered.Store(true)
		}
	}))
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	o.server.Say(channel, root, o.agent.id, "慢一點")
	<-g.entered
	assert.False(t, answered.Load(), "Slack keeps it until then")
	g.open()
	o.eventually(t, answered.Load, "it is answered")
	assert.Equal(t, []string{"慢一點"}, o.replies())
}

// A modal closes once its words are committed. Until then it keeps them, and to
// submit them again does no harm.
func TestAModalClosesOnceItIsCommitted(t *testing.T) {
	for name, change := range map[string]func(*slack.Config){"HTTP": overHTTP, "Socket Mode": func(*slack.Config) {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, change)
			g := gateTo(t, o.inbox)
			o.desk.Attach(g)
			if name == "HTTP" {
				o.sendsTo(t, o.desk.Handler())
			}
			root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
			require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
			o.server.Tap(t, o.agent.id, channel, root, "reply")
			words := map[string]any{"text": "很長的一段話"}
			assert.Contains(t, o.server.Submit(t, o.agent.id, words), "請再按一次")
			<-g.entered
			g.open()
			require.Empty(t, o.server.Submit(t, o.agent.id, words))
			log, err := o.inbox.CaseLog(t.Context(), "K7-1", 1, 10)
			require.NoError(t, err)
			require.Len(t, log, 1, "sent once")
			assert.Equal(t, "很長的一段話", log[0].Text)
		})
	}
}

// What arrives nowhere is read from the history: soon after Slack has said that it
// sent something again or dropped some, and every few minutes.
func TestWhatArrivesNowhereIsReadFromTheHistory(t *testing.T) {
	var w watch
	o := newOffice(t, overHTTP, func(c *slack.Config) { c.Now = w.now })
	base := o.sendsTo(t, o.node(t, o.inbox, o.notes).Handler())
	root := o.opened(t, channelstest.SampleCase("K7-1"), "有人嗎")
	require.Empty(t, o.agent.Do(t, "K7-1", chat.CaseClaim, ""))
	lose := func(text string) (ts string) {
		o.server.Hold()
		defer o.server.Lose()
		return o.server.Say(channel, root, o.agent.id, text)
	}
	missed := lose("沒有一個節點收到")
	body := `{"type":"event_callback","event":{"type":"member_left_channel","channel":"` + channel + `"}}`
	header := http.Header{"X-Slack-Retry-Num": {"1"}, "X-Slack-Retry-Reason": {"http_timeout"}}
	slacktest.Sign(header, []byte(body), time.Now())
	status, _ := send(t, base+"/slack/events", header, body)
	require.Equal(t, http.StatusOK, status)
	o.signed(t, missed, "outbox_tray")

	missed = lose("Slack 說它丟了")
	body = `{"type":"app_rate_limited","minute_rate_limited":1}`
	header = http.Header{}
	slacktest.Sign(header, []byte(body), time.Now())
	status, _ = send(t, base+"/slack/events", header, body)
	require.Equal(t, http.StatusOK, status)
	o.signed(t, missed, "outbox_tray")

	missed = lose("也沒人說有事")
	w.move(6 * time.Minute)
	o.signed(t, missed, "outbox_tray")
	assert.Equal(t, []string{"沒有一個節點收到", "Slack 說它丟了", "也沒人說有事"}, o.replies())
}

func TestABodyThatDoesNotComeIsNotWaitedFor(t *testing.T) {
	o := newOffice(t, overHTTP, func(c *slack.Config) { c.BodyTime = 20 * time.Millisecond })
	base := o.sendsTo(t, o.desk.Handler())
	signed := http.Header{}
	slacktest.Sign(signed, nil, time.Now())
	for name, one := range map[string]struct {
		header http.Header
		status int
	}{"signed": {signed, http.StatusRequestTimeout}, "unsigned": {http.Header{}, http.StatusUnauthorized}} {
		for _, path := range []string{"events", "interactions", "commands"} {
			t.Run(name+" "+path, func(t *testing.T) {
				conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
				require.NoError(t, err)
				t.Cleanup(func() { _ = conn.Close() })
				require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
				_, err = fmt.Fprintf(conn, "POST /slack/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n", path)
				require.NoError(t, err)
				require.NoError(t, one.header.Write(conn))
				_, err = conn.Write([]byte("\r\n"))
				require.NoError(t, err)
				answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
				require.NoError(t, err)
				assert.Equal(t, one.status, answer.StatusCode)
			})
		}
	}
}
