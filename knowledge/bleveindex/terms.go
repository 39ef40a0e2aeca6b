package bleveindex

import (
	"strings"
	"unicode"

	"verihelp/internal/zh"
)

// run is a stretch of a folded text without gaps: Chinese characters, or one Latin
// word or number.
type run []rune

// stopPhrases ask without saying what about. They are cut out of questions before
// anything is counted, and so are not what a section must cover. Folded form, longer
// ones first where one begins another.
var stopPhrases = strings.NewReplacer(gaps(
	"请问一下", "请问", "想问一下", "想问", "问一下", "麻烦", "谢谢", "你好", "您好",
	"怎么办", "怎么样", "怎么做", "怎么弄", "怎么", "怎样", "如何", "为什么", "为何", "什么时候", "是什么意思", "什么意思", "什么", "多少",
	"怎么回事", "是怎么回事", "哪些", "哪里", "哪个", "哪种", "哪几", "在哪", "几个",
	"可不可以", "可以", "能不能", "能够", "能否", "是不是", "有没有", "要不要", "行不行", "可否", "还能", "不能", "还是", "还",
	"需要", "应该", "一下", "这个", "那个", "这样", "一直", "总是", "就是", "的话", "我们", "你们", "我", "你", "您", "他", "她",
	"吗", "呢", "吧", "啊", "呀", "嘛", "啦", "了", "的", "是", "要", "能", "会", "有", "在", "就", "都", "也", "和", "跟", "与", "把", "被",
)...)

func gaps(phrases ...string) []string {
	pairs := make([]string, 0, 2*len(phrases))
	for _, p := range phrases {
		pairs = append(pairs, p, " ")
	}
	return pairs
}

// runs cuts a folded text.
func runs(folded string) []run {
	var out []run
	var last class
	for _, r := range folded {
		c := classOf(r)
		if c != gap && c == last {
			out[len(out)-1] = append(out[len(out)-1], r)
		} else if c != gap {
			out = append(out, run{r})
		}
		last = c
	}
	return out
}

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

func (r run) class() class { return classOf(r[0]) }

func fold(text string) string { return zh.Fold(text) }
