package console

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

const help = `使用者：直接打字；打數字選一個選項。
客服：/claim 接手（/claim 名字：用這個名字）· /reply 文字 · /release 放回佇列 · /back 交還給機器人 · /close 原因 · /case 看案件
　　　/transfer 名字 · /pend 等使用者 · /snooze 2h 先放著 · /checklist 再請對方準備 · /label 類別（單打 /label 看有哪些）
　　　/edit 文字 改上一句 · /delete 收回上一句 · /block 原因
/quit 離開
`

// agent is the member of staff at a terminal who gives no name.
var agent = chat.Agent{ID: "console", Name: "小安"}

// Desk is the staff's side of a console.
type Desk struct{ console *Console }

// Desk gives the desk of this console.
func (c *Console) Desk() Desk { return Desk{c} }

var _ channels.Desk = Desk{}

// Name implements channels.Desk.
func (Desk) Name() string { return "console-desk" }

// Run implements channels.Desk. Staff actions are read by Console.Talk, from the
// same terminal; alone, a desk only shows.
func (Desk) Run(ctx context.Context, _ channels.DeskInbox) error {
	<-ctx.Done()
	return nil
}

// Post implements channels.Desk: it shows a new case's card, and what the user
// writes while a person has the conversation.
func (d Desk) Post(_ context.Context, u channels.Update) error {
	c := d.console
	c.mu.Lock()
	c.caseID, c.card = u.Case.ID, u.Case
	for _, item := range u.Items {
		if item.Kind == chat.FromStaff && item.Edits == 0 {
			c.staffs = item.Seq
		}
	}
	c.mu.Unlock()
	if u.Change == chat.CaseOpened {
		c.print("\n" + c.cardOf(u.Case))
	}
	var b strings.Builder
	for _, item := range u.Items {
		switch item.Kind {
		case chat.FromUser:
			fmt.Fprintf(&b, "  [客服桌 %s] 使用者：%s\n", u.Case.ID, item.Text)
		case chat.FromStaff:
			fmt.Fprintf(&b, "  [客服桌 %s] %s%s\n", u.Case.ID, item.Agent, said(item, " 已回覆："))
		}
	}
	if !spoken[u.Change] {
		fmt.Fprintf(&b, "  [客服桌 %s] %s%s\n", u.Case.ID, d.news(u), c.stands(u.Case))
	}
	c.print(b.String())
	return nil
}

// spoken are changes that words or a card have shown already.
var spoken = map[chat.CaseChange]bool{
	chat.CaseOpened: true, chat.CaseMessage: true, chat.CaseReply: true, chat.CaseEdit: true, chat.CaseDelete: true,
}

// states are what a case's state is called on the desk.
var states = map[chat.CaseState]string{
	chat.CaseWaiting: "等待接手", chat.CaseClaimed: "已接手", chat.CaseHandedBack: "已交還給機器人",
	chat.CaseClosed: "已結案", chat.CaseCancelled: "使用者取消了",
	chat.CasePending: "等使用者回覆", chat.CaseSnoozed: "先放著",
}

// news are what the service or the user did, before the state.
var news = map[chat.CaseChange]string{
	chat.CaseReopen: "使用者又寫來了：", chat.CaseRate: "使用者評分了：", chat.CaseDelivered: "已送達：", chat.CaseUndelivered: "送不到使用者：",
	chat.CaseRemind: "還沒有人回覆，提醒：", chat.CaseTell: "已告訴使用者還沒有人接手：", chat.CaseWake: "時間到了：", chat.CaseExpire: "太久沒有動靜，自動結束：",
	chat.CaseChecklist: "已再請使用者準備：",
}

// news is what an update is about, before the state.
func (d Desk) news(u channels.Update) string {
	if u.Change == chat.CaseLabel {
		return "記下類別「" + d.console.Categories.Of(u.Case.Label) + "」："
	}
	return news[u.Change]
}

// stands is a case's state with who has it, until when, and its stars.
func (c *Console) stands(k chat.Case) string {
	out := states[k.State]
	if k.Agent != nil && k.State.Open() {
		out += "，" + k.Agent.Name
	}
	if k.State == chat.CaseSnoozed {
		out += "，到 " + k.SnoozedUntil.In(c.Location).Format("1/2 15:04 UTC-07:00")
	}
	if k.Rating > 0 {
		out += fmt.Sprintf(" · %d 顆星", k.Rating)
	}
	return out
}

