package redact

import "strings"

// variants are characters of cue words after the plain form that cues are compared
// in, so that 驗証碼, 驗證碼 and 验证码 are one word in any mixture of scripts.
const variants = `万萬 业業 个個箇 为為爲 么麼麽 乡鄉 买買 亏虧 亿億 价價 优優 余餘 佣傭 储儲 兑兌 兴興 写寫 农農 别別 动動 区區 华華 单單
	卖賣 发發 台臺 号號 后後 吗嗎 回迴 国國 块塊 备備俻 复復複 对對対 岁歲 币幣 账帳賬帐 广廣 应應 录錄録 忆憶 态態 恒恆 户戶 折摺 护護
	报報 损損 换換 数數 旧舊 时時 显顯 机機 杂雜 来來 标標 汇匯 没沒 注註 浏瀏 点點 热熱 状狀 现現 电電 码碼 确確 私俬 种種 称稱 笔筆
	签簽 纹紋 线線 给給 络絡 统統 编編 网網 联聯 荐薦 览覽 订訂 认認 记記 设設 证證証 诉訴 词詞 试試 话話 该該 语語 误誤 说說 请請 谷穀
	资資 赚賺 转轉 输輸 过過 还還 这這 邮郵 钓釣 钟鐘鍾 钥鑰鈅 银銀 链鏈 锁鎖 错錯 陆陸 额額 驶駛 驾駕 验驗騐験 鱼魚
	秘祕 马馬 玛瑪 妈媽 计計 纪紀 际際 两兩 导導 钱錢 还還 题題 级級 组組`

// firstHan and lastHan bound the block of Chinese characters.
const (
	firstHan = 0x4e00
	lastHan  = 0x9fff
)

// plain gives the form of each Chinese character that cues are compared in; 0 is itself.
var plain = func() *[lastHan - firstHan + 1]uint16 {
	var table [lastHan - firstHan + 1]uint16
	for _, set := range strings.Fields(variants) {
		forms := []rune(set)
		for _, r := range forms[1:] {
			table[r-firstHan] = uint16(forms[0])
		}
	}
	return &table
}()

// fold gives the form of a glyph that cue words are compared in.
func fold(r rune) rune {
	if r >= firstHan && r <= lastHan {
		if p := plain[r-firstHan]; p != 0 {
			return rune(p)
		}
		return r
	}
	return lower(r)
}

// homophones are what people type for a character of a cue word that sounds so. 吗 is
// left out: 安全吗 and 提币吗 are questions.
var homophones = map[rune]string{
	'码': "马玛蚂犸", '证': "正征政症", '密': "蜜秘", '助': "住注祝", '记': "计纪际技", '词': "次辞磁", '钥': "匙药", '种': "重", '子': "籽", '私': "思丝",
}

// alike gives words with all the spellings that sound like them.
func alike(list ...string) []string {
	var out []string
	for _, w := range list {
		spelled := []string{""}
		for _, r := range w {
			var longer []string
			for _, head := range spelled {
				for _, h := range string(r) + homophones[fold(r)] {
					longer = append(longer, head+string(h))
				}
			}
			spelled = longer
		}
		out = append(out, spelled...)
	}
	return out
}

// The words for what must never be passed on, by sound.
var (
	soundCodes     = alike("验证码", "校验码", "认证码", "确认码", "动态码", "安全码")
	soundPasswords = alike("密码")
	soundPhrases   = alike("助记词", "助记字", "助忆词", "注记词", "种子词", "助记短语", "恢复词", "助记单词")
	soundKeys      = alike("私钥", "密钥", "金钥")
)

// atOnce follow a 马 that means at once and is no 码: 密马上.
var atOnce = words("马上", "马来", "马虎")

// plus joins lists of words.
func plus(more []string, list ...string) wordList { return words(append(list, more...)...) }
