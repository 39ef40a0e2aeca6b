package linear

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"verihelp/internal/zh"
)

// Options say what the classifier looks at and how it is trained. They are part of
// a model, so that a trained model reads messages as it was taught.
type Options struct {
	Chars    int     // longest run of characters, 0 for none; a Latin word is one character
	Sounds   int     // longest run of pinyin syllables, 0 for none
	Skips    int     // how far apart two characters may stand to count as a pair, 0 for none
	Marks    bool    // runs may include the beginning and the end of a sentence
	Negation bool    // what a clause denies ("不是相機的問題") counts apart from what is said
	Concepts bool    // words of the lexicon count as what they mean
	Rarity   bool    // rare features may weigh more than common ones
	Least    int     // how many examples must have a feature for it to count
	Cost     float64 // what an error costs against large weights: the C of a support vector machine
}

// Default is what measures best. Accuracy in % when trained on our examples (27,000 then) and
// measured on testdata/messages/dev.jsonl, and on MASSIVE zh-CN (train → dev), as
// BenchmarkAblation prints them; differences under half a point are noise:
//
//	                              own   MASSIVE  µs a message
//	default                       99.1  83.6     35
//	without characters            98.7  82.3     27
//	without syllables             99.1  83.6     31
//	without distant pairs         99.0  83.3     22
//	without sentence marks        99.1  82.9     36
//	without negation              98.7  83.6     33
//	without concepts              98.5  83.5     29
//	without rarity                99.0  83.4     32
//	characters up to 3            98.7  83.5     40
//	features of single examples   99.0  83.7     38
//
// Syllables and distant pairs earn their place on writers that training has not seen:
// there the pairs are worth a point on roundabout messages.
func Default() Options {
	return Options{Chars: 2, Sounds: 2, Skips: 4, Marks: true, Negation: true, Concepts: true, Rarity: true, Least: 2, Cost: 1}
}

// maxUnits bounds the characters of one message that are looked at, half from its
// beginning and half from its end, where people say what they want.
const maxUnits = 1000

// Kinds keep apart features that would be the same number otherwise.
const (
	kindChars uint32 = iota + 1
	kindSounds
	kindConcepts
	kindSkips
)

const (
	mark   uint32 = 1          // the beginning or the end of a sentence
	denial uint32 = 0x9e3779b9 // makes a denied character another one
)

// features holds the features of one message and the room to find the next one's.
type features struct {
	units    []uint32  // one a character
	sounds   []uint32  // one a syllable
	concepts []uint32  // one a word of the lexicon
	denied   []zh.Span // bytes of the folded text that are denied
	keys     []uint32  // the features: sorted, each once

	texts map[uint32]string // what each symbol stands for; nil unless wanted
}

// Features returns what the classifier looks at in a text, with the default options:
// numbers that stand for features, sorted, each once.
func Features(text string) []uint32 {
	var f features
	f.read(text, Default())
	return f.keys
}

// read finds the features of a message.
func (f *features) read(text string, o Options) {
	f.units, f.sounds, f.concepts, f.keys = f.units[:0], f.sounds[:0], f.concepts[:0], f.keys[:0]
	folded := zh.Fold(text)
	f.denied = nil
	if o.Negation {
		f.denied = zh.Denied(folded)
	}
	f.scan(folded, o.Marks)
	f.units, f.sounds = bounded(f.units), bounded(f.sounds)
	f.keys = grams(f.keys, f.units, o.Chars, kindChars)
	f.keys = grams(f.keys, f.sounds, o.Sounds, kindSounds)
	f.keys = skips(f.keys, f.units, o.Skips)
	if o.Concepts {
		f.concepts = bounded(concepts(f.concepts, folded, f.denied))
		f.keys = grams(f.keys, f.concepts, 1, kindConcepts)
	}
	slices.Sort(f.keys)
	f.keys = slices.Compact(f.keys)
}

// bounded leaves out the middle of what is too long. The argument is used up.
func bounded(symbols []uint32) []uint32 {
	if over := len(symbols) - maxUnits; over > 0 {
		return slices.Delete(symbols, maxUnits/2, maxUnits/2+over)
	}
	return symbols
}

