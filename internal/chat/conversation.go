package chat

import (
	"strconv"
	"time"
)

// Conversation is everything remembered of one address. It is built from an
// append-only list of events: Apply folds one event into it, and replaying all
// of them gives the stored conversation again.
type Conversation struct {
	ID      string  `json:"id"`
	Address Address `json:"address"`
	LastSeq int64   `json:"last_seq"`       // sequence number of the last item of its log
	Cases   int     `json:"cases"`          // how many cases it has had; numbers the next one
	Memory  Memory  `json:"memory"`         // what the dialogue engine keeps between turns
	Case    *Case   `json:"case,omitempty"` // the open case, if any

	Ended     *Case     `json:"ended,omitempty"`        // the last case that ended; reopened or rated
	Delivered int64     `json:"delivered,omitempty"`    // the last item of staff that the user's client has
	Blocked   time.Time `json:"blocked_until,omitzero"` // an abuser is not served until then
}

// Memory is the dialogue's state between turns; only package dialogue writes it.
type Memory struct {
	Lang      string    `json:"lang,omitempty"`       // locale of the last reply
	LangFixed string    `json:"lang_fixed,omitempty"` // locale the user asked for, beats all else
	Topic     *Topic    `json:"topic,omitempty"`      // what is being talked about
	Earlier   []Topic   `json:"earlier,omitempty"`    // topics set aside unsolved, the newest last
	Offered   []Choice  `json:"offered,omitempty"`    // choices of the last reply, for answers by number or words
	Opened    bool      `json:"opened,omitempty"`     // the two first checks of the article were told
	At        time.Time `json:"at,omitzero"`          // time of the last turn
	Warned    []string  `json:"warned,omitempty"`     // kinds of secrets that the last reply warned of

	FilesWarned string `json:"files_warned,omitempty"` // the case in which the user was told what not to attach
}

// Topic is one problem under discussion.
type Topic struct {
	Category string             `json:"category,omitempty"` // the category answered or asked about; empty while unknown
	Belief   map[string]float64 `json:"belief,omitempty"`   // posterior over categories
	Question string             `json:"question,omitempty"` // ID of the question now waiting for an answer
	Put      []string           `json:"put,omitempty"`      // IDs of questions put so far
	Failed   []string           `json:"failed,omitempty"`   // categories ruled out: denied, or their advice did not help
	Answered []string           `json:"answered,omitempty"` // categories whose advice was given
	Said     []string           `json:"said,omitempty"`     // sections already quoted
	Facts    []string           `json:"facts,omitempty"`    // what was computed, as lines for the staff
	Verdict  string             `json:"verdict,omitempty"`  // what the last fact came to
	Span     *Span              `json:"span,omitempty"`     // the days that an unclear date left possible, while the exact one is asked
}

// Span is a stretch of days, both included, as UTC midnights.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// EventKind names what happened.
type EventKind string

// Event kinds.
const (
	EventTurn EventKind = "turn" // the engine took a turn
	EventCase EventKind = "case" // a case changed
	EventSeen EventKind = "seen" // the user's client has staff's words
)

// Event is one entry of the append-only list from which a conversation is built.
type Event struct {
	ID     string     `json:"id"`
	Kind   EventKind  `json:"kind"`
	At     time.Time  `json:"at"`
	Memory *Memory    `json:"memory,omitempty"` // the dialogue's state afterwards, where it changed
	Trace  *Trace     `json:"trace,omitempty"`  // EventTurn: how the decision was made
	Case   *Case      `json:"case,omitempty"`   // EventCase: the case afterwards
	Change CaseChange `json:"change,omitempty"` // EventCase: what was done
	Seen   int64      `json:"seen,omitempty"`   // EventSeen: the last item the client has
}

// Apply folds one event into the conversation.
func (c Conversation) Apply(e Event) Conversation {
	if e.Memory != nil {
		c.Memory = *e.Memory
	}
	switch e.Kind {
	case EventCase:
		c = c.applyCase(e)
	case EventSeen:
		c.Delivered = max(c.Delivered, e.Seen)
	}
	return c
}

// BlockTime is how long a blocked person is not served.
const BlockTime = 24 * time.Hour

func (c Conversation) applyCase(e Event) Conversation {
	switch e.Change {
	case CaseOpened:
		c.Cases++
	case CaseBlock:
		c.Blocked = e.At.Add(BlockTime)
	}
	switch {
	case e.Case == nil:
		c.Case = nil
	case c.Case != nil && c.Case.ID != e.Case.ID: // a word on another one, or the past of one who was adopted
	case e.Case.State.Open():
		c.Case, c.Ended = e.Case, nil
	case e.Change == CaseLabel && !c.isLast(*e.Case): // a word on an old case changes nothing here
	default:
		c.Case, c.Ended = nil, e.Case
	}
	return c
}

