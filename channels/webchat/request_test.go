package webchat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
)

func TestWhatIsSeenIsPassedOn(t *testing.T) {
	s := newService(t, webchat.Config{Burst: 100})
	secret := newSecret(t, s.server.URL)
	c := connect(t, s.server.URL, secret, 0)
	c.say("m1", "你好")
	c.ack("m1")
	who := s.user()
	c.send(map[string]any{"kind": "seen", "seq": 1})
	s.WaitSeen(t, who, 1)
	resp := post(t, s.server.URL+"/chat/send", map[string]any{"hello": helloOf(secret), "frame": map[string]any{"kind": "seen", "seq": 2}})
	assert.Equal(t, "ack", answerOf(t, resp).Kind)
	s.WaitSeen(t, who, 2)
}

func TestARatingBecomesAMessage(t *testing.T) {
	s := newService(t, webchat.Config{Burst: 100})
	c := connect(t, s.server.URL, newSecret(t, s.server.URL), 0)
	c.send(map[string]any{"kind": "rate", "id": "r1", "rating": 4, "text": "很快\u202e"})
	c.ack("r1")
	got := s.Received()[0]
	assert.Equal(t, 4, got.Rating)
	assert.Equal(t, "很快", got.Text)
	for _, stars := range []any{0, 6, -1, "5", 4.5} {
		c.send(map[string]any{"kind": "rate", "id": "r2", "rating": stars})
		assert.Equal(t, "bad_frame", c.refusal().Code, stars)
	}
}

func TestStaffsEditsArrive(t *testing.T) {
	s := newService(t, webchat.Config{Burst: 100})
	c := connect(t, s.server.URL, newSecret(t, s.server.URL), 0)
	c.say("m1", "你好")
	c.ack("m1")
	edit, gone := staff("小安", "改過的"), staff("小安", "")
	edit.Edits, gone.Edits, gone.Gone = 2, 2, true
	manual := staff("小安", "")
	manual.Files = []chat.File{{ID: "f1", Name: "步驟.pdf", Type: "application/pdf", Size: 9}}
	require.NoError(t, s.Push(context.Background(), s.user(), staff("小安", "寫錯的"), edit, gone, manual))
	items := c.items(1, 4)
	assert.EqualValues(t, 2, items[1].Edits)
	assert.True(t, items[2].Gone)
	assert.Equal(t, manual.Files, items[3].Files)
}

// erasing is an inbox that can forget.
type erasing struct {
	*channelstest.FakeInbox
	erased chan chat.Address
}

func (e erasing) Erase(_ context.Context, who chat.Address) error { e.erased <- who; return nil }

func TestAPersonIsForgotten(t *testing.T) {
	fake := channelstest.NewFakeInbox(t)
	inbox := erasing{fake, make(chan chat.Address, 1)}
	s := newServiceWith(t, webchat.Config{Burst: 100}, fake, inbox)
	secret := newSecret(t, s.server.URL)
	forget := func() frame {
		t.Helper()
		return answerOf(t, post(t, s.server.URL+"/chat/forget", map[string]any{"hello": helloOf(secret)}))
	}
	assert.Equal(t, "forgotten", forget().Kind, "of whom nothing is known")
	assert.Empty(t, inbox.erased)
	c := connect(t, s.server.URL, secret, 0)
	assert.True(t, c.until("welcome", func(f frame) bool { return f.Kind == "welcome" }).Forget)
	c.say("m1", "你好")
	c.ack("m1")
	assert.Equal(t, "forgotten", forget().Kind)
	assert.Equal(t, s.user(), <-inbox.erased)
	assert.True(t, c.until("welcome", func(f frame) bool { return f.Kind == "welcome" }).Reset, "all tabs forget")

	unable := newService(t, webchat.Config{})
	resp := post(t, unable.server.URL+"/chat/forget", map[string]any{"hello": helloOf(newSecret(t, unable.server.URL))})
	assert.Equal(t, "unknown_kind", answerOf(t, resp).Code)
}

// moved is an inbox whose conversations were taken away, and perhaps begun anew.
type moved struct {
	*channelstest.FakeInbox
	anew atomic.Pointer[[]chat.Item]
}

func (m *moved) Log(ctx context.Context, who chat.Address, after int64, limit int) ([]chat.Item, error) {
	if anew := m.anew.Load(); anew != nil {
		return (*anew)[min(len(*anew), int(after)):], nil
	}
	return m.FakeInbox.Log(ctx, who, after, limit)
}

// begin is another log of n items.
func (m *moved) begin(n int) []chat.Item {
	anew := make([]chat.Item, n)
	for i := range anew {
		anew[i] = channelstest.BotItem("新的")
		anew[i].Seq, anew[i].At = int64(i+1), now
	}
	m.anew.Store(&anew)
	return anew
}

