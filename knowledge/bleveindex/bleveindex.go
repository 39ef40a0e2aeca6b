// Package bleveindex finds the sections that answer a question, with Bleve in memory.
//
// It stands beside the classifier in step 4 of a message's way: the dialogue engine
// asks it for follow-up questions inside a topic, for related guides, and for what no
// category covers, and quotes a hit whose score reaches QuoteThreshold.
//
// It works in two stages. Bleve's BM25 finds candidates over single characters and
// pairs of them: pairs tell more, but single ones still find something for a question
// of one character. Then each candidate's score is the share of the question's
// information that the section covers, or all of it where the question contains the
// section's title, which, unlike BM25, means the same for every
// question. Texts and questions are folded first, so that both scripts find the same.
package bleveindex

import (
	"fmt"
	"sort"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"verihelp/knowledge"
)

// QuoteThreshold is the score from which a section may be quoted: chosen on the dev
// half of testdata/queries.yaml for few wrong quotes rather than for many right ones,
// since a question that is not answered here is asked back or handed over. TestQuality
// prints and guards what it does to the other half.
const QuoteThreshold = 0.55

// candidates is how many sections BM25 hands on to be scored.
const candidates = 20

// Index searches one library. It never changes after New, so any number of goroutines
// may use it until it is closed.
type Index struct {
	library  *knowledge.Library
	bleve    bleve.Index
	coverage *coverage
}

// New indexes all sections of a library. Close it when it is no longer needed: Bleve
// keeps goroutines.
func New(library *knowledge.Library) (*Index, error) {
	// An empty path keeps it in memory. NewMemOnly would do so with an older engine
	// that ignores the scoring model.
	inner, err := bleve.NewUsing("", newMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("make search index: %w", err)
	}
	x := &Index{library: library, bleve: inner, coverage: newCoverage(library.Sections())}
	if err := fill(inner, library.Sections()); err != nil {
		_ = inner.Close() // the first error tells more
		return nil, fmt.Errorf("index sections: %w", err)
	}
	return x, nil
}

// Close stops Bleve's goroutines and waits for them. A closed index finds nothing.
func (x *Index) Close() error {
	if err := x.bleve.Close(); err != nil {
		return fmt.Errorf("close search index: %w", err)
	}
	return nil
}

// Search returns up to limit sections that share anything with the question, best
// first: by score, then BM25, then ID. A non-empty within keeps to these articles.
// Only the first 200 characters of a question count.
func (x *Index) Search(question string, within []string, limit int) []knowledge.Hit {
	asked := questionTerms(question)
	if limit <= 0 || len(asked.single)+len(asked.pairs) == 0 {
		return nil
	}
	found := x.candidates(asked, within)
	if named := x.coverage.named(foldedQuestion(question), found); named >= 0 {
		found[named].Score = 1
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].Score > found[j].Score })
	return found[:min(limit, len(found))]
}

// candidates are the best sections by BM25, with their own score.
func (x *Index) candidates(asked terms, within []string) []knowledge.Hit {
	request := bleve.NewSearchRequestOptions(newQuery(x.coverage.known(asked), within), candidates, 0, false)
	request.SortBy([]string{"-_score", "_id"})
	result, err := x.bleve.Search(request)
	if err != nil {
		return nil // only a closed index fails: there is no disk and no time limit
	}
	var out []knowledge.Hit
	for _, hit := range result.Hits {
		section, _ := x.library.Section(hit.ID)
		if score := x.coverage.share(asked, hit.ID); section != nil && score > 0 {
			out = append(out, knowledge.Hit{Section: section, Score: score})
		}
	}
	return out
}
