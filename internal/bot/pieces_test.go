package bot

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"verihelp/internal/chat"
)

func TestPartsOfManyPeopleAreBounded(t *testing.T) {
	p := newPieces()
	for i := range 3 * maxRows {
		p.masked(chat.Message{From: chat.Address{Channel: "web", User: strconv.Itoa(i)}, Text: "zebra", At: time.Unix(0, 0)})
	}
	assert.LessOrEqual(t, len(p.recent)+len(p.older), 2*maxRows)
}
