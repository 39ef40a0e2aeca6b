package redact

import (
	_ "embed"
	"strings"
)

//go:embed bip39/english.txt
var englishWords string

// seedWords numbers the English word list of BIP-39; longest word: 8 letters.
var seedWords = func() map[string]uint16 {
	set := make(map[string]uint16, 2048)
	for i, w := range strings.Fields(englishWords) {
		set[w] = uint16(i)
	}
	return set
}()

// proseWords are words of the list that carry a sentence. A phrase of 12 has four of
// them once in five hundred, a row of list words in a sentence nearly always.
var proseWords = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`about above again all almost already also another any around because
		become before below between both can come day during each either else enough every few find first
		from give good have hello help into just keep kind know later like long many more most much must
		never need next now off often only open other out over own people please put same say should since
		some still such step tell than that their them then there they thing this three time today together true two
		under until up upon use very wait want way what when where will wish with work wrong year you`) {
		if _, listed := seedWords[w]; listed {
			set[w] = true
		}
	}
	return set
}()

// wordLabels number the words of a phrase: "word 3: ", "No. 3 ".
var wordLabels = map[string]bool{"word": true, "words": true, "no": true, "num": true, "number": true, "line": true, "row": true}

const (
	maxSeedWord = 8
	// minPart is how many list words are a part of a phrase, if numbered or announced.
	minPart = 8
	// minLedPart is the same for words that stand right after "助記詞".
	minLedPart = 6
	// minTypoRun is how many words a phrase must have for each typo.
	minTypoRun = 11
	// minStretch is how many list words must follow a mistyped one.
	minStretch = 3
	// maxSeedGap is the longest stretch between two words: "\n第十二個單詞：".
	maxSeedGap = 20
)

// word is a run of letters, whether the list has it, and what stands before it.
type word struct {
	from, to             int
	number               uint16
	known, prose, listed bool // listed: numbered, or on a line of its own
	comma                bool
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
		i = to
		if m.isWordLabel(from, to) {
			continue
		}
		if len(row) > 0 && !m.plainGap(row[len(row)-1].to, from) {
			m.takePhrases(row)
			row = row[:0]
		}
		row = append(row, m.readWord(row, from, to))
	}
	m.takePhrases(row)
}

func (m *marks) readWord(row []word, from, to int) word {
	w := word{from: from, to: to}
	w.number, w.known = m.seedWord(from, to)
	w.prose = w.known && proseWords[m.lowerText(from, to)]
	start := max(0, from-maxSeedGap)
	if len(row) > 0 {
		start = max(start, row[len(row)-1].to)
	}
	for i := from - 1; i >= start && !isLetter(m.at(i)) && m.at(i) < 0x2e80; i-- {
		switch r := m.at(i); {
		case isDigit(r) || r == '#' || r == '\n':
			w.listed = true
		case r == ',' || r == ';' || r == '|' || r == '/':
			w.comma = true
		}
	}
	return w
}

// isWordLabel reports whether the letters only number what follows, as in "word3:".
func (m *marks) isWordLabel(from, to int) bool {
	if to-from > maxSeedWord || !wordLabels[m.lowerText(from, to)] {
		return false
	}
	for i := to; i < to+3; i++ {
		if r := m.at(i); isDigit(r) {
			return true
		} else if r != ' ' && r != '.' && r != '#' {
			return false
		}
	}
	return false
}

// takePhrases marks the phrases in a row of words.
func (m *marks) takePhrases(row []word) {
	for i := 0; i < len(row); i++ {
		end := knownUntil(row, i)
		long, exact := typosUntil(row, i, end), exactUntil(row, i)
		for _, to := range []int{max(long, exact), min(long, exact), end} {
			if to > i && to >= end && m.isPhrase(row, i, to) {
				to = knownUntil(row, to)
				m.take(row[i].from, row[to-1].to, SeedPhrase)
				end = to
				break
			}
		}
		i = max(i, end-1)
	}
}

// typosUntil goes on past single words that are not in the list, from the end of a
// stretch that begins at i. It looks as far as two phrases go.
func typosUntil(row []word, i, end int) int {
	for end-i < 2*maxPhrase {
		next := knownUntil(row, end+1)
		if next < end+1+minStretch {
			break
		}
		end = next
	}
	return end
}

