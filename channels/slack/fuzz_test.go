package slack

import (
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
)

// fuzzDesk is a desk that takes what is thrown at it, with a Slack that cannot be
// reached.
func fuzzDesk(t testing.TB) *Desk {
	t.Helper()
	d, err := New(Config{
		BotToken: "xoxb-1", SigningSecret: "s", Channel: "C0DESK0000", API: "http://127.0.0.1:1/api/",
		Notes: &channelstest.FakeNotebook{}, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	require.NoError(t, d.bind(t.Context(), "K7-1", thread{Channel: "C0DESK0000", TS: "1700000000.000100"}))
	d.lanes.open()
	t.Cleanup(d.lanes.close)
	return d
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte(`{"type":"event_callback","event_id":"Ev1","event":{"type":"message","channel":"C0DESK0000","user":"U00000001","text":"嗨","ts":"1700000001.000100","thread_ts":"1700000000.000100"}}`))
	f.Add([]byte(`{"event":{"type":"message","subtype":"message_changed","channel":"C0DESK0000","message":{"ts":"1.000001","thread_ts":"1700000000.000100","user":"U00000001","edited":{"ts":"x"}},"previous_message":null}}`))
	f.Add([]byte(`{"event":{"type":"message","subtype":"message_deleted","channel":"C0DESK0000","deleted_ts":"","previous_message":{}}}`))
	f.Add([]byte(`{"event":{"type":"app_home_opened","tab":"home","user":"U00000001"}}`))
	d := fuzzDesk(f)
	f.Fuzz(func(_ *testing.T, raw []byte) { d.onEvent(raw) })
}

func FuzzInteractions(f *testing.F) {
	f.Add([]byte(`{"type":"block_actions","user":{"id":"U00000001"},"channel":{"id":"C0DESK0000"},"container":{"message_ts":"1700000000.000100"},"actions":[{"action_id":"claim","value":"K7-1||0","action_ts":"1.1"}]}`))
	f.Add([]byte(`{"type":"block_actions","actions":[{"action_id":"more","selected_option":{"value":"snooze|K7-1"}}]}`))
	f.Add([]byte(`{"type":"view_submission","view":{"id":"V1","callback_id":"snooze","private_metadata":"{\"aim\":{\"Case\":\"K7-1\"}}","state":{"values":{"b":{"time":{"selected_date_time":-1}}}}}}`))
	d := fuzzDesk(f)
	f.Fuzz(func(_ *testing.T, raw []byte) { d.onInteraction(raw, func(any) {}) })
}

func FuzzCommands(f *testing.F) {
	f.Add([]byte(`{"user_id":"U00000001","command":"/verihelp","text":"search 護照"}`))
	d := fuzzDesk(f)
	f.Fuzz(func(_ *testing.T, raw []byte) { d.onCommand(raw, func(any) {}) })
}

func FuzzWords(f *testing.F) {
	f.Add("a &lt;b&gt; <@U1> <#C1|x> <!here> <https://x.example|y>", []byte(`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"emoji","unicode":"1f44d","name":"+1"}]}]}]`))
	f.Add("<", []byte(`[{"type":"rich_text","elements":[{"type":"rich_text_list","style":{"a":1},"offset":-5,"elements":[{}]}]}]`))
	f.Fuzz(func(t *testing.T, text string, blocks []byte) {
		out := words(message{Text: text, Blocks: blocks}, func(u string) string { return u })
		if utf8.ValidString(text) && utf8.Valid(blocks) && !utf8.ValidString(out) {
			t.Errorf("%q is no text", out)
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add("第一段\n第二段", 4)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if limit < 1 || limit > 10_000 || !utf8.ValidString(text) {
			return
		}
		pieces := split(text, limit)
		if strings.Join(pieces, "") != text {
			t.Errorf("something was lost of %q", text)
		}
		for _, p := range pieces {
			if utf8.RuneCountInString(p) > limit {
				t.Errorf("%q is longer than %d", p, limit)
			}
		}
	})
}

func TestTimesAreMessageIDs(t *testing.T) {
	for _, ts := range []string{"1700000000.000100", "1763000000.999999"} {
		require.Equal(t, ts, tsOf(timeOf(ts)))
	}
	for _, bad := range []string{"", "1", "1.2", "x.000001", "1.00000x", "-1.000001"} {
		require.True(t, timeOf(bad).IsZero(), bad)
	}
}
