package slacktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

type answer map[string]any

func ok(fields answer) answer {
	if fields == nil {
		fields = answer{}
	}
	fields["ok"] = true
	return fields
}

func no(code string) answer { return answer{"ok": false, "error": code} }

// methods are the web API, as far as a desk uses it.
var methods = map[string]func(*Server, url.Values) answer{
	"auth.test":                    (*Server).authTest,
	"apps.connections.open":        (*Server).openConnection,
	"chat.postMessage":             (*Server).postMessage,
	"chat.update":                  (*Server).updateMessage,
	"chat.postEphemeral":           (*Server).postEphemeral,
	"reactions.add":                (*Server).addReaction,
	"conversations.info":           (*Server).info,
	"conversations.members":        (*Server).listMembers,
	"conversations.history":        (*Server).history,
	"conversations.replies":        (*Server).replies,
	"users.info":                   (*Server).userInfo,
	"views.open":                   (*Server).openView,
	"views.update":                 (*Server).updateView,
	"views.publish":                (*Server).publishView,
	"files.getUploadURLExternal":   (*Server).uploadURL,
	"files.completeUploadExternal": (*Server).completeUpload,
}

// tokens that a method wants, where it is not the bot's.
var wanted = map[string]string{"apps.connections.open": AppToken}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	call, known := methods[method]
	values, token := form(r)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	s.mu.Lock()
	s.calls[method]++
	w.Header().Set("X-Oauth-Scopes", s.scopes)
	f := s.faultOf(method)
	if f != nil && f.before(w, r, s) {
		s.mu.Unlock()
		return
	}
	need := wanted[method]
	if need == "" {
		need = BotToken
	}
	var result answer
	switch {
	case !known:
		result = no("unknown_method")
	case f != nil && f.code != "":
		result = no(f.code)
	case token != need:
		result = no("invalid_auth")
	default:
		result = call(s, values)
	}
	s.mu.Unlock()
	body, err := json.Marshal(result)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if f != nil && f.after(w, body) {
		return
	}
	_, _ = w.Write(body)
}

// form reads the parameters of a call, sent as a form or as JSON.
func form(r *http.Request) (values url.Values, token string) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var fields map[string]json.RawMessage
		values = url.Values{}
		if json.Unmarshal(body, &fields) == nil {
			for key, raw := range fields {
				var text string
				if json.Unmarshal(raw, &text) != nil {
					text = string(raw)
				}
				values.Set(key, text)
			}
		}
		return values, token
	}
	values, _ = url.ParseQuery(string(body))
	if token == "" {
		token = values.Get("token")
	}
	return values, token
}

func (s *Server) authTest(url.Values) answer {
	return ok(answer{"url": s.http.URL + "/", "team": "測試", "user": "desk", "team_id": team, "user_id": BotUser, "bot_id": botID})
}

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

func (s *Server) info(v url.Values) answer {
	c := s.channels[v.Get("channel")]
	if c == nil {
		return no("channel_not_found")
	}
	return ok(answer{"channel": answer{
		"id": c.id, "name": c.name, "is_archived": c.archived, "is_member": slices.Contains(c.members, BotUser),
	}})
}

func (s *Server) listMembers(v url.Values) answer {
	c := s.channels[v.Get("channel")]
	if c == nil {
		return no("channel_not_found")
	}
	return ok(answer{"members": c.members, "response_metadata": answer{"next_cursor": ""}})
}

func (s *Server) userInfo(v url.Values) answer {
	u := s.users[v.Get("user")]
	if u == nil {
		return no("user_not_found")
	}
	return ok(answer{"user": answer{
		"id": u.id, "name": u.name, "real_name": u.name, "is_bot": u.bot, "deleted": false, "is_stranger": u.stranger,
		"profile": answer{"display_name": u.name},
	}})
}

