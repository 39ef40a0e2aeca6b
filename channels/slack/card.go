package slack

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"verihelp/channels/staffwords"
	"verihelp/internal/chat"
)

// cardPost is a case's card: what the staff ask first, and what they can do. What
// only the inbox knows is left out where this process does not have one; the
// process that listens adds it.
func (d *Desk) cardPost(ctx context.Context, c chat.Case, t thread) post {
	if isStub(c) {
		return stubPost(c)
	}
	lines := d.cardLines(c)
	lines = append(lines, d.fromInbox(ctx, c, t)...)
	r := &rich{}
	r.bold(states[c.State])
	if c.Agent != nil {
		r.text("　").person(c.Agent.ID, c.Agent.Name)
	}
	for _, l := range lines {
		r.text("\n").bold(l.speaker).text(short(clean(l.text), maxLine))
	}
	title := short(clean(cardTitle(c)), maxHeader)
	blocks := []slack.Block{slack.NewHeaderBlock(plain(title)), r.block()}
	return post{
		text: short(title+"　"+states[c.State], maxNotice), id: cardID(c.ID),
		blocks: append(blocks, d.buttons(c)...),
	}
}

// isStub says that a case is nobody's any more: its person had everything erased.
func isStub(c chat.Case) bool { return c.Address.User == "" }

// stubPost is the card of such a case, on which nothing is left to do.
func stubPost(c chat.Case) post {
	title := short(clean(cardTitle(c)), maxHeader)
	return post{
		text: short(title+"　"+stubState, maxNotice), id: cardID(c.ID),
		blocks: []slack.Block{slack.NewHeaderBlock(plain(title)), (&rich{}).bold(stubState).block()},
	}
}

func cardTitle(c chat.Case) string {
	title := c.Title + "　" + c.ID
	if c.Priority {
		return "🔴 優先　" + title
	}
	return title
}

// cardLines are the rows of a card that the case alone tells.
func (d *Desk) cardLines(c chat.Case) []utterance {
	var rows []utterance
	row := func(name, text string) {
		if strings.TrimSpace(text) != "" {
			rows = append(rows, utterance{name + "：", text})
		}
	}
	row("送不到", staffwords.Trouble(c.Trouble))
	row("結束", ending(c))
	row("等候", d.waiting(c))
	row("使用者", whoIs(c.Address))
	row("管道與語言", staffwords.Way(c.Address)+"，"+staffwords.Script(c.Lang))
	row("判斷", d.Categories.Guesses(c))
	row("怎麼判斷的", staffwords.Rule(c.Rule))
	row("算出", strings.Join(c.Facts, "、"))
	row("試過", d.Categories.All(c.Tried))
	row("請使用者準備", strings.Join(c.Prepared(), "；"))
	row("已遮蔽", staffwords.Masked(c.Masked))
	if c.Host != nil {
		row("App", staffwords.Joined("，", c.Host.AppVersion, c.Host.Page, c.Host.Step))
		row("畫面上的錯誤", c.Host.ErrorText)
	}
	return rows
}

// waiting says since when, and what is still owed. A card does not tick: it gives
// times, not durations.
func (d *Desk) waiting(c chat.Case) string {
	if !c.State.Open() {
		return ""
	}
	text := clock(c.OpenedAt, d.Location) + " 開始"
	if !c.LastStaff.IsZero() {
		text += "，客服最後回覆 " + clock(c.LastStaff, d.Location)
	}
	if !c.AwaitsSince.IsZero() {
		text += "，應在 " + clock(d.due(c), d.Location) + " 前回覆"
	}
	if c.Unanswered > 0 {
		text += fmt.Sprintf("，%d 則未回", c.Unanswered)
	}
	if c.State == chat.CaseSnoozed {
		text += "，" + clock(c.SnoozedUntil, d.Location) + " 再處理"
	}
	return text
}

func clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("1/2 15:04") }

// whoIs says who the user is, and what may be said to such a person.
func whoIs(a chat.Address) string {
	account, signedIn := strings.CutPrefix(a.User, "acct:")
	switch {
	case signedIn:
		return "已登入，帳號 " + account + "（可以談這個帳號的事）"
	case a.Channel == "telegram":
		return "未連結帳號（只說一般作法，不談帳號內容）"
	}
	return "未登入（只說一般作法，不談帳號內容），編號 " + short(a.User, 12)
}

func ending(c chat.Case) string {
	text := c.Reason
	if c.Rating > 0 {
		text = staffwords.Joined("，", text, strings.Repeat("★", min(c.Rating, 5)), c.Comment)
	}
	return text
}

const (
	lastItems    = 3  // of what people said last, on a card
	lookBack     = 20 // items of the log that they are looked for in
	earlierCases = 5  // earlier cases of the same person on a card
)

// fromInbox are the rows that need the service: earlier cases and the last words.
func (d *Desk) fromInbox(ctx context.Context, c chat.Case, t thread) []utterance {
	in, err := d.inbox()
	if err != nil {
		return nil
	}
	var rows []utterance
	if earlier := d.earlier(ctx, c); earlier != "" {
		rows = append(rows, utterance{"先前的案件：", earlier})
	}
	if t.Seq == 0 {
		return rows
	}
	items, err := in.CaseLog(ctx, c.ID, max(0, t.Seq-lookBack), lookBack)
	if err != nil {
		d.Logger.Warn("a card lacks the last messages", "case", c.ID, "err", err)
	}
	var last []utterance
	for _, item := range items {
		if text := spoken(item); text != "" && (item.Kind == chat.FromUser || item.Kind == chat.FromStaff) {
			last = append(last, utterance{"最後・" + speakerOf(item), short(strings.ReplaceAll(text, "\n", " "), 80)})
		}
	}
	return append(rows, last[max(0, len(last)-lastItems):]...)
}

// spoken is what an item says, with its files and what it does to an earlier one;
// empty where nothing stands any more.
func spoken(item chat.Item) string {
	text := item.PlainText()
	for _, f := range item.Files {
		text = staffwords.Joined("\n", text, "📎 "+f.Name)
	}
	switch {
	case item.Gone:
		return "（收回了一則訊息）"
	case item.Edits > 0 && text != "":
		return "（更正）" + text
	}
	return strings.TrimSpace(text)
}

// speakerOf is who says an item, staff by name.
func speakerOf(item chat.Item) string {
	if item.Kind == chat.FromStaff && item.Agent != "" {
		return "客服 " + item.Agent + "："
	}
	return speakers[item.Kind]
}

// earlier lists other cases of the same person, the newest first.
func (d *Desk) earlier(ctx context.Context, c chat.Case) string {
	var out []string
	for _, other := range d.history.of(ctx, d, c) {
		if other.ID != c.ID && len(out) < earlierCases {
			out = append(out, staffwords.Joined(" ", other.ID, other.Title, other.OpenedAt.In(d.Location).Format("1/2"), states[other.State]))
		}
	}
	return strings.Join(out, "；")
}
