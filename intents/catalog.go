package intents

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
)

// Catalog is a loaded and checked set of categories and questions. It does not
// change and is safe for concurrent use.
type Catalog struct {
	byID      map[string]*Category
	all       []*Category
	questions []Question
	anywhere  []DirectAnswer
	lines     map[string]lines // of the files, for error messages
	hash      string
}

// Load reads categories/ and questions.yaml under the root of fsys. Everything that
// is wrong is reported at once, sorted, a line each: "file:line: what; cure"; beside
// the error stands what could be read, for further checks.
func Load(fsys fs.FS) (*Catalog, error) {
	l := &loader{fsys: fsys, digest: sha256.New(), lines: map[string]lines{}}
	categories := l.categories()
	questions := l.questions()
	c := &Catalog{byID: map[string]*Category{}, questions: questions, lines: l.lines, anywhere: l.answers(".", Anywhere)}
	l.checkAnswers(answersName, c.anywhere)
	for _, cat := range categories {
		c.byID[cat.ID] = cat
	}
	for _, id := range slices.Sorted(maps.Keys(c.byID)) {
		c.all = append(c.all, c.byID[id])
	}
	l.checkReferences(c)
	l.checkExamples(c.Examples())
	c.hash = hex.EncodeToString(l.digest.Sum(nil))
	return c, l.problems.err()
}

// Get returns the category with this ID.
func (c *Catalog) Get(id string) (*Category, bool) {
	cat, ok := c.byID[id]
	return cat, ok
}

// TakesFiles says whether attachments are kept while a case of a category is open.
func (c *Catalog) TakesFiles(category string) bool {
	cat, ok := c.byID[category]
	return ok && cat.Files.Taken()
}

// All returns the categories by ID.
func (c *Catalog) All() []*Category { return slices.Clone(c.all) }

// Questions returns the clarifying questions in the order of their file.
func (c *Catalog) Questions() []Question { return slices.Clone(c.questions) }

// Anywhere stands for a category's ID with the answers that belong to none.
const Anywhere = "anywhere"

// Answers returns the answers to what people ask after the advice of a category, or,
// with Anywhere, whatever was talked about; in the order of their file.
func (c *Catalog) Answers(category string) []DirectAnswer {
	if category == Anywhere {
		return slices.Clone(c.anywhere)
	}
	if cat, ok := c.byID[category]; ok {
		return slices.Clone(cat.Answers)
	}
	return nil
}

// Examples returns the examples of all categories, by category, file and line.
func (c *Catalog) Examples() []Example {
	var all []Example
	for _, cat := range c.all {
		all = append(all, cat.Examples...)
	}
	return all
}

// Hash is the SHA-256 of every file the catalogue was read from, in hexadecimal.
func (c *Catalog) Hash() string { return c.hash }

// CheckSections reports every quoted or related section that has says does not
// exist. The catalogue cannot know the articles itself: intents and knowledge do
// not import each other.
func (c *Catalog) CheckSections(has func(id string) bool) error {
	var p problems
	for _, cat := range c.all {
		for key, ids := range map[string][]string{"sections": cat.Sections, "related": cat.Related} {
			for _, id := range ids {
				if validSection.MatchString(id) && !has(id) { // what is no section at all was told by Load
					p.add(cat.file(), c.lines[cat.file()].key(key), "section %q is in no article; correct sections or related", id)
				}
			}
		}
		c.checkSources(&p, cat.answersFile(), cat.Answers, has)
	}
	c.checkSources(&p, answersName, c.anywhere, has)
	return p.err()
}

func (c *Catalog) checkSources(p *problems, name string, all []DirectAnswer, has func(id string) bool) {
	for _, a := range all {
		if validSection.MatchString(a.Section) && !has(a.Section) {
			p.add(name, c.lines[name].holds(1, "{#"+a.ID), "section %q of #%s is in no article; correct its source", a.Section, a.ID)
		}
	}
}

func (c *Category) file() string { return categoryFile(c.ID) }

func (c *Category) answersFile() string { return categoriesDir + "/" + c.ID + "/" + answersName }

// Written says where a text of a category stands, "file:line": its title, or a
// section of its texts.
func (c *Catalog) Written(category, text string) string {
	name, find := categoryFile(category), "## "+text
	if text == "title" {
		find = "title:"
	}
	return fmt.Sprintf("%s:%d", name, c.lines[name].begins(find))
}

// WrittenAnswer says where an answer of a category, or of Anywhere, stands.
func (c *Catalog) WrittenAnswer(category, id string) string {
	name := answersName
	if cat, ok := c.byID[category]; ok {
		name = cat.answersFile()
	}
	return fmt.Sprintf("%s:%d", name, c.lines[name].holds(1, "{#"+id))
}

// WrittenQuestion says where the question at a place in the list stands.
func (c *Catalog) WrittenQuestion(place int) string {
	return fmt.Sprintf("%s:%d", questionsFile, c.lines[questionsFile].item(place))
}

func categoryFile(id string) string { return "categories/" + id + "/category.md" }

// count adds one file to the catalogue's hash: name and size keep apart what would
// run together otherwise.
func count(w io.Writer, name string, content []byte) {
	fmt.Fprintf(w, "%s %d\n", name, len(content))
	w.Write(content) //nolint:errcheck // a hash never fails
}
