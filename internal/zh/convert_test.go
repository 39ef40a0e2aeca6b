package zh

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConvert(t *testing.T) {
	for _, tt := range []struct{ name, text, hans, hk string }{
		{"wording", "螢幕截圖、檔案、資訊、軟體、相簿、設定", "屏幕截图、文件、信息、软件、相册、设置", "屏幕截圖、檔案、資訊、軟件、相簿、設定"},
		{"more wording", "解除安裝、身分證、支援、列印、影印本、視訊、儲存、預設", "卸载、身份证、支持、打印、复印件、视频、保存、默认", "解除安裝、身份證、支援、列印、副本、視像、儲存、預設"},
		{"shared words stay", "資料、文件、程序、查詢、核心", "资料、文件、程序、查询、核心", "資料、文件、程序、查詢、核心"},
		{"longer words of OpenCC win over our pins", "資料庫、文件、檔案總管", "数据库、文件、文件总管", "資料庫、文件、檔案總管"},
		{"one character, two meanings", "乾淨的髮型，發現了皇后在後面", "干净的发型，发现了皇后在后面", "乾淨的髮型，發現了皇后在後面"},
		{"variants", "這裡面顯示著", "这里面显示着", "這裏面顯示着"},
		{"no word inside another", "檢視訊息", "查看消息", "檢視訊息"},
		{"app labels stay", "請點選⟦問題反饋⟧，再按⟦提交资料⟧。", "请点击問題反饋，再按提交资料。", "請點選問題反饋，再按提交资料。"},
		{"quotes", "回答「是的」，不是『是』", "回答“是的”，不是‘是’", "回答「是的」，不是『是』"},
		{"marks without a partner", "⟧請看⟦說明", "请看说明", "請看説明"},
		{"mark inside a mark", "⟦a⟦螢幕⟧", "a螢幕", "a螢幕"},
		{"not Chinese", "OKX App 6.1 \xff", "OKX App 6.1 \xff", "OKX App 6.1 \xff"},
		{"empty", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.hans, Convert(tt.text, LocaleHans))
			assert.Equal(t, tt.hk, Convert(tt.text, LocaleHK))
			plain := strings.NewReplacer(markOpen, "", markClose, "").Replace(tt.text)
			assert.Equal(t, plain, Convert(tt.text, LocaleTW), "Taiwan is as written")
			assert.Equal(t, plain, Convert(tt.text, "fr"), "unknown is Taiwan")
		})
	}
}

func TestLint(t *testing.T) {
	assert.Empty(t, Lint("請點選⟦问题反馈⟧", LocaleTW), "labels are not looked at")
	assert.Empty(t, Lint(ConvertMarked("請點選⟦問題反饋⟧", LocaleHans), LocaleHans))
	assert.Equal(t, []string{`证 is hans, in "我的身份证照片"`}, Lint("我的身份证照片", LocaleTW))
	assert.Equal(t, []string{`證 is hant, in "我的身份證照片"`}, Lint("我的身份證照片", LocaleHans))
	assert.Len(t, Lint("請點選⟦問題", LocaleTW), 1)
	assert.Len(t, Lint("手机螢幕", LocaleHK), 1)
}

func TestNoConversionMixesScripts(t *testing.T) {
	corpus, err := os.ReadFile("testdata/traditional.txt")
	require.NoError(t, err)
	for line := range strings.Lines(string(corpus)) {
		for _, l := range []Locale{LocaleTW, LocaleHK, LocaleHans} {
			assert.Empty(t, Lint(ConvertMarked(line, l), l), line)
		}
	}
}

func FuzzConvert(f *testing.F) {
	for _, seed := range []string{"請點選⟦問題反饋⟧", "「預設」", "⟦⟦⟧⟧", "資料庫\xff", "麼"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		Lint(text, LocaleHans)
		for _, l := range []Locale{LocaleHans, LocaleHK, LocaleTW, "fr"} {
			out := Convert(text, l)
			if !utf8.ValidString(text) {
				continue // a mark dropped from within broken bytes may join them
			}
			if strings.Contains(out, markOpen) || strings.Contains(out, markClose) {
				t.Errorf("%q: marks left in %q", text, out)
			}
			if !utf8.ValidString(out) {
				t.Errorf("%q becomes invalid", text)
			}
		}
	})
}

func BenchmarkConvert(b *testing.B) {
	text := benchTexts["plain"]
	Convert(text, LocaleHans)
	for b.Loop() {
		Convert(text, LocaleHans)
	}
}

// BenchmarkLoadTables is what the first use of every table costs in total.
func BenchmarkLoadTables(b *testing.B) {
	for b.Loop() {
		for _, name := range []string{"TSCharacters", "TSPhrases", "TWPhrasesRev", "TWVariantsRev", "TWVariantsRevPhrases", "HKVariants", "HKVariantsPhrases"} {
			parseDict(read("opencc/" + name + ".txt"))
		}
		buildTelling()
		buildPlain(buildFoldPairs())
	}
}
