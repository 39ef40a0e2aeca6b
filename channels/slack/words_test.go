package slack

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/zh"
)

func TestStaffReadTraditional(t *testing.T) {
	for _, file := range []string{"words.go", "buttons.go", "card.go", "command.go", "figures.go", "home.go", "modal.go", "tend.go"} {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Empty(t, zh.Lint(string(source), zh.LocaleTW), file)
	}
}
