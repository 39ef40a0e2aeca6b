package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// turn answers a batch of messages of one person in one transaction, then
// delivers what was committed.
func (b *Bot) turn(ctx context.Context, who chat.Address, batch []envelope) error {
	defer b.hold(who)()
	origin := "" // of a case that was opened
	err := b.apply(ctx, who, func(c chat.Conversation, seen func(string) bool) (change, error) {
		fresh := unseen(batch, seen)
		if len(fresh) == 0 {
			return change{}, nil
		}
		done := b.decide(c, fresh)
		if origin = ""; done.update != nil && done.update.Change == chat.CaseOpened {
			origin = fresh[len(fresh)-1].Origin
		}
		return done, nil
	})
	if err != nil {
		b.Logger.Error("turn failed", "channel", who.Channel, "messages", len(batch), "err", err)
		return fmt.Errorf("take turn: %w", err)
	}
	if b.origins != nil && origin != "" {
		b.origins.Take(origin, b.Now())
	}
	return nil
}

// crowded is how long strangers of an origin must wait before they can open a
// further case: a flood of strangers must not bury staff.
func (b *Bot) crowded(origin string) time.Duration {
	if b.origins == nil || origin == "" {
		return 0
	}
	wait := b.origins.Wait(origin, b.Now())
	if wait > 0 {
		b.warnCrowd.Do(func() {
			b.Logger.Warn("strangers of one origin open too many cases and are asked to come back", "origin", origin)
		})
	}
	return wait
}

func unseen(batch []envelope, seen func(string) bool) []chat.Message {
	var fresh []chat.Message
	here := map[string]bool{}
	for _, e := range batch {
		if id := e.message.ID; !seen(id) && !here[id] {
			here[id] = true
			fresh = append(fresh, e.message)
		}
	}
	return fresh
}

// decide asks the engine and turns its answer into what is committed.
func (b *Bot) decide(c chat.Conversation, fresh []chat.Message) change {
	m := joined(fresh)
	fresh = b.maskedInParts(maskedTogether(fresh, &m), &m)
	queue := b.queue(c, m.At)
	queue.Crowded = b.crowded(m.Origin)
	turn := b.Engine.Next(c, m, queue)
	commit := chat.Commit{Items: userItems(fresh)}
	for _, f := range fresh {
		commit.MessageIDs = append(commit.MessageIDs, f.ID)
	}
	turn.Trace.MessageIDs = commit.MessageIDs
	event := b.NewID()
	if !turn.Reply.Empty() {
		commit.Items = append(commit.Items, chat.Item{Kind: chat.FromBot, At: m.At, Reply: &turn.Reply})
	}
	commit.Events = append(commit.Events, chat.Event{ID: event, Kind: chat.EventTurn, At: m.At, Memory: &turn.Memory, Trace: &turn.Trace})
	b.Logger.Info("turn", "event", event, "channel", m.From.Channel, "messages", len(fresh),
		"action", turn.Trace.Action, "category", turn.Trace.Category, "rule", turn.Trace.Rule)
	after, what := caseAfter(c, turn, m, len(fresh))
	if what == "" {
		return change{commit: commit}
	}
	commit.Events = append(commit.Events, chat.Event{ID: b.NewID(), Kind: chat.EventCase, At: m.At, Case: &after, Change: what})
	if what != chat.CaseRate && (c.Case == nil || c.Case.State != after.State) {
		commit.Items[len(commit.Items)-1].Case = after.View()
	}
	return change{commit: commit, update: &channels.Update{Case: after, Change: what}}
}

// caseAfter is what a turn does to the case, if anything.
func caseAfter(c chat.Conversation, turn chat.Turn, m chat.Message, messages int) (after chat.Case, what chat.CaseChange) {
	switch {
	case turn.Open != nil && c.Ended != nil && turn.Open.ID == c.Ended.ID:
		after, what = *turn.Open, chat.CaseReopen
	case turn.Open != nil:
		after, what = *turn.Open, chat.CaseOpened
	case turn.Cancel && c.Case != nil:
		after, what = *c.Case, chat.CaseCancel
		after.State, after.ClosedAt = chat.CaseCancelled, m.At
	case c.Case != nil:
		after, what = c.Case.Heard(m.At, messages).WithReady(m.Choice), chat.CaseMessage
	case turn.Rating > 0 && c.Ended != nil:
		after, what = *c.Ended, chat.CaseRate
		after.Rating, after.Comment = turn.Rating, ""
		if m.Rating > 0 {
			after.Comment = m.Text
		}
	default:
		return chat.Case{}, ""
	}
	after.ChangedAt = m.At
	return after, what
}

// joined makes one message of a burst: what was said in several lines is one
// thought. The last one's time counts, and the last thing that the app said.
func joined(fresh []chat.Message) chat.Message {
	m := fresh[len(fresh)-1]
	m.Text, m.Masked, m.Files = "", nil, nil
	for i, f := range fresh {
		if i > 0 {
			m.Text += "\n"
		}
		m.Text += f.Text
		m.Files = append(m.Files, f.Files...)
		if !f.Context.Empty() {
			m.Context = f.Context
		}
		for _, kind := range f.Masked {
			if !slices.Contains(m.Masked, kind) {
				m.Masked = append(m.Masked, kind)
			}
		}
	}
	return m
}

// maskedTogether masks what is a secret only when the lines of a burst are read
// together ("我的密碼是", then the password). The first line then stands for all,
// masked, since nobody can tell which line held what.
func maskedTogether(fresh []chat.Message, m *chat.Message) []chat.Message {
	whole := masked(*m)
	if whole.Text == m.Text {
		return fresh
	}
	for _, kind := range whole.Masked {
		if !slices.Contains(m.Masked, kind) {
			m.Masked = append(m.Masked, kind)
		}
	}
	m.Text = whole.Text
	out := append([]chat.Message(nil), fresh...)
	for i := range out {
		out[i].Text = maskedLine
	}
	out[0].Text = whole.Text
	return out
}

// maskedInParts hides what goes on with a seed phrase that earlier messages began.
func (b *Bot) maskedInParts(fresh []chat.Message, m *chat.Message) []chat.Message {
	out := make([]chat.Message, len(fresh))
	changed := false
	for i, f := range fresh {
		out[i] = b.pieces.masked(f)
		changed = changed || out[i].Text != f.Text
	}
	if changed {
		*m = joined(out)
	}
	return out
}

// maskedLine stands for a line whose content was masked with the one before.
const maskedLine = "〔…〕"

func userItems(fresh []chat.Message) []chat.Item {
	items := make([]chat.Item, len(fresh))
	for i, f := range fresh {
		items[i] = chat.Item{Kind: chat.FromUser, At: f.At, Message: f.ID, Text: f.Text, Files: keptFiles(f.Files)}
		if f.Text == "" && len(f.Files) > len(items[i].Files) {
			items[i].Text = refusedFile
		}
		if f.Rating > 0 {
			items[i].Text = strings.TrimSpace(stars(f.Rating) + " " + f.Text)
		}
	}
	return items
}

// stars stand in the log for a rating.
func stars(n int) string {
	const most = 5
	n = min(n, most)
	return strings.Repeat("★", n) + strings.Repeat("☆", most-n)
}

// refusedFile stands in the log for an attachment that was not taken.
const refusedFile = "〔檔案未收下〕"

func keptFiles(files []chat.File) (kept []chat.File) {
	for _, f := range files {
		if f.ID != "" {
			kept = append(kept, f)
		}
	}
	return kept
}
