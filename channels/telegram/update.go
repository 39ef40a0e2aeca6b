package telegram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// accept takes an update's place in its chat's line, at once, and returns what
// handles it when its turn has come. That may be called again after an error: the
// place is kept until the message is with the inbox, or end is called, which must
// be done once.
func (c *Channel) accept(u update) (handle func(context.Context) error, end func()) {
	if m := u.Message; m != nil && m.Album != "" {
		return c.acceptAlbum(u)
	}
	turn, leave := c.lines.join(u.chat())
	leave = sync.OnceFunc(leave)
	return func(ctx context.Context) error {
		<-turn
		if _, done := c.handled.get(u.ID); done {
			return nil
		}
		err := c.onUpdate(ctx, u, leave)
		if err == nil {
			c.handled.put(u.ID, true)
		}
		return err
	}, leave
}

// acceptAlbum lets the first of an album's updates handle all of them.
func (c *Channel) acceptAlbum(u update) (handle func(context.Context) error, end func()) {
	key := fmt.Sprintf("%d/%s", u.chat(), u.Message.Album)
	joined, leads := c.albums.join(key, *u.Message)
	if !leads {
		return joined.await, func() {}
	}
	turn, leave := c.lines.join(u.chat())
	leave = sync.OnceFunc(leave)
	var messages []message
	handle = func(ctx context.Context) error {
		if messages == nil {
			messages = c.albums.gather(key, joined, c.cfg.AlbumWait, ctx.Done())
			slices.SortFunc(messages, func(a, b message) int { return cmp.Compare(a.ID, b.ID) })
		}
		<-turn
		joined.err = c.onMessages(ctx, messages, leave)
		return joined.err
	}
	return handle, func() {
		leave()
		close(joined.done)
	}
}

var errNoInbox = errors.New("the service is not ready for messages yet")

// onUpdate is step 1 of a message's way. leave lets the chat's next update begin
// while this one waits to be committed, so that a burst can become one turn.
func (c *Channel) onUpdate(ctx context.Context, u update, leave func()) error {
	switch {
	case u.Message != nil:
		return c.onMessages(ctx, []message{*u.Message}, leave)
	case u.Edited != nil:
		return c.onEdited(ctx, *u.Edited, leave)
	case u.Tap != nil:
		return c.onTap(ctx, *u.Tap, leave)
	case u.MyMember != nil:
		return c.onMember(ctx, *u.MyMember)
	}
	return nil
}

// visit is what one update has to do with one private chat.
type visit struct {
	*Channel
	in     channels.Inbox
	chat   int64
	who    chat.Address
	before impression // of the conversation, before this update
	lang   zh.Locale  // of our own words
	locale string     // what the app says of itself
	leave  func()
}

func (c *Channel) visit(ctx context.Context, chatID int64, from person, text string, leave func()) (visit, error) {
	v := visit{Channel: c, in: c.attached(), chat: chatID, who: addressOf(chatID), locale: from.locale(), leave: leave}
	if v.in == nil {
		return v, errNoInbox
	}
	var err error
	if v.before, err = c.recall(ctx, v.in, v.who); err != nil {
		return v, err
	}
	v.lang = localeFor(v.before, text, v.locale)
	return v, nil
}

// onMessages handles a message, or the messages of an album.
func (c *Channel) onMessages(ctx context.Context, messages []message, leave func()) error {
	first := messages[0]
	switch {
	case first.From == nil || first.From.IsBot:
		return nil
	case first.Chat.Type != "private":
		return c.refuseGroup(ctx, first.Chat, first.From.locale())
	}
	v, err := c.visit(ctx, first.Chat.ID, *first.From, first.words(), leave)
	if err != nil {
		return err
	}
	if name, payload, ok := command(first.Text); ok {
		return v.command(ctx, name, payload, first)
	}
	m := v.message(fmt.Sprintf("tg-%d", first.ID), first)
	if kind := first.kind(); kind != "" {
		v.hint(ctx, first, kind)
	}
	if m.Files, err = v.files(ctx, messages); err != nil {
		return err
	}
	for _, also := range messages[1:] {
		m.Text = strings.TrimSpace(m.Text + "\n" + chat.CleanText(also.words()))
	}
	return v.receive(ctx, m, messages...)
}

// onEdited takes a changed text for a new message, since the old one may have been
// answered already.
func (c *Channel) onEdited(ctx context.Context, m message, leave func()) error {
	if m.From == nil || m.From.IsBot || m.Chat.Type != "private" || m.words() == "" {
		return nil
	}
	v, err := c.visit(ctx, m.Chat.ID, *m.From, m.words(), leave)
	if err != nil {
		return err
	}
	v.hint(ctx, m, "edited")
	said := v.message(fmt.Sprintf("tg-%d-e%d", m.ID, m.EditDate), m)
	if v.before.caseOpen { // staff, who have both, are to know which one stands
		said.Text = v.text("edited.mark") + said.Text
	}
	return v.receive(ctx, said, m)
}

func (v visit) message(id string, m message) chat.Message {
	return chat.Message{ID: id, From: v.who, Text: chat.CleanText(m.words()), Locale: v.locale, At: m.at(v.cfg.Now())}
}

// receive hands a message to the inbox, waits until it is committed, and removes
// it from the chat if it held a secret. One with nothing in it is passed over.
func (v visit) receive(ctx context.Context, m chat.Message, shown ...message) error {
	if m.Text == "" && m.Choice == "" && len(m.Files) == 0 {
		return nil
	}
	result := v.in.Receive(ctx, m)
	v.leave()
	if err := v.await(ctx, result); err != nil {
		return fmt.Errorf("take message: %w", err)
	}
	if m.Choice == "" {
		v.wipe(ctx, m, shown)
	}
	return nil
}

