package linear

import (
	"cmp"
	"slices"
	"strings"
)

// Evidence is a feature of a message that speaks for a label.
type Evidence struct {
	Text   string  // the characters, syllables or concept that were seen, folded
	Weight float64 // what it adds to the label's logit
}

// Evidence lists up to most features of a text that speak most for a label, the
// strongest first; ties by text. An unknown label has none.
func (m *Model) Evidence(text, label string, most int) []Evidence {
	place, known := slices.BinarySearch(m.labels, label)
	if !known {
		return nil
	}
	f := features{texts: map[uint32]string{}}
	f.read(text, m.options)
	names := f.names(m.options)
	step := m.slope / norm(len(f.keys))
	sums := map[string]float64{} // a character and its syllable speak together
	for _, key := range f.keys {
		row, known := m.index.find(key)
		if !known {
			continue
		}
		sums[names[key]] += float64(step * float64(m.weights[int(row)*len(m.labels)+place]))
	}
	var out []Evidence
	for name, weight := range sums {
		if weight > 0 {
			out = append(out, Evidence{name, weight})
		}
	}
	slices.SortFunc(out, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), strings.Compare(a.Text, b.Text))
	})
	return out[:min(most, len(out))]
}

// names says in characters what each feature of the text last read stands for.
func (f *features) names(o Options) map[uint32]string {
	names := map[uint32]string{}
	runs := func(symbols []uint32, longest int, kind uint32) {
		for i := range symbols {
			key, name := kind, ""
			for _, symbol := range symbols[i:min(i+longest, len(symbols))] {
				key, name = hash(key^symbol), name+f.texts[symbol]
				names[key] = name
			}
		}
	}
	runs(f.units, o.Chars, kindChars)
	runs(f.sounds, o.Sounds, kindSounds)
	for i, first := range f.units {
		for _, second := range f.units[i+1 : min(i+1+o.Skips, len(f.units))] {
			names[skipKey(first, second)] = f.texts[first] + "…" + f.texts[second]
		}
	}
	for concept, name := range conceptNames() {
		names[hash(kindConcepts^concept)] = "[" + name + "]"
	}
	return names
}
