package slack

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// message is what we read of a message, from an event or from the history. Its
// blocks are decoded leniently, later.
type message struct {
	Type     string          `json:"type"`
	SubType  string          `json:"subtype"`
	Channel  string          `json:"channel"`
	User     string          `json:"user"`
	BotID    string          `json:"bot_id"`
	Text     string          `json:"text"`
	TS       string          `json:"ts"`
	ThreadTS string          `json:"thread_ts"`
	Blocks   json.RawMessage `json:"blocks"`
	Files    []sharedFile    `json:"files"`
	Edited   *struct {
		TS string `json:"ts"`
	} `json:"edited"`
	Metadata struct {
		EventType    string          `json:"event_type"`
		EventPayload json.RawMessage `json:"event_payload"`
	} `json:"metadata"`
	LatestReply string `json:"latest_reply"`

	Message   *message `json:"message"`          // message_changed
	Previous  *message `json:"previous_message"` // message_changed, message_deleted
	DeletedTS string   `json:"deleted_ts"`       // message_deleted
	EventTS   string   `json:"event_ts"`
}

// sharedFile is a file of a message.
type sharedFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Mode string `json:"mode"`
	Size int64  `json:"size"`
	URL  string `json:"url_private_download"`
}

// ownID is the ID that we put into the metadata of our own messages.
func (m message) ownID() string {
	var payload struct {
		ID string `json:"id"`
	}
	if m.Metadata.EventType != metadataType || json.Unmarshal(m.Metadata.EventPayload, &payload) != nil {
		return ""
	}
	return payload.ID
}

// said says that a person wrote this: not an edit, a join, or another app.
func (m message) said() bool {
	return (m.SubType == "" || m.SubType == "file_share" || m.SubType == "thread_broadcast") && m.User != "" && m.BotID == ""
}

// outer is an event of the Events API with its envelope.
type outer struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	EventID   string `json:"event_id"`
	Event     struct {
		message
		Tab string `json:"tab"` // app_home_opened
	} `json:"event"`
}

// decodeOuter reads an event; what it does not know stays empty.
func decodeOuter(raw []byte) (outer, error) {
	var o outer
	err := json.Unmarshal(raw, &o)
	return o, err
}

// interaction is a tap on a button or a submitted modal.
type interaction struct {
	Type    string `json:"type"`
	Trigger string `json:"trigger_id"`
	User    struct {
		ID string `json:"id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		MessageTS string `json:"message_ts"`
		ThreadTS  string `json:"thread_ts"`
	} `json:"container"`
	Actions []field `json:"actions"`
	View    struct {
		ID       string `json:"id"`
		Hash     string `json:"hash"`
		Callback string `json:"callback_id"`
		Private  string `json:"private_metadata"`
		State    struct {
			Values map[string]map[string]field `json:"values"` // block ID → action ID
		} `json:"state"`
	} `json:"view"`
}

// field is an element that was tapped or filled in.
type field struct {
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	Value    string `json:"value"`
	ActionTS string `json:"action_ts"`
	Selected struct {
		Value string `json:"value"`
	} `json:"selected_option"`
	User string `json:"selected_user"`
	Time int64  `json:"selected_date_time"`
}

func decodeInteraction(raw []byte) (interaction, error) {
	var i interaction
	err := json.Unmarshal(raw, &i)
	return i, err
}

// input is what a modal holds under an action ID, whichever block it is in.
func (i interaction) input(action string) field {
	for _, block := range i.View.State.Values {
		if f, ok := block[action]; ok {
			return f
		}
	}
	return field{}
}

// command is a slash command.
type command struct {
	User    string `json:"user_id"`
	Channel string `json:"channel_id"`
	Name    string `json:"command"`
	Text    string `json:"text"`
}

func decodeCommand(raw []byte) (command, error) {
	var c command
	err := json.Unmarshal(raw, &c)
	return c, err
}

// timeOf reads a message's ts, seconds with microseconds; zero if it is none.
func timeOf(ts string) time.Time {
	seconds, fraction, ok := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	us, err2 := strconv.ParseInt(fraction, 10, 64)
	if !ok || len(fraction) != 6 || err != nil || err2 != nil || s <= 0 || us < 0 {
		return time.Time{}
	}
	return time.Unix(s, us*1000).UTC()
}

// tsOf is the ts of a time.
func tsOf(t time.Time) string {
	us := t.UnixMicro()
	return strconv.FormatInt(us/1e6, 10) + "." + leftPad(strconv.FormatInt(us%1e6, 10))
}

func leftPad(digits string) string { return strings.Repeat("0", max(0, 6-len(digits))) + digits }
