package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"verihelp/internal/chat"
	"verihelp/internal/store"
)

// eraseCmd erases one person on request. Events are never changed; the key that
// opens them is destroyed.
type eraseCmd struct {
	person
	Yes bool `help:"Really do it: nobody can take it back."`
}

// Run erases, and says what this program cannot reach.
func (c eraseCmd) Run(ctx context.Context, s *settings, io streams) error {
	who, kept, err := c.look(ctx, s)
	if err != nil {
		return err
	}
	if !c.Yes {
		return usagef("%s:%s would be erased for good: %s; repeat the command with --yes", who.Channel, who.User, summary(kept))
	}
	db, err := openStore(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // Erase has committed
	slack, err := inSlack(ctx, s, db)
	if err != nil {
		return err
	}
	if err := db.Erase(ctx, who, nil); err != nil {
		return err
	}
	fmt.Fprintf(io.out, "erased: %s of %s:%s\n", summary(kept), who.Channel, who.User)
	for _, line := range remains(who, kept.Cases, slack, time.Now()) {
		fmt.Fprintln(io.out, "remains:", line)
	}
	return nil
}

func (c eraseCmd) look(ctx context.Context, s *settings) (chat.Address, store.Export, error) {
	db, err := openReader(ctx, s)
	if err != nil {
		return chat.Address{}, store.Export{}, err
	}
	defer db.Close() //nolint:errcheck // only read
	return c.find(ctx, db)
}

// inSlack says whether cases are, or were once, shown in Slack: what is connected no
// more has left its notes.
func inSlack(ctx context.Context, s *settings, db *store.Store) (bool, error) {
	if s.hasSlack() {
		return true, nil
	}
	notes, err := db.Notebook(slackNotes).Notes(ctx, "")
	return len(notes) > 0, err
}

// remains lists where else a person's words may be, with what to do about it; slack
// says that cases went there.
func remains(who chat.Address, cases []chat.Case, slack bool, now time.Time) []string {
	lines := []string{
		fmt.Sprintf("backups made before %s; after restoring one, erase again", now.UTC().Format("2006-01-02 15:04 UTC")),
	}
	if who.Channel == "telegram" {
		lines = append(lines, "the chat in Telegram, on the person's devices; only the person can delete it there")
	}
	if slack && len(cases) > 0 {
		ids := make([]string, len(cases))
		for i, c := range cases {
			ids[i] = c.ID
		}
		lines = append(lines, fmt.Sprintf("what was posted to Slack of %s (%s); delete those threads there", count(len(ids), "case"), strings.Join(ids, ", ")))
	}
	return lines
}
