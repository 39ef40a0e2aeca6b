package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"time"

	"go.uber.org/fx"

	"verihelp/channels"
	"verihelp/channels/slack"
	"verihelp/intents"
	"verihelp/internal/bot"
	"verihelp/internal/chat"
	"verihelp/internal/hours"
	"verihelp/internal/store"
	"verihelp/internal/zh"
	"verihelp/knowledge"
	"verihelp/knowledge/bleveindex"
)

// slackSettings are those of the desk in Slack.
type slackSettings struct {
	SlackChannel string            `env:"BOT_SLACK_CHANNEL" help:"ID of the desk channel in Slack, e.g. C0123456789."`
	SlackRoutes  map[string]string `env:"BOT_SLACK_ROUTES" mapsep:"," help:"Channels for some cases: category=C…, or priority=C… for those that go first, comma-separated."`
	SlackAgents  []string          `env:"BOT_SLACK_AGENTS" help:"User IDs who may act on cases, comma-separated; empty for all members of the channel."`
	SlackReply   string            `env:"BOT_SLACK_REPLY" default:"claimer" enum:"claimer,command" help:"What reaches a user: claimer (what the holder types in the thread) or command (only what is sent with the button)."`
	SlackAPI     string            `name:"slack-api" env:"BOT_SLACK_API" help:"Base address of Slack's API, for tests."`
}

// Secrets of Slack: never flags.
const (
	slackBotToken      = "BOT_SLACK_BOT_TOKEN"
	slackAppToken      = "BOT_SLACK_APP_TOKEN"
	slackSigningSecret = "BOT_SLACK_SIGNING_SECRET" //nolint:gosec // a name
)

// slackNotes is whose notes in the database are those of Slack's desk.
const slackNotes = "slack"

// hasSlack says whether Slack is to be used at all.
func (*settings) hasSlack() bool {
	return os.Getenv(slackBotToken) != "" || os.Getenv(slackBotToken+"_FILE") != ""
}

var channelID = regexp.MustCompile(`^[CG][A-Z0-9]{6,}$`)

// checkSlack refuses settings of Slack that cannot work.
func (s *settings) checkSlack() error {
	if !s.hasSlack() {
		for name, set := range map[string]bool{
			"BOT_SLACK_CHANNEL": s.SlackChannel != "", "BOT_SLACK_ROUTES": len(s.SlackRoutes) > 0, "BOT_SLACK_AGENTS": len(s.SlackAgents) > 0,
			slackAppToken: os.Getenv(slackAppToken) != "", slackSigningSecret: os.Getenv(slackSigningSecret) != "",
		} {
			if set {
				return fmt.Errorf("%s is set, but %s is not; set both, or neither", name, slackBotToken)
			}
		}
		return nil
	}
	if !channelID.MatchString(s.SlackChannel) {
		return fmt.Errorf("BOT_SLACK_CHANNEL is %q; it is the ID of a channel, like C0123456789: in Slack, at the end of the channel's details", s.SlackChannel)
	}
	for what, id := range s.SlackRoutes {
		if !channelID.MatchString(id) {
			return fmt.Errorf("BOT_SLACK_ROUTES sends %s to %q; a channel has an ID like C0123456789", what, id)
		}
	}
	return nil
}

// slackConfig reads the settings and secrets of Slack.
func slackConfig(s *settings) (slack.Config, error) {
	zone, err := s.location()
	if err != nil {
		return slack.Config{}, err
	}
	c := slack.Config{
		Channel: s.SlackChannel, Routes: s.SlackRoutes, Agents: s.SlackAgents,
		Reply: slack.ReplyRule(s.SlackReply), API: s.SlackAPI, Location: zone,
	}
	var errs [3]error
	c.BotToken, errs[0] = secret(slackBotToken)
	c.AppToken, errs[1] = secret(slackAppToken)
	c.SigningSecret, errs[2] = secret(slackSigningSecret)
	return c, errors.Join(errs[:]...)
}

func newSlack(s *settings, d *data, db *store.Store, staff hours.Hours, now clock, log *slog.Logger) (*slack.Desk, error) {
	c, err := slackConfig(s)
	if err != nil {
		return nil, err
	}
	for what := range s.SlackRoutes {
		if _, known := d.catalog.Get(what); !known && what != slack.PriorityRoute {
			return nil, fmt.Errorf("BOT_SLACK_ROUTES names %q, which is no category (see intents/categories) and not %q", what, slack.PriorityRoute)
		}
	}
	c.Notes, c.Now, c.Logger = db.Notebook(slackNotes), now, log
	c.Knowledge, c.Categories = sections{d.index}, labels(d.catalog)
	c.Target, c.Worked = s.Target, staff.Between
	return slack.New(c)
}

// startSlack has the desk take what comes, in every process, and asks Slack who we
// are: a refused token stops the start, an outage does not.
func startSlack(lc fx.Lifecycle, d *slack.Desk, b *bot.Bot, log *slog.Logger) {
	d.Attach(b)
	lc.Append(fx.StartStopHook(func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, slackPatience)
		defer cancel()
		err := d.Verify(ctx)
		if err != nil && !errors.Is(err, slack.ErrRefused) {
			log.Warn("Slack cannot be reached; the desk tries again", "err", err)
			return nil
		}
		return err
	}, d.Close))
}

const slackPatience = 10 * time.Second

// labels are the categories that staff can name as the right one.
func labels(c *intents.Catalog) []chat.Choice {
	var out []chat.Choice
	for _, cat := range c.All() {
		if cat.Kind != intents.Talk {
			out = append(out, chat.Choice{ID: cat.ID, Label: cat.Title})
		}
	}
	return out
}

// sections lets staff search the articles, in the user's script.
type sections struct{ index *bleveindex.Index }

var _ channels.Knowledge = sections{}

// Search implements channels.Knowledge.
func (x sections) Search(_ context.Context, query, lang string, limit int) ([]channels.Section, error) {
	hits := x.index.Search(query, nil, limit)
	found := make([]channels.Section, len(hits))
	for i, hit := range hits {
		found[i] = section(hit.Section, zh.Locale(lang))
	}
	return found, nil
}

func section(s *knowledge.Section, lang zh.Locale) channels.Section {
	return channels.Section{ID: s.ID, Title: zh.Convert(s.Title, lang), Text: zh.Convert(s.Text(), lang), URL: s.Article.Source}
}

// slackCmd holds what can be done about the desk in Slack.
type slackCmd struct {
	Check slackCheckCmd `cmd:"" help:"Check tokens, scopes, channels and the connection, and say what to do."`
}

// slackCheckCmd verifies a set-up.
type slackCheckCmd struct{}

// Run prints a line for each thing that was looked at.
func (slackCheckCmd) Run(ctx context.Context, s *settings, io streams) error {
	if !s.hasSlack() {
		return usagef("%s is not set; README, \"Connect Slack\", tells where to find it", slackBotToken)
	}
	if err := s.checkSlack(); err != nil {
		return usageError{err}
	}
	c, err := slackConfig(s)
	if err != nil {
		return usageError{err}
	}
	c.Notes, c.Now, c.Logger = noNotes{}, time.Now, slog.New(slog.DiscardHandler)
	desk, err := slack.New(c)
	if err != nil {
		return usageError{err}
	}
	ctx, cancel := context.WithTimeout(ctx, 3*slackPatience)
	defer cancel()
	var failed error
	for _, f := range desk.Check(ctx) {
		sign := "ok  "
		if !f.OK {
			sign, failed = "BAD ", errData
		}
		fmt.Fprintln(io.out, sign+f.Text)
	}
	return failed
}
