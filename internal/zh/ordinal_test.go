package zh

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParseOrdinal(t *testing.T) {
	for text, want := range map[string]int{
		"2": 2, "２": 2, "二": 2, "貳": 2, "贰": 2, "②": 2, "2️⃣": 2, "(2)": 2, "（２）": 2, "⑵": 2, "2.": 2, "2、": 2, "【2】": 2, "「2」": 2, " 2 ": 2,
		"第二個": 2, "第2个": 2, "第 2 項": 2, "第二": 2, "第二種": 2, "2號": 2, "2号选项": 2, "選項2": 2, "选项二": 2, "選2": 2, "选二": 2, "我選2": 2, "我要選第二個": 2,
		"二吧": 2, "2吧": 2, "選第二個好了": 2, "2 谢谢": 2, "2，謝謝你": 2, "嗯，2": 2, "應該是第二個吧": 2, "我揀2": 2, "2 唔該": 2, "就2": 2,
		"option 2": 2, "Option 2 please": 2, "no. 2": 2, "#2": 2, "the second": 2, "the second one": 2, "2nd": 2, "two": 2,
		"1": 1, "一": 1, "第一個": 1, "one": 1, "option one": 1, "十": 10, "十二": 12, "二十": 20, "二十一": 21, "拾": 10, "12": 12, "99": 99,
	} {
		got, ok := ParseOrdinal(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"", " ", "0", "00", "02", "-2", "100", "2.5", "1,2", "1 2", "2/3", "2:00", "2?", "2？", "+1", "A2", "2a", "二三", "十十", "百", "〇",
		"2天", "60天", "第二次失敗了", "第二天", "第二次", "二月", "2個帳號", "2個", "兩個", "选2个", "2 or 3", "2和3", "選2還是3", "不是2", "不要2", "沒選2",
		"一下", "一定", "一樣", "一般", "一個", "第一時間", "第二個失敗了", "二維碼", "三個月", "2025", "18歲", "好", "謝謝", "選", "第", "第個", "the", "no", "one two",
		"2\xff3x", strings.Repeat("2", 1000), strings.Repeat("第", 1<<20), strings.Repeat("我", 20) + strings.Repeat("選", 30) + "2",
	} {
		n, ok := ParseOrdinal(text)
		assert.False(t, ok, "%.40q is read as %d", text, n)
	}
}

func FuzzParseOrdinal(f *testing.F) {
	for _, seed := range []string{"第二個", "2️⃣", "我選2", "option 2", "\xff2", "二十一"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if n, ok := ParseOrdinal(text); ok && (n < 1 || n > maxOrdinal) {
			t.Errorf("%q gives %d", text, n)
		}
	})
}
