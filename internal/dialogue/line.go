package dialogue

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"verihelp/intents"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
	"verihelp/knowledge"
)

// A question about one line of the advice: "那掃描檔呢".

// lineAsked: "那掃描檔呢", where a line of the advice says it and no other section does.
func (t *turn) lineAsked() bool {
	if !t.goesOnWith() || t.followUp() {
		return false
	}
	if cat, ok := t.e.Catalog.Get(t.mem.Topic.Category); !ok || cat.Kind != intents.Failure && !t.asks() {
		return false // what somebody only tells is no question about a guide
	}
	if asksHow.MatchString(t.folded) || puzzled.MatchString(t.folded) {
		return false
	}
	line, _ := t.line()
	return line != ""
}

// puzzled is somebody who cannot do, find or understand what a line says: the line once
// more is no answer.
var puzzled = regexp.MustCompile(`什么(?:是|意思|东西)|是什么|是啥|是咩|系咩|咩(?:系|意思)|乜嘢|在哪|哪里|边度|找不到|揾唔到|搵唔到|没看到|冇见|看不到|没有|冇|没这|不见|我.{0,4}[说讲]|不行|唔得|不了|唔到`)

func (t *turn) quoteLine() {
	line, section := t.line()
	t.about(chat.Answer, t.mem.Topic.Category)
	t.say(t.phrase("advice.line"))
	t.sayBlocks([]chat.Block{{Kind: chat.Paragraph, Text: line}, t.source(section)})
	t.offerAfterAdvice(t.mem.Topic.Category)
}

// leastShare is the share of a question's content that a line must have.
const leastShare = 0.3

// line is the line of the topic's own sections that a question is about.
func (t *turn) line() (line string, section *knowledge.Section) {
	cat, ok := t.e.Catalog.Get(t.mem.Topic.Category)
	if !ok {
		return "", nil
	}
	var lines []string
	var sections []*knowledge.Section
	for _, id := range cat.Sections {
		if s, ok := t.e.Library.Section(id); ok {
			for _, line := range linesOf(s) {
				lines, sections = append(lines, line), append(sections, s)
			}
		}
	}
	if i := closest(t.folded, lines); i >= 0 {
		return lines[i], sections[i]
	}
	return "", nil
}

// closest is the place of the line that has most of a folded question's content, and
// of those the one that has the longest piece of its words: "沒有稅號" tells two lines
// about 稅號 apart. It is -1 where no line has enough.
func closest(question string, lines []string) int {
	content, words := contentOf(question), []rune(bareWords(question))
	best, most, longest := -1, 0, 0
	for i, line := range lines {
		folded := zh.Fold(line)
		shared := sharedWith(content, folded)
		if shared == 0 || float64(shared) < leastShare*float64(utf8.RuneCountInString(strings.Join(content, ""))) {
			continue
		}
		if piece := longestPiece(words, folded, 1); shared > most || shared == most && piece > longest {
			best, most, longest = i, shared, piece
		}
	}
	return best
}

// linesOf takes a section apart into sentences and items.
func linesOf(s *knowledge.Section) []string {
	var out []string
	for _, b := range s.Blocks {
		if b.Kind == chat.Paragraph {
			for _, sentence := range strings.SplitAfter(b.Text, "。") {
				if sentence = withoutColon(strings.TrimSpace(sentence)); sentence != "" {
					out = append(out, sentence)
				}
			}
		}
		out = append(out, b.Items...)
	}
	return out
}

// withoutColon drops what only announces a list: "…，並確認：".
func withoutColon(sentence string) string {
	if !strings.HasSuffix(sentence, "：") {
		return sentence
	}
	if comma := strings.LastIndex(sentence, "，"); comma > 0 {
		return sentence[:comma] + "。"
	}
	return ""
}

// fillers are words that make a question of whatever stands beside them, and those
// that stand in nearly every line.
var fillers = regexp.MustCompile(`怎么办|怎么样|怎么|什么|可不可以|可以|能不能|行不行|是不是|一定要|需不需要|需要|应该|还是|如果|或者|因为|所以|但是|可是|不过|请问|问题|重新|认证|验证|身份证|身份|证件|照片|资料|手机|app|okx` +
	`|[那呢吗嘛么啊呀喔哦啦的得地了是我你您他她它们有没不也都就才还再又要会能行用拿把被给让跟和与或在从到对这个些哪几多少很太好吧写说]`)

// asksWhatToSay is answered by the line that tells what to answer in the video.
var asksWhatToSay = regexp.MustCompile(`[念读讲说](?:什么|啥|咩|乜嘢?|哪几个字|哪句)(?:话|内容)?`)

// contentOf is what a folded question is about, without its fillers.
func contentOf(folded string) []string {
	var out []string
	folded = asksWhatToSay.ReplaceAllString(folded, "回答")
	for _, word := range strings.Fields(fillers.ReplaceAllString(folded, " ")) {
		if word = bareWords(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// sharedWith counts the characters of the content that a folded line has: of each
// word the longest piece of two or more, or the one character that is all there is.
func sharedWith(content []string, line string) int {
	least := 2
	if len(content) == 1 {
		least = min(least, utf8.RuneCountInString(content[0]))
	}
	shared := 0
	for _, word := range content {
		shared += longestPiece([]rune(word), line, least)
	}
	return shared
}

func longestPiece(word []rune, line string, least int) int {
	for n := len(word); n >= least; n-- {
		for i := 0; i+n <= len(word); i++ {
			if strings.Contains(line, string(word[i:i+n])) {
				return n
			}
		}
	}
	return 0
}
