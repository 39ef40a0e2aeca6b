package linear

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents"
)

var sample = []intents.Example{
	{Label: "camera", Text: "相機打不開"}, {Label: "camera", Text: "摄像头黑屏"}, {Label: "camera", Text: "鏡頭沒反應"}, {Label: "camera", Text: "开不了相机"},
	{Label: "expired", Text: "證件過期了"}, {Label: "expired", Text: "护照去年到期"}, {Label: "expired", Text: "身分證已經過期"}, {Label: "expired", Text: "驾照失效了"},
	{Label: "blurred", Text: "照片很模糊"}, {Label: "blurred", Text: "拍糊了"}, {Label: "blurred", Text: "看不清楚字"}, {Label: "blurred", Text: "对焦不准，模糊"},
}

func trained(t testing.TB) *Model {
	t.Helper()
	m, err := Train(sample, Default())
	require.NoError(t, err)
	return m
}

func TestTheSameExamplesGiveTheSameBytes(t *testing.T) {
	first, err := trained(t).MarshalBinary()
	require.NoError(t, err)
	second, err := trained(t).MarshalBinary()
	require.NoError(t, err)
	assert.Equal(t, first, second)
}

func TestAModelReadsBackAsItWasWritten(t *testing.T) {
	m := trained(t)
	stored, err := m.MarshalBinary()
	require.NoError(t, err)
	back := new(Model)
	require.NoError(t, back.UnmarshalBinary(stored))
	assert.Equal(t, m.Hash(), back.Hash())
	for _, e := range sample {
		assert.Equal(t, m.Classify(e.Text), back.Classify(e.Text))
	}
	assert.True(t, back.TrainedOn(sample, Default()))
	assert.False(t, back.TrainedOn(sample[1:], Default()), "other examples are noticed")
}

func TestProbabilitiesSumToOneBestFirst(t *testing.T) {
	for _, text := range []string{"", "相機", "unknown words", "\xff\xfe", "😀", "模糊的護照過期了相機打不開"} {
		guesses := trained(t).Classify(text)
		require.Len(t, guesses, 3, text)
		sum := 0.0
		for i, g := range guesses {
			sum += g.P
			assert.False(t, i > 0 && g.P > guesses[i-1].P, "best first")
		}
		assert.InDelta(t, 1, sum, 1e-6, text)
	}
}

func TestBothScriptsAndHomophonesMeet(t *testing.T) {
	m := trained(t)
	for text, label := range map[string]string{"相机打不开": "camera", "證件过期": "expired", "照片模湖": "blurred"} {
		assert.Equal(t, label, m.Classify(text)[0].Label, text)
	}
}

// The shipped weights belong to the shipped examples; `bot train` renews them.
func TestShippedWeightsAreUpToDate(t *testing.T) {
	catalog, err := intents.Load(intents.Data)
	require.NoError(t, err)
	m := new(Model)
	require.NoError(t, m.UnmarshalBinary(Weights))
	assert.True(t, m.TrainedOn(catalog.Examples(), Default()), "the examples have changed: run `go run ./cmd/bot train` and commit the weights")
}

func TestADamagedCacheIsTrainedAnew(t *testing.T) {
	for _, damaged := range [][]byte{nil, {}, []byte("junk"), Weights[:len(Weights)/2]} {
		assert.Error(t, new(Model).UnmarshalBinary(damaged))
	}
}

func FuzzUnmarshal(f *testing.F) {
	stored, err := trained(f).MarshalBinary()
	require.NoError(f, err)
	f.Add(stored)
	f.Add([]byte{})
	f.Fuzz(func(_ *testing.T, b []byte) {
		m := new(Model)
		if m.UnmarshalBinary(b) == nil {
			m.Classify("相機打不開")
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	m := new(Model)
	require.NoError(b, m.UnmarshalBinary(Weights))
	for b.Loop() {
		m.Classify("我的護照拍了好幾次都說模糊，光線也換過了，到底要怎麼拍才會過")
	}
}
