package slacktest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"
	"unicode/utf8"
)

// view is the modal that a person has open.
type view struct {
	ID       string
	Hash     string
	Callback string          `json:"callback_id"`
	Private  string          `json:"private_metadata"`
	Title    json.RawMessage `json:"title"`
	Submit   json.RawMessage `json:"submit"`
	Blocks   json.RawMessage `json:"blocks"`
}

func (s *Server) openView(v url.Values) answer {
	user, fresh := s.triggers[v.Get("trigger_id")]
	if !fresh {
		return no("expired_trigger_id")
	}
	delete(s.triggers, v.Get("trigger_id"))
	return s.setView(user, s.newID("V"), v.Get("view"))
}

func (s *Server) updateView(v url.Values) answer {
	for user, open := range s.views {
		if open.ID != v.Get("view_id") {
			continue
		}
		if hash := v.Get("hash"); hash != "" && hash != open.Hash {
			return no("hash_conflict")
		}
		return s.setView(user, open.ID, v.Get("view"))
	}
	return no("not_found")
}

func (s *Server) setView(user, id, raw string) answer {
	fresh := &view{ID: id, Hash: s.newID("H")}
	if json.Unmarshal([]byte(raw), fresh) != nil || len(fresh.Private) > 3000 || tooLong(fresh.Title) || tooLong(fresh.Submit) {
		return no("invalid_arguments")
	}
	if code := badBlocks(fresh.Blocks, maxView, 1<<20); code != "" {
		return no(code)
	}
	s.views[user] = fresh
	return ok(answer{"view": answer{"id": id, "hash": fresh.Hash}})
}

func tooLong(text json.RawMessage) bool {
	var t struct {
		Text string `json:"text"`
	}
	return len(text) > 0 && (json.Unmarshal(text, &t) != nil || utf8.RuneCountInString(t.Text) > 24)
}

func (s *Server) publishView(v url.Values) answer {
	var home struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal([]byte(v.Get("view")), &home) != nil {
		return no("invalid_arguments")
	}
	if code := badBlocks(home.Blocks, maxView, 1<<20); code != "" {
		return no(code)
	}
	s.homes[v.Get("user_id")] = string(home.Blocks)
	return ok(answer{"view": answer{"id": s.newID("V")}})
}

// openedBy waits for the modal that a person has open.
func (s *Server) openedBy(t testing.TB, user string) view {
	t.Helper()
	var open view
	found := s.Wait(patience, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		if v := s.views[user]; v != nil {
			open = *v
		}
		return open.ID != ""
	})
	if !found {
		t.Fatal("no modal has opened")
	}
	return open
}

// CloseView has a person close the modal that is open.
func (s *Server) CloseView(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.views, user)
}

// View is what a person reads in the modal that is open, once one is.
func (s *Server) View(t testing.TB, user string) string {
	t.Helper()
	return Shown(s.openedBy(t, user).Blocks)
}

// WaitView waits until the open modal shows a text.
func (s *Server) WaitView(t testing.TB, user string, holds func(shown string) bool) string {
	t.Helper()
	var shown string
	if !s.Wait(patience, func() bool { shown = s.View(t, user); return holds(shown) }) {
		t.Fatalf("the modal still shows: %s", shown)
	}
	return shown
}

// payload is a view as an interaction carries it: what is filled in by action ID,
// else what stood there at first.
func (v view) payload(filled map[string]any) answer {
	var blocks []map[string]any
	_ = json.Unmarshal(v.Blocks, &blocks)
	values := answer{}
	for i, b := range blocks {
		element, _ := b["element"].(map[string]any)
		if b["type"] != "input" || element == nil {
			continue
		}
		id, _ := b["block_id"].(string)
		if id == "" {
			id = fmt.Sprintf("auto%d", i)
		}
		action, _ := element["action_id"].(string)
		field := answer{"type": element["type"]}
		value, given := filled[action]
		switch {
		case element["type"] == "datetimepicker":
			field["selected_date_time"] = element["initial_date_time"]
			if given {
				field["selected_date_time"] = value
			}
		case element["type"] == "users_select":
			field["selected_user"] = value
		case element["type"] == "static_select":
			field["selected_option"] = answer{"value": value}
		case given:
			field["value"] = value
		default:
			field["value"] = element["initial_value"]
		}
		values[id] = answer{action: field}
	}
	return answer{
		"id": v.ID, "hash": v.Hash, "callback_id": v.Callback, "private_metadata": v.Private, "type": "modal",
		"state": answer{"values": values},
	}
}
