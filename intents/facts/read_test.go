package facts

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// today is the day of most tables: 60 days ahead is 21 January, three months
// back 22 August, the latest birthday of an adult 22 November 2008.
var today = day(2026, 11, 22)

// want is what a message is to give: verdict, n with its unit, or ambiguous.
type want struct {
	text    string
	verdict string
	n       float64 // -1: none
	unit    string
}

func check(t *testing.T, kind Kind, tests []want) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			f, ok := Decide(Read(tt.text, today), kind)
			require.True(t, ok)
			assert.Equal(t, kind, f.Kind)
			assert.Equal(t, tt.verdict, f.Verdict)
			assert.Equal(t, tt.verdict == "", f.Ambiguous)
			assert.Equal(t, tt.unit, f.Unit)
			if tt.n < 0 {
				assert.Nil(t, f.N)
			} else if assert.NotNil(t, f.N) {
				assert.InDelta(t, tt.n, *f.N, 0)
			}
		})
	}
}

func TestValidity(t *testing.T) {
	check(t, Validity, []want{
		{"還有45天", TooShort, 45, "day"},
		{"护照还剩５９天", TooShort, 59, "day"},
		{"剛好剩60天算有效嗎", OK, 60, "day"},
		{"還有六十一天到期", OK, 61, "day"},
		{"45天", TooShort, 45, "day"},
		{"45", TooShort, 45, "day"},
		{"護照還有一個半月就到期", TooShort, 1.5, "month"},
		{"还有俩月", OK, 2, "month"},
		{"剩兩個月", OK, 2, "month"},
		{"仲有五個禮拜先到期", TooShort, 5, "week"},
		{"再半年才到期", OK, 0.5, "year"},
		{"還有半個月", TooShort, 0.5, "month"},
		{"還有一個多月呢", TooShort, -1, ""},
		{"淨返廿幾日", TooShort, -1, ""},
		{"還有七十幾天到期", OK, -1, ""},
		{"剩不到兩個月", "", -1, ""},
		{"離到期還兩個月又五天", OK, 66, "day"},
		{"差一天兩個月到期", OK, 60, "day"},
		{"差兩天才滿六十天的效期", TooShort, 58, "day"},
		{"下個月底到期", TooShort, -1, ""},
		{"下个月15号到期", TooShort, 23, "day"},
		{"有效期到明年三月", OK, -1, ""},
		{"有效期到明年一月", "", -1, ""},
		{"今年年底到期", TooShort, -1, ""},
		{"效期至2027/1/5", TooShort, 44, "day"},
		{"有效期到2027.01.20", TooShort, 59, "day"},
		{"有效期到2027-1-21", OK, 60, "day"},
		{"20270121到期", OK, 60, "day"},
		{"到期日是民國116年1月20日", TooShort, 59, "day"},
		{"116/1/20到期", TooShort, 59, "day"},
		{"二〇二七年一月五日到期", TooShort, 44, "day"},
		{"1月5號到期", TooShort, 44, "day"},
		{"１月５號到期", TooShort, 44, "day"},
		{"valid until 5 Jan 2027", TooShort, 44, "day"},
		{"passport expires in 45 days", TooShort, 45, "day"},
		{"有效期到03/04/2027", OK, -1, ""},
		{"有效期到01/02/2027", "", -1, ""},
		{"到期日是後天", TooShort, 2, "day"},
		{"大後天到期", TooShort, 3, "day"},
		{"下週一到期", TooShort, 1, "day"},
		{"下禮拜日到期", TooShort, 7, "day"},
		{"今天到期", TooShort, 0, "day"},
		{"今天到期了", Expired, 0, "day"},
		{"昨天剛到期", Expired, 1, "day"},
		{"過期不到一個月", Expired, -1, ""},
		{"护照12月20号过期，今天22号", TooShort, 28, "day"},
		{"护照是今年6月过期的", Expired, -1, ""},
		{"過期三天了", Expired, 3, "day"},
		{"已經過期兩個月", Expired, 2, "month"},
		{"護照三個月前就過期了", Expired, 3, "month"},
		{"上個月到期的", Expired, -1, ""},
		{"我身份证2023年就到期了", Expired, -1, ""},
		{"駕照寫2019到期", Expired, -1, ""},
		{"到期了", Expired, -1, ""},
		{"證件過期了", Expired, -1, ""},
		{"不是快到期，是昨天剛到期", Expired, 1, "day"},
		{"今天是3月5號，我居留證4月20到期", TooShort, 46, "day"},
		{"系統說不足60天，可是我還有75天", OK, 75, "day"},
		{"新證要等兩週，舊的還有二十天", TooShort, 20, "day"},
	})
}

