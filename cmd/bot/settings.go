package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"

	"verihelp/channels/hook"
	"verihelp/channels/webchat"
)

// settings are the operator's: by flag, environment or file, in this order of
// precedence; the file (BOT_CONFIG) is YAML with the environment's names as keys.
type settings struct {
	ConfigFile string        `name:"config" env:"BOT_CONFIG" type:"path" help:"Optional YAML file with settings, NAME: value."`
	Listen     string        `env:"BOT_LISTEN" default:"127.0.0.1:8080" help:"Address of the web chat."`
	Origins    []string      `env:"BOT_ORIGINS" help:"Further web origins that may open the chat, comma-separated, e.g. https://app.example.com."`
	Proxies    []string      `name:"trusted-proxies" env:"BOT_TRUSTED_PROXIES" help:"Addresses or networks of the proxies in front, comma-separated, whose X-Forwarded-For is believed."`
	PeerRate   float64       `name:"address-rate" env:"BOT_ADDRESS_RATE" default:"200" help:"Requests and messages a second that one network address may send for long."`
	Strangers  int           `name:"address-strangers" env:"BOT_ADDRESS_STRANGERS" default:"600" help:"Conversations that people without an account may begin from one network address, at once and then an hour."`
	Cases      int           `name:"address-cases" env:"BOT_ADDRESS_CASES" default:"100" help:"Cases that people without an account may open from one network address, at once and then an hour; 0 for any number."`
	Audience   string        `name:"jwt-audience" env:"BOT_JWT_AUDIENCE" default:"verihelp" help:"Audience (aud) that sign-in tokens must name."`
	SignIn     bool          `name:"jwt-required" env:"BOT_JWT_REQUIRED" help:"Let nobody chat without a sign-in token."`
	DeskListen string        `env:"BOT_DESK_LISTEN" default:"127.0.0.1:8081" help:"Loopback address of the local desk; \"off\" for none."`
	Data       string        `name:"data-dir" env:"BOT_DATA" default:"./data" type:"path" help:"Folder of the embedded database."`
	PushURL    string        `name:"push-url" env:"BOT_PUSH_URL" help:"Address on the host's server that is told when staff have answered and nobody was looking."`
	Retention  string        `env:"BOT_RETENTION" help:"How long conversations are kept after the last word, e.g. 365d; empty for ever. Open cases stay."`
	FileDays   int           `env:"BOT_FILE_DAYS" default:"30" help:"Days that attachments are kept."`
	Knowledge  string        `env:"BOT_KNOWLEDGE" type:"path" help:"Folder that replaces the embedded articles (holds articles/)."`
	Intents    string        `env:"BOT_INTENTS" type:"path" help:"Folder that replaces the embedded categories (holds categories/, questions.yaml, phrases.yaml)."`
	Timezone   string        `env:"BOT_TIMEZONE" default:"Asia/Taipei" help:"Time zone in which dates are meant."`
	Hours      string        `env:"BOT_HOURS" help:"When staff work, in BOT_TIMEZONE, e.g. Mon-Fri 09:00-18:00, Sat 10:00-14:00; empty for always."`
	Target     time.Duration `env:"BOT_TARGET" default:"30m" help:"Working time within which staff should answer; half of it in cases that go first."`
	Burst      time.Duration `env:"BOT_BURST" default:"900ms" help:"How long a reply waits for the next of several short messages."`
	LogLevel   string        `env:"BOT_LOG" default:"info" enum:"debug,info,warn,error" help:"Least level that is logged: debug, info, warn or error."`

	slackSettings
	telegramSettings
}

