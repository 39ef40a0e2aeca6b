package localdesk_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/localdesk"
	"verihelp/internal/chat"
	"verihelp/internal/hours"
)

func newDesk(t *testing.T, change ...func(*localdesk.Config)) (*localdesk.Desk, *httptest.Server) {
	t.Helper()
	config := localdesk.Config{Now: time.Now, Random: rand.Reader, Logger: slog.New(slog.DiscardHandler), Categories: []chat.Choice{{ID: "app.camera", Label: "鏡頭打不開"}, {ID: "face.rare_character", Label: "生僻字無法辨識"}}}
	for _, c := range change {
		c(&config)
	}
	desk, err := localdesk.New(config)
	require.NoError(t, err)
	server := httptest.NewServer(desk.Handler())
	t.Cleanup(server.Close)
	return desk, server
}

// clerk is a browser with a session, without its page.
type clerk struct {
	url    string
	name   string
	client *http.Client
	done   int
	last   []byte
}

func login(t *testing.T, url, path, name string) *clerk {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	c := &clerk{url: url, name: name, client: &http.Client{Jar: jar}}
	status, _ := c.get(t, path)
	require.Equal(t, http.StatusOK, status, "the one-time link opens the desk")
	return c
}

func (c *clerk) get(t *testing.T, path string) (int, string) {
	t.Helper()
	response, err := c.client.Get(c.url + path)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(body)
}

func (c *clerk) post(t *testing.T, path string, body []byte, header string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url+path, bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("X-Desk", header)
	response, err := c.client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(answer)
}

func (c *clerk) Do(t *testing.T, caseID string, change chat.CaseChange, text string) string {
	return c.Act(t, chat.StaffAction{CaseID: caseID, Change: change, Text: text})
}

func (*clerk) Offers() []chat.CaseChange {
	return []chat.CaseChange{chat.CaseEdit, chat.CaseDelete, chat.CaseChecklist, chat.CaseLabel, chat.CasePend, chat.CaseSnooze, chat.CaseTransfer, chat.CaseBlock}
}

func (c *clerk) Act(t *testing.T, a chat.StaffAction) string {
	c.done++
	c.last, _ = json.Marshal(map[string]any{
		"id": fmt.Sprint(c.done), "case_id": a.CaseID, "change": a.Change, "text": a.Text, "name": c.name,
		"to": a.To.ID, "until": a.Until, "label": a.Label, "seq": a.Seq,
	})
	status, answer := c.post(t, "/api/act", c.last, "1")
	if status == http.StatusOK {
		return ""
	}
	return answer
}

func (c *clerk) Repeat(t *testing.T) { c.post(t, "/api/act", c.last, "1") }

func (c *clerk) Shown(t *testing.T, caseID string) string {
	_, overview := c.get(t, "/api/cases?all=1")
	var cases struct{ Cases []chat.Case }
	require.NoError(t, json.Unmarshal([]byte(overview), &cases))
	shown := ""
	for _, one := range cases.Cases {
		if one.ID == caseID {
			shown = fmt.Sprintln(one.ID, one.Title, one.Facts, one.Checklist)
		}
	}
	_, log := c.get(t, "/api/log?case="+caseID)
	var lines []struct{ Text string }
	if json.Unmarshal([]byte(log), &lines) == nil {
		for _, l := range lines {
			shown += l.Text + "\n"
		}
	}
	return shown
}

// staffed is a desk that runs, with an agent at it. Stop waits for its end.
func staffed(t *testing.T, change ...func(*localdesk.Config)) (inbox *channelstest.FakeDeskInbox, agent *clerk, stop func()) {
	t.Helper()
	inbox = channelstest.NewFakeDeskInbox()
	agent, stop = staffedOn(t, inbox, change...)
	return inbox, agent, stop
}

// staffedOn is the same on the cases of a service that ran before.
func staffedOn(t *testing.T, inbox *channelstest.FakeDeskInbox, change ...func(*localdesk.Config)) (agent *clerk, stop func()) {
	t.Helper()
	desk, server := newDesk(t, change...)
	inbox.PostTo(desk)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- desk.Run(ctx, inbox) }()
	stop = sync.OnceFunc(func() {
		cancel()
		assert.NoError(t, <-done)
	})
	t.Cleanup(stop)
	agent = login(t, server.URL, desk.LoginPath(), "小安")
	agent.awaitRunning(t)
	return agent, stop
}

