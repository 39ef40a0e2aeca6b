package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
)

// stuck is a data folder with a delivery in each state.
func stuck(t *testing.T) (folder string) {
	folder = t.TempDir()
	db, service := serviceOn(t, folder)
	require.NoError(t, service.Close(t.Context()))
	for n, state := range []chat.DeliveryState{chat.DeliveryWaiting, chat.DeliveryUnknown, chat.DeliveryDead, chat.DeliverySent} {
		to := chat.Destination{Kind: chat.ToChannel, Name: "telegram", Key: fmt.Sprint(n)}
		_, err := db.Turn(t.Context(), chat.Address{Channel: "telegram", User: to.Key}, func(chat.Conversation, func(string) bool) (chat.Commit, error) {
			return chat.Commit{Items: []chat.Item{{Kind: chat.FromStaff, Text: "悄悄話"}}, Outbox: []chat.Delivery{{To: to}}}, nil
		})
		require.NoError(t, err)
		d, ok, err := db.Take(t.Context(), to, "test", time.Now().Add(time.Minute), time.Minute)
		require.NoError(t, err)
		require.True(t, ok)
		d.State, d.Attempts, d.Error = state, 3, "the user blocked the bot"
		require.NoError(t, db.Settle(t.Context(), d, "test"))
	}
	require.NoError(t, db.Close())
	return folder
}

func TestStuckAndDeadDeliveriesAreListedAndRetried(t *testing.T) {
	folder := stuck(t)
	code, out, errs := command(t, folder, "outbox")
	require.Equal(t, exitDone, code, errs)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 5, out)
	assert.Regexp(t, `^3 +channel telegram 2 +dead +\d+s +3 +0 +never +the user blocked the bot$`, lines[3])
	assert.Equal(t, "1 waiting, 1 unknown, 1 dead", lines[4])
	assert.NotContains(t, out, "悄悄話")

	code, out, errs = command(t, folder, "outbox", "--json")
	require.Equal(t, exitDone, code, errs)
	var d chat.Delivery
	require.NoError(t, json.Unmarshal([]byte(strings.Split(out, "\n")[2]), &d))
	assert.Equal(t, chat.DeliveryDead, d.State)

	code, out, errs = command(t, folder, "outbox", "retry", "--dead")
	require.Equal(t, exitDone, code, errs)
	assert.Contains(t, out, "due now: 1")
	_, out, _ = command(t, folder, "outbox")
	assert.Contains(t, out, "2 waiting, 1 unknown\n")

	code, out, errs = command(t, folder, "outbox", "retry", "1", "4")
	assert.Equal(t, exitErrors, code)
	assert.Contains(t, out, "due now: 1")
	assert.Contains(t, errs, "4: no such delivery, or it has arrived")
}

func TestOutboxUsedWrongly(t *testing.T) {
	for _, args := range [][]string{{"retry"}, {"retry", "--dead", "1"}, {"retry", "x"}, {"retry", "0"}, {"--limit", "0"}} {
		code, _, errs := command(t, t.TempDir(), append([]string{"outbox"}, args...)...)
		assert.Equal(t, exitUsage, code, "%v: %s", args, errs)
	}
	code, _, errs := command(t, t.TempDir(), "outbox")
	assert.Equal(t, exitErrors, code)
	assert.Contains(t, errs, "no database")
}
