package store

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
)

// Sealed bodies: a byte that says so, a nonce, then AES-256-GCM. What was written
// before there were keys is plain JSON, which begins with "{".
const (
	sealedMark = 0x01
	nonceSize  = 12
	keySize    = 32 // bytes of a person's key and of the master key
)

// Errors of keys.
var (
	errNoKey     = errors.New("the person's key was destroyed")
	errMasterKey = errors.New("BOT_DATA_KEY is not the key that this database was locked with")
	errLocked    = errors.New("this database is locked with a BOT_DATA_KEY, and none is set")
)

// vault makes the keys with which people's words are sealed, one a conversation.
// A master key, where there is one, locks those keys in turn, so that a stolen
// database or backup tells nothing.
type vault struct {
	master cipher.AEAD // nil: keys are kept as they are
	random io.Reader
}

func newVault(master []byte, random io.Reader) (vault, error) {
	if len(master) == 0 {
		return vault{random: random}, nil
	}
	aead, err := newAEAD(master)
	return vault{master: aead, random: random}, err
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != keySize {
		return nil, fmt.Errorf("a key has %d bytes, this one %d", keySize, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// newKey makes a person's key: as it is stored, and ready for use.
func (v vault) newKey() (stored []byte, p personal, err error) {
	key := make([]byte, keySize)
	if _, err := io.ReadFull(v.random, key); err != nil {
		return nil, personal{}, fmt.Errorf("make a key: %w", err)
	}
	if stored, err = v.lock(key); err != nil {
		return nil, personal{}, err
	}
	p, err = v.open(stored)
	return stored, p, err
}

// lock is a key as it is stored.
func (v vault) lock(key []byte) ([]byte, error) {
	if v.master == nil {
		return key, nil
	}
	return seal(v.master, v.random, key)
}

// open makes a stored key ready for use; without one, only plain bodies can be read.
func (v vault) open(stored []byte) (personal, error) {
	if len(stored) == 0 {
		return personal{}, nil
	}
	key := stored
	if len(stored) != keySize {
		var err error
		if key, err = v.unlock(stored); err != nil {
			return personal{}, err
		}
	}
	aead, err := newAEAD(key)
	return personal{aead: aead, random: v.random}, err
}

func (v vault) unlock(stored []byte) ([]byte, error) {
	if v.master == nil {
		return nil, errLocked
	}
	key, err := unseal(v.master, stored)
	if err != nil {
		return nil, errMasterKey
	}
	return key, nil
}

// personal seals and opens what belongs to one person.
type personal struct {
	aead   cipher.AEAD // nil: there is no key, bodies are plain
	random io.Reader
}

func (p personal) seal(body []byte) ([]byte, error) {
	if p.aead == nil {
		return body, nil
	}
	return seal(p.aead, p.random, body)
}

func (p personal) open(body []byte) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{sealedMark}) {
		return body, nil
	}
	if p.aead == nil {
		return nil, errNoKey
	}
	return unseal(p.aead, body)
}

func seal(aead cipher.AEAD, random io.Reader, body []byte) ([]byte, error) {
	out := make([]byte, 1+nonceSize, 1+nonceSize+len(body)+aead.Overhead())
	out[0] = sealedMark
	if _, err := io.ReadFull(random, out[1:]); err != nil {
		return nil, fmt.Errorf("make a nonce: %w", err)
	}
	return aead.Seal(out, out[1:], body, nil), nil
}

func unseal(aead cipher.AEAD, sealed []byte) ([]byte, error) {
	if len(sealed) < 1+nonceSize {
		return nil, io.ErrUnexpectedEOF
	}
	return aead.Open(nil, sealed[1:1+nonceSize], sealed[1+nonceSize:], nil)
}