func (c *clerk) awaitRunning(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { status, _ := c.get(t, "/api/cases"); return status == http.StatusOK }, 10*time.Second, time.Millisecond)
}

// invited is the path of the one-time link that an agent makes for another.
func (c *clerk) invited(t *testing.T) string {
	t.Helper()
	status, answer := c.post(t, "/api/invite", nil, "1")
	require.Equal(t, http.StatusOK, status)
	var link struct{ Path string }
	require.NoError(t, json.Unmarshal([]byte(answer), &link))
	return link.Path
}

func TestLocalDeskIsADesk(t *testing.T) {
	channelstest.Desk(t, func(t *testing.T) channelstest.DeskRig {
		desk, server := newDesk(t)
		var first *clerk
		return channelstest.DeskRig{Desk: desk, NewAgent: func(t *testing.T, name string) channelstest.Agent {
			if first == nil {
				first = login(t, server.URL, desk.LoginPath(), name)
				first.awaitRunning(t)
				return first
			}
			return login(t, server.URL, first.invited(t), name)
		}}
	})
}

func TestOnlyWhoHasTheLinkGetsIn(t *testing.T) {
	desk, server := newDesk(t)
	stranger := &clerk{url: server.URL, client: &http.Client{}}
	for _, path := range []string{"/", "/api/cases", "/api/log?case=K7-1", "/api/events"} {
		status, _ := stranger.get(t, path)
		assert.Equal(t, http.StatusUnauthorized, status, path)
	}
	status, _ := stranger.get(t, "/login?key=wrong")
	assert.Equal(t, http.StatusForbidden, status)
	link := desk.LoginPath()
	agent := login(t, server.URL, link, "小安")
	status, _ = stranger.get(t, link)
	assert.Equal(t, http.StatusForbidden, status, "the link works once")
	status, _ = agent.post(t, "/api/act", []byte(`{}`), "")
	assert.Equal(t, http.StatusForbidden, status, "a form of a foreign site has no header of ours")

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/", nil)
	require.NoError(t, err)
	request.Host = "evil.example"
	response, err := agent.client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusForbidden, response.StatusCode, "a foreign name that resolves to loopback")
}

func TestAnOpenPageIsWoken(t *testing.T) {
	inbox, agent, stop := staffed(t)
	response, err := agent.client.Get(agent.url + "/api/events")
	require.NoError(t, err)
	defer response.Body.Close()
	event := make([]byte, len("data: changed\n\n"))
	_, err = io.ReadFull(response.Body, event)
	require.NoError(t, err)
	require.NoError(t, inbox.Open(t.Context(), channelstest.SampleCase("K7-1")))
	_, err = io.ReadFull(response.Body, event)
	require.NoError(t, err)
	assert.Equal(t, "data: changed\n\n", string(event))
	stop() // although a page is open
}

func TestHostileActionsAreRefused(t *testing.T) {
	_, agent, _ := staffed(t)
	for _, body := range []string{"", "{", `[]`, `{"id":"1"}`, `{"name":"安"}`, `{"id":"` + strings.Repeat("x", 100) + `","name":"安"}`, `{"id":"1","name":"` + strings.Repeat("安", 30) + `"}`, strings.Repeat("x", 1<<20)} {
		status, answer := agent.post(t, "/api/act", []byte(body), "1")
		assert.Equal(t, http.StatusBadRequest, status, "%.40s", body)
		assert.NotEmpty(t, answer)
	}
}

func TestOnlyKnownCategoriesAreTakenAsRight(t *testing.T) {
	inbox, agent, _ := staffed(t)
	require.NoError(t, inbox.Open(t.Context(), channelstest.SampleCase("K7-1")))
	for _, word := range []string{"", "was: app.camera", "app.kamera", strings.Repeat("x", 1000)} {
		assert.Equal(t, "沒有這個類別，請從清單選一個。", strings.TrimSpace(agent.Act(t, chat.StaffAction{CaseID: "K7-1", Change: chat.CaseLabel, Label: word})))
	}
	assert.Empty(t, inbox.Case("K7-1").Label)
	require.Empty(t, agent.Act(t, chat.StaffAction{CaseID: "K7-1", Change: chat.CaseLabel, Label: "鏡頭打不開"}), "by the name that staff see")
	assert.Equal(t, "app.camera", inbox.Case("K7-1").Label)
}

