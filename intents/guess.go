package intents

import (
	"cmp"
	"slices"
	"strings"
)

// Guess is a label, or after Merge a category, with its probability from 0 to 1.
type Guess struct {
	Label string
	P     float64
}

// Split takes a label apart; the variant is empty for the category itself.
func Split(label string) (category, variant string) {
	category, variant, _ = strings.Cut(label, "/")
	return category, variant
}

// Merge sums the guesses of each category over its variants, best first, ties by
// ID. The argument is not changed.
func Merge(leaves []Guess) []Guess {
	place := make(map[string]int, len(leaves))
	merged := make([]Guess, 0, len(leaves))
	for _, g := range leaves {
		category, _ := Split(g.Label)
		i, seen := place[category]
		if !seen {
			i = len(merged)
			place[category] = i
			merged = append(merged, Guess{Label: category})
		}
		merged[i].P += g.P
	}
	SortGuesses(merged)
	return merged
}

// SortGuesses orders guesses best first, ties by label, so that the same numbers
// always give the same order.
func SortGuesses(guesses []Guess) {
	slices.SortFunc(guesses, func(a, b Guess) int {
		if c := cmp.Compare(b.P, a.P); c != 0 {
			return c
		}
		return strings.Compare(a.Label, b.Label)
	})
}