// said is what staff did with their own words; what is taken back has none.
func said(item chat.Item, before string) string {
	switch {
	case item.Gone:
		return " 收回了一句話"
	case item.Edits > 0:
		return " 更正：" + item.Text
	}
	return before + item.Text
}

// cardOf is what the staff see first.
func (c *Console) cardOf(k chat.Case) string {
	var b strings.Builder
	fmt.Fprintf(&b, "┌ 案件 %s　%s\n", k.ID, k.Title)
	for _, row := range c.Categories.Card(k) {
		fmt.Fprintf(&b, "│ %s：%s\n", row.Name, row.Text)
	}
	fmt.Fprintf(&b, "└ %s\n", c.stands(k))
	return b.String()
}

// commands are what the staff can type.
var commands = map[string]chat.CaseChange{
	"/claim": chat.CaseClaim, "/reply": chat.CaseReply, "/release": chat.CaseRelease,
	"/back": chat.CaseHandBack, "/close": chat.CaseClose,
	"/transfer": chat.CaseTransfer, "/pend": chat.CasePend, "/snooze": chat.CaseSnooze, "/checklist": chat.CaseChecklist,
	"/label": chat.CaseLabel, "/edit": chat.CaseEdit, "/delete": chat.CaseDelete, "/block": chat.CaseBlock,
}

// action is what a command asks for. Whoever has the case acts: at a terminal one
// person plays them all.
func (c *Console) action(k chat.Case, change chat.CaseChange, text string) (chat.StaffAction, error) {
	a := chat.StaffAction{ID: c.NewID(), CaseID: k.ID, Agent: agent, Change: change, Text: text, At: c.Now()}
	if k.Agent != nil && k.State.Open() {
		a.Agent = *k.Agent
	}
	switch change {
	case chat.CaseTransfer:
		a.To, a.Text = chat.Agent{ID: text, Name: text}, ""
	case chat.CaseClaim:
		if text != "" {
			a.Agent, a.Text = chat.Agent{ID: text, Name: text}, ""
		}
	case chat.CaseLabel:
		id, known := c.Categories.Find(text)
		if !known {
			return a, errors.New(c.categories())
		}
		a.Label, a.Text = id, ""
	case chat.CaseSnooze:
		wait, err := time.ParseDuration(text)
		if err != nil {
			return a, errors.New("（請寫多久以後，例如 /snooze 2h 或 /snooze 30m。）")
		}
		a.Until, a.Text = a.At.Add(wait), ""
	case chat.CaseEdit, chat.CaseDelete:
		c.mu.Lock()
		a.Seq = c.staffs
		c.mu.Unlock()
	}
	return a, nil
}

// categories are what can follow /label.
func (c *Console) categories() string {
	var names []string
	for _, choice := range c.Categories {
		names = append(names, choice.Label)
	}
	return "（請在 /label 後面寫其中一個類別：" + strings.Join(names, "、") + "。）"
}

// staff does what a command asks for, and shows a refusal to the agent.
func (c *Console) staff(ctx context.Context, desk channels.DeskInbox, command, text string) {
	c.mu.Lock()
	id, last := c.caseID, c.card
	c.mu.Unlock()
	change, known := commands[command]
	switch {
	case command == "/case" && id != "":
		c.print(c.cardOf(last))
		return
	case !known && command != "/case":
		c.print(fmt.Sprintf("（沒有 %s 這個指令。）\n%s", command, help))
		return
	case id == "":
		c.print("（現在沒有案件。）\n")
		return
	}
	a, err := c.action(last, change, text)
	if err != nil {
		c.print(err.Error() + "\n")
		return
	}
	if err := desk.Handle(ctx, a); err != nil {
		c.print(refusal(err) + "\n")
	}
}

// refusal says in the staff's language why an action was not taken.
func refusal(err error) string {
	for cause, words := range map[error]string{
		chat.ErrCaseNotHeld: "（請先用 /claim 接手。）",
		chat.ErrCaseHeld:    "（這個案件已經有別的客服接手。）",
		chat.ErrCaseNotOpen: "（這個案件已經結束。）",
		chat.ErrUnknownCase: "（沒有這個案件。）",
		chat.ErrEmptyReply:  "（請在指令後面寫要說的話。）",

		chat.ErrUnknownStaff: "（請在 /transfer 後面寫同事的名字。）",
		chat.ErrBadTime:      "（請選之後的時間，最多 30 天。）",
		chat.ErrNotStaffs:    "（只能修改或收回自己在這個案件裡寫的話。）",
	} {
		if errors.Is(err, cause) {
			return words
		}
	}
	return fmt.Sprintf("（沒有成功：%v）", err)
}
