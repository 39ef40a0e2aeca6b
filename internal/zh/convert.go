package zh

import (
	"iter"
	"strings"
)

// Marks around a part of our texts that no conversion may touch: a name, or a
// button label that must read as it does in the app.
const (
	markOpen  = "⟦"
	markClose = "⟧"
)

// Convert renders one of our texts, written in Traditional with Taiwan wording,
// for a locale. Parts between ⟦ and ⟧ are copied as they are and lose their marks.
// Simplified also gets “” and ‘’ for 「」 and 『』. Any locale but LocaleHans and
// LocaleHK leaves the text as written.
func Convert(text string, to Locale) string {
	return convertParts(text, to, false)
}

// Traditional renders somebody's Simplified text in the characters of a Traditional
// locale, word by word; wording and quotation marks stay. Several characters may hide
// behind one, most of all in names: a person has to look at the result.
func Traditional(text string, to Locale) string {
	if to == LocaleHK {
		return s2hk().convert(text)
	}
	return s2tw().convert(text)
}

// ConvertMarked is Convert with the marks kept, for checking the result with Lint.
func ConvertMarked(text string, to Locale) string {
	return convertParts(text, to, true)
}

func convertParts(text string, to Locale, keepMarks bool) string {
	if to.Script() == None {
		to = LocaleTW
	}
	var out strings.Builder
	for p := range parts(text) {
		switch {
		case !p.marked:
			out.WriteString(convertPart(p.text, to))
		case keepMarks:
			out.WriteString(markOpen + p.text + markClose)
		default:
			out.WriteString(p.text)
		}
	}
	return out.String()
}

var simplifiedQuotes = strings.NewReplacer("「", "“", "」", "”", "『", "‘", "』", "’")

func convertPart(text string, to Locale) string {
	switch to {
	case LocaleHans:
		return simplifiedQuotes.Replace(toHans().convert(text))
	case LocaleHK:
		return toHK().convert(text)
	}
	return text
}

// part is a stretch of a text, between marks or outside of them.
type part struct {
	text   string
	marked bool
}

var dropMarks = strings.NewReplacer(markOpen, "", markClose, "")

// parts cuts a text at its marks. A mark without its partner is dropped.
func parts(text string) iter.Seq[part] {
	return func(yield func(part) bool) {
		for {
			before, after, _ := strings.Cut(text, markOpen)
			label, rest, closed := strings.Cut(after, markClose)
			if !closed {
				yield(part{text: dropMarks.Replace(text)})
				return
			}
			if !yield(part{text: dropMarks.Replace(before)}) || !yield(part{text: dropMarks.Replace(label), marked: true}) {
				return
			}
			text = rest
		}
	}
}