func (s *Server) history(v url.Values) answer {
	c := s.channels[v.Get("channel")]
	if c == nil {
		return no("channel_not_found")
	}
	var found []*Message
	for _, m := range slices.Backward(c.messages) {
		if (m.ThreadTS == "" || m.ThreadTS == m.TS || m.SubType == "thread_broadcast") && m.TS >= v.Get("oldest") {
			found = append(found, m)
		}
	}
	return pageOf(found, v)
}

func (s *Server) replies(v url.Values) answer {
	c := s.channels[v.Get("channel")]
	if c == nil {
		return no("channel_not_found")
	}
	root := c.find(v.Get("ts"))
	if root == nil {
		return no("thread_not_found")
	}
	found := []*Message{root}
	for _, m := range c.messages {
		if m.ThreadTS == root.TS && m.TS != root.TS && m.TS >= v.Get("oldest") {
			found = append(found, m)
		}
	}
	return pageOf(found, v)
}

func pageOf(found []*Message, v url.Values) answer {
	start, _ := strconv.Atoi(v.Get("cursor"))
	limit, _ := strconv.Atoi(v.Get("limit"))
	start = min(start, len(found))
	end := min(start+min(max(limit, 1), 999), len(found))
	next := ""
	if end < len(found) {
		next = strconv.Itoa(end)
	}
	page := make([]Message, 0, end-start)
	for _, m := range found[start:end] {
		shown := *m
		if v.Get("include_all_metadata") != "true" {
			shown.Metadata = nil
		}
		page = append(page, shown)
	}
	return ok(answer{"messages": page, "has_more": next != "", "response_metadata": answer{"next_cursor": next}})
}

func (s *Server) uploadURL(v url.Values) answer {
	if v.Get("length") == "" || v.Get("length") == "0" || v.Get("filename") == "" {
		return no("invalid_arguments")
	}
	f := &file{id: s.newID("F"), name: v.Get("filename")}
	s.files[f.id] = f
	return ok(answer{"upload_url": s.http.URL + "/upload/" + f.id, "file_id": f.id})
}

func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	upload, _, err := r.FormFile("file")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	body, err := io.ReadAll(upload)
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[strings.TrimPrefix(r.URL.Path, "/upload/")]
	if err != nil || f == nil {
		http.Error(w, "no such upload", http.StatusNotFound)
		return
	}
	f.body = body
	fmt.Fprintf(w, "OK - %d", len(body))
}

func (s *Server) completeUpload(v url.Values) answer {
	c, refused := s.postable(v.Get("channel_id"))
	if refused != nil {
		return refused
	}
	var listed []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if json.Unmarshal([]byte(v.Get("files")), &listed) != nil || len(listed) == 0 {
		return no("invalid_arguments")
	}
	m := &Message{Type: "message", SubType: "file_share", TS: s.newTS(), User: BotUser, ThreadTS: v.Get("thread_ts")}
	for _, l := range listed {
		f := s.files[l.ID]
		if f == nil || len(f.body) == 0 {
			return no("file_not_found")
		}
		m.Files = append(m.Files, s.viewOf(f))
	}
	c.add(m)
	s.emitMessage(c, *m)
	return ok(answer{"files": listed})
}

func (s *Server) viewOf(f *file) fileView {
	return fileView{ID: f.id, Name: f.name, Mode: "hosted", Size: len(f.body), URL: s.http.URL + "/files/" + f.id + "/" + url.PathEscape(f.name)}
}

// serveFile gives a file to whoever has the token, else the login page with
// status 200, as Slack does.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	id, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/files/"), "/")
	s.mu.Lock()
	f := s.files[id]
	s.mu.Unlock()
	if f == nil || f.html || r.Header.Get("Authorization") != "Bearer "+BotToken {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!DOCTYPE html><html><body>Sign in</body></html>"))
		return
	}
	_, _ = io.Copy(w, bytes.NewReader(f.body))
}

// File is the content of a file that the desk uploaded or a person shared.
func (s *Server) File(id string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.files[id]; f != nil {
		return f.body
	}
	return nil
}

// Calls counts the calls of a method.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}
