package bot

import (
	"context"
	"fmt"
	"strings"

	"verihelp/channels"
	"verihelp/internal/chat"
	"verihelp/internal/redact"
)

// Handle applies what a member of staff did: the case changes, the user is told
// where it concerns them, in one transaction. Staff's words are masked like
// everybody's, and otherwise relayed as typed.
func (b *Bot) Handle(ctx context.Context, a chat.StaffAction) error {
	if !b.enter() {
		return ErrClosing
	}
	defer b.work.Done()
	a.Text, _ = redact.Mask(strings.TrimSpace(strings.ReplaceAll(a.Text, "\x00", "")))
	found, err := b.Store.Case(ctx, a.CaseID)
	if err != nil {
		return fmt.Errorf("find case: %w", err)
	}
	defer b.hold(found.Address)()
	var update *channels.Update
	items, err := b.Store.Turn(ctx, found.Address, func(c chat.Conversation, seen func(string) bool) (chat.Commit, error) {
		if seen(a.ID) {
			return chat.Commit{}, nil
		}
		commit, u, err := b.act(c, a)
		update = u
		commit.Outbox = b.outbox(found.Address, commit)
		return commit, err
	})
	if err != nil {
		return fmt.Errorf("%s case: %w", a.Change, err)
	}
	if update == nil {
		return nil
	}
	if len(items) > 0 {
		b.deliver(ctx, found.Address, items)
	}
	b.post(ctx, *update, items)
	return nil
}

func (b *Bot) act(c chat.Conversation, a chat.StaffAction) (chat.Commit, *channels.Update, error) {
	if c.Case == nil || c.Case.ID != a.CaseID {
		return chat.Commit{}, nil, chat.ErrCaseNotOpen
	}
	after, err := c.Case.Act(a)
	if err != nil {
		return chat.Commit{}, nil, err
	}
	if a.Change == chat.CaseClaim && c.Case.Agent != nil {
		return chat.Commit{}, nil, nil // claimed already: the user knows
	}
	event := chat.Event{ID: b.NewID(), Kind: chat.EventCase, At: a.At, Case: &after, Change: a.Change}
	if !after.State.Open() {
		event.Memory = &chat.Memory{Lang: c.Memory.Lang, LangFixed: c.Memory.LangFixed, At: a.At}
	}
	commit := chat.Commit{MessageIDs: []string{a.ID}, Events: []chat.Event{event}}
	if item, ok := b.told(c, a); ok {
		item.Case = after.View()
		commit.Items = append(commit.Items, item)
	}
	return commit, &channels.Update{Case: after, Change: a.Change}, nil
}

// told is what the user sees of a staff action.
func (b *Bot) told(c chat.Conversation, a chat.StaffAction) (chat.Item, bool) {
	if a.Change == chat.CaseReply {
		return chat.Item{Kind: chat.FromStaff, At: a.At, Text: a.Text, Agent: a.Agent.Name, Files: keptFiles(a.Files)}, true
	}
	reply := b.Engine.Notice(c, a.Change, a.Agent.Name)
	if reply.Empty() {
		return chat.Item{}, false
	}
	return chat.Item{Kind: chat.Notice, At: a.At, Reply: &reply}, true
}

// Cases lists cases, open ones only or all.
func (b *Bot) Cases(ctx context.Context, openOnly bool) ([]chat.Case, error) {
	return b.Store.Cases(ctx, openOnly)
}

// CaseLog returns the items of a case's conversation.
func (b *Bot) CaseLog(ctx context.Context, caseID string, after int64, limit int) ([]chat.Item, error) {
	c, err := b.Store.Case(ctx, caseID)
	if err != nil {
		return nil, fmt.Errorf("find case: %w", err)
	}
	return b.Store.Log(ctx, c.Address, after, limit)
}
