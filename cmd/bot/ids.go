package main

import (
	"crypto/rand"
	"path/filepath"
)

// idAlphabet is Crockford's base 32: no letter that is read as another, since
// case numbers are read out on the phone.
const idAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const idLength = 10 // 50 bits: no two are equal in any database that one machine can hold

// newID makes an ID of random characters. crypto/rand.Read never fails.
func newID() string {
	b := make([]byte, idLength)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = idAlphabet[b[i]%32]
	}
	return string(b)
}

// databaseFile is where the embedded database lives.
func databaseFile(s *settings) string { return filepath.Join(s.Data, "bot.db") }
