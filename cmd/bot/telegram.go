package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"go.uber.org/fx"

	"verihelp/channels/hook"
	"verihelp/channels/telegram"
	"verihelp/internal/bot"
	"verihelp/internal/store"
)

// telegramSettings are those of the channel on Telegram.
type telegramSettings struct {
	PublicURL   string `name:"public-url" env:"BOT_PUBLIC_URL" help:"Address under which the web chat's endpoint is reached from outside, e.g. https://support.example.com."`
	TelegramAPI string `name:"telegram-api" env:"BOT_TELEGRAM_API" help:"Base address of the Bot API, for an API server of one's own and for tests."`
}

// Secrets of Telegram: never flags.
const (
	telegramToken  = "BOT_TELEGRAM_TOKEN"          //nolint:gosec // a name
	telegramSecret = "BOT_TELEGRAM_WEBHOOK_SECRET" //nolint:gosec // a name
)

func isSet(name string) bool { return os.Getenv(name) != "" || os.Getenv(name+"_FILE") != "" }

// hasTelegram says whether Telegram is to be used at all.
func (*settings) hasTelegram() bool { return isSet(telegramToken) }

// checkTelegram refuses settings of Telegram that cannot work.
func (s *settings) checkTelegram() error {
	if isSet(telegramSecret) && !s.hasTelegram() {
		return fmt.Errorf("%s is set, but %s is not; set both, or neither", telegramSecret, telegramToken)
	}
	if isSet(telegramSecret) && s.PublicURL == "" {
		return fmt.Errorf("%s is set, but BOT_PUBLIC_URL is not; set it to the address where Telegram reaches this service, or unset the secret to fetch updates by polling", telegramSecret)
	}
	if s.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && !hook.IsLoopback(u.Hostname()) || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("BOT_PUBLIC_URL is %q; write it like https://support.example.com", s.PublicURL)
	}
	return nil
}

// telegramConfig reads the settings and secrets of Telegram.
func telegramConfig(s *settings) (telegram.Config, error) {
	if err := s.checkTelegram(); err != nil {
		return telegram.Config{}, err
	}
	token, errToken := secret(telegramToken)
	webhook, errHook := secret(telegramSecret)
	return telegram.Config{
		Token: token, API: s.TelegramAPI,
		WebhookURL: strings.TrimSuffix(s.PublicURL, "/") + telegram.WebhookPath, WebhookSecret: webhook,
	}, errors.Join(errToken, errHook)
}

func newTelegram(s *settings, db *store.Store, now clock, log *slog.Logger) (*telegram.Channel, error) {
	c, err := telegramConfig(s)
	if err != nil {
		return nil, err
	}
	c.Notebook, c.Now, c.Logger = db.Notebook(telegram.Name), now, log
	return telegram.New(c)
}

// telegramPatience is how long a start waits for Telegram.
const telegramPatience = 10 * time.Second

// startTelegram gives the channel its inbox on every node, and asks Telegram who
// we are: a refused token stops the start, an outage does not.
func startTelegram(lc fx.Lifecycle, c *telegram.Channel, b *bot.Bot) {
	c.Attach(b)
	lc.Append(fx.StartHook(func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, telegramPatience)
		defer cancel()
		return c.Verify(ctx)
	}))
}

// telegramCmd holds what can be done about the channel on Telegram.
type telegramCmd struct {
	Check telegramCheckCmd `cmd:"" help:"Check the token and how updates come in, and say what to do."`
}

// telegramCheckCmd verifies a set-up.
type telegramCheckCmd struct{}

// Run prints a line for each thing that was looked at. It changes nothing.
func (telegramCheckCmd) Run(ctx context.Context, s *settings, io streams) error {
	if !s.hasTelegram() {
		return usagef("%s is not set; README, \"Connect Telegram\", tells where to find it", telegramToken)
	}
	c, err := telegramConfig(s)
	if err != nil {
		return usageError{err}
	}
	c.Notebook, c.Logger = noNotes{}, slog.New(slog.DiscardHandler)
	channel, err := telegram.New(c)
	if err != nil {
		return usageError{err}
	}
	ctx, cancel := context.WithTimeout(ctx, telegramPatience)
	defer cancel()
	found, err := channel.Check(ctx)
	for _, line := range found {
		fmt.Fprintln(io.out, line)
	}
	return err
}
