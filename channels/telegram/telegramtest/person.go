package telegramtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// Person is somebody who writes to the bot, or a group that does.
type Person struct {
	ID     int64
	Server *Server
	room   *room
	last   map[string]any // the last update, without its ID
}

// NewPerson brings somebody whose app speaks a language (zh-hant, zh-hans, en).
func (s *Server) NewPerson(lang string) *Person { return s.join("private", 1000, lang) }

// NewGroup brings a group that the bot is a member of.
func (s *Server) NewGroup() *Person { return s.join("group", -1000, "") }

func (s *Server) join(kind string, base int64, lang string) *Person {
	r := &room{kind: kind, lang: lang}
	s.change(func() {
		sign := int64(1)
		if base < 0 {
			sign = -1
		}
		r.id = base + sign*int64(len(s.rooms))
		s.rooms[r.id] = r
	})
	return &Person{ID: r.id, Server: s, room: r}
}

// Message sends a message with any content, by the field names of the API, and
// returns its ID.
func (p *Person) Message(content map[string]any) int64 {
	text, _ := content["text"].(string)
	if caption, ok := content["caption"].(string); ok {
		text = caption
	}
	var m *Message
	p.Server.change(func() { m = p.room.add(Message{Text: text}) })
	p.last = map[string]any{"message": p.encode(m, content)}
	p.push()
	return m.ID
}

func (p *Person) encode(m *Message, content map[string]any) map[string]any {
	from := map[string]any{"id": max(p.ID, 77), "is_bot": false, "first_name": "人"}
	if p.room.lang != "" {
		from["language_code"] = p.room.lang
	}
	encoded := map[string]any{
		"message_id": m.ID, "date": m.Date.Unix(), "from": from,
		"chat": map[string]any{"id": p.ID, "type": p.room.kind},
	}
	maps.Copy(encoded, content)
	return encoded
}

func (p *Person) push() { p.Server.push(p.ID, maps.Clone(p.last)) }

// Say sends a text.
func (p *Person) Say(text string) int64 { return p.Message(map[string]any{"text": text}) }

// Again sends the last update once more, under an ID of its own.
func (p *Person) Again() { p.push() }

// Edit changes the text of a message.
func (p *Person) Edit(id int64, text string) {
	var m *Message
	p.Server.change(func() {
		m = p.room.find(id)
		m.Text = text
		m.Edited++
	})
	p.last = map[string]any{"edited_message": p.encode(m, map[string]any{"text": text, "edit_date": time.Now().Unix()})}
	p.push()
}

// upload puts a file where the bot can get it and returns its ID.
func (p *Person) upload(body []byte) (fileID string) {
	p.Server.change(func() {
		fileID = fmt.Sprintf("file-%d", len(p.Server.files)+1)
		p.Server.files[fileID] = body
	})
	return fileID
}

// SendPhoto sends a picture in two sizes; album may be empty.
func (p *Person) SendPhoto(body []byte, caption, album string) int64 {
	small := p.upload([]byte("small"))
	content := map[string]any{"photo": []map[string]any{
		{"file_id": small, "file_size": 5, "width": 90},
		{"file_id": p.upload(body), "file_size": len(body), "width": 1280},
	}}
	return p.Message(with(content, caption, album))
}

// SendDocument sends a file.
func (p *Person) SendDocument(name string, body []byte, caption, album string) int64 {
	content := map[string]any{"document": map[string]any{"file_id": p.upload(body), "file_name": name, "file_size": len(body)}}
	return p.Message(with(content, caption, album))
}

func with(content map[string]any, caption, album string) map[string]any {
	if caption != "" {
		content["caption"] = caption
	}
	if album != "" {
		content["media_group_id"] = album
	}
	return content
}

// Tap taps the newest button with this text, and returns the query's ID.
func (p *Person) Tap(t testing.TB, label string) string {
	t.Helper()
	var m *Message
	var data string
	p.Server.Wait(t, "a button "+label, func() bool {
		m, data = p.button(label)
		return m != nil
	})
	return p.TapData(m.ID, data)
}

func (p *Person) button(label string) (*Message, string) {
	for _, m := range slices.Backward(p.room.messages) {
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Text == label && !m.Deleted {
					return m, b.Data
				}
			}
		}
	}
	return nil, ""
}

// TapData taps a button of a message with any data, which may be there no more.
func (p *Person) TapData(message int64, data string) string {
	var id string
	p.Server.change(func() {
		id = fmt.Sprintf("%d", 900_000+len(p.Server.taps))
		p.Server.taps[id] = ""
	})
	from := map[string]any{"id": p.ID, "is_bot": false, "language_code": p.room.lang}
	p.last = map[string]any{"callback_query": map[string]any{
		"id": id, "from": from, "data": data,
		"message": map[string]any{"message_id": message, "date": 0, "chat": map[string]any{"id": p.ID, "type": p.room.kind}},
	}}
	p.push()
	return id
}

// WaitAnswered waits until a tap was answered and returns the words, if any.
func (p *Person) WaitAnswered(t testing.TB, id string) (text string) {
	t.Helper()
	p.Server.Wait(t, "a tap answered", func() bool {
		text = p.Server.taps[id]
		return text != ""
	})
	return strings.TrimPrefix(text, "answered ")
}

// Block makes the person block the bot, or take it back.
func (p *Person) Block(blocked bool) {
	p.Server.change(func() { p.room.blocked = blocked })
	status := "member"
	if blocked {
		status = "kicked"
	}
	p.last = map[string]any{"my_chat_member": map[string]any{
		"chat": map[string]any{"id": p.ID, "type": p.room.kind}, "date": time.Now().Unix(),
		"new_chat_member": map[string]any{"status": status},
	}}
	p.push()
}

// Left says that the bot left the group.
func (p *Person) Left() bool {
	p.Server.mu.Lock()
	defer p.Server.mu.Unlock()
	return p.room.left
}

// Typing is how often the bot was shown typing.
func (p *Person) Typing() int {
	p.Server.mu.Lock()
	defer p.Server.mu.Unlock()
	return p.room.typing
}

// Messages are those that the chat shows now, of both sides.
func (p *Person) Messages() []Message {
	p.Server.mu.Lock()
	defer p.Server.mu.Unlock()
	return p.messages()
}

func (p *Person) messages() []Message {
	var visible []Message
	for _, m := range p.room.messages {
		if !m.Deleted {
			visible = append(visible, *m)
		}
	}
	return visible
}

// Shown is what the bot's messages show, with the buttons below them.
func (p *Person) Shown() string {
	p.Server.mu.Lock()
	defer p.Server.mu.Unlock()
	return p.shown()
}

func (p *Person) shown() string {
	var out strings.Builder
	for _, m := range p.messages() {
		if !m.FromBot {
			continue
		}
		out.WriteString(m.Text + "\n")
		for _, row := range m.Buttons {
			for _, b := range row {
				out.WriteString("[" + b.Text + "]")
			}
			out.WriteString("\n")
		}
	}
	return out.String()
}

// WaitShown waits until the bot's messages hold all pieces, in this order.
func (p *Person) WaitShown(t testing.TB, pieces ...string) {
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Log("shown was: " + p.Shown())
		}
	}()
	p.Server.Wait(t, fmt.Sprintf("%q on the screen", pieces), func() bool {
		rest := p.shown()
		for _, piece := range pieces {
			_, after, found := strings.Cut(rest, piece)
			if !found {
				return false
			}
			rest = after
		}
		return true
	})
}

// Age makes a message as old as that.
func (p *Person) Age(id int64, age time.Duration) {
	p.Server.change(func() { p.room.find(id).Date = time.Now().Add(-age) })
}
