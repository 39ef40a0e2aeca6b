package redact

import (
	_ "embed"
	"strings"
)

//go:embed bip39/english.txt
var englishWords string

// seedWords is the English word list of BIP-39; longest word: 8 letters.
var seedWords = func() map[string]bool {
	set := make(map[string]bool, 2048)
	for _, w := range strings.Fields(englishWords) {
		set[w] = true
	}
	return set
}()

const (
	maxSeedWord = 8
	// minSeedRun is how many list words in a row make a phrase or a part of one.
	// The list lacks "the", "a", "is", "to", "of": sentences break it soon.
	minSeedRun = 8
	// minTypoRun is how many words a phrase must have to survive one typo.
	minTypoRun = 11
	// maxSeedGap is the longest stretch between two words: "\n12. ".
	maxSeedGap = 8
)

// word is a run of letters and whether the list has it.
type word struct {
	from, to int
	known    bool
}

// seedPhrases finds rows of words from the BIP-39 list, numbered or not,
// whatever stands between them as long as it is no other word.
func (m *marks) seedPhrases() {
	var row []word
	for i := 0; ; {
		from, to := m.nextWord(i)
		if from == to {
			break
		}
		if len(row) > 0 && !m.plainGap(row[len(row)-1].to, from) {
			m.takePhrases(row)
			row = row[:0]
		}
		row = append(row, word{from, to, m.isSeedWord(from, to)})
		i = to
	}
	m.takePhrases(row)
}

// takePhrases marks the phrases in a row of words; one typo splits none.
func (m *marks) takePhrases(row []word) {
	for i := 0; i < len(row); i++ {
		end := knownUntil(row, i)
		if next := knownUntil(row, end+1); end > i && next-i-1 >= minTypoRun && next > end+1 {
			end = next
		}
		if end-i >= minSeedRun {
			m.take(row[i].from, row[end-1].to, SeedPhrase)
		}
		i = max(i, end-1)
	}
}

// minRunOn is how many list words make a phrase that is written without spaces.
const minRunOn = 11

// runOnPhrases finds phrases whose words are not separated: a long run of letters
// that can be cut into list words without rest.
func (m *marks) runOnPhrases() {
	for i := 0; ; {
		from, to := m.nextWord(i)
		if from == to {
			return
		}
		if m.wordsWithin(from, to) >= minRunOn {
			m.take(from, to, SeedPhrase)
		}
		i = to
	}
}

// minSeedWord is the length of the shortest list word.
const minSeedWord = 3

// wordsWithin gives the most list words that a run of letters can be cut into, 0 if
// it cannot be cut without rest.
func (m *marks) wordsWithin(from, to int) int {
	if to-from < minRunOn*minSeedWord {
		return 0
	}
	most := make([]int, to-from+1) // by letters cut so far: words, plus 1; 0 is unreachable
	most[0] = 1
	for start := range most {
		if most[start] == 0 {
			continue
		}
		for n := minSeedWord; n <= maxSeedWord && start+n <= to-from; n++ {
			if m.isSeedWord(from+start, from+start+n) {
				most[start+n] = max(most[start+n], most[start]+1)
			}
		}
	}
	return max(most[to-from]-1, 0)
}

// knownUntil gives the first word from i on that is not in the list.
func knownUntil(row []word, i int) int {
	for i < len(row) && row[i].known {
		i++
	}
	return min(i, len(row))
}

// nextWord gives the next run of letters from i on; empty at the end.
func (m *marks) nextWord(i int) (from, to int) {
	for i < len(m.glyphs) && !isLetter(m.at(i)) {
		i++
	}
	from = i
	for i < len(m.glyphs) && isLetter(m.at(i)) {
		i++
	}
	return from, i
}

func (m *marks) isSeedWord(from, to int) bool {
	if to-from > maxSeedWord {
		return false
	}
	var b [maxSeedWord]byte
	for i := from; i < to; i++ {
		b[i-from] = byte(lower(m.glyphs[i].r))
	}
	return seedWords[string(b[:to-from])]
}

// plainGap reports whether only digits, marks and spaces lie between two words.
func (m *marks) plainGap(from, to int) bool {
	if to-from > maxSeedGap {
		return false
	}
	for i := from; i < to; i++ {
		if r := m.at(i); r == wall || r >= 0x80 && !isMark(r) {
			return false
		}
	}
	return true
}
