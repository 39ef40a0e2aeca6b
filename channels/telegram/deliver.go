package telegram

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"verihelp/channels"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// part is what one receipt stands for: a message, a file, or the change of
// messages that were sent before. The parts of a delivery are the same each time.
type part struct {
	item    chat.Item
	message *outgoing  // words
	plain   string     // the same without buttons and styles
	file    *chat.File // a file of staff's
	caption string
}

// partsOf are the parts of a delivery.
func partsOf(items []chat.Item, lang zh.Locale) []part {
	var parts []part
	for _, item := range items {
		switch {
		case item.Kind == chat.FromUser:
		case item.Edits > 0:
			parts = append(parts, part{item: item})
		default:
			parts = append(parts, itemParts(item, lang)...)
		}
	}
	return parts
}

func itemParts(item chat.Item, lang zh.Locale) []part {
	if item.Reply != nil && item.Reply.Lang != "" {
		lang = zh.Locale(item.Reply.Lang)
	}
	var parts []part
	caption := item.Agent
	if item.Reply != nil || strings.TrimSpace(item.Text) != "" {
		caption = ""
		for _, m := range messagesOf(item, lang) {
			p := part{item: item, message: &m, plain: m.text}
			if m.buttons != nil {
				p.plain += numbered(choicesOf(item), lang)
			}
			parts = append(parts, p)
		}
	}
	for _, file := range item.Files {
		parts = append(parts, part{item: item, file: &file, caption: caption})
	}
	return parts
}

// Deliver implements channels.Remote: step 6 of a message's way.
func (c *Channel) Deliver(ctx context.Context, d channels.Delivery) ([]string, error) {
	receipts := slices.Clone(d.Receipts)
	chatID, err := chatOf(d.Address)
	if err != nil {
		return receipts, err
	}
	lang := c.langOf(ctx, d.Address)
	if err := c.noteBlank(ctx, chatID, d.Items); err != nil {
		return receipts, err
	}
	parts := partsOf(d.Items, lang)
	for len(receipts) < len(parts) {
		receipt, err := c.deliverPart(ctx, d.Address, chatID, parts[len(receipts)], lang)
		if err != nil {
			return receipts, fmt.Errorf("deliver part %d of %d: %w", len(receipts)+1, len(parts), err)
		}
		receipts = append(receipts, receipt)
		c.noteSent(ctx, chatID, parts, receipts)
	}
	c.delivered(ctx, d, chatID, parts, receipts)
	return receipts, nil
}

// isBlank says that staff put other words in the place of an item, or took it back:
// nothing is left to show.
func isBlank(item chat.Item) bool {
	return item.Kind == chat.FromStaff && !item.Gone && strings.TrimSpace(item.Text) == "" && len(item.Files) == 0
}

