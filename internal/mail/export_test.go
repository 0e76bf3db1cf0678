package mail

import (
	"bytes"
	"context"
	"time"

	"caseline/internal/desk"
)

// Try hands a letter over and says what that came to.
func (s Server) Try(ctx context.Context, to string) desk.Verdict {
	l := letter{to: to, subject: "[Case 1] Build", id: "case.1.1@example.com", at: time.Unix(0, 0), text: "text", html: "<p>text</p>", leave: "https://x.example/u?t=1"}
	return verdictOf(l.id, s.deliver(ctx, l, From{Address: "support@example.com", Name: "Support"}))
}

// Written is a letter as it goes over the wire.
func Written(to, subject, text, html, fromName string) (string, error) {
	l := letter{
		to: to, subject: subject, id: "case.1.2@example.com", first: "case.1.1@example.com", at: time.Unix(0, 0),
		text: text, html: html, leave: NewLinks("https://support.example.com", "key").Link("1234567890", to),
	}
	m, err := l.message(From{Address: "support@example.com", Name: fromName})
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	_, err = m.WriteTo(&out)
	return out.String(), err
}
