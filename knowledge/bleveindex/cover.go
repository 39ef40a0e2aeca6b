package bleveindex

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"verihelp/internal/zh"
	"verihelp/knowledge"
)

// Weights of the score, chosen on the dev half of testdata/queries.yaml.
const (
	titleWeight  = 1.0  // a term of the section's title
	textWeight   = 0.85 // a term of its text, or of its article's title
	singleWeight = 0.35 // one character against a pair of them

	// leastInformation is what a question must say, in nats, to be covered in full.
	// Without it "認證" alone would be answered perfectly by half of all sections.
	leastInformation = 6.0
)

// coverage tells how much of a question a section covers. BM25 cannot be a threshold:
// its scores grow with the length of the question and differ between collections.
type coverage struct {
	weights  map[string]map[string]float64 // by section ID, then term: where the term stands
	sections map[string]float64            // by term: in how many sections it stands
	titles   map[string]string             // by section ID, folded
}

func newCoverage(sections []*knowledge.Section) *coverage {
	c := &coverage{weights: map[string]map[string]float64{}, sections: map[string]float64{}, titles: map[string]string{}}
	for _, s := range sections {
		w := map[string]float64{}
		note := func(text string, weight float64) {
			t := termsOf(zh.Fold(text))
			for _, term := range append(t.single, t.pairs...) {
				w[term] = max(w[term], weight)
			}
		}
		note(s.Title, titleWeight)
		note(s.Text(), textWeight)
		note(s.Article.Title, textWeight)
		c.weights[s.ID], c.titles[s.ID] = w, zh.Fold(s.Title)
		for term := range w {
			c.sections[term]++
		}
	}
	return c
}

// known leaves out the terms that no section contains: they cost a search and find
// nothing.
func (c *coverage) known(t terms) terms {
	unknown := func(term string) bool { return c.sections[term] == 0 }
	return terms{
		single: slices.DeleteFunc(slices.Clone(t.single), unknown),
		pairs:  slices.DeleteFunc(slices.Clone(t.pairs), unknown),
	}
}

// information is the inverse document frequency of a term as in BM25, in nats: much
// for a term of few sections, most for one that no section contains.
func (c *coverage) information(term string) float64 {
	n, all := c.sections[term], float64(len(c.weights))
	if n == 0 && number(term) {
		return 0
	}
	return math.Log(1 + (all-n+0.5)/(n+0.5))
}

// leastTitle is how many characters a title must have for a question that contains
// it to be about nothing else.
const leastTitle = 5

// named is the place of the hit whose title a folded question contains, the longest
// title if there are more, and -1 for none. A title counts more than how common its
// words are.
func (c *coverage) named(question string, hits []knowledge.Hit) int {
	place, longest := -1, leastTitle-1
	for i, hit := range hits {
		title := c.titles[hit.Section.ID]
		if n := utf8.RuneCountInString(title); n > longest && strings.Contains(question, title) {
			place, longest = i, n
		}
	}
	return place
}

// share is the part of the question's information that a section covers, 0 to 1.
func (c *coverage) share(question terms, section string) float64 {
	var covered, asked float64
	weights := c.weights[section]
	add := func(list []string, weight float64) {
		for _, term := range list {
			information := float64(weight * c.information(term))
			asked += information
			covered += float64(information * weights[term]) // never fused: every machine gives the same score
		}
	}
	add(question.single, singleWeight)
	add(question.pairs, 1)
	return covered / max(asked, leastInformation)
}
