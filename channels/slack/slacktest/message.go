package slacktest

import (
	"encoding/json"
	"slices"
	"strings"
)

// Message is a message of a channel.
type Message struct {
	Type        string          `json:"type"`
	SubType     string          `json:"subtype,omitempty"`
	TS          string          `json:"ts"`
	User        string          `json:"user,omitempty"`
	BotID       string          `json:"bot_id,omitempty"`
	Text        string          `json:"text"`
	ThreadTS    string          `json:"thread_ts,omitempty"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Files       []fileView      `json:"files,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	Edited      *edited         `json:"edited,omitempty"`
	ReplyCount  int             `json:"reply_count,omitempty"`
	LatestReply string          `json:"latest_reply,omitempty"`
	Reactions   []reaction      `json:"reactions,omitempty"`

	past []json.RawMessage // earlier blocks, which a screen that lags still shows
}

type edited struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

type reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

type fileView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Mode string `json:"mode"`
	Size int    `json:"size"`
	URL  string `json:"url_private_download"`
}

func (c *channel) find(ts string) *Message {
	for _, m := range c.messages {
		if m.TS == ts {
			return m
		}
	}
	return nil
}

func (c *channel) add(m *Message) {
	c.messages = append(c.messages, m)
	if root := c.find(m.ThreadTS); root != nil && m.ThreadTS != m.TS {
		root.ThreadTS = root.TS
		root.ReplyCount++
		root.LatestReply = m.TS
	}
}

// remove deletes a message; a root with replies leaves a tombstone in Slack, but
// cannot be written into any more.
func (c *channel) remove(ts string) *Message {
	m := c.find(ts)
	c.messages = slices.DeleteFunc(c.messages, func(m *Message) bool { return m.TS == ts })
	return m
}

// Messages are the top messages of a channel, oldest first.
func (s *Server) Messages(channel string) []Message {
	return s.pick(channel, func(m *Message) bool { return m.ThreadTS == "" || m.ThreadTS == m.TS })
}

// Thread is a thread with its root, oldest first.
func (s *Server) Thread(channel, ts string) []Message {
	return s.pick(channel, func(m *Message) bool { return m.TS == ts || m.ThreadTS == ts })
}

func (s *Server) pick(id string, wanted func(*Message) bool) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.channels[id].messages {
		if wanted(m) {
			out = append(out, *m)
		}
	}
	return out
}

// Reactions are the emoji under a message.
func (s *Server) Reactions(channel, ts string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	if m := s.channels[channel].find(ts); m != nil {
		for _, r := range m.Reactions {
			names = append(names, r.Name)
		}
	}
	return names
}

// Whispers are the ephemeral messages that a user got.
func (s *Server) Whispers(user string) []Whisper {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.whispers), func(w Whisper) bool { return w.User != user })
}

// Home is what a user's home tab shows.
func (s *Server) Home(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Shown(json.RawMessage(s.homes[user]))
}

// Shown is all text that people can read in blocks, in order.
func Shown(blocks json.RawMessage) string {
	var v any
	if json.Unmarshal(blocks, &v) != nil {
		return ""
	}
	var out strings.Builder
	read(v, &out)
	return out.String()
}

// readable are the keys whose strings people see, in the order in which Slack
// shows them.
var readable = []string{"label", "text", "user_id", "fallback", "initial_value", "fields", "elements", "element", "accessory", "options", "placeholder"}

func read(v any, out *strings.Builder) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			read(e, out)
		}
		out.WriteByte('\n')
	case map[string]any:
		for _, key := range readable {
			if text, ok := v[key].(string); ok {
				out.WriteString(text)
				continue
			}
			read(v[key], out)
		}
	}
}

// Shown is what people read of a message: its blocks, else its text.
func (m Message) Shown() string {
	if len(m.Blocks) > 0 {
		return Shown(m.Blocks)
	}
	return unescape(m.Text)
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

func unescape(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}
