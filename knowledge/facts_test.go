package knowledge_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/knowledge"
)

// facts lists every fact and number of the source article, by the section of ours that
// must tell it. Words are separated by spaces; of words joined by | one is enough, so
// that the wording stays free where the fact does not depend on it.
var facts = []struct{ section, fact, words string }{
	{"first-checks", "both checks before ID and C2C video verification", "身分認證 C2C 影片認證"},
	{"first-checks", "the ID is not used by another account", "別的帳號|其他帳號 佔用 身分證"},
	{"first-checks", "the app is up to date", "App 最新版本"},

	{"photo-upload", "network and camera permission first", "網路 相機 權限"},
	{"photo-upload", "update the app", "更新 最新版本"},
	{"photo-upload", "or reinstall, backed up", "解除安裝 下載 Web3 備份 助記詞 私鑰"},
	{"unresponsive", "newest version? if not, reinstall, backed up", "最新版本 解除安裝 下載 Web3 備份 助記詞 私鑰"},
	{"camera", "permission in the phone's settings, then again", "設定 OKX 相機 權限 重新|再"},

	{"face-recognition", "in person; else support", "本人 線上客服"},
	{"info-mismatch", "in person; else support", "不匹配 本人 線上客服"},
	{"rare-character", "in person; else support", "生僻字 繁體字 本人 線上客服"},

	{"face-document-mismatch", "what the system saw", "別人|他人 不像|不符 認不出|無法識別"},
	{"face-document-mismatch", "face clear and that of the document", "清楚|清晰 一致|相符"},
	{"face-document-mismatch", "what the document must show", "全名 完整 出生年月日|出生日期 臉部照片"},
	{"face-document-mismatch", "one person only", "只能有您一個人|只有一個人"},
	{"face-document-mismatch", "invalid selfies are forbidden", "無效自拍 禁止 品質|質量"},
	{"face-document-mismatch", "do not shake, not in the dark", "晃 暗"},
	{"face-document-mismatch", "face the camera, turn the head slowly along the circle", "正對|對準 鏡頭|相機 慢慢 轉頭|轉動 圓圈"},

	{"id-occupied", "one identity, one account, never twice", "一份身分 一個帳號 重複認證"},
	{"id-occupied", "support checks the ID number", "客服 身分證號"},
	{"id-occupied", "no multiple accounts for any purpose, all kinds of verification", "用戶協議 不論|任何目的 多個帳號 哪一種方式|所有"},
	{"id-occupied", "checked from time to time, violators restricted", "不定時|不定期 限制"},

	{"invalid-id", "name and birth date right, present, legible", "全名 出生日期 錯|不正確 漏|缺 讀"},
	{"invalid-id", "a clear portrait on the document", "臉部照片 清楚"},
	{"invalid-id", "signature on the passport", "護照 簽名"},
	{"invalid-id", "then start again", "重新開始認證"},
	{"validity", "at least 60 days, 60 is enough, else refused", "60 天 至少 剛好 退回"},
	{"photo-unclear", "blurred, cropped, covered", "模糊 裁切 蓋住 退回"},
	{"photo-unclear", "what must be legible", "全名 出生日期 有效期"},
	{"photo-unclear", "all corners", "每個角|四個角|所有角"},
	{"wrong-type", "unrelated document or proof of address", "不相干|無關 地址"},
	{"wrong-type", "accepted ones", "護照 國民身分證 駕照"},
	{"address-proof", "another name, unaccepted kind", "別人 名字 不接受|不能用"},
	{"address-proof", "own name and full address", "您的姓名 完整的居住地址"},
	{"address-proof", "within three months, identity documents apart, older refused", "三個月 身分證件 超過 不收|拒絕"},

	{"not-original", "originals and PDFs of the issuer", "原件 PDF"},
	{"not-original", "not these", "截圖 掃描 列印 影印本"},
	{"not-original", "colour", "彩色 黑白"},
	{"not-original", "not edited", "Photoshop"},
	{"pages-missing", "four corners, both sides", "正面 反面 四個角"},
	{"pages-missing", "a new photo", "重新拍 新的"},
	{"pages-missing", "every page that matters, all legible", "重要 每一頁 讀|可見"},
	{"damaged", "bad file, no damage, no glare, all visible", "品質 破損 反光 整份 看得到 讀"},
	{"expired", "valid still, then start again", "過期 有效期內 重新開始認證"},
	{"language", "examples of unsupported languages", "阿拉伯語 僧伽羅語 緬甸語"},
	{"language", "Latin script or the international passport", "拉丁 國際護照"},

	{"identity-change", "person and document, forbidden, restriction for good", "人 證件 禁止 限制 解除不了|無法解除"},

	{"deaf-mute", "a close relative assists", "聾啞 直系親屬 輔助人"},
	{"deaf-mute", "disability certificate", "身心障礙證明|殘疾證明"},
	{"deaf-mute", "ID of both, both sides", "兩人的身分證 正面 反面"},
	{"deaf-mute", "household register page of both", "兩人 戶口 個人頁"},
	{"deaf-mute", "where to send them", "客服 問題反饋 輸入 按"},
	{"deaf-mute", "originals at hand, both on camera", "原件 您和輔助人 一起入鏡|同時"},

	{"video-procedure", "follow the page", "頁面提示 流程"},
	{"video-procedure", "quiet place", "安靜"},
	{"video-procedure", "restart the phone, change the network", "關機 重新開機 網路"},
	{"video-procedure", "whole face all the time", "從頭到尾|整個過程 整張臉 畫面"},
	{"video-procedure", "say yes slowly, clearly, loudly", "「是的」 慢 清楚 大聲"},
	{"video-procedure", "then the wave button", "波浪線 按鈕"},
	{"c2c-restricted", "unfreeze first, then verify", "C2C 受限 凍結 解凍 影片認證"},
	{"underage", "18 full years", "18 歲 足歲|週歲 證件"},

	{"country", "partly or not at all, no matter the law there, else do not use it", "一部分 完全不提供 法律 不要使用"},
	{"country-list", "as a whole", "比利時 古巴 法國 伊朗 印度 日本 北韓|朝鮮 馬來西亞 敘利亞 中華人民共和國 美國 愛爾蘭 巴哈馬 加拿大 荷蘭 孟加拉 玻利維亞 烏茲別克 馬爾他|馬耳他"},
	{"country-list", "French territories overseas", "海外領土 瓜地洛普|瓜德羅普 法屬圭亞那 馬丁尼克|馬提尼克 馬約特 留尼旺|留尼汪 聖巴泰勒米 聖馬丁 聖皮埃爾和密克隆 " +
		"法屬南部和南極 法屬玻里尼西亞|法屬波利尼西亞 瓦利斯和富圖納 新喀里多尼亞"},
	{"country-list", "territories of the United States", "所有領土 波多黎各 美屬薩摩亞 關島 北馬利安納|北馬里亞納 美屬維京|美屬維爾京 聖克羅伊 聖約翰 聖托馬斯"},
	{"country-partly", "what is limited where", "香港：衍生品 新加坡：保證金及衍生品 英國：零售用戶的衍生品"},
	{"country-partly", "three regions of Ukraine", "烏克蘭 克里米亞 頓涅茨克 盧甘斯克"},
	{"country-closed", "six countries closed to new accounts", "比利時 法國 愛爾蘭 日本 巴哈馬 荷蘭 新帳號 使用服務|訪問服務"},
}

