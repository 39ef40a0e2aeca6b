package remotetest

import (
	"bytes"
	"context"
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
)

// Client sends deliveries to a Server: to a user a text for each item that the
// bot or staff said, to a desk one text for each update.
type Client struct {
	Base string // the server's URL
	HTTP *http.Client
}

var _ channels.Remote = (*Client)(nil)

// Deliver implements channels.Remote.
func (c *Client) Deliver(ctx context.Context, d channels.Delivery) ([]string, error) {
	receipts := append([]string(nil), d.Receipts...)
	texts := Texts(d)
	for part := len(receipts); part < len(texts); part++ {
		receipt, err := c.send(ctx, Arrival{ID: PartID(d, part), To: d.To.Key, Text: texts[part]})
		if err != nil {
			return receipts, err
		}
		receipts = append(receipts, receipt)
	}
	return receipts, nil
}

// Find implements channels.Remote.
func (c *Client) Find(ctx context.Context, d channels.Delivery) ([]string, error) {
	part := len(d.Receipts)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Base+"/sent?id="+url.QueryEscape(PartID(d, part)), http.NoBody)
	if err != nil {
		return d.Receipts, err
	}
	status, _, body, err := c.do(req)
	switch {
	case err != nil:
		return d.Receipts, err
	case status == http.StatusNotImplemented:
		return d.Receipts, channels.ErrCannotAsk
	case status == http.StatusNotFound:
		return d.Receipts, nil
	case status != http.StatusOK:
		return d.Receipts, fmt.Errorf("ask: status %d", status)
	}
	receipt, err := receiptOf(body)
	if err != nil {
		return d.Receipts, err
	}
	return append(append([]string(nil), d.Receipts...), receipt), nil
}

// PartID is the ID under which a part of a delivery is sent, each time.
func PartID(d channels.Delivery, part int) string { return fmt.Sprintf("%d/%d", d.ID, part) }

// Texts are the parts of a delivery.
func Texts(d channels.Delivery) []string {
	var texts []string
	for _, item := range d.Items {
		texts = append(texts, item.PlainText())
	}
	if d.Update == nil {
		return texts
	}
	return []string{strings.Join(append([]string{string(d.Update.Change)}, texts...), "\n")}
}

func (c *Client) send(ctx context.Context, a Arrival) (receipt string, err error) {
	body, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Base+"/send", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.GetBody = nil // net/http must not repeat it by itself
	status, header, answer, err := c.do(req)
	switch {
	case err != nil:
		return "", err
	case status == http.StatusOK:
		return receiptOf(answer)
	case status == http.StatusTooManyRequests:
		seconds, _ := strconv.Atoi(header.Get("Retry-After")) // 0: as long as the service likes
		return "", &channels.RetryLater{Wait: time.Duration(seconds) * time.Second, Err: errors.New("too many requests")}
	case status == http.StatusGone:
		return "", &channels.Refused{Reason: "the receiver is gone"}
	case status == http.StatusServiceUnavailable:
		return "", errors.New("the service is unavailable")
	}
	return "", fmt.Errorf("status %d: %w", status, channels.ErrUnknownOutcome)
}

// do makes a request and reads its answer. A request that never left is an
// ordinary error; one that may have arrived is of unknown outcome.
func (c *Client) do(req *http.Request) (status int, header http.Header, body []byte, err error) {
	resp, err := c.HTTP.Do(req)
	if dial := (*net.OpError)(nil); errors.As(err, &dial) && dial.Op == "dial" {
		return 0, nil, nil, fmt.Errorf("connect: %w", dial.Err)
	}
	if err != nil {
		return 0, nil, nil, fmt.Errorf("%w: %w", channels.ErrUnknownOutcome, err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, err = io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("%w: read answer: %w", channels.ErrUnknownOutcome, err)
	}
	return resp.StatusCode, resp.Header, body, nil
}

func receiptOf(body []byte) (string, error) {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil || a.Receipt == "" {
		return "", fmt.Errorf("%w: no receipt in the answer", channels.ErrUnknownOutcome)
	}
	return a.Receipt, nil
}