// noteBlank notes of items that are blank before anything of them was shown that
// they never will be.
func (c *Channel) noteBlank(ctx context.Context, chatID int64, items []chat.Item) error {
	for _, item := range items {
		if !isBlank(item) || item.Edits > 0 {
			continue
		}
		note, _, err := c.notes.get(ctx, sentNote(chatID, item.Seq))
		if err == nil && note == "" {
			err = c.notes.set(ctx, sentNote(chatID, item.Seq), shownNowhere)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// noteSent notes, once a part of an item of staff's is there, which messages show
// it: it may be changed or taken back before the rest has arrived.
func (c *Channel) noteSent(ctx context.Context, chatID int64, parts []part, receipts []string) {
	last := parts[len(receipts)-1].item
	if last.Kind != chat.FromStaff || last.Edits > 0 {
		return
	}
	var ids []string
	for i, id := range receipts {
		if parts[i].item.Seq == last.Seq {
			ids = append(ids, id)
		}
	}
	if err := c.notes.set(ctx, sentNote(chatID, last.Seq), strings.Join(ids, ",")); err != nil {
		c.cfg.Logger.Warn("delivered, but not noted", "channel", Name, "err", err)
	}
}

// Find implements channels.Remote. A bot cannot read what it has sent.
func (c *Channel) Find(_ context.Context, d channels.Delivery) ([]string, error) {
	return d.Receipts, channels.ErrCannotAsk
}

// langOf is the language of our own words in a delivery.
func (c *Channel) langOf(ctx context.Context, who chat.Address) zh.Locale {
	in := c.attached()
	if in == nil {
		return zh.LocaleTW
	}
	i, err := c.recall(ctx, in, who)
	if err != nil {
		c.cfg.Logger.Warn("language of a conversation not known", "channel", Name, "err", err)
	}
	return localeFor(i, "", "")
}

func (c *Channel) deliverPart(ctx context.Context, who chat.Address, chatID int64, p part, lang zh.Locale) (receipt string, err error) {
	switch {
	case p.item.Edits > 0:
		return c.change(ctx, who, chatID, p.item, lang)
	case p.file != nil:
		return c.sendFile(ctx, who, chatID, p, lang)
	}
	id, err := c.sendPlainly(ctx, chatID, *p.message, p.plain)
	return idText(id), err
}

// sendPlainly sends a message, and as plain text where Telegram refuses buttons
// or styles.
func (c *Channel) sendPlainly(ctx context.Context, chatID int64, m outgoing, plain string) (int64, error) {
	id, err := c.api.send(ctx, chatID, m)
	var bad *badRequest
	if !errors.As(err, &bad) {
		return id, err
	}
	c.cfg.Logger.Warn("telegram refuses a message as it is; sending it plain", "channel", Name, "err", err)
	if id, err = c.api.send(ctx, chatID, outgoing{text: plain}); errors.As(err, &bad) {
		return 0, &channels.Refused{Reason: channels.ReasonMessage + " (" + bad.Error() + ")", Err: err}
	}
	return id, err
}

// sendFile sends a file of staff's: a picture as one, where Telegram takes it so.
func (c *Channel) sendFile(ctx context.Context, who chat.Address, chatID int64, p part, lang zh.Locale) (receipt string, err error) {
	in := c.attached()
	if in == nil {
		return "", errNoInbox
	}
	file, body, err := in.OpenFile(ctx, who, p.file.ID)
	if errors.Is(err, chat.ErrUnknownFile) {
		id, err := c.api.send(ctx, chatID, outgoing{text: words("file.expired", lang)})
		return idText(id), err
	}
	if err != nil {
		return "", fmt.Errorf("open file: %w", err)
	}
	id, err := c.api.upload(ctx, chatID, isPicture(file), file.Name, body, p.caption)
	var bad *badRequest
	if isPicture(file) && errors.As(err, &bad) {
		id, err = c.api.upload(ctx, chatID, false, file.Name, body, p.caption)
	}
	if errors.As(err, &bad) {
		return "", &channels.Refused{Reason: channels.ReasonFile + " (" + bad.Error() + ")", Err: err}
	}
	return "f" + idText(id), err
}

// isPicture says that Telegram shows a file as a picture: width and height at most
// 10,000 together and 20 to 1.
func isPicture(f chat.File) bool {
	kind := f.Type == "image/jpeg" || f.Type == "image/png"
	return kind && f.Width+f.Height <= 10_000 && f.Width <= 20*f.Height && f.Height <= 20*f.Width
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// delivered notes what later deliveries need, and tells staff that their words
// arrived: Telegram does not say what was read. The messages are there; what fails
// here is not worth sending them again.
func (c *Channel) delivered(ctx context.Context, d channels.Delivery, chatID int64, parts []part, receipts []string) {
	var lastStaff, keys int64
	for i, p := range parts {
		if p.item.Kind == chat.FromStaff {
			lastStaff = p.item.Seq
		}
		if p.message != nil && p.message.buttons != nil {
			keys, _ = strconv.ParseInt(receipts[i], 10, 64)
		}
	}
	errs := []error{c.moveButtons(ctx, d, chatID, keys)}
	if in := c.attached(); in != nil && lastStaff > 0 {
		errs = append(errs, in.Seen(ctx, d.Address, lastStaff))
	}
	if err := errors.Join(errs...); err != nil {
		c.cfg.Logger.Warn("delivered, but not noted", "channel", Name, "err", err)
	}
}

// moveButtons takes the buttons off the message before, once a new reply is there,
// and notes the message that has buttons now.
func (c *Channel) moveButtons(ctx context.Context, d channels.Delivery, chatID, keys int64) error {
	replied := keys > 0 || slices.ContainsFunc(d.Items, func(i chat.Item) bool { return i.Kind == chat.FromBot })
	if !replied {
		return nil
	}
	note, _, err := c.notes.get(ctx, keysNote(chatID))
	if err != nil {
		return err
	}
	if before, err := strconv.ParseInt(note, 10, 64); err == nil && before != keys { // not yet used
		c.setButtonsOf(ctx, chatID, before, nil)
	}
	if keys == 0 {
		return nil
	}
	return c.notes.set(ctx, keysNote(chatID), idText(keys))
}
