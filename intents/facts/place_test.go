package facts

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPlaces(t *testing.T) {
	tests := []struct{ text, place, iso, status string }{
		{"我在大馬能用嗎", "馬來西亞", "MY", Unsupported},
		{"支持马来西亚吗", "馬來西亞", "MY", Unsupported},
		{"人在檳城", "馬來西亞", "MY", Unsupported},
		{"大马士革的朋友", "敘利亞", "SY", Unsupported},
		{"印尼可以嗎", "印尼", "ID", NotListed},
		{"印度尼西亚可以吗", "印尼", "ID", NotListed},
		{"印度可以嗎", "印度", "IN", Unsupported},
		{"星加坡得唔得", "新加坡", "SG", Partly},
		{"我人在SG", "新加坡", "SG", Partly},
		{"坡县能用吗", "新加坡", "SG", Partly},
		{"ＨＫ 用家", "香港", "HK", Partly},
		{"北愛爾蘭", "英國", "GB", Partly},
		{"英國留學中", "英國", "GB", Partly},
		{"愛爾蘭", "愛爾蘭", "IE", Unsupported},
		{"冰島", "冰島", "IS", NotListed},
		{"北韓", "朝鮮", "KP", Unsupported},
		{"南韓", "韓國", "KR", NotListed},
		{"大溪地", "法屬波利尼西亞", "PF", Unsupported},
		{"法屬玻里尼西亞", "法屬波利尼西亞", "PF", Unsupported},
		{"法屬圭亞那", "法屬圭亞那", "GF", Unsupported},
		{"蓋亞那", "蓋亞那", "GY", NotListed},
		{"法国", "法國", "FR", Unsupported},
		{"荷蘭", "荷蘭", "NL", Unsupported},
		{"荷屬聖馬丁", "荷屬聖馬丁", "SX", NotListed},
		{"法屬聖馬丁", "聖馬丁島", "MF", Unsupported},
		{"關島", "關島", "GU", Unsupported},
		{"波多黎各", "波多黎各", "PR", Unsupported},
		{"英屬維京群島", "英屬維京群島", "VG", NotListed},
		{"美属维尔京群岛", "美屬維爾京群島", "VI", Unsupported},
		{"喬治亞", "喬治亞", "GE", NotListed},
		{"乔治亚州", "美國", "US", Unsupported},
		{"老美那邊", "美國", "US", Unsupported},
		{"USA", "美國", "US", Unsupported},
		{"楓葉國", "加拿大", "CA", Unsupported},
		{"孟加拉", "孟加拉國", "BD", Unsupported},
		{"烏克蘭", "烏克蘭", "UA", Partly},
		{"克里米亞", "克里米亞", "UA-43", Unsupported},
		{"頓內次克", "頓涅茨克", "UA-14", Unsupported},
		{"國內能用嗎", "中國", "CN", Unsupported},
		{"中國台灣", "台灣", "TW", NotListed},
		{"中國香港", "香港", "HK", Partly},
		{"我是澳門人", "澳門", "MO", NotListed},
		{"巴布亞新幾內亞", "巴布亞紐幾內亞", "PG", NotListed},
		{"尼日利亞", "奈及利亞", "NG", NotListed},
		{"多米尼加", "多明尼加", "DO", NotListed},
		{"新喀里多尼亞", "新喀里多尼亞", "NC", Unsupported},
		{"日本文件可以嗎", "日本", "JP", Unsupported},
		// The most restricted one decides; a Mainland paper alone does not.
		{"國籍是敘利亞但住在德國", "敘利亞", "SY", Unsupported},
		{"大陸身份證人喺香港做唔做到", "香港", "HK", Partly},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			f, ok := Decide(Read(tt.text, today), Place)
			require.True(t, ok)
			assert.Equal(t, []string{tt.place, tt.iso, tt.status}, []string{f.Place, f.ISO, f.PlaceStatus})
		})
	}
}

func TestNoPlace(t *testing.T) {
	for _, text := range []string{"", "不支持我的國家", "哪些國家不能用", "今日本人親自辦理", "朝鮮族", "印度洋", "緬甸文的證件", "中國信託的帳單",
		"contact us", "my passport", "skype"} {
		_, ok := Decide(Read(text, today), Place)
		assert.False(t, ok, text)
	}
}

func TestDocumentIsNoResidence(t *testing.T) {
	for text, document := range map[string]bool{"大陸身份證": true, "国内手机号收不到": true, "中國護照": true, "中國": false, "我在大陸": false} {
		f, ok := Decide(Read(text, today), Place)
		require.True(t, ok, text)
		assert.Equal(t, "CN", f.ISO, text)
		assert.Equal(t, document, f.Document, text)
	}
}

