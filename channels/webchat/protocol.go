package webchat

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"verihelp/internal/chat"
)

// Subprotocol is the version spoken; a client offers it at the handshake.
const Subprotocol = "verihelp.v1"

// Limits of the protocol.
const (
	MaxChars  = 30_000 // Unicode characters of one message
	maxID     = 64     // bytes of a client's message ID
	maxChoice = 200    // bytes of a choice's ID, which may name a section of an article
	maxLabel  = 200    // characters of a choice's text
	maxRemark = 1_000  // characters beside a rating
	maxStars  = 5
	maxLocale = 35 // bytes: the longest tag that RFC 5646 asks to allow for

	// maxFrame is a message of MaxChars in the longest form that JSON has for a
	// character, two escapes of 6 bytes each, and room for the rest.
	maxFrame = MaxChars*12 + 24<<10
	maxHello = 12 << 10 // a token, and a context in escapes
)

// Kinds of frames that clients send.
const (
	kindHello   = "hello"
	kindMessage = "message"
	kindChoice  = "choice"
	kindTyping  = "typing"
	kindContext = "context"
	kindToken   = "token"
	kindSeen    = "seen"
	kindRate    = "rate"
)

// received is a frame of a client, each kind using some of its fields. Unknown
// fields are ignored.
type received struct {
	Kind    string           `json:"kind"`
	Secret  string           `json:"secret"`
	Token   string           `json:"token"`
	Person  string           `json:"person"`
	LastSeq int64            `json:"last_seq"`
	Locale  string           `json:"locale"`
	Context chat.HostContext `json:"context"`
	ID      string           `json:"id"`
	Text    string           `json:"text"`
	Choice  string           `json:"choice"`
	Files   []string         `json:"files"`
	Seq     int64            `json:"seq"`
	Rating  int              `json:"rating"`
}

// refusal is why a frame was not taken; the connection stays.
type refusal struct {
	code  code
	id    string        // of the message refused, where it was readable
	retry time.Duration // when to try again, 0: not before it is changed
}

func (r *refusal) Error() string { return fmt.Sprintf("frame refused: %s", r.code) }

// decode reads one text frame. Whatever the bytes, it returns either a frame
// that is safe to use or a refusal.
func decode(data []byte) (received, *refusal) {
	if !utf8.Valid(data) {
		return received{}, &refusal{code: codeBadEncoding}
	}
	var f received
	if err := json.Unmarshal(data, &f); err != nil {
		return received{}, &refusal{code: codeBadFrame}
	}
	switch f.Kind {
	case kindHello:
		return f.hello()
	case kindMessage, kindChoice, kindRate:
		return f.said()
	case kindSeen:
		return received{Kind: kindSeen, Seq: max(f.Seq, 0)}, nil
	case kindTyping:
		return received{Kind: kindTyping}, nil
	case kindContext:
		return received{Kind: kindContext, Context: f.Context.Cleaned()}, nil
	case kindToken:
		return received{Kind: kindToken, Token: f.Token}, nil
	}
	return received{}, &refusal{code: codeUnknownKind, id: f.safeID()}
}

func (f received) hello() (received, *refusal) {
	if len(f.Locale) > maxLocale {
		f.Locale = ""
	}
	return received{
		Kind: f.Kind, Secret: f.Secret, Token: f.Token, Person: f.Person,
		LastSeq: max(f.LastSeq, 0), Locale: chat.CleanText(f.Locale), Context: f.Context.Cleaned(),
	}, nil
}

func (f received) said() (received, *refusal) {
	if !safe(f.ID) {
		return received{}, &refusal{code: codeBadID}
	}
	said := received{Kind: f.Kind, ID: f.ID, Text: chat.CleanText(f.Text)}
	chars := utf8.RuneCountInString(said.Text)
	switch {
	case f.Kind == kindRate && (f.Rating < 1 || f.Rating > maxStars), !safeFiles(f.Files):
		return received{}, &refusal{code: codeBadFrame, id: f.ID}
	case f.Kind == kindRate && chars > maxRemark:
		return received{}, &refusal{code: codeTooLong, id: f.ID}
	case f.Kind == kindRate:
		said.Rating = f.Rating
	case f.Kind == kindChoice && (!offered(f.Choice) || chars > maxLabel):
		return received{}, &refusal{code: codeBadFrame, id: f.ID}
	case f.Kind == kindChoice:
		said.Choice = f.Choice
	case chars > MaxChars:
		return received{}, &refusal{code: codeTooLong, id: f.ID}
	case blank(said.Text) && len(f.Files) == 0:
		return received{}, &refusal{code: codeEmpty, id: f.ID}
	default:
		said.Files = f.Files
	}
	return said, nil
}

