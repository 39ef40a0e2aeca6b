package webchat

import (
	"fmt"

	"verihelp/internal/zh"
)

// code names why a frame was refused; clients decide by it.
type code string

const (
	codeBadFrame    code = "bad_frame"
	codeBadEncoding code = "bad_encoding"
	codeBadID       code = "bad_id"
	codeUnknownKind code = "unknown_kind"
	codeEmpty       code = "empty"
	codeTooLong     code = "too_long"
	codeRateLimited code = "rate_limited"
	codeTryAgain    code = "try_again"
)

// Close codes of our own, from the range left to applications.
const (
	closeBadHello  = 4400
	closeBadSecret = 4401
	closeTooSlow   = 4408
	closeReplaced  = 4409
	closeFlood     = 4429
)

// sentence says the same in both scripts, for a person.
type sentence struct{ hant, hans string }

var sentences = map[code]sentence{
	codeBadFrame:    {"這則訊息的格式無法讀取，請重新整理頁面再試。", "这条消息的格式无法读取，请刷新页面再试。"},
	codeBadEncoding: {"這則訊息含有無法讀取的字元，請重新輸入文字。", "这条消息含有无法读取的字符，请重新输入文字。"},
	codeBadID:       {"這則訊息缺少有效的編號，請重新整理頁面再試。", "这条消息缺少有效的编号，请刷新页面再试。"},
	codeUnknownKind: {"目前不支援這個功能，請改用文字說明。", "目前不支持这个功能，请改用文字说明。"},
	codeEmpty:       {"訊息是空的，請輸入文字再送出。", "消息是空的，请输入文字再发送。"},
	codeTooLong: {
		fmt.Sprintf("訊息超過 %d 個字。請只留重點，或分成幾則送出。", MaxChars),
		fmt.Sprintf("消息超过 %d 个字。请只留重点，或分成几条发送。", MaxChars),
	},
	codeRateLimited: {"送得太快了，請稍等一下再送。", "发得太快了，请稍等一下再发。"},
	codeTryAgain:    {"訊息暫時沒有送達，請稍後再試。", "消息暂时没有送达，请稍后再试。"},
}

// newError puts a refusal into a frame, in the script of the client's locale.
func newError(r *refusal, locale string) errorFrame {
	text := sentences[r.code].hant
	if l, _ := zh.ParseLocale(locale); l.Script() == zh.Hans {
		text = sentences[r.code].hans
	}
	return errorFrame{Kind: "error", Code: r.code, ID: r.id, RetryAfter: seconds(r.retry), Text: text}
}