// TestArticleList holds the list of section 十 as it stands in the article.
func TestArticleList(t *testing.T) {
	whole := []string{"比利時", "古巴", "法國", "瓜德羅普島", "法屬圭亞那", "馬提尼克島", "馬約特島", "留尼汪島", "聖巴泰勒米島", "聖馬丁島",
		"聖皮埃爾和密克隆群島", "法屬南部和南極土地", "法屬波利尼西亞", "瓦利斯和富圖納群島", "新喀里多尼亞", "伊朗", "印度", "日本", "朝鮮", "馬來西亞",
		"敘利亞", "中華人民共和國", "美國", "波多黎各", "美屬薩摩亞", "關島", "北馬里亞納島", "美屬維爾京群島", "聖克羅伊島", "聖約翰島", "聖托馬斯島",
		"愛爾蘭", "巴哈馬", "加拿大", "荷蘭", "孟加拉國", "玻利維亞", "克里米亞", "頓涅茨克", "盧甘斯克", "烏茲別克斯坦", "馬耳他"}
	for _, name := range whole {
		f, ok := Decide(Read(name, today), Place)
		require.True(t, ok, name)
		assert.Equal(t, Unsupported, f.PlaceStatus, name)
	}
	var closed, partly []string
	names := map[string]bool{}
	notListed, unsupported := 0, 0
	for _, c := range places.countries {
		assert.False(t, names[c.Name], c.Name)
		names[c.Name] = true
		switch {
		case c.ClosedToNew:
			closed = append(closed, c.Name)
		case c.Status == Partly:
			partly = append(partly, c.Name)
		}
		switch c.Status {
		case Unsupported:
			unsupported++
		case NotListed:
			notListed++
		}
	}
	assert.ElementsMatch(t, []string{"比利時", "法國", "愛爾蘭", "日本", "巴哈馬", "荷蘭"}, closed)
	assert.ElementsMatch(t, []string{"香港", "新加坡", "英國", "烏克蘭"}, partly)
	assert.Equal(t, len(whole)-3, unsupported, "three islands belong to one entry")
	assert.GreaterOrEqual(t, notListed, 120)
}

func TestPlaceListFaults(t *testing.T) {
	tests := map[string]struct{ data, want string }{
		"unknown field":      {"places:\n  - {name: 日本, iso: JP, status: unsupported, closed: true}", `p.yaml:2: unknown field "closed"`},
		"unknown top field":  {"plases: []", "field plases not found"},
		"unknown status":     {"places:\n  - {name: 日本, iso: JP, status: maybe}", `p.yaml:2: place 日本: unknown status "maybe"`},
		"no name":            {"places:\n  - {iso: JP, status: not_listed}", "p.yaml:2: a place needs a name"},
		"shared alias":       {"places:\n  - {name: 日本, status: not_listed, aliases: [東京]}\n  - {name: 韓國, status: not_listed, aliases: [东京]}", `p.yaml:3: alias "东京" belongs to another place`},
		"short alias":        {"places:\n  - {name: 日本, status: not_listed, aliases: [日]}", `p.yaml:2: alias "日" is too short`},
		"partly, of what":    {"places:\n  - {name: 香港, status: partly}", "p.yaml:2: place 香港: limited belongs to status partly"},
		"closed, not listed": {"places:\n  - {name: 日本, status: not_listed, closed_to_new: true}", "closed_to_new needs status unsupported"},
		"empty":              {"", "read p.yaml: no places"},
		"not YAML":           {"places: [", "read p.yaml"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := loadPlaces("p.yaml", []byte(tt.data))
			assert.ErrorContains(t, err, tt.want)
		})
	}
	_, err := loadPlaces("places.yaml", placesYAML)
	assert.NoError(t, err)
}

// TestVocabularyHasEachWordOnce: of two classes for one word, one would never be
// found, and which one would depend on the order of a map.
func TestVocabularyHasEachWordOnce(t *testing.T) {
	seen := map[string]string{}
	for _, list := range vocab {
		for _, w := range list {
			assert.Empty(t, seen[string(w.runes)], string(w.runes))
			seen[string(w.runes)] = w.class
		}
	}
}

func FuzzLoadPlaces(f *testing.F) {
	f.Add([]byte("places:\n  - {name: 日本, iso: JP, status: unsupported}"))
	f.Add([]byte("ignore: [a]\nplaces: [[1], 2, {name: []}]"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = loadPlaces("p.yaml", data) // must not panic
	})
}
