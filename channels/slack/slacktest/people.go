package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// patience is how long people wait for an answer.
const patience = 10 * time.Second

// Say has a person write a message, in a thread unless that is empty.
func (s *Server) Say(channel, thread, user, text string) (ts string) {
	blocks, _ := json.Marshal([]answer{{"type": "rich_text", "block_id": "b", "elements": []answer{
		{"type": "rich_text_section", "elements": []answer{{"type": "text", "text": text}}}}}})
	return s.SayRaw(channel, Message{User: user, Text: escape(text), ThreadTS: thread, Blocks: blocks})
}

// SayRaw has a message written as it is: with blocks, another app's ID, a subtype.
func (s *Server) SayRaw(channel string, m Message) (ts string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.Type, m.TS = "message", s.newTS()
	c := s.channels[channel]
	c.add(&m)
	s.emitMessage(c, m)
	return m.TS
}

// Share has a person share a file in a thread.
func (s *Server) Share(channel, thread, user, text, name string, body []byte) (ts string) {
	s.mu.Lock()
	f := &file{id: s.newID("F"), name: name, body: body}
	s.files[f.id] = f
	view := s.viewOf(f)
	s.mu.Unlock()
	return s.SayRaw(channel, Message{SubType: "file_share", User: user, Text: escape(text), ThreadTS: thread, Files: []fileView{view}})
}

// HideFiles has the login page served instead of every file.
func (s *Server) HideFiles() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.files {
		f.html = true
	}
}

// Edit has the author change a message.
func (s *Server) Edit(channel, ts, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	m := c.find(ts)
	before := *m
	m.Text, m.Blocks = escape(text), nil
	m.Edited = &edited{User: m.User, TS: s.newTS()}
	s.emitChanged(c, *m, before)
}

// Delete has somebody delete a message.
func (s *Server) Delete(channel, ts string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	gone := c.remove(ts)
	at := s.newTS()
	s.emit(answer{"type": "message", "subtype": "message_deleted", "hidden": true, "channel": c.id, "ts": at, "event_ts": at, "deleted_ts": ts, "previous_message": *gone})
}

// Event sends any other event.
func (s *Server) Event(fields map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(fields)
}

// OpenHome has a person open the app's home tab.
func (s *Server) OpenHome(user string) {
	s.Event(map[string]any{"type": "app_home_opened", "user": user, "tab": "home", "channel": "D1"})
}

// tapped are the fields of an element as Slack sends them.
func tapped(element map[string]any, value string, at string) answer {
	a := answer{"type": element["type"], "action_id": element["action_id"], "block_id": "b1", "action_ts": at}
	switch element["type"] {
	case "overflow":
		a["selected_option"] = answer{"value": value}
	case "plain_text_input":
		a["value"] = value
	default:
		a["value"] = element["value"]
	}
	return a
}

// Tap has a person tap a button under a message: that with the action ID, or the
// option of a menu whose value begins with it, also of a card that has changed since:
// screens lag. It returns what was sent, for Again.
func (s *Server) Tap(t testing.TB, user, channel, ts, action string) map[string]any {
	t.Helper()
	s.mu.Lock()
	m := s.channels[channel].find(ts)
	if m == nil {
		s.mu.Unlock()
		t.Fatalf("no message %s to tap on", ts)
	}
	element, value := findAction(m.Blocks, action)
	for _, blocks := range m.past {
		if element == nil {
			element, value = findAction(blocks, action)
		}
	}
	thread := m.ThreadTS
	s.mu.Unlock()
	if element == nil {
		t.Fatalf("no button %q under the message: %s", action, m.Shown())
	}
	return s.tap(user, channel, thread, ts, element, value)
}

// TapWhisper has a person tap a button under an ephemeral message.
func (s *Server) TapWhisper(t testing.TB, w Whisper, action string) {
	t.Helper()
	element, value := findAction(w.Blocks, action)
	if element == nil {
		t.Fatalf("no button %q under %q", action, w.Text)
	}
	s.tap(w.User, w.Channel, w.Thread, "0", element, value)
}

