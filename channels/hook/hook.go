// Package hook tells the host's server that a person has answered while nobody
// was looking, so that it can push a notification to the user's phone.
//
// It is a channels.Remote for destinations of kind hook: one signed POST a
// delivery, which says whose case it is and holds none of what was said. The
// signature is that of Standard Webhooks (standardwebhooks.com), for which every
// language has a library. A repetition has the same webhook-id, so that a host
// that keeps the IDs notifies once even where an outcome stayed unknown.
package hook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// Name is the hook's in chat.Destination.
const Name = "push"

// Config is what a hook is made of.
type Config struct {
	URL    string // where to POST; https, or http to this machine
	Secret string // whsec_ and 24 to 64 bytes in base64
	Now    func() time.Time

	// User is the host's own name for the person of an address.
	User func(chat.Address) string
	// Seen says that the person has seen what a delivery is about; then nobody
	// needs to be told.
	Seen func(ctx context.Context, d chat.Delivery) (bool, error)
}

// Hook posts to the host's server.
type Hook struct {
	Config
	secret []byte
	client *http.Client
}

var _ channels.Remote = (*Hook)(nil)

// Size of a secret, bytes.
const minSecret, maxSecret = 24, 64

// New makes a hook. An error is one line that says what to do, without the secret.
func New(c Config) (*Hook, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !IsLoopback(u.Hostname())) {
		return nil, errors.New("BOT_PUSH_URL is not an address like https://app.example.com/hooks/support")
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(c.Secret, "whsec_"))
	if err != nil || len(secret) < minSecret || len(secret) > maxSecret {
		return nil, fmt.Errorf("BOT_PUSH_SECRET must be whsec_ and %d to %d random bytes in base64; make one with: echo whsec_$(openssl rand -base64 32)", minSecret, maxSecret)
	}
	if c.Now == nil || c.User == nil || c.Seen == nil {
		return nil, errors.New("make hook: a part is missing")
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &Hook{Config: c, secret: secret, client: client}, nil
}

// IsLoopback says that a host, a name or an address, is this machine: what goes
// there is heard by nobody else.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// note is the body of a webhook.
type note struct {
	CaseID string    `json:"case_id,omitempty"`
	User   string    `json:"user"` // the host's own name for the person
	Kind   string    `json:"kind"` // "reply"
	At     time.Time `json:"at"`   // when it was said
}

// Deliver implements channels.Remote.
func (h *Hook) Deliver(ctx context.Context, d channels.Delivery) ([]string, error) {
	if len(d.Receipts) > 0 {
		return d.Receipts, nil
	}
	seen, err := h.Seen(ctx, d.Delivery)
	if err != nil {
		return nil, fmt.Errorf("look up what was seen: %w", err)
	}
	if seen {
		return []string{"seen"}, nil
	}
	id := messageID(d.Delivery)
	n := note{User: h.User(chat.Address{Channel: d.Address.Channel, User: d.To.Key}), Kind: "reply", At: d.CreatedAt.UTC()}
	if d.Update != nil {
		n.CaseID = d.Update.Case.ID
	}
	body, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("encode webhook: %w", err)
	}
	if err := h.post(ctx, id, body); err != nil {
		return nil, err
	}
	return []string{id}, nil
}

// Find implements channels.Remote: a host cannot be asked, and need not be.
func (h *Hook) Find(context.Context, channels.Delivery) ([]string, error) {
	return nil, channels.ErrCannotAsk
}

// messageID is the same for each attempt at a delivery, and differs from those
// of a database that was made anew.
func messageID(d chat.Delivery) string {
	return fmt.Sprintf("push_%d_%d", d.ID, d.CreatedAt.UnixMilli())
}

func (h *Hook) post(ctx context.Context, id string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return errors.New("make request to BOT_PUSH_URL") // the error would hold the address
	}
	at := strconv.FormatInt(h.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "verihelp")
	req.Header.Set("webhook-id", id)
	req.Header.Set("webhook-timestamp", at)
	req.Header.Set("webhook-signature", "v1,"+sign(h.secret, id, at, body))
	resp, err := h.client.Do(req)
	if err != nil {
		return failure(err)
	}
	defer resp.Body.Close()                                      //nolint:errcheck // only read
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // so that the connection is used again; what it says does not count
	return verdict(resp, h.Now())
}

// sign is the signature of Standard Webhooks, version 1.
func sign(secret []byte, id, at string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	_, _ = fmt.Fprintf(mac, "%s.%s.%s", id, at, body) // a hash never fails
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// failure is an error without the address, which may hold a key.
func failure(err error) error {
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if dial := (*net.OpError)(nil); errors.As(err, &dial) && dial.Op == "dial" {
		return fmt.Errorf("connect to BOT_PUSH_URL: %w", dial.Err)
	}
	return fmt.Errorf("post to BOT_PUSH_URL: %w: %w", channels.ErrUnknownOutcome, err)
}

// verdict reads an answer. A host that takes no such request now takes none
// later either, apart from those statuses that say "not now".
func verdict(resp *http.Response, now time.Time) error {
	err := fmt.Errorf("BOT_PUSH_URL answered %d", resp.StatusCode)
	wait := retryAfter(resp.Header.Get("Retry-After"), now)
	switch status := resp.StatusCode; {
	case status/100 == 2:
		return nil
	case status == http.StatusTooManyRequests, wait > 0 && status == http.StatusServiceUnavailable:
		return &channels.RetryLater{Wait: wait, Err: err}
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status/100 != 4:
		return err
	}
	return &channels.Refused{Reason: err.Error(), Err: err}
}

// retryAfter reads seconds or a date; 0 if there is neither.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
