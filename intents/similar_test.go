package intents_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents"
)

func TestExamplesThatContradictEachOtherAreFound(t *testing.T) {
	examples := []intents.Example{
		{Label: "app.camera", Text: "相机一直打不开怎么办", File: "a", Line: 1},
		{Label: "app.camera", Text: "相機一直打不開怎麼辦啊", File: "a", Line: 2},
		{Label: "app.unresponsive", Text: "相機一直打不開，怎麼辦", File: "b", Line: 1},
		{Label: "app.unresponsive", Text: "按了沒反應", File: "b", Line: 2},
		{Label: "out_of_scope/robot", Text: "你是機器人嗎", File: "c", Line: 1},
		{Label: "out_of_scope", Text: "你是机器人吗", File: "d", Line: 1},
	}
	found := intents.AcrossCategories(examples)
	require.Len(t, found, 2, "both scripts are one; variants of a category may resemble each other")
	assert.Equal(t, 1, found[0].First.Line)
	assert.Equal(t, "b", found[0].Second.File)
	assert.InDelta(t, 1, found[0].Share, 1e-9)
}

func TestAnExampleThatGivesATestMessageAwayIsFound(t *testing.T) {
	examples := []intents.Example{{Label: "x", Text: "護照還有三天就到期了怎麼辦"}, {Label: "x", Text: "過期"}}
	tests := []intents.Example{{Text: "护照还有五天就到期了怎么办"}, {Text: "我的證件照片很模糊"}, {Text: "過期！"}}
	found := intents.GivenAway(examples, tests)
	require.Len(t, found, 1)
	assert.Equal(t, "過期！", found[0].Second.Text)
}