const (
	typingDelay = 200 * time.Millisecond // what is committed sooner needs no sign
	typingEvery = 4 * time.Second        // a sign lasts five
)

// await shows that the bot is typing until the result is there. While a person
// has the conversation the bot says nothing, and shows nothing.
func (v visit) await(ctx context.Context, result <-chan error) error {
	sign := time.NewTimer(typingDelay)
	defer sign.Stop()
	for {
		select {
		case err := <-result:
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-sign.C:
			if !v.before.caseOpen {
				v.showTyping(ctx)
			}
			sign.Reset(typingEvery)
		}
	}
}

func (v visit) showTyping(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, typingEvery)
	defer cancel()
	if err := v.api.typing(ctx, v.chat); err != nil {
		v.cfg.Logger.Debug("typing not shown", "channel", Name, "err", err)
	}
}

// onMember notes that somebody blocked the bot or came back, and leaves groups.
func (c *Channel) onMember(ctx context.Context, m member) error {
	switch m.New.Status {
	case "kicked", "left":
		c.cfg.Logger.Info("telegram chat closed by the user", "channel", Name, "type", m.Chat.Type, "status", m.New.Status)
	case "member", "administrator", "restricted":
		if m.Chat.Type != "private" {
			return c.refuseGroup(ctx, m.Chat, "")
		}
		c.cfg.Logger.Info("telegram chat opened by the user", "channel", Name)
	}
	return nil
}

// refuseGroup says once that identity is no matter for a group, and leaves.
func (c *Channel) refuseGroup(ctx context.Context, group place, locale string) error {
	_, told, err := c.notes.get(ctx, groupNote(group.ID))
	if err != nil {
		return err
	}
	if told.IsZero() && group.Type != "channel" {
		me, err := c.account(ctx)
		if err != nil {
			return err
		}
		lang := localeFor(impression{}, "", locale)
		if err := c.notes.set(ctx, groupNote(group.ID), "told"); err != nil {
			return err
		}
		c.tellWith(ctx, group.ID, outgoing{text: words("group", lang), buttons: [][]button{{{Text: words("group.button", lang), URL: "https://t.me/" + me.Username}}}})
	}
	if err := c.api.leave(ctx, group.ID); err != nil {
		c.cfg.Logger.Warn("cannot leave a group", "channel", Name, "err", err)
	}
	return nil
}

// tell sends words of our own, which no log keeps: an answer to a command, a hint.
func (v visit) tell(ctx context.Context, text string) { v.tellWith(ctx, v.chat, outgoing{text: text}) }

// hint says something about a message once, however often it has to be handled.
func (v visit) hint(ctx context.Context, m message, key string) {
	id := fmt.Sprintf("%d/%d/%d/%s", v.chat, m.ID, m.EditDate, key)
	if _, given := v.hinted.get(id); given {
		return
	}
	v.hinted.put(id, true)
	v.tell(ctx, v.text(key))
}

const (
	tellTries = 3
	tellWait  = 5 * time.Second // the longest wait that Telegram may ask for
)

// tellWith tries a few times. A hint that does not get through is not worth
// holding up what the person wrote.
func (c *Channel) tellWith(ctx context.Context, chatID int64, o outgoing) {
	var err error
	for try := range tellTries {
		if try > 0 && !sleep(ctx, max(retryAfter(err), c.cfg.RetryWait)) {
			break
		}
		if _, err = c.api.send(ctx, chatID, o); err == nil {
			return
		}
		var refused *channels.Refused
		if errors.As(err, &refused) || retryAfter(err) > tellWait || errors.Is(err, channels.ErrUnknownOutcome) {
			break
		}
	}
	c.cfg.Logger.Warn("a hint was not shown", "channel", Name, "err", err)
}

func (v visit) text(key string) string { return words(key, v.lang) }

var commandForm = regexp.MustCompile(`(?s)^/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]{1,64})?(?:\s+(.*))?$`)

// spoken are commands as people write them by hand: Telegram knows Latin ones only,
// and sends these as text.
var spoken = map[string]string{
	"/開始": "start", "/开始": "start", "/幫助": "help", "/帮助": "help", "/說明": "help", "/说明": "help",
	"/真人": "human", "/客服": "human", "/人工": "human", "/人工客服": "human", "/真人客服": "human",
	"/語言": "language", "/语言": "language", "/隱私": "privacy", "/隐私": "privacy", "/刪除": "delete", "/删除": "delete",
}

// command reads "/name", "/name@bot" and what follows, and "/說明". Anything else that
// begins with a slash is ordinary text.
func command(text string) (name, payload string, ok bool) {
	if name, ok := spoken[strings.TrimSpace(text)]; ok {
		return name, "", true
	}
	m := commandForm.FindStringSubmatch(text)
	if m == nil {
		return "", "", false
	}
	return strings.ToLower(m[1]), strings.TrimSpace(m[2]), true
}

// kind is the key of what is said about content that cannot be read; empty for
// all other.
func (m message) kind() string {
	switch {
	case m.Sticker != nil || m.Animation != nil || m.Dice != nil:
		return "unreadable.sticker"
	case m.Voice != nil || m.Audio != nil || m.Video != nil || m.VideoNote != nil:
		return "unreadable.voice"
	case m.Location != nil || m.Venue != nil || m.Contact != nil || m.Poll != nil || m.Story != nil:
		return "unreadable.place"
	}
	return ""
}
