package webchat

import (
	"net/http"
	"net/netip"
	"time"

	"verihelp/internal/chat"
)

// What tests of the outside need from the inside.
var AddressOf = addressOf

// Peer is the network address that a request counts for.
func Peer(c *Channel, r *http.Request) netip.Addr { return c.peer(r) }

// Verifier returns the check of tokens for the audience "verihelp".
func Verifier(keys map[string][]byte, now func() time.Time) func(token string) (chat.Address, bool) {
	v := newVerifier(keys, "verihelp", now)
	return func(token string) (chat.Address, bool) {
		signedIn, refused := v.verify(token)
		return signedIn.address, refused == nil
	}
}

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
