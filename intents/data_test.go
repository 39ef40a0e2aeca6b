package intents_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"verihelp/intents"
)

func TestShippedData(t *testing.T) {
	_, err := intents.Load(intents.Data)
	require.NoError(t, err)
}
