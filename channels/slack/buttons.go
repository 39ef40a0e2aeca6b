package slack

import (
	"strings"

	"github.com/slack-go/slack"

	"verihelp/internal/chat"
)

// Action IDs of buttons, and callback IDs of the modals that they open.
const (
	actClaim      = "claim"
	actReply      = "reply"
	actCanned     = "canned"
	actPend       = "pend"
	actHandBack   = "hand_back"
	actClose      = "close"
	actRelease    = "release"
	actTransfer   = "transfer"
	actSnooze     = "snooze"
	actChecklist  = "checklist"
	actBlock      = "block"
	actTranscript = "transcript"
	actRight      = "label_right"
	actLabel      = "label"
	actMore       = "more"
	actRetry      = "retry"         // send something of staff again
	actConvert    = "convert"       // a message in the other script
	actTake       = "take_and_send" // claim, and send what was typed before
	actSearch     = "search"        // in the modal of canned replies
	actPick       = "pick"          // a section in it
	actScript     = "to_script"     // convert the text in a modal
)

// direct are buttons that change the case at once, without a modal.
var direct = map[string]chat.CaseChange{
	actClaim: chat.CaseClaim, actPend: chat.CasePend, actHandBack: chat.CaseHandBack, actRelease: chat.CaseRelease,
	actChecklist: chat.CaseChecklist,
}

// aim is what a button is about; it travels as the button's value, and in the
// private metadata of a modal.
type aim struct {
	Case string
	TS   string // of words of staff: when they were sent, or typed in the thread
}

func (a aim) String() string { return a.Case + "|" + a.TS }

// aimOf reads what String wrote; hostile input gives a case that does not exist.
func aimOf(value string) aim {
	caseID, ts, _ := strings.Cut(value, "|")
	return aim{Case: caseID, TS: ts}
}

func button(action, label, value string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, value, plain(label))
}

// buttons are what can be done with a case now.
func (d *Desk) buttons(c chat.Case) []slack.Block {
	value := aim{Case: c.ID}.String()
	var first []slack.BlockElement
	add := func(action, label string) { first = append(first, button(action, label, value)) }
	switch {
	case !c.State.Open():
	case c.Agent == nil:
		first = append(first, button(actClaim, "接手", value).WithStyle(slack.StylePrimary))
	default:
		first = append(first, button(actReply, "回覆", value).WithStyle(slack.StylePrimary))
		if d.Knowledge != nil {
			add(actCanned, "常用回覆")
		}
		add(actPend, "等使用者")
		first = append(first, button(actHandBack, "交還機器人", value).WithConfirm(handBackConfirm()))
		add(actClose, "結案…")
	}
	add(actTranscript, "對話紀錄")
	add(actRight, "分類正確")
	if len(d.Categories) > 0 {
		add(actLabel, "分類是…")
	}
	if c.State.Open() && c.Agent != nil {
		first = append(first, more(c.ID))
	}
	return []slack.Block{slack.NewActionBlock("actions", first...)}
}

// handBackConfirm asks first: the case ends, and its user is told.
func handBackConfirm() *slack.ConfirmationBlockObject {
	return slack.NewConfirmationBlockObject(plain("交還機器人？"), plain("案件會結束，使用者會看到對話交回給機器人。"), plain("交還"), plain("先不要"))
}

// more is the menu of what is done less often. It holds five options at most.
func more(caseID string) slack.BlockElement {
	option := func(action, label string) *slack.OptionBlockObject {
		return slack.NewOptionBlockObject(action+"|"+caseID, plain(label), nil)
	}
	return slack.NewOverflowBlockElement(actMore,
		option(actTransfer, "轉給同事…"), option(actSnooze, "稍後處理…"), option(actChecklist, "再請使用者準備資料"),
		option(actRelease, "放回佇列"), option(actBlock, "停止服務這位使用者…"))
}
