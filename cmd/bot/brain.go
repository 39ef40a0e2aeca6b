package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"verihelp/intents"
	"verihelp/intents/linear"
	"verihelp/internal/dialogue"
	"verihelp/knowledge"
	"verihelp/knowledge/bleveindex"
)

// brain is everything that decides, loaded from the embedded data or from the
// operator's folders.
type brain struct {
	catalog *intents.Catalog
	library *knowledge.Library
	phrases intents.Phrases
	model   *linear.Model
	index   *bleveindex.Index
	engine  *dialogue.Engine
}

// loadData reads and validates articles, categories and phrases.
func loadData(s *settings) (*brain, error) {
	b := &brain{}
	var problems []error
	var err error
	if b.library, err = knowledge.Load(dataOr(s.Knowledge, knowledge.Data)); err != nil {
		problems = append(problems, err)
	}
	root := dataOr(s.Intents, intents.Data)
	if b.catalog, err = intents.Load(root); err != nil {
		problems = append(problems, err)
	}
	if b.phrases, err = intents.LoadPhrases(root, dialogue.RequiredPhrases()); err != nil {
		problems = append(problems, err)
	}
	return b, errors.Join(problems...)
}

// loadBrain loads the data, the model and the index, and makes the engine.
func loadBrain(s *settings, desk bool) (*brain, error) {
	zone, err := s.location()
	if err != nil {
		return nil, err
	}
	b, err := loadData(s)
	if err != nil {
		return nil, fmt.Errorf("load data (`bot check` lists all problems): %w", err)
	}
	if s.Intents != "" {
		fmt.Fprintf(os.Stderr, "loading the classifier of %s; after a change it is trained anew, which can take a minute\n", s.Intents)
	}
	if b.model, err = linear.LoadOrTrain(b.catalog, filepath.Join(s.Data, "models")); err != nil {
		return nil, fmt.Errorf("load classifier: %w", err)
	}
	if err := b.assemble(b.model, desk, zone); err != nil {
		return nil, err
	}
	return b, nil
}

// assemble makes index and engine, which checks that all data fits together.
func (b *brain) assemble(classifier dialogue.Classifier, desk bool, zone *time.Location) error {
	var err error
	if b.index, err = bleveindex.New(b.library); err != nil {
		return fmt.Errorf("index articles: %w", err)
	}
	b.engine, err = dialogue.New(dialogue.Config{
		Catalog: b.catalog, Phrases: b.phrases, Library: b.library,
		Classifier: classifier, Index: b.index, QuoteThreshold: bleveindex.QuoteThreshold,
		Desk: desk, Location: zone,
	})
	return err
}

func dataOr(folder string, embedded fs.FS) fs.FS {
	if folder == "" {
		return embedded
	}
	return os.DirFS(folder)
}
