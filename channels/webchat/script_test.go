package webchat_test

import (
	"verihelp/internal/chat"
)

// scripted answers like a small bot: enough to see every shape of the page.
func scripted(m chat.Message) []chat.Item {
	switch m.Choice {
	case chat.ChoiceHuman:
		return []chat.Item{waiting()}
	case chat.ChoiceCancel:
		return []chat.Item{notice("沒問題，已經幫您取消轉接。還有哪裡卡住嗎？", "K7-1", chat.CaseCancelled, "")}
	case chat.ChoiceHans:
		return []chat.Item{reply("zh-Hans", text("好的，接下来用简体中文回复您。"))}
	case chat.ChoiceHant:
		return []chat.Item{reply("zh-Hant-TW", text("好的，接下來用繁體中文回覆您。"))}
	case "expiry":
		return []chat.Item{expiry()}
	}
	if m.Text == "證件照片一直沒通過" {
		return []chat.Item{question()}
	}
	return []chat.Item{reply("zh-Hant-TW", text("收到："+m.Text))}
}

func question() chat.Item {
	q := reply("zh-Hant-TW", text("了解，先縮小範圍。畫面上的提示比較接近哪一個？"))
	q.Reply.Choices = []chat.Choice{
		{ID: "blurry", Label: "照片模糊或反光"},
		{ID: "expiry", Label: "證件效期不足"},
		{ID: "country", Label: "不支援這個國家或地區"},
		{ID: chat.ChoiceNone, Label: "都不是"},
		{ID: chat.ChoiceHuman, Label: "真人客服"},
	}
	return q
}

func expiry() chat.Item {
	a := reply("zh-Hant-TW",
		[]chat.Block{
			{Kind: chat.Paragraph, Text: "您的證件還有 45 天到期。送出驗證時，證件的效期至少要剩 60 天，所以這張證件目前無法通過，和照片拍得好不好沒有關係。"},
			{Kind: chat.Steps, Items: []string{
				"先向發證單位換發新的證件。",
				"拿到新證件後，打開 App 的身分認證頁面，重新選擇證件種類。",
				"把證件平放在深色桌面上，關掉閃光燈，四個角都入鏡再拍。",
			}},
			{Kind: chat.List, Items: []string{"護照、身分證、駕照擇一即可", "臨時證件不能使用"}},
		},
		[]chat.Block{
			{Kind: chat.Paragraph, Text: "如果手邊有另一張效期還夠的證件，可以直接改用那一張。"},
			{Kind: chat.Source, Text: "身分認證失敗的常見原因（2025-11-13 更新）", URL: "https://www.okx.com/help/verification"},
		})
	a.Reply.Choices = []chat.Choice{{ID: chat.ChoiceSolved, Label: "解決了"}, {ID: chat.ChoiceNotSolved, Label: "還是不行"}, {ID: chat.ChoiceHuman, Label: "真人客服"}}
	return a
}

func text(s string) []chat.Block { return []chat.Block{{Kind: chat.Paragraph, Text: s}} }

func reply(lang string, bubbles ...[]chat.Block) chat.Item {
	r := &chat.Reply{Lang: lang}
	for _, blocks := range bubbles {
		r.Bubbles = append(r.Bubbles, chat.Bubble{Blocks: blocks})
	}
	return chat.Item{Kind: chat.FromBot, Reply: r}
}

func notice(s, id string, state chat.CaseState, agent string) chat.Item {
	item := reply("zh-Hant-TW", text(s))
	item.Kind, item.Case = chat.Notice, &chat.CaseView{ID: id, State: state, Agent: agent}
	return item
}

func waiting() chat.Item {
	item := notice("好的，我已經把前面的對話整理給客服人員，您不用再說一次。", "K7-1", chat.CaseWaiting, "")
	item.Reply.Bubbles = append(item.Reply.Bubbles, chat.Bubble{Blocks: text("您前面還有 3 個案件。最近兩週，一半的案件在 15 分鐘內有客服接手，這次可能快一點，也可能慢一點。")})
	return item
}

func staff(agent, s string) chat.Item {
	return chat.Item{Kind: chat.FromStaff, Agent: agent, Text: s}
}
