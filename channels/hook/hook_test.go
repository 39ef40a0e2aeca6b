package hook

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/internal/chat"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

var (
	now   = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	reply = channels.Delivery{
		Delivery: chat.Delivery{
			ID: 7, To: chat.Destination{Kind: chat.ToHook, Name: Name, Key: "u-1"},
			Address: chat.Address{Channel: "web", User: "u-1"}, CreatedAt: now.Add(-time.Minute),
		},
		Items:  []chat.Item{{Kind: chat.FromStaff, Text: "請再拍一次"}},
		Update: &channels.Update{Case: chat.Case{ID: "K7-1"}, Change: chat.CaseReply},
	}
)

// host is the host's server; it answers with a status and a header.
func host(t *testing.T, answer http.HandlerFunc) *Hook {
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	h, err := New(Config{URL: server.URL + "/hooks?key=hidden", Secret: secret, Now: func() time.Time { return now }, User: user, Seen: unseen})
	require.NoError(t, err)
	return h
}

// TestTheSignatureIsThatOfStandardWebhooks uses the vector of its specification.
func TestTheSignatureIsThatOfStandardWebhooks(t *testing.T) {
	h, err := New(Config{URL: "https://app.example.com", Secret: secret, Now: time.Now, User: user, Seen: unseen})
	require.NoError(t, err)
	got := sign(h.secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	assert.Equal(t, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", got)
}

func TestAHostIsToldWhoseCaseAndNothingThatWasSaid(t *testing.T) {
	var ids []string
	h := host(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.JSONEq(t, `{"case_id":"K7-1","user":"u-1","kind":"reply","at":"2026-11-22T09:59:00Z"}`, string(body))
		id, at := r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp")
		assert.Equal(t, "1795341600", at)
		key, _ := New(Config{URL: "https://x.example", Secret: secret, Now: time.Now, User: user, Seen: unseen})
		assert.Equal(t, "v1,"+sign(key.secret, id, at, body), r.Header.Get("webhook-signature"))
		ids = append(ids, id)
		w.WriteHeader(http.StatusAccepted)
	})
	for range 2 {
		receipts, err := h.Deliver(t.Context(), reply)
		require.NoError(t, err)
		assert.Len(t, receipts, 1)
	}
	assert.Equal(t, ids[0], ids[1], "a repetition can be told from a new one")
}

func TestWhatAnAnswerMeans(t *testing.T) {
	tests := []struct {
		status  int
		after   string
		refused bool
		wait    time.Duration // of RetryLater; -1: a plain error
	}{
		{status: 200}, {status: 204},
		{status: 429, after: "90", wait: 90 * time.Second},
		{status: 429, after: "Sun, 22 Nov 2026 10:05:00 GMT", wait: 5 * time.Minute},
		{status: 429, after: "Sun, 22 Nov 2020 10:05:00 GMT"},
		{status: 429, after: "soon"},
		{status: 503, after: "10", wait: 10 * time.Second},
		{status: 503, wait: -1}, {status: 500, wait: -1}, {status: 302, wait: -1}, {status: 408, wait: -1}, {status: 425, wait: -1},
		{status: 400, refused: true}, {status: 401, refused: true}, {status: 404, refused: true}, {status: 410, refused: true},
	}
	for _, test := range tests {
		h := host(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", test.after)
			w.Header().Set("Location", "https://elsewhere.example")
			w.WriteHeader(test.status)
		})
		_, err := h.Deliver(t.Context(), reply)
		var later *channels.RetryLater
		var refused *channels.Refused
		switch {
		case test.status < 300:
			assert.NoError(t, err)
			continue
		case test.refused:
			assert.ErrorAs(t, err, &refused, "status %d", test.status)
		case test.wait >= 0:
			require.ErrorAs(t, err, &later, "status %d", test.status)
			assert.Equal(t, test.wait, later.Wait)
		default:
			assert.Error(t, err, "status %d", test.status)
			assert.NotErrorAs(t, err, &later)
			assert.NotErrorAs(t, err, &refused)
		}
		assert.NotErrorIs(t, err, channels.ErrUnknownOutcome)
	}
}

func TestAHostThatDoesNotAnswer(t *testing.T) {
	h := host(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := h.Deliver(ctx, reply)
	require.ErrorIs(t, err, channels.ErrUnknownOutcome)
	assert.NotContains(t, err.Error(), "hidden", "the address may hold a key")
	_, err = h.Find(t.Context(), reply)
	assert.ErrorIs(t, err, channels.ErrCannotAsk)
}

func TestAHostThatIsDown(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	h, err := New(Config{URL: server.URL + "/?key=hidden", Secret: secret, Now: time.Now, User: user, Seen: unseen})
	require.NoError(t, err)
	server.Close()
	_, err = h.Deliver(t.Context(), reply)
	require.Error(t, err)
	assert.NotErrorIs(t, err, channels.ErrUnknownOutcome, "nothing can have arrived")
	assert.NotContains(t, err.Error(), "hidden")
}

func TestBadSettingsAreRefusedWithWhatToDo(t *testing.T) {
	for _, url := range []string{"", "app.example.com", "http://app.example.com", "ftp://app.example.com", "https://", "://"} {
		_, err := New(Config{URL: url, Secret: secret, Now: time.Now, User: user, Seen: unseen})
		assert.ErrorContains(t, err, "BOT_PUSH_URL", url)
	}
	for _, bad := range []string{"", "whsec_", "geheim", "whsec_c2hvcnQ=", "whsec_" + strings.Repeat("QUFB", 40)} {
		_, err := New(Config{URL: "https://app.example.com", Secret: bad, Now: time.Now, User: user, Seen: unseen})
		assert.ErrorContains(t, err, "BOT_PUSH_SECRET", bad)
		assert.NotContains(t, err.Error(), "geheim")
	}
}

func user(who chat.Address) string { return who.User }

func unseen(context.Context, chat.Delivery) (bool, error) { return false, nil }

func TestNobodyIsToldOfWhatWasSeen(t *testing.T) {
	h, err := New(Config{
		URL: "https://127.0.0.1:1", Secret: secret, Now: time.Now, User: user,
		Seen: func(_ context.Context, d chat.Delivery) (bool, error) { return d.Last <= 7, nil },
	})
	require.NoError(t, err)
	receipts, err := h.Deliver(t.Context(), channels.Delivery{Delivery: chat.Delivery{Last: 7}})
	require.NoError(t, err)
	assert.Equal(t, []string{"seen"}, receipts)
	_, err = h.Deliver(t.Context(), channels.Delivery{Delivery: chat.Delivery{Last: 8}})
	assert.ErrorContains(t, err, "connect to BOT_PUSH_URL")
}
