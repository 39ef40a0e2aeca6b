package facts

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"verihelp/internal/zh"
)

//go:embed words.yaml
var wordsYAML []byte

// word is an entry of the vocabulary: what a string of characters means.
type word struct {
	runes        []rune
	class, value string
}

// vocabulary finds the longest word at a place.
type vocabulary map[rune][]word

var vocab = mustVocabulary(wordsYAML)

// mustVocabulary reads the embedded words; a fault in them is one of the build,
// which every test of this package finds.
func mustVocabulary(data []byte) vocabulary {
	var classes map[string]map[string][]string
	if err := yaml.Unmarshal(data, &classes); err != nil {
		panic(fmt.Sprintf("read words.yaml: %v", err))
	}
	v := vocabulary{}
	for class, values := range classes {
		for value, list := range values {
			for _, w := range list {
				v.add(word{folded(w), class, value})
			}
		}
	}
	return v
}

func (v vocabulary) add(w word) { v[w.runes[0]] = append(v[w.runes[0]], w) }

// at gives the longest word that starts at i; Latin words are whole ones.
func (v vocabulary) at(text []rune, i int) (best word) {
	for _, w := range v[text[i]] {
		if len(w.runes) > len(best.runes) && hasPrefix(text[i:], w.runes) && whole(text, i, i+len(w.runes)) {
			best = w
		}
	}
	return best
}

func hasPrefix(text, prefix []rune) bool {
	if len(text) < len(prefix) {
		return false
	}
	for i, r := range prefix {
		if text[i] != r {
			return false
		}
	}
	return true
}

// whole reports whether text[from:to] cuts no Latin word.
func whole(text []rune, from, to int) bool {
	return !(isLatin(text[from]) && from > 0 && isLatin(text[from-1])) &&
		!(isLatin(text[to-1]) && to < len(text) && isLatin(text[to]))
}

func isLatin(r rune) bool { return 'a' <= r && r <= 'z' || r >= 0xc0 && r < 0x250 }

// isZhuyin reports the letters and tone marks of Zhuyin, which spell a syllable.
func isZhuyin(r rune) bool {
	return r >= 0x3105 && r <= 0x312f || r == 'ˊ' || r == 'ˇ' || r == 'ˋ' || r == '˙'
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// message is a folded text with the byte offset of each character.
type message struct {
	runes []rune
	at    []int // one more than runes
}

// fold narrows, lowers and simplifies text character by character, so that
// every place keeps its offset in the original.
func fold(text string) message {
	m := message{runes: make([]rune, 0, len(text)/2), at: make([]int, 0, len(text)/2+1)}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r = foldRune(r); r != 0 {
			m.runes, m.at = append(m.runes, r), append(m.at, i)
		}
		i += n
	}
	m.at = append(m.at, len(text))
	return m
}

func foldRune(r rune) rune {
	switch {
	case r < 0x80:
		if 'A' <= r && r <= 'Z' {
			return r | 0x20
		}
		return r
	case r >= 0xff01 && r <= 0xff5e:
		return foldRune(r - 0xfee0)
	case r == 0x3000:
		return ' '
	case r >= 0x3400 && r < 0xa000:
		return zh.FoldRune(r)
	case unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me):
		return 0
	}
	return unicode.ToLower(r)
}

func folded(s string) []rune { return fold(s).runes }

// token is a word or a number of a message.
type token struct {
	class, value string
	num          number
	from, to     int // characters
	clause       int
}

// Classes of tokens that are no words of the vocabulary.
const (
	classNumber  = "number"
	classLiteral = "literal" // 2027-01-05: the parts are in num
)

// Words around a holiday that is meant as a day: 元旦到期, 聖誕節前, 有效期到元旦.
var (
	dayAfter  = [][]rune{folded("到期"), folded("過期"), folded("截止"), folded("為止"), folded("當天"), folded("那天"), folded("前"), folded("後"), folded("之前"), folded("以前"), folded("過後"), folded("就"), folded("開的"), folded("出的"), folded("滿")}
	dayBefore = [][]rune{folded("到"), folded("至"), folded("過了"), folded("有效期是")}
)

// isDay reports whether the name of a holiday at from…to is a day here, and no street
// (國慶路) or person (陳國慶).
func isDay(text []rune, from, to int) bool {
	for _, w := range dayAfter {
		if hasPrefix(text[to:], w) {
			return true
		}
	}
	for _, w := range dayBefore {
		if from >= len(w) && hasPrefix(text[from-len(w):], w) {
			return true
		}
	}
	return false
}

// maxClause bounds a clause, in tokens, so that work stays linear in the message.
const maxClause = 64

// lex cuts a message into the tokens that the grammar knows; all else is
// dropped. Punctuation starts a new clause.
func lex(m message) []token {
	tokens := make([]token, 0, 16)
	clause, first := 0, 0
	for i := 0; i < len(m.runes); {
		if len(tokens)-first >= maxClause {
			clause, first = clause+1, len(tokens)
		}
		if w := vocab.at(m.runes, i); w.class == "holiday" && isDay(m.runes, i, i+len(w.runes)) {
			tokens = append(tokens, token{class: w.class, value: w.value, from: i, to: i + len(w.runes), clause: clause})
			i += len(w.runes)
			continue
		}
		if n, to := scanNumber(m.runes, i); to > i {
			if i > 0 && isZhuyin(m.runes[i-1]) {
				n.class = "" // ㄕˊ七歲 is not seven
			}
			if m.runes[i] == '零' && to == i+1 {
				n.class = "and" // 兩個月零幾天
			}
			if n.class != "" {
				tokens = append(tokens, token{class: n.class, num: n, from: i, to: to, clause: clause})
			}
			i = to
			continue
		}
		if w := vocab.at(m.runes, i); len(w.runes) > 0 && w.class != "holiday" {
			tokens = append(tokens, token{class: w.class, value: w.value, from: i, to: i + len(w.runes), clause: clause})
			i += len(w.runes)
			continue
		}
		if strings.ContainsRune("，,。.!！?？;；\n…~、", m.runes[i]) {
			clause, first = clause+1, len(tokens)
		}
		i++
	}
	return tokens
}