func TestEveryFactOfTheArticleIsTold(t *testing.T) {
	lib, err := knowledge.Load(knowledge.Data)
	require.NoError(t, err)
	for _, f := range facts {
		section, ok := lib.Section("why-verification-failed#" + f.section)
		require.True(t, ok, f.section)
		text := section.Title + "\n" + section.Text()
		for _, word := range strings.Fields(f.words) {
			assert.True(t, containsAny(text, strings.Split(word, "|")), "%s, %q: %s is missing", section.ID, f.fact, word)
		}
	}
}

func containsAny(text string, words []string) bool {
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// TestArticleIsDatedByItsUpdate keeps the day of the source's last change: it is shown
// with every quotation, and the list of countries is true as of that day.
func TestArticleIsDatedByItsUpdate(t *testing.T) {
	lib, err := knowledge.Load(knowledge.Data)
	require.NoError(t, err)
	section, ok := lib.Section("why-verification-failed#country-list")
	require.True(t, ok)
	assert.Equal(t, "2025-11-13", section.Article.Updated.Format("2006-01-02"))
}

// TestNumbersOfTheArticleAreNotContradicted looks for 60 days, three months and 18
// years wherever any article speaks of validity, proofs of address or age.
func TestNumbersOfTheArticleAreNotContradicted(t *testing.T) {
	lib, err := knowledge.Load(knowledge.Data)
	require.NoError(t, err)
	for _, s := range lib.Sections() {
		for _, rule := range []struct{ about, number string }{
			{"剩下的有效期", "60 天"}, {"地址證明，請用", "三個月"}, {"週歲", "18"}, {"足歲", "18"},
		} {
			if strings.Contains(s.Text(), rule.about) {
				assert.Contains(t, s.Text(), rule.number, s.ID)
			}
		}
	}
}
