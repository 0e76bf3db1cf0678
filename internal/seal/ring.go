package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// The ways in which a text does not open, or keys are none.
var (
	ErrNoKey      = errors.New("no key")
	ErrUnknownKey = errors.New("sealed with a key that is not here")
	ErrBroken     = errors.New("not sealed by us, changed since, or about something else")
)

// keySize is that of AES-256, in bytes.
const keySize = 32

// version begins what is sealed.
const version = "seal1"

// A Ring seals and opens. It may be used by many goroutines. Make one with
// [Parse] or [Load].
type Ring struct{ keys []key }

type key struct {
	id   string
	aead cipher.AEAD
}

// NewKey returns a new key, as Parse reads it.
func NewKey() string {
	var raw [keySize]byte
	rand.Read(raw[:]) // never fails
	return base64.StdEncoding.EncodeToString(raw[:])
}

// Parse reads keys, one a line in base64, the first to seal with. Empty lines and
// those that begin with # are left out. An error never holds what was read.
func Parse(text string) (*Ring, error) {
	r := &Ring{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		k, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("key on line %d: %w", n, err)
		}
		for _, other := range r.keys {
			if other.id == k.id {
				return nil, fmt.Errorf("key on line %d: it is there already", n)
			}
		}
		r.keys = append(r.keys, k)
	}
	if len(r.keys) == 0 {
		return nil, ErrNoKey
	}
	return r, nil
}

var errNotAKey = errors.New("it must be 32 bytes in base64, as openssl rand -base64 32 prints them")

func parse(line string) (key, error) {
	raw, err := base64.StdEncoding.DecodeString(line)
	if err != nil || len(raw) != keySize {
		return key{}, errNotAKey // the decoder's own error tells of the text
	}
	if bytes.Count(raw, raw[:1]) == keySize {
		return key{}, errors.New("it is one byte over and over")
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return key{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return key{}, err
	}
	sum := sha256.Sum256(append([]byte("caseline key id\x00"), raw...))
	return key{id: hex.EncodeToString(sum[:4]), aead: aead}, nil
}

// IDs are the ids of the keys, the first of that which seals. They follow from
// the keys and tell nothing of them.
func (r *Ring) IDs() []string {
	var all []string
	for _, k := range r.keys {
		all = append(all, k.id)
	}
	return all
}

// Seal seals a secret that is about something, such as "bot token of T1". What it
// returns can be kept as text, and differs each time.
func (r *Ring) Seal(secret []byte, about string) string {
	k := r.keys[0]
	sealed := k.aead.Seal(nil, nil, secret, bound(k.id, about))
	return version + ":" + k.id + ":" + base64.RawStdEncoding.EncodeToString(sealed)
}

// Open returns the secret that was sealed about something. The error is
// ErrUnknownKey or ErrBroken.
func (r *Ring) Open(sealed, about string) ([]byte, error) {
	id, body, err := split(sealed)
	if err != nil {
		return nil, err
	}
	for _, k := range r.keys {
		if k.id != id {
			continue
		}
		secret, err := k.aead.Open(nil, nil, body, bound(id, about))
		if err != nil {
			return nil, ErrBroken
		}
		return secret, nil
	}
	return nil, fmt.Errorf("key %s: %w", id, ErrUnknownKey)
}

// Stale reports whether a text is sealed with another key than that which seals
// now, and so is to be sealed anew. It is true for what is not sealed at all.
func (r *Ring) Stale(sealed string) bool {
	id, _, err := split(sealed)
	return err != nil || id != r.keys[0].id
}

// split takes a sealed text apart.
func split(sealed string) (id string, body []byte, err error) {
	parts := strings.Split(sealed, ":")
	if len(parts) != 3 || parts[0] != version || len(parts[1]) != 8 {
		return "", nil, ErrBroken
	}
	if body, err = base64.RawStdEncoding.Strict().DecodeString(parts[2]); err != nil || strings.ContainsAny(parts[2], "\r\n") {
		return "", nil, ErrBroken
	}
	return parts[1], body, nil
}

// bound is what a sealed text is bound to. No id has a NUL.
func bound(id, about string) []byte { return []byte(version + "\x00" + id + "\x00" + about) }

// String names the keys by their ids.
func (r *Ring) String() string { return "keys " + strings.Join(r.IDs(), ", ") }

// Format prints as String does, whatever the verb: a cipher holds its key.
func (r *Ring) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, r.String()) }

// LogValue logs what String returns.
func (r *Ring) LogValue() slog.Value { return slog.StringValue(r.String()) }
