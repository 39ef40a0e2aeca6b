package chat

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CaseState is where a case stands.
type CaseState string

// Case states: bot → waiting → claimed → (pending, snoozed) → handed back or
// closed. A closed case is opened again by the user's next message within a day.
const (
	CaseWaiting    CaseState = "waiting"
	CaseClaimed    CaseState = "claimed"
	CasePending    CaseState = "pending" // its agent waits for the user
	CaseSnoozed    CaseState = "snoozed" // its agent comes back to it at SnoozedUntil
	CaseHandedBack CaseState = "handed_back"
	CaseClosed     CaseState = "closed"
	CaseCancelled  CaseState = "cancelled" // the user took it back
)

// Open says that a person has, or will take, the conversation: the bot is silent.
func (s CaseState) Open() bool {
	return s == CaseWaiting || s == CaseClaimed || s == CasePending || s == CaseSnoozed
}

// CaseChange is what was done to a case.
type CaseChange string

// Case changes. Staff do those up to CaseDelete, users the next ones, and the
// service itself the rest.
const (
	CaseClaim     CaseChange = "claim"
	CaseRelease   CaseChange = "release"   // back to the waiting ones
	CaseTransfer  CaseChange = "transfer"  // to another agent: StaffAction.To
	CasePend      CaseChange = "pend"      // wait for the user
	CaseSnooze    CaseChange = "snooze"    // until StaffAction.Until
	CaseHandBack  CaseChange = "hand_back" // to the bot
	CaseClose     CaseChange = "close"     // for the reason in Text
	CaseBlock     CaseChange = "block"     // closed, and the person is not served for a while
	CaseLabel     CaseChange = "label"     // the category was right, or is StaffAction.Label
	CaseChecklist CaseChange = "checklist" // ask the user for the checklist again
	CaseReply     CaseChange = "reply"     // staff wrote to the user
	CaseEdit      CaseChange = "edit"      // staff changed what they wrote: StaffAction.Seq
	CaseDelete    CaseChange = "delete"    // staff took it back

	CaseOpened  CaseChange = "open"
	CaseReopen  CaseChange = "reopen"  // the user wrote again within a day
	CaseMessage CaseChange = "message" // the user wrote while the case is open
	CaseCancel  CaseChange = "cancel"
	CaseRate    CaseChange = "rate" // the user rated it after its end

	CaseDelivered   CaseChange = "delivered"   // the user's client has staff's words: Update.Items
	CaseUndelivered CaseChange = "undelivered" // they cannot be delivered, why stands in Case.Trouble
	CaseRemind      CaseChange = "remind"      // nobody has answered for longer than the target
	CaseWake        CaseChange = "wake"        // a snoozed case is due
	CaseTell        CaseChange = "tell"        // the waiting user was told that nobody has come yet
	CaseAdopt       CaseChange = "adopt"       // the same person goes on under another address: Case.Address
	CaseErase       CaseChange = "erase"       // the person had everything erased; the case is a stub
	CaseExpire      CaseChange = "expire"      // forgotten, closed with a word to the user
)

// Agent is a member of staff.
type Agent struct {
	ID   string `json:"id"`
	Name string `json:"name"` // shown to the user
}

// Case is a conversation that needs a person, with what the staff ask first.
type Case struct {
	ID         string    `json:"id"` // short enough to be read out: conversation ID and a running number
	Address    Address   `json:"address"`
	State      CaseState `json:"state"`
	Category   string    `json:"category"`            // why it was opened
	Title      string    `json:"title"`               // the category's name, Traditional
	Also       []Guess   `json:"also,omitempty"`      // confidence and runners-up
	Tried      []string  `json:"tried,omitempty"`     // categories whose advice was given before
	Facts      []string  `json:"facts,omitempty"`     // computed facts, as lines
	Checklist  []string  `json:"checklist,omitempty"` // what the user was asked to prepare
	Ready      []int     `json:"ready,omitempty"`     // places in Checklist of what the user has at hand
	Masked     []string  `json:"masked,omitempty"`    // kinds of secrets masked in this conversation's message
	Lang       string    `json:"lang"`                // the user's language
	Priority   bool      `json:"priority,omitempty"`  // goes before others
	Rule       string    `json:"rule,omitempty"`      // how the decision was made
	OpenedAt   time.Time `json:"opened_at"`
	ChangedAt  time.Time `json:"changed_at"`
	Agent      *Agent    `json:"agent,omitempty"`      // who holds it
	LastUser   time.Time `json:"last_user,omitzero"`   // when the user last wrote
	LastStaff  time.Time `json:"last_staff,omitzero"`  // when staff last wrote
	Unanswered int       `json:"unanswered,omitempty"` // the user's messages since staff last wrote

	Host         *HostContext `json:"host,omitempty"`         // what the app told when the case was opened
	ClaimedAt    time.Time    `json:"claimed_at,omitzero"`    // when it was claimed first
	SnoozedUntil time.Time    `json:"snoozed_until,omitzero"` // CaseSnoozed
	ClosedAt     time.Time    `json:"closed_at,omitzero"`     // when it ended, however
	Reason       string       `json:"reason,omitempty"`       // why it was closed, in staff's words
	Label        string       `json:"label,omitempty"`        // category that staff say it is
	Rating       int          `json:"rating,omitempty"`       // the user's, 1 to 5 stars
	Comment      string       `json:"comment,omitempty"`      // beside the rating
	Trouble      string       `json:"trouble,omitempty"`      // why something could not be delivered, in English
	Reminded     int          `json:"reminded,omitempty"`     // reminders since somebody last answered
	Told         int          `json:"told,omitempty"`         // how often the waiting user was told that nobody has come yet
	ToldAt       time.Time    `json:"told_at,omitzero"`       // when the waiting user was last told how it stands
	HeldSince    time.Time    `json:"held_since,omitzero"`    // when its agent took it
	AwaitsSince  time.Time    `json:"awaits_since,omitzero"`  // since when the user waits for an answer; zero while none is owed
}

