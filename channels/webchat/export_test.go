package webchat

// What tests of the outside need from the inside.
var (
	AddressOf = addressOf
	Clean     = clean
)

// Decode returns what decode made of a frame, or the code of its refusal.
func Decode(data []byte) (kind, id, text, choice string, lastSeq int64, refused string) {
	f, r := decode(data)
	if r != nil {
		return "", "", "", "", 0, string(r.code)
	}
	return f.Kind, f.ID, f.Text, f.Choice, f.LastSeq, ""
}

// Sentence is the text of an error frame.
func Sentence(refused, locale string) string {
	return newError(&refusal{code: code(refused)}, locale).Text
}
