package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels"
	"verihelp/internal/bot"
	"verihelp/internal/chat"
	"verihelp/internal/store"
)

// dataFolder is a service's folder after a person has written and asked for staff.
func dataFolder(t *testing.T, words string) string {
	t.Helper()
	folder := t.TempDir()
	db, service := serviceOn(t, folder)
	for i, text := range []string{words, "轉人工"} {
		m := chat.Message{ID: string(rune('1' + i)), From: chat.Address{Channel: "telegram", User: "77"}, Text: text, At: time.Now()}
		require.NoError(t, <-service.Receive(t.Context(), m))
	}
	require.NoError(t, service.Close(context.Background()))
	require.NoError(t, db.Close())
	return folder
}

func serviceOn(t *testing.T, folder string) (*store.Store, *bot.Bot) {
	t.Helper()
	b, err := testBrain()
	require.NoError(t, err)
	db, err := store.Open(t.Context(), filepath.Join(folder, "bot.db"), store.Options{NewID: newID})
	require.NoError(t, err)
	service, err := bot.New(bot.Config{Store: db, Engine: b.engine, NewID: newID, Desks: []channels.Desk{silentDesk{}}, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	return db, service
}

// command runs `bot` on a data folder.
func command(t *testing.T, folder string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), append(args, "--data-dir", folder), streams{out: &o, err: &e})
	assert.LessOrEqual(t, strings.Count(e.String(), "\n"), 1, "one line: %s", e.String())
	return code, o.String(), e.String()
}

func TestExportHoldsAllThatIsKept(t *testing.T) {
	folder := dataFolder(t, "人臉一直過不了")
	code, out, errs := command(t, folder, "export", "--address", "telegram:77")
	require.Equal(t, exitDone, code, errs)
	var kept store.Export
	require.NoError(t, json.Unmarshal([]byte(out), &kept))
	assert.Contains(t, out, "人臉一直過不了", "as people read it")
	require.NotEmpty(t, kept.Cases)
	assert.NotEmpty(t, kept.Events)

	file := filepath.Join(t.TempDir(), "export.json")
	code, out, errs = command(t, folder, "export", "--case", kept.Cases[0].ID, "--out", file)
	require.Equal(t, exitDone, code, errs)
	assert.Contains(t, out, "1 case, 0 attachments")
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	code, _, errs = command(t, folder, "export", "--address", "telegram:77", "--out", file)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "exists already")
}

func TestErasureIsToldWithWhatRemains(t *testing.T) {
	folder := dataFolder(t, "人臉一直過不了")
	code, _, errs := command(t, folder, "erase", "--address", "telegram:77")
	assert.Equal(t, exitUsage, code, "not without --yes")
	assert.Contains(t, errs, "1 case")
	_, exported, _ := command(t, folder, "export", "--address", "telegram:77")
	var kept store.Export
	require.NoError(t, json.Unmarshal([]byte(exported), &kept))
	code, out, errs := command(t, folder, "erase", "--address", "telegram:77", "--yes")
	require.Equal(t, exitDone, code, errs)
	for _, want := range []string{"erased: ", "remains: backups made before", "remains: the chat in Telegram"} {
		assert.Contains(t, out, want)
	}
	assert.NotContains(t, out, "Slack", "no case of this installation was ever there")
	id := kept.Cases[0].ID
	for _, args := range [][]string{{"--address", "telegram:77"}, {"--case", id}} {
		code, _, errs = command(t, folder, append([]string{"export"}, args...)...)
		assert.Equal(t, exitErrors, code, errs)
		assert.NotContains(t, errs, "decode")
	}
}