// View is what the user may know.
func (c Case) View() *CaseView {
	v := &CaseView{ID: c.ID, State: c.State}
	if c.Agent != nil {
		v.Agent = c.Agent.Name
	}
	return v
}

// Target is within which time the case should be answered, of the time that holds
// for all: one that goes before others has half of it.
func (c Case) Target(all time.Duration) time.Duration {
	if c.Priority {
		return all / 2
	}
	return all
}

// StaffAction is something a member of staff did on a desk. Text is as typed
// until bot.Handle masks it.
type StaffAction struct {
	ID     string     `json:"id"` // unique for its case; a repeated ID changes nothing
	CaseID string     `json:"case_id"`
	Agent  Agent      `json:"agent"`
	Change CaseChange `json:"change"` // one that staff do
	Text   string     `json:"text,omitempty"`
	Files  []File     `json:"files,omitempty"` // CaseReply
	To     Agent      `json:"to,omitzero"`     // CaseTransfer
	Until  time.Time  `json:"until,omitzero"`  // CaseSnooze
	Label  string     `json:"label,omitempty"` // CaseLabel: a category's ID
	Seq    int64      `json:"seq,omitempty"`   // CaseEdit, CaseDelete: the item meant
	At     time.Time  `json:"at"`
}

// Errors of a staff action, told to the agent who tried it.
var (
	ErrCaseNotOpen  = errors.New("the case is no longer open")
	ErrCaseHeld     = errors.New("another agent holds the case")
	ErrCaseNotHeld  = errors.New("claim the case first")
	ErrUnknownCase  = errors.New("no such case")
	ErrEmptyReply   = errors.New("the reply has no text")
	ErrUnknownStaff = errors.New("the agent has no ID")
	ErrUnknownEvent = errors.New("no such event")
	ErrBadTime      = errors.New("the time lies in the past, or more than 30 days ahead")
	ErrNotStaffs    = errors.New("not a message that this agent wrote in this case")
)

// maxSnooze is how far ahead a case can be put off.
const maxSnooze = 30 * 24 * time.Hour

// Act applies a staff action and returns the case afterwards; the case given is
// not changed. Claiming what one already holds is allowed, so that a second tap
// does no harm. A label is taken from anybody, also after the end.
func (c Case) Act(a StaffAction) (Case, error) {
	if a.Agent.ID == "" {
		return c, ErrUnknownStaff
	}
	if a.Change == CaseLabel {
		c.Label = a.Label
		return c, nil
	}
	if err := c.allows(a); err != nil {
		return c, err
	}
	c.ChangedAt, c.Trouble = a.At, "" // who acts sees what was not delivered
	switch a.Change {
	case CaseClaim, CaseTransfer, CaseRelease:
		c = c.givenTo(a)
	case CasePend:
		c.State = CasePending
	case CaseSnooze:
		c.State, c.SnoozedUntil = CaseSnoozed, a.Until
	case CaseReply:
		c = c.answered(a.At)
	case CaseHandBack:
		c.State, c.ClosedAt = CaseHandedBack, a.At
	case CaseClose, CaseBlock:
		c.State, c.ClosedAt, c.Reason = CaseClosed, a.At, a.Text
	case CaseEdit, CaseDelete, CaseChecklist:
	default:
		return c, fmt.Errorf("a desk cannot %q a case", a.Change)
	}
	if c.State != CaseSnoozed {
		c.SnoozedUntil = time.Time{}
	}
	return c, nil
}