// check refuses settings that cannot work, in one line each.
func (s *settings) check() error {
	if s.DeskListen != "off" {
		host, _, err := net.SplitHostPort(s.DeskListen)
		if err != nil {
			return fmt.Errorf("BOT_DESK_LISTEN is not an address like 127.0.0.1:8081: %w", err)
		}
		if !hook.IsLoopback(host) {
			return fmt.Errorf("BOT_DESK_LISTEN must be a loopback address such as 127.0.0.1:8081: the local desk has no staff accounts")
		}
	}
	for _, origin := range s.Origins {
		if !strings.HasPrefix(origin, "https://") && !strings.HasPrefix(origin, "http://") {
			return fmt.Errorf("BOT_ORIGINS holds %q; an origin begins with https://", origin)
		}
	}
	if _, _, err := s.database(); err != nil {
		return err
	}
	if _, err := s.retention(); err != nil {
		return err
	}
	if _, err := newHours(s); err != nil {
		return err
	}
	if s.Burst < 0 {
		return fmt.Errorf("BOT_BURST is %v; it is how long a reply waits, e.g. 900ms, or 0s", s.Burst)
	}
	if s.Target <= 0 {
		return fmt.Errorf("BOT_TARGET is %v; it is the time within which staff should answer, e.g. 30m", s.Target)
	}
	if s.FileDays < 1 {
		return fmt.Errorf("BOT_FILE_DAYS is %d; attachments are kept for at least 1 day", s.FileDays)
	}
	if err := s.checkSlack(); err != nil {
		return err
	}
	if err := s.checkTelegram(); err != nil {
		return err
	}
	return s.checkWebchat()
}

// checkWebchat refuses settings of the web chat that cannot work.
func (s *settings) checkWebchat() error {
	if s.PeerRate < 0 {
		return fmt.Errorf("BOT_ADDRESS_RATE is %v; it is a number of requests a second, e.g. 200", s.PeerRate)
	}
	if s.Strangers < 1 || s.Cases < 0 {
		return fmt.Errorf("BOT_ADDRESS_STRANGERS is %d and BOT_ADDRESS_CASES %d; each is a number an hour, e.g. 600 and 100; cases may be 0 for any number", s.Strangers, s.Cases)
	}
	if _, err := s.proxies(); err != nil {
		return err
	}
	keys, err := s.jwtKeys()
	if err == nil && s.SignIn && len(keys) == 0 {
		err = fmt.Errorf("BOT_JWT_REQUIRED is set, but there is no key to check tokens with; set BOT_JWT_KEYS or BOT_JWT_KEYS_FILE")
	}
	return err
}

// proxies reads addresses and networks alike.
func (s *settings) proxies() ([]netip.Prefix, error) {
	prefixes := make([]netip.Prefix, len(s.Proxies))
	for i, text := range s.Proxies {
		prefix, err := netip.ParsePrefix(text)
		if address, single := netip.ParseAddr(text); single == nil {
			prefix, err = netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("BOT_TRUSTED_PROXIES holds %q; write addresses like 10.0.0.7 or networks like 10.0.0.0/8", text)
		}
		prefixes[i] = prefix
	}
	return prefixes, nil
}

// jwtKeys reads the keys that sign-in tokens are signed with.
func (s *settings) jwtKeys() (map[string][]byte, error) {
	text, err := secret("BOT_JWT_KEYS")
	if err != nil {
		return nil, err
	}
	keys, err := webchat.ParseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("BOT_JWT_KEYS: %w", err)
	}
	return keys, nil
}

// secret reads a secret setting: by NAME or from the file that NAME_FILE names,
// never by flag, where other users of the machine would see it. Empty if neither
// is set.
func secret(name string) (string, error) {
	value, path := os.Getenv(name), os.Getenv(name+"_FILE")
	switch {
	case path == "":
		return value, nil
	case value != "":
		return "", fmt.Errorf("%s and %s_FILE are both set; unset one", name, name)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read %s_FILE: %w", name, err)
	}
	return strings.TrimSpace(string(content)), nil
}

func (s *settings) location() (*time.Location, error) {
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return nil, fmt.Errorf("BOT_TIMEZONE is not a time zone like Asia/Taipei: %w", err)
	}
	return zone, nil
}

// fileResolver gives kong the settings of the file for flags that neither the
// command line nor the environment sets.
type fileResolver struct {
	read   bool // whatever came of it
	values map[string]string
	err    error
}

// fileError is what is wrong with the settings file; kong puts a flag's name before
// it, which has nothing to do with it.
type fileError struct{ error }

// Validate implements kong.Resolver.
func (*fileResolver) Validate(*kong.Application) error { return nil }

