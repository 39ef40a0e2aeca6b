package zh_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"verihelp/internal/zh"
)

func TestDeniedIsWhatIsNotTheMatter(t *testing.T) {
	for text, want := range map[string][]string{
		"不是相機的問題，是照片傳不上去":  {"不是相机的问题"},
		"照片都過了，並非模糊，它就是當掉": {"并非模糊"},
		"唔係過期呀，係影得唔清":      {"不是过期呀"},
		"它沒說我過期，只說看不清楚":    {"它没说我过期"},
		"不是相机打不开是照片传不上":    {"不是相机打不开是"},
		"照片很模糊":            nil,
		"說我不是本人":           nil,
	} {
		folded := zh.Fold(text)
		var got []string
		for _, s := range zh.Denied(folded) {
			got = append(got, folded[s.From:s.To])
		}
		assert.Equal(t, want, got, text)
	}
}
