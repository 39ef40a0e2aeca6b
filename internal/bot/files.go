package bot

import (
	"context"
	"fmt"
	"io"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// Files keeps attachments of users, and what staff send them.
type Files interface {
	channels.Files
	KeepStaffFile(ctx context.Context, who chat.Address, name string, body io.Reader) (chat.File, error)
}

// KeepFile implements channels.Files.
func (b *Bot) KeepFile(ctx context.Context, who chat.Address, name string, body io.Reader) (chat.File, error) {
	if b.Files == nil {
		return chat.File{}, chat.ErrFileRefused
	}
	return b.Files.KeepFile(ctx, who, name, body)
}

// FileInfo implements channels.Files.
func (b *Bot) FileInfo(ctx context.Context, who chat.Address, id string) (chat.File, error) {
	if b.Files == nil {
		return chat.File{}, chat.ErrUnknownFile
	}
	return b.Files.FileInfo(ctx, who, id)
}

// OpenFile implements channels.Files.
func (b *Bot) OpenFile(ctx context.Context, who chat.Address, id string) (chat.File, []byte, error) {
	if b.Files == nil {
		return chat.File{}, nil, chat.ErrUnknownFile
	}
	return b.Files.OpenFile(ctx, who, id)
}

// KeepCaseFile implements channels.DeskInbox.
func (b *Bot) KeepCaseFile(ctx context.Context, caseID, name string, body io.Reader) (chat.File, error) {
	c, err := b.Store.Case(ctx, caseID)
	switch {
	case err != nil:
		return chat.File{}, fmt.Errorf("find case: %w", err)
	case !c.State.Open():
		return chat.File{}, chat.ErrCaseNotOpen
	case b.Files == nil:
		return chat.File{}, chat.ErrFileRefused
	}
	return b.Files.KeepStaffFile(ctx, c.Address, name, body)
}

// OpenCaseFile implements channels.DeskInbox.
func (b *Bot) OpenCaseFile(ctx context.Context, caseID, id string) (chat.File, []byte, error) {
	c, err := b.Store.Case(ctx, caseID)
	if err != nil {
		return chat.File{}, nil, fmt.Errorf("find case: %w", err)
	}
	return b.OpenFile(ctx, c.Address, id)
}
