package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/slack-go/slack"

	"verihelp/channels"
)

// ErrRefused means that Slack does not accept a token: only the operator can help.
var ErrRefused = errors.New("Slack refuses the token") //nolint:staticcheck // a name

// errThreadGone means that a case's thread was deleted in Slack; another is opened.
var errThreadGone = errors.New("the thread was deleted")

// cures are Slack's errors that the operator can cure, with what to do. Nothing is
// given up for them: what waits goes out once the cause is gone.
var cures = map[string]string{
	"channel_not_found":       "Slack does not find the channel: correct BOT_SLACK_CHANNEL (or BOT_SLACK_ROUTES) and invite the app into it",
	"not_in_channel":          "the app is not in the channel: type /invite @<the app's name> there",
	"is_archived":             "the channel is archived: unarchive it, or set another in BOT_SLACK_CHANNEL",
	"missing_scope":           "the app lacks a scope: paste docs/slack-manifest.yaml again and re-install the app",
	"no_permission":           "the app may not do this: paste docs/slack-manifest.yaml again and re-install the app",
	"restricted_action":       "the workspace does not let the app post in the channel: ask its administrator",
	"ekm_access_denied":       "the workspace's key management denies access: ask its administrator",
	"invalid_auth":            "copy it again from the app's page",
	"not_authed":              "set BOT_SLACK_BOT_TOKEN",
	"token_revoked":           "the token was revoked: re-install the app and copy the new one",
	"token_expired":           "the token has expired: switch token rotation off, re-install the app and copy the new one",
	"account_inactive":        "the app was removed from the workspace: install it again",
	"not_allowed_token_type":  "it is of the wrong kind; BOT_SLACK_BOT_TOKEN begins with xoxb-, BOT_SLACK_APP_TOKEN with xapp-",
	"team_access_not_granted": "the app is not approved for this workspace: ask its administrator",
}

// refusals of tokens among them.
var refusedTokens = map[string]bool{
	"invalid_auth": true, "not_authed": true, "token_revoked": true, "token_expired": true, "account_inactive": true,
	"not_allowed_token_type": true,
}

// unsure are Slack's errors after which a call may have been done all the same.
var unsure = map[string]bool{
	"fatal_error": true, "internal_error": true, "service_unavailable": true, "request_timeout": true,
}

// explain turns what a call of the API came to into the errors of
// channels.Remote. What is not known to have failed has an unknown outcome.
func explain(err error) error {
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	code := slackCode(err)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return &channels.RetryLater{Wait: limited.RetryAfter, Err: err}
	case code == "thread_not_found" || code == "cannot_reply_to_message" || code == "message_not_found":
		return errThreadGone
	case refusedTokens[code]:
		return fmt.Errorf("%w: %s (%s)", ErrRefused, cures[code], code)
	case cures[code] != "":
		return fmt.Errorf("%s (%s)", cures[code], code)
	case code != "" && !unsure[code]:
		return fmt.Errorf("Slack refused the call: %w", err) //nolint:staticcheck // a name
	case errors.As(err, &status) && status.Code < http.StatusInternalServerError:
		return fmt.Errorf("Slack refused the call: %w", err) //nolint:staticcheck // a name
	case neverSent(err):
		return fmt.Errorf("reach Slack: %w", err)
	}
	return fmt.Errorf("%w: %w", channels.ErrUnknownOutcome, err)
}

// slackCode is the error that Slack itself named, if it did.
func slackCode(err error) string {
	var answer slack.SlackErrorResponse
	if errors.As(err, &answer) {
		return answer.Err
	}
	return ""
}

// neverSent says that no connection came about, so that nothing can have arrived.
func neverSent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns)
}

// ended says that an error only tells that we are stopping.
func ended(ctx context.Context) bool { return ctx.Err() != nil }

// definite is an error before anything could be seen in Slack: it may just be
// tried again.
func definite(err error) error {
	if errors.Is(err, channels.ErrUnknownOutcome) {
		return errors.New(err.Error())
	}
	return err
}