func TestACorrectionStandsWhereTheFirstWordsStood(t *testing.T) {
	inbox, agent, _ := staffed(t)
	require.NoError(t, inbox.Open(t.Context(), channelstest.SampleCase("K7-1")))
	require.Empty(t, agent.Do(t, "K7-1", chat.CaseClaim, ""))
	for _, text := range []string{"甲", "乙"} {
		require.Empty(t, agent.Do(t, "K7-1", chat.CaseReply, text))
	}
	require.Empty(t, agent.Act(t, chat.StaffAction{CaseID: "K7-1", Change: chat.CaseEdit, Seq: 1, Text: "丙"}))
	require.Empty(t, agent.Act(t, chat.StaffAction{CaseID: "K7-1", Change: chat.CaseDelete, Seq: 2}))
	_, log := agent.get(t, "/api/log?case=K7-1")
	var lines []struct {
		Seq          int64
		Text         string
		Edited, Gone bool
	}
	require.NoError(t, json.Unmarshal([]byte(log), &lines))
	require.Len(t, lines, 2)
	assert.Equal(t, "丙", lines[0].Text)
	assert.True(t, lines[0].Edited)
	assert.Empty(t, lines[1].Text)
	assert.True(t, lines[1].Gone)
	assert.NotEmpty(t, agent.Act(t, chat.StaffAction{CaseID: "K7-1", Change: chat.CaseTransfer, To: chat.Agent{ID: "nobody"}}), "nobody of that ID is here")
}

func TestTheDeskSaysHowLongAnAnswerIsOwed(t *testing.T) {
	now := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) // Monday, 10:00
	staff, err := hours.Parse("Mon-Fri 09:00-18:00", time.FixedZone("UTC+8", 8*60*60))
	require.NoError(t, err)
	inbox, agent, _ := staffed(t, func(c *localdesk.Config) {
		c.Now, c.Hours, c.Target = func() time.Time { return now }, staff, 30*time.Minute
	})
	c := channelstest.SampleCase("K7-1")
	c.AwaitsSince, c.Priority = now.Add(-24*time.Hour), true
	require.NoError(t, inbox.Open(t.Context(), c))
	var overview struct {
		Agents []chat.Agent
		Cases  []struct{ Owed, Target int64 }
	}
	_, answer := agent.get(t, "/api/cases?name=%E5%B0%8F%E5%AE%89")
	require.NoError(t, json.Unmarshal([]byte(answer), &overview))
	require.Len(t, overview.Cases, 1)
	assert.EqualValues(t, 3600, overview.Cases[0].Owed, "an hour of working time since Sunday")
	assert.EqualValues(t, 900, overview.Cases[0].Target, "half of it: it goes first")
	require.Len(t, overview.Agents, 1)
	assert.Equal(t, "小安", overview.Agents[0].Name)
}

// Sessions end with the process: whoever comes in after a restart is another agent, and
// the person is still waiting.
func TestACaseOfASessionThatEndedCanBeTakenOver(t *testing.T) {
	inbox, before, stop := staffed(t)
	require.NoError(t, inbox.Open(t.Context(), channelstest.SampleCase("K7-1")))
	require.NoError(t, inbox.Open(t.Context(), channelstest.SampleCase("K8-1")))
	require.Empty(t, before.Do(t, "K7-1", chat.CaseClaim, ""))
	elsewhere := chat.Agent{ID: "U0SLACK", Name: "小平"}
	require.NoError(t, inbox.Handle(t.Context(), chat.StaffAction{ID: "s1", CaseID: "K8-1", Change: chat.CaseClaim, Agent: elsewhere, At: time.Now()}))
	stop()

	after, _ := staffedOn(t, inbox)
	_, overview := after.get(t, "/api/cases")
	assert.Equal(t, 1, strings.Count(overview, `"orphaned":true`))
	assert.NotEmpty(t, after.Do(t, "K7-1", chat.CaseReply, "太早了"), "not before the case is taken")
	require.Empty(t, after.Do(t, "K7-1", chat.CaseClaim, ""))
	require.Empty(t, after.Do(t, "K7-1", chat.CaseReply, "我來幫您"))
	assert.NotEmpty(t, after.Do(t, "K8-1", chat.CaseClaim, ""), "who holds it at another desk is there")
	assert.Equal(t, elsewhere, *inbox.Case("K8-1").Agent)
}
