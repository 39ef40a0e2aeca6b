package slack

import (
	"context"
	"fmt"
	"strings"

	"verihelp/internal/zh"
)

const wordsHelp = `在案件的討論串裡：
・按「接手」之後，您打的字會傳給使用者；// 或「備註：」開頭的不會。
・📤 已交給使用者的管道，✅ 使用者收到了，⚠️ 送不到，🚫 沒有傳出去。
・修改或刪除訊息，使用者那邊也會跟著改。
指令：
・%[1]s search 護照效期：在文章裡找
・%[1]s status：現在的案件和今天的數字
・%[1]s help：這份說明`

// answer is what a slash command shows to whoever typed it.
type answer struct {
	Type string `json:"response_type"`
	Text string `json:"text"`
}

// onCommand answers a slash command, in its acknowledgement.
func (d *Desk) onCommand(raw []byte, ack func(any)) {
	c, err := decodeCommand(raw)
	if err != nil {
		d.Logger.Warn("a command of Slack cannot be read", "err", err)
		ack(nil)
		return
	}
	ack = inTime(ack, answer{Type: "ephemeral", Text: wordsFailed})
	queued := d.lanes.add("command/"+c.User, d.Now(), func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, answerLimit)
		defer cancel()
		ack(answer{Type: "ephemeral", Text: d.command(ctx, c)})
	})
	if !queued {
		ack(answer{Type: "ephemeral", Text: wordsStopping})
	}
}

func (d *Desk) command(ctx context.Context, c command) string {
	if _, err := d.staff.agent(ctx, c.User, d.Channel); err != nil {
		words, _ := refusal(err)
		return words
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(c.Text), " ")
	var text string
	var err error
	switch strings.ToLower(word) {
	case "search", "找":
		text, err = d.search(ctx, rest)
	case "status", "狀態":
		text, err = d.status(ctx)
	default:
		return fmt.Sprintf(wordsHelp, c.Name)
	}
	if err != nil {
		d.Logger.Error("slash command failed", "err", err)
		return wordsFailed
	}
	return entitiesOut.Replace(short(clean(text), maxPost))
}

// entitiesOut escapes what Slack would read as a mention or a link.
var entitiesOut = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (d *Desk) search(ctx context.Context, query string) (string, error) {
	found, err := d.sections(ctx, strings.TrimSpace(query), string(zh.LocaleTW))
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "沒有找到，換個說法試試。", nil
	}
	var out strings.Builder
	for _, s := range found[:min(len(found), 3)] {
		out.WriteString("【" + s.Title + "】\n" + s.Text + "\n")
		if s.URL != "" {
			out.WriteString(s.URL + "\n")
		}
		out.WriteString("\n")
	}
	return strings.TrimSpace(out.String()), nil
}

func (d *Desk) status(ctx context.Context) (string, error) {
	all, err := d.cases(ctx, false)
	if err != nil {
		return "", err
	}
	now := d.Now()
	f := count(all, now.In(d.Location), d.late(now))
	return "今天：" + f.String() + "\n新案件 " + f.chart(), nil
}
