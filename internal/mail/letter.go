package mail

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// A letter is one mail to one address, before it is encoded.
type letter struct {
	to      string
	subject string
	id      string // Message-ID, without brackets
	first   string // the Message-ID of the case's first letter; empty in that one
	at      time.Time
	text    string
	html    string
	leave   string // where its reader unsubscribes
}

// errHeader is an address or a header that could become another one.
var errHeader = errors.New("the address cannot be written to")

// checkAddress refuses what is not one bare address.
func checkAddress(address string) error {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || parsed.Name != "" || !oneLine(address) {
		return errHeader
	}
	return nil
}

// oneLine reports whether a text has no control characters, such as those that
// end a header.
func oneLine(text string) bool { return strings.IndexFunc(text, unicode.IsControl) < 0 }

// flat is a text for a header: in one line, without control characters.
func flat(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
}

// From is who mail comes from.
type From struct {
	Address string
	Name    string
}

// message is the letter as the library takes it.
func (l letter) message(from From) (*gomail.Msg, error) {
	if err := checkAddress(l.to); err != nil {
		return nil, err
	}
	for _, header := range []string{l.id, l.first, l.leave} {
		if !oneLine(header) || strings.ContainsAny(header, "<> ") {
			return nil, errHeader
		}
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.FromFormat(flat(from.Name), from.Address); err != nil {
		return nil, fmt.Errorf("write a letter: %w", err)
	}
	if err := m.To(l.to); err != nil {
		return nil, fmt.Errorf("write a letter: %w", err)
	}
	m.Subject(flat(l.subject))
	m.SetDateWithValue(l.at)
	m.SetMessageIDWithValue(l.id)
	if l.first != "" {
		m.SetGenHeader(gomail.HeaderInReplyTo, "<"+l.first+">")
		m.SetGenHeader(gomail.HeaderReferences, "<"+l.first+">")
	}
	// RFC 3834: so that nobody's absence is answered to us.
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	// RFC 8058 wants https; other programs take what there is.
	m.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribe, "<"+l.leave+">")
	if strings.HasPrefix(l.leave, "https://") {
		m.SetGenHeaderPreformatted(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(gomail.TypeTextPlain, l.text)
	m.AddAlternativeString(gomail.TypeTextHTML, l.html)
	return m, nil
}
