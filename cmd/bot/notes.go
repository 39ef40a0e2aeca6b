package main

import (
	"context"

	"verihelp/channels"
)

// noNotes is a notebook for a channel or desk that is only checked.
type noNotes struct{}

var _ channels.Notebook = noNotes{}

func (noNotes) Note(context.Context, string) (string, error)             { return "", nil }
func (noNotes) Notes(context.Context, string) (map[string]string, error) { return nil, nil }
func (noNotes) SetNote(context.Context, string, string) error            { return nil }
