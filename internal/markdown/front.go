package markdown

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fence opens and closes the front matter, alone on its line.
const fence = "---"

// findFrontMatter finds the line that closes the front matter and what follows it.
func (d *Document) findFrontMatter() error {
	for at, line := 0, 1; at < len(d.source); line++ {
		text, _, _ := bytes.Cut(d.source[at:], []byte("\n"))
		isFence := string(bytes.TrimRight(text, " \t")) == fence
		next := min(at+len(text)+1, len(d.source))
		switch {
		case line == 1 && !isFence:
			return d.Errorf(1, "no front matter; begin the file with a line %q", fence)
		case line > 1 && isFence:
			d.front, d.body = at, next
			return nil
		}
		at = next
	}
	if len(d.source) == 0 {
		return d.Errorf(1, "the file is empty; begin it with a line %q", fence)
	}
	return d.Errorf(1, "the front matter is not closed; add a line %q after it", fence)
}

// Decode reads the front matter into v, a pointer to a struct with yaml tags.
// Unknown keys, repeated keys, wrong types and aliases are errors, with their line.
func (d *Document) Decode(v any) error {
	return DecodeYAML(d.Name, d.source[:d.front], v)
}

// DecodeYAML reads one YAML document into v as strictly as Decode, for data files
// that are YAML alone. An empty document leaves v as it is.
func DecodeYAML(name string, src []byte, v any) error {
	if err := checkBytes(name, src); err != nil {
		return err
	}
	var root yaml.Node
	reader := yaml.NewDecoder(bytes.NewReader(src))
	switch err := reader.Decode(&root); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return yamlProblems(name, err)
	}
	if err := reader.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return problem(name, 1, "more than one YAML document; keep one, without lines %q or %q", fence, "...")
	}
	if err := refuseAliases(name, &root); err != nil {
		return err
	}
	strict := yaml.NewDecoder(bytes.NewReader(src))
	strict.KnownFields(true)
	if err := strict.Decode(v); err != nil && !errors.Is(err, io.EOF) {
		return yamlProblems(name, err)
	}
	return nil
}

// refuseAliases keeps a few short lines from expanding to gigabytes.
func refuseAliases(name string, node *yaml.Node) error {
	if node.Kind == yaml.AliasNode || node.Anchor != "" {
		return problem(name, node.Line, "YAML anchors and aliases are not allowed; write the value out, in quotes if it starts with & or *")
	}
	for _, child := range node.Content {
		if err := refuseAliases(name, child); err != nil {
			return err
		}
	}
	return nil
}

var (
	yamlLine    = regexp.MustCompile(`^(?:yaml: )?line (\d+): (?s)(.*)$`)
	yamlUnknown = regexp.MustCompile(`^field (.+) not found in type .*$`)
	yamlTwice   = regexp.MustCompile(`^(?:mapping key "(.+)" already defined|field (.+) already set).*$`)
	yamlType    = regexp.MustCompile("^cannot unmarshal !!(\\w+)(?: `(?s:(.*))`)? into (.+)$")
)

// yamlProblems turns the library's messages, which speak to programmers, into ours.
func yamlProblems(name string, err error) error {
	var typed *yaml.TypeError
	if !errors.As(err, &typed) {
		return yamlProblem(name, err.Error())
	}
	out := make([]error, len(typed.Errors))
	for i, message := range typed.Errors {
		out[i] = yamlProblem(name, message)
	}
	return errors.Join(out...)
}

func yamlProblem(name, message string) error {
	line := 1
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1]) // digits by the pattern
		message = m[2]
	}
	message = strings.TrimPrefix(message, "yaml: ")
	if m := yamlUnknown.FindStringSubmatch(message); m != nil {
		return problem(name, line, "unknown key %q; correct its spelling or remove it", m[1])
	}
	if m := yamlTwice.FindStringSubmatch(message); m != nil {
		return problem(name, line, "key %q stands twice; keep one", m[1]+m[2])
	}
	if m := yamlType.FindStringSubmatch(message); m != nil {
		return problem(name, line, "the value %q does not fit; write %s", m[2], expected(m[3]))
	}
	return problem(name, line, "not valid YAML (%s); check the indentation, the colons and the quotes near this line", message)
}

// expected says in words what a Go type wants to be given.
func expected(goType string) string {
	switch {
	case goType == "markdown.Date":
		return "a date like 2025-11-13"
	case goType == "bool":
		return "true or false"
	case strings.HasPrefix(goType, "[]"):
		return "a list like [a, b]"
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "uint"):
		return "a whole number"
	case strings.HasPrefix(goType, "float"):
		return "a number"
	case goType == "string":
		return "one line of text"
	default:
		return "keys with values, each as in the files beside it"
	}
}
