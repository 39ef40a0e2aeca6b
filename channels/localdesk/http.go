package localdesk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"verihelp/channels"
	"verihelp/channels/staffwords"
	"verihelp/internal/chat"
)

const (
	cookieName = "desk"
	maxBody    = 256 << 10 // bytes of an action: a reply of 20,000 characters fits
	maxName    = 20        // characters of an agent's name
	logPage    = 500       // items of a case that are read at once
)

// Handler serves the page, its API and the one-time link.
func (d *Desk) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", d.serveLogin)
	mux.Handle("GET /{$}", d.members(func(w http.ResponseWriter, r *http.Request, _ string) {
		http.ServeFileFS(w, r, files, "index.html")
	}))
	for _, name := range []string{"desk.js", "desk.css"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, name) })
	}
	mux.Handle("GET /api/cases", d.members(d.serveCases))
	mux.Handle("GET /api/log", d.members(d.serveLog))
	mux.Handle("GET /api/events", d.members(d.serveEvents))
	mux.Handle("POST /api/act", d.members(d.serveAct))
	mux.Handle("POST /api/invite", d.members(d.serveInvite))
	return guard(mux)
}

// guard lets only pages of this machine in: another host name would be a foreign
// site that resolves to loopback (DNS rebinding), and a POST without our header a
// form of a foreign site.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-store")
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		ip := net.ParseIP(strings.Trim(host, "[]"))
		if host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "open the desk by its loopback address", http.StatusForbidden)
			return
		}
		if r.Method == http.MethodPost && r.Header.Get("X-Desk") == "" {
			http.Error(w, "the header X-Desk is missing", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sessionTime is how long a browser keeps a session: a working day, closed or not.
const sessionTime = 12 * time.Hour

// members lets a request with a session through, and tells others how to get one.
func (d *Desk) members(serve func(http.ResponseWriter, *http.Request, string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie(cookieName)
		if err != nil || !d.knows(cookie.Value) {
			http.Error(w, "請用服務啟動時印出的一次性連結打開客服桌；連結用過就失效，重新啟動會有新的。", http.StatusUnauthorized)
			return
		}
		serve(w, r, cookie.Value)
	})
}

func (d *Desk) serveLogin(w http.ResponseWriter, r *http.Request) {
	session, ok, err := d.login(r.URL.Query().Get("key"))
	switch {
	case err != nil:
		d.fail(w, "login", err)
	case !ok:
		http.Error(w, "這個連結已經用過或不對；請向已登入的客服要一個新的，或重新啟動服務。", http.StatusForbidden)
	default:
		http.SetCookie(w, &http.Cookie{Name: cookieName, Value: session, Path: "/", MaxAge: int(sessionTime / time.Second), HttpOnly: true, SameSite: http.SameSiteStrictMode})
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
}

func (d *Desk) serveInvite(w http.ResponseWriter, _ *http.Request, _ string) {
	path, err := d.invite()
	if err != nil {
		d.fail(w, "invite", err)
		return
	}
	d.write(w, map[string]string{"path": path})
}

// overview is what the page lists.
type overview struct {
	Me     string       `json:"me"` // the agent's ID
	Agents []chat.Agent `json:"agents"`
	Cases  []row        `json:"cases"`

	Categories staffwords.Titles `json:"categories"`
}

// row is a case with its card in words, and how long an answer has been owed, in working time, against
// the time in which it should be given; in seconds.
type row struct {
	chat.Case
	Card     []staffwords.Row `json:"card"`
	Owed     int64            `json:"owed"`
	Target   int64            `json:"target"`
	Orphaned bool             `json:"orphaned,omitempty"` // whoever holds it cannot come back
}

func (d *Desk) row(c chat.Case) row {
	r := row{Case: c, Card: d.Categories.Card(c), Target: int64(c.Target(d.Target) / time.Second), Orphaned: d.orphaned(c)}
	if !c.AwaitsSince.IsZero() {
		r.Owed = int64(d.Hours.Between(c.AwaitsSince, d.Now()) / time.Second)
	}
	return r
}

func (d *Desk) serveCases(w http.ResponseWriter, r *http.Request, session string) {
	inbox := d.running()
	if inbox == nil {
		d.stopping(w)
		return
	}
	cases, err := inbox.Cases(r.Context(), r.URL.Query().Get("all") == "")
	if err != nil {
		d.fail(w, "list cases", err)
		return
	}
	if name := clean(r.URL.Query().Get("name")); validName(name) {
		d.call(session, name)
	}
	view := overview{Me: agentID(session), Agents: d.agents(), Cases: make([]row, len(cases)), Categories: d.Categories}
	for i, c := range cases {
		view.Cases[i] = d.row(c)
	}
	d.write(w, view)
}

func (d *Desk) serveLog(w http.ResponseWriter, r *http.Request, session string) {
	inbox := d.running()
	if inbox == nil {
		d.stopping(w)
		return
	}
	items, err := wholeLog(r.Context(), inbox, r.URL.Query().Get("case"))
	switch {
	case errors.Is(err, chat.ErrUnknownCase):
		http.Error(w, refusals[chat.ErrUnknownCase], http.StatusNotFound)
	case err != nil:
		d.fail(w, "read log", err)
	default:
		d.write(w, shown(items, agentID(session)))
	}
}

func wholeLog(ctx context.Context, inbox channels.DeskInbox, caseID string) ([]chat.Item, error) {
	var all []chat.Item
	for after := int64(0); ; after = all[len(all)-1].Seq {
		items, err := inbox.CaseLog(ctx, caseID, after, logPage)
		all = append(all, items...)
		if err != nil || len(items) < logPage {
			return all, err
		}
	}
}

// line is one item as the page shows it.
type line struct {
	Seq    int64         `json:"seq"`
	Kind   chat.ItemKind `json:"kind"`
	At     string        `json:"at"`
	Agent  string        `json:"agent,omitempty"`
	Text   string        `json:"text"`
	Mine   bool          `json:"mine,omitempty"` // the agent who reads it has written it
	Edited bool          `json:"edited,omitempty"`
	Gone   bool          `json:"gone,omitempty"`
}

// shown puts corrections where the first words stood, which the log has no more.
func shown(items []chat.Item, me string) []line {
	lines, at := []line{}, map[int64]int{}
	for _, item := range items {
		if i, ok := at[item.Edits]; ok {
			lines[i].Edited, lines[i].Gone = true, item.Gone
			lines[i].Text = item.PlainText()
			continue
		}
		at[item.Seq] = len(lines)
		lines = append(lines, line{
			Seq: item.Seq, Kind: item.Kind, At: item.At.UTC().Format("2006-01-02T15:04:05Z"),
			Agent: item.Agent, Mine: item.AgentID == me, Text: item.PlainText(),
		})
	}
	return lines
}

// serveEvents streams a line whenever something changed, until the page goes away
// or the desk stops.
func (d *Desk) serveEvents(w http.ResponseWriter, r *http.Request, _ string) {
	page, done, ok := d.watch()
	if !ok {
		d.stopping(w)
		return
	}
	defer d.unwatch(page)
	w.Header().Set("Content-Type", "text/event-stream")
	flush := http.NewResponseController(w)
	for {
		if _, err := fmt.Fprint(w, "data: changed\n\n"); err != nil || flush.Flush() != nil {
			return
		}
		select {
		case <-page:
		case <-done:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// action is what the page sends.
type action struct {
	ID     string          `json:"id"`
	CaseID string          `json:"case_id"`
	Change chat.CaseChange `json:"change"`
	Text   string          `json:"text"`
	Name   string          `json:"name"`

	To    string    `json:"to"`    // transfer: an agent's ID
	Until time.Time `json:"until"` // snooze
	Label string    `json:"label"` // label: a category's ID
	Seq   int64     `json:"seq"`   // edit, delete
}

// decodeAction reads an action; the error is for the agent.
func decodeAction(body []byte) (action, error) {
	var a action
	if err := json.Unmarshal(body, &a); err != nil {
		return action{}, errors.New("看不懂這個動作")
	}
	a.Name, a.Text, a.Label = clean(a.Name), clean(a.Text), clean(a.Label)
	switch {
	case a.ID == "" || len(a.ID) > 64:
		return action{}, errors.New("動作沒有編號")
	case !validName(a.Name):
		return action{}, fmt.Errorf("請先填您的名字，最多 %d 個字", maxName)
	}
	return a, nil
}

func validName(name string) bool { return name != "" && utf8.RuneCountInString(name) <= maxName }

// clean drops control characters, U+0000 first of all.
func clean(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "")))
}

// releaseOrphan puts a case back in the queue in the name of who can no longer do so,
// as the first half of another's claim.
func (d *Desk) releaseOrphan(ctx context.Context, inbox channels.DeskInbox, caseID, claim string) error {
	cases, err := inbox.Cases(ctx, true)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if c.ID == caseID && d.orphaned(c) {
			return inbox.Handle(ctx, chat.StaffAction{ID: claim + ":release", CaseID: c.ID, Change: chat.CaseRelease, Agent: *c.Agent, At: d.Now()})
		}
	}
	return nil
}

func (d *Desk) serveAct(w http.ResponseWriter, r *http.Request, session string) {
	inbox := d.running()
	if inbox == nil {
		d.stopping(w)
		return
	}
	var body json.RawMessage
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&body); err != nil {
		http.Error(w, "看不懂這個動作，或回覆太長。", http.StatusBadRequest)
		return
	}
	a, err := decodeAction(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	d.call(session, a.Name)
	id := agentID(session)
	if label, known := d.Categories.Find(a.Label); known {
		a.Label = label
	} else if a.Change == chat.CaseLabel {
		http.Error(w, refusals[errNoCategory], http.StatusBadRequest)
		return
	}
	if a.Change == chat.CaseClaim {
		if err := d.releaseOrphan(r.Context(), inbox, a.CaseID, id+":"+a.ID); err != nil {
			d.fail(w, "release case", err)
			return
		}
	}
	err = inbox.Handle(r.Context(), chat.StaffAction{
		ID: id + ":" + a.ID, CaseID: a.CaseID, Change: a.Change, Text: a.Text, At: d.Now(),
		Agent: chat.Agent{ID: id, Name: a.Name}, To: d.agent(a.To), Until: a.Until, Label: a.Label, Seq: a.Seq,
	})
	if err != nil {
		words, known := refusal(err)
		if !known {
			d.Logger.Error("staff action failed", "case", a.CaseID, "change", a.Change, "err", err)
		}
		http.Error(w, words, http.StatusConflict)
		return
	}
	d.write(w, struct{}{})
}

func (d *Desk) write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		d.Logger.Warn("answer to a desk page failed", "err", err)
	}
}

func (d *Desk) fail(w http.ResponseWriter, what string, err error) {
	d.Logger.Error("desk request failed", "request", what, "err", err)
	http.Error(w, "服務出了問題，請再試一次。", http.StatusInternalServerError)
}

func (d *Desk) stopping(w http.ResponseWriter) {
	http.Error(w, "服務正在啟動或停止，請稍後再試。", http.StatusServiceUnavailable)
}