// exactUntil gives the end of the words from i on that have the number of a phrase
// and no more typos than one may make: the first or last word may be one.
func exactUntil(row []word, i int) int {
	best, typos := 0, 0
	for n := 1; n <= maxPhrase && i+n <= len(row); n++ {
		typos += count(!row[i+n-1].known)
		if isPhraseSize(n) && typos > 0 && typos*minTypoRun <= n {
			best = i + n
		}
	}
	return best
}

// isPhrase judges the words i…end-1 of a row. Twelve list words in a row are one,
// unless they read like a sentence; fewer must be numbered or announced.
func (m *marks) isPhrase(row []word, i, end int) bool {
	words := row[i:end]
	if len(words) < minLedPart {
		return false
	}
	prose, listed, commas, typos := 0, 0, 0, 0
	seen := map[uint16]bool{}
	for k, w := range words {
		if w.known {
			seen[w.number] = true
		}
		prose += count(w.prose)
		typos += count(!w.known)
		listed += count(w.listed)
		commas += count(w.comma && k > 0)
	}
	n := len(words)
	alone := end == len(row) && i == 0
	isList := 2*listed > n
	announced := m.announcedAt(words[0].from, words[n-1].to)
	repeated := n - typos - len(seen)
	switch sentence := 4*prose > n || repeated > n/10; {
	case typos*minTypoRun > n:
		return false
	case typos > 0:
		return !sentence && (isList || announced || alone && n >= minPhrase)
	case isList:
		return n >= minPart
	case sentence:
		return n >= minPhrase && (commas >= n-2 || hasChecksum(words, announced, 2*prose > n))
	case n >= minPhrase:
		return true
	}
	return announced && (n >= minPart || m.ledAt(words[0].from) && 6*prose <= n)
}

// hasChecksum verifies words that read like a sentence: as a whole, and after an
// announcement also their beginning.
func hasChecksum(words []word, announced, surely bool) bool {
	numbers := make([]uint16, 0, maxPhrase)
	for _, w := range words[:min(len(words), maxPhrase)] {
		numbers = append(numbers, w.number)
	}
	for _, size := range phraseSizes {
		if size <= len(numbers) && (announced || size == len(words) && !surely) && validPhrase(numbers[:size]) {
			return true
		}
	}
	return false
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// How far from a phrase the word that announces it may stand.
const (
	cueBefore = 60
	cueAfter  = 24
	cueRight  = 14
)

// announcedAt reports whether a word for a phrase stands near glyphs from…to-1.
func (m *marks) announcedAt(from, to int) bool {
	for i := from - cueBefore; i < from; i++ {
		if m.wordAt(i, seedCues) > 0 {
			return true
		}
	}
	for i := to; i < to+cueAfter; i++ {
		if m.wordAt(i, seedCues) > 0 {
			return true
		}
	}
	return false
}

// ledAt reports whether a word for a phrase stands right before a place.
func (m *marks) ledAt(from int) bool {
	for i := from - 1; i >= from-cueRight && m.at(i) != wall; i-- {
		if m.wordAt(i, seedCues) > 0 {
			return true
		}
	}
	return false
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
	_, known := m.seedWord(from, to)
	return known
}

// seedWord gives the number of a word of the list.
func (m *marks) seedWord(from, to int) (number uint16, known bool) {
	if to-from > maxSeedWord {
		return 0, false
	}
	var b [maxSeedWord]byte
	for i := from; i < to; i++ {
		b[i-from] = byte(lower(m.glyphs[i].r))
	}
	number, known = seedWords[string(b[:to-from])]
	return number, known
}

// lowerText gives the letters from…to-1 in lower case.
func (m *marks) lowerText(from, to int) string {
	b := make([]byte, 0, maxSeedWord)
	for i := from; i < to; i++ {
		b = append(b, byte(lower(m.glyphs[i].r)))
	}
	return string(b)
}

// counting are the characters of "前面6個是" and "第十二個單詞：".
var counting = func() map[rune]bool {
	set := map[rune]bool{}
	for _, r := range "第个個行词詞字号號位组組列排段句单單前后後面上下半边邊左右头頭尾中是为為係叫零一二三四五六七八九十两兩廿和跟还還有再然剩余餘最分别別接着著" {
		set[r] = true
	}
	return set
}()

// plainGap reports whether only digits, marks, spaces and words that count lie
// between two words of a phrase.
func (m *marks) plainGap(from, to int) bool {
	if to-from > maxSeedGap {
		return false
	}
	for i := from; i < to; i++ {
		if r := m.at(i); r == wall || r >= 0x80 && !isMark(r) && !counting[r] {
			return false
		}
	}
	return true
}
