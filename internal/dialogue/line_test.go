package dialogue

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"verihelp/internal/zh"
)

func TestTheLineThatAQuestionIsAbout(t *testing.T) {
	lines := []string{
		"請在「稅務」填寫稅務居住地和稅號。",
		"沒有稅號時，選「沒有稅號」並寫原因。",
		"不是截圖、掃描檔、列印件或影印本。",
	}
	for question, want := range map[string]int{
		"那沒有稅號呢": 1, "稅務居住地填哪裡": 0, "那掃描檔呢": 2, "截圖可以嗎": 2,
		"今天天氣好嗎": -1, "怎麼辦": -1, "": -1,
	} {
		assert.Equal(t, want, closest(zh.Fold(question), lines), question)
	}
}