// answered is the case after words of its agent. One that was put off is taken up
// again.
func (c Case) answered(at time.Time) Case {
	if c.State == CaseSnoozed {
		c.State = CaseClaimed
	}
	c.LastStaff, c.Unanswered, c.Reminded, c.AwaitsSince = at, 0, 0, time.Time{}
	return c
}

// givenTo is the case after a claim, a transfer or a release. Who held it already
// holds it for no longer by a second claim.
func (c Case) givenTo(a StaffAction) Case {
	again := a.Change == CaseClaim && c.Agent != nil
	switch a.Change {
	case CaseRelease:
		return c.Released(a.At)
	case CaseTransfer:
		c.Agent = &a.To
	default:
		c.Agent = &a.Agent
	}
	c.State, c.Told, c.ToldAt = CaseClaimed, 0, time.Time{}
	if !again {
		c.HeldSince = a.At
	}
	if c.ClaimedAt.IsZero() {
		c.ClaimedAt = a.At
	}
	return c
}

// Released is the case back among the waiting ones.
func (c Case) Released(at time.Time) Case {
	c.State, c.Agent, c.HeldSince, c.SnoozedUntil = CaseWaiting, nil, time.Time{}, time.Time{}
	c.ChangedAt, c.Told, c.ToldAt = at, 0, at
	if c.AwaitsSince.IsZero() {
		c.AwaitsSince = at
	}
	return c
}

// Heard is the case after messages of its user. One that its agent has put aside
// is taken up again.
func (c Case) Heard(at time.Time, messages int) Case {
	if c.State == CasePending || c.State == CaseSnoozed {
		c.State, c.SnoozedUntil = CaseClaimed, time.Time{}
	}
	if c.AwaitsSince.IsZero() {
		c.AwaitsSince = at
	}
	c.LastUser, c.ChangedAt, c.Unanswered = at, at, c.Unanswered+messages
	return c
}

// ReadyChoice is the ID of the choice that ticks a place of the case's checklist.
func (c Case) ReadyChoice(place int) string {
	return ChoiceReady + strconv.Itoa(place) + ":" + c.ID
}

// WithReady is the case after the user took a choice: what of its checklist they say
// to have at hand is ticked. Any other choice changes nothing.
func (c Case) WithReady(choice string) Case {
	rest, isReady := strings.CutPrefix(choice, ChoiceReady)
	place, id, _ := strings.Cut(rest, ":")
	i, err := strconv.Atoi(place)
	if isReady && id == c.ID && err == nil && i >= 0 && i < len(c.Checklist) && !slices.Contains(c.Ready, i) {
		c.Ready = append(slices.Clone(c.Ready), i)
		slices.Sort(c.Ready)
	}
	return c
}

// Prepared is the checklist with what the user has ticked.
func (c Case) Prepared() []string {
	var out []string
	for i, item := range c.Checklist {
		mark := "☐ "
		if slices.Contains(c.Ready, i) {
			mark = "☑ "
		}
		out = append(out, mark+item)
	}
	return out
}

// Reopened is a closed case after a further message: with the agent who had it
// where staff work now, else among the waiting ones.
func (c Case) Reopened(at time.Time, open bool) Case {
	c.State, c.ClosedAt, c.Reminded, c.Told, c.ToldAt = CaseClaimed, time.Time{}, 0, 0, time.Time{}
	c.AwaitsSince, c.HeldSince, c.Unanswered = time.Time{}, at, 0
	if c.Agent == nil || !open {
		c = c.Released(at)
	}
	return c.Heard(at, 1)
}

// allows says why an action cannot be taken now.
func (c Case) allows(a StaffAction) error {
	mine := c.Agent != nil && c.Agent.ID == a.Agent.ID
	switch {
	case !c.State.Open():
		return ErrCaseNotOpen
	case c.Agent != nil && !mine:
		return ErrCaseHeld
	case a.Change != CaseClaim && !mine:
		return ErrCaseNotHeld
	case (a.Change == CaseReply || a.Change == CaseEdit) && a.Text == "" && len(a.Files) == 0:
		return ErrEmptyReply
	case a.Change == CaseTransfer && a.To.ID == "":
		return ErrUnknownStaff
	case a.Change == CaseSnooze && (!a.Until.After(a.At) || a.Until.Sub(a.At) > maxSnooze):
		return ErrBadTime
	}
	return nil
}