// scan takes a folded text apart into characters and syllables.
func (f *features) scan(text string, marks bool) {
	f.boundary(marks)
	next, units, sounds := 0, 0, 0
	for i := 0; i < len(text); {
		if next < len(f.denied) {
			switch i {
			case f.denied[next].From:
				units, sounds = len(f.units), len(f.sounds)
			case f.denied[next].To:
				f.deny(units, sounds)
				next++
			}
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case isLetter(r):
			end := i + runLength(text[i:], isLetter)
			f.word(text[i:end])
			i = end
			continue
		case isDigit(r):
			f.both(hash(uint32(r)), text[i:i+size])
		case r == ' ': // people put spaces anywhere
		case r < utf8.RuneSelf, isPunctuation(r):
			f.boundary(marks)
		default:
			f.units = append(f.units, f.named(hash(uint32(r)), text[i:i+size]))
			f.sounds = append(f.sounds, f.named(soundOf(r), text[i:i+size]))
		}
		i += size
	}
	if next < len(f.denied) {
		f.deny(units, sounds)
	}
	f.boundary(marks)
}

// deny makes the characters and syllables from two places on others than those that
// are said.
func (f *features) deny(units, sounds int) {
	for _, symbols := range [][]uint32{f.units[units:], f.sounds[sounds:]} {
		for i, s := range symbols {
			if s != mark {
				symbols[i] = f.named(hash(s^denial), "¬"+f.texts[s])
			}
		}
	}
}

// named remembers what a symbol stands for, where that is wanted.
func (f *features) named(symbol uint32, text string) uint32 {
	if f.texts != nil {
		f.texts[symbol] = text
	}
	return symbol
}

// word adds a Latin word: one character, and the syllables it spells if it is
// pinyin.
func (f *features) word(word string) {
	f.units = append(f.units, f.named(hashString(word), word))
	if spelled, ok := spell(f.sounds, word); ok {
		f.sounds = spelled
	} else {
		f.sounds = append(f.sounds, hashString(word))
	}
}

func (f *features) both(unit uint32, text string) {
	f.named(unit, text)
	f.units = append(f.units, unit)
	f.sounds = append(f.sounds, unit)
}

// boundary ends a sentence, unless one has just ended.
func (f *features) boundary(marks bool) {
	if n := len(f.units); marks && (n == 0 || f.units[n-1] != mark) {
		f.both(mark, "|")
	}
}

// grams appends every run of up to longest symbols as a feature. A mark alone says
// nothing.
func grams(out, symbols []uint32, longest int, kind uint32) []uint32 {
	for i := range symbols {
		key := kind
		for n, symbol := range symbols[i:min(i+longest, len(symbols))] {
			key = hash(key ^ symbol)
			if n > 0 || symbol != mark {
				out = append(out, key)
			}
		}
	}
	return out
}

// skips appends pairs of characters with up to farthest-1 others between them.
func skips(out, symbols []uint32, farthest int) []uint32 {
	for i, first := range symbols {
		for j := i + 2; j <= i+farthest && j < len(symbols); j++ {
			if symbols[j-1] == mark || symbols[j] == mark || first == mark {
				break
			}
			out = append(out, skipKey(first, symbols[j]))
		}
	}
	return out
}

func skipKey(first, second uint32) uint32 { return hash(hash(kindSkips^first) ^ second) }

// hash spreads a number over 32 bits (the finaliser of MurmurHash3). Two features
// that meet share a weight; among some ten thousand that hardly happens.
func hash(x uint32) uint32 {
	x ^= x >> 16
	x *= 0x85ebca6b
	x ^= x >> 13
	x *= 0xc2b2ae35
	return x ^ x>>16
}

// hashString is FNV-1a.
func hashString(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' }

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isPunctuation asks the Unicode tables only about characters that can be.
func isPunctuation(r rune) bool {
	return (r < 0x3400 || r > 0x9fff) && unicode.IsPunct(r)
}

func runLength(text string, in func(rune) bool) int {
	n := 0
	for n < len(text) && in(rune(text[n])) {
		n++
	}
	return n
}
