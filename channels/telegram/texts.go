package telegram

import (
	"strings"

	tg "github.com/go-telegram/bot/models"

	"verihelp/internal/zh"
)

// texts are our own words, in Traditional with Taiwan wording; Simplified and Hong
// Kong wording are derived.
var texts = map[string]string{
	"welcome": "您好，我是身分認證的客服機器人。\n請用一句話說說卡在哪裡，最好把畫面上的提示照著打給我。\n\n" +
		"請不要傳證件照、證件號碼、密碼、驗證碼或助記詞。\n想找真人客服，點 /human；想換繁體或簡體，點 /language。",
	"help": "直接打字就可以，例如「人臉一直過不了」。有按鈕的時候，點按鈕也可以。\n\n" +
		"/human 找真人客服\n/language 換繁體或簡體\n/privacy 這裡保存哪些內容\n/delete 刪除這段對話",
	"command.unknown": "沒有這個指令。",
	"human":           "找真人客服",
	"language":        "請選想看的文字：",

	"privacy": "您寫的話會保存在我們這裡，讓接手的真人客服看得到前因後果。\n" +
		"證件號碼、卡號、密碼、驗證碼、助記詞這類資料，一收到就遮起來，不保存原文。\n" +
		"這個聊天的畫面由 Telegram 保存，要請您自己在 Telegram 裡刪除。\n\n想刪除我們這裡保存的對話，點 /delete。",
	"delete.confirm": "要刪除我們這裡保存的這段對話嗎？刪除之後找不回來，還在處理的案件也會一起消失。",
	"delete.yes":     "刪除",
	"delete.no":      "不用了",
	"delete.kept":    "好的，沒有刪除。",
	"delete.done":    "刪除好了，我們這裡不再保存這段對話。真人客服先前看過的紀錄，可能還在他們的系統裡；這個聊天的畫面，請您自己在 Telegram 裡刪除。",
	"delete.failed":  "暫時沒能刪除，請過一會兒再點一次 /delete。",
	"delete.again":   "那個問題已經過了一段時間。要刪除的話，請再點一次 /delete。",
	"delete.contact": "這裡沒辦法直接刪除。請在 App 裡打開「OKX 客服」，請他們刪除您在 Telegram 上的對話。",

	"link.done":   "接上了，網頁上的對話已經移到這裡，直接往下說就可以。",
	"link.used":   "這個連結已經用過，或者過期了。請回到網頁再點一次，也可以直接在這裡說遇到的問題。",
	"link.failed": "沒能把網頁上的對話接過來。請過一會兒回到網頁再點一次，也可以直接在這裡說遇到的問題。",

	"edited.mark": "（更正）",
	"edited":      "我看到您改了訊息，以改過的內容為準。",
	"failed":      "您剛才有一則訊息我沒能收下，麻煩再傳一次。",
	"failed.many": "從這則起，有 %d 則訊息我沒能收下，麻煩再傳一次。",

	"unreadable.sticker": "貼圖和動圖我看不懂。請把遇到的問題，或畫面上的提示，打字告訴我。",
	"unreadable.voice":   "語音和影片我聽不了也看不了，也不會轉給客服。請把遇到的問題，或畫面上的提示，打字告訴我。",
	"unreadable.place":   "這種訊息我看不懂，也不會轉給客服。請把遇到的問題，或畫面上的提示，打字告訴我。",

	"file.big":     "這個檔案超過 8 MB，我收不下。請縮小再傳，或把畫面上的提示打字告訴我。",
	"file.type":    "我只收 JPEG、PNG、WebP 圖片和 PDF。請換成這幾種，或把畫面上的提示打字告訴我。",
	"file.empty":   "這個檔案是空的，請再傳一次。",
	"file.refused": "我看不懂圖片和檔案，這裡現在也不收。請把畫面上的提示打字告訴我；證件照請不要傳到這裡。",
	"file.many":    "今天傳的檔案太多了，我收不下。請打字說明，或明天再傳。",
	"file.again":   "這個檔案沒能收到，麻煩再傳一次。",
	"file.expired": "客服傳了一個檔案，但它已經過期了。需要的話，請在這裡告訴客服。",

	"secret.removed": "剛才那則訊息含有不該傳的資料，我已經把它從這個聊天裡刪除了。",
	"secret.remove":  "剛才那則訊息含有不該傳的資料，我刪除不了。請您長按那則訊息，自己把它刪除。",

	"group":        "這裡是多人的聊天，不適合談身分認證。請私下跟我說，別人看不到。",
	"group.button": "私下談",

	"choices.pick":   "請選一個：",
	"choices.number": "請回覆號碼。",
	"tap.used":       "已經收到了。",
	"tap.stale":      "這個按鈕已經失效了，請直接打字告訴我。",

	"staff.edited": "（更正前面的訊息）",
	"staff.gone":   "（客服收回了這則訊息）",
}

// words is one of our texts in a locale.
func words(key string, lang zh.Locale) string { return zh.Convert(texts[key], lang) }

// profile is what Telegram shows of the bot.
type profile struct {
	lang     string // two letters; empty for everybody else
	about    string // in the empty chat, 512 characters
	short    string // on the bot's page and beside shared links, 120 characters
	commands []tg.BotCommand
}

const (
	about = "身分認證卡住了嗎？請用一句話說說卡在哪裡。證件照、密碼、驗證碼和助記詞請不要傳。"
	short = "身分認證的客服：說說卡在哪裡就可以。"
)

// profiles has one text for Chinese, because the Bot API knows no scripts there:
// texts stand in both, commands use only words that both write alike.
func profiles() []profile {
	return []profile{
		{
			lang:     "zh",
			about:    about + "\n\n" + zh.Convert(about, zh.LocaleHans),
			short:    short + "\n" + zh.Convert(short, zh.LocaleHans),
			commands: commandList("回到最前面", "使用方法", "找真人客服", "繁體 / 简体", "文字如何保存", "清除全部文字"),
		},
		{
			about: "Support for identity verification, in Traditional and Simplified Chinese.\n" +
				"Say in one sentence where you are stuck. Never send ID photos, passwords, codes or seed phrases.",
			short:    "Support for identity verification, in Chinese.",
			commands: commandList("Start", "How to use it", "Talk to a person", "繁體 / 简体", "What is kept", "Delete this conversation"),
		},
	}
}

func commandList(descriptions ...string) []tg.BotCommand {
	names := strings.Fields("start help human language privacy delete")
	list := make([]tg.BotCommand, len(names))
	for i, name := range names {
		list[i] = tg.BotCommand{Command: name, Description: descriptions[i]}
	}
	return list
}
