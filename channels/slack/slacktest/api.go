package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
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

// Calls counts the calls of a method.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}
