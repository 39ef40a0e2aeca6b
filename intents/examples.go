package intents

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"verihelp/internal/zh"
)

const maxExample = 1000 // characters; what is longer is a file in the wrong place

var exampleFile = regexp.MustCompile(`^examples(?:\.([a-z][a-z0-9_]*))?\.txt$`)

// examples reads the example files of one category and returns the names of its
// variants, both in the order of the file names.
func (l *loader) examples(id string) ([]Example, []string) {
	dir := path.Join(categoriesDir, id)
	files, err := fs.ReadDir(l.fsys, dir)
	if err != nil {
		l.problems.add(dir, 1, "cannot be read: %v; correct its permissions", err)
		return nil, nil
	}
	var examples []Example
	var variants []string
	own := false
	for _, file := range files {
		name := path.Join(dir, file.Name())
		m := exampleFile.FindStringSubmatch(file.Name())
		switch {
		case file.Name() == categoryName || file.Name() == answersName || strings.HasPrefix(file.Name(), "."):
			continue
		case m == nil:
			l.problems.add(name, 1, "means nothing here; name it examples.txt or examples.<variant>.txt, or remove it")
			continue
		case m[1] == "":
			own = true
			examples = append(examples, l.exampleLines(name, id)...)
		default:
			variants = append(variants, m[1])
			examples = append(examples, l.exampleLines(name, id+"/"+m[1])...)
		}
	}
	if !own {
		l.problems.add(path.Join(dir, "examples.txt"), 1, "is missing; write one message a line, as users write them")
	}
	return examples, variants
}

// exampleLines reads one file: an example a line, blank lines and those that begin
// with # left out.
func (l *loader) exampleLines(name, label string) []Example {
	content, ok := l.read(name)
	if !ok {
		return nil
	}
	var out []Example
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(string(content), "\ufeff")) {
		number++
		text := strings.TrimSpace(line)
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
		case !utf8.ValidString(text):
			l.problems.add(name, number, "the text is not UTF-8; save the file as UTF-8")
		case utf8.RuneCountInString(text) > maxExample:
			l.problems.add(name, number, "the example is longer than %d characters; shorten it", maxExample)
		default:
			out = append(out, Example{Label: label, Text: text, File: name, Line: number})
		}
	}
	if len(out) == 0 {
		l.problems.add(name, 1, "holds no example; write one message a line, as users write them")
	}
	return out
}

// checkExamples reports examples that are the same to the classifier. In two labels
// they contradict each other; twice in one they count double without anybody's
// wish.
func (l *loader) checkExamples(all []Example) {
	first := make(map[string]Example, len(all))
	for _, e := range all {
		folded := zh.Fold(e.Text)
		before, seen := first[folded]
		switch {
		case folded == "":
			l.problems.add(e.File, e.Line, "the example says nothing once folded; remove it")
		case !seen:
			first[folded] = e
		case before.Label == e.Label:
			l.problems.add(e.File, e.Line, "the same example as %s:%d; remove one", before.File, before.Line)
		default:
			l.problems.add(e.File, e.Line, "the same example as %s:%d, in another label; keep it where it belongs", before.File, before.Line)
		}
	}
}
