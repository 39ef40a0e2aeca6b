package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// scopes are those of docs/slack-manifest.yaml, and what lacks without each.
var scopes = []struct{ name, use string }{
	{"chat:write", "cards and messages"},
	{"channels:history", "what staff write (public channel)"},
	{"channels:read", "who is a member (public channel)"},
	{"groups:history", "what staff write (private channel)"},
	{"groups:read", "who is a member (private channel)"},
	{"users:read", "the names of staff"},
	{"reactions:write", "the signs under messages"},
	{"files:read", "files for users"},
	{"files:write", "files of users"},
	{"commands", "the slash command"},
}

// Finding is a line of Check.
type Finding struct {
	OK   bool
	Text string // what was found; where it is not well, also what to do
}

// Check looks at tokens, scopes, channels and the connection, and says of each
// whether it is well, in English, for the operator.
func (d *Desk) Check(ctx context.Context) []Finding {
	who, err := d.slack.api.AuthTestContext(ctx)
	switch err := explain(err); {
	case errors.Is(err, ErrRefused):
		return []Finding{bad("bot token: %v", err)}
	case err != nil:
		return []Finding{bad("Slack: nothing can be said of the token and the rest, since Slack does not answer as it should (%v); look at the way out of this machine (proxy, firewall, DNS) and at status.slack.com, then check again", err)}
	}
	found := []Finding{good("bot token: %s in workspace %s", who.User, who.Team)}
	found = append(found, checkScopes(who.Header.Get("X-Oauth-Scopes")))
	for _, channel := range d.channelIDs() {
		found = append(found, d.checkChannel(ctx, channel))
	}
	return append(found, d.checkTransport(ctx))
}

func good(format string, args ...any) Finding {
	return Finding{OK: true, Text: fmt.Sprintf(format, args...)}
}

func bad(format string, args ...any) Finding { return Finding{Text: fmt.Sprintf(format, args...)} }

func checkScopes(header string) Finding {
	granted := strings.FieldsFunc(header, func(r rune) bool { return r == ',' || r == ' ' })
	var missing []string
	for _, s := range scopes {
		if !slices.Contains(granted, s.name) {
			missing = append(missing, fmt.Sprintf("%s (%s)", s.name, s.use))
		}
	}
	if len(missing) > 0 {
		return bad("scopes: missing %s; paste docs/slack-manifest.yaml again under App Manifest, then re-install the app", strings.Join(missing, ", "))
	}
	return good("scopes: all %d granted", len(scopes))
}

func (d *Desk) checkChannel(ctx context.Context, id string) Finding {
	channel, err := d.slack.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	switch {
	case err != nil:
		return bad("channel %s: %v", id, explain(err))
	case channel.IsArchived:
		return bad("channel #%s: %s", channel.Name, cures["is_archived"])
	case !channel.IsMember:
		return bad("channel #%s: %s", channel.Name, cures["not_in_channel"])
	case channel.IsExtShared:
		return bad("channel #%s is shared with another organisation, whose people would read users' words; use another channel", channel.Name)
	}
	members, err := d.staff.readMembers(ctx, id)
	if err != nil {
		return bad("channel #%s: %v", channel.Name, err)
	}
	if n := len(d.Agents); n > 0 {
		return good("channel #%s: the app is a member; who can act on cases: the %d of BOT_SLACK_AGENTS", channel.Name, n)
	}
	return good("channel #%s: the app is a member; members who can act on cases: %d", channel.Name, max(0, len(members)-1))
}

func (d *Desk) checkTransport(ctx context.Context) Finding {
	if d.AppToken == "" {
		return good("HTTP events: signing secret is set; the Request URLs in the app's page must end with /slack/events, /slack/interactions and /slack/commands")
	}
	_, _, err := d.slack.api.StartSocketModeContext(ctx)
	code, err := slackCode(err), explain(err)
	switch {
	case err == nil:
		return good("Socket Mode: Slack gives a connection")
	case errors.Is(err, ErrRefused):
		return bad("app token: make one under Basic Information, App-Level Tokens, with the scope connections:write, and set BOT_SLACK_APP_TOKEN (%s)", code)
	case code == "":
		return bad("Socket Mode: Slack did not answer (%v); check again", err)
	}
	return bad("Socket Mode: %v; switch it on in the app's page under Socket Mode", err)
}
