package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"html/template"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// An Invitation is a letter with a link by which an agent comes in.
type Invitation struct {
	To, By string
	Link   string
	Until  time.Time
	New    bool // else it is for a new password
}

// Invitations are letters that go at once and are not tried again: whoever
// invites sees whether the server took it, and has the link.
type Invitations struct {
	Server Server
	From   From
	Now    func() time.Time
}

// errNotSent is why, without what the server said: that may have the address.
var errNotSent = errors.New("the mail server did not take it")

// Send hands a letter over.
func (i Invitations) Send(ctx context.Context, to Invitation) error {
	if err := checkAddress(to.To); err != nil {
		return err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(m.FromFormat(flat(i.From.Name), i.From.Address), m.To(to.To)); err != nil {
		return fmt.Errorf("write a letter: %w", err)
	}
	_, host, _ := strings.Cut(i.From.Address, "@")
	subject, text, page := to.words()
	m.Subject(flat(subject))
	m.SetDateWithValue(i.Now())
	m.SetMessageIDWithValue("invitation." + rand.Text() + "@" + host)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, text)
	m.AddAlternativeString(gomail.TypeTextHTML, page)
	err := i.Server.visit(ctx, func(client *gomail.Client, session *smtp.Client) error { return client.SendWithSMTPClient(session, m) })
	if err != nil {
		return fmt.Errorf("%w: %s", errNotSent, reasonOf(err))
	}
	return nil
}

// words are what a letter says: as a subject, as text and as a page that loads
// nothing.
func (i Invitation) words() (subject, text, page string) {
	subject, what, do := "You are invited to Caseline", "You are invited to Caseline, where your team answers support cases.", "Choose your name and password"
	if i.New && i.By != "" {
		what = flat(i.By) + " has invited you to Caseline, where your team answers support cases."
	}
	if !i.New {
		subject, what, do = "A new password for Caseline", "An operator has sent you a link to choose a new password for Caseline.", "Choose a new password"
	}
	until := "The link is good once, until " + i.Until.UTC().Format("2 January 2006, 15:04") + " UTC. If you did not expect it, you need not do anything."
	text = what + "\n\n" + do + ": " + i.Link + "\n\n" + until + "\n"
	escape := template.HTMLEscapeString
	page = `<!doctype html>
<html><head><meta charset="utf-8"><title>` + escape(subject) + `</title></head>
<body style="font-family:sans-serif;line-height:1.5;max-width:42rem">
<p>` + escape(what) + `</p>
<p><a href="` + escape(i.Link) + `">` + escape(do) + `</a></p>
<p style="color:#555;font-size:small">` + escape(until) + `</p>
</body></html>
`
	return subject, text, page
}
