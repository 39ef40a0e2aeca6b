package webchat

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"verihelp/internal/chat"
)

const (
	maxToken     = 4 << 10          // bytes
	maxTokenLife = 15 * time.Minute // from iat to exp: a stolen token is soon worth nothing
	tokenLeeway  = time.Minute      // between the clocks of two servers
	renewAhead   = time.Minute      // before exp: when a client is to bring a new token
	minKeyBytes  = 32               // RFC 7518, 3.2
	maxSubject   = 255              // bytes
	hashedPrefix = "acct#"
)

// AccountPrefix stands before the host's name of a signed-in person in addresses.
const AccountPrefix = "acct:"

// ParseKeys reads the host's signing keys, written "kid:base64" with commas or
// line breaks between them. Two live keys at a time let the host change them
// without a gap.
func ParseKeys(text string) (map[string][]byte, error) {
	keys := map[string][]byte{}
	for entry := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		kid, encoded, found := strings.Cut(entry, ":")
		if !found || !safe(kid) {
			return nil, errors.New("write each key as kid:base64secret, with commas between keys")
		}
		if keys[kid] != nil {
			return nil, fmt.Errorf("key %q is there twice", kid)
		}
		secret, err := decodeBase64(encoded)
		if err != nil {
			return nil, fmt.Errorf("key %q is not base64; `openssl rand -base64 32` makes a good one", kid)
		}
		if len(secret) < minKeyBytes {
			return nil, fmt.Errorf("key %q has %d bytes, %d at least are needed; `openssl rand -base64 32` makes a good one", kid, len(secret), minKeyBytes)
		}
		keys[kid] = secret
	}
	return keys, nil
}

// decodeBase64 takes both alphabets, with or without padding.
func decodeBase64(text string) ([]byte, error) {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	return base64.RawStdEncoding.DecodeString(text)
}

// verifier checks tokens that the host's server signed for a person.
type verifier struct {
	keys   map[string][]byte
	parser *jwt.Parser
}

func newVerifier(keys map[string][]byte, audience string, now func() time.Time) *verifier {
	return &verifier{keys: keys, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithAudience(audience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(tokenLeeway),
		jwt.WithTimeFunc(now),
		jwt.WithStrictDecoding(),
	)}
}

// account is who a token speaks for, and until when.
type account struct {
	address chat.Address
	expires time.Time
}

// verify returns whom a token speaks for. Where tokens are not set up, every
// token is a bad one: a person who means to be signed in is never taken for a
// stranger.
func (v *verifier) verify(token string) (account, *refusal) {
	if v == nil || len(token) > maxToken {
		return account{}, &refusal{code: codeBadToken}
	}
	var claims jwt.RegisteredClaims // a subject that is not a string fails to decode
	_, err := v.parser.ParseWithClaims(token, &claims, v.key)
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return account{}, &refusal{code: codeTokenExpired}
	case err != nil, claims.IssuedAt == nil, claims.ExpiresAt.Sub(claims.IssuedAt.Time) > maxTokenLife, !validSubject(claims.Subject):
		return account{}, &refusal{code: codeBadToken}
	}
	return account{accountAddress(claims.Subject), claims.ExpiresAt.Time}, nil
}

// key finds the key that a token names. No other is tried.
func (v *verifier) key(token *jwt.Token) (any, error) {
	kid, _ := token.Header["kid"].(string)
	if key, found := v.keys[kid]; found {
		return key, nil
	}
	return nil, errors.New("unknown kid")
}

func validSubject(sub string) bool {
	return sub != "" && len(sub) <= maxSubject && utf8.ValidString(sub) && strings.IndexFunc(sub, unicode.IsControl) < 0
}

// accountAddress is the address of an account of the host. Staff see the host's own
// name for it, as the host does in a webhook; one that would be awkward to show or
// to look up is hashed, behind a "#", and the host is not told of it.
func accountAddress(sub string) chat.Address {
	if safe(sub) {
		return chat.Address{Channel: Name, User: AccountPrefix + sub}
	}
	sum := sha256.Sum256([]byte("verihelp web account\n" + sub))
	return chat.Address{Channel: Name, User: hashedPrefix + hex.EncodeToString(sum[:16])}
}
