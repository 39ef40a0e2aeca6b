package zh

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParseLocale(t *testing.T) {
	for tag, want := range map[string]Locale{
		"zh": LocaleHans, "ZH": LocaleHans, "zh-CN": LocaleHans, "zh_CN": LocaleHans, "zh-SG": LocaleHans, "zh-MY": LocaleHans,
		"zh-Hans": LocaleHans, "zh-Hans-CN": LocaleHans, "zh-Hans-HK": LocaleHans, "zh_CN.UTF-8": LocaleHans, "\tcmn-Hans ": LocaleHans,
		"zh-TW": LocaleTW, "zh_TW": LocaleTW, "zh-Hant": LocaleTW, "zh-Hant-TW": LocaleTW, "zh-Hant-US": LocaleTW, "zh-Hant-CN": LocaleTW,
		"zh-HK": LocaleHK, "zh-MO": LocaleHK, "zh-Hant-HK": LocaleHK, "zh-Hant-MO-x-app": LocaleHK, "yue": LocaleHK, "yue-Hans": LocaleHans,
	} {
		got, ok := ParseLocale(tag)
		assert.True(t, ok, tag)
		assert.Equal(t, want, got, tag)
	}
	for _, tag := range []string{"", "-", "en", "en-HK", "ja", "zhx", "chinese", "\xff", "zh" + strings.Repeat("-a", 1000)} {
		_, ok := ParseLocale(tag)
		assert.False(t, ok, tag)
	}
	for _, l := range []Locale{LocaleHans, LocaleTW, LocaleHK} {
		got, ok := ParseLocale(string(l))
		assert.True(t, ok)
		assert.Equal(t, l, got)
	}
}

func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		name                string
		explicit, last, app Locale
		message             string
		want                Locale
	}{
		{"nothing known", "", "", "", "OK?", LocaleTW},
		{"the wish wins over the message", LocaleHans, LocaleTW, LocaleTW, "認證失敗", LocaleHans},
		{"the message wins over the last one", "", LocaleTW, LocaleTW, "认证失败", LocaleHans},
		{"one character is enough", "", LocaleHans, LocaleHans, "OKX 認", LocaleTW},
		{"majority of a mixed message", "", LocaleTW, LocaleTW, "认证一直失败，顯示", LocaleHans},
		{"a tie keeps the last one", "", LocaleHans, LocaleTW, "认證", LocaleHans},
		{"neutral text keeps the last one", "", LocaleHans, LocaleTW, "不行", LocaleHans},
		{"neutral first text follows the app", "", "", LocaleHK, "不行", LocaleHK},
		{"Cantonese asks for Hong Kong", "", LocaleTW, LocaleTW, "點解唔得", LocaleHK},
		{"Taiwan words ask for Taiwan", "", LocaleHK, LocaleHK, "網路正常", LocaleTW},
		{"no regional word keeps Hong Kong", "", LocaleHK, LocaleHans, "認證失敗", LocaleHK},
		{"Traditional after Simplified follows the app's region", "", LocaleHans, LocaleHK, "認證失敗", LocaleHK},
		{"neutral Cantonese alone does not leave Simplified", "", LocaleHans, "", "唔得", LocaleHans},
		{"values that are not ours are unknown", "fr", "zh-XX", "\xff", "1", LocaleTW},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, Choose(tt.explicit, tt.last, tt.app, Detect(tt.message)))
		})
	}
}
