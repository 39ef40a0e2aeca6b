package zh

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestFold(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"only spaces", " \t\u3000\n", ""},
		{"Traditional", "身份認證失敗", "身份认证失败"},
		{"Taiwan words", "螢幕截圖、檔案、身分證", "屏幕截图、文件、身份证"},
		{"Hong Kong words", "個網絡唔得，點解？", "个网络不得,为什么?"},
		{"a Mainland word stays", "文件、程序、查询", "文件、程序、查询"},
		{"not across words", "不能在线上传", "不能在线上传"},
		{"Taiwan and Hong Kong variants", "裡裏著着為爲啟啓説說臺台", "里里着着为为启启说说台台"},
		{"everyday variants", "帳號 账号 帐号 妳", "账号 账号 账号 你"},
		{"full width", "ＯＫＸ　Ａｐｐ１２３！", "okx app123!"},
		{"spaces", "  App \r\n  更新 ", "app 更新"},
		{"enclosed and keycap numbers", "② 2️⃣ ⑵", "2 2 (2)"},
		{"compatibility ideograph and radical", "更新⼀⼆", "更新一二"},
		{"zero-width and bidi controls", "認\u200b證\u202e失\ufeff敗\u00ad", "认证失败"},
		{"controls", "a\x00b\x1bc", "abc"},
		{"combining marks", "z\u0301\u0320\u0353a\u030clgo", "źǎlgo"},
		{"broken UTF-8", "認\xe8\xad證\xff失敗\ufffd", "认证失败"},
		{"emoji keep their face", "👍🏽❤️", "👍🏽❤"},
	} {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, Fold(tt.text)) })
	}
}

// Hostile texts must not cost more than their length.
func TestFoldOfLongTexts(t *testing.T) {
	for _, unit := range []string{"e\u0301\u0320", "\u0301", "认证", " ", "\ufdfa", "品質", "\u1100\u200b\u1161"} {
		once := Fold(strings.Repeat(unit, 20_000))
		assert.Equal(t, once, Fold(once))
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"螢幕截圖", "ＡＢＣ　①", "J\u030c İ ß ẞ", "a\u200d\u0301", "\xff\xfe", "ｶﾞ 각 \u1100\u200b\u1161", "点解唔得", "打開啟啟", "品品質"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := Fold(text)
		if !utf8.ValidString(once) || strings.ContainsRune(once, utf8.RuneError) {
			t.Errorf("%q folds to invalid %q", text, once)
		}
		if twice := Fold(once); twice != once {
			t.Errorf("%q folds to %q and then to %q", text, once, twice)
		}
		if plain, ok := foldPlain(text); ok && plain != foldAny(text) {
			t.Errorf("%q: the fast path gives %q, the full one %q", text, plain, foldAny(text))
		}
	})
}

// 40 characters each.
var benchTexts = map[string]string{
	"plain": "我的身分證照片一直上傳失敗，螢幕顯示資料不符，網路也正常，請問應該怎麼辦才好呢？謝",
	"emoji": "我的身分證照片一直上傳失敗，螢幕顯示資料不符，網路也正常…請問應該怎麼辦才好呢😭謝",
	"rare":  "我的身分證照片一直上傳失敗，螢幕顯示資料不符，網路也正常～請問應該怎麼辦才好㊙é謝",
}

func BenchmarkFold(b *testing.B) {
	for name, text := range benchTexts {
		b.Run(name, func(b *testing.B) {
			Fold(text)
			b.ReportAllocs()
			for b.Loop() {
				Fold(text)
			}
		})
	}
}
