package dialogue

import (
	"strconv"
	"strings"
	"time"

	"verihelp/internal/chat"
)

// What follows a case that has ended: it is rated, opened again, or left alone.

// blocked: staff have ended it with this person for a while, who was told so then.
// Somebody in danger is heard all the same.
func (t *turn) blocked() bool { return t.msg.At.Before(t.conv.Blocked) && !t.inDanger() }

func (t *turn) keepSilent() { t.about(chat.Decline, "out_of_scope") }

// prefixRate begins the choices by which a case is rated: rate:<stars>:<case>.
const prefixRate = "rate:"

const mostStars = 5

// rated: stars, while no other case is open.
func (t *turn) rated() bool {
	return t.conv.Case == nil && (t.msg.Rating > 0 || strings.HasPrefix(t.choice, prefixRate))
}

// stars are those for the case that ended last; 0 where they are for another.
func (t *turn) stars() int {
	n := t.msg.Rating
	if rest, ok := strings.CutPrefix(t.choice, prefixRate); ok {
		number, id, _ := strings.Cut(rest, ":")
		if t.conv.Ended == nil || id != t.conv.Ended.ID {
			return 0
		}
		n, _ = strconv.Atoi(number) // 0 for no number
	}
	if t.conv.Ended == nil || n < 1 || n > mostStars {
		return 0
	}
	return n
}

func (t *turn) thankForRating() {
	t.about(chat.Smalltalk, "talk.thanks")
	t.rating = t.stars()
	key := "rate.thanks"
	if t.rating > 0 && t.rating <= mostStars/2 {
		key = "rate.sorry"
	}
	t.say(t.phrase(key))
}

// rateChoices offer one to five stars; typed, the number says the same.
func (e *Engine) rateChoices(caseID string) []chat.Choice {
	out := make([]chat.Choice, mostStars)
	for i := range out {
		n := strconv.Itoa(i + 1)
		out[i] = chat.Choice{ID: prefixRate + n + ":" + caseID, Label: e.phrase("choice.stars", "count", n)}
	}
	return out
}

// reopenWithin is how long after its end a closed case is the same matter still.
const reopenWithin = 24 * time.Hour

// reopened: words after staff have closed the case, other than thanks, a farewell
// and that it is solved.
func (t *turn) reopened() bool {
	k := t.conv.Ended
	if k == nil || t.conv.Case != nil || k.State != chat.CaseClosed || !t.e.Desk || t.msg.At.Sub(k.ClosedAt) >= reopenWithin {
		return false
	}
	if t.choice != "" {
		return t.choice == chat.ChoiceHuman || t.choice == chat.ChoiceNotSolved ||
			strings.HasPrefix(t.choice, chat.ChoiceReady) && strings.HasSuffix(t.choice, ":"+k.ID)
	}
	return t.personAsked() || !t.solved() && !t.smallTalk() && !t.refused()
}

func (t *turn) reopen() {
	k := t.conv.Ended.Reopened(t.msg.At, t.queue.Open()).WithReady(t.choice)
	k.Lang, k.Masked = string(t.locale), t.msg.Masked
	if host := t.msg.Context; !host.Empty() {
		k.Host = &host
	}
	t.open = &k
	t.about(chat.Escalate, k.Category)
	lead := t.phrase("human.reopened", "case", k.ID)
	if k.Agent != nil {
		t.say(lead + t.phrase("human.reopened_agent", "agent", verbatim(k.Agent.Name)))
		return
	}
	t.sayStanding(lead, t.queue.AheadReopened)
	t.offer(chat.ChoiceCancel)
}

// tickedLate: a box of a checklist is ticked whose case is over.
func (t *turn) tickedLate() bool {
	return t.conv.Case == nil && strings.HasPrefix(t.choice, chat.ChoiceReady)
}

func (t *turn) sayOver() {
	t.about(chat.Smalltalk, "talk.affirm")
	t.say(t.phrase("human.over"))
	t.offer(chat.ChoiceHuman)
}

// verbatim keeps a name as it is: it is no text of ours and never converted.
func verbatim(name string) string { return "⟦" + name + "⟧" }
