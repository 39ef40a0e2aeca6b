package localdesk

import (
	"context"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// logPage is how many items of a case are read at once.
const logPage = 500

// wholeLog reads all items of a case.
func wholeLog(ctx context.Context, inbox channels.DeskInbox, caseID string) ([]chat.Item, error) {
	var all []chat.Item
	for after := int64(0); ; after = all[len(all)-1].Seq {
		items, err := inbox.CaseLog(ctx, caseID, after, logPage)
		all = append(all, items...)
		if err != nil || len(items) < logPage {
			return all, err
		}
	}
}

// line is one item as the page shows it.
type line struct {
	Seq    int64         `json:"seq"`
	Kind   chat.ItemKind `json:"kind"`
	At     string        `json:"at"`
	Agent  string        `json:"agent,omitempty"`
	Text   string        `json:"text"`
	Mine   bool          `json:"mine,omitempty"` // the agent who reads it has written it
	Edited bool          `json:"edited,omitempty"`
	Gone   bool          `json:"gone,omitempty"`
}

// shown puts corrections where the first words stood, which the log has no more.
func shown(items []chat.Item, me string) []line {
	lines, at := []line{}, map[int64]int{}
	for _, item := range items {
		if i, ok := at[item.Edits]; ok {
			lines[i].Edited, lines[i].Gone = true, item.Gone
			lines[i].Text = item.PlainText()
			continue
		}
		at[item.Seq] = len(lines)
		lines = append(lines, line{
			Seq: item.Seq, Kind: item.Kind, At: item.At.UTC().Format("2006-01-02T15:04:05Z"),
			Agent: item.Agent, Mine: item.AgentID == me, Text: item.PlainText(),
		})
	}
	return lines
}
