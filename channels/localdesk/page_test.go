package localdesk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/internal/chat"
	"verihelp/web/widget/browsertest"
)

// What staff replaced or took back is gone from the log: only what they did is left.
func TestThePageShowsWhatStaffTookBack(t *testing.T) {
	inbox, agent, _ := staffed(t)
	page := browsertest.Launch(t).NewPage(t, browsertest.Options{Width: 1280, Height: 720})
	page.Load(agent.url + agent.invited(t))
	me := chat.Agent{ID: browsertest.Eval[string](page, "fetch('/api/cases').then((r) => r.json()).then((o) => o.me)"), Name: "小安"}
	words := func(text string, edits int64) chat.Item {
		return chat.Item{Kind: chat.FromStaff, Agent: me.Name, AgentID: me.ID, At: time.Now(), Text: text, Edits: edits}
	}
	gone, other := words("", 3), words("別人的話", 0)
	gone.Gone, other.AgentID = true, "another"
	log := []chat.Item{
		{Kind: chat.FromUser, Text: "您好", At: time.Now()}, words("", 0), words("", 0),
		words("", 2), words("又改過的", 2), gone, other,
	}
	for i := range 600 { // more than are read at once
		log = append(log, chat.Item{Kind: chat.FromUser, Text: fmt.Sprintf("第 %d 則", i), At: time.Now()})
	}
	c := channelstest.SampleCase("K7-1")
	c.Agent, c.Also = &me, []chat.Guess{{Category: "app.camera", P: 0.9}, {Category: "face.rare_character", P: 0.1}}
	require.NoError(t, inbox.Open(t.Context(), c, log...))
	page.Await("the case", `root.querySelector('[data-case]')`)
	browsertest.Eval[bool](page, `(root.querySelector('[data-case]').click(), true)`)
	page.Await("all of it", `root.querySelectorAll('#log li').length === 604`)
	line := func(n int) string {
		return browsertest.Eval[string](page, fmt.Sprintf("root.querySelectorAll('#log li')[%d].innerText", n))
	}
	replyInSight(t, page, "desk")
	page.Look(browsertest.Options{Width: 390, Height: 844, Dark: true})
	replyInSight(t, page, "desk-phone")
	assert.Contains(t, browsertest.Eval[string](page, "root.querySelector('#card').innerText"), "生僻字無法辨識 10%", "staff read titles")
	assert.Equal(t, "鏡頭打不開,生僻字無法辨識", browsertest.Eval[string](page, "[...root.querySelectorAll('#label option')].map((o) => o.text).join()"), "only what there is")
	assert.Empty(t, page.Complaints())
	assert.Contains(t, line(1), "（已修改）\n又改過的")
	assert.Contains(t, line(1), "收回", "their own words can be taken back")
	assert.Contains(t, line(2), "（已收回）")
	assert.NotContains(t, line(2), "修改")
	assert.Contains(t, line(3), "別人的話")
	assert.NotContains(t, line(3), "收回", "those of somebody of the same name cannot")
	assert.Contains(t, line(603), "第 599 則")
}

// replyInSight looks for the reply box at the beginning, in the middle and at the end
// of a long case.
func replyInSight(t *testing.T, page *browsertest.Page, name string) {
	t.Helper()
	for _, share := range []string{"0", "0.5", "1"} {
		inSight := browsertest.Eval[bool](page, `(() => {
			const c = root.querySelector('#case');
			for (const s of [c, document.scrollingElement]) s.scrollTop = s.scrollHeight * `+share+`;
			if (`+share+` === 0) root.querySelector('#title').scrollIntoView();
			return [...root.querySelectorAll('#form textarea, #form button')].every((e) => {
				const r = e.getBoundingClientRect();
				return r.top >= 0 && r.bottom <= innerHeight && document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2) === e;
			});
		})()`)
		assert.True(t, inSight, "%s, %s of the way down", name, share)
		page.Screenshot(name + "-" + share)
	}
}
