package intents

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var needed = map[string][]string{"hello": nil, "case": {"case"}}

func phrasesFile(src string) fstest.MapFS {
	return fstest.MapFS{PhrasesFile: {Data: []byte(src)}}
}

func TestPhrasesAreReadByKey(t *testing.T) {
	phrases, err := LoadPhrases(phrasesFile("hello: 您好\ncase: 案件 {case}\n"), needed)
	require.NoError(t, err)
	assert.Equal(t, Phrases{"hello": "您好", "case": "案件 {case}"}, phrases)
}

func TestBadPhrasesAreNamedWithTheirLine(t *testing.T) {
	for name, test := range map[string]struct{ src, says string }{
		"missing key":         {"hello: 您好\n", `key "case" is missing`},
		"unknown key":         {"hello: 您好\ncase: x\nhelo: 您好\n", "phrases.yaml:3: unknown key"},
		"key twice":           {"hello: 您好\ncase: x\nhello: 嗨\n", "phrases.yaml:3:"},
		"no text":             {"hello:\ncase: x\n", "phrases.yaml:1:"},
		"unknown placeholder": {"hello: 您好 {name}\ncase: x\n", "phrases.yaml:1:"},
		"no mapping":          {"- hello\n", "phrases.yaml:1:"},
		"broken YAML":         {"hello: [\n", "phrases.yaml"},
		"empty":               {"", "phrases.yaml:1:"},
	} {
		_, err := LoadPhrases(phrasesFile(test.src), needed)
		assert.ErrorContains(t, err, test.says, name)
	}
	_, err := LoadPhrases(fstest.MapFS{}, needed)
	assert.ErrorContains(t, err, PhrasesFile)
}

func TestTheHashNamesTheTexts(t *testing.T) {
	assert.Equal(t, Phrases{"a": "1", "b": "2"}.Hash(), Phrases{"b": "2", "a": "1"}.Hash())
	assert.NotEqual(t, Phrases{"a": "1"}.Hash(), Phrases{"a": "2"}.Hash())
}

func FuzzLoadPhrases(f *testing.F) {
	f.Add("hello: 您好\ncase: 案件 {case}\n")
	f.Add("a: {b}}{{c\n")
	f.Fuzz(func(t *testing.T, src string) {
		phrases, err := LoadPhrases(phrasesFile(src), needed)
		if err == nil {
			assert.Len(t, phrases, len(needed))
		}
	})
}