func TestAge(t *testing.T) {
	check(t, Age, []want{
		{"我17歲", Underage, 17, "year"},
		{"17", Underage, 17, "year"},
		{"十八", Adult, 18, "year"},
		{"17歲半", Underage, 17.5, "year"},
		{"17 and a half", Underage, 17.5, "year"},
		{"儿子十五，想给他开一个", Underage, 15, "year"},
		{"剛滿18", Adult, 18, "year"},
		{"今天刚好18岁生日", Adult, 18, "year"},
		{"我明天剛好18歲生日", Underage, 17, "year"},
		{"上週剛滿18歲，為什麼還說未滿18", Adult, 18, "year"},
		{"差两个月18", Underage, 2, "month"},
		{"下個月才滿18", Underage, 17, "year"},
		{"未成年", Underage, -1, ""},
		{"快18了", Underage, -1, ""},
		{"我生日是11月23號，快18了", Underage, -1, ""},
		{"差俩月才成年，能先弄上吗", Underage, 2, "month"},
		{"下個月才成年", Underage, 17, "year"},
		{"滿18歲才能認證嗎，我17歲11個月", Underage, 17, "year"},
		{"98年的可以吗", Adult, -1, ""},
		{"虚岁18", Underage, -1, ""},
		{"虚岁19", "", -1, ""},
		{"十七八歲", "", -1, ""},
		{"2009年出生的", Underage, -1, ""},
		{"2008年的", "", -1, ""},
		{"09年的", Underage, -1, ""},
		{"97年次", "", -1, ""},
		{"97年的", "", -1, ""},
		{"96年次", Adult, -1, ""},
		{"民國98年次", Underage, -1, ""},
		{"85年的", Adult, -1, ""},
		{"我97年次，今年還沒過生日", Underage, 17, "year"},
		{"我97年次，生日已過", Adult, 18, "year"},
		{"2008年11月22日出生", Adult, 18, "year"},
		{"2008/11/23出生", Underage, 17, "year"},
		{"民國97年11月出生", "", -1, ""},
	})
}

func TestProofAge(t *testing.T) {
	check(t, ProofAge, []want{
		{"三個月前的帳單", Fresh, 3, "month"},
		{"四个月前的账单", TooOld, 4, "month"},
		{"4個月前", TooOld, 4, "month"},
		{"半年前的對帳單", TooOld, 0.5, "year"},
		{"上個月的水費單", Fresh, -1, ""},
		{"八月的帳單", "", -1, ""},
		{"九月的帳單", Fresh, -1, ""},
		{"七月的帳單", TooOld, -1, ""},
		{"去年12月的電費單", TooOld, -1, ""},
		{"帳單是8月22號的", Fresh, 92, "day"},
		{"帳單是8月21號的", TooOld, 93, "day"},
		{"要三個月以內的帳單，我這張剛好三個月", Fresh, 3, "month"},
		{"信用卡帳單是1月10號的，今天4月10號", Fresh, 90, "day"},
		{"帳單超過三個月了", TooOld, -1, ""},
		{"三個多月前的流水", TooOld, -1, ""},
	})
}

func TestNumbersThatSayNothing(t *testing.T) {
	tests := []string{
		"", "60天的規定", "有效期不足60天是什麼規定", "試了3次", "等了2天還沒過", "審核要三天嗎", "十幾次都失敗", "我有3個帳號",
		"提示剩餘有效期必須大於60天", "證件快到期了", "還沒過期", "換發要等一個月", "你幾歲了", "iPhone 15", "C2C", "99%", "500U",
		"要幾歲才可以", "三個月以內的帳單", "lv2過不去", "第三次了", "護照快過期了",
	}
	for _, text := range tests {
		for _, f := range Read(text, today) {
			assert.Empty(t, f.Verdict, text)
		}
		for _, kind := range []Kind{Validity, ProofAge} {
			f, ok := Decide(Read(text, today), kind)
			assert.False(t, ok, "%s: %s %s", text, kind, f.Verdict)
		}
	}
}

func TestCalendarBorders(t *testing.T) {
	tests := []struct {
		name    string
		today   time.Time
		kind    Kind
		text    string
		verdict string
	}{
		{"60 days over a leap day", day(2028, 1, 15), Validity, "有效期到2028-03-15", OK},
		{"the same in a common year", day(2027, 1, 15), Validity, "有效期到2027-03-15", TooShort},
		{"two months after New Year are 59 days", day(2027, 1, 1), Validity, "還有兩個月", TooShort},
		{"a month after 31 January is the end of February", day(2027, 1, 31), Validity, "還有一個月", TooShort},
		{"three months before 31 May", day(2027, 5, 31), ProofAge, "帳單是2月28號的", Fresh},
		{"a day more", day(2027, 5, 31), ProofAge, "帳單是2月27號的", TooOld},
		{"three months ago, whatever the month", day(2027, 5, 31), ProofAge, "三個月前的帳單", Fresh},
		{"born on 29 February, on 28 February", day(2026, 2, 28), Age, "2008年2月29日出生", Underage},
		{"born on 29 February, on 1 March", day(2026, 3, 1), Age, "2008年2月29日出生", Adult},
		{"cohort 97 on New Year's Eve", day(2026, 12, 31), Age, "97年次", Adult},
		{"cohort 97 on New Year", day(2026, 1, 1), Age, "97年次", ""},
		{"an expiry in the new year", day(2026, 12, 31), Validity, "1月1號到期", TooShort},
		{"end of next month over the year", day(2026, 12, 5), Validity, "下個月底到期", TooShort},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, ok := Decide(Read(tt.text, tt.today), tt.kind)
			require.True(t, ok)
			assert.Equal(t, tt.verdict, f.Verdict)
		})
	}
}

