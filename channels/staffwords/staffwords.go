// Package staffwords holds what desks call the things of a case: channels, scripts,
// rules, masked secrets, categories. Staff read Traditional Chinese at every desk, and
// the same words at each; a name of the program's own stands only where it has no
// other.
package staffwords

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"verihelp/channels"
	"verihelp/internal/chat"
	"verihelp/internal/redact"
)

// ways are what channels are called.
var ways = map[string]string{"web": "網頁", "telegram": "Telegram", "console": "終端機"}

// Way is what a person's channel is called.
func Way(a chat.Address) string { return cmp.Or(ways[a.Channel], a.Channel) }

// Script is what the script of a language is called.
func Script(lang string) string {
	switch lang {
	case "zh-Hans":
		return "簡體"
	case "zh-Hant-HK":
		return "繁體（香港）"
	}
	return "繁體（台灣）"
}

// secrets are what was masked.
var secrets = map[string]string{
	string(redact.SeedPhrase): "助記詞", string(redact.PrivateKey): "私鑰", string(redact.IDNumber): "身分證號",
	string(redact.CardNumber): "卡號", string(redact.OneTimeCode): "驗證碼", string(redact.Password): "密碼",
	string(redact.Phone): "電話", string(redact.Email): "電郵",
}

// Masked names kinds of secrets, in one phrase.
func Masked(kinds []string) string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = cmp.Or(secrets[kind], kind)
	}
	return strings.Join(names, "、")
}

// NoReason stands for a reason that nobody told.
const NoReason = "原因不明"

// troubles say why something did not reach a user, by what the reason begins with.
var troubles = []struct{ begins, words string }{
	{channels.ReasonBlocked, "使用者封鎖了機器人，要等他解除封鎖才送得到。"},
	{channels.ReasonDeactivated, "使用者的帳號已經停用。"},
	{channels.ReasonNoChat, "找不到這個聊天，使用者可能沒有開始過，或刪除了帳號。"},
	{channels.ReasonNotAllowed, "使用者那邊不讓機器人傳訊息。"},
	{channels.ReasonMessage, "使用者那邊的平台不收這則訊息，請換個寫法再傳。"},
	{channels.ReasonFile, "使用者那邊的平台不收這個檔案，請換一個檔案，或用文字說明。"},
	{channels.ReasonNotStored, "要送的內容已經刪除了。"},
	{channels.ReasonTooLong, "試了很久都送不出去。"},
}

// Trouble puts the reason of a case's trouble into words; empty if there is none.
func Trouble(reason string) string {
	for _, t := range troubles {
		if strings.HasPrefix(reason, t.begins) {
			return t.words
		}
	}
	if reason == "" {
		return ""
	}
	return NoReason + "（" + reason + "）"
}

// rules say how the decision was made, by the dialogue's names.
var rules = map[string]string{
	"person_asked": "使用者要找真人", "confident": "從使用者的話就能確定", "option_chosen": "使用者選的",
	"none_chosen": "使用者說選項都不是", "checked": "使用者檢查過的都排除了", "fact_given": "依使用者說的日期、年齡或地點算的",
	"corrected": "使用者更正了前面說的", "several_problems": "使用者一次說了幾個問題", "same_topic_again": "使用者又說了一次同樣的問題",
	"not_solved": "照說明做了還是不行", "refusal_doubted": "使用者不接受不能通過的說明", "follow_up": "使用者接著前面的問題再問",
	"unsure": "問過還是不能確定", "reopened": "結束之後使用者又寫來", "in_danger": "使用者的話讓人擔心他的安全",
	"only_file": "使用者只傳了檔案", "answer_asked": "使用者問了說明裡的事", "asked_anywhere": "使用者問了一般的問題",
	"lent_asked": "使用者問能不能用別人的證件", "exemption_asked": "使用者問能不能不做", "scam_told": "使用者可能遇到詐騙",
	"line_asked": "使用者問了說明裡的一句話", "done": "使用者做完了", "solved": "使用者說解決了", "renewal_awaited": "使用者在等新證件", "fine_doubted": "使用者問符合要求的那一項",
}

// Rule is what a rule is called; its name if we do not know it.
func Rule(rule string) string { return cmp.Or(rules[rule], rule) }

// Titles are the categories that staff can name, with what they are called.
type Titles []chat.Choice

// Of is what a category is called; its ID if we were not told.
func (all Titles) Of(id string) string {
	for _, c := range all {
		if c.ID == id {
			return c.Label
		}
	}
	return id
}

// All names several, in one phrase.
func (all Titles) All(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = all.Of(id)
	}
	return strings.Join(names, "、")
}

// Find is the ID of the category with this title or ID; ok is false if there is none.
func (all Titles) Find(name string) (id string, ok bool) {
	i := slices.IndexFunc(all, func(c chat.Choice) bool { return c.Label == name || c.ID == name })
	if i < 0 {
		return "", false
	}
	return all[i].ID, true
}

// Guesses are a case's category with its runners-up, and what staff say it is.
func (all Titles) Guesses(c chat.Case) string {
	text := c.Title
	var others []string
	for _, g := range c.Also {
		percent := fmt.Sprintf(" %.0f%%", g.P*100)
		switch {
		case g.Category == c.Category:
			text += percent
		case percent != " 0%":
			others = append(others, all.Of(g.Category)+percent)
		}
	}
	if len(others) > 0 {
		text += "；其次：" + strings.Join(others, "、")
	}
	switch c.Label {
	case "":
	case c.Category:
		text += "；客服判定：正確"
	default:
		text += "；客服判定：" + all.Of(c.Label)
	}
	return text
}

// Row is a line of a case's card.
type Row struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Card is what staff ask first of a case: the rows that the case alone tells, for desks
// without a form of their own.
func (all Titles) Card(c chat.Case) []Row {
	var rows []Row
	row := func(name, text string) {
		if strings.TrimSpace(text) != "" {
			rows = append(rows, Row{name, text})
		}
	}
	row("送不到", Trouble(c.Trouble))
	row("管道與語言", Way(c.Address)+"，"+Script(c.Lang))
	row("判斷", all.Guesses(c))
	row("怎麼判斷的", Rule(c.Rule))
	row("算出", strings.Join(c.Facts, "、"))
	row("試過", all.All(c.Tried))
	row("請使用者準備", strings.Join(c.Prepared(), "；"))
	row("已遮蔽", Masked(c.Masked))
	if h := c.Host; h != nil {
		row("App", Joined("，", h.AppVersion, h.Page, h.Step))
		row("畫面上的錯誤", h.ErrorText)
	}
	return rows
}

// Joined joins the parts that are not empty.
func Joined(with string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == "" }), with)
}
