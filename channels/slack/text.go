package slack

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// Slack's limits, in characters. Over all blocks of a message there is a hidden
// one of about 13,200.
const (
	maxHeader = 150
	maxLine   = 600  // of one line of the card
	maxPiece  = 3000 // of one text element
	maxPost   = 9000 // of all texts of one message
	maxNotice = 150  // of what a notification shows
)

// clean drops what could make a text look like something else: control
// characters, direction marks, invisible spaces.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == utf8.RuneError,
			r >= 0x200B && r <= 0x200F && r != 0x200D, // 0x200D joins emoji
			r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069, r == 0xFEFF, r == 0x061C:
			return -1
		}
		return r
	}, text)
}

// short cuts a text to so many characters.
func short(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	return string(runes[:limit-1]) + "…"
}

// split cuts a text into pieces of at most limit characters, at a line break where
// one is near.
func split(text string, limit int) []string {
	var pieces []string
	for runes := []rune(text); ; {
		if len(runes) <= limit {
			return append(pieces, string(runes))
		}
		cut := limit
		for i := limit; i > limit/2; i-- {
			if runes[i-1] == '\n' {
				cut = i
				break
			}
		}
		pieces = append(pieces, string(runes[:cut]))
		runes = runes[cut:]
	}
}

// plain is a plain_text object, which is never parsed.
func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// rich is a message of plain texts under bold headings: nothing in it is parsed.
type rich struct {
	elements []slack.RichTextSectionElement
}

func (r *rich) bold(text string) *rich {
	return r.add(slack.NewRichTextSectionTextElement(text, &slack.RichTextSectionTextStyle{Bold: true}))
}

func (r *rich) text(text string) *rich {
	if text = clean(text); text == "" {
		return r
	}
	return r.add(slack.NewRichTextSectionTextElement(text, nil))
}

// person names an agent: as a mention if it is somebody in Slack.
func (r *rich) person(id, name string) *rich {
	if isUser(id) {
		return r.add(slack.NewRichTextSectionUserElement(id, nil))
	}
	return r.text(name)
}

func (r *rich) add(e slack.RichTextSectionElement) *rich {
	r.elements = append(r.elements, e)
	return r
}

func (r *rich) block() slack.Block {
	return slack.NewRichTextBlock("", slack.NewRichTextSection(r.elements...))
}

// isUser says whether an agent's ID is a user ID of Slack.
func isUser(id string) bool {
	return len(id) >= 9 && len(id) <= 20 && (id[0] == 'U' || id[0] == 'W') && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}