func (s *Server) tap(user, channel, thread, ts string, element map[string]any, value string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	container := answer{"type": "message", "message_ts": ts, "channel_id": channel}
	if thread != "" && thread != ts {
		container["thread_ts"] = thread
	}
	payload := answer{
		"type": "block_actions", "user": answer{"id": user}, "team": answer{"id": team}, "channel": answer{"id": channel},
		"container": container, "trigger_id": s.trigger(user), "actions": []answer{tapped(element, value, s.newTS())},
	}
	s.interact(payload)
	return payload
}

// TapView has a person tap a button in the modal that is open, or press Enter in a
// search field with a text.
func (s *Server) TapView(t testing.TB, user, action, value string, filled map[string]any) {
	t.Helper()
	v := s.openedBy(t, user)
	element, option := findAction(v.Blocks, action)
	if element == nil {
		t.Fatalf("no element %q in the modal: %s", action, Shown(v.Blocks))
	}
	if value == "" {
		value = option
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interact(answer{
		"type": "block_actions", "user": answer{"id": user}, "trigger_id": s.trigger(user), "container": answer{"type": "view", "view_id": v.ID},
		"view": v.payload(filled), "actions": []answer{tapped(element, value, s.newTS())},
	})
}

// Again sends an interaction once more, as a replay would.
func (s *Server) Again(payload map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interact(payload)
}

func (s *Server) interact(payload map[string]any) *envelope {
	e := &envelope{id: s.newID("env"), kind: "interactive", payload: answer(payload), acked: make(chan json.RawMessage, 1)}
	s.send(e)
	return e
}

// trigger is a fresh right to open one modal.
func (s *Server) trigger(user string) string {
	id := s.newID("T")
	s.triggers[id] = user
	return id
}

// Command has a person type a slash command, and returns what they are shown.
func (s *Server) Command(t testing.TB, user, channel, text string) string {
	t.Helper()
	s.mu.Lock()
	e := &envelope{id: s.newID("env"), kind: "slash_commands", acked: make(chan json.RawMessage, 1), payload: answer{
		"command": "/verihelp", "text": text, "user_id": user, "channel_id": channel,
	}}
	s.send(e)
	s.mu.Unlock()
	var shown struct {
		Text string `json:"text"`
	}
	_ = json.Unmarshal(await(t, e), &shown)
	return shown.Text
}

func await(t testing.TB, e *envelope) json.RawMessage {
	t.Helper()
	select {
	case payload := <-e.acked:
		return payload
	case <-time.After(patience):
		t.Fatalf("%s was not acknowledged", e.kind)
		return nil
	}
}

// Submit has a person submit the modal that is open with these fields by action
// ID, and returns the errors shown in it; it closes if there are none.
func (s *Server) Submit(t testing.TB, user string, filled map[string]any) (shown string) {
	t.Helper()
	v := s.openedBy(t, user)
	s.mu.Lock()
	e := s.interact(answer{"type": "view_submission", "user": answer{"id": user}, "trigger_id": s.trigger(user), "view": v.payload(filled)})
	s.mu.Unlock()
	var response struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
	}
	_ = json.Unmarshal(await(t, e), &response)
	if response.Action == "errors" {
		var words []string
		for _, text := range response.Errors {
			words = append(words, text)
		}
		return strings.Join(words, "\n")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.views, user)
	return ""
}

// findAction finds an element by its action ID, or by the beginning of an option's
// value.
func findAction(blocks json.RawMessage, action string) (element map[string]any, value string) {
	var v any
	if json.Unmarshal(blocks, &v) != nil {
		return nil, ""
	}
	return search(v, action)
}

func search(v any, action string) (map[string]any, string) {
	switch v := v.(type) {
	case []any:
		for _, child := range v {
			if e, value := search(child, action); e != nil {
				return e, value
			}
		}
	case map[string]any:
		if v["action_id"] == action {
			return v, ""
		}
		if options, ok := v["options"].([]any); ok {
			for _, o := range options {
				option, _ := o.(map[string]any)
				if value := fmt.Sprint(option["value"]); strings.HasPrefix(value, action+"|") {
					return v, value
				}
			}
		}
		for _, key := range []string{"elements", "element", "accessory"} {
			if e, value := search(v[key], action); e != nil {
				return e, value
			}
		}
	}
	return nil, ""
}
