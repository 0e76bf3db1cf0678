package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"caseline/internal/desk"
)

// Path is where links in mail lead, below the server's public address.
const Path = "/mail/unsubscribe"

// purpose is what a signature is for, so that none can be used for another.
const purpose = "unsubscribe\n"

// signatureLength is how many bytes of a signature a link carries.
const signatureLength = 20

// Links signs and reads the links by which readers unsubscribe.
type Links struct {
	base string // the public address of the server
	key  []byte
}

// NewLinks returns the Links of a server at the public address base, signed with
// key.
func NewLinks(base, key string) Links {
	return Links{base: strings.TrimSuffix(base, "/"), key: []byte(key)}
}

// Link is where the reader of an address unsubscribes from a case.
func (l Links) Link(number desk.CaseNumber, address string) string {
	body := string(number) + "\n" + address
	token := base64.RawURLEncoding.EncodeToString(append(l.sign(body), body...))
	return l.base + Path + "?" + url.Values{"t": {token}}.Encode()
}

// Read returns which address a token unsubscribes from which case.
func (l Links) Read(token string) (number desk.CaseNumber, address string, ok bool) {
	content, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(content) < signatureLength {
		return "", "", false
	}
	body := string(content[signatureLength:])
	if !hmac.Equal(content[:signatureLength], l.sign(body)) {
		return "", "", false
	}
	n, address, ok := strings.Cut(body, "\n")
	return desk.CaseNumber(n), address, ok
}

func (l Links) sign(body string) []byte {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(purpose + body)) // never fails
	return mac.Sum(nil)[:signatureLength]
}
