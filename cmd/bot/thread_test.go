package main

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"verihelp/channels/slack/slacktest"
)

// deskPatience is how long a story waits for something on the desk in Slack.
const deskPatience = 60 * time.Second

// theThread waits for the thread of the one case on the desk, until it shows some
// words, and for Slack to be connected, so that buttons can be tapped there.
func theThread(t *testing.T, desk *slacktest.Server, shows string) (root string) {
	t.Helper()
	require.True(t, desk.Wait(deskPatience, func() bool {
		for _, m := range desk.Messages(slackChannel) {
			root = m.TS
		}
		return root != "" && strings.Contains(inThread(desk, root), shows)
	}), "%s", shows)
	require.True(t, desk.Wait(deskPatience, func() bool { return desk.Sockets() == 2 }))
	return root
}

// sharePicture writes a message with a picture into a thread, and returns its TS.
func sharePicture(t *testing.T, desk *slacktest.Server, root, agent, text string) (ts string) {
	t.Helper()
	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 40))))
	return desk.Share(slackChannel, root, agent, text, "example.png", picture.Bytes())
}
