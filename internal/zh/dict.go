package zh

import (
	"iter"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// dict maps words to words and finds the longest one that starts a text.
type dict struct {
	words   map[string]string
	lengths map[rune]uint64 // by first character: bit n is set when some word has n bytes
}

// maxWord is the longest word that fits into lengths, in bytes; a longer one is left out.
const maxWord = 63

// parseDict reads files of OpenCC's text format: a line "word<TAB>candidates",
// candidates separated by spaces, the first one preferred; empty lines and lines
// that start with # are comments. The earlier file wins where two have a word.
func parseDict(files ...string) *dict {
	size := 0
	for _, file := range files {
		size += strings.Count(file, "\n")
	}
	d := &dict{words: make(map[string]string, size), lengths: make(map[rune]uint64, size)}
	for _, file := range files {
		for word, candidates := range entries(file) {
			d.add(word, candidates[0])
		}
	}
	return d
}

// entries yields the lines of a dictionary: word and candidates, at least one.
func entries(file string) iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		for line := range strings.Lines(file) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			word, rest, _ := strings.Cut(line, "\t")
			if candidates := strings.Fields(rest); len(candidates) > 0 && !yield(word, candidates) {
				return
			}
		}
	}
}

// add keeps the first value that a word is given.
func (d *dict) add(word, value string) {
	if _, known := d.words[word]; known || len(word) > maxWord {
		return
	}
	d.words[word] = value
	first, _ := utf8.DecodeRuneInString(word)
	d.lengths[first] |= 1 << len(word)
}

// match returns the longest word that text starts with, as its value and its
// length in bytes; first is the first character of text.
func (d *dict) match(first rune, text string) (value string, n int) {
	for lengths := d.lengths[first]; lengths != 0; {
		n := bits.Len64(lengths) - 1
		lengths &^= 1 << n
		if n > len(text) {
			continue
		}
		if value, ok := d.words[text[:n]]; ok {
			return value, n
		}
	}
	return "", 0
}

// step is one pass over a text: at each place the first dictionary that knows a
// word there wins, whatever the others know (OpenCC's "short_circuit" group).
type step []*dict

// convert replaces the words of text and appends the result to out.
func (s step) convert(out *strings.Builder, text string) {
	for len(text) > 0 {
		first, size := utf8.DecodeRuneInString(text)
		value, n := s.match(first, text)
		if n == 0 {
			value, n = text[:size], size
		}
		out.WriteString(value)
		text = text[n:]
	}
}

func (s step) match(first rune, text string) (value string, n int) {
	for _, d := range s {
		if value, n = d.match(first, text); n > 0 {
			return value, n
		}
	}
	return "", 0
}

// chain converts as one of OpenCC's configurations does: the text is cut at the
// words of the segmentation dictionary, and the steps run over each segment, so
// that no word is found across a cut.
type chain struct {
	segmentation *dict // nil: do not cut
	steps        []step
}

func (c chain) convert(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	for text != "" {
		n := c.segment(text)
		c.convertSegment(&out, text[:n])
		text = text[n:]
	}
	return out.String()
}

func (c chain) convertSegment(out *strings.Builder, text string) {
	last := len(c.steps) - 1
	for _, s := range c.steps[:last] {
		var next strings.Builder
		s.convert(&next, text)
		text = next.String()
	}
	c.steps[last].convert(out, text)
}

// segment returns the length of the first segment of text: a word of the
// segmentation dictionary, or everything before the next such word.
func (c chain) segment(text string) int {
	if c.segmentation == nil {
		return len(text)
	}
	for i, first := range text {
		if _, n := c.segmentation.match(first, text[i:]); n > 0 {
			if i > 0 {
				return i
			}
			return n
		}
	}
	return len(text)
}
