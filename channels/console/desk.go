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
客服：/claim 接手 · /reply 文字 · /release 放回佇列 · /back 交還給機器人 · /close 原因 · /case 看案件
　　　/transfer 名字 · /pend 等使用者 · /snooze 2h 先放著 · /checklist 再請對方準備 · /label 類別
　　　/edit 文字 改上一句 · /delete 收回上一句 · /block 原因
/quit 離開
`

// agent is the one member of staff at a terminal.
var agent = chat.Agent{ID: "console", Name: "終端機客服"}

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
		c.print("\n" + card(u.Case))
	}
	var b strings.Builder
	for _, item := range u.Items {
		switch item.Kind {
		case chat.FromUser:
			fmt.Fprintf(&b, "  [客服桌 %s] 使用者：%s\n", u.Case.ID, item.Text)
		case chat.FromStaff:
			fmt.Fprintf(&b, "  [客服桌 %s] %s：%s\n", u.Case.ID, words(item, "已回覆"), item.Text)
		}
	}
	if u.Change != chat.CaseOpened && u.Change != chat.CaseMessage && u.Change != chat.CaseReply {
		fmt.Fprintf(&b, "  [客服桌 %s] %s%s\n", u.Case.ID, news[u.Change], stands(u.Case))
	}
	c.print(b.String())
	return nil
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
	chat.CaseLabel: "記下類別：", chat.CaseChecklist: "已再請使用者準備：",
}

// stands is a case's state with who has it, until when, and its stars.
func stands(c chat.Case) string {
	out := states[c.State]
	if c.Agent != nil && c.State.Open() {
		out += "，" + c.Agent.Name
	}
	if c.State == chat.CaseSnoozed {
		out += "到 " + c.SnoozedUntil.Local().Format("1/2 15:04")
	}
	if c.Rating > 0 {
		out += fmt.Sprintf(" · %d 顆星", c.Rating)
	}
	return out
}

// words names what staff did with their own words.
func words(item chat.Item, written string) string {
	switch {
	case item.Gone:
		return "收回一句話"
	case item.Edits > 0:
		return "更正"
	}
	return written
}

// card is what the staff see first.
func card(c chat.Case) string {
	var b strings.Builder
	fmt.Fprintf(&b, "┌ 案件 %s  %s（%s）\n", c.ID, c.Title, c.Category)
	row := func(name string, values []string) {
		if len(values) > 0 {
			fmt.Fprintf(&b, "│ %s：%s\n", name, strings.Join(values, "、"))
		}
	}
	guesses := make([]string, len(c.Also))
	for i, g := range c.Also {
		guesses[i] = fmt.Sprintf("%s %.0f%%", g.Category, g.P*100)
	}
	row("判斷", guesses)
	row("試過", c.Tried)
	row("算出", c.Facts)
	row("已遮蔽", c.Masked)
	row("請使用者準備", c.Prepared())
	fmt.Fprintf(&b, "└ %s · %s\n", stands(c), c.Lang)
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
	case chat.CaseLabel:
		a.Label, a.Text = text, ""
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

// staff does what a command asks for, and shows a refusal to the agent.
func (c *Console) staff(ctx context.Context, desk channels.DeskInbox, command, text string) {
	c.mu.Lock()
	id, last := c.caseID, c.card
	c.mu.Unlock()
	change, known := commands[command]
	switch {
	case command == "/case" && id != "":
		c.print(card(last))
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
