// Package bleveindex finds the sections that answer a question, with Bleve in memory.
//
// It stands beside the classifier in step 4 of a message's way: the dialogue engine
// asks it for follow-up questions inside a topic, for related guides, and for what no
// category covers, and quotes a hit whose score reaches QuoteThreshold.
//
// It works in two stages. Bleve's BM25 finds candidates over single characters and
// pairs of them: pairs tell more, but single ones still find something for a question
// of one character. Then each candidate's score is the share of the question's
// information that the section covers, which, unlike BM25, means the same for every
// question. Texts and questions are folded first, so that both scripts find the same.
package bleveindex

import (
	"fmt"
	"sort"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	_ "github.com/blevesearch/bleve/v2/analysis/analyzer/custom" // the type of our analyzer

	"verihelp/knowledge"
)

// QuoteThreshold is the score from which a section may be quoted.
const QuoteThreshold = 0.45

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
	m, err := newMapping()
	if err != nil {
		return nil, fmt.Errorf("make search index: %w", err)
	}
	// An empty path keeps it in memory. NewMemOnly would do so with an older engine
	// that ignores the scoring model.
	inner, err := bleve.NewUsing("", m, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("make search index: %w", err)
	}
	x := &Index{library: library, bleve: inner, coverage: newCoverage(library.Sections())}
	if err := x.fill(); err != nil {
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
	sort.SliceStable(found, func(i, j int) bool { return found[i].Score > found[j].Score })
	return found[:min(limit, len(found))]
}

// candidates are the best sections by BM25, with their own score.
func (x *Index) candidates(asked terms, within []string) []knowledge.Hit {
	request := bleve.NewSearchRequestOptions(newQuery(asked, within), candidates, 0, false)
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

// fields are what Bleve searches: title, text and the article's title, each as single
// characters and as pairs.
var fields = []struct {
	name   string
	pairs  bool
	boost  float64
	source func(*knowledge.Section) string
}{
	{"title_single", false, 1, func(s *knowledge.Section) string { return s.Title }},
	{"title_pairs", true, 2, func(s *knowledge.Section) string { return s.Title }},
	{"text_single", false, 0.5, (*knowledge.Section).Text},
	{"text_pairs", true, 1, (*knowledge.Section).Text},
	{"article_single", false, 0.15, func(s *knowledge.Section) string { return s.Article.Title }},
	{"article_pairs", true, 0.3, func(s *knowledge.Section) string { return s.Article.Title }},
}

// articleID is the field that within restricts.
const articleID = "article_id"

var _ = strings.Join
var _ query.Query
var _ mapping.IndexMapping
var _ = keyword.Name
var _ = whitespace.Name
var _ = index.BM25Scoring