// Whatever a connection hears first of a conversation that was moved or erased
// elsewhere, its client begins anew with what there is now, whether it had read the
// log before or only heard of it.
func TestAConversationThatWentOnElsewhereBeginsAnew(t *testing.T) {
	hears := map[string]func(*service, []chat.Item){
		"a wake": func(s *service, _ []chat.Item) { s.channel.Wake(s.user()) },
		"a push": func(s *service, anew []chat.Item) { _ = s.channel.Send(context.Background(), s.user(), anew) },
		"the last push": func(s *service, anew []chat.Item) {
			_ = s.channel.Send(context.Background(), s.user(), anew[len(anew)-1:])
			s.channel.Wake(s.user()) // which the move itself causes, sooner or later
		},
	}
	for what, hear := range hears {
		for _, n := range []int{0, 1, 2, 3, 5} { // where the client has two
			if n == 0 && what != "a wake" {
				continue // nothing to be pushed
			}
			t.Run(fmt.Sprintf("%s, %d items", what, n), func(t *testing.T) {
				fake := channelstest.NewFakeInbox(t)
				inbox := &moved{FakeInbox: fake}
				s := newServiceWith(t, webchat.Config{Burst: 100}, fake, inbox)
				s.Answer(scripted)
				secret := newSecret(t, s.server.URL)
				heard := connect(t, s.server.URL, secret, 0)
				heard.until("welcome", func(f frame) bool { return f.Kind == "welcome" })
				heard.say("m1", "你好")
				heard.items(0, 2)
				read := connect(t, s.server.URL, secret, 0)
				read.items(0, 2)
				hear(s, inbox.begin(n))
				for _, c := range []*client{heard, read} {
					assert.True(t, c.until("welcome", func(f frame) bool { return f.Kind == "welcome" }).Reset)
					c.items(0, n)
					c.until("live", func(f frame) bool { return f.State == "live" })
				}
				require.NoError(t, s.channel.Send(context.Background(), s.user(), inbox.begin(n + 1)[n:]))
				heard.items(int64(n), 1)
				read.items(int64(n), 1)
			})
		}
	}
}

func TestALinkToAnotherChannel(t *testing.T) {
	var asked chat.Address
	s := newService(t, webchat.Config{Link: func(_ context.Context, who chat.Address) (string, error) {
		asked = who
		return "https://t.me/bot?start=x", nil
	}})
	secret := newSecret(t, s.server.URL)
	resp := post(t, s.server.URL+"/chat/link", map[string]any{"hello": helloOf(secret)})
	var answer struct{ Kind, URL string }
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	assert.Equal(t, "https://t.me/bot?start=x", answer.URL)
	want, _ := webchat.AddressOf(secret)
	assert.Equal(t, want, asked)
	without := newService(t, webchat.Config{})
	resp = post(t, without.server.URL+"/chat/link", map[string]any{"hello": helloOf(secret)})
	assert.Equal(t, "unknown_kind", answerOf(t, resp).Code)
}

func TestAConversationCanBeKept(t *testing.T) {
	at := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	s := newService(t, webchat.Config{Burst: 100, Now: func() time.Time { return at }})
	secret := newSecret(t, s.server.URL)
	c := connect(t, s.server.URL, secret, 0)
	c.say("m1", "你好")
	c.ack("m1")
	asked := question()
	edit, gone := staff("小安", "對的"), staff("小安", "")
	edit.Edits, gone.Edits, gone.Gone = 3, 4, true
	manual := staff("小安", "說明")
	manual.Files = []chat.File{{ID: "f1", Name: "步驟.pdf"}}
	items := []chat.Item{asked, staff("小安", "寫錯的"), staff("小安", "不該說的"), edit, gone, manual}
	for i := range items {
		items[i].At = at
	}
	s.Commit(s.user(), items...)
	resp := post(t, s.server.URL+"/chat/export", map[string]any{"hello": map[string]any{"kind": "hello", "secret": secret, "locale": "zh-TW"}, "zone": "Asia/Taipei"})
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "text/plain; charset=utf-8", resp.Header.Get("Content-Type"))
	_, talk, _ := strings.Cut(string(text), "您\n你好\n")
	assert.Equal(t, `
[2026-11-22 10:00] 小幫手
了解，先縮小範圍。畫面上的提示比較接近哪一個？
選項：照片模糊或反光、證件效期不足、不支援這個國家或地區、都不是、真人客服

[2026-11-22 10:00] 小安 客服人員
對的（已編輯）

[2026-11-22 10:00] 小安 客服人員
（已收回）

[2026-11-22 10:00] 小安 客服人員
說明
附件：步驟.pdf
`, talk)
	resp = post(t, s.server.URL+"/chat/export", map[string]any{"hello": map[string]any{"kind": "hello", "secret": "bm8"}})
	assert.Equal(t, http.StatusUnauthorized, resp.StatusCode)
	s.FailLog(1)
	resp = post(t, s.server.URL+"/chat/export", map[string]any{"hello": helloOf(secret), "zone": "../etc/passwd"})
	assert.Equal(t, "try_again", answerOf(t, resp).Code)
}
