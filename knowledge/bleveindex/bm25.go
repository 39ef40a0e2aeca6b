package bleveindex

import (
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"verihelp/internal/zh"
	"verihelp/knowledge"
)

// articleField holds a section's article ID: what a search within articles keeps to.
const articleField = "article"

// fields are what BM25 ranks by: the title counts twice as much as the text, and in
// each a pair twice as much as a single character.
var fields = []struct {
	single, pairs string
	boost         float64
	text          func(*knowledge.Section) string
}{
	{"title_single", "title_pairs", 1, func(s *knowledge.Section) string { return s.Title }},
	{"text_single", "text_pairs", 0.5, (*knowledge.Section).Text},
}

// newMapping takes every value as one term, because the terms are cut by termsOf:
// Bleve's own analyzers drop single characters or cut numbers and labels apart.
func newMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	m.ScoringModel = index.BM25Scoring
	m.DefaultAnalyzer = keyword.Name
	field := bleve.NewTextFieldMapping()
	field.Store, field.IncludeInAll, field.IncludeTermVectors, field.DocValues = false, false, false, false
	document := bleve.NewDocumentStaticMapping()
	document.AddFieldMappingsAt(articleField, field)
	for _, f := range fields {
		document.AddFieldMappingsAt(f.single, field)
		document.AddFieldMappingsAt(f.pairs, field)
	}
	m.DefaultMapping = document
	return m
}

// fill writes all sections in one batch, which becomes one segment.
func fill(to bleve.Index, sections []*knowledge.Section) error {
	batch := to.NewBatch()
	for _, s := range sections {
		document := map[string]any{articleField: s.Article.ID}
		for _, f := range fields {
			t := termsOf(zh.Fold(f.text(s)))
			document[f.single], document[f.pairs] = t.single, t.pairs
		}
		if err := batch.Index(s.ID, document); err != nil {
			return err
		}
	}
	return to.Batch(batch)
}

// newQuery asks for sections with any term of the question in any field.
func newQuery(asked terms, within []string) query.Query {
	terms := make([]query.Query, 0, len(fields)*(len(asked.single)+len(asked.pairs)))
	for _, f := range fields {
		for _, t := range asked.single {
			terms = append(terms, newTerm(f.single, t, f.boost))
		}
		for _, t := range asked.pairs {
			terms = append(terms, newTerm(f.pairs, t, 2*f.boost))
		}
	}
	found := bleve.NewDisjunctionQuery(terms...)
	if len(within) == 0 {
		return found
	}
	var articles []query.Query
	for _, id := range within {
		articles = append(articles, newTerm(articleField, id, 0))
	}
	return bleve.NewConjunctionQuery(found, bleve.NewDisjunctionQuery(articles...))
}

func newTerm(field, term string, boost float64) query.Query {
	q := bleve.NewTermQuery(term)
	q.SetField(field)
	q.SetBoost(boost)
	return q
}
