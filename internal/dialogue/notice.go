package dialogue

import (
	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// Notice is what a user is told when staff or the service change the case, in the
// conversation's script. The conversation is as it was before. It is empty for
// changes that do not concern the user: what staff put off, label or correct, and
// how they are reminded.
func (e *Engine) Notice(c chat.Conversation, a chat.StaffAction, q chat.Queue) chat.Reply {
	if c.Case == nil {
		return chat.Reply{}
	}
	blocks := e.told(*c.Case, a, q)
	if len(blocks) == 0 {
		return chat.Reply{}
	}
	locale, ok := zh.ParseLocale(c.Memory.Lang)
	if !ok {
		locale = zh.LocaleTW
	}
	reply := chat.Reply{Lang: string(locale), Bubbles: []chat.Bubble{{Blocks: blocks}}}
	switch a.Change {
	case chat.CaseClose:
		reply.Choices = e.rateChoices(c.Case.ID)
	case chat.CaseChecklist:
		reply.Choices = e.readyChoices(*c.Case)
	}
	return convert(reply, locale)
}

// told are the notice's blocks, in Traditional.
func (e *Engine) told(c chat.Case, a chat.StaffAction, q chat.Queue) []chat.Block {
	say := func(key string, values ...string) []chat.Block {
		return []chat.Block{{Kind: chat.Paragraph, Text: e.phrase(key, values...)}}
	}
	standing := chat.Block{Kind: chat.Paragraph, Text: e.standing(q.Ahead, q, a.At)}
	switch a.Change {
	case chat.CaseClaim:
		return say("notice.claimed", "agent", verbatim(a.Agent.Name))
	case chat.CaseTransfer:
		return say("notice.transferred", "agent", verbatim(a.To.Name))
	case chat.CasePend:
		return say("notice.pending", "agent", verbatim(a.Agent.Name))
	case chat.CaseChecklist:
		return e.checklist(c)
	case chat.CaseRelease:
		return append(say("notice.released", "case", c.ID), standing)
	case chat.CaseTell:
		return append(say("notice.still_waiting", "case", c.ID), standing)
	case chat.CaseHandBack:
		return say("notice.handed_back")
	case chat.CaseClose:
		return say("notice.closed", "case", c.ID)
	case chat.CaseBlock:
		return say("notice.blocked", "until", e.moment(a.At.Add(chat.BlockTime), a.At))
	case chat.CaseExpire:
		if c.State == chat.CaseWaiting {
			return say("notice.expired_waiting", "case", c.ID)
		}
		return say("notice.expired", "case", c.ID)
	case chat.CaseUndelivered:
		return say("notice.undelivered", "case", c.ID)
	}
	return nil
}

// checklist asks once more for what was to be prepared, and says what never to
// send here.
func (e *Engine) checklist(c chat.Case) []chat.Block {
	human, _ := e.Catalog.Get("talk.human")
	cat, ok := e.Catalog.Get(c.Category)
	if !ok || len(cat.Texts["prepare"]) == 0 {
		cat = human
	}
	lead := []chat.Block{{Kind: chat.Paragraph, Text: e.Phrases["notice.checklist"]}}
	return joinBlocks(lead, cat.Texts["prepare"], e.neverSend(cat))
}
