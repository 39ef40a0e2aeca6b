package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"verihelp/internal/chat"
)

// onInteraction takes a tap or a submitted modal. A tap is acknowledged at once and
// works behind what came before in its thread, so that "claim" and what is typed
// after it keep their order. A modal is acknowledged once what it is for is done, or
// with what is wrong in it, so that no typed text is lost.
func (d *Desk) onInteraction(raw []byte, ack func(any)) {
	i, err := decodeInteraction(raw)
	if err != nil {
		d.Logger.Warn("an interaction of Slack cannot be read", "err", err)
		ack(nil)
		return
	}
	switch i.Type {
	case "view_submission":
		ack, until := inTime(ack, i.wrong(wordsLate)), time.Now().Add(answerLimit)
		if !d.lanes.add("view/"+i.View.ID, d.Now(), func(ctx context.Context) { ack(d.submitted(ctx, i, until)) }) {
			ack(i.wrong(wordsStopping))
		}
	case "block_actions":
		ack(nil)
		for _, f := range i.Actions {
			d.tapped(i, f)
		}
	default:
		ack(nil)
	}
}

// inTime is an acknowledgement that is made once: with the first result, or with
// late before Slack has waited for too long.
func inTime(ack func(any), late any) func(result any) {
	var once sync.Once
	first := func(result any) { once.Do(func() { ack(result) }) }
	timer := time.AfterFunc(answerLimit, func() { first(late) })
	return func(result any) {
		timer.Stop()
		first(result)
	}
}

// tapped queues what a button is for. A modal has to open within three seconds and
// waits for nothing.
func (d *Desk) tapped(i interaction, f field) {
	action, _, _ := strings.Cut(f.ActionID, ":")
	about := aimOf(f.Value)
	if action == actMore {
		chosen, caseID, _ := strings.Cut(f.Selected.Value, "|")
		action, about = chosen, aim{Case: caseID}
	}
	if i.View.ID != "" {
		about = metaOf(i.View.Private).Aim
	}
	root := place{i.Channel.ID, i.Container.ThreadTS}
	if root.ts == "" {
		root.ts = i.Container.MessageTS
	}
	lane, what := laneOf(root), func(ctx context.Context) error { return d.press(ctx, i, f, action, about) }
	if modal := d.modals(action); modal != nil {
		lane, what = "trigger/"+i.Trigger, func(ctx context.Context) error { return modal(ctx, i, f, about) }
	}
	d.lanes.add(lane, d.Now(), func(ctx context.Context) {
		if err := what(ctx); err != nil && !ended(ctx) {
			d.tapFailed(ctx, i, root, about, err)
		}
	})
}

var (
	errUnknownButton = errors.New("no such button")
	errNoCategory    = errors.New("no such category")
	errNote          = errors.New("a note is not sent")
	errNoColleague   = errors.New("no member of the desk's channel was chosen")
)

// press does what a button without a modal is for.
func (d *Desk) press(ctx context.Context, i interaction, f field, action string, about aim) error {
	agent, t, err := d.may(ctx, i.User.ID, about.Case)
	if err != nil {
		return err
	}
	a := chat.StaffAction{
		ID: "b-" + i.User.ID + "-" + f.ActionTS, CaseID: about.Case, Agent: agent,
		Change: direct[action], At: d.Now(),
	}
	switch {
	case a.Change != "":
	case action == actRight:
		a.Change, a.Label = chat.CaseLabel, t.Category
	case action == actRetry:
		s, err := d.sentAt(ctx, about.Case, about.TS)
		if err != nil {
			return err
		}
		a.Change, a.Text, a.Files = chat.CaseReply, s.now().Text, s.now().Files
	case action == actTake:
		return d.takeAndSend(ctx, a, t, about)
	default:
		return errUnknownButton
	}
	return d.handle(ctx, a)
}

// takeAndSend claims a case and sends what its new holder had typed before.
func (d *Desk) takeAndSend(ctx context.Context, a chat.StaffAction, t thread, about aim) error {
	var typed message
	err := d.slack.replies(ctx, atOnce, t.place(), about.TS, func(m message) {
		if m.TS == about.TS && m.said() && m.User == a.Agent.ID {
			typed = m
		}
	})
	switch {
	case err != nil:
		return err
	case typed.TS == "":
		return errNotFound
	}
	a.Change = chat.CaseClaim
	if err := d.handle(ctx, a); err != nil {
		return err
	}
	return d.reply(ctx, about.Case, typed, "t-")
}

