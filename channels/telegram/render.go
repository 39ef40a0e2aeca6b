package telegram

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"

	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// maxText is the length of a message. Telegram counts UTF-16 code units, of which
// a rare character (𠮷) has two.
const maxText = 4096

// line is a paragraph of a message. Style applies to all of it. Texts go without
// a parse mode: no text can be mistaken for markup.
type line struct {
	text  string
	style models.MessageEntityType
	url   string
}

// linesOf is what an item says.
func linesOf(item chat.Item) []line {
	if item.Reply == nil {
		lines := paragraphs(nil, item.Text)
		if agent := strings.TrimSpace(item.Agent); agent != "" {
			lines = append([]line{{text: agent, style: models.MessageEntityTypeBold}}, lines...)
		}
		return lines
	}
	var lines []line
	for _, bubble := range item.Reply.Bubbles {
		if len(lines) > 0 {
			lines = append(lines, line{})
		}
		for _, block := range bubble.Blocks {
			lines = blockLines(lines, block)
		}
	}
	return lines
}

func blockLines(lines []line, b chat.Block) []line {
	switch b.Kind {
	case chat.Steps:
		for i, item := range b.Items {
			lines = paragraphs(lines, strconv.Itoa(i+1)+". "+item)
		}
	case chat.List:
		for _, item := range b.Items {
			lines = paragraphs(lines, "・"+item)
		}
	case chat.Source:
		source := line{text: b.Text, style: models.MessageEntityTypeItalic}
		if b.URL != "" {
			source.style, source.url = models.MessageEntityTypeTextLink, b.URL
		}
		lines = append(lines, source)
	default:
		lines = paragraphs(lines, b.Text)
	}
	return lines
}

func paragraphs(lines []line, text string) []line {
	for p := range strings.SplitSeq(text, "\n") {
		lines = append(lines, line{text: p})
	}
	return lines
}

// pack joins lines into as few messages as they fit into, each of at most room
// units. A line that is too long for any is cut at the end of a sentence.
func pack(lines []line, room int) []outgoing {
	var done []outgoing
	var open builder
	for _, l := range lines {
		for !open.fits(l, room) {
			if left := open.left(room); left > room/2 && longer(l.text, room) {
				var head string
				head, l.text = cut(l.text, left)
				open.add(line{text: head})
			}
			if !open.empty() {
				done = append(done, open.message())
			}
			open = builder{}
		}
		open.add(l)
	}
	if !open.empty() {
		done = append(done, open.message())
	}
	return done
}

// builder joins lines to a message and counts its units.
type builder struct {
	text     strings.Builder
	units    int
	entities []models.MessageEntity
}

func (b *builder) empty() bool { return b.units == 0 }

// left is how many units a further line may have.
func (b *builder) left(room int) int {
	if b.empty() {
		return room
	}
	return room - b.units - 1
}

func (b *builder) fits(l line, room int) bool { return !longer(l.text, b.left(room)) }

// add drops the space around a style, and what Telegram would drop at the beginning of a message, since it would
// move the entities.
func (b *builder) add(l line) {
	if l.style != "" {
		l.text = strings.TrimSpace(l.text)
	}
	if b.empty() {
		l.text = strings.TrimLeftFunc(l.text, unicode.IsSpace)
		if l.text == "" {
			return
		}
	} else {
		b.text.WriteByte('\n')
		b.units++
	}
	length := units(l.text)
	if l.style != "" && length > 0 {
		b.entities = append(b.entities, models.MessageEntity{Type: l.style, Offset: b.units, Length: length, URL: l.url})
	}
	b.text.WriteString(l.text)
	b.units += length
}

func (b *builder) message() outgoing {
	return outgoing{text: strings.TrimRightFunc(b.text.String(), unicode.IsSpace), entities: b.entities}
}

// units is the length of a text in UTF-16 code units.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// longer says that a text has more units than room; it reads no further than that.
func longer(text string, room int) bool {
	for _, r := range text {
		if room -= max(utf16.RuneLen(r), 1); room < 0 {
			return true
		}
	}
	return room < 0
}

// cut divides a text whose beginning must have at most room units: after the last
// sentence or space in its second half, else between two characters.
func cut(text string, room int) (head, rest string) {
	used, end, sentence, last := 0, 0, 0, 0
	for i, r := range text {
		if last = i; used > 0 && !joins(r) {
			end = i
		}
		if used += max(utf16.RuneLen(r), 1); used > room {
			break
		}
		if used > room/2 && (strings.ContainsRune("。！？!?；;", r) || unicode.IsSpace(r)) {
			sentence = i + len(string(r))
		}
	}
	switch {
	case sentence > 0:
		end = sentence
	case end == 0: // nothing but what belongs together
		end = last
	}
	return text[:end], text[end:]
}

// joins says that a character belongs to the one before it.
func joins(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me) || r == '\u200D' || r >= 0x1F3FB && r <= 0x1F3FF // modifiers of skin
}

// messagesOf are the messages that show an item's words, the choices under the
// last one.
func messagesOf(item chat.Item, lang zh.Locale) []outgoing {
	choices := choicesOf(item)
	room := maxText - numberRoom - units(numbered(choices, lang))
	messages := pack(linesOf(item), room)
	if len(messages) == 0 && len(choices) > 0 {
		messages = []outgoing{{text: words("choices.pick", lang)}}
	}
	if n := len(messages); n > 1 {
		for i := range messages {
			messages[i].text += fmt.Sprintf("\n（%d/%d）", i+1, n)
		}
	}
	if len(choices) > 0 {
		messages[len(messages)-1].buttons = buttonsOf(item.Seq, choices)
	}
	return messages
}

// numberRoom is left for the number of a part.
const numberRoom = 16

func choicesOf(item chat.Item) []chat.Choice {
	if item.Reply == nil {
		return nil
	}
	return item.Reply.Choices
}

// buttonsOf shows choices two a row.
func buttonsOf(seq int64, choices []chat.Choice) [][]button {
	var rows [][]button
	for i, choice := range choices {
		b := button{Text: shortened(choice.Label), Data: dataOf(seq, i, choice)}
		if i%2 == 0 {
			rows = append(rows, []button{b})
			continue
		}
		rows[i/2] = append(rows[i/2], b)
	}
	return rows
}

// maxLabel is the length of a button's text, in characters.
const maxLabel = 60

func shortened(label string) string {
	if chars := []rune(label); len(chars) > maxLabel {
		return string(chars[:maxLabel-1]) + "…"
	}
	return label
}

// numbered is what stands instead of buttons where Telegram refuses them.
func numbered(choices []chat.Choice, lang zh.Locale) string {
	if len(choices) == 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString("\n\n")
	for i, choice := range choices {
		fmt.Fprintf(&out, "%d. %s\n", i+1, choice.Label)
	}
	out.WriteString(words("choices.number", lang))
	return out.String()
}
