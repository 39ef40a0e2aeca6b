package slack

import (
	"errors"

	"verihelp/internal/chat"
)

// Everything that staff read, in Traditional Chinese.
const (
	wordsSomebody    = "客服"
	wordsSent        = "%s → 使用者："
	wordsChanged     = "%s 改成："
	wordsTakenBack   = "%s 收回了一則訊息。"
	wordsUndelivered = "⚠️ 這則沒有送到使用者：%s"
	wordsRetry       = "再送一次"
	wordsFileGone    = "附件「%s」已過期，無法顯示。"
	wordsBack        = "客服台剛才約 %d 分鐘沒有連上 Slack；這段期間的訊息已經補上，順序不變。"

	wordsNotSent       = "這則沒有傳給使用者：%s"
	wordsStranger      = "您不在這個客服頻道的名單裡，不能處理案件。請管理員把您加進頻道。"
	wordsUnsure        = "現在查不到您的身分，請稍後再試。"
	wordsFailed        = "沒有成功，請再試一次。"
	wordsOnlyButton    = "這裡設定為按「回覆」才會傳給使用者。"
	wordsTakeAndSend   = "接手並傳送"
	wordsMasked        = "使用者看到的這則訊息裡，%s已經遮蔽。請不要在對話裡傳這類資料。"
	wordsOtherScript   = "使用者寫%s，這則是用%s送出的。"
	wordsConvert       = "改成%s（先預覽）"
	wordsUnknownButton = "這個按鈕已經不能用了，請用案件卡片上的按鈕。"
	wordsNoEdit        = "這則的修改沒有傳給使用者：%s"
	wordsNoteTooLate   = "已經送出的訊息不能改成備註；要收回請刪除它。"
	wordsTooLong       = "訊息太長，請分成幾則，每則最多 %d 個字。"
	wordsGone          = "找不到原本的訊息。"
	wordsTakenBackNow  = "這則已經收回，不會再送。"
	wordsCorrected     = "這則在視窗打開之後改過了，請關掉視窗，再按一次按鈕。"
	wordsExpired       = "視窗來不及打開，請再按一次。"
	wordsLate          = "還沒處理完，請再按一次；同樣的話不會傳兩次。"
	wordsNoCategory    = "沒有這個分類，請重新選一個。"
	wordsNote          = "// 或「備註：」開頭的是備註，不會傳給使用者。要傳就拿掉開頭；要留備註，請打在討論串裡。"
	wordsNoColleague   = "請選這個客服頻道裡的同事。"
	wordsStopping      = "服務正在啟動或停止，請稍後再試。"
)

// wordsHappened are the lines for what was done to a case; a lone %s is its agent.
var wordsHappened = map[chat.CaseChange]string{
	chat.CaseClaim:    "🙋 %s 接手了。在這個討論串打的字會傳給使用者；備註請用 // 開頭。",
	chat.CaseRelease:  "案件放回佇列，等待接手。",
	chat.CaseTransfer: "案件轉給 %s。",
	chat.CaseSnooze:   "%s 稍後再處理。",
	chat.CaseHandBack: "%s 把對話交還給機器人。",
	chat.CaseClose:    "%s 結案",
	chat.CaseBlock:    "%s 結案並暫停服務這位使用者",
	chat.CaseReopen:   "使用者又寫了訊息，案件重新開啟。",
	chat.CaseCancel:   "使用者取消了轉接。",
	chat.CaseRate:     "使用者評分：%s %s",
	chat.CaseRemind:   "⏰ 案件 %s（%s）還在等回覆：%d 則未回，第 %d 次提醒。",
	chat.CaseWake:     "⏰ 該繼續處理這個案件了。",
	chat.CaseExpire:   "太久沒有回音，案件自動結束。",
	chat.CaseAdopt:    "↪️ 使用者改用%s繼續：%s。之後打的字會送到那裡。",
	chat.CaseErase: "🗑️ 使用者要求刪除所有資料，案件到此結束，之後打的字不會再送出。" +
		"已經在 Slack 裡的內容，這個服務刪不掉：請在 Slack 裡刪除這個討論串。",
}

// stubState stands on the card of a person who is forgotten.
const stubState = "🗑️ 使用者已要求刪除所有資料"

// speakers are who says something.
var speakers = map[chat.ItemKind]string{
	chat.FromUser: "使用者：", chat.FromBot: "機器人：", chat.FromStaff: "客服：", chat.Notice: "已告訴使用者：",
}

// states are what a case's state is called.
var states = map[chat.CaseState]string{
	chat.CaseWaiting: "🔵 等待接手", chat.CaseClaimed: "🟢 處理中", chat.CasePending: "🟡 等使用者回覆",
	chat.CaseSnoozed: "💤 稍後處理", chat.CaseHandedBack: "↩️ 已交還機器人", chat.CaseClosed: "✅ 已結案",
	chat.CaseCancelled: "✖️ 使用者取消",
}

// refusals say why an action was not taken.
var refusals = []struct {
	cause error
	words string
}{
	{chat.ErrCaseNotHeld, "請先按「接手」。"},
	{chat.ErrCaseHeld, "別的客服已經接手這個案件。"},
	{chat.ErrCaseNotOpen, "這個案件已經結束。"},
	{chat.ErrUnknownCase, "沒有這個案件。"},
	{chat.ErrEmptyReply, "請先寫要回覆的話。"},
	{chat.ErrBadTime, "時間要在現在之後、三十天之內。"},
	{chat.ErrNotStaffs, "這不是客服送出的訊息，不能改。"},
	{chat.ErrUnknownStaff, "沒有選同事。"},
	{chat.ErrFileTooBig, "檔案超過 8 MB，請縮小後再傳。"},
	{chat.ErrFileType, "只能傳 JPEG、PNG、WebP 圖片或 PDF。"},
	{chat.ErrFileEmpty, "檔案是空的。"},
	{chat.ErrFileRefused, "這個對話不能傳這種檔案。"},
	{chat.ErrFileMany, "這個對話今天的檔案太多了。"},
	{errStranger, wordsStranger},
	{errUnsure, wordsUnsure},
	{errNoInbox, wordsStopping},
}

// refusal puts an error into words; known is false for the service's own
// failures, which are to be logged.
func refusal(err error) (words string, known bool) {
	for _, r := range refusals {
		if errors.Is(err, r.cause) {
			return r.words, true
		}
	}
	return wordsFailed, false
}
