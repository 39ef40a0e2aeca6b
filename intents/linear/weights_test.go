package linear

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents"
)

// own is a catalogue that is not the shipped one.
func own(t *testing.T) *intents.Catalog {
	t.Helper()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	talk := "\ntitle: 說話\nkind: talk\nroute: smalltalk\nrank: 200\n---\n\n## reply\n您好。\n"
	c, err := intents.Load(fstest.MapFS{
		"categories/hello/category.md":  file("---\nid: hello" + talk),
		"categories/hello/examples.txt": file("你好\n早安\n嗨\n"),
		"categories/bye/category.md":    file("---\nid: bye" + talk),
		"categories/bye/examples.txt":   file("再見\n拜拜\n晚安\n"),
		"questions.yaml":                file("[]"),
	})
	require.NoError(t, err)
	return c
}

func TestOwnCategoriesAreTrainedOnceAndKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "models")
	first, err := LoadOrTrain(own(t), dir)
	require.NoError(t, err)
	assert.Equal(t, []string{"bye", "hello"}, first.Labels())
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 1)

	kept := filepath.Join(dir, files[0].Name())
	require.NoError(t, os.WriteFile(kept, []byte("half a fi"), 0o600))
	again, err := LoadOrTrain(own(t), dir)
	require.NoError(t, err)
	assert.Equal(t, first.Hash(), again.Hash(), "a damaged file is trained anew")
	stored, err := os.ReadFile(kept)
	require.NoError(t, err)
	assert.NoError(t, new(Model).UnmarshalBinary(stored), "and replaced")
}

func TestAFolderThatCannotBeWrittenIsToldInOneError(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(dir, nil, 0o600))
	_, err := LoadOrTrain(own(t), dir)
	assert.ErrorContains(t, err, "keep trained classifier")
}

func BenchmarkClassifyLongest(b *testing.B) {
	m := new(Model)
	require.NoError(b, m.UnmarshalBinary(Weights))
	text := strings.Repeat("認證一直失敗，證件照片模糊。", 1429) // 20,000 characters
	for b.Loop() {
		m.Classify(text)
	}
}
