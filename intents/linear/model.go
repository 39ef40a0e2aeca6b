// Package linear is the classifier: a linear support vector machine a label, one
// against the rest, over short runs of characters and of pinyin syllables, over pairs
// of characters that stand apart, and over the concepts of a lexicon. What a clause
// denies ("不是相機的問題") is other characters than what is said.
//
// It stands in step 4 of a message's way: the engine asks it what a message is
// about. Linear, because it learns from a few dozen examples a label in seconds and
// answers in microseconds. Characters carry the meaning; syllables survive homophones
// and pinyin; concepts gather the many words for one thing; both scripts meet in
// zh.Fold. BenchmarkAblation prints what each of them is worth.
//
// Weights are whole numbers and no floating-point product is fused with a sum, so
// that every machine gives the same probabilities to the last bit. `bot train` writes
// the shipped weights; a test checks them against the examples.
package linear

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"sync"

	"verihelp/intents"
)

// Model is a trained classifier. It does not change and is safe for concurrent use.
type Model struct {
	options   Options
	labels    []string  // sorted
	keys      []uint32  // features, sorted
	weights   []int8    // by feature, then label
	slope     float64   // what a weight of 1 adds to a logit, before the message's length
	intercept []float64 // logit of an empty message, by label
	examples  [sha256.Size]byte
	index     index
	scratch   sync.Pool // of *scratch
}

// scratch is the room that one message needs.
type scratch struct {
	features features
	sums     []int32
}

// Labels returns what the model tells apart, sorted.
func (m *Model) Labels() []string { return append([]string(nil), m.labels...) }

// Hash names the model: SHA-256 of its stored form, in hexadecimal.
func (m *Model) Hash() string {
	stored, _ := m.MarshalBinary() // never fails
	sum := sha256.Sum256(stored)
	return hex.EncodeToString(sum[:])
}

// TrainedOn reports whether the model was trained on exactly these examples with
// these options.
func (m *Model) TrainedOn(examples []intents.Example, o Options) bool {
	return m.examples == Fingerprint(examples, o)
}

// Fingerprint is the SHA-256 of labels and texts, in their order, and of the
// options: what decides a model's bytes.
func Fingerprint(examples []intents.Example, o Options) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%d %+v\n", formatVersion, o)
	for _, e := range examples {
		fmt.Fprintf(h, "%q %q\n", e.Label, e.Text)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Classify returns every label with its probability, best first, ties by label.
// The probabilities are calibrated and add up to 1.
func (m *Model) Classify(text string) []intents.Guess {
	s, _ := m.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{sums: make([]int32, len(m.labels))}
	}
	defer m.scratch.Put(s)
	s.features.read(text, m.options)
	clear(s.sums)
	m.sum(s.sums, s.features.keys)
	step := m.slope / norm(len(s.features.keys))
	guesses := make([]intents.Guess, len(m.labels))
	for i, label := range m.labels {
		guesses[i] = intents.Guess{Label: label, P: float64(step*float64(s.sums[i])) + m.intercept[i]}
	}
	softmax(guesses)
	intents.SortGuesses(guesses)
	return guesses
}

// sum adds the weights of each feature that the model knows.
func (m *Model) sum(sums []int32, keys []uint32) {
	for _, key := range keys {
		place, known := m.index.find(key)
		if !known {
			continue
		}
		start := int(place) * len(sums)
		for i, w := range m.weights[start : start+len(sums)] {
			sums[i] += int32(w)
		}
	}
}

// softmax turns logits into probabilities.
func softmax(guesses []intents.Guess) {
	best := math.Inf(-1)
	for _, g := range guesses {
		best = max(best, g.P)
	}
	total := 0.0
	for i := range guesses {
		guesses[i].P = exp(guesses[i].P - best)
		total += guesses[i].P
	}
	for i := range guesses {
		guesses[i].P /= total
	}
}

// norm is the length of a vector of n ones; that of none is taken as 1.
func norm(n int) float64 { return math.Sqrt(float64(max(n, 1))) }

// exp is e to the power of x, for x up to 0. The one of package math differs between
// machines in the last bit. Good to 1e-11, which is plenty for a probability.
func exp(x float64) float64 {
	const ln2 = 0.693147180559945309
	if !(x > -700) {
		return 0
	}
	halvings := math.Floor(-x / ln2)
	rest := x + float64(halvings*ln2) // in (-ln2, 0]
	sum := 1.0
	for n := 13.0; n > 0; n-- {
		sum = 1 + float64(sum*rest)/n
	}
	return math.Ldexp(sum, -int(halvings))
}

// index finds the row of a feature: open addressing, half empty.
type index struct {
	mask  uint32
	slots []slot
}

type slot struct {
	key   uint32
	place int32 // counted from 1; 0 is empty
}

func newIndex(keys []uint32) index {
	size := 2
	for size < 2*len(keys) {
		size *= 2
	}
	x := index{mask: uint32(size - 1), slots: make([]slot, size)}
	for place, key := range keys {
		at := key & x.mask
		for x.slots[at].place != 0 {
			at = (at + 1) & x.mask
		}
		x.slots[at] = slot{key, int32(place) + 1}
	}
	return x
}

func (x index) find(key uint32) (place int32, known bool) {
	for at := key & x.mask; x.slots[at].place != 0; at = (at + 1) & x.mask {
		if x.slots[at].key == key {
			return x.slots[at].place - 1, true
		}
	}
	return 0, false
}
