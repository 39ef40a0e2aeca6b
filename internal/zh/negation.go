package zh

import (
	"regexp"
	"strings"
)

// Span is a stretch of bytes of a text.
type Span struct{ From, To int }

// denials open a clause that says what is not the matter, folded. What follows to
// the end of the clause, or to the "是" that says what is, is denied.
var denials = regexp.MustCompile(`(?:^|[\s,.!?;。、~…」)])((?:[我它他她你这那也又倒并既都可但就而]|系统|画面|明明|其实|真的|根本|绝对|肯定|应该)*(?:不是|并非|不关|没说|没有说|没提示|没有提示|没跳|没有跳|没写|与其说)[^\s,.!?;:。、~…「」"']*)`)

// affirmed finds where a denial turns to what is: 不是相機是照片.
var affirmed = regexp.MustCompile(`.{6,}?(而是|就是|它是|才是|[^不还总老只都要可若但也又像算]是)`)

// Denied finds the stretches of a folded text that say what is not the matter: "不是
// 相机的问题" in "不是相机的问题,是传不上去". A text that denies nearly all it says
// denies nothing.
func Denied(folded string) []Span {
	if !strings.ContainsAny(folded, "不并没与") { // most texts deny nothing
		return nil
	}
	var out []Span
	covered := 0
	for _, m := range denials.FindAllStringSubmatchIndex(folded, -1) {
		from, to := m[2], m[3]
		if s := affirmed.FindStringIndex(folded[from:to]); s != nil && s[1] < to-from {
			to = from + s[1]
		}
		out, covered = append(out, Span{from, to}), covered+to-from
	}
	if covered*5 > len(folded)*4 {
		return nil
	}
	return out
}
