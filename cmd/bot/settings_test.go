package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSettingsOfTheWebChat(t *testing.T) {
	key := "k1:" + strings.Repeat("A", 43) + "="
	file := filepath.Join(t.TempDir(), "keys")
	require.NoError(t, os.WriteFile(file, []byte(key+"\n"), 0o600))
	tests := []struct {
		name string
		env  map[string]string
		args []string
		says string // the error; none where empty
	}{
		{"keys", map[string]string{"BOT_JWT_KEYS": key, "BOT_JWT_REQUIRED": "true"}, nil, ""},
		{"keys of a file", map[string]string{"BOT_JWT_KEYS_FILE": file}, []string{"--jwt-required"}, ""},
		{"keys twice", map[string]string{"BOT_JWT_KEYS": key, "BOT_JWT_KEYS_FILE": file}, nil, "both set"},
		{"no such file", map[string]string{"BOT_JWT_KEYS_FILE": file + "x"}, nil, "BOT_JWT_KEYS_FILE"},
		{"a key that is too short", map[string]string{"BOT_JWT_KEYS": "k1:c2hvcnQ="}, nil, "openssl rand"},
		{"required without a key", nil, []string{"--jwt-required"}, "BOT_JWT_KEYS"},
		{"proxies", nil, []string{"--trusted-proxies=10.0.0.7,fd00::/8"}, ""},
		{"proxies by name", nil, []string{"--trusted-proxies=proxy.internal"}, "BOT_TRUSTED_PROXIES"},
		{"working hours", nil, []string{"--hours=Mon-Fri 09:00-18:00, Sat 22:00-02:00"}, ""},
		{"hours without days", map[string]string{"BOT_HOURS": "9-18"}, nil, "BOT_HOURS"},
		{"no time to answer", nil, []string{"--target=0s"}, "BOT_TARGET"},
		{"no day for files", nil, []string{"--file-days=0"}, "BOT_FILE_DAYS"},
		{"a rate below nothing", nil, []string{"--address-rate=-1"}, "BOT_ADDRESS_RATE"},
		{"strangers below nothing", nil, []string{"--address-strangers=-1"}, "BOT_ADDRESS_STRANGERS"},
		{"cases below nothing", nil, []string{"--address-cases=-1"}, "BOT_ADDRESS_CASES"},
		{"a wait below nothing", nil, []string{"--burst=-1s"}, "BOT_BURST"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			var c cli
			parsed, err := kong.New(&c)
			require.NoError(t, err)
			_, err = parsed.Parse(test.args)
			require.NoError(t, err)
			err = c.check()
			if test.says == "" {
				assert.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.says)
			assert.NotContains(t, err.Error(), "AAAA")
		})
	}
	var out, errs bytes.Buffer
	assert.Equal(t, exitUsage, run(t.Context(), []string{"config", "--jwt-keys=" + key}, streams{out: &out, err: &errs}), "a secret is never a flag")
	t.Setenv("BOT_JWT_KEYS", key)
	require.Equal(t, exitDone, run(t.Context(), []string{"config"}, streams{out: &out, err: &errs}))
	assert.Regexp(t, `BOT_JWT_KEYS +\(hidden\) +environment`, out.String())
	assert.NotContains(t, out.String(), "AAAA")
}

// A value that cannot be read is a start that cannot succeed, told as the operator
// wrote it.
func TestAValueThatCannotBeReadIsToldAsItWasWritten(t *testing.T) {
	for _, test := range []struct {
		name      string
		env, file string
		args      []string
		says      string
	}{
		{"a time by environment", "BOT_TARGET=abc", "", nil, `BOT_TARGET is "abc"; write a time with its unit, like 30m`},
		{"a time by flag", "", "", []string{"--target=abc"}, `--target is "abc"; write a time with its unit, like 30m`},
		{"a time by file", "", "BOT_TARGET: abc", nil, `BOT_TARGET is "abc" in the settings file; write a time with its unit, like 30m`},
		{"the environment before the file", "BOT_TARGET=x", "BOT_TARGET: abc", nil, `BOT_TARGET is "x"; write`},
		{"one of some words", "BOT_LOG=loud", "", nil, `BOT_LOG is "loud"; use one of debug, info, warn, error`},
		{"one of some words by flag", "BOT_LOG=info", "", []string{"--log-level", "loud"}, `--log-level is "loud"; use one of`},
		{"a number", "BOT_FILE_DAYS=many", "", nil, `BOT_FILE_DAYS is "many"; write a whole number, like 30`},
		{"a rate", "BOT_ADDRESS_RATE=fast", "", nil, `BOT_ADDRESS_RATE is "fast"; write a number, like 200`},
		{"yes or no", "BOT_JWT_REQUIRED=perhaps", "", nil, `BOT_JWT_REQUIRED is "perhaps"; write true or false`},
		{"pairs", "BOT_SLACK_ROUTES=C0", "", nil, `BOT_SLACK_ROUTES is "C0"; write name=value`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if name, value, set := strings.Cut(test.env, "="); set {
				t.Setenv(name, value)
			}
			file := filepath.Join(t.TempDir(), "bot.yaml")
			require.NoError(t, os.WriteFile(file, []byte(test.file), 0o600))
			t.Setenv("BOT_CONFIG", file)
			var out, errs bytes.Buffer
			assert.Equal(t, exitErrors, run(t.Context(), append([]string{"serve"}, test.args...), streams{out: &out, err: &errs}))
			assert.Contains(t, errs.String(), test.says)
			assert.Equal(t, 1, strings.Count(errs.String(), "\n"))
		})
	}
}

func TestASettingsFileIsBlamedForItself(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bot.yaml")
	for name, c := range map[string]struct{ content, says string }{
		"no file":            {"", "read settings file"},
		"an unknown setting": {"Foo: 1\n", `unknown setting "Foo"`},
		"no list of lines":   {"[]\n", "write lines like"},
		"a secret":           {"BOT_TELEGRAM_TOKEN: x\n", "BOT_TELEGRAM_TOKEN is a secret"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.content != "" {
				require.NoError(t, os.WriteFile(file, []byte(c.content), 0o600))
			}
			var out, errs bytes.Buffer
			assert.Equal(t, exitUsage, run(t.Context(), []string{"config", "--config=" + file + map[bool]string{true: ".missing"}[c.content == ""]}, streams{out: &out, err: &errs}))
			assert.Contains(t, errs.String(), c.says)
			assert.NotContains(t, errs.String(), "--", "no flag is to blame")
			assert.Equal(t, 1, strings.Count(errs.String(), "\n"))
		})
	}
}

func TestFlagsBeatTheEnvironmentWhichBeatsTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bot.yaml")
	require.NoError(t, os.WriteFile(file, []byte("BOT_LISTEN: 127.0.0.1:1\nBOT_TARGET: 45m\nBOT_BURST: 2s\n"), 0o600))
	t.Setenv("BOT_CONFIG", file)
	t.Setenv("BOT_TARGET", "50m")
	t.Setenv("BOT_BURST", "3s")
	var out, errs bytes.Buffer
	require.Equal(t, exitDone, run(t.Context(), []string{"config", "--burst=4s"}, streams{out: &out, err: &errs}), errs.String())
	assert.Regexp(t, `BOT_LISTEN +127\.0\.0\.1:1 +file`, out.String())
	assert.Regexp(t, `BOT_TARGET +50m0s +environment`, out.String())
	assert.Regexp(t, `BOT_BURST +4s +flag`, out.String())
}