// Threads outlive the settings that made them.
func TestErasureTellsOfSlackWhereCasesWereShownThere(t *testing.T) {
	for name, connect := range map[string]func(*testing.T, *store.Store){
		"connected": func(t *testing.T, _ *store.Store) { t.Setenv(slackBotToken, "xoxb-1") },
		"connected once": func(t *testing.T, db *store.Store) {
			require.NoError(t, db.Notebook(slackNotes).SetNote(t.Context(), "heard", "1"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := dataFolder(t, "人臉一直過不了")
			db, service := serviceOn(t, folder)
			connect(t, db)
			require.NoError(t, service.Close(context.Background()))
			require.NoError(t, db.Close())
			_, out, _ := command(t, folder, "erase", "--address", "telegram:77", "--yes")
			assert.Contains(t, out, "Slack of 1 case (")
		})
	}
}

func TestABackupIsMadeWhileTheServiceRuns(t *testing.T) {
	folder := dataFolder(t, "人臉一直過不了")
	db, service := serviceOn(t, folder)
	file := filepath.Join(t.TempDir(), "backup.db")
	code, _, errs := command(t, folder, "backup", file)
	require.Equal(t, exitDone, code, errs)
	code, _, errs = command(t, folder, "backup", file)
	assert.Equal(t, exitErrors, code)
	assert.Contains(t, errs, "exists already")
	code, _, errs = command(t, folder, "restore", file, "--force")
	assert.Equal(t, exitErrors, code, "not under a service that runs")
	assert.Contains(t, errs, "stop that one first")
	require.NoError(t, service.Close(context.Background()))
	require.NoError(t, db.Close())

	fresh := t.TempDir()
	code, out, errs := command(t, fresh, "restore", file)
	require.Equal(t, exitDone, code, errs)
	assert.Contains(t, out, "erase them again")
	_, before, _ := command(t, folder, "export", "--address", "telegram:77")
	_, after, _ := command(t, fresh, "export", "--address", "telegram:77")
	assert.Equal(t, before, after, "nothing is missing")
}

func TestRestoringLosesNothing(t *testing.T) {
	old, current := dataFolder(t, "人臉一直過不了"), dataFolder(t, "護照還有45天到期")
	file := filepath.Join(t.TempDir(), "backup.db")
	code, _, errs := command(t, old, "backup", file)
	require.Equal(t, exitDone, code, errs)
	code, _, errs = command(t, current, "restore", file)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "--force")
	code, out, errs := command(t, current, "restore", file, "--force")
	require.Equal(t, exitDone, code, errs)
	_, aside, ok := strings.Cut(strings.SplitN(out, "\n", 2)[0], "moved aside: ")
	require.True(t, ok, out)
	_, now, _ := command(t, current, "export", "--address", "telegram:77")
	assert.Contains(t, now, "人臉一直過不了")

	rescued := t.TempDir()
	code, _, errs = command(t, rescued, "restore", aside)
	require.Equal(t, exitDone, code, errs)
	_, then, _ := command(t, rescued, "export", "--address", "telegram:77")
	assert.Contains(t, then, "護照還有45天到期")
}

func TestWhatCannotBeDoneIsToldInOneLine(t *testing.T) {
	folder, empty := dataFolder(t, "您好"), t.TempDir()
	text := filepath.Join(t.TempDir(), "text.db")
	require.NoError(t, os.WriteFile(text, []byte(strings.Repeat("no database", 999)), 0o600))
	tests := []struct {
		name, folder string
		args         []string
		code         int
		want         string
	}{
		{"export of nobody", folder, []string{"export"}, exitUsage, "--address channel:user"},
		{"export of both", folder, []string{"export", "--address", "web:1", "--case", "K-1"}, exitUsage, "--address channel:user"},
		{"half an address", folder, []string{"export", "--address", "77"}, exitUsage, "write channel:user"},
		{"a stranger", folder, []string{"export", "--address", "web:1"}, exitErrors, "nothing is kept of web:1"},
		{"an unknown case", folder, []string{"erase", "--case", "K-9"}, exitErrors, "there is no case K-9"},
		{"no database to export from", empty, []string{"export", "--address", "web:1"}, exitErrors, "set BOT_DATA"},
		{"no database to back up", empty, []string{"backup", filepath.Join(empty, "b.db")}, exitErrors, "set BOT_DATA"},
		{"a backup into no folder", folder, []string{"backup", filepath.Join(empty, "no", "b.db")}, exitErrors, "make it first"},
		{"a backup without a name", folder, []string{"backup"}, exitUsage, "<file>"},
		{"a restore of nothing", empty, []string{"restore", filepath.Join(empty, "none.db")}, exitUsage, "no backup to restore"},
		{"a restore of a text", empty, []string{"restore", text}, exitErrors, "no database"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			code, _, errs := command(t, test.folder, test.args...)
			assert.Equal(t, test.code, code, errs)
			assert.Contains(t, errs, test.want)
		})
	}
	left, err := filepath.Glob(filepath.Join(empty, "*.restoring"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestPostgreSQLHasItsOwnTools(t *testing.T) {
	t.Setenv("BOT_DATABASE", "postgres://bot:secret@db/bot")
	for _, args := range [][]string{{"backup", "x.dump"}, {"restore", "x.dump"}} {
		code, _, errs := command(t, t.TempDir(), args...)
		assert.Equal(t, exitErrors, code)
		assert.Contains(t, errs, `--dbname="$BOT_DATABASE"`)
		assert.Contains(t, errs, "x.dump")
		assert.NotContains(t, errs, "secret")
	}
}
