// Package nearest finds the reviewed answer whose ways to be asked are nearest to a
// question: step 4 of a message's way, once the advice was given and people ask on.
//
// A question and each phrasing are vectors of the classifier's own features (characters,
// sounds, distant pairs, concepts; both scripts folded), weighed by how rare they are
// among the phrasings, and the nearest by cosine is the answer's. With half a dozen
// phrasings an answer that beats training a classifier, and a support lead who adds a
// phrasing sees it work at the next start. The index never changes and is safe for
// concurrent use.
package nearest

import (
	"math"
	"slices"

	"verihelp/intents"
	"verihelp/intents/linear"
)

// Index holds the phrasings of all answers.
type Index struct {
	weights map[uint32]float64 // by feature: how rare it is
	rarest  float64            // the weight of a feature that no phrasing has
	groups  map[string][]entry // by category
}

// entry is one way to ask.
type entry struct {
	answer intents.DirectAnswer
	keys   []uint32 // sorted
	norm   float64
}

// New reads the answers of a catalogue.
func New(c *intents.Catalog) *Index {
	x := &Index{weights: map[uint32]float64{}, groups: map[string][]entry{}}
	names := []string{intents.Anywhere}
	for _, cat := range c.All() {
		names = append(names, cat.ID)
	}
	total := 0
	for _, name := range names {
		for _, a := range c.Answers(name) {
			for _, text := range a.Asked {
				keys := linear.Features(text)
				x.groups[name] = append(x.groups[name], entry{answer: a, keys: keys})
				total++
				for _, key := range keys {
					x.weights[key]++
				}
			}
		}
	}
	for key, count := range x.weights {
		x.weights[key] = math.Log(1 + float64(total)/count)
	}
	x.rarest = math.Log(1 + float64(total))
	for _, group := range x.groups {
		for i := range group {
			group[i].norm = x.norm(group[i].keys)
		}
	}
	return x
}

// Find returns the answer of a category that is nearest to a question, and how near: 0
// (nothing in common) to 1 (the same words). Without any it returns a score of 0.
func (x *Index) Find(question, category string) (best intents.DirectAnswer, score float64) {
	keys := linear.Features(question)
	norm := x.norm(keys)
	for _, e := range x.groups[category] {
		if s := x.shared(keys, e.keys) / (norm * e.norm); s > score {
			best, score = e.answer, s
		}
	}
	return best, score
}

func (x *Index) weight(key uint32) float64 {
	if w, ok := x.weights[key]; ok {
		return w
	}
	return x.rarest
}

func (x *Index) norm(keys []uint32) float64 {
	sum := 0.0
	for _, key := range keys {
		w := x.weight(key)
		sum += float64(w * w)
	}
	return math.Sqrt(max(sum, 1))
}

// shared is the product of two vectors: the weights of what both have, squared.
func (x *Index) shared(a, b []uint32) float64 {
	sum := 0.0
	for _, key := range a {
		if _, both := slices.BinarySearch(b, key); both {
			w := x.weight(key)
			sum += float64(w * w)
		}
	}
	return sum
}
