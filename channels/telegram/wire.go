package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"verihelp/internal/chat"
)

// update is what is read of an update, and nothing else: what the Bot API adds
// can break nothing. It is hostile until onUpdate has looked at it.
type update struct {
	ID       int64    `json:"update_id"`
	Message  *message `json:"message"`
	Edited   *message `json:"edited_message"`
	Tap      *tap     `json:"callback_query"`
	MyMember *member  `json:"my_chat_member"`
}

type person struct {
	ID     int64  `json:"id"`
	IsBot  bool   `json:"is_bot"`
	Locale string `json:"language_code"`
}

type place struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type message struct {
	ID       int64     `json:"message_id"`
	From     *person   `json:"from"`
	Chat     place     `json:"chat"`
	Date     int64     `json:"date"`
	EditDate int64     `json:"edit_date"`
	Text     string    `json:"text"`
	Caption  string    `json:"caption"`
	Album    string    `json:"media_group_id"`
	Photo    []picture `json:"photo"`
	Document *document `json:"document"`
	unreadable
}

// unreadable are kinds of content that only the kind is read of.
type unreadable struct {
	Sticker   json.RawMessage `json:"sticker"`
	Animation json.RawMessage `json:"animation"`
	Dice      json.RawMessage `json:"dice"`
	Voice     json.RawMessage `json:"voice"`
	Audio     json.RawMessage `json:"audio"`
	Video     json.RawMessage `json:"video"`
	VideoNote json.RawMessage `json:"video_note"`
	Location  json.RawMessage `json:"location"`
	Venue     json.RawMessage `json:"venue"`
	Contact   json.RawMessage `json:"contact"`
	Poll      json.RawMessage `json:"poll"`
	Story     json.RawMessage `json:"story"`
}

type picture struct {
	FileID string `json:"file_id"`
	Size   int64  `json:"file_size"`
	Width  int    `json:"width"`
}

type document struct {
	FileID string `json:"file_id"`
	Name   string `json:"file_name"`
	Size   int64  `json:"file_size"`
}

type tap struct {
	ID      string   `json:"id"`
	From    person   `json:"from"`
	Message *message `json:"message"` // may be too old to hold more than its ID
	Data    string   `json:"data"`
}

type member struct {
	Chat place  `json:"chat"`
	New  status `json:"new_chat_member"`
}

type status struct {
	Status string `json:"status"`
}

// decode reads one update. Beside an error it returns the update's ID, where
// that was readable, so that it can be passed over.
func decode(raw []byte) (update, error) {
	var u update
	if err := json.Unmarshal(raw, &u); err != nil {
		var id struct {
			ID int64 `json:"update_id"`
		}
		_ = json.Unmarshal(raw, &id) // 0 if not even that is there
		return update{ID: id.ID}, errors.New("decode update: it has not the form that the Bot API documents")
	}
	if u.ID <= 0 {
		return update{}, fmt.Errorf("decode update: no ID")
	}
	return u, nil
}

// said is what somebody wrote, or wrote anew; nil for any other update.
func (u update) said() *message {
	if u.Message != nil {
		return u.Message
	}
	return u.Edited
}

// sameAlbum says that two updates are messages of one album.
func (u update) sameAlbum(other update) bool {
	return u.Message != nil && other.Message != nil && u.Message.Album != "" && u.Message.Album == other.Message.Album
}

// chat is where an update belongs; 0 if to none.
func (u update) chat() int64 {
	switch {
	case u.said() != nil:
		return u.said().Chat.ID
	case u.Tap != nil:
		return u.Tap.From.ID
	case u.MyMember != nil:
		return u.MyMember.Chat.ID
	}
	return 0
}

// freshFor is the age up to which a message counts as written now: Telegram's
// times have whole seconds, which would put it before what was done just then.
const freshFor = time.Minute

// at is when a message was written, by Telegram's clock where it had to wait.
func (m message) at(now time.Time) time.Time {
	seconds := m.Date
	if m.EditDate > 0 {
		seconds = m.EditDate
	}
	if sent := time.Unix(seconds, 0); seconds > 0 && now.Sub(sent) > freshFor {
		return sent.In(now.Location())
	}
	return now
}

func (m message) words() string {
	if m.Text != "" {
		return m.Text
	}
	return m.Caption
}

// maxLocale is the longest language tag that RFC 5646 asks to allow for, in bytes.
const maxLocale = 35

func (p person) locale() string {
	if len(p.Locale) > maxLocale {
		return ""
	}
	return chat.CleanText(p.Locale)
}
