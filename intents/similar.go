package intents

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"verihelp/internal/zh"
)

// Similar is a pair of texts that say the same in nearly the same words.
type Similar struct {
	First, Second Example
	Share         float64 // of their character pairs that both have, 0 to 1 (Jaccard)
}

// NearlyTheSame is the share from which two examples of different categories are
// taken for one. Between training and test data the bar is lower, see TooClose.
const NearlyTheSame = 0.8

// TooClose is the share from which an example gives a test message away.
const TooClose = 0.75

// AcrossCategories lists pairs of examples that are nearly the same and belong to
// different categories: at most one of the two can be right.
func AcrossCategories(examples []Example) []Similar {
	index := newPairIndex(examples)
	var out []Similar
	for i, e := range examples {
		category, _ := Split(e.Label)
		index.near(e.Text, NearlyTheSame, func(j int, share float64) {
			if other, _ := Split(examples[j].Label); j < i && other != category {
				out = append(out, Similar{examples[j], e, share})
			}
		})
	}
	return sorted(out)
}

// GivenAway lists the examples that are nearly the same as a test message. Those that
// are exactly a test message count, too.
func GivenAway(examples, tests []Example) []Similar {
	index := newPairIndex(examples)
	var out []Similar
	for _, t := range tests {
		index.near(t.Text, TooClose, func(j int, share float64) {
			out = append(out, Similar{examples[j], t, share})
		})
	}
	return sorted(out)
}

func sorted(all []Similar) []Similar {
	slices.SortStableFunc(all, func(a, b Similar) int {
		return cmp.Or(strings.Compare(a.First.File, b.First.File), cmp.Compare(a.First.Line, b.First.Line))
	})
	return all
}

// pairIndex finds the texts that share pairs of neighbouring characters with
// another.
type pairIndex struct {
	pairs   [][]string       // by text: its distinct pairs
	holders map[string][]int // by pair: the texts that have it
}

func newPairIndex(examples []Example) *pairIndex {
	x := &pairIndex{holders: map[string][]int{}}
	for i, e := range examples {
		pairs := characterPairs(e.Text)
		x.pairs = append(x.pairs, pairs)
		for _, p := range pairs {
			x.holders[p] = append(x.holders[p], i)
		}
	}
	return x
}

// near calls found for each text that shares at least so much with another.
func (x *pairIndex) near(text string, least float64, found func(i int, share float64)) {
	pairs := characterPairs(text)
	common := map[int]int{}
	for _, p := range pairs {
		for _, i := range x.holders[p] {
			common[i]++
		}
	}
	for i, n := range common {
		if share := float64(n) / float64(len(pairs)+len(x.pairs[i])-n); share >= least {
			found(i, share)
		}
	}
}

// characterPairs lists the distinct pairs of neighbouring letters and digits of a
// folded text; a text of one character is that character.
func characterPairs(text string) []string {
	var runes []rune
	for _, r := range zh.Fold(text) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			runes = append(runes, r)
		}
	}
	if len(runes) == 1 {
		return []string{string(runes)}
	}
	var pairs []string
	for i := 1; i < len(runes); i++ {
		pairs = append(pairs, string(runes[i-1:i+1]))
	}
	slices.Sort(pairs)
	return slices.Compact(pairs)
}
