package zh

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newerTables are the words of testdata/traditional.txt that OpenCC's program, with
// the tables of its release 1.1, converts otherwise than the tables we embed (1.4.1):
// the entry was added, dropped or reordered in between. Our result is on the right.
var newerTables = []string{
	"维京", "维尔京", // added: 美屬維京群島
	"文本", "文字", // dropped: 文字 was 文本
	"缺省", "预设", // reordered: 預設 has three candidates
	"行动数据", "移动数据", // added: 行動數據
	"西元", "公元", // added: 西元
	"北马里亞納", "北馬里亞納", // corrected: 北马里亚纳
}

func TestConversionEqualsOpenCC(t *testing.T) {
	program, err := exec.LookPath("opencc")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("the opencc program is missing; CI must compare with it")
	}
	if err != nil {
		t.Skip("SKIPPED: no opencc program on this machine, the conversion is not compared with it")
	}
	corpus, err := os.ReadFile("testdata/traditional.txt")
	require.NoError(t, err)
	newer := strings.NewReplacer(newerTables...)

	simplified := t2s().convert(string(corpus))
	for name, test := range map[string]struct {
		convert chain
		corpus  string
	}{
		"t2s": {t2s(), string(corpus)}, "tw2sp": {tw2sp(), string(corpus)},
		"s2tw": {s2tw(), simplified}, "s2hk": {s2hk(), simplified},
	} {
		t.Run(name, func(t *testing.T) {
			command := exec.Command(program, "-c", name+".json")
			command.Stdin = strings.NewReader(test.corpus)
			output, err := command.Output()
			require.NoError(t, err)
			lines := strings.Split(test.corpus, "\n")
			wanted := strings.Split(string(output), "\n")
			require.Len(t, wanted, len(lines))
			require.Greater(t, len(lines), 100)
			for i, line := range lines {
				got := test.convert.convert(line)
				if got != wanted[i] {
					assert.Equal(t, newer.Replace(wanted[i]), got, line)
				}
			}
		})
	}
}

func TestEveryWordFits(t *testing.T) {
	for _, folder := range []string{"opencc", "overrides"} {
		list, err := files.ReadDir(folder)
		require.NoError(t, err)
		for _, file := range list {
			for word := range entries(read(folder + "/" + file.Name())) {
				assert.LessOrEqual(t, len(word), maxWord, word)
			}
		}
	}
}

func TestOverridesAreSortedAndKeepTheirPromise(t *testing.T) {
	for _, name := range []string{"hans", "hk", "fold", "region"} {
		var words []string
		for word, values := range entries(read("overrides/" + name + ".txt")) {
			require.Len(t, values, 1, word)
			words = append(words, word)
		}
		assert.NotEmpty(t, words)
		assert.True(t, slices.IsSorted(words), name)
		assert.Len(t, slices.Compact(slices.Clone(words)), len(words), "%s has a word twice", name)
	}
	for word, values := range entries(read("overrides/hans.txt")) {
		assert.Equal(t, values[0], Convert(word, LocaleHans), word)
	}
	for word, values := range entries(read("overrides/region.txt")) {
		assert.Contains(t, []Region{RegionTW, RegionHK, RegionMainland}, Region(values[0]), word)
		assert.Equal(t, Region(values[0]), Detect(word).Region, word)
	}
}

// Folding is one pass, so every text in which a replacement meets the rest of
// another word must come out stable.
func TestFoldWordsAreStableWhereTheyOverlap(t *testing.T) {
	words := foldWording().words
	for word, value := range words {
		assert.Equal(t, value, Fold(word), "the list must be in folded form")
		for other := range words {
			for i := range other {
				if i == 0 {
					continue
				}
				for _, text := range []string{word + other[i:], other[:i] + word, other[:i] + word + other[i:]} {
					if once := Fold(text); once != Fold(once) {
						t.Errorf("%s folds to %s and then to %s", text, once, Fold(once))
					}
				}
			}
		}
	}
}

func TestFoldedCharactersAreStable(t *testing.T) {
	for r := range rune(utf8.MaxRune + 1) {
		if folded := FoldRune(r); folded != FoldRune(folded) {
			t.Errorf("%c folds to %c and then to %c", r, folded, FoldRune(folded))
		}
		text := "a" + string(r) + "b"
		if plain, ok := foldPlain(text); ok && plain != foldAny(text) {
			t.Errorf("%U: the fast path gives %q, the full one %q", r, plain, foldAny(text))
		}
	}
}
