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
	var forms []int64
	if a.Change == chat.CaseEdit || a.Change == chat.CaseDelete {
		if forms, a.Files, err = b.wrote(ctx, found, a); err != nil {
			return fmt.Errorf("%s message: %w", a.Change, err)
		}
	}
	err = b.apply(ctx, found.Address, func(c chat.Conversation, seen func(string) bool) (change, error) {
		if seen(a.ID) {
			return change{}, nil
		}
		done, err := b.act(c, found, a)
		done.commit.Blank = forms
		return done, err
	})
	if err != nil {
		return fmt.Errorf("%s case: %w", a.Change, err)
	}
	return nil
}

// wrote finds the forms that words of staff have had so far, the first of which
// names them, and the attachments, which stay when words are corrected. It refuses
// what this agent has not written in this case, or has taken back.
func (b *Bot) wrote(ctx context.Context, found chat.Case, a chat.StaffAction) (forms []int64, files []chat.File, err error) {
	if a.Seq < 1 {
		return nil, nil, chat.ErrNotStaffs
	}
	err = b.eachItem(ctx, found.Address, a.Seq-1, func(item chat.Item) error {
		switch {
		case item.Seq == a.Seq && (item.Kind != chat.FromStaff || item.Edits != 0 || item.AgentID != a.Agent.ID || item.At.Before(found.OpenedAt)),
			item.Edits == a.Seq && item.Gone:
			return chat.ErrNotStaffs
		case item.Seq == a.Seq, item.Edits == a.Seq:
			forms, files = append(forms, item.Seq), item.Files
		}
		return nil
	})
	if err == nil && len(forms) == 0 {
		err = chat.ErrNotStaffs
	}
	return forms, files, err
}

// act decides what an action does. A case that has ended, or an older one, takes a
// label only.
func (b *Bot) act(c chat.Conversation, found chat.Case, a chat.StaffAction) (change, error) {
	current := found
	switch {
	case c.Case != nil && c.Case.ID == found.ID:
		current = *c.Case
	case c.Ended != nil && c.Ended.ID == found.ID:
		current = *c.Ended
	case a.Change != chat.CaseLabel || found.Address.User == "": // erased
		return change{}, chat.ErrCaseNotOpen
	}
	after, err := current.Act(a)
	if err != nil {
		return change{}, err
	}
	if a.Change == chat.CaseClaim && current.State == chat.CaseClaimed {
		return change{}, nil // claimed already: the user knows
	}
	done := b.changed(c, after, a)
	done.commit.MessageIDs = []string{a.ID}
	return done, nil
}

// changed is what follows from a case's change by staff or by the service: its
// event, what the user is told of it, and what staff see. The dialogue begins anew
// where the case has ended.
func (b *Bot) changed(c chat.Conversation, after chat.Case, a chat.StaffAction) change {
	event := chat.Event{ID: b.NewID(), Kind: chat.EventCase, At: a.At, Case: &after, Change: a.Change}
	item, said := b.told(c, a)
	if c.Case != nil && !after.State.Open() {
		event.Memory = &chat.Memory{Lang: c.Memory.Lang, LangFixed: c.Memory.LangFixed, At: a.At}
		if said && item.Reply != nil {
			event.Memory.Offered = item.Reply.Choices
		}
	}
	commit := chat.Commit{Events: []chat.Event{event}}
	if said {
		item.Case = after.View()
		commit.Items = append(commit.Items, item)
	}
	return change{commit: commit, update: &channels.Update{Case: after, Change: a.Change}}
}

// told is what the user sees of a case's change.
func (b *Bot) told(c chat.Conversation, a chat.StaffAction) (chat.Item, bool) {
	words := chat.Item{Kind: chat.FromStaff, At: a.At, Text: a.Text, Agent: a.Agent.Name, AgentID: a.Agent.ID, Files: keptFiles(a.Files)}
	switch {
	case a.Change == chat.CaseReply:
		return words, true
	case a.Change == chat.CaseEdit:
		words.Edits = a.Seq
		return words, true
	case a.Change == chat.CaseDelete:
		words.Text, words.Files, words.Edits, words.Gone = "", nil, a.Seq, true
		return words, true
	case a.Change == chat.CaseClaim && c.Case != nil && c.Case.Agent != nil, a.Change == chat.CaseTransfer && a.To.ID == a.Agent.ID:
		return chat.Item{}, false // the same person as before
	}
	reply := b.Engine.Notice(c, a, b.queue(c, a.At))
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
