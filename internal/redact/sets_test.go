package redact

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sample is a line of testdata/secrets.jsonl or testdata/harmless.jsonl.
type sample struct {
	ID, Text, Kind string
	Secret         []string // parts of the text that must not be left
}

func samples(t *testing.T, name string) []sample {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "testdata", name))
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	var out []sample
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var s sample
		require.NoError(t, json.Unmarshal(lines.Bytes(), &s))
		out = append(out, s)
	}
	require.Greater(t, len(out), 200)
	return out
}

func TestMaskCatchesEveryPlantedSecret(t *testing.T) {
	for _, s := range samples(t, "secrets.jsonl") {
		masked, found := Mask(s.Text)
		for _, part := range s.Secret {
			assert.NotContains(t, masked, part, s.ID)
		}
		var names []string
		for _, f := range found {
			names = append(names, string(f.Kind))
		}
		assert.Contains(t, names, s.Kind, s.ID)
	}
}

func TestMaskLeavesLookAlikes(t *testing.T) {
	for _, s := range samples(t, "harmless.jsonl") {
		masked, found := Mask(s.Text)
		assert.Equal(t, s.Text, masked, s.ID)
		assert.Empty(t, found, s.ID)
	}
}

// TestFewOrdinaryMessagesWarn measures false alarms over the examples of the
// intents, of which almost none holds a secret.
func TestFewOrdinaryMessagesWarn(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "intents", "categories", "*", "examples*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	all, warned := 0, 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			_, found := Mask(strings.TrimSpace(line))
			all++
			if len(found) > 0 && found[0].Kind.Warn() {
				warned++
			}
		}
	}
	t.Logf("%d of %d examples warn", warned, all)
	assert.Less(t, 200*warned, all, "0.5 % of the examples")
}

// drawPhrase draws a phrase with a right checksum from a list.
func drawPhrase(r *rand.Rand, list []string, size int) []string {
	numbers := make([]uint16, size)
	for {
		for i := range numbers {
			numbers[i] = uint16(r.IntN(len(list)))
		}
		if validPhrase(numbers) {
			break
		}
	}
	out := make([]string, size)
	for i, n := range numbers {
		out[i] = list[n]
	}
	return out
}

// layouts write a phrase as people do; %d is the place of a word, %s the word.
var layouts = []struct{ before, each, between, after string }{
	{"助记词", "%[2]s", " ", "，帮我看看"},
	{"我的恢复短语：\n", "%[2]s", "\n", ""},
	{"", "%d. %s", "\n", "\n以上"},
	{"我照着念：", "第%d个%s", "，", "。对吗"},
	{"老公留下一张纸 ", "(%d)%s", " ", " 这是什么"},
	{"這是我的註記詞，", "%[2]s", "，", "，打不開"},
	{"seed: ", "%[2]s", "/", ""},
	{"", "%d=%s", ", ", " 是不是助記詞"},
}

// TestPhrasesInManyLayouts draws phrases by lot. Those of Chinese characters that
// happen to read like a text may be lost where nothing numbers them.
func TestPhrasesInManyLayouts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, list := range map[string]string{"English": englishWords, "Simplified": simplifiedWords, "Traditional": traditionalWords} {
		lost, all := 0, 0
		for range 50 {
			for _, size := range phraseSizes {
				for _, l := range layouts {
					var parts []string
					for i, w := range drawPhrase(r, strings.Fields(list), size) {
						parts = append(parts, fmt.Sprintf(strings.Replace(l.each, "%s", "%[2]s", 1), i+1, w))
					}
					_, found := Mask(l.before + strings.Join(parts, l.between) + l.after)
					all++
					if len(found) == 0 || found[0].Kind != SeedPhrase {
						lost++
					}
				}
			}
		}
		t.Logf("%s: %d of %d lost", name, lost, all)
		assert.LessOrEqual(t, 100*lost, all, name)
	}
}
