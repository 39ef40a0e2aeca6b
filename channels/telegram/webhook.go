package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// WebhookPath is where Handler is served, below the public address.
const WebhookPath = "/telegram/webhook"

const (
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
	maxUpdate    = 1 << 20          // bytes of one update
	hookTimeout  = 25 * time.Second // for one update; Telegram sends it again after that
	hookConns    = 40               // connections that Telegram may open
)

// Handler takes updates from Telegram, on any node. It answers 200 once an update
// is committed, and 500 where it has to come again; Telegram keeps the order of a
// chat. It needs no token but the secret that was given to Telegram.
func (c *Channel) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, text := c.serveUpdate(w, r)
		http.Error(w, text, status)
	})
}

func (c *Channel) serveUpdate(w http.ResponseWriter, r *http.Request) (status int, text string) {
	switch {
	case c.cfg.WebhookSecret == "" || !sameSecret(r.Header.Get(secretHeader), c.cfg.WebhookSecret):
		return http.StatusForbidden, "not from Telegram"
	case r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed, "POST an update"
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if err != nil {
		return http.StatusRequestEntityTooLarge, "the update is too large or broke off"
	}
	u, err := decode(body)
	if err != nil {
		c.cfg.Logger.Error("telegram sent an update that cannot be read", "update", u.ID, "err", err)
		if !json.Valid(body) { // cut on its way
			return http.StatusBadRequest, "not JSON"
		}
		return http.StatusOK, "passed over" // it would come again for ever
	}
	ctx, cancel := context.WithTimeout(r.Context(), hookTimeout)
	defer cancel()
	handle, end := c.accept(u)
	defer end()
	if err := handle(ctx); err != nil {
		c.cfg.Logger.Warn("update not taken; telegram sends it again", "channel", Name, "update", u.ID, "err", err)
		return http.StatusInternalServerError, "try again"
	}
	return http.StatusOK, "ok"
}

// sameSecret compares in constant time, whatever the lengths.
func sameSecret(got, want string) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// hookInfo is what Telegram says of the webhook.
type hookInfo struct {
	URL       string
	Pending   int
	LastError string
	FailedAt  time.Time
}

func (a *api) webhook(ctx context.Context) (info hookInfo, err error) {
	err = a.call(ctx, 0, func(ctx context.Context) error {
		got, err := a.bot.GetWebhookInfo(ctx)
		if err == nil {
			info = hookInfo{got.URL, got.PendingUpdateCount, got.LastErrorMessage, time.Unix(int64(got.LastErrorDate), 0)}
		}
		return err
	})
	return info, err
}

func (a *api) setWebhook(ctx context.Context, url, secret string) error {
	err := a.call(ctx, 0, func(ctx context.Context) error {
		_, err := a.bot.SetWebhook(ctx, &tg.SetWebhookParams{URL: url, SecretToken: secret, MaxConnections: hookConns, AllowedUpdates: allowedUpdates})
		return err
	})
	var bad *badRequest
	if errors.As(err, &bad) {
		return fmt.Errorf("set webhook: %w; BOT_PUBLIC_URL must be https, public, and on port 443, 80, 88 or 8443", err)
	}
	return err
}

func (a *api) deleteWebhook(ctx context.Context) error {
	return a.call(ctx, 0, func(ctx context.Context) error {
		_, err := a.bot.DeleteWebhook(ctx, &tg.DeleteWebhookParams{}) // what is pending there is kept
		return err
	})
}

// setProfile sets what Telegram shows of the bot, in one language.
func (a *api) setProfile(ctx context.Context, p profile) error {
	return a.call(ctx, 0, func(ctx context.Context) error {
		_, errCommands := a.bot.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: p.commands, Scope: &models.BotCommandScopeAllPrivateChats{}, LanguageCode: p.lang})
		if errCommands != nil {
			return errCommands
		}
		if _, err := a.bot.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: p.about, LanguageCode: p.lang}); err != nil {
			return err
		}
		_, err := a.bot.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{ShortDescription: p.short, LanguageCode: p.lang})
		return err
	})
}

// hashOf tells whether profiles changed.
func hashOf(profiles []profile) []byte {
	sum := sha256.New()
	for _, p := range profiles {
		fmt.Fprintf(sum, "%q %q %q %q\n", p.lang, p.about, p.short, p.commands)
	}
	return sum.Sum(nil)
}
