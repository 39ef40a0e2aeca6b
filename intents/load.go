package intents

import (
	"errors"
	"hash"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"verihelp/internal/chat"
	"verihelp/internal/markdown"
)

const (
	categoriesDir = "categories"
	questionsFile = "questions.yaml"
	categoryName  = "category.md"
)

var validID = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$`)

// loader reads the files of one catalogue and collects what is wrong with them.
type loader struct {
	fsys     fs.FS
	digest   hash.Hash
	problems problems
	lines    map[string]lines // of the files that hold more than examples
}

// read returns a file's content and counts it into the catalogue's hash.
func (l *loader) read(name string) ([]byte, bool) {
	content, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		l.problems.add(name, 1, "%v; add the file or correct its permissions", errors.Unwrap(err))
		return nil, false
	}
	count(l.digest, name, content)
	return content, true
}

func (l *loader) categories() []*Category {
	folders, err := fs.ReadDir(l.fsys, categoriesDir)
	if err != nil {
		l.problems.add(categoriesDir, 1, "cannot be read: %v; give the folder that holds %s/, %s and %s",
			errors.Unwrap(err), categoriesDir, questionsFile, PhrasesFile)
		return nil
	}
	var all []*Category
	for _, folder := range folders {
		dir := path.Join(categoriesDir, folder.Name())
		switch {
		case strings.HasPrefix(folder.Name(), "."):
		case !folder.IsDir():
			l.problems.add(dir, 1, "is not a category's folder; remove it")
		case !validID.MatchString(folder.Name()):
			l.problems.add(dir, 1, "is not a category ID; use lower-case letters, digits and _, with one dot at most")
		default:
			all = append(all, l.category(folder.Name()))
		}
	}
	if len(all) == 0 {
		l.problems.add(categoriesDir, 1, "holds no category; add a folder with %s and examples.txt", categoryName)
	}
	return all
}

// category reads one folder. It returns a category even when something is wrong,
// so that references to it are not reported too.
func (l *loader) category(id string) *Category {
	cat := &Category{ID: id, Texts: map[string][]chat.Block{}}
	cat.Examples, cat.Variants = l.examples(id)
	cat.Answers = l.answers(path.Join(categoriesDir, id), id)
	l.checkAnswers(path.Join(categoriesDir, id, answersName), cat.Answers)
	name := categoryFile(id)
	source, ok := l.read(name)
	if !ok {
		return cat
	}
	l.lines[name] = newLines(source)
	l.document(id, cat, name, source)
	cat.ID = id
	return cat
}

// document reads front matter and texts. A fault in one does not hide those in the
// other, but which texts there must be cannot be known without a kind.
func (l *loader) document(id string, cat *Category, name string, source []byte) {
	doc, unsound := markdown.Parse(name, source)
	if unsound != nil {
		l.problems.addError(unsound)
	}
	if doc == nil {
		return
	}
	if err := doc.Decode(cat); err != nil {
		l.problems.addError(err)
	} else {
		if cat.Files == "" {
			cat.Files = defaultFiles(cat.Route)
		}
		l.check(id, cat, l.lines[name])
	}
	if unsound == nil && routes[cat.Kind] != nil {
		l.texts(cat, doc)
	}
}

// texts takes the bot's texts out of the body, a section each.
func (l *loader) texts(cat *Category, doc *markdown.Document) {
	required, allowed := textNames(cat)
	for _, s := range doc.Sections {
		switch {
		case !slices.Contains(allowed, s.Title):
			l.problems.add(cat.file(), s.Line, "text %q means nothing here; use one of %s", s.Title, strings.Join(allowed, ", "))
		case len(s.Blocks) == 0:
			l.problems.add(cat.file(), s.Line, "text %q is empty; write it", s.Title)
		}
		cat.Texts[s.Title] = s.Blocks
		l.checkPlaceholders(cat.file(), s)
	}
	if _, ok := cat.Texts["never_send"]; ok && cat.Files == FilesAllowed {
		l.problems.add(cat.file(), 1, "files are allowed, but the text \"never_send\" speaks against some; use files: warned, or refused")
	}
	for _, name := range required {
		if _, ok := cat.Texts[name]; !ok {
			l.problems.add(cat.file(), 1, "text %q is missing; add a section \"## %s\"", name, name)
		}
	}
}

func (l *loader) questions() []Question {
	source, ok := l.read(questionsFile)
	if !ok {
		return nil
	}
	l.lines[questionsFile] = newLines(source)
	var questions []Question
	if err := markdown.DecodeYAML(questionsFile, source, &questions); err != nil {
		l.problems.addError(err)
		return nil
	}
	l.checkQuestions(questions, l.lines[questionsFile])
	return questions
}

// lines finds the line on which something was written, for error messages.
type lines []string

func newLines(source []byte) lines { return strings.Split(string(source), "\n") }

// key returns the line of a key at the start of a line, or 1.
func (l lines) key(key string) int { return l.begins(key + ":") }

// begins returns the first line that begins with a text, or 1.
func (l lines) begins(text string) int {
	for i, line := range l {
		if strings.HasPrefix(line, text) {
			return i + 1
		}
	}
	return 1
}

// holds returns the first line from one on that holds a text, or that one.
func (l lines) holds(from int, text string) int {
	for i := from - 1; i < len(l); i++ {
		if strings.Contains(l[i], text) {
			return i + 1
		}
	}
	return from
}

// item returns the line of the nth entry of the list at the top of the file, or 1.
func (l lines) item(n int) int {
	for i, line := range l {
		if strings.HasPrefix(line, "-") && !strings.HasPrefix(line, "---") {
			if n == 0 {
				return i + 1
			}
			n--
		}
	}
	return 1
}
