package slacktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

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
