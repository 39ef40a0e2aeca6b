package linear

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"verihelp/internal/zh"
)

//go:embed lexicon.txt
var lexiconText string

// longestWord is how many characters a word of the lexicon may have that does not
// consist of Latin letters and digits.
const longestWord = 8

// lexicon holds the concept of each word, folded.
var lexicon = sync.OnceValue(func() map[string]uint32 {
	words := map[string]uint32{}
	for line := range strings.Lines(lexiconText) {
		name, list, isConcept := strings.Cut(line, ":")
		if !isConcept || strings.HasPrefix(line, "#") {
			continue
		}
		for word := range strings.FieldsSeq(list) {
			words[zh.Fold(word)] = hashString(name)
		}
	}
	return words
})

// conceptNames gives the name of each concept.
func conceptNames() map[uint32]string {
	names := map[uint32]string{}
	for line := range strings.Lines(lexiconText) {
		if name, _, isConcept := strings.Cut(line, ":"); isConcept && !strings.HasPrefix(line, "#") {
			names[hashString(name)] = name
		}
	}
	return names
}

// concepts appends the concept of each word of the lexicon that a folded text holds,
// the longest word at each place. Latin words count whole only: "cam" is not in
// "became".
func concepts(out []uint32, text string, denied []zh.Span) []uint32 {
	words := lexicon()
	for i := 0; i < len(text); {
		for len(denied) > 0 && i >= denied[0].To {
			denied = denied[1:]
		}
		if len(denied) > 0 && i >= denied[0].From {
			i = denied[0].To
			continue
		}
		if n := runLength(text[i:], isWord); n > 0 {
			if concept, ok := words[text[i:i+n]]; ok {
				out = append(out, concept)
			}
			i += n
			continue
		}
		concept, size := longest(words, text[i:])
		if concept != 0 {
			out = append(out, concept)
		}
		i += size
	}
	return out
}

// longest finds the longest word at the beginning of a text, and without one takes a
// single character.
func longest(words map[string]uint32, text string) (concept uint32, size int) {
	_, size = utf8.DecodeRuneInString(text)
	end := 0
	for range longestWord {
		_, n := utf8.DecodeRuneInString(text[end:])
		end += n
		if found, ok := words[text[:end]]; ok {
			concept, size = found, end
		}
	}
	return concept, size
}

func isWord(r rune) bool { return isLetter(r) || isDigit(r) }
