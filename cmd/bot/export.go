package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"verihelp/internal/chat"
	"verihelp/internal/store"
)

// exportCmd writes all that is kept of one person: what they may ask to have.
type exportCmd struct {
	person
	Out string `type:"path" help:"File to write, which must not exist yet; standard output if left out."`
}

// person names whom a command is about.
type person struct {
	Address string `help:"The person's address, channel:user, e.g. telegram:12345."`
	Case    string `help:"The number of one of the person's cases, instead of the address."`
}

// Run reads everything before it writes anything.
func (c exportCmd) Run(ctx context.Context, s *settings, io streams) error {
	db, err := openReader(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	_, kept, err := c.find(ctx, db)
	if err != nil {
		return err
	}
	if c.Out == "" {
		return writeJSON(io.out, kept)
	}
	// Only for this user: it holds what somebody wrote.
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return usagef("--out: %s exists already; name another file", c.Out)
	}
	if err != nil {
		return usagef("--out: %w", err)
	}
	if err := errors.Join(writeJSON(f, kept), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", c.Out, err)
	}
	fmt.Fprintf(io.out, "written to %s: %s\n", c.Out, summary(kept))
	return nil
}

// find reads all that is kept of the person.
func (p person) find(ctx context.Context, db *store.Reader) (chat.Address, store.Export, error) {
	who, err := p.address(ctx, db)
	if err != nil {
		return who, store.Export{}, err
	}
	kept, err := db.Export(ctx, who)
	if err == nil && kept.Conversation.ID == "" {
		err = fmt.Errorf("nothing is kept of %s:%s; check the address, or give --case with a case's number", who.Channel, who.User)
	}
	return who, kept, err
}

func (p person) address(ctx context.Context, db *store.Reader) (chat.Address, error) {
	switch {
	case (p.Address == "") == (p.Case == ""):
		return chat.Address{}, usagef("whom? Give --address channel:user, e.g. --address telegram:12345, or --case with a case's number")
	case p.Case != "":
		c, err := db.Case(ctx, p.Case)
		if errors.Is(err, chat.ErrUnknownCase) {
			err = fmt.Errorf("there is no case %s", p.Case)
		}
		return c.Address, err
	}
	channel, user, ok := strings.Cut(p.Address, ":")
	if !ok || channel == "" || user == "" {
		return chat.Address{}, usagef("--address is %q; write channel:user, e.g. telegram:12345", p.Address)
	}
	return chat.Address{Channel: channel, User: user}, nil
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// summary counts what is kept of a person.
func summary(kept store.Export) string {
	attachments := 0
	for _, item := range kept.Items {
		attachments += len(item.Files)
	}
	return fmt.Sprintf("%s, %s, %s, %s", count(len(kept.Items), "message"), count(len(kept.Events), "event"),
		count(len(kept.Cases), "case"), count(attachments, "attachment"))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
