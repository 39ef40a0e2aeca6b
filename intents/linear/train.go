package linear

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"

	"verihelp/intents"
)

// Train learns labels from examples. The same examples and options give the same
// model, to the byte, on every machine: features are sorted, the order of the passes
// is a fixed permutation, and no product is fused with a sum.
func Train(examples []intents.Example, o Options) (*Model, error) {
	set, err := newSet(examples, o)
	if err != nil {
		return nil, fmt.Errorf("train classifier: %w", err)
	}
	m := set.model(set.weights(without(len(examples), nil)), temper(set.heldOut()))
	m.examples = Fingerprint(examples, o)
	return m, nil
}

// set is a set of examples made ready for training.
type set struct {
	options  Options
	examples []intents.Example
	labels   []string  // sorted
	keys     []uint32  // features, sorted
	freedom  []float64 // by feature: how far a step moves its weight
	rows     []row
}

// row is one example: its label and its features as columns, each of the value that
// makes the row's length 1.
type row struct {
	label   int
	columns []int32
	value   float64
	moves   float64 // how far a step of 1 along the row moves its own score
}

var errFewLabels = errors.New("fewer than two labels have examples; write examples for another category")

func newSet(examples []intents.Example, o Options) (*set, error) {
	s := &set{options: o, examples: examples}
	labels := map[string]bool{}
	keys := map[uint32]int{}
	var f features
	for _, e := range examples {
		labels[e.Label] = true
		f.read(e.Text, o)
		for _, key := range f.keys {
			keys[key]++
		}
	}
	if len(labels) < 2 {
		return nil, errFewLabels
	}
	s.labels = slices.Sorted(maps.Keys(labels))
	for key, n := range keys {
		if n >= o.Least {
			s.keys = append(s.keys, key)
		}
	}
	slices.Sort(s.keys)
	for _, e := range examples {
		f.read(e.Text, o)
		s.rows = append(s.rows, s.row(e.Label, &f))
	}
	s.free()
	return s, nil
}

// free decides how freely each weight moves: a feature that few examples have says
// more of its label than one that many have. It is the square root of the digits of
// their ratio in base 2, since the last bit of a logarithm differs between machines.
func (s *set) free() {
	having := make([]int, len(s.keys))
	for _, r := range s.rows {
		for _, c := range r.columns {
			having[c]++
		}
	}
	s.freedom = make([]float64, len(s.keys))
	for c, n := range having {
		s.freedom[c] = 1
		if s.options.Rarity {
			s.freedom[c] = math.Sqrt(float64(bits.Len(uint(len(s.rows) / n))))
		}
	}
	for i := range s.rows {
		r := &s.rows[i]
		sum := 0.0
		for _, c := range r.columns {
			sum += s.freedom[c]
		}
		r.moves = float64(sum*float64(r.value*r.value)) + 1
	}
}

func (s *set) row(label string, f *features) row {
	place, _ := slices.BinarySearch(s.labels, label)
	r := row{label: place, value: 1 / norm(len(f.keys))}
	for _, key := range f.keys {
		if column, known := slices.BinarySearch(s.keys, key); known {
			r.columns = append(r.columns, int32(column))
		}
	}
	return r
}

// model packs weights as whole numbers, in steps of a 127th of the largest, and
// scales scores to logits by the factor.
func (s *set) model(weights [][]float64, factor float64) *Model {
	largest := 0.0
	for _, w := range weights {
		for _, one := range w[:len(s.keys)] {
			largest = max(largest, one, -one)
		}
	}
	if largest == 0 {
		largest = 1
	}
	m := &Model{options: s.options, labels: s.labels, keys: s.keys, slope: float64(factor*largest) / 127,
		weights: make([]int8, len(s.keys)*len(s.labels)), index: newIndex(s.keys)}
	for label, w := range weights {
		for key := range s.keys {
			m.weights[key*len(s.labels)+label] = int8(math.Round(w[key] / largest * 127))
		}
		m.intercept = append(m.intercept, float64(factor*w[len(s.keys)]))
	}
	return m
}

// weights trains one separator a label over the given rows: weights by label, the
// last one the bias. Labels are independent of each other, so they share the cores.
func (s *set) weights(rows []int) [][]float64 {
	weights := make([][]float64, len(s.labels))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for label := range next {
				weights[label] = s.separate(rows, label)
			}
		})
	}
	for label := range s.labels {
		next <- label
	}
	close(next)
	workers.Wait()
	return weights
}

const (
	maxPasses = 60
	tolerance = 0.1 // largest violation of the optimum at which training ends
)

// separate finds the weights that separate one label from all others: a linear
// support vector machine with squared loss, by dual coordinate descent (Hsieh et
// al., 2008, algorithm 3). Rows that lie beyond the margin by more than anything was
// still wrong in the last pass are left out until the others have settled.
func (s *set) separate(rows []int, label int) []float64 {
	w := make([]float64, len(s.keys)+1)
	alpha := make([]float64, len(rows))
	all := permutation(len(rows))
	active := slices.Clone(all)
	diagonal := 0.5 / s.options.Cost
	before := math.Inf(1) // the worst violation of the last pass
	for range maxPasses {
		worst, whole := 0.0, len(active) == len(all)
		kept := active[:0]
		for _, i := range active {
			r := &s.rows[rows[i]]
			y := -1.0
			if r.label == label {
				y = 1
			}
			gradient := float64(y*dot(w, r)) - 1 + float64(diagonal*alpha[i])
			if alpha[i] == 0 && gradient > before {
				continue
			}
			kept = append(kept, i)
			violation := gradient
			if alpha[i] == 0 {
				violation = min(gradient, 0)
			}
			worst = max(worst, violation, -violation)
			if violation == 0 {
				continue
			}
			was := alpha[i]
			alpha[i] = max(was-gradient/(r.moves+diagonal), 0)
			s.add(w, r, float64((alpha[i]-was)*y))
		}
		active, before = kept, worst
		if worst >= tolerance {
			continue
		}
		if whole {
			break
		}
		active, before = append(active[:0], all...), math.Inf(1)
	}
	return w
}

func dot(w []float64, r *row) float64 {
	sum := 0.0
	for _, c := range r.columns {
		sum += w[c]
	}
	return float64(sum*r.value) + w[len(w)-1]
}

func (s *set) add(w []float64, r *row, step float64) {
	each := float64(step * r.value)
	for _, c := range r.columns {
		w[c] += float64(each * s.freedom[c])
	}
	w[len(w)-1] += step
}

// permutation shuffles 0…n-1, always in the same way.
func permutation(n int) []int {
	order := make([]int, n)
	state := uint32(1)
	for i := range order {
		state = state*1664525 + 1013904223
		j := int(uint64(state) * uint64(i+1) >> 32)
		order[i] = order[j]
		order[j] = i
	}
	return order
}
