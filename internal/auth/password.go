package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is how much work one password hash takes.
type Cost struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// defaultCost takes about 30 ms of one core; the OWASP minimum for argon2id.
func defaultCost() Cost { return Cost{Memory: 19 * 1024, Passes: 2, Threads: 1} }

const (
	saltBytes = 16
	keyBytes  = 32
	// maxMemory bounds what a stored hash can make us allocate, in KiB.
	maxMemory = 1 << 20
)

var errMalformedHash = errors.New("malformed password hash")

// A hasher computes password hashes, a few at a time.
type hasher struct {
	cost  Cost
	slots chan struct{} // holds one value for each hash being computed
}

func newHasher(cost Cost, atOnce int) *hasher {
	return &hasher{cost: cost, slots: make(chan struct{}, atOnce)}
}

// hash returns password's hash as a PHC string.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails: the runtime stops the program first
	key, err := h.key(ctx, password, salt, h.cost, keyBytes)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, h.cost.Memory, h.cost.Passes, h.cost.Threads, b64(salt), b64(key)), nil
}

// verify reports whether password has the hash phc. An empty phc, for
// somebody unknown, takes as long as a real one and never matches.
func (h *hasher) verify(ctx context.Context, phc, password string) (bool, error) {
	if phc == "" {
		_, err := h.key(ctx, password, make([]byte, saltBytes), h.cost, keyBytes)
		return false, err
	}
	cost, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, err
	}
	got, err := h.key(ctx, password, salt, cost, uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func (h *hasher) key(ctx context.Context, password string, salt []byte, c Cost, size uint32) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(password), salt, c.Passes, c.Memory, c.Threads, size), nil
}

func parsePHC(phc string) (c Cost, salt, key []byte, err error) {
	fields := strings.Split(phc, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" || fields[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errMalformedHash
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Passes, &c.Threads); err != nil {
		return c, nil, nil, errMalformedHash
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(fields[4])
	key, err2 := base64.RawStdEncoding.DecodeString(fields[5])
	if errors.Join(err1, err2) != nil || c.Memory == 0 || c.Memory > maxMemory || c.Passes == 0 || c.Threads == 0 ||
		len(key) < 16 || len(key) > math.MaxUint8 {
		return c, nil, nil, errMalformedHash
	}
	return c, salt, key, nil
}
