package webchat

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// words are those of an exported conversation.
type words struct {
	title, at, files, choices, edited, gone string
	who                                     map[chat.ItemKind]string
}

var (
	hantWords = words{
		title: "與身分認證小幫手的對話", at: "下載時間：", files: "附件：", choices: "選項：", edited: "（已編輯）", gone: "（已收回）",
		who: map[chat.ItemKind]string{chat.FromUser: "您", chat.FromBot: "小幫手", chat.FromStaff: "客服人員", chat.Notice: "服務通知"},
	}
	hansWords = words{
		title: "与身份认证小助手的对话", at: "下载时间：", files: "附件：", choices: "选项：", edited: "（已编辑）", gone: "（已撤回）",
		who: map[chat.ItemKind]string{chat.FromUser: "您", chat.FromBot: "小助手", chat.FromStaff: "客服人员", chat.Notice: "服务通知"},
	}
)

func wordsIn(locale string) words {
	if l, _ := zh.ParseLocale(locale); l.Script() == zh.Hans {
		return hansWords
	}
	return hantWords
}

// serveExport sends the conversation as a text that a person can keep.
func (c *Channel) serveExport(w http.ResponseWriter, r *http.Request, _ netip.Addr, who person, asked request) *refusal {
	if limited := c.limitPerson(who.who); limited != nil {
		return limited
	}
	edits := map[int64]chat.Item{}
	err := c.eachItem(r.Context(), who.who, func(item chat.Item) {
		if item.Edits > 0 {
			edits[item.Edits] = item
		}
	})
	if err != nil {
		c.cfg.Logger.Error("conversation not exported", "channel", Name, "error", err)
		return &refusal{code: codeTryAgain, retry: retryMessage}
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="conversation.txt"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	defer c.carriedWithin(w)()
	out := export{bufio.NewWriter(w), wordsIn(localeOf(who.locale, r)), zoneOf(asked.Zone), edits}
	out.begin(c.cfg.Now())
	if err := c.eachItem(r.Context(), who.who, out.item); err != nil {
		panic(http.ErrAbortHandler) // half a conversation must not look like a whole one
	}
	_ = out.Flush() // a client that left needs no answer
	return nil
}

func (c *Channel) eachItem(ctx context.Context, who chat.Address, do func(chat.Item)) error {
	for after := int64(0); ; {
		items, err := c.log(ctx, who, after, logPage)
		if err != nil {
			return err
		}
		for _, item := range items {
			do(item)
			after = item.Seq
		}
		if len(items) < logPage {
			return nil
		}
	}
}

// zoneOf is the time zone that a client names, else UTC.
func zoneOf(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil && name != "Local" {
		return zone
	}
	return time.UTC
}

// export writes items as text. Writing to a client that left fails at the end.
type export struct {
	*bufio.Writer
	words words
	zone  *time.Location
	edits map[int64]chat.Item // by the number of the item whose text they replace
}

func (e export) begin(now time.Time) {
	fmt.Fprintf(e, "%s\n%s%s (%s)\n", e.words.title, e.words.at, now.In(e.zone).Format("2006-01-02 15:04"), e.zone)
}

func (e export) item(item chat.Item) {
	if item.Edits > 0 {
		return // stands where it belongs
	}
	text := item.PlainText()
	if edit, found := e.edits[item.Seq]; found && edit.Gone {
		text, item.Files = e.words.gone, nil
	} else if found {
		text, item.Files = edit.Text+e.words.edited, edit.Files
	}
	who := e.words.who[item.Kind]
	if item.Agent != "" {
		who = item.Agent + " " + who
	}
	fmt.Fprintf(e, "\n[%s] %s\n", item.At.In(e.zone).Format("2006-01-02 15:04"), who)
	if text != "" {
		fmt.Fprintln(e, text)
	}
	listed(e, e.words.files, item.Files, func(f chat.File) string { return f.Name })
	if item.Reply != nil {
		listed(e, e.words.choices, item.Reply.Choices, func(c chat.Choice) string { return c.Label })
	}
}

func listed[T any](e export, label string, all []T, name func(T) string) {
	var names []string
	for _, one := range all {
		names = append(names, name(one))
	}
	if len(names) > 0 {
		fmt.Fprintln(e, label+strings.Join(names, "、"))
	}
}
