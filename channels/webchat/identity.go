package webchat

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"verihelp/internal/chat"
)

// Adopter is an Inbox that can move a conversation: what an anonymous person said
// becomes part of the account's conversation after the person has signed in. The
// channel calls it only for someone who holds the secret of from and a valid
// token of to, once a hello. Two tabs may say theirs at the same time: the second
// call finds nothing to move, and that is no error.
type Adopter interface {
	Adopt(ctx context.Context, from, to chat.Address) error
}

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

// person is who speaks on a connection, proved by a hello.
type person struct {
	who     chat.Address
	locale  string
	context chat.HostContext
	expires time.Time // of the token; zero without one
	adopted bool      // the anonymous conversation is now the account's
}

// tag lets a client notice that the person has changed. It gives no access.
func (p person) tag() string {
	sum := sha256.Sum256([]byte("verihelp web tag\n" + p.who.User))
	return hex.EncodeToString(sum[:6])
}

// identify proves who a hello is from. A token decides where there is one; a bad
// one is refused even if a good secret comes with it.
func (c *Channel) identify(ctx context.Context, hello received) (person, *refusal) {
	p := person{locale: hello.Locale, context: hello.Context}
	if hello.Token == "" {
		return c.anonymous(p, hello)
	}
	signedIn, refused := c.tokens.verify(hello.Token)
	if refused != nil {
		return person{}, refused
	}
	p.who, p.expires = signedIn.address, signedIn.expires
	if from, ok := addressOf(hello.Secret); ok {
		p.adopted = c.adopt(ctx, from, p.who)
	}
	return p, nil
}

func (c *Channel) anonymous(p person, hello received) (person, *refusal) {
	if c.cfg.TokenRequired {
		return person{}, &refusal{code: codeSignIn}
	}
	who, ok := addressOf(hello.Secret)
	if !ok {
		return person{}, &refusal{code: codeBadSecret}
	}
	p.who = who
	return p, nil
}

// adopt moves an anonymous conversation to the account whose person holds its
// secret, and ends what is still connected as the stranger. Where that fails, or
// the inbox cannot do it, the client keeps its secret and may try again.
func (c *Channel) adopt(ctx context.Context, from, to chat.Address) bool {
	inbox, able := c.inbox.(Adopter)
	if !able {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.WriteTimeout)
	defer cancel()
	if err := inbox.Adopt(ctx, from, to); err != nil {
		c.cfg.Logger.Error("conversation not adopted", "channel", Name, "error", err)
		return false
	}
	for _, conn := range c.connected(from) {
		conn.leave(closeUnproved, "moved to an account")
	}
	for _, conn := range c.connected(to) {
		conn.push(outgoing{resume: true, reset: true})
	}
	return true
}
