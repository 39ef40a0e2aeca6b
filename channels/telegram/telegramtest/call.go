package telegramtest

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
	"unicode/utf16"
)

// call is what a method was called with, whatever the encoding.
type call struct {
	fields map[string]string
	files  map[string]File
}

// File is a file that was sent.
type File struct {
	Name string
	Body []byte
}

// parse reads multipart forms, URL-encoded forms and JSON, and no body at all.
func parse(r *http.Request) call {
	c := call{fields: map[string]string{}, files: map[string]File{}}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		var values map[string]json.RawMessage
		_ = json.NewDecoder(r.Body).Decode(&values) // what is missing is refused by the method
		for name, raw := range values {
			c.fields[name] = string(raw)
			var text string
			if json.Unmarshal(raw, &text) == nil {
				c.fields[name] = text
			}
		}
		return c
	}
	if r.ParseMultipartForm(64<<20) != nil { // the library sends the header without a body, too
		return c
	}
	for name, values := range r.Form {
		c.fields[name] = values[0]
	}
	if r.MultipartForm == nil {
		return c
	}
	for name, headers := range r.MultipartForm.File {
		file, err := headers[0].Open()
		if err != nil {
			continue
		}
		body, _ := io.ReadAll(file)
		_ = file.Close()
		c.files[name] = File{headers[0].Filename, body}
	}
	return c
}

func (c call) number(name string) int64 {
	n, _ := strconv.ParseInt(c.fields[name], 10, 64)
	return n
}

// replyTo is the message that a call answers; 0 if it answers none.
func (c call) replyTo() int64 {
	var reply struct {
		ID int64 `json:"message_id"`
	}
	_ = json.Unmarshal([]byte(c.fields["reply_parameters"]), &reply) // 0 where there are none
	return reply.ID
}

// Entity is a style of a part of a text, in UTF-16 units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url"`
}

// Button is a button below a message.
type Button struct {
	Text     string          `json:"text"`
	Data     string          `json:"callback_data"`
	URL      string          `json:"url"`
	CopyText json.RawMessage `json:"copy_text"`
}

// text reads text and entities as sendMessage takes them.
func (c call) text() (text string, entities []Entity, refused *refusal) {
	text = c.fields["text"]
	units := len(utf16.Encode([]rune(text)))
	switch {
	case units == 0:
		return "", nil, refuse(http.StatusBadRequest, "Bad Request: message text is empty")
	case units > 4096:
		return "", nil, refuse(http.StatusBadRequest, "Bad Request: message is too long")
	}
	if raw := c.fields["entities"]; raw != "" {
		if json.Unmarshal([]byte(raw), &entities) != nil {
			return "", nil, refuse(http.StatusBadRequest, "Bad Request: can't parse entities: not JSON")
		}
	}
	for _, e := range entities {
		if !bounded(text, e) {
			return "", nil, refuse(http.StatusBadRequest, "Bad Request: ENTITY_BOUNDS_INVALID")
		}
	}
	return text, entities, nil
}

// bounded says that an entity begins and ends at characters of the text.
func bounded(text string, e Entity) bool {
	begins, ends, at := false, false, 0
	for _, r := range text {
		begins = begins || at == e.Offset
		at += utf16.RuneLen(r)
		ends = ends || at == e.Offset+e.Length
	}
	return begins && ends && e.Length > 0
}

// buttons reads an inline keyboard.
func (c call) buttons() (rows [][]Button, refused *refusal) {
	raw := c.fields["reply_markup"]
	if raw == "" {
		return nil, nil
	}
	var markup struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	if json.Unmarshal([]byte(raw), &markup) != nil {
		return nil, refuse(http.StatusBadRequest, "Bad Request: can't parse reply keyboard markup JSON object")
	}
	for _, row := range markup.Rows {
		for _, b := range row {
			switch {
			case b.Text == "" || b.CopyText != nil || (b.Data == "") == (b.URL == ""):
				return nil, refuse(http.StatusBadRequest, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
			case len(b.Data) > 64:
				return nil, refuse(http.StatusBadRequest, "Bad Request: BUTTON_DATA_INVALID")
			}
		}
	}
	return markup.Rows, nil
}
