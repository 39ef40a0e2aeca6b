package dialogue

import (
	"strconv"

	"verihelp/intents"
	"verihelp/internal/chat"
)

// newCase writes the staff's card: it answers the first questions of whoever
// takes the case, so that the user need not say it again.
func (t *turn) newCase(cat *intents.Category) *chat.Case {
	c := &chat.Case{
		ID:         CaseID(t.conv.ID, t.conv.Cases+1),
		Address:    t.conv.Address,
		State:      chat.CaseWaiting,
		Category:   cat.ID,
		Title:      cat.Title,
		Facts:      t.factLines(),
		Masked:     t.msg.Masked,
		Lang:       string(t.locale),
		Priority:   cat.Priority,
		OpenedAt:   t.msg.At,
		ChangedAt:  t.msg.At,
		LastUser:   t.msg.At,
		Unanswered: 1,
	}
	for _, g := range t.merged[:min(3, len(t.merged))] {
		c.Also = append(c.Also, chat.Guess{Category: g.Label, P: g.P})
	}
	if t.msg.Choice != "" { // a button says nothing itself; what was said before does
		c.Also = belief(t.topic().Belief).best(3)
	}
	for _, topic := range append(t.mem.Earlier, *t.topic()) {
		for _, id := range topic.Answered {
			if id != cat.ID || cat.Route != intents.Human { // a person's category was not tried, it is why
				c.Tried = appendNew(c.Tried, id)
			}
		}
		for _, line := range topic.Facts {
			c.Facts = appendNew(c.Facts, line)
		}
	}
	for _, b := range cat.Texts["prepare"] {
		c.Checklist = append(c.Checklist, b.Items...)
	}
	return c
}

// CaseID is short enough to be read out, and follows from the conversation, so
// that a replayed turn opens the same case.
func CaseID(conversation string, n int) string { return conversation + "-" + strconv.Itoa(n) }
