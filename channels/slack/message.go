package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"verihelp/channels/staffwords"
	"verihelp/internal/chat"
	"verihelp/internal/redact"
	"verihelp/internal/zh"
)

// notePrefixes mark what never reaches a user.
var notePrefixes = []string{"//", "／／", "note:", "note：", "備註:", "備註：", "备注:", "备注："}

func isNote(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	return slices.ContainsFunc(notePrefixes, func(p string) bool { return strings.HasPrefix(text, p) })
}

const maxReply = 20_000 // characters of one message to a user

// Emoji under staff's messages.
const (
	signTaken   = "outbox_tray"   // it goes to the user
	signRefused = "no_entry_sign" // it does not
	signNote    = "memo"          // it never will
)

// hear takes a message from an event or from the history, and queues what
// concerns a case behind what came before in its thread. It calls done once the
// message was dealt with, or with an error if it has to be heard again.
func (d *Desk) hear(m message, done func(error)) {
	root, what := place{m.Channel, m.ThreadTS}, d.onMessage
	switch {
	case m.SubType == "message_changed" && m.Message != nil:
		root.ts, what = m.Message.ThreadTS, d.onEdit
	case m.SubType == "message_deleted" && m.Previous != nil:
		root.ts, what = m.Previous.ThreadTS, d.onDelete
	case !m.said() || m.User == d.me().user:
		done(nil)
		return
	}
	if root.ts == "" || root.ts == m.TS { // the channel's own talk
		done(nil)
		return
	}
	queued := d.lanes.add(laneOf(root), d.cameAt(m), func(ctx context.Context) {
		caseID, err := d.caseOf(ctx, root)
		if err == nil && caseID != "" {
			err = what(ctx, caseID, m)
		}
		if err != nil && !ended(ctx) {
			d.Logger.Error("a message of staff is not decided upon; it is read again", "case", caseID, "err", err)
			d.again()
		}
		done(err)
	})
	if !queued {
		done(errNoInbox)
	}
}

// nobodyWaits is for messages that the history brings again if need be.
func nobodyWaits(error) {}

// cameAt is from when on a message is missed until it was dealt with: one from the
// history is older than its turn.
func (d *Desk) cameAt(m message) time.Time {
	now, written := d.Now(), timeOf(m.TS)
	if written.IsZero() || written.After(now) {
		return now
	}
	return written
}

func laneOf(root place) string { return root.channel + "/" + root.ts }

// onMessage decides on what was typed in a case's thread: it goes to the user, is
// a note, or is refused. Each message is decided upon once, so that one which was
// refused is not sent later, when it comes again.
func (d *Desk) onMessage(ctx context.Context, caseID string, m message) error {
	if seen, err := d.seen(ctx, caseID, m.TS); err != nil || seen {
		return err
	}
	err := d.reply(ctx, caseID, m, "m-")
	if err != nil && ended(ctx) {
		return err // not decided
	}
	if err != nil {
		d.refuse(ctx, caseID, m, err)
	}
	d.noteSeen(ctx, caseID, m.TS)
	if m.Edited != nil { // from the history: it was taken as it stands
		d.noteSeen(ctx, caseID, m.Edited.TS)
	}
	return nil
}

var (
	errOnlyButton = errors.New("replies are sent with a button here")
	errTooLong    = errors.New("the message is too long")
)

// reply sends a message to the user if it is one for the user.
func (d *Desk) reply(ctx context.Context, caseID string, m message, kind string) error {
	text := words(m, func(user string) string { return d.staff.name(ctx, user) })
	at := place{m.Channel, m.TS}
	if isNote(text) {
		return d.sign(ctx, at, signNote)
	}
	agent, t, err := d.may(ctx, m.User, caseID)
	switch {
	case err != nil:
		return err
	case d.Reply == ReplyCommand && kind == "m-":
		return errOnlyButton
	case len([]rune(text)) > maxReply:
		return errTooLong
	}
	files, err := d.takeFiles(ctx, caseID, m.Files)
	if err != nil {
		return err
	}
	action := chat.StaffAction{
		ID: kind + m.Channel + "-" + m.TS, CaseID: caseID, Agent: agent, Change: chat.CaseReply,
		Text: text, Files: files, At: timeOf(m.TS),
	}
	if err := d.typed(ctx, action, m.TS); err != nil {
		return err
	}
	d.accepted(ctx, t, m, action)
	return nil
}

// typed applies an action whose text stands in the thread already: a note says so
// before the update comes back, and is taken back with the action.
func (d *Desk) typed(ctx context.Context, a chat.StaffAction, ts string) error {
	if err := d.noteSaid(ctx, a.CaseID, tsOf(a.At), ts); err != nil {
		return err
	}
	err := d.handle(ctx, a)
	if err != nil && !ended(ctx) {
		return errors.Join(err, d.noteSaid(context.WithoutCancel(ctx), a.CaseID, tsOf(a.At), ""))
	}
	return err
}

