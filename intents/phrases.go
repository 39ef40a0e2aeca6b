package intents

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"verihelp/internal/markdown"
)

// PhrasesFile is where the texts of LoadPhrases stand.
const PhrasesFile = "phrases.yaml"

// Phrases are the bot's own words around the categories' texts, by key, in
// Traditional Chinese. Placeholders stand in braces: {title}.
type Phrases map[string]string

// LoadPhrases reads phrases.yaml. Missing, empty and unknown keys are errors
// with file and line, so that a typing mistake shows at start and not in front
// of a user; required lists the keys with the placeholders each may use. Beside the
// error stands what could be read.
func LoadPhrases(fsys fs.FS, required map[string][]string) (Phrases, error) {
	src, err := fs.ReadFile(fsys, PhrasesFile)
	if err != nil {
		return nil, fmt.Errorf("%s:1: %w; add the file or correct its permissions", PhrasesFile, errors.Unwrap(err))
	}
	var root yaml.Node
	if err := markdown.DecodeYAML(PhrasesFile, src, &root); err != nil {
		return nil, err
	}
	if len(root.Content) == 0 || root.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:1: no lines with texts; write `key: text`, a line each", PhrasesFile)
	}
	out := Phrases{}
	var problems []error
	for i := 0; i+1 < len(root.Content[0].Content); i += 2 {
		key, value := root.Content[0].Content[i], root.Content[0].Content[i+1]
		allowed, known := required[key.Value]
		switch {
		case !known:
			problems = append(problems, fmt.Errorf("%s:%d: unknown key %q; remove it or correct its name", PhrasesFile, key.Line, key.Value))
		case out[key.Value] != "":
			problems = append(problems, fmt.Errorf("%s:%d: key %q stands twice; remove one", PhrasesFile, key.Line, key.Value))
		case value.Kind != yaml.ScalarNode || strings.TrimSpace(value.Value) == "":
			problems = append(problems, fmt.Errorf("%s:%d: key %q needs a text; write it after the colon", PhrasesFile, value.Line, key.Value))
		default:
			for _, name := range Placeholders(value.Value) {
				if !slices.Contains(allowed, name) {
					problems = append(problems, fmt.Errorf("%s:%d: %q cannot use {%s}; it may use %v", PhrasesFile, value.Line, key.Value, name, allowed))
				}
			}
			out[key.Value] = strings.TrimSpace(value.Value)
		}
	}
	for _, key := range sortedKeys(required) {
		if out[key] == "" {
			problems = append(problems, fmt.Errorf("%s:1: key %q is missing; add a line for it", PhrasesFile, key))
		}
	}
	return out, errors.Join(problems...)
}

// Hash names the texts: 12 hex digits that change when any of them does.
func (p Phrases) Hash() string {
	h := sha256.New()
	for _, key := range sortedKeys(p) {
		fmt.Fprintf(h, "%q %q\n", key, p[key])
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// Placeholders lists the names in braces in a text, in order.
func Placeholders(text string) []string {
	var out []string
	for {
		_, after, ok := strings.Cut(text, "{")
		if !ok {
			return out
		}
		name, rest, ok := strings.Cut(after, "}")
		if !ok {
			return out
		}
		out = append(out, name)
		text = rest
	}
}

// PhraseLines finds the line of each key in phrases.yaml, for messages about texts.
func PhraseLines(fsys fs.FS) map[string]int {
	src, err := fs.ReadFile(fsys, PhrasesFile)
	if err != nil {
		return nil // told by LoadPhrases
	}
	found := map[string]int{}
	for i, line := range newLines(src) {
		if key, _, ok := strings.Cut(line, ":"); ok && found[key] == 0 {
			found[key] = i + 1
		}
	}
	return found
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
