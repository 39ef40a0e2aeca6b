package slack

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"verihelp/channels"
	"verihelp/channels/staffwords"
	"verihelp/internal/chat"
)

// items adds what was said: texts that follow each other in as few messages as
// fit, files, and what staff said elsewhere. What they typed in the thread stands
// there already.
func (b *builder) items(items []chat.Item) {
	quietly := happened(*b.dl.Update) != nil // the line says it better than the notice to the user
	var texts []utterance
	for _, item := range items {
		switch {
		case item.Kind == chat.FromStaff:
			b.texts(texts)
			texts = nil
			b.staffItem(item)
			continue
		case item.Kind == chat.Notice && quietly:
			continue
		}
		if text := item.PlainText(); strings.TrimSpace(text) != "" {
			texts = append(texts, utterance{speakers[item.Kind], text})
		}
		if len(item.Files) > 0 {
			b.texts(texts)
			texts = nil
			b.filesOf(item)
		}
	}
	b.texts(texts)
}

// utterance is a text with who said it.
type utterance struct{ speaker, text string }

func (b *builder) texts(texts []utterance) {
	for _, p := range posts(texts) {
		b.post(p)
	}
}

// posts puts texts into as few messages as Slack's limits allow.
func posts(texts []utterance) []post {
	var out []post
	size := 0
	for _, u := range texts {
		for i, piece := range split(clean(u.text), maxPiece) {
			if length := len([]rune(piece)); len(out) == 0 || size+length > maxPost {
				out = append(out, post{text: short(u.speaker+piece, maxNotice)})
				size = length
			} else {
				size += length
			}
			r := &rich{}
			if i == 0 {
				r.bold(u.speaker)
			}
			r.text(piece)
			if len(r.elements) > 0 {
				out[len(out)-1].blocks = append(out[len(out)-1].blocks, r.block())
			}
		}
	}
	return out
}

// staffItem shows what staff said elsewhere: with a button of ours, or at another
// desk.
func (b *builder) staffItem(item chat.Item) {
	d, caseID, itemTS := b.desk, b.dl.Update.Case.ID, tsOf(item.At)
	if b.said[itemTS] == itemTS {
		return // typed here
	}
	speaker := fmt.Sprintf(wordsSent, item.Agent)
	switch {
	case item.Gone:
		b.post(line(wordsTakenBack, item.Agent))
	case item.Edits > 0:
		speaker = fmt.Sprintf(wordsChanged, item.Agent)
		fallthrough
	default:
		note := func(ctx context.Context, ts string) error { return d.noteSaid(ctx, caseID, itemTS, ts) }
		for _, p := range posts([]utterance{{speaker, item.Text}}) {
			b.postThen(p, note)
		}
	}
	b.filesOf(item)
}

// line is a short message of ours in small print; texts in it are not parsed.
func line(format string, args ...any) post {
	text := clean(fmt.Sprintf(format, args...))
	return post{text: short(text, maxNotice), blocks: []slack.Block{slack.NewContextBlock("", plain(short(text, maxLine)))}}
}

// happened is the line that says what was done to a case; nil for what the card
// alone tells.
func happened(u channels.Update) *post {
	c := u.Case
	var p post
	switch format, ok := wordsHappened[u.Change]; {
	case !ok:
		return nil
	case u.Change == chat.CaseRemind:
		p = reminder(c)
	case u.Change == chat.CaseAdopt:
		p = line(format, staffwords.Way(c.Address), whoIs(c.Address))
	case u.Change == chat.CaseRate:
		p = line(format, strings.Repeat("★", min(max(c.Rating, 0), 5)), c.Comment)
	case u.Change == chat.CaseWake, u.Change == chat.CaseReopen:
		p = called(c, format)
	case c.Reason != "" && (u.Change == chat.CaseClose || u.Change == chat.CaseBlock):
		p = line(format+"：%s", agentOf(c), c.Reason)
	case strings.Contains(format, "%s"):
		p = line(format, agentOf(c))
	default:
		p = line("%s", format)
	}
	return &p
}

// reminder says, in the channel too, that a case waits; its agent is mentioned.
func reminder(c chat.Case) post {
	p := called(c, fmt.Sprintf(wordsHappened[chat.CaseRemind], c.ID, c.Title, max(c.Unanswered, 1), max(c.Reminded, 1)))
	p.broadcast = true
	return p
}

// called is a message that mentions the holder of a case, if there is one.
func called(c chat.Case, text string) post {
	r := &rich{}
	if c.Agent != nil {
		r.person(c.Agent.ID, c.Agent.Name).text(" ")
	}
	return post{text: short(clean(text), maxNotice), blocks: []slack.Block{r.text(short(text, maxLine)).block()}}
}

// undelivered says that something of staff cannot reach the user, with a button
// for each message to try it again.
func undelivered(u channels.Update) post {
	p := called(u.Case, fmt.Sprintf(wordsUndelivered, cmp.Or(staffwords.Trouble(u.Case.Trouble), staffwords.NoReason)))
	var buttons []slack.BlockElement
	for _, item := range u.Items {
		if item.Kind == chat.FromStaff && !item.Gone && len(buttons) < 5 {
			action := actRetry + ":" + strconv.Itoa(len(buttons)) // unique in its block
			buttons = append(buttons, button(action, wordsRetry, aim{Case: u.Case.ID, TS: tsOf(item.At)}.String()))
		}
	}
	if len(buttons) > 0 {
		p.blocks = append(p.blocks, slack.NewActionBlock("", buttons...))
	}
	return p
}

func agentOf(c chat.Case) string {
	if c.Agent == nil {
		return wordsSomebody
	}
	return c.Agent.Name
}
