package linear

import (
	"math"

	"verihelp/intents"
)

// calibrationFolds is how often the examples are split to see messages that were
// not learnt.
const calibrationFolds = 5

// heldOut is the score of each label for an example that the weights have not seen.
type heldOut struct {
	label  int
	scores []float64
}

// heldOut scores every example by weights trained without its fold.
func (s *set) heldOut() []heldOut {
	var out []heldOut
	for _, fold := range intents.Folds(s.examples, calibrationFolds) {
		if len(fold) == 0 {
			continue
		}
		weights := s.weights(without(len(s.rows), fold))
		for _, i := range fold {
			r := &s.rows[i]
			h := heldOut{label: r.label, scores: make([]float64, len(weights))}
			for label, w := range weights {
				h.scores[label] = dot(w, r)
			}
			out = append(out, h)
		}
	}
	return out
}

// without returns 0…n-1 except the given places.
func without(n int, places []int) []int {
	left := make([]bool, n)
	for _, i := range places {
		left[i] = true
	}
	out := make([]int, 0, n-len(places))
	for i, gone := range left {
		if !gone {
			out = append(out, i)
		}
	}
	return out
}

// temper finds the factor that makes the softmax of scores most likely for messages
// that were not learnt. The likelihood is concave in the factor, so that halving an
// interval by the sign of its slope finds the one best value.
func temper(held []heldOut) float64 {
	low, high := 0.1, 100.0
	for range 40 {
		middle := math.Sqrt(low * high)
		if slope(held, middle) > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// slope is how the log likelihood grows with the factor: the score of the right
// label less the score expected, summed.
func slope(held []heldOut, factor float64) float64 {
	sum := 0.0
	guesses := make([]intents.Guess, 0, len(held[0].scores))
	for _, h := range held {
		guesses = guesses[:0]
		for _, score := range h.scores {
			guesses = append(guesses, intents.Guess{P: float64(factor * score)})
		}
		softmax(guesses)
		expected := 0.0
		for i, g := range guesses {
			expected += float64(g.P * h.scores[i])
		}
		sum += h.scores[h.label] - expected
	}
	return sum
}
