package facts

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// later is the day of the stories of this file.
var later = day(2026, 11, 26)

// TestWaitingIsNoExpiry: what something takes, or how long somebody has tried, is no
// time that a document has left.
func TestWaitingIsNoExpiry(t *testing.T) {
	for _, text := range []string{
		"新证要两个星期才下来", "我的证件还有30天才办好", "新護照還有10天才拿到", "新護照要三個禮拜才下來", "補辦身分證要等兩週", "还要等10天才拿到新的",
		"新嘅仲要兩個禮拜先攞到", "新驾照15号出来", "签证还要三周才批", "護照下個月15號才會好", "換新的要一個月", "新的12月5號好", "派出所让我20天后去取",
		"身份证补办中，还剩10天就能领了", "護照送去換發了，還剩8天就能領", "我仲有兩個禮拜先攞到新身份證", "BNO續期要6個禮拜", "passport renew 要两个星期",
		"回乡证还要7天才寄到", "试了3天了还是不行", "审了45天", "审核了45天还没过", "等了两个礼拜了", "卡了5天了", "认证提交7天了", "折腾了一个礼拜",
	} {
		_, ok := Decide(Read(text, later), Validity)
		assert.False(t, ok, text)
	}
}

// TestExpiryBesideWaiting: the document's own time counts, not the one of the new one.
func TestExpiryBesideWaiting(t *testing.T) {
	tests := []struct {
		text, verdict string
		n             float64
	}{
		{"舊的還有20天到期，新證要等兩週", TooShort, 20},
		{"护照还有30天，新的要两个星期才下来", TooShort, 30},
		{"新证两周后才拿到，旧的10天后到期", TooShort, 10},
		{"证件15天后过期，但新证要30天", TooShort, 15},
		{"不是14天到期，是已经过期了，新的要等两个星期", Expired, -1},
		{"護照過期了，新的再10天就好", Expired, -1},
		{"护照过期了，我还在等新的，大概还有10天", Expired, -1},
		{"身份证到期了，派出所说要20天出证", Expired, -1},
		{"不是昨天到期，是30天後到期", TooShort, 30},
		{"證件不是還有14天嗎", TooShort, 14},
		{"新护照有效期到2036年", OK, -1},
		{"护照过了半年就到期", OK, 0.5},
		{"30号到期", TooShort, 4},
		{"31号到期", TooShort, 35},
		{"明年30号到期", OK, -1},
		{"明年12/5到期", OK, 374},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			f, ok := Decide(Read(tt.text, later), Validity)
			require.True(t, ok)
			assert.Equal(t, tt.verdict, f.Verdict)
			if tt.n >= 0 {
				require.NotNil(t, f.N)
				assert.InDelta(t, tt.n, *f.N, 0)
			}
		})
	}
}

// TestComingOfAge: whoever says when they will be 18 is not 18 yet.
func TestComingOfAge(t *testing.T) {
	young := []string{"我要过两个月就18了", "再过两个月就18", "還差三天才滿18", "還要兩個禮拜才18歲", "等三个月就满18了", "再等半年才18", "快18了", "差幾天就18了",
		"下個月生日就滿18", "下个月过生日就18岁了", "明年三月滿18", "仲有兩個月先夠18", "過多兩個月就夠18", "爭幾日先夠18", "聽月先夠18歲", "兩個月後滿18",
		"离18岁还有40天", "過年後就滿18歲", "过完年就18了", "過埋生日就18喇", "12月5号就满18了", "還要一年才成年", "我要18了", "后天18岁",
		"我18岁生日还没过", "今年18，生日還沒過", "12月5号生日，08年的", "我08年的，12月5号生日", "生日是12月5號，97年次", "2008年出生，生日12月20", "零八年的，十二月生", "出生年份2008，月日是11月30"}
	adult := []string{"刚满18", "满18两个月了", "两个月前满的18", "上个月满18了", "三個月前就滿18歲了", "已经18岁零两个月", "18歲過兩個月了", "滿18歲已經半年",
		"我9月已经满18周岁", "等了两个月，终于满18了", "满18了等了3天还不行", "3月5号生日，08年的", "1990年的，3月5号生日", "我97年次，生日3月5號", "不是17岁，我18"}
	for verdict, texts := range map[string][]string{Underage: young, Adult: adult} {
		for _, text := range texts {
			f, ok := Decide(Read(text, later), Age)
			assert.True(t, ok, text)
			assert.Equal(t, verdict, f.Verdict, text)
		}
	}
	f, ok := Decide(Read("我三月就满18了", later), Age)
	require.True(t, ok)
	assert.True(t, f.Ambiguous, "last March or next")
}

// TestNoAge: nothing here says how old somebody is.
func TestNoAge(t *testing.T) {
	for _, text := range []string{"我年纪太大了不会弄", "我年紀大了看不懂", "15岁办的身份证，脸变了认不出", "年龄有要求吗", "16岁拍的照片", "08年的护照，3月5号到期", "我不是未成年", "滿18就可以了嗎", "要满18才能认证吗"} {
		for _, f := range Read(text, later) {
			assert.NotEqual(t, Age, f.Kind, text)
		}
	}
}

// TestWhatADateIsOf: only words of the message bind a number to a document.
func TestWhatADateIsOf(t *testing.T) {
	for text, loose := range map[string]bool{"14天": true, "还有14天": true, "那明年3月5号可以吧": true, "护照还有14天": false, "14天后到期": false, "生日2008年3月5日": false} {
		found := Read(text, later)
		require.Len(t, found, 1, text)
		assert.Equal(t, loose, found[0].Loose(), text)
	}
}

func TestNationals(t *testing.T) {
	for text, want := range map[string]bool{
		"馬來西亞護照": true, "护照是印度的": true, "我是马来西亚人": true, "日籍": true, "國籍美國": true, "香港身份證": true, "台灣公民": true, "护照日本": true, "国籍：中国": true,
		"住在新加坡": false, "日本人臉": false, "新加坡电话": false, "在日本讀書": false,
	} {
		f, ok := Decide(Read(text, later), Place)
		require.True(t, ok, text)
		assert.Equal(t, want, f.National, text)
	}
	f, ok := Decide(Read("以前住日本，現在住台灣", later), Place)
	require.True(t, ok)
	assert.Equal(t, "TW", f.ISO)
}
