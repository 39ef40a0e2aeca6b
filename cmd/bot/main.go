// Command bot is the service and its tools: one binary, a subcommand a file.
//
// `bot` alone serves. Everything else (chat, classify, replay, eval, …) uses the
// same engine on the same data, so that what is measured is what runs. This is
// the only package that reads the environment and knows of fx; parts.go lists
// every channel and desk, a line each.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Exit statuses of every subcommand.
const (
	exitDone   = 0
	exitErrors = 1 // errors in the data, or a start that cannot succeed
	exitUsage  = 2 // unknown flag, missing file
)

// cli lists the subcommands.
type cli struct {
	settings

	Serve    serveCmd    `cmd:"" default:"1" help:"Run the service (the default)."`
	Chat     chatCmd     `cmd:"" help:"Talk to the bot in the terminal, and play the staff."`
	Classify classifyCmd `cmd:"" help:"Classify messages: JSON Lines in, JSON Lines out."`
	Replay   replayCmd   `cmd:"" help:"Play whole conversations: JSON Lines in, JSON Lines out."`
	Eval     evalCmd     `cmd:"" help:"Measure the classifier on labelled messages."`
	Train    trainCmd    `cmd:"" help:"Train the classifier from the example files and write its weights."`
	Check    checkCmd    `cmd:"" help:"Validate articles, categories, examples, questions and phrases: all problems at once."`
	Explain  explainCmd  `cmd:"" help:"Explain how a message is, or was, decided."`
	Export   exportCmd   `cmd:"" help:"Write all that is kept of one person as JSON."`
	Erase    eraseCmd    `cmd:"" help:"Erase one person for good."`
	Backup   backupCmd   `cmd:"" help:"Copy the embedded database into a file, also while the service runs."`
	Restore  restoreCmd  `cmd:"" help:"Put a backup in the place of the embedded database."`
	Outbox   outboxCmd   `cmd:"" help:"List what has not been delivered, and try it again."`
	Slack    slackCmd    `cmd:"" help:"Look after the desk in Slack."`
	Telegram telegramCmd `cmd:"" help:"Look after the channel on Telegram."`
	Config   configCmd   `cmd:"" help:"Print all settings and where each comes from."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// streams are a subcommand's input and outputs.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// errData says that the work was done, with errors in the data that were told
// already.
var errData = errors.New("errors in the data")

// usageError is a wrong use of the program: one line, exit status 2.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// run is the program without its process: what tests call.
func run(ctx context.Context, args []string, s streams) int {
	var c cli
	exited, file := -1, &fileResolver{}
	parser, err := kong.New(&c,
		kong.Name("bot"),
		kong.Description("Support chatbot for failed identity verification."),
		kong.Writers(s.out, s.err),
		kong.Exit(func(code int) { exited = code }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(s, file),
		kong.Resolvers(file),
	)
	if err != nil {
		return report(s.err, err)
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help printed
		return exited
	}
	if wrong := (fileError{}); errors.As(err, &wrong) {
		err = wrong
	}
	if bad := badSetting(parser.Model, args, file.values, err); bad != nil {
		return report(s.err, bad)
	}
	if err != nil {
		return report(s.err, usageError{err})
	}
	return report(s.err, parsed.Run(&c.settings, parsed))
}

// report prints an error in one line and chooses the exit status.
func report(w io.Writer, err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errData):
		return exitErrors
	case errors.As(err, &usage):
		fmt.Fprintln(w, "bot:", usage.Error())
		return exitUsage
	}
	fmt.Fprintln(w, "bot:", err)
	return exitErrors
}
