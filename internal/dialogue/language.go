package dialogue

import (
	"strings"

	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// The language that a user asks for.

// languageChosen: by button, or in a few words ("請用繁體", "说简体").
func (t *turn) languageChosen() bool { return t.askedLocale() != "" }

func (t *turn) askedLocale() zh.Locale {
	switch t.msg.Choice {
	case chat.ChoiceHans:
		return zh.LocaleHans
	case chat.ChoiceHant:
		if zh.Locale(t.mem.Lang) == zh.LocaleHK {
			return zh.LocaleHK
		}
		return zh.LocaleTW
	}
	words := bareWords(t.folded)
	if len([]rune(words)) > 16 || t.conv.Case != nil { // words to staff are theirs
		return ""
	}
	for _, complaint := range []string{"我看不懂简体", "看不懂简体", "我看不懂繁体", "看不懂繁体"} {
		words = strings.TrimPrefix(words, complaint+"请")
	}
	for _, lead := range []string{"", "请", "请用", "用", "说", "讲", "请说", "请讲", "换", "换成", "切换", "切换到", "改用", "我要", "我看不懂"} {
		for _, tail := range []string{"", "中文", "字", "中文回答", "回答", "回复", "吧", "版", "模式"} {
			switch words {
			case lead + "简体" + tail:
				return pick(lead == "我看不懂", zh.LocaleTW, zh.LocaleHans)
			case lead + "繁体" + tail, lead + "正体" + tail:
				return pick(lead == "我看不懂", zh.LocaleHans, zh.LocaleTW)
			}
		}
	}
	return ""
}

func pick(cond bool, yes, no zh.Locale) zh.Locale {
	if cond {
		return yes
	}
	return no
}

func (t *turn) changeLanguage() {
	t.locale = t.askedLocale()
	t.mem.LangFixed = string(t.locale)
	t.about(chat.Smalltalk, "talk.affirm")
	key := "lang.hant"
	if t.locale == zh.LocaleHans {
		key = "lang.hans"
	}
	t.say(t.phrase(key))
	t.offerAgain()
}
