package redact

import (
	_ "embed"
	"strings"
)

//go:embed ordinary.txt
var ordinaryPairs string

// pairs are two characters that often stand together in messages to support.
var pairs = func() map[[2]rune]bool {
	set := map[[2]rune]bool{}
	for _, p := range strings.Fields(ordinaryPairs) {
		r := []rune(p)
		set[[2]rune{r[0], r[1]}] = true
	}
	return set
}()

// functionRunes are the characters that hold a Chinese sentence together.
var functionRunes = func() map[rune]bool {
	set := map[rune]bool{}
	for _, r := range "的是不我你了在有嗎吗這这怎麼么一個个她他它們们就都也還还要會会能可以到說说沒没什為为啊呢吧人上下和跟對对來去来時时候過过很再好想看請请那得给給用點点把被让讓唔係嘅咗喺冇" {
		set[r] = true
	}
	return set
}()

// ordinary reports whether characters read like a text: they hold characters of a
// sentence and pairs that often stand together. Words drawn by lot hold hardly any:
// one phrase in two hundred is lost, one text in three hundred passes. Where a phrase
// was announced, slack lets more pass.
func (m *marks) ordinary(at []int, slack int) bool {
	most := 2
	if len(at) > 18 {
		most = 3
	}
	return m.likeness(at) > most+slack
}

// likeness counts what an ordinary text would have.
func (m *marks) likeness(at []int) int {
	n := 0
	for k, place := range at {
		r := m.at(place)
		n += count(functionRunes[r])
		if k > 0 {
			n += count(pairs[[2]rune{m.at(at[k-1]), r}])
		}
	}
	return n
}
