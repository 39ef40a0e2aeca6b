package localdesk

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func FuzzDecodeAction(f *testing.F) {
	f.Add([]byte(`{"id":"1","case_id":"K7-1","change":"reply","text":"您好","name":"小安"}`))
	f.Add([]byte(`{"id":"1","name":"\u0000"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := decodeAction(body)
		if err != nil {
			return
		}
		assert.NotEmpty(t, a.ID)
		assert.NotEmpty(t, a.Name)
		assert.True(t, utf8.ValidString(a.Text+a.Name))
		assert.False(t, strings.ContainsRune(a.Text+a.Name, 0))
	})
}
