// Package nearest finds the reviewed answer whose ways to be asked are nearest to a
// question: step 4 of a message's way, once the advice was given and people ask on.
//
// Questions and phrasings are sets of the classifier's features (characters and their
// pairs, sounds, concepts; both scripts folded), each weighed by how rare it is among
// all phrasings. How near an answer is to a question is half the cosine with its
// nearest phrasing and half the share of the question that all its phrasings together
// have, but no more than twice the cosine. With half a dozen phrasings an answer that does better than training a
// classifier, and a support lead who adds a phrasing sees it work at the next start.
// An index never changes and is safe for concurrent use.
package nearest

import (
	"math"

	"verihelp/intents"
	"verihelp/intents/linear"
)

// looksAt is what of a question counts. Distant pairs, sentence marks and what is
// denied tell answers of one category apart no better, left out one at a time
// (TestParaphrasesFindTheirAnswer).
func looksAt() linear.Options { return linear.Options{Chars: 2, Sounds: 1, Concepts: true} }

// Index holds the phrasings of all answers.
type Index struct {
	weights map[uint32]float64    // by feature: its rarity, squared
	rarest  float64               // that of a feature that no phrasing has
	answers map[string][]*phrased // by category
}

// phrased is an answer with its ways to be asked.
type phrased struct {
	intents.DirectAnswer
	asked [][]uint32      // features of each phrasing, sorted
	norms []float64       // by phrasing
	any   map[uint32]bool // features that any phrasing has
}

// New reads the answers of a catalogue.
func New(c *intents.Catalog) *Index {
	x := &Index{weights: map[uint32]float64{}, answers: map[string][]*phrased{}}
	names := []string{intents.Anywhere}
	for _, cat := range c.All() {
		names = append(names, cat.ID)
	}
	total := 0
	for _, name := range names {
		for _, a := range c.Answers(name) {
			p := read(a)
			x.answers[name] = append(x.answers[name], p)
			total += len(p.asked)
			for _, keys := range p.asked {
				for _, key := range keys {
					x.weights[key]++
				}
			}
		}
	}
	x.weigh(float64(total))
	return x
}

func read(a intents.DirectAnswer) *phrased {
	p := &phrased{DirectAnswer: a, any: map[uint32]bool{}}
	for _, text := range a.Asked {
		keys := linear.Features(text, looksAt())
		p.asked = append(p.asked, keys)
		for _, key := range keys {
			p.any[key] = true
		}
	}
	return p
}

// weigh turns counts into weights.
func (x *Index) weigh(total float64) {
	rarity := func(count float64) float64 {
		w := math.Log(1 + total/(count+0.5))
		return float64(w * w)
	}
	for key, count := range x.weights {
		x.weights[key] = rarity(count)
	}
	x.rarest = rarity(0)
	for _, group := range x.answers {
		for _, p := range group {
			for _, keys := range p.asked {
				p.norms = append(p.norms, math.Sqrt(x.size(keys)))
			}
		}
	}
}

// lead is how much nearer than any other an answer should be; twice what it lacks of that is
// taken off its score.
const lead = 0.10

// Find returns the answer of a category that is nearest to a question, and how near: 0
// (nothing in common, or as much with others) to 1 (the same words). Without any it
// returns a score of 0.
func (x *Index) Find(question, category string) (best intents.DirectAnswer, score float64) {
	keys := linear.Features(question, looksAt())
	size, second := x.size(keys), 0.0
	for _, p := range x.answers[category] {
		switch s := x.near(keys, size, p, second); {
		case s > score:
			best, score, second = p.DirectAnswer, s, score
		case s > second:
			second = s
		}
	}
	return best, led(score, second)
}

// led takes off a score twice what it lacks of a lead before the second.
func led(score, second float64) float64 {
	return max(0, score-2*max(0, lead-(score-second)))
}

// near tells how near an answer is, or 0 where that cannot be more than a floor: no
// cosine is more than the root of the share that is covered.
func (x *Index) near(question []uint32, size float64, p *phrased, floor float64) float64 {
	covered, cosine := 0.0, 0.0
	for _, key := range question {
		if p.any[key] {
			covered += x.weight(key)
		}
	}
	share := covered / size
	if share == 0 || (math.Sqrt(share)+share)/2 <= floor {
		return 0
	}
	for i, keys := range p.asked {
		cosine = max(cosine, x.shared(question, keys)/(math.Sqrt(size)*p.norms[i]))
	}
	return min((cosine+share)/2, 2*cosine) // one character is covered by many
}

func (x *Index) weight(key uint32) float64 {
	if w, ok := x.weights[key]; ok {
		return w
	}
	return x.rarest
}

// size is the weight of all features of a text; that of none is taken as 1.
func (x *Index) size(keys []uint32) float64 {
	sum := 0.0
	for _, key := range keys {
		sum += x.weight(key)
	}
	return max(sum, 1)
}

// shared is the weight of what two sorted texts have in common.
func (x *Index) shared(a, b []uint32) float64 {
	sum := 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			sum += x.weight(a[i])
			i, j = i+1, j+1
		}
	}
	return sum
}
