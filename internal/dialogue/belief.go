package dialogue

import (
	"math"
	"sort"

	"verihelp/intents"
	"verihelp/internal/chat"
)

// belief is a probability distribution over the candidate categories.
type belief map[string]float64

// doubt keeps every category possible: the share of belief that one answer can
// never take away, since people tap the wrong button and classifiers err.
const doubt = 0.02

// fromGuesses turns the classifier's view of one message into a belief. The
// probability of classes that are no candidates (unclear, small talk) is spread
// evenly: they say nothing about which category it is.
func (e *Engine) fromGuesses(merged []intents.Guess) belief {
	b := make(belief, len(e.candidates))
	rest := 1.0
	p := make(map[string]float64, len(merged))
	for _, g := range merged {
		p[g.Label] = g.P
	}
	for _, id := range e.candidates {
		b[id] = p[id]
		rest -= p[id]
	}
	even := math.Max(rest, 0) / float64(len(e.candidates))
	for id := range b {
		b[id] += even
	}
	return b.normal(e.candidates)
}

// times multiplies in the likelihood of new evidence.
func (b belief) times(likelihood belief, order []string) belief {
	out := make(belief, len(order))
	for _, id := range order {
		out[id] = (b[id] + doubt/float64(len(order))) * (likelihood[id] + doubt/float64(len(order)))
	}
	return out.normal(order)
}

// without takes categories out that were denied or did not help.
func (b belief) without(ids []string, order []string) belief {
	out := make(belief, len(order))
	for _, id := range order {
		out[id] = b[id]
	}
	for _, id := range ids {
		if _, ok := out[id]; ok {
			out[id] = 0
		}
	}
	return out.normal(order)
}

// normal scales the belief to sum to 1; summed in a fixed order, so that the
// last bit is the same in every run.
func (b belief) normal(order []string) belief {
	sum := 0.0
	for _, id := range order {
		sum += b[id]
	}
	for _, id := range order {
		if sum == 0 {
			b[id] = 1 / float64(len(order))
		} else {
			b[id] /= sum
		}
	}
	return b
}

// best lists the n most probable categories, ties by ID.
func (b belief) best(n int) []chat.Guess {
	out := make([]chat.Guess, 0, len(b))
	for id, p := range b {
		out = append(out, chat.Guess{Category: id, P: p})
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].P != out[j].P {
			return out[i].P > out[j].P
		}
		return out[i].Category < out[j].Category
	})
	return out[:min(n, len(out))]
}

// entropy is in bits.
func entropy(ps []float64) float64 {
	h := 0.0
	for _, p := range ps {
		if p > 0 {
			h -= float64(p * math.Log2(p))
		}
	}
	return h
}
