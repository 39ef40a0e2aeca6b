package chat_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"verihelp/internal/chat"
)

func TestHostContextIsCleaned(t *testing.T) {
	got := chat.HostContext{
		Page:       "https://app.example/kyc/upload?token=abc#step",
		AppVersion: " 6.99.0\u0000\n(iOS 19) ",
		Step:       "\u202e上傳證件",
		ErrorText:  strings.Repeat("證", 600),
	}.Cleaned()
	assert.Equal(t, "https://app.example/kyc/upload", got.Page, "a query may hold secrets")
	assert.Equal(t, "6.99.0 (iOS 19)", got.AppVersion)
	assert.Equal(t, "上傳證件", got.Step)
	assert.Equal(t, 500, utf8.RuneCountInString(got.ErrorText))
	assert.Equal(t, got, got.Cleaned(), "cleaning twice changes nothing")
	assert.True(t, chat.HostContext{Step: " \u200b"}.Cleaned().Empty())
}

func FuzzHostContext(f *testing.F) {
	f.Add("https://x/?a#b", "1\x00", "\u2028 ", "\xff\xfe")
	f.Fuzz(func(t *testing.T, page, version, step, text string) {
		c := chat.HostContext{Page: page, AppVersion: version, Step: step, ErrorText: text}.Cleaned()
		assert.Equal(t, c, c.Cleaned())
		assert.NotContains(t, c.Page, "?")
		for _, field := range []string{c.Page, c.AppVersion, c.Step, c.ErrorText} {
			assert.True(t, utf8.ValidString(field))
			assert.NotContains(t, field, "\n")
			assert.LessOrEqual(t, utf8.RuneCountInString(field), 500)
		}
	})
}
