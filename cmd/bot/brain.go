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
	"verihelp/intents/nearest"
	"verihelp/internal/dialogue"
	"verihelp/knowledge"
	"verihelp/knowledge/bleveindex"
)

// data is what support leads edit: the embedded articles, categories and phrases, or
// those of the operator's folders.
type data struct {
	catalog *intents.Catalog
	library *knowledge.Library
	phrases intents.Phrases
	index   *bleveindex.Index // over the library; nil if the data have problems
}

// brain is everything that decides.
type brain struct {
	*data
	model  *linear.Model
	engine *dialogue.Engine
}

// loadData reads and validates articles, categories and phrases. With an error, which
// lists all problems, it returns what could be read.
func loadData(s *settings) (*data, error) {
	d := &data{}
	articles, err := dataOr("BOT_KNOWLEDGE", s.Knowledge, knowledge.Data)
	if err != nil {
		return d, err
	}
	root, err := dataOr("BOT_INTENTS", s.Intents, intents.Data)
	if err != nil {
		return d, err
	}
	var problems []error
	if d.library, err = knowledge.Load(articles); err != nil {
		problems = append(problems, err)
	}
	if d.catalog, err = intents.Load(root); err != nil {
		problems = append(problems, err)
	}
	if d.phrases, err = intents.LoadPhrases(root, dialogue.RequiredPhrases()); err != nil {
		problems = append(problems, err)
	}
	if len(problems) > 0 {
		return d, errors.Join(problems...)
	}
	if d.index, err = bleveindex.New(d.library); err != nil {
		return d, fmt.Errorf("index articles: %w", err)
	}
	return d, nil
}

// newData is loadData for those who need sound data.
func newData(s *settings) (*data, error) {
	d, err := loadData(s)
	if err != nil {
		return nil, fmt.Errorf("load data (`bot check` lists all problems): %w", err)
	}
	return d, nil
}

// loadBrain loads the data and the model, and makes the engine, as with a desk.
func loadBrain(s *settings) (*brain, error) {
	d, err := newData(s)
	if err != nil {
		return nil, err
	}
	return d.think(s, true)
}

// think adds the model and the engine; desk says that people can be handed over.
func (d *data) think(s *settings, desk bool) (*brain, error) {
	zone, err := s.location()
	if err != nil {
		return nil, err
	}
	if s.Intents != "" {
		fmt.Fprintf(os.Stderr, "loading the classifier of %s; after a change it is trained anew, which can take a minute\n", s.Intents)
	}
	b := &brain{data: d}
	if b.model, err = linear.LoadOrTrain(d.catalog, filepath.Join(s.Data, "models")); err != nil {
		return nil, fmt.Errorf("load classifier: %w", err)
	}
	b.engine, err = d.newEngine(b.model, desk, zone)
	return b, err
}

// newEngine makes the dialogue engine, which checks that all data fits together.
func (d *data) newEngine(classifier dialogue.Classifier, desk bool, zone *time.Location) (*dialogue.Engine, error) {
	return dialogue.New(dialogue.Config{
		Catalog: d.catalog, Phrases: d.phrases, Library: d.library,
		Classifier: classifier, Index: d.index, Answers: nearest.New(d.catalog), QuoteThreshold: bleveindex.QuoteThreshold,
		Desk: desk, Location: zone,
	})
}

// dataOr opens the folder that a setting names, or else the embedded data.
func dataOr(setting, folder string, embedded fs.FS) (fs.FS, error) {
	if folder == "" {
		return embedded, nil
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s names %s, which is no folder that can be read", setting, folder)
	}
	return os.DirFS(folder), nil
}
