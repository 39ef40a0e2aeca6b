package telegram

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"

	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// shownNowhere is the note of an item that was blank before it was shown.
const shownNowhere = "none"

// change makes the messages that show an item of staff's read as they want it now,
// or takes them back. Attachments that had not arrived yet follow. The receipt names
// the messages that show it from now on.
func (c *Channel) change(ctx context.Context, who chat.Address, chatID int64, item chat.Item, lang zh.Locale) (receipt string, err error) {
	note, _, err := c.notes.get(ctx, sentNote(chatID, item.Edits))
	if err != nil || isBlank(item) { // a later change says what it reads
		return note, err
	}
	texts, files := shownBy(note)
	if item.Gone {
		return note, c.takeBack(ctx, chatID, note, lang)
	}
	var messages []outgoing
	if strings.TrimSpace(item.Text) != "" {
		messages = messagesOf(item, lang)
	}
	var ids []string
	for i, m := range messages {
		var id int64
		switch {
		case note == shownNowhere:
			id, err = c.sendPlainly(ctx, chatID, m, m.text)
		case i < len(texts):
			id, err = c.rewrite(ctx, chatID, texts[i], m, lang)
		default:
			id, err = c.correct(ctx, chatID, m, lang)
		}
		if err != nil {
			return "", err
		}
		ids = append(ids, idText(id))
	}
	for _, id := range texts[min(len(messages), len(texts)):] { // the new text is shorter
		if err := c.hide(ctx, chatID, id, lang); err != nil {
			return "", err
		}
	}
	for _, id := range files {
		ids = append(ids, "f"+idText(id))
	}
	for _, file := range item.Files[min(len(files), len(item.Files)):] {
		if err := c.notes.set(ctx, sentNote(chatID, item.Edits), strings.Join(ids, ",")); err != nil { // what is there is not sent again
			return "", err
		}
		id, err := c.sendFile(ctx, who, chatID, part{item: item, file: &file}, lang)
		if err != nil {
			return "", err
		}
		ids = append(ids, id)
	}
	receipt = strings.Join(ids, ",")
	return receipt, c.notes.set(ctx, sentNote(chatID, item.Edits), receipt)
}

// shownBy reads the note of an item's messages.
func shownBy(note string) (texts, files []int64) {
	for text := range strings.SplitSeq(note, ",") {
		digits, isFile := strings.CutPrefix(text, "f")
		id, err := strconv.ParseInt(digits, 10, 64)
		switch {
		case err != nil: // no note
		case isFile:
			files = append(files, id)
		default:
			texts = append(texts, id)
		}
	}
	return texts, files
}

// rewrite gives a message another text, or sends it anew where that is not possible
// any more.
func (c *Channel) rewrite(ctx context.Context, chatID, id int64, m outgoing, lang zh.Locale) (int64, error) {
	var bad *badRequest
	if err := c.api.edit(ctx, chatID, id, m); !errors.As(err, &bad) {
		return id, err
	}
	return c.correct(ctx, chatID, m, lang)
}

// correct sends a message as a correction of what was sent before.
func (c *Channel) correct(ctx context.Context, chatID int64, m outgoing, lang zh.Locale) (int64, error) {
	mark := line{text: words("staff.edited", lang), style: models.MessageEntityTypeItalic}
	note := pack([]line{mark}, maxText)[0]
	shift := units(note.text) + 1
	for _, e := range m.entities {
		e.Offset += shift
		note.entities = append(note.entities, e)
	}
	note.text += "\n" + m.text
	return c.sendPlainly(ctx, chatID, note, note.text)
}

// takeBack removes an item's messages, and says so where they cannot be found.
func (c *Channel) takeBack(ctx context.Context, chatID int64, note string, lang zh.Locale) error {
	texts, files := shownBy(note)
	if note == "" {
		_, err := c.api.send(ctx, chatID, outgoing{text: words("staff.gone", lang)})
		return err
	}
	for _, id := range append(texts, files...) {
		if err := c.hide(ctx, chatID, id, lang); err != nil {
			return err
		}
	}
	return nil
}

// hide deletes a message, or its words once it is too old for that (48 hours). A
// file that is too old stays.
func (c *Channel) hide(ctx context.Context, chatID, id int64, lang zh.Locale) error {
	var bad *badRequest
	err := c.api.remove(ctx, chatID, id)
	if !errors.As(err, &bad) {
		return err
	}
	if err = c.api.edit(ctx, chatID, id, outgoing{text: words("staff.gone", lang)}); errors.As(err, &bad) {
		return nil
	}
	return err
}
