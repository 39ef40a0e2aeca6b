package telegram

import (
	"context"
	"errors"
	"fmt"
)

// Check asks Telegram about the bot, changes nothing, and returns what it found,
// a line each. The error says what must be put right before the service works.
func (c *Channel) Check(ctx context.Context) (found []string, err error) {
	me, err := c.account(ctx)
	if err != nil {
		return nil, err
	}
	found = append(found, fmt.Sprintf("token   ok: the bot is @%s, people find it at https://t.me/%s", me.Username, me.Username))
	if me.JoinGroups {
		found = append(found, "groups  the bot can be added to groups, and leaves them at once; @BotFather, /setjoingroups, Disable spares people that")
	}
	hook, err := c.api.webhook(ctx)
	if err != nil {
		return found, err
	}
	line, err := c.checkHook(hook)
	return append(found, line), err
}

func (c *Channel) checkHook(hook hookInfo) (line string, err error) {
	wanted := c.cfg.WebhookSecret != ""
	switch {
	case !wanted && hook.URL == "":
		return fmt.Sprintf("updates ok: fetched by polling, waiting: %d", hook.Pending), nil
	case !wanted:
		return "updates a webhook is set; the service removes it when it starts, and fetches updates by polling", nil
	case hook.URL == "":
		return "updates ok: the service sets the webhook " + c.cfg.WebhookURL + " when it starts", nil
	case hook.URL != c.cfg.WebhookURL:
		return "updates the webhook leads to another address; the service sets " + c.cfg.WebhookURL + " when it starts", nil
	case hook.LastError != "" && hook.Pending > 0:
		return fmt.Sprintf("updates the webhook is set, waiting: %d", hook.Pending),
			errors.New("Telegram could not deliver to " + hook.URL + " at " + hook.FailedAt.UTC().Format("2006-01-02 15:04 UTC") + " (" + hook.LastError + "); see that it reaches this service, with a valid certificate") //nolint:revive,staticcheck // begins with a name
	}
	return fmt.Sprintf("updates ok: by webhook, waiting: %d", hook.Pending), nil
}