// isSaid says that the frame becomes a message for the inbox.
func (f received) isSaid() bool {
	return f.Kind == kindMessage || f.Kind == kindChoice || f.Kind == kindRate
}

func (f received) safeID() string {
	if safe(f.ID) {
		return f.ID
	}
	return ""
}

// safe says that an ID has 1 to 64 characters, letters, digits and "-_.:" only.
func safe(id string) bool {
	if len(id) == 0 || len(id) > maxID {
		return false
	}
	for i := range len(id) {
		switch b := id[i]; {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9':
		case b == '-', b == '_', b == '.', b == ':':
		default:
			return false
		}
	}
	return true
}

// offered says that a choice's ID is one that a bot may have made: printable ASCII
// without spaces.
func offered(id string) bool {
	if len(id) == 0 || len(id) > maxChoice {
		return false
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return true
}

// Frames that the server sends.
type (
	welcomeFrame struct {
		Kind     string `json:"kind"` // "welcome"
		Reset    bool   `json:"reset"`
		Adopted  bool   `json:"adopted,omitempty"` // the secret's conversation is now the account's
		Person   string `json:"person"`            // differs when the person does
		MaxChars int    `json:"max_chars"`
		Beat     int    `json:"beat"`             // seconds between signs of life, rounded up
		Renew    int    `json:"renew,omitempty"`  // seconds until a new token should come
		MaxFile  int    `json:"max_file"`         // bytes
		Forget   bool   `json:"forget,omitempty"` // the person's data can be deleted
		Link     bool   `json:"link,omitempty"`   // there is a link to go on elsewhere
	}
	itemFrame struct {
		Kind    string         `json:"kind"` // "item"
		Seq     int64          `json:"seq"`
		From    chat.ItemKind  `json:"from"`
		At      time.Time      `json:"at"`
		ID      string         `json:"id,omitempty"`
		Text    string         `json:"text,omitempty"`
		Agent   string         `json:"agent,omitempty"`
		Lang    string         `json:"lang,omitempty"`
		Bubbles []chat.Bubble  `json:"bubbles,omitempty"`
		Choices []chat.Choice  `json:"choices,omitempty"`
		Case    *chat.CaseView `json:"case,omitempty"`
		Files   []chat.File    `json:"files,omitempty"`
		Edits   int64          `json:"edits,omitempty"` // this text stands instead of that item's
		Gone    bool           `json:"gone,omitempty"`  // with edits: that item was taken back
	}
	ackFrame struct {
		Kind string `json:"kind"` // "ack"
		ID   string `json:"id"`
	}
	errorFrame struct {
		Kind       string `json:"kind"` // "error"
		Code       code   `json:"code"`
		ID         string `json:"id,omitempty"`
		RetryAfter int    `json:"retry_after,omitempty"` // seconds, rounded up
		Text       string `json:"text"`
	}
	statusFrame struct {
		Kind       string `json:"kind"` // "status"
		State      string `json:"state"`
		RetryAfter int    `json:"retry_after,omitempty"` // seconds
		Renew      int    `json:"renew,omitempty"`       // as in the welcome
	}
	closeFrame struct {
		Kind   string `json:"kind"` // "close": what a socket's close frame says, on a stream
		Code   int    `json:"close_code"`
		Reason string `json:"reason,omitempty"`
	}
	forgottenFrame struct {
		Kind string `json:"kind"` // "forgotten"
	}
	linkFrame struct {
		Kind string `json:"kind"` // "link"
		URL  string `json:"url"`
	}
)

const (
	kindWelcome = "welcome"
	kindClose   = "close"
)

func newItem(item chat.Item) itemFrame {
	f := itemFrame{
		Kind: "item", Seq: item.Seq, From: item.Kind, At: item.At,
		ID: item.Message, Text: item.Text, Agent: item.Agent, Case: item.Case,
		Files: item.Files, Edits: item.Edits, Gone: item.Gone,
	}
	if item.Reply != nil {
		f.Lang, f.Bubbles, f.Choices = item.Reply.Lang, item.Reply.Bubbles, item.Reply.Choices
	}
	return f
}

// Values of statusFrame.State.
const (
	stateLive    = "live"    // everything missed was sent
	stateBeat    = "beat"    // a sign of life
	stateLeaving = "leaving" // the service restarts
	stateRenewed = "renewed" // the new token was taken
)

func newStatus(state string) statusFrame { return statusFrame{Kind: "status", State: state} }

func newAck(id string) ackFrame { return ackFrame{Kind: "ack", ID: id} }

// seconds rounds up, so that nobody comes back too early.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
