package main

import (
	"crypto/rand"
	"log/slog"
	"net/http"

	"go.uber.org/fx"

	"verihelp/channels"
	"verihelp/channels/localdesk"
	"verihelp/channels/slack"
	"verihelp/channels/telegram"
	"verihelp/channels/webchat"
	"verihelp/internal/hours"
)

// parts lists every channel and desk, a line each. A new one is a folder under
// channels/ and a line here.
func parts(s *settings) fx.Option {
	options := []fx.Option{
		fx.Provide(newWebchat, asChannel[*webchat.Channel], webchatEndpoint),
	}
	if s.DeskListen != "off" {
		options = append(options, fx.Provide(newLocalDesk, asDesk[*localdesk.Desk], localDeskEndpoint))
	}
	if s.hasSlack() {
		options = append(options, fx.Provide(newSlack, asDesk[*slack.Desk]), fx.Invoke(startSlack))
	}
	if s.hasTelegram() {
		options = append(options, fx.Provide(newTelegram, asChannel[*telegram.Channel]), fx.Invoke(startTelegram))
	}
	return fx.Options(options...)
}

type channelOut struct {
	fx.Out
	Channel channels.Channel `group:"channels"`
}

type deskOut struct {
	fx.Out
	Desk channels.Desk `group:"desks"`
}

type endpointOut struct {
	fx.Out
	Endpoint endpoint `group:"endpoints"`
}

func asChannel[C channels.Channel](c C) channelOut { return channelOut{Channel: c} }
func asDesk[D channels.Desk](d D) deskOut          { return deskOut{Desk: d} }

func newWebchat(s *settings, now clock, other behind, log *slog.Logger) (*webchat.Channel, error) {
	keys, err := s.jwtKeys()
	if err != nil {
		return nil, err
	}
	proxies, err := s.proxies()
	if err != nil {
		return nil, err
	}
	c := webchat.Config{
		Origins: s.Origins, TrustedProxies: proxies,
		PeerRate: s.PeerRate, PeerStrangers: s.Strangers,
		Keys: keys, TokenAudience: s.Audience, TokenRequired: s.SignIn,
		Now: now, Logger: log,
	}
	if other.Telegram != nil {
		c.Link = other.Telegram.Link
	}
	return webchat.New(c)
}

// behind are what is reached under the web chat's address, too.
type behind struct {
	fx.In
	Slack    *slack.Desk       `optional:"true"`
	Telegram *telegram.Channel `optional:"true"`
}

func webchatEndpoint(s *settings, c *webchat.Channel, b behind) endpointOut {
	mux := http.NewServeMux()
	mux.Handle("/", c.Handler())
	if b.Slack != nil && b.Slack.AppToken == "" {
		mux.Handle("/slack/", b.Slack.Handler())
	}
	if b.Telegram != nil {
		mux.Handle(telegram.WebhookPath, b.Telegram.Handler())
	}
	mux.HandleFunc("GET /healthz", health)
	return endpointOut{Endpoint: endpoint{name: "web chat", setting: "BOT_LISTEN", address: s.Listen, path: "/", handler: mux}}
}

func newLocalDesk(s *settings, d *data, staff hours.Hours, now clock, log *slog.Logger) (*localdesk.Desk, error) {
	return localdesk.New(localdesk.Config{Now: now, Random: rand.Reader, Hours: staff, Target: s.Target, Logger: log, Categories: labels(d.catalog)})
}

func localDeskEndpoint(s *settings, d *localdesk.Desk) endpointOut {
	return endpointOut{Endpoint: endpoint{name: "staff desk", setting: "BOT_DESK_LISTEN", address: s.DeskListen, path: d.LoginPath(), handler: d.Handler()}}
}
