package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
)

// The headers that carry a request's signature, and which try it is.
const (
	HeaderTimestamp = "X-Slack-Request-Timestamp"
	HeaderSignature = "X-Slack-Signature"
	HeaderRetryNum  = "X-Slack-Retry-Num" // of an event that is sent again
)

// MaxSkew is how far a request's timestamp may lie from our clock.
const MaxSkew = 300 * time.Second

// The ways in which a request fails to prove that it comes from Slack.
var (
	ErrUnsigned     = errors.New("the request is not signed")
	ErrStale        = errors.New("the request's timestamp is too far from this server's clock")
	ErrBadSignature = errors.New("the request's signature does not match")
)

// A Verifier checks that requests come from Slack. It may be used by several
// goroutines at once.
type Verifier struct {
	secrets []string
}

// NewVerifier returns a Verifier that accepts each of the signing secrets:
// while a secret is being replaced, the old one and the new one. Empty ones
// are left out; with none left it accepts nothing.
func NewVerifier(secrets ...string) *Verifier {
	v := &Verifier{}
	for _, s := range secrets {
		if s != "" {
			v.secrets = append(v.secrets, s)
		}
	}
	return v
}

// Verify checks the signature of a request by the values of its two headers
// and its body, as it was received and before anything reads it. The signature
// binds nothing else: not the address, not its query, not other headers. Nor
// does it forbid a repetition within MaxSkew, which Slack's retries need.
// There is no exception for ssl_check.
func (v *Verifier) Verify(timestamp, signature string, body []byte, now time.Time) error {
	hexed, ok := strings.CutPrefix(signature, "v0=")
	var claimed [sha256.Size]byte
	if n, err := hex.Decode(claimed[:], limited(hexed)); !ok || err != nil || n != len(claimed) {
		return ErrUnsigned
	}
	seconds, ok := digits(timestamp)
	if !ok {
		return ErrUnsigned
	}
	// Compared in seconds: a duration would overflow for far instants.
	if apart := now.Unix() - seconds; apart > int64(MaxSkew/time.Second) || -apart > int64(MaxSkew/time.Second) {
		return ErrStale
	}
	matches := false
	for _, secret := range v.secrets {
		// Every secret is tried, so that the time taken tells nothing.
		matches = hmac.Equal(mac(secret, timestamp, body), claimed[:]) || matches
	}
	if !matches {
		return ErrBadSignature
	}
	return nil
}

// Sign returns the signature that Slack gives to a body sent at timestamp, in
// UTC seconds as text. Programs that stand in for Slack need it.
func Sign(secret, timestamp string, body []byte) string {
	return "v0=" + hex.EncodeToString(mac(secret, timestamp, body))
}

func mac(secret, timestamp string, body []byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte("v0:" + timestamp + ":"))
	h.Write(body)
	return h.Sum(nil)
}

// limited returns the hexadecimal digits of a digest, or nothing when there
// are too many for one.
func limited(hexed string) []byte {
	if len(hexed) != 2*sha256.Size {
		return nil
	}
	return []byte(hexed)
}
