package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"verihelp/internal/chat"
	"verihelp/internal/store"
)

// outboxCmd shows what has not reached Telegram, Slack or the host's server, and
// tries it again.
type outboxCmd struct {
	List  outboxListCmd  `cmd:"" default:"withargs" help:"List deliveries that have not arrived (the default)."`
	Retry outboxRetryCmd `cmd:"" help:"Try deliveries again at once."`
}

// outboxListCmd lists deliveries that wait, of unknown outcome, and dead ones.
type outboxListCmd struct {
	JSON  bool `name:"json" help:"Print JSON Lines."`
	Limit int  `default:"200" help:"How many of each state at most."`
}

// open lists the states of deliveries that have not arrived.
var open = []chat.DeliveryState{chat.DeliveryWaiting, chat.DeliveryUnknown, chat.DeliveryDead}

// Run prints a delivery a line, and how many there are.
func (c outboxListCmd) Run(ctx context.Context, s *settings, io streams) error {
	if c.Limit < 1 {
		return usagef("--limit must be 1 or more")
	}
	db, err := openReader(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	rows, err := db.Deliveries(ctx, open, c.Limit)
	if err != nil {
		return err
	}
	if !c.JSON {
		return printDeliveries(io.out, rows, time.Now())
	}
	lines := newLineWriter(io.out)
	for _, d := range rows {
		if err := lines.write(d); err != nil {
			return err
		}
	}
	return nil
}

func printDeliveries(w io.Writer, rows []chat.Delivery, now time.Time) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, "everything has arrived")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tTO\tSTATE\tAGE\tATTEMPTS\tUNKNOWN\tNEXT\tLAST ERROR")
	counts := map[chat.DeliveryState]int{}
	for _, d := range rows {
		counts[d.State]++
		to := fmt.Sprintf("%s %s %s", d.To.Kind, d.To.Name, d.To.Key)
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%d\t%d\t%s\t%s\n", d.ID, to, d.State, age(now.Sub(d.CreatedAt)), d.Attempts, d.Unknowns, next(d, now), d.Error)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	var sums []string
	for _, state := range open {
		if n := counts[state]; n > 0 {
			sums = append(sums, fmt.Sprintf("%d %s", n, state))
		}
	}
	_, err := fmt.Fprintln(w, strings.Join(sums, ", "))
	return err
}

// next is when a delivery is tried again.
func next(d chat.Delivery, now time.Time) string {
	switch wait := d.Due.Sub(now); {
	case d.State == chat.DeliveryDead:
		return "never"
	case wait > 0:
		return "in " + age(wait)
	}
	return "now"
}

// age is a stretch of time in its largest unit.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	}
	return fmt.Sprintf("%dd", int(d.Hours()/24))
}

// outboxRetryCmd makes deliveries due at once. One that is given up anyway, for
// its age, is tried once more.
type outboxRetryCmd struct {
	IDs  []string `arg:"" optional:"" name:"id" help:"Deliveries, as bot outbox lists them."`
	Dead bool     `help:"All that were given up."`
}

// maxRetried bounds how many dead deliveries are retried by one command.
const maxRetried = 10_000

// Run tries every delivery named; one that cannot be retried stops none of the
// others.
func (c outboxRetryCmd) Run(ctx context.Context, s *settings, io streams) error {
	ids, err := c.named()
	if err != nil {
		return err
	}
	db, err := openStore(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // RetryDelivery has committed
	if c.Dead {
		dead, err := db.Deliveries(ctx, []chat.DeliveryState{chat.DeliveryDead}, maxRetried)
		if err != nil {
			return err
		}
		for _, d := range dead {
			ids = append(ids, d.ID)
		}
	}
	return retryDeliveries(ctx, db, ids, io)
}

func (c outboxRetryCmd) named() ([]int64, error) {
	if c.Dead == (len(c.IDs) > 0) {
		return nil, usagef("outbox retry needs IDs of deliveries, or --dead")
	}
	ids := make([]int64, len(c.IDs))
	for i, text := range c.IDs {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id < 1 {
			return nil, usagef("%q is no ID of a delivery; bot outbox lists them", text)
		}
		ids[i] = id
	}
	return ids, nil
}

func retryDeliveries(ctx context.Context, db *store.Store, ids []int64, io streams) error {
	var failed error
	done := 0
	for _, id := range ids {
		err := db.RetryDelivery(ctx, id, time.Now())
		switch {
		case errors.Is(err, store.ErrUnknownDelivery):
			fmt.Fprintf(io.err, "bot: %d: no such delivery, or it has arrived\n", id)
			failed = errData
		case err != nil:
			return err
		default:
			done++
		}
	}
	fmt.Fprintf(io.out, "due now: %d; a running service delivers them within seconds\n", done)
	return failed
}