// isLast says that a case is the one open now, or else the last that ended.
func (c Conversation) isLast(k Case) bool {
	last := c.Latest()
	return last != nil && last.ID == k.ID
}

// Latest is the open case, or else the last that ended; nil if there was none.
func (c Conversation) Latest() *Case {
	if c.Case != nil {
		return c.Case
	}
	return c.Ended
}

// Trace says how one turn was decided, in enough detail to print it years later.
type Trace struct {
	Action       Action    `json:"action"`
	Category     string    `json:"category"`           // what the reply is about
	Rule         string    `json:"rule"`               // the named predicate that decided
	Top          []Guess   `json:"top,omitempty"`      // the classifier's best classes for this message, best first
	Belief       []Guess   `json:"belief,omitempty"`   // the posterior after this turn, best first
	Question     string    `json:"question,omitempty"` // ID of the question asked
	Gain         float64   `json:"gain,omitempty"`     // its expected information gain, bits
	Sections     []string  `json:"sections,omitempty"` // article sections quoted
	Facts        []string  `json:"facts,omitempty"`    // what was computed, without the user's words
	Masked       []string  `json:"masked,omitempty"`   // kinds of secrets masked
	Script       string    `json:"script"`             // of the message: hans, hant, mixed, none
	Lang         string    `json:"lang"`               // of the reply
	Model        string    `json:"model"`              // hash of the classifier's weights
	Knowledge    string    `json:"knowledge"`          // hash of articles, categories and questions
	MessageIDs   []string  `json:"message_ids"`        // what the turn answered
	Clock        time.Time `json:"clock"`              // the time used
	CaseID       string    `json:"case_id,omitempty"`  // the case open after the turn
	EvidenceSize int       `json:"evidence,omitempty"` // characters of the message the decision saw
}

// Guess is a category with its probability, 0 to 1.
type Guess struct {
	Category string  `json:"category"`
	P        float64 `json:"p"`
}

// Turn is what the engine decided: the reply, and what must happen beside it.
type Turn struct {
	Reply  Reply
	Trace  Trace
	Memory Memory
	Open   *Case // open this case (its ID is already set), or the one that ended once more
	Cancel bool  // close the open case: the user takes the hand-over back
	Rating int   // 1 to 5 stars for the case that ended last; 0 for none
}

// ItemKind is who speaks in one entry of a conversation's log.
type ItemKind string

// Item kinds.
const (
	FromUser  ItemKind = "user"
	FromBot   ItemKind = "bot"
	FromStaff ItemKind = "staff"
	Notice    ItemKind = "notice" // something about the case, said by the service
)

// Item is one entry of the log that a user's devices show: committed first,
// delivered after, repaired by reading on from the last sequence number seen.
type Item struct {
	Seq     int64     `json:"seq"` // 1, 2, 3 … within the conversation, without gaps
	Kind    ItemKind  `json:"kind"`
	At      time.Time `json:"at"`
	Message string    `json:"message,omitempty"`  // FromUser: the client's message ID
	Text    string    `json:"text,omitempty"`     // FromUser (masked) and FromStaff (as typed)
	Agent   string    `json:"agent,omitempty"`    // FromStaff: name shown to the user
	AgentID string    `json:"agent_id,omitempty"` // FromStaff: who wrote it; not for clients
	Reply   *Reply    `json:"reply,omitempty"`    // FromBot and Notice
	Case    *CaseView `json:"case,omitempty"`     // the case after this item, where it changed
	Files   []File    `json:"files,omitempty"`    // FromUser and FromStaff
	Edits   int64     `json:"edits,omitempty"`    // FromStaff: this item's text stands instead of that item's
	Gone    bool      `json:"gone,omitempty"`     // with Edits: staff took that item back
}

// CaseView is what the user may know of a case.
type CaseView struct {
	ID    string    `json:"id"`
	State CaseState `json:"state"`
	Agent string    `json:"agent,omitempty"`
}

// PlainText is the item's text whoever speaks.
func (i Item) PlainText() string {
	if i.Reply != nil {
		return i.Reply.Text()
	}
	return i.Text
}

func stepNumber(n int) string { return strconv.Itoa(n) + ". " }

// Commit is everything one turn leaves behind, written in one transaction or
// not at all.
type Commit struct {
	MessageIDs []string // remembered, so that a repetition changes nothing
	Items      []Item   // appended to the log; the store numbers them
	Events     []Event  // appended, and folded into the conversation

	// Outbox names where the commit's items, and the case's change, must be
	// delivered by a remote API. The store completes each row: ID, items, times.
	Outbox []Delivery

	// Blank names earlier items whose words and attachments go, because staff put
	// others in their place or took them back.
	Blank []int64
}
