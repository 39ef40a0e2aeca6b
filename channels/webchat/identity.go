package webchat

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"

	"verihelp/internal/chat"
)

// secretBytes is the entropy of a session's secret: 256 bits cannot be guessed,
// so that holding it is all the proof that is needed.
const secretBytes = 32

func newSecret(random io.Reader) (string, error) {
	secret := make([]byte, secretBytes)
	if _, err := io.ReadFull(random, secret); err != nil {
		return "", fmt.Errorf("make session secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(secret), nil
}

// addressOf is the address of whoever holds a secret. It is a hash of it, under
// a name of its own: an address, which staff and logs may see, gives no access.
func addressOf(secret string) (chat.Address, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil || len(raw) != secretBytes {
		return chat.Address{}, false
	}
	sum := sha256.Sum256(append([]byte("verihelp web session\n"), raw...))
	return chat.Address{Channel: Name, User: hex.EncodeToString(sum[:16])}, true
}
