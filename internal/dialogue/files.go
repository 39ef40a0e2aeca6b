package dialogue

import (
	"slices"

	"verihelp/intents"
	"verihelp/internal/chat"
)

// What is said about attachments: the bot cannot see them and says so. While a
// case is open they go to the staff, and the user is told once what belongs into
// the official form instead.

// onlyFile: an attachment without words, and nobody who could look at it.
func (t *turn) onlyFile() bool {
	return len(t.msg.Files) > 0 && t.choice == "" && t.wordless()
}

func (t *turn) askForScreensWords() { t.declineAs(screenshot) }

// screenshot is the kind of outside message that asks to look at a picture.
const screenshot = "screenshot"

// noteFiles says what becomes of attachments, beside whatever else is said.
func (t *turn) noteFiles() {
	switch {
	case len(t.msg.Files) == 0 || t.cancel || t.blocked() || t.inDanger():
	case t.conv.Case != nil:
		t.noteFilesOfCase()
	default:
		outside, _ := t.e.Catalog.Get("out_of_scope")
		t.sayFirst(outside.Texts[screenshot])
	}
}

func (t *turn) noteFilesOfCase() {
	c := t.conv.Case
	cat, known := t.e.Catalog.Get(c.Category)
	missing := slices.ContainsFunc(t.msg.Files, func(f chat.File) bool { return f.ID == "" })
	taken := known && cat.Files.Taken()
	key := "file.warned"
	switch {
	case missing && taken: // it came before the case did
		key = "file.again"
	case missing:
		key = "file.refused"
	case !taken || cat.Files == intents.FilesAllowed || t.mem.FilesWarned == c.ID:
		return
	}
	t.sayBlocks(joinBlocks([]chat.Block{{Kind: chat.Paragraph, Text: t.phrase(key)}}, t.e.neverSend(cat)))
	if taken {
		t.mem.FilesWarned = c.ID
	}
	if c.State == chat.CaseWaiting && len(t.choices) == 0 {
		t.offer(chat.ChoiceCancel)
	}
}

// neverSend is what a category says against sending documents, or what is said
// to everybody who asks for a person.
func (e *Engine) neverSend(cat *intents.Category) []chat.Block {
	if cat != nil && len(cat.Texts["never_send"]) > 0 {
		return cat.Texts["never_send"]
	}
	human, _ := e.Catalog.Get("talk.human")
	return human.Texts["never_send"]
}
