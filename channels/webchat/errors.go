package webchat

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

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

	// Refusals of what people without an account begin from one network address.
	codeStrangerMany code = "stranger_many"

	// Refusals of a person, after which a connection ends.
	codeBadSecret    code = "bad_secret"
	codeBadToken     code = "bad_token"
	codeTokenExpired code = "token_expired"
	codeSignIn       code = "sign_in"

	// Refusals of a file.
	codeFileTooBig  code = "file_too_big"
	codeFileType    code = "file_type"
	codeFileEmpty   code = "file_empty"
	codeFileRefused code = "file_refused"
	codeFileMany    code = "file_many"
	codeUnknownFile code = "unknown_file"

	// Refusals before there is a connection.
	codeBadOrigin code = "bad_origin"
	codeNoRoom    code = "no_room"
)

// Close codes of our own, from the range left to applications.
const (
	closeBadHello = 4400
	closeUnproved = 4401
	closeSignIn   = 4403
	closeTooSlow  = 4408
	closeReplaced = 4409
	closeFlood    = 4429
)

// closeCode is how a connection ends whose person was refused.
func closeCode(c code) int {
	if c == codeSignIn {
		return closeSignIn
	}
	return closeUnproved
}

// httpStatus is the same refusal as an answer to a request.
func httpStatus(c code) int {
	switch c {
	case codeBadSecret, codeBadToken, codeTokenExpired:
		return http.StatusUnauthorized
	case codeSignIn, codeBadOrigin, codeFileRefused:
		return http.StatusForbidden
	case codeUnknownFile:
		return http.StatusNotFound
	case codeFileType:
		return http.StatusUnsupportedMediaType
	case codeRateLimited, codeFileMany, codeStrangerMany:
		return http.StatusTooManyRequests
	case codeTryAgain, codeNoRoom:
		return http.StatusServiceUnavailable
	case codeTooLong, codeFileTooBig:
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

// sentence says the same in both scripts, for a person. Where it has minutes, they
// are those until another attempt.
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

	codeFileTooBig:  {"檔案超過 8 MB，請壓縮或截圖後再傳。", "文件超过 8 MB，请压缩或截图后再发。"},
	codeFileType:    {"只能傳 JPEG、PNG、WebP 圖片或 PDF。", "只能发送 JPEG、PNG、WebP 图片或 PDF。"},
	codeFileEmpty:   {"這個檔案是空的，請換一個。", "这个文件是空的，请换一个。"},
	codeFileRefused: {"這裡目前不收檔案。請把畫面上的字打出來。", "这里目前不收文件。请把页面上的字打出来。"},
	codeFileMany:    {"今天傳的檔案已達上限，請改用文字說明，或明天再傳。", "今天发送的文件已达上限，请改用文字说明，或明天再发。"},
	codeUnknownFile: {"找不到這個檔案，可能已經過期。", "找不到这个文件，可能已经过期。"},

	codeStrangerMany: {
		"抱歉，您所在的網路剛剛開始了太多新對話。請約 {minutes} 分鐘後再送一次，您寫的內容會留在這裡。",
		"抱歉，您所在的网络刚刚开始了太多新对话。请约 {minutes} 分钟后再发一次，您写的内容会留在这里。",
	},

	codeBadSecret:    {"這個對話無法繼續，請重新整理頁面，開始新的對話。", "这个对话无法继续，请刷新页面，开始新的对话。"},
	codeBadToken:     {"無法確認您的登入狀態，請重新登入 App 再試。", "无法确认您的登录状态，请重新登录 App 再试。"},
	codeTokenExpired: {"登入狀態已過期，請重新登入 App 再試。", "登录状态已过期，请重新登录 App 再试。"},
	codeSignIn:       {"請先登入 App，再開啟對話。", "请先登录 App，再打开对话。"},
	codeBadOrigin:    {"這個網站沒有開放使用這裡的對話。", "这个网站没有开放使用这里的对话。"},
	codeNoRoom:       {"現在連線的人很多，請稍後再試。", "现在连接的人很多，请稍后再试。"},
}

// newError puts a refusal into a frame, in the script of the client's locale.
func newError(r *refusal, locale string) errorFrame {
	text := sentences[r.code].hant
	switch l, _ := zh.ParseLocale(locale); {
	case l.Script() == zh.Hans:
		text = sentences[r.code].hans
	case l == zh.LocaleHK:
		text = zh.Convert(text, l)
	}
	minutes := strconv.Itoa(int((r.retry + time.Minute - 1) / time.Minute))
	text = strings.ReplaceAll(text, "{minutes}", minutes)
	return errorFrame{Kind: "error", Code: r.code, ID: r.id, RetryAfter: seconds(r.retry), Text: text}
}

// refuse answers a request with a refusal: its status, and the error frame.
func refuse(w http.ResponseWriter, r *http.Request, refused *refusal) {
	refuseIn(w, localeOf("", r), refused)
}

// localeOf is what a client says of its language, else its browser.
func localeOf(said string, r *http.Request) string {
	if said != "" {
		return said
	}
	locale, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	return locale
}

func refuseIn(w http.ResponseWriter, locale string, refused *refusal) {
	if refused.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds(refused.retry)))
	}
	answerJSON(w, httpStatus(refused.code), newError(refused, locale))
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that left needs no answer
}
