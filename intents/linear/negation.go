package linear

import (
	"regexp"
)

// span is a stretch of bytes.
type span struct{ from, to int }

// denials open a clause that says what is not the matter, folded. What follows to
// the end of the clause, or to the "是" that says what is, is denied.
var denials = regexp.MustCompile(`(?:^|[\s,.!?;:。，、！？；：~…「」"'()])((?:[我它他她佢你这那]|系统|画面|明明|其实|真的|根本|也|又|倒|并|既|都|可|但|就|而|绝对|肯定|应该)*(?:不是|并非|并不是|不关|没说|没有说|没提示|没有提示|没跳|没有跳|没写|没说是|与其说)[^\s,.!?;:。，、！？；：~…「」"']*)`)

var says = regexp.MustCompile(`.{6,}?(而是|就是|它是|才是|[^不还总老只都要可若但也又像算]是)`)

// deniedSpans finds the denied stretches of a folded text. A text that denies all
// it says denies nothing.
func deniedSpans(out []span, text string, on bool) []span {
	if !on {
		return out
	}
	covered := 0
	for _, m := range denials.FindAllStringSubmatchIndex(text, -1) {
		from, to := m[2], m[3]
		if s := says.FindStringIndex(text[from:to]); s != nil && s[1] < to-from {
			to = from + s[1]
		}
		out = append(out, span{from, to})
		covered += to - from
	}
	if covered*5 > len(text)*4 {
		return out[:0]
	}
	return out
}
