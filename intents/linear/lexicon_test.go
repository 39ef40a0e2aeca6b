package linear

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"verihelp/internal/zh"
)

// A word in two concepts would silently count as the later one only, and a word that
// the scan cannot reach would never count.
func TestEveryWordOfTheLexiconHasOneConcept(t *testing.T) {
	concept := map[string]string{}
	for line := range strings.Lines(lexiconText) {
		name, list, ok := strings.Cut(line, ":")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		for word := range strings.FieldsSeq(list) {
			folded := zh.Fold(word)
			before, twice := concept[folded]
			assert.False(t, twice && before != name, "%q is in %s and in %s", word, before, name)
			concept[folded] = name
			assert.Equal(t, []uint32{hashString(name)}, concepts(nil, folded, nil), "%q of %s is not found as one word", word, name)
		}
	}
	assert.Greater(t, len(concept), 500)
}

func TestConceptsAreTheSameForEveryWordForAThing(t *testing.T) {
	want := concepts(nil, zh.Fold("护照模糊"), nil)
	for _, text := range []string{"證件不清楚", "passport 拍糊", "身份证…朦胧"} {
		assert.Equal(t, want, concepts(nil, zh.Fold(text), nil), text, nil)
	}
	assert.Empty(t, concepts(nil, "became", nil), "no camera", nil)
}

func TestPinyinSoundsLikeItsCharacters(t *testing.T) {
	var typed, written features
	o := Options{Sounds: 2}
	typed.read("renzheng shibai", o)
	written.read("认证失败", o)
	assert.Equal(t, written.keys, typed.keys)
	typed.read("tap to retry", o)
	assert.Len(t, typed.keys, 5, "three words and two pairs: not pinyin")
}

func TestALongMessageCostsNoMoreThanABoundedOne(t *testing.T) {
	var f features
	f.read(strings.Repeat("認證一直失敗，證件照片模糊。", 2000), Default())
	assert.Less(t, len(f.units)+len(f.sounds), 60_000)
	f.read("相機打不開"+strings.Repeat("x1 ", 10_000)+"護照過期", Options{Chars: 2})
	var head features
	head.read("相機打不開", Options{Chars: 2})
	assert.Subset(t, f.keys, head.keys, "the beginning still counts")
	head.read("護照過期", Options{Chars: 2})
	assert.Subset(t, f.keys, head.keys, "and so does the end")
}
