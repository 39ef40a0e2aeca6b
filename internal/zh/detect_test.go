package zh

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDetectScript(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       Script
	}{
		{"Traditional", "為什麼我的身分認證失敗了", Hant},
		{"Simplified", "为什么我的身份认证失败了", Hans},
		{"Simplified by one character", "怎么更新app", Hans},
		{"one Traditional character", "可以用 App 嗎", Hant},
		{"one Simplified character", "可以用 App 吗", Hans},
		{"於 tells Traditional", "大於等於", Hant},
		{"common to both", "我的名字上有一本", None},
		{"Latin", "verification failed", None},
		{"pinyin and digits", "renzheng shibai 60", None},
		{"broken UTF-8", "\xff\xfe", None},
		{"both", "我的賬戶被冻结了", Mixed},
		{"a slip in a long text", "為什麼我的身分認證失敗了，系統顯示资料不符", Hant},
		{"quoted text of the screen counts", "「您的交易功能已受限」", None},
		{"quoted Simplified counts", "「认证信息不匹配」", Hans},
	} {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, Detect(tt.text).Script) })
	}
}

// Traditional writers type all of these, in Taiwan or Hong Kong.
func TestSharedCharactersTellNothing(t *testing.T) {
	for _, r := range "台里后只面干云余吃群峰裏裡着著為爲才准占托卷咸丑布采松杰晒恒秘床麵麪" {
		assert.NotEqual(t, Hans, Detect(string(r)).Script, string(r))
	}
	for _, r := range "台里后只面干云余吃群峰着著才准占托卷布采松杰晒恒秘" {
		assert.Equal(t, None, Detect(string(r)).Script, string(r))
	}
}

func TestRegionalVariantsTellTraditional(t *testing.T) {
	for _, r := range "裡裏為爲說説線綫啟啓眾衆羣峯臺麵麪嗎隻證" {
		assert.Equal(t, Hant, Detect(string(r)).Script, string(r))
	}
}

func TestDetectRegion(t *testing.T) {
	for text, want := range map[string]Region{
		"身分證過期了":     RegionTW,
		"手機螢幕黑掉":     RegionTW,
		"個 app 開唔到":  RegionHK,
		"網絡冇問題":      RegionHK,
		"係咪要等":       RegionHK,
		"网络没问题":      RegionMainland,
		"我的账号":       RegionMainland,
		"認證失敗":       RegionUnknown,
		"身份證":        RegionUnknown, // written in Taiwan, too
		"網路 網絡":      RegionUnknown,
		"hello \xff": RegionUnknown,
	} {
		assert.Equal(t, want, Detect(text).Region, text)
	}
}

func FuzzDetect(f *testing.F) {
	for _, seed := range []string{"認證失敗", "认证失败", "點解唔得", "\xff認", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := Detect(text)
		assert.Contains(t, []Script{Hans, Hant, Mixed, None}, d.Script)
		assert.Equal(t, d.Script == None, d.Hans+d.Hant == 0)
		assert.NotEqual(t, None, Choose("", "", "", d).Script())
	})
}

func BenchmarkDetect(b *testing.B) {
	text := benchTexts["plain"]
	Detect(text)
	for b.Loop() {
		Detect(text)
	}
}
