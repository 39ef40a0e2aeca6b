package zh

import (
	"fmt"
	"strings"
)

// Lint reports each character of a finished text that only the other script uses,
// with the words around it. Parts between ⟦ and ⟧ are not looked at (see
// ConvertMarked); a mark without its partner is reported. It returns nil for a
// text that is as it should be.
func Lint(text string, l Locale) []string {
	wrong := Hans
	if l.Script() == Hans {
		wrong = Hant
	}
	var problems []string
	if strings.Count(text, markOpen) != strings.Count(text, markClose) {
		problems = append(problems, fmt.Sprintf("marks %s and %s do not pair", markOpen, markClose))
	}
	telling := tellingCharacters()
	for p := range parts(text) {
		if p.marked {
			continue
		}
		for i, r := range p.text {
			if telling[r] == wrong {
				problems = append(problems, fmt.Sprintf("%c is %s, in %q", r, wrong, around(p.text, i)))
			}
		}
	}
	return problems
}

// around returns the characters at and near byte i of text, for people to find the place.
func around(text string, i int) string {
	const reach = 5
	before, after := []rune(text[:i]), []rune(text[i:])
	return string(before[max(0, len(before)-reach):]) + string(after[:min(len(after), reach+1)])
}