func TestTodayIsTheDateOfItsZone(t *testing.T) {
	taipei := time.FixedZone("UTC+8", 8*3600)
	late := time.Date(2026, 11, 22, 23, 59, 0, 0, taipei)
	for _, now := range []time.Time{late, late.Add(2 * time.Minute)} {
		f, ok := Decide(Read("2027-01-21到期", now), Validity)
		require.True(t, ok)
		assert.Equal(t, now.Day() == 22, f.Verdict == OK)
	}
}

// TestFineNumbersAreNeverRefused: whatever is fine by the day gives no refusing
// verdict, however it is written.
func TestFineNumbersAreNeverRefused(t *testing.T) {
	for start := range 400 {
		now := today.AddDate(0, 0, start)
		for _, left := range []int{60, 61, 90, 365} {
			expiry := now.AddDate(0, 0, left)
			for _, form := range []string{"2006-1-2", "2006/01/02", "2006.1.2", "20060102", "2006年1月2日", "2 Jan 2006", "02/01/2006", "2006年1月"} {
				f, ok := Decide(Read("有效期到"+expiry.Format(form), now), Validity)
				require.True(t, ok)
				assert.NotContains(t, []string{TooShort, Expired}, f.Verdict, expiry.Format(form))
			}
		}
		f, _ := Decide(Read("帳單是"+addMonths(now, -3).Format("2006年1月2日")+"的", now), ProofAge)
		assert.Equal(t, Fresh, f.Verdict, now)
		f, _ = Decide(Read(now.AddDate(-18, 0, 0).Format("2006年1月2日")+"出生", now), Age)
		assert.Equal(t, Adult, f.Verdict, now)
	}
}

func TestSpansPointIntoTheMessage(t *testing.T) {
	text := "我人在\u200b馬來西亞，護照還有４５天到期"
	found := Read(text, today)
	require.Len(t, found, 2)
	assert.Equal(t, "馬來西亞", text[found[0].Start:found[0].End])
	assert.Equal(t, "４５天", text[found[1].Start:found[1].End])
}

func TestKindByContext(t *testing.T) {
	f, ok := Decide(Read("我17歲", today), "")
	require.True(t, ok)
	assert.Equal(t, Age, f.Kind)
	_, ok = Decide(Read("45", today), "")
	assert.False(t, ok)
}

func TestLongMessages(t *testing.T) {
	for _, unit := range []string{"1", "一", "十", "十百", "幾", "1-1-1 ", "三個月", "差1天2個月", "日本", "今天是3月5號", "半", "未", "，"} {
		text := strings.Repeat(unit, 20000/len([]rune(unit)))
		assert.NotPanics(t, func() { Decide(Read(text, today), Validity) }, unit)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{"護照還有一個半月，今天是3月5號", "97年次 虛歲18", "八月的帳單 03/04/2027", "差1天2個月\xff", "烏克蘭 Jan 5"} {
		f.Add(text, int64(0))
	}
	f.Fuzz(func(t *testing.T, text string, days int64) {
		now := today.AddDate(0, 0, int(days%20000))
		found := Read(text, now)
		for _, fact := range found {
			require.True(t, 0 <= fact.Start && fact.Start < fact.End && fact.End <= len(text))
			require.False(t, fact.Verdict != "" && fact.Ambiguous)
			require.False(t, fact.To.Before(fact.From), text)
		}
		for _, kind := range []Kind{"", Validity, Age, ProofAge, Place} {
			Decide(found, kind)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	texts := map[string]string{
		"plain":    "我上傳證件以後畫面一直轉圈圈換了網路也一樣請問這樣到底是哪裡出了問題要怎麼處理才好",
		"validity": "我人在馬來西亞工作，護照還有一個半月就到期了，這樣可以通過認證嗎還是要先去換新的呢",
		"dates":    "今天是3月5號，我的居留證寫2027年4月20日到期，系統說不足60天，帳單是1月的，我17歲",
	}
	for name, text := range texts {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Read(text, today)
			}
		})
	}
}
