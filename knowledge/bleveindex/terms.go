package bleveindex

import (
	"strings"
	"unicode"

	"verihelp/internal/zh"
)

// maxQuestion bounds how much of a message is searched for, in characters: a question
// is short, and a message of 20,000 characters must not cost more than one.
const maxQuestion = 200

// stopPhrases ask without saying what about. They are cut out of questions before
// anything is counted, so that a section need not contain them. All are in folded
// form; of two that begin alike the longer stands first.
var stopPhrases = newReplacer(
	// Words that contain a stop phrase and stay whole.
	[]string{"有效", "所有", "功能", "智能", "在线", "重要", "会员", "归还", "还款"},
	[]string{
		"请问一下", "请问", "想问一下", "想问", "问一下", "麻烦", "谢谢", "你好", "您好",
		"是怎么回事", "怎么回事", "怎么办", "怎么样", "怎么做", "怎么弄", "怎么", "怎样", "如何",
		"为什么", "为何", "什么时候", "是什么意思", "什么意思", "什么", "多少", "几个",
		"哪些", "哪里", "哪个", "哪种", "哪几", "在哪",
		"可不可以", "可以", "可否", "能不能", "能够", "能否", "不能", "还能", "是不是", "有没有", "要不要", "行不行", "会不会",
		"需要", "应该", "一下", "一直", "总是", "就是", "还是", "这个", "那个", "那么", "这样", "的话", "我们", "你们",
		"那", "我", "你", "您", "他", "她", "吗", "呢", "吧", "啊", "呀", "嘛", "啦", "了", "的", "是",
		"要", "能", "会", "有", "在", "就", "都", "也", "还", "和", "跟", "与", "把", "被",
	},
)

func newReplacer(keep, drop []string) *strings.Replacer {
	pairs := make([]string, 0, 2*(len(keep)+len(drop)))
	for _, phrase := range keep {
		pairs = append(pairs, phrase, phrase)
	}
	for _, phrase := range drop {
		pairs = append(pairs, phrase, " ")
	}
	return strings.NewReplacer(pairs...)
}

// terms are the units that are searched and counted. Chinese is written without
// spaces, so a stretch of it gives every character and every pair of neighbours; a
// Latin word or a number is one unit and stands among the pairs, which weigh more.
type terms struct {
	single []string
	pairs  []string
}

// termsOf takes the terms of a folded text in the order of the text, repeated ones
// repeated.
func termsOf(folded string) terms {
	var out terms
	for _, run := range runsOf(folded) {
		if classOf(run[0]) != han {
			out.pairs = append(out.pairs, string(run))
			continue
		}
		for i, r := range run {
			out.single = append(out.single, string(r))
			if i > 0 {
				out.pairs = append(out.pairs, string(run[i-1:i+1]))
			}
		}
	}
	return out
}

// foldedQuestion is as much of a question as counts, folded.
func foldedQuestion(text string) string {
	folded := []rune(zh.Fold(text))
	return string(folded[:min(len(folded), maxQuestion)])
}

// questionTerms takes the distinct terms of a question, without its stop phrases.
func questionTerms(text string) terms {
	t := termsOf(stopPhrases.Replace(foldedQuestion(text)))
	return terms{single: distinct(t.single), pairs: distinct(t.pairs)}
}

func distinct(list []string) []string {
	seen := make(map[string]bool, len(list))
	var out []string
	for _, term := range list {
		if !seen[term] {
			seen[term] = true
			out = append(out, term)
		}
	}
	return out
}

// class is the kind of a character; a stretch of one class is not broken up.
type class int

const (
	gap class = iota
	han
	latin
	digit
)

func classOf(r rune) class {
	switch {
	case unicode.Is(unicode.Han, r):
		return han
	case unicode.IsDigit(r):
		return digit
	case unicode.IsLetter(r):
		return latin
	}
	return gap
}

// runsOf cuts a text into stretches of one class, the gaps left out.
func runsOf(text string) [][]rune {
	var out [][]rune
	last := gap
	for _, r := range text {
		c := classOf(r)
		switch c {
		case gap:
		case last:
			out[len(out)-1] = append(out[len(out)-1], r)
		default:
			out = append(out, []rune{r})
		}
		last = c
	}
	return out
}

// number says that a term is a number. Those that no section contains tell nothing of
// the topic: "17 歲" and "18 歲" ask the same.
func number(term string) bool { return unicode.IsDigit([]rune(term)[0]) }
