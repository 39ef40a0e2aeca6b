package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"
)

// queued is an update that is not confirmed.
type queued struct {
	id   int64
	chat int64
	raw  json.RawMessage
}

// hook is the webhook that was set.
type hook struct {
	url, secret string
	busy        map[int64]bool // chats with an update on its way: others wait
	failedAt    int64
	lastError   string
}

// push queues an update under an ID of its own.
func (s *Server) push(chat int64, update map[string]any) {
	s.change(func() {
		s.nextID++
		update["update_id"] = s.nextID
		raw, err := json.Marshal(update)
		if err != nil {
			panic(fmt.Sprintf("encode update: %v", err)) // of a test's own making
		}
		s.updates = append(s.updates, queued{s.nextID, chat, raw})
	})
}

// PushRaw queues an update as it is.
func (s *Server) PushRaw(id int64, raw string) {
	s.change(func() {
		s.nextID = max(s.nextID, id)
		s.updates = append(s.updates, queued{id, 0, json.RawMessage(raw)})
	})
}

// Renumber lets the next update have this ID, as Telegram does after a quiet week.
func (s *Server) Renumber(next int64) { s.change(func() { s.nextID = next - 1 }) }

func (s *Server) getUpdates(r *http.Request, c call) (any, *refusal) {
	offset, limit := c.number("offset"), int(c.number("limit"))
	var mine int
	s.change(func() {
		s.polls++
		mine = s.polls
		s.updates = slices.DeleteFunc(s.updates, func(u queued) bool { return u.id < offset })
	})
	deadline := time.After(time.Duration(c.number("timeout")) * time.Second)
	for {
		s.mu.Lock()
		hooked, overtaken, changed := s.hook.url != "", s.polls != mine, s.changed
		batch := s.batch(limit)
		s.mu.Unlock()
		switch {
		case hooked:
			return nil, refuse(http.StatusConflict, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
		case overtaken:
			return nil, refuse(http.StatusConflict, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
		case len(batch) > 0:
			return batch, nil
		}
		select {
		case <-changed:
		case <-deadline:
			return []json.RawMessage{}, nil
		case <-r.Context().Done():
			return []json.RawMessage{}, nil
		case <-s.closed:
			return []json.RawMessage{}, nil
		}
	}
}

// batch is the first updates that are not confirmed.
func (s *Server) batch(limit int) []json.RawMessage {
	var batch []json.RawMessage
	for _, u := range s.updates {
		if limit > 0 && len(batch) >= limit {
			break
		}
		batch = append(batch, u.raw)
		if s.twice {
			batch = append(batch, u.raw)
		}
	}
	if s.reverse {
		slices.Reverse(batch)
	}
	return batch
}

// setWebhook takes https, and plain http on loopback.
func (s *Server) setWebhook(c call) (any, *refusal) {
	u, err := url.Parse(c.fields["url"])
	if err != nil || u.Scheme != "https" && !loopback(u.Hostname()) {
		return nil, refuse(http.StatusBadRequest, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
	}
	s.change(func() { s.hook = hook{url: c.fields["url"], secret: c.fields["secret_token"], busy: map[int64]bool{}} })
	s.work.Go(s.deliver)
	return true, nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// deliver sends updates to the webhook, those of one chat one after the other,
// each until it is taken.
func (s *Server) deliver() {
	for {
		s.mu.Lock()
		target, changed := s.hook, s.changed
		var next []queued
		for _, u := range s.updates {
			if !target.busy[u.chat] && target.url != "" {
				target.busy[u.chat] = true
				next = append(next, u)
			}
		}
		s.mu.Unlock()
		if target.url == "" {
			return
		}
		for _, u := range next {
			s.work.Go(func() { s.post(target, u) })
		}
		select {
		case <-changed:
		case <-s.closed:
			return
		}
	}
}

// retryEvery is how long the fake waits before it sends an update again.
const retryEvery = 10 * time.Millisecond

func (s *Server) post(target hook, u queued) {
	for {
		status := s.postOnce(target, u)
		if status/100 == 2 {
			s.change(func() {
				s.updates = slices.DeleteFunc(s.updates, func(other queued) bool { return other.id == u.id })
				delete(target.busy, u.chat)
			})
			return
		}
		over := false
		s.change(func() {
			over = s.hook.url != target.url
			s.hook.failedAt, s.hook.lastError = time.Now().Unix(), fmt.Sprintf("Wrong response from the webhook: %d", status)
		})
		select {
		case <-time.After(retryEvery):
		case <-s.closed:
			return
		}
		if over {
			return
		}
	}
}

// postOnce returns 0 where there is no answer.
func (s *Server) postOnce(target hook, u queued) int {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target.url, bytes.NewReader(u.raw))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", target.secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}