// tapFailed tells an agent why a tap did nothing.
func (d *Desk) tapFailed(ctx context.Context, i interaction, root place, about aim, err error) {
	why, known := explainTap(err)
	if !known {
		d.Logger.Error("staff action failed", "case", about.Case, "err", err)
	}
	if i.Channel.ID == "" { // in a modal or on the home tab
		t, ok, lookup := d.bound(ctx, about.Case)
		if lookup != nil || !ok {
			return
		}
		root = t.place()
	}
	d.whisper(ctx, root, i.User.ID, line("%s", why))
}

func explainTap(err error) (words string, known bool) {
	switch {
	case errors.Is(err, errUnknownButton):
		return wordsUnknownButton, true
	case errors.Is(err, errNoCategory):
		return wordsNoCategory, true
	case errors.Is(err, errNote):
		return wordsNote, true
	case errors.Is(err, errNoColleague):
		return wordsNoColleague, true
	case errors.Is(err, errNotFound):
		return wordsGone, true
	case errors.Is(err, errTakenBack):
		return wordsTakenBackNow, true
	case errors.Is(err, errCorrected):
		return wordsCorrected, true
	case errors.Is(err, errTooLong):
		return fmt.Sprintf(wordsTooLong, maxReply), true
	case slackCode(err) == "expired_trigger_id", slackCode(err) == "exchanged_trigger_id":
		return wordsExpired, true
	}
	return refusal(err)
}

// submitted does what a modal is for; its answer shows what is wrong in it, beside
// the field to correct.
func (d *Desk) submitted(ctx context.Context, i interaction, until time.Time) any {
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	if ended(ctx) { // it is asked for again: nothing may be done behind the agent's back
		return i.wrong(wordsLate)
	}
	err := d.submit(ctx, i)
	if err == nil {
		return nil
	}
	why, known := explainTap(err)
	if !known {
		d.Logger.Error("staff action failed", "modal", i.View.Callback, "err", err)
	}
	return i.wrong(why)
}

// wrong keeps a modal open and says in it what is wrong.
func (i interaction) wrong(why string) any {
	for block := range i.View.State.Values {
		return slack.NewErrorsViewSubmissionResponse(map[string]string{block: why})
	}
	return nil
}

// submission is the ID of what a modal is for. The same entries do nothing twice,
// however often they are submitted; corrected ones are not mistaken for them.
func (i interaction) submission() string {
	entries := sha256.New()
	for _, block := range slices.Sorted(maps.Keys(i.View.State.Values)) {
		for _, action := range slices.Sorted(maps.Keys(i.View.State.Values[block])) {
			fmt.Fprintf(entries, "%q %+v\n", action, i.View.State.Values[block][action])
		}
	}
	return "v-" + i.View.ID + "-" + hex.EncodeToString(entries.Sum(nil)[:8])
}

func (d *Desk) submit(ctx context.Context, i interaction) error {
	m := metaOf(i.View.Private)
	agent, t, err := d.may(ctx, i.User.ID, m.Aim.Case)
	if err != nil {
		return err
	}
	text := i.input(inputText).Value
	a := chat.StaffAction{ID: i.submission(), CaseID: m.Aim.Case, Agent: agent, At: d.Now(), Text: text}
	if reachesUser := i.View.Callback == actReply || i.View.Callback == actConvert; reachesUser && isNote(text) {
		return errNote
	}
	switch i.View.Callback {
	case actReply:
		a.Change = chat.CaseReply
	case actConvert:
		a.Change = chat.CaseEdit
		if a.Seq, err = d.unchanged(ctx, m); err != nil {
			return err
		}
	case actClose:
		a.Change = chat.CaseClose
	case actBlock:
		a.Change = chat.CaseBlock
	case actSnooze:
		a.Change, a.Until, a.Text = chat.CaseSnooze, timeAt(i.input(inputTime).Time), ""
	case actLabel:
		a.Change, a.Label, a.Text = chat.CaseLabel, i.input(inputChoice).Selected.Value, ""
		if _, known := d.Categories.Find(a.Label); !known { // a modal may be older than the categories
			return errNoCategory
		}
	case actTransfer:
		a.Change, a.Text = chat.CaseTransfer, ""
		if a.To, err = d.staff.agent(ctx, i.input(inputUser).User, t.Channel); errors.Is(err, errStranger) {
			return errNoColleague
		} else if err != nil {
			return err
		}
	default:
		return errUnknownButton
	}
	return d.handle(ctx, a)
}
