package intents

// Folds deals examples into k parts for cross-validation: the place of each example
// in the first, the second … part. Every label is cut into k runs in the order it was
// written, because neighbours in a file are often variations of one sentence, and a
// test on the variation of a sentence that was learnt proves nothing.
func Folds(examples []Example, k int) [][]int {
	total := map[string]int{}
	for _, e := range examples {
		total[e.Label]++
	}
	folds := make([][]int, k)
	seen := map[string]int{}
	for i, e := range examples {
		fold := seen[e.Label] * k / total[e.Label]
		seen[e.Label]++
		folds[fold] = append(folds[fold], i)
	}
	return folds
}
