package chat

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCleanText(t *testing.T) {
	for text, want := range map[string]string{
		"護照𠮷\t過期\n了":                     "護照𠮷\t過期\n了",
		"a\r\nb\rc\u0085d\u2028e\u2029f": "a\nb\nc\nd\ne\nf",
		"a\x00b\x1b[31mc\x7f":            "ab[31mc",
		"\ufeff截圖\u202egnp.exe\u2066":    "截圖gnp.exe",
		"👩🏽‍🚀":                           "👩🏽‍🚀",
	} {
		assert.Equal(t, want, CleanText(text), "%q", text)
	}
}
