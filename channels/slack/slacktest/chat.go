package slacktest

import (
	"encoding/json"
	"net/url"
	"slices"
)

// postable is a channel that the bot may write into.
func (s *Server) postable(id string) (*channel, answer) {
	c := s.channels[id]
	switch {
	case c == nil:
		return nil, no("channel_not_found")
	case c.archived:
		return nil, no("is_archived")
	case !slices.Contains(c.members, BotUser):
		return nil, no("not_in_channel")
	}
	return c, nil
}

func (s *Server) postMessage(v url.Values) answer {
	c, refused := s.postable(v.Get("channel"))
	if refused != nil {
		return refused
	}
	if code := badMessage(v); code != "" {
		return no(code)
	}
	thread := v.Get("thread_ts")
	if thread != "" && c.find(thread) == nil {
		return no("thread_not_found")
	}
	m := &Message{
		Type: "message", TS: s.newTS(), User: BotUser, BotID: botID, Text: v.Get("text"), ThreadTS: thread,
		Blocks: json.RawMessage(v.Get("blocks")), Metadata: json.RawMessage(v.Get("metadata")),
	}
	if v.Get("reply_broadcast") == "true" {
		m.SubType = "thread_broadcast"
	}
	if len(m.Metadata) == 0 {
		m.Metadata = nil
	}
	c.add(m)
	s.emitMessage(c, *m)
	return ok(answer{"channel": c.id, "ts": m.TS})
}

func (s *Server) updateMessage(v url.Values) answer {
	c, refused := s.postable(v.Get("channel"))
	if refused != nil {
		return refused
	}
	if code := badMessage(v); code != "" {
		return no(code)
	}
	m := c.find(v.Get("ts"))
	switch {
	case m == nil:
		return no("message_not_found")
	case m.BotID != botID:
		return no("cant_update_message")
	}
	before := *m
	m.past = append(m.past, m.Blocks)
	m.Text, m.Blocks = v.Get("text"), json.RawMessage(v.Get("blocks"))
	m.Edited = &edited{User: BotUser, TS: s.newTS()}
	s.emitChanged(c, *m, before)
	return ok(answer{"channel": c.id, "ts": m.TS, "text": m.Text})
}

func (s *Server) postEphemeral(v url.Values) answer {
	c, refused := s.postable(v.Get("channel"))
	if refused != nil {
		return refused
	}
	if code := badMessage(v); code != "" {
		return no(code)
	}
	if !slices.Contains(c.members, v.Get("user")) {
		return no("user_not_in_channel")
	}
	s.whispers = append(s.whispers, Whisper{Channel: c.id, Thread: v.Get("thread_ts"), User: v.Get("user"), Text: unescape(v.Get("text")), Blocks: json.RawMessage(v.Get("blocks"))})
	return ok(answer{"message_ts": s.newTS()})
}

func (s *Server) addReaction(v url.Values) answer {
	c, refused := s.postable(v.Get("channel"))
	if refused != nil {
		return refused
	}
	m := c.find(v.Get("timestamp"))
	if m == nil {
		return no("message_not_found")
	}
	for _, r := range m.Reactions {
		if r.Name == v.Get("name") {
			return no("already_reacted")
		}
	}
	m.Reactions = append(m.Reactions, reaction{Name: v.Get("name"), Users: []string{BotUser}})
	return ok(nil)
}