// may is the agent behind a user ID, if they may act on a case.
func (d *Desk) may(ctx context.Context, user, caseID string) (chat.Agent, thread, error) {
	t, err := d.threadOf(ctx, caseID)
	if err != nil {
		return chat.Agent{}, t, err
	}
	agent, err := d.staff.agent(ctx, user, t.Channel)
	return agent, t, err
}

// handle hands an action to the service.
func (d *Desk) handle(ctx context.Context, a chat.StaffAction) error {
	in, err := d.inbox()
	if err != nil {
		return err
	}
	return in.Handle(ctx, a)
}

// accepted shows that a message goes to the user, and what the agent should know
// of it: secrets that were masked, the other script. All of it may be left out.
func (d *Desk) accepted(ctx context.Context, t thread, m message, a chat.StaffAction) {
	if err := d.sign(ctx, place{m.Channel, m.TS}, signTaken); err != nil {
		d.Logger.Warn("a message has no sign", "case", a.CaseID, "err", err)
	}
	if _, found := redact.Mask(a.Text); len(found) > 0 {
		kinds := make([]string, len(found))
		for i, f := range found {
			kinds[i] = string(f.Kind)
		}
		d.whisper(ctx, t.place(), m.User, line(wordsMasked, staffwords.Masked(kinds)))
	}
	if p := otherScript(t, a.Text, aim{Case: a.CaseID, TS: m.TS}); p != nil {
		d.whisper(ctx, t.place(), m.User, *p)
	}
}

// otherScript offers a conversion, with a preview, of a text whose script the
// user does not write.
func otherScript(t thread, text string, about aim) *post {
	users, written := zh.Locale(t.Lang).Script(), zh.Detect(text).Script
	if written == zh.None || users == zh.None || written == users {
		return nil
	}
	p := line(wordsOtherScript, scripts[users], scripts[written])
	p.blocks = append(p.blocks, slack.NewActionBlock("", button(actConvert, fmt.Sprintf(wordsConvert, scripts[users]), about.String())))
	return &p
}

// converted is a text in the script of a language. Names and ambiguous characters
// may come out wrong: it is shown before it is sent.
func converted(text string, lang zh.Locale) string {
	if lang.Script() == zh.Hans {
		return zh.Convert(text, lang)
	}
	return zh.Traditional(text, lang)
}

var scripts = map[zh.Script]string{zh.Hans: "簡體", zh.Hant: "繁體", zh.Mixed: "兩種字體"}

// refuse shows the author that a message did not reach the user: by a sign, which
// stays, and in words, which only they see.
func (d *Desk) refuse(ctx context.Context, caseID string, m message, cause error) {
	why, known := refusal(cause)
	switch {
	case errors.Is(cause, errOnlyButton):
		why = wordsOnlyButton
	case errors.Is(cause, errTooLong):
		why = fmt.Sprintf(wordsTooLong, maxReply)
	case !known:
		d.Logger.Error("staff message failed", "case", caseID, "err", cause)
	}
	p := line(wordsNotSent, why)
	if errors.Is(cause, chat.ErrCaseNotHeld) {
		p.blocks = append(p.blocks, slack.NewActionBlock("", button(actTake, wordsTakeAndSend, aim{Case: caseID, TS: m.TS}.String())))
	}
	if err := d.slack.react(ctx, caseID, place{m.Channel, m.TS}, signRefused); err != nil {
		d.Logger.Warn("a refused message has no sign", "case", caseID, "err", err)
	}
	d.whisper(ctx, place{m.Channel, m.ThreadTS}, m.User, p)
}

// sign puts an emoji under a message, if Slack's limit leaves room for it now.
func (d *Desk) sign(ctx context.Context, at place, emoji string) error {
	if !d.slack.reactions.free() {
		return nil
	}
	return d.slack.reactNow(ctx, at, emoji)
}

// whisper tells one agent something.
func (d *Desk) whisper(ctx context.Context, in place, user string, p post) {
	if err := d.slack.whisper(ctx, in, user, p); err != nil {
		d.Logger.Warn("an agent was not told", "err", err)
	}
}

// seen says whether something in a thread, by its ts, was decided upon.
func (d *Desk) seen(ctx context.Context, caseID, ts string) (bool, error) {
	note, err := d.Notes.Note(ctx, noteSeen+caseID+"/"+ts)
	if err != nil {
		return false, fmt.Errorf("read what was decided: %w", err)
	}
	return note != "", nil
}

func (d *Desk) noteSeen(ctx context.Context, caseID, ts string) {
	if err := d.Notes.SetNote(context.WithoutCancel(ctx), noteSeen+caseID+"/"+ts, "1"); err != nil {
		d.Logger.Warn("a message may be looked at twice", "case", caseID, "err", err)
	}
}
