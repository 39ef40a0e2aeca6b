package telegramtest

import (
	"net/http"
	"slices"
	"time"
)

// room is a chat, with all messages of both sides.
type room struct {
	id       int64
	kind     string // private, group, supergroup, channel
	blocked  bool   // by the person
	left     bool   // the bot left, or was never there
	typing   int    // how often the bot was shown typing
	messages []*Message
	lang     string
}

// Message is what a chat shows.
type Message struct {
	ID       int64
	FromBot  bool
	Text     string // or the caption of a file
	Entities []Entity
	Buttons  [][]Button
	File     *File
	Picture  bool  // the file is shown as one
	ReplyTo  int64 // the message that it answers; 0 if none
	Edited   int   // how often
	Deleted  bool
	Date     time.Time
}

func (r *room) add(m Message) *Message {
	m.ID, m.Date = int64(len(r.messages)+1), time.Now()
	r.messages = append(r.messages, &m)
	return &m
}

func (r *room) find(id int64) *Message {
	for _, m := range r.messages {
		if m.ID == id && !m.Deleted {
			return m
		}
	}
	return nil
}

// do carries out a method.
func (s *Server) do(r *http.Request, method string, c call) (result any, refused *refusal) {
	switch method {
	case "getUpdates":
		return s.getUpdates(r, c)
	case "setWebhook":
		return s.setWebhook(c)
	}
	s.change(func() { result, refused = s.locked(method, c) })
	return result, refused
}

// locked carries out a method under the lock.
func (s *Server) locked(method string, c call) (any, *refusal) {
	switch method {
	case "getMe":
		return map[string]any{"id": 123456789, "is_bot": true, "first_name": "客服", "username": Username, "can_join_groups": false}, nil
	case "sendMessage", "sendPhoto", "sendDocument":
		return s.send(method, c)
	case "editMessageText", "editMessageReplyMarkup":
		return s.edit(method, c)
	case "deleteMessage":
		return s.deleteMessage(c)
	case "sendChatAction":
		room, refused := s.writable(c)
		if refused == nil {
			room.typing++
		}
		return true, refused
	case "answerCallbackQuery":
		return s.answerTap(c)
	case "setMyCommands":
		s.profile[method+"/"+c.fields["language_code"]] = c.fields["commands"]
		return true, nil
	case "setMyDescription", "setMyShortDescription":
		s.profile[method+"/"+c.fields["language_code"]] = c.fields["description"] + c.fields["short_description"]
		return true, nil
	case "deleteWebhook":
		s.hook = hook{}
		return true, nil
	case "getWebhookInfo":
		return map[string]any{"url": s.hook.url, "pending_update_count": len(s.updates), "last_error_date": s.hook.failedAt, "last_error_message": s.hook.lastError}, nil
	case "getFile":
		return s.getFile(c)
	case "leaveChat":
		room, refused := s.writable(c)
		if refused == nil {
			room.left = true
		}
		return true, refused
	}
	return nil, refuse(http.StatusNotFound, "Not Found")
}

// writable is the chat of a call, if the bot may write there.
func (s *Server) writable(c call) (*room, *refusal) {
	room := s.rooms[c.number("chat_id")]
	switch {
	case room == nil:
		return nil, refuse(http.StatusBadRequest, "Bad Request: chat not found")
	case room.blocked:
		return nil, refuse(http.StatusForbidden, "Forbidden: bot was blocked by the user")
	case room.left:
		return nil, refuse(http.StatusForbidden, "Forbidden: bot is not a member of the group chat")
	}
	return room, nil
}

func (s *Server) send(method string, c call) (any, *refusal) {
	room, refused := s.writable(c)
	if refused != nil {
		return nil, refused
	}
	m := Message{FromBot: true, ReplyTo: c.replyTo()}
	if m.Buttons, refused = c.buttons(); refused != nil {
		return nil, refused
	}
	if method == "sendMessage" {
		if m.Text, m.Entities, refused = c.text(); refused != nil {
			return nil, refused
		}
		return shown(room, room.add(m)), nil
	}
	field := map[string]string{"sendPhoto": "photo", "sendDocument": "document"}[method]
	file, ok := c.files[field]
	if !ok {
		return nil, refuse(http.StatusBadRequest, "Bad Request: there is no "+field+" in the request")
	}
	m.Text, m.File, m.Picture = c.fields["caption"], &file, method == "sendPhoto"
	return shown(room, room.add(m)), nil
}

// shown is a message as the API returns it.
func shown(r *room, m *Message) map[string]any {
	return map[string]any{"message_id": m.ID, "date": m.Date.Unix(), "chat": map[string]any{"id": r.id, "type": r.kind}, "text": m.Text}
}

func (s *Server) edit(method string, c call) (any, *refusal) {
	room, refused := s.writable(c)
	if refused != nil {
		return nil, refused
	}
	m := room.find(c.number("message_id"))
	if m == nil || !m.FromBot {
		return nil, refuse(http.StatusBadRequest, "Bad Request: message to edit not found")
	}
	buttons, refused := c.buttons()
	if refused != nil {
		return nil, refused
	}
	text, entities := m.Text, m.Entities
	if method == "editMessageText" {
		if m.File != nil {
			return nil, refuse(http.StatusBadRequest, "Bad Request: there is no text in the message to edit")
		}
		if text, entities, refused = c.text(); refused != nil {
			return nil, refused
		}
	}
	if text == m.Text && slices.EqualFunc(buttons, m.Buttons, sameRow) {
		return nil, refuse(http.StatusBadRequest, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same")
	}
	m.Text, m.Entities, m.Buttons = text, entities, buttons
	m.Edited++
	return shown(room, m), nil
}

func sameRow(a, b []Button) bool {
	return slices.EqualFunc(a, b, func(x, y Button) bool { return x.Text == y.Text && x.Data == y.Data })
}

// deletableFor is how long a message can be deleted.
const deletableFor = 48 * time.Hour

func (s *Server) deleteMessage(c call) (any, *refusal) {
	room, refused := s.writable(c)
	if refused != nil {
		return nil, refused
	}
	m := room.find(c.number("message_id"))
	switch {
	case m == nil:
		return nil, refuse(http.StatusBadRequest, "Bad Request: message to delete not found")
	case time.Since(m.Date) > deletableFor:
		return nil, refuse(http.StatusBadRequest, "Bad Request: message can't be deleted for everyone")
	}
	m.Deleted = true
	return true, nil
}

func (s *Server) answerTap(c call) (any, *refusal) {
	id := c.fields["callback_query_id"]
	if answered, known := s.taps[id]; !known || answered != "" {
		return nil, refuse(http.StatusBadRequest, "Bad Request: query is too old and response timeout expired or query ID is invalid")
	}
	s.taps[id] = "answered " + c.fields["text"]
	return true, nil
}

func (s *Server) getFile(c call) (any, *refusal) {
	id := c.fields["file_id"]
	body, found := s.files[id]
	switch {
	case !found:
		return nil, refuse(http.StatusBadRequest, "Bad Request: wrong file_id or the file is temporarily unavailable")
	case len(body) > 20<<20:
		return nil, refuse(http.StatusBadRequest, "Bad Request: file is too big")
	}
	return map[string]any{"file_id": id, "file_unique_id": id, "file_size": len(body), "file_path": id}, nil
}
