package linear

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEvidenceNamesWhatWasSeen(t *testing.T) {
	m := trained(t)
	found := m.Evidence("我的相機打不開", "camera", 3)
	require.Len(t, found, 3)
	for i, e := range found {
		assert.NotEmpty(t, e.Text)
		assert.Positive(t, e.Weight)
		assert.False(t, i > 0 && e.Weight > found[i-1].Weight, "the strongest first")
	}
	assert.Equal(t, found, m.Evidence("我的相机打不开", "camera", 3), "both scripts say the same")
	assert.Empty(t, m.Evidence("我的相機打不開", "nonsense", 3))
	assert.Empty(t, m.Evidence("", "camera", 3))
}

func TestWhatIsDeniedIsNotWhatIsSaid(t *testing.T) {
	var said, denied features
	o := Options{Chars: 2, Negation: true}
	said.read("相機打不開", o)
	denied.read("不是相機打不開,是照片模糊", o)
	assert.NotSubset(t, denied.keys, said.keys)
	var rest features
	rest.read("照片模糊", o)
	assert.Subset(t, denied.keys, rest.keys, "what follows is said")
	var all, plain features
	all.read("不是本人", o)
	plain.read("不是本人", Options{Chars: 2})
	assert.Equal(t, plain.keys, all.keys, "a message that denies all it says denies nothing")
	assert.NotPanics(t, func() {
		var f features
		f.read("不是xiangji的問題,是renlian", Default())
	}, "a word of pinyin has more syllables than characters")
}
