package main

import (
	"cmp"
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

	root                fs.FS  // of the intents
	articlesIn, wordsIn string // folders, for messages that name a file
}

// brain is everything that decides.
type brain struct {
	*data
	model  *linear.Model
	engine *dialogue.Engine
}

// loadData reads and validates articles, categories and phrases, and whether they fit
// together. With an error, which lists all problems, a line each, it returns what
// could be read.
func loadData(s *settings) (*data, error) {
	d := &data{articlesIn: cmp.Or(s.Knowledge, "knowledge"), wordsIn: cmp.Or(s.Intents, "intents")}
	articles, noArticles := dataOr("BOT_KNOWLEDGE", s.Knowledge, knowledge.Data)
	root, noIntents := dataOr("BOT_INTENTS", s.Intents, intents.Data)
	if err := errors.Join(noArticles, noIntents); err != nil {
		return nil, err
	}
	d.root = root
	var badArticles, badIntents, badPhrases error
	d.library, badArticles = knowledge.Load(articles)
	d.catalog, badIntents = intents.Load(root)
	d.phrases, badPhrases = intents.LoadPhrases(root, dialogue.RequiredPhrases())
	err := errors.Join(in(d.articlesIn, badArticles), in(d.wordsIn, badIntents), in(d.wordsIn, badPhrases),
		in(d.wordsIn, d.catalog.CheckSections(d.library.MayHold)))
	if err != nil {
		return d, err
	}
	if d.index, err = bleveindex.New(d.library); err != nil {
		return d, fmt.Errorf("index articles: %w", err)
	}
	return d, nil
}

// in puts the folder before the files that an error names, a line each.
func in(folder string, err error) error {
	var out []error
	for _, line := range lines(err) {
		out = append(out, errors.New(folder+"/"+line))
	}
	return errors.Join(out...)
}

// newData is loadData for those who need sound data; the error is one line.
func newData(s *settings) (*data, error) {
	d, err := loadData(s)
	switch all := lines(err); len(all) {
	case 0:
		return d, nil
	case 1:
		return nil, fmt.Errorf("load data of BOT_KNOWLEDGE and BOT_INTENTS: %s", all[0])
	default:
		return nil, fmt.Errorf("load data of BOT_KNOWLEDGE and BOT_INTENTS: %s (and %d more: `bot check` lists all)", all[0], len(all)-1)
	}
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