// Resolve implements kong.Resolver.
func (r *fileResolver) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if len(flag.Envs) == 0 || flag.Name == "config" {
		return nil, nil
	}
	if _, set := os.LookupEnv(flag.Envs[0]); set {
		return nil, nil // kong lets a resolver beat the environment
	}
	values, err := r.file(ctx)
	if err != nil {
		return nil, err
	}
	v, ok := values[flag.Envs[0]]
	if !ok {
		return nil, nil
	}
	return v, nil
}

// file is the settings file's content, empty without one.
func (r *fileResolver) file(ctx *kong.Context) (map[string]string, error) {
	if !r.read {
		r.read = true
		if path := configPath(ctx); path != "" {
			if r.values, r.err = readConfigFile(path); r.err != nil {
				r.err = fileError{r.err}
			}
		}
	}
	return r.values, r.err
}

// configPath finds the file's name before kong has filled in the settings.
func configPath(ctx *kong.Context) string {
	for _, p := range ctx.Path {
		if p.Flag != nil && p.Flag.Name == "config" {
			return ctx.FlagValue(p.Flag).(string)
		}
	}
	return os.Getenv("BOT_CONFIG")
}

func readConfigFile(path string) (map[string]string, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read settings file: %w; correct BOT_CONFIG", err)
	}
	values := map[string]string{}
	if err := yaml.Unmarshal(src, &values); err != nil {
		what := strings.Join(strings.Fields(err.Error()), " ") // the library writes several lines
		return nil, fmt.Errorf("settings file %s: %s; write lines like `BOT_LISTEN: 127.0.0.1:8080`", path, what)
	}
	known := map[string]bool{}
	for _, flag := range kong.Must(&settings{}).Model.Flags {
		for _, env := range flag.Envs {
			known[env] = true
		}
	}
	for name := range values {
		if slices.Contains(secrets, strings.TrimSuffix(name, "_FILE")) {
			return nil, fmt.Errorf("settings file %s: %s is a secret; give it by the environment, or in a file of its own that %s_FILE names there", path, name, strings.TrimSuffix(name, "_FILE"))
		}
		if !known[name] {
			return nil, fmt.Errorf("settings file %s: unknown setting %q; `bot config` lists all", path, name)
		}
	}
	return values, nil
}

// configCmd prints all settings with their sources.
type configCmd struct{}

// Run prints a line a setting.
func (configCmd) Run(parsed *kong.Context, file *fileResolver, s streams) error {
	values, err := file.file(parsed)
	if err != nil {
		return err
	}
	given := map[string]bool{}
	for _, p := range parsed.Path {
		if p.Flag != nil && !p.Resolved { // resolved: by the file
			given[p.Flag.Name] = true
		}
	}
	for _, flag := range parsed.Model.Flags {
		if len(flag.Envs) == 0 {
			continue
		}
		source := "default"
		if _, ok := values[flag.Envs[0]]; ok {
			source = "file"
		}
		if _, ok := os.LookupEnv(flag.Envs[0]); ok {
			source = "environment"
		}
		if given[flag.Name] {
			source = "flag"
		}
		fmt.Fprintf(s.out, configLine, flag.Envs[0], shown(parsed.FlagValue(flag)), source, flag.Help)
	}
	for _, name := range secrets {
		value, err := secret(name)
		if err != nil {
			return err
		}
		hidden, source := "(hidden)", "environment"
		if value == "" {
			hidden, source = "", "not set"
		}
		fmt.Fprintf(s.out, configLine, name, hidden, source, "A secret: by this variable, or a file that "+name+"_FILE names.")
	}
	return nil
}

const configLine = "%-27s %-28s %-12s %s\n"

// shown is a setting's value as one would write it.
func shown(value any) string {
	switch v := value.(type) {
	case []string:
		return strings.Join(v, ",")
	case map[string]string:
		pairs := make([]string, 0, len(v))
		for _, key := range sorted(v) {
			pairs = append(pairs, key+"="+v[key])
		}
		return strings.Join(pairs, ",")
	}
	return fmt.Sprint(value)
}

// secrets are settings that are never flags and never printed.
var secrets = []string{"BOT_DATABASE", "BOT_DATA_KEY", "BOT_JWT_KEYS", "BOT_PUSH_SECRET", slackBotToken, slackAppToken, slackSigningSecret, telegramToken, telegramSecret}
