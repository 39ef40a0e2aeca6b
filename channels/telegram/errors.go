package telegram

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"

	"verihelp/channels"
)

// Nothing of an error of the library or of net/http goes further than this file:
// it may hold the token, which stands in addresses, or a user's words, which
// Telegram repeats in answers.

var (
	errToken = errors.New("Telegram refuses the token; copy it again from @BotFather into BOT_TELEGRAM_TOKEN (and check BOT_TELEGRAM_API, if set)") //nolint:revive,staticcheck // begins with a name
	errOther = errors.New("another program takes this bot's updates; stop it, or give it a token of its own")

	errTooMany = errors.New("too many requests")
)

// badRequest is Telegram's refusal of a call as it is (400). The description is
// for comparison only.
type badRequest struct{ description string }

// Error names no more than the beginning, which holds none of our text.
func (e *badRequest) Error() string {
	first, _, _ := strings.Cut(strings.TrimPrefix(e.description, "Bad Request: "), ":")
	if len(first) > 60 {
		first = "the call is refused"
	}
	return "bad request: " + first
}

// complains says that Telegram refused a call for a reason.
func complains(err error, reason string) bool {
	var bad *badRequest
	return errors.As(err, &bad) && strings.Contains(strings.ToLower(bad.description), reason)
}

// meaning is what an error of the library says for a delivery.
func meaning(err error) error {
	var many *tg.TooManyRequestsError
	var moved *tg.MigrateError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		return refusal(http.StatusTooManyRequests, "", many.RetryAfter)
	case errors.As(err, &moved):
		return gone("the group has moved")
	}
	for status, sentinel := range map[int]error{
		http.StatusUnauthorized: tg.ErrorUnauthorized, http.StatusNotFound: tg.ErrorNotFound, http.StatusConflict: tg.ErrorConflict,
		http.StatusForbidden: tg.ErrorForbidden, http.StatusBadRequest: tg.ErrorBadRequest,
	} {
		if errors.Is(err, sentinel) {
			return refusal(status, strings.TrimPrefix(err.Error(), sentinel.Error()+", "), 0)
		}
	}
	return unsent(err)
}

// refusal is what Telegram's own error codes say.
func refusal(code int, description string, retryAfter int) error {
	switch code {
	case http.StatusTooManyRequests:
		return &channels.RetryLater{Wait: time.Duration(max(retryAfter, 1)) * time.Second, Err: errTooMany}
	case http.StatusUnauthorized, http.StatusNotFound:
		return errToken
	case http.StatusConflict:
		return errOther
	case http.StatusForbidden:
		return forbidden(strings.ToLower(description))
	case http.StatusBadRequest:
		for _, missing := range []string{"chat not found", "user not found", "peer_id_invalid"} {
			if strings.Contains(strings.ToLower(description), missing) {
				return gone(channels.ReasonNoChat)
			}
		}
		return &badRequest{description}
	}
	return fmt.Errorf("%w: Telegram answers with error %d", channels.ErrUnknownOutcome, code)
}

func forbidden(description string) error {
	switch {
	case strings.Contains(description, "blocked by the user"):
		return gone(channels.ReasonBlocked)
	case strings.Contains(description, "deactivated"):
		return gone(channels.ReasonDeactivated)
	}
	return gone(channels.ReasonNotAllowed)
}

func gone(reason string) error {
	return &channels.Refused{Reason: reason, Err: errors.New("refused by Telegram")}
}

// unsent tells a call that never left, and can be tried again, from one whose
// outcome nobody knows.
func unsent(err error) error {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return fmt.Errorf("reach Telegram: %w", dial.Err)
	}
	var timeout interface{ Timeout() bool }
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Errorf("%w: Telegram did not answer in time", channels.ErrUnknownOutcome)
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%w: %w", channels.ErrUnknownOutcome, context.Canceled)
	}
	var failed *url.Error
	if errors.As(err, &failed) {
		return fmt.Errorf("%w: the connection to Telegram broke", channels.ErrUnknownOutcome)
	}
	return fmt.Errorf("%w: Telegram's answer cannot be read", channels.ErrUnknownOutcome)
}

// retryAfter is how long Telegram wants to be left alone; 0 if it did not say.
func retryAfter(err error) time.Duration {
	var later *channels.RetryLater
	if errors.As(err, &later) {
		return later.Wait
	}
	return 0
}

// everybody is how many chats Telegram must refuse in a row, none of our messages
// getting through meanwhile, before that is taken to be about the whole bot.
const everybody = 5

// pauses remembers which chats Telegram does not want to hear of for a while. Its
// refusal does not say whether it means the chat or the whole bot. A chat that
// writes too much must not silence the others, and a few of them must not either;
// where the bot is meant, no message gets through to anybody.
type pauses struct {
	now   func() time.Time
	mu    sync.Mutex
	chats map[int64]time.Time // until when
	row   map[int64]bool      // those refused since a message got through
	all   time.Time
}

func (p *pauses) left(chat int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.all
	if mine := p.chats[chat]; mine.After(until) {
		until = mine
	}
	return until.Sub(p.now())
}

// add notes a refusal of a call about a chat (0 for none, which pauses nobody).
func (p *pauses) add(chat int64, wait time.Duration) {
	if chat == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	for other, end := range p.chats {
		if !end.After(now) {
			delete(p.chats, other)
			delete(p.row, other)
		}
	}
	p.chats[chat], p.row[chat] = now.Add(wait), true
	if len(p.row) >= everybody {
		p.all = now.Add(wait)
	}
}

// through notes that a message got through.
func (p *pauses) through() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.row)
}
