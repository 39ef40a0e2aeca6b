package chat

import (
	"errors"
	"fmt"
	"time"
)

// CaseState is where a case stands.
type CaseState string

// Case states: bot → waiting → claimed → handed back or closed.
const (
	CaseWaiting    CaseState = "waiting"
	CaseClaimed    CaseState = "claimed"
	CaseHandedBack CaseState = "handed_back"
	CaseClosed     CaseState = "closed"
	CaseCancelled  CaseState = "cancelled" // the user took it back
)

// Open says that a person has, or will take, the conversation: the bot is silent.
func (s CaseState) Open() bool { return s == CaseWaiting || s == CaseClaimed }

// CaseChange is what was done to a case.
type CaseChange string

// Case changes.
const (
	CaseOpened   CaseChange = "open"
	CaseClaim    CaseChange = "claim"
	CaseRelease  CaseChange = "release"
	CaseHandBack CaseChange = "hand_back"
	CaseClose    CaseChange = "close"
	CaseCancel   CaseChange = "cancel"
	CaseReply    CaseChange = "reply"   // staff wrote to the user
	CaseMessage  CaseChange = "message" // the user wrote while the case is open
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
}

// View is what the user may know.
func (c Case) View() *CaseView {
	v := &CaseView{ID: c.ID, State: c.State}
	if c.Agent != nil {
		v.Agent = c.Agent.Name
	}
	return v
}

// StaffAction is something a member of staff did on a desk. Text is as typed
// until bot.Handle masks it.
type StaffAction struct {
	ID     string     `json:"id"` // unique for its case; a repeated ID changes nothing
	CaseID string     `json:"case_id"`
	Agent  Agent      `json:"agent"`
	Change CaseChange `json:"change"` // claim, release, reply, hand_back, close
	Text   string     `json:"text,omitempty"`
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
)

// Act applies a staff action and returns the case afterwards; the case given is
// not changed. Claiming what one already holds is allowed, so that a second tap
// does no harm.
func (c Case) Act(a StaffAction) (Case, error) {
	if a.Agent.ID == "" {
		return c, ErrUnknownStaff
	}
	if !c.State.Open() {
		return c, ErrCaseNotOpen
	}
	mine := c.Agent != nil && c.Agent.ID == a.Agent.ID
	switch {
	case c.Agent != nil && !mine:
		return c, ErrCaseHeld
	case a.Change != CaseClaim && !mine:
		return c, ErrCaseNotHeld
	}
	c.ChangedAt = a.At
	switch a.Change {
	case CaseClaim:
		c.State, c.Agent = CaseClaimed, &a.Agent
	case CaseRelease:
		c.State, c.Agent = CaseWaiting, nil
	case CaseReply:
		if a.Text == "" {
			return c, ErrEmptyReply
		}
		c.LastStaff, c.Unanswered = a.At, 0
	case CaseHandBack:
		c.State = CaseHandedBack
	case CaseClose:
		c.State = CaseClosed
	default:
		return c, fmt.Errorf("a desk cannot %q a case", a.Change)
	}
	return c, nil
}
