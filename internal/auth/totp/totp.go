package totp

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // #nosec G505: RFC 6238 as all programs for it know it; HMAC does not need what SHA-1 lost
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Digits is how long a code is, and Period how long it is shown.
const (
	Digits = 6
	Period = 30 * time.Second
)

// skew is how many steps before and after ours are taken: clocks differ, and
// people type slowly.
const skew = 1

// secretSize is that of SHA-1, which RFC 4226 asks for, in bytes.
const secretSize = 20

// NewSecret returns a secret that nobody knows.
func NewSecret() []byte {
	secret := make([]byte, secretSize)
	rand.Read(secret) // never fails: the runtime stops the program first
	return secret
}

// Step is the number of the time step in which t is.
func Step(t time.Time) int64 { return t.Unix() / int64(Period/time.Second) }

// Code is what a program shows in a time step.
func Code(secret []byte, step int64) string { return code(secret, step, Digits) }

func code(secret []byte, step int64, digits int) string {
	mac := hmac.New(sha1.New, secret)
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 0xf
	value := binary.BigEndian.Uint32(sum[from:from+4]) & 0x7fffffff
	modulo := uint32(1)
	for range digits {
		modulo *= 10
	}
	return fmt.Sprintf("%0*d", digits, value%modulo)
}

// Check reports whether a code is one that is shown about now, and of which time
// step. Steps up to used do not count: each code is good once.
func Check(secret []byte, typed string, now time.Time, used int64) (step int64, ok bool) {
	for step := Step(now) - skew; step <= Step(now)+skew; step++ {
		if subtle.ConstantTimeCompare([]byte(Code(secret, step)), []byte(typed)) == 1 && step > used {
			return step, true
		}
	}
	return 0, false
}

// Typed is what somebody typed as a code, without the spaces that programs show.
func Typed(text string) (digits string, ok bool) {
	digits = strings.Join(strings.Fields(text), "")
	return digits, len(digits) == Digits && strings.Trim(digits, "0123456789") == ""
}

// Text is a secret as people type it into a program.
func Text(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

var errSecret = errors.New("not a secret in base32")

// Secret reads what Text wrote.
func Secret(text string) ([]byte, error) {
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text)
	if err != nil {
		return nil, errSecret // the decoder's own error tells of the text
	}
	return secret, nil
}

// Address is a secret as programs read it from a picture: of whom, and who asks
// for the codes.
func Address(secret []byte, who, issuer string) string {
	v := url.Values{"secret": {Text(secret)}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {fmt.Sprint(Digits)}, "period": {fmt.Sprint(int(Period / time.Second))}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+who) + "?" + strings.ReplaceAll(v.Encode(), "+", "%20")
}
