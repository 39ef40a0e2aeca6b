package console

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"verihelp/channels"
	"verihelp/internal/chat"
)

const help = `使用者：直接打字；打數字選一個選項。
客服：/claim 接手 · /reply 文字 · /release 放回佇列 · /back 交還給機器人 · /close 結案 · /case 看案件
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
			fmt.Fprintf(&b, "  [客服桌 %s] 已回覆：%s\n", u.Case.ID, item.Text)
		}
	}
	if u.Change != chat.CaseOpened && u.Change != chat.CaseMessage && u.Change != chat.CaseReply {
		fmt.Fprintf(&b, "  [客服桌 %s] %s\n", u.Case.ID, states[u.Case.State])
	}
	c.print(b.String())
	return nil
}

// states are what a case's state is called on the desk.
var states = map[chat.CaseState]string{
	chat.CaseWaiting: "等待接手", chat.CaseClaimed: "已接手", chat.CaseHandedBack: "已交還給機器人",
	chat.CaseClosed: "已結案", chat.CaseCancelled: "使用者取消了",
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
	row("請使用者準備", c.Checklist)
	fmt.Fprintf(&b, "└ %s · %s\n", states[c.State], c.Lang)
	return b.String()
}

// commands are what the staff can type.
var commands = map[string]chat.CaseChange{
	"/claim": chat.CaseClaim, "/reply": chat.CaseReply, "/release": chat.CaseRelease,
	"/back": chat.CaseHandBack, "/close": chat.CaseClose,
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
	err := desk.Handle(ctx, chat.StaffAction{ID: c.NewID(), CaseID: id, Agent: agent, Change: change, Text: text, At: c.Now()})
	if err != nil {
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
		chat.ErrEmptyReply:  "（請在 /reply 後面寫要回覆的話。）",
	} {
		if errors.Is(err, cause) {
			return words
		}
	}
	return fmt.Sprintf("（沒有成功：%v）", err)
}
