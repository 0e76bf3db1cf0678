package mail

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"caseline/internal/casework/mailing"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/pace"
	"caseline/internal/store"
)

// Reader is what letters are made of.
type Reader interface {
	store.CaseReader
	store.LogReader
	store.MailReader
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
	Account(ctx context.Context, id desk.AccountID) (served.Account, error)
}

// Options are what a Sender can be given; the zero value works.
type Options struct {
	Now func() time.Time // default: the system clock
	// Person is the key of a workspace's user, for the names of those whom a text
	// mentions; package slack knows it. Default: nobody is known.
	Person func(w desk.WorkspaceID, user string) desk.PersonID
	// Pace is how fast letters go to the server; the zero Limit does not limit.
	Pace pace.Limit
}

// A Sender hands letters to a mail server. It is the outbox's for lanes of mail.
type Sender struct {
	read   Reader
	server Server
	from   From
	links  Links
	opt    Options
}

// NewSender returns a Sender that reads from r.
func NewSender(r Reader, s Server, from From, links Links, o Options) *Sender {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Person == nil {
		o.Person = func(desk.WorkspaceID, string) desk.PersonID { return "" }
	}
	return &Sender{read: r, server: s, from: from, links: links, opt: o}
}

// Budget is what all letters together may take of the server.
func (s *Sender) Budget(desk.Delivery) []pace.Bucket {
	return []pace.Bucket{{Key: "mail", Limit: s.opt.Pace}}
}

// patience is how long a letter is tried. RFC 5321, 4.5.4.1: four to five days.
const patience = 5 * 24 * time.Hour

// Send hands over the letter of d, if it is still to go: not to who has
// unsubscribed or is no longer among the case's contacts, and not with words that
// were taken back.
func (s *Sender) Send(ctx context.Context, d desk.Delivery) desk.Verdict {
	l, due, err := s.letterOf(ctx, d)
	switch {
	case err != nil:
		return desk.Verdict{Kind: desk.Retry, Reason: reasonOf(err)}
	case !due:
		return desk.Verdict{Kind: desk.Sent}
	}
	v := verdictOf(l.id, s.server.deliver(ctx, l, s.from))
	if v.Kind == desk.Retry && s.opt.Now().Sub(d.CreatedAt) > patience {
		v.Kind, v.Reason = desk.Refused, GaveUp+": "+v.Reason
	}
	return v
}

// Look has a letter sent once more whose fate is not known, since nobody can look
// into a mailbox: under the same Message-ID, and not a third time.
func (s *Sender) Look(_ context.Context, d desk.Delivery) desk.Verdict {
	if d.Part > 0 {
		return desk.Verdict{Kind: desk.Refused, Reason: SentTwice}
	}
	return desk.Verdict{Kind: desk.Retry, Again: true, At: s.opt.Now(), Reason: NoAnswer}
}

// letterOf reads what d has to say. due is false when there is nothing to send
// any more.
func (s *Sender) letterOf(ctx context.Context, d desk.Delivery) (l letter, due bool, err error) {
	c, err := s.read.Case(ctx, d.Case)
	if err != nil {
		return letter{}, false, err
	}
	known, err := s.read.Subscriptions(ctx, c.ID)
	if err != nil {
		return letter{}, false, err
	}
	to := d.Content.To
	if !slices.Contains(c.CC, to) || !mailing.Of(known, to).Left.IsZero() {
		return letter{}, false, nil
	}
	w := writer{read: s.read, c: c, person: s.opt.Person}
	content, due, err := w.content(ctx, d.Seq)
	if err != nil || !due {
		return letter{}, false, err
	}
	content.To, content.Leave = to, s.links.Link(c.Number, to)
	l = letter{
		to: to, subject: fmt.Sprintf("[Case %s] %s", c.Number, c.Subject), id: s.id(c, d.Seq), at: content.At, leave: content.Leave,
	}
	if d.Seq != 1 {
		l.first = s.id(c, 1)
	}
	l.text = content.plain()
	l.html, err = content.page()
	return l, true, err
}

// id is the Message-ID of what tells of an entry: the same for every try, and for
// every reader.
func (s *Sender) id(c desk.Case, seq int64) string {
	_, domain, _ := strings.Cut(s.from.Address, "@")
	return fmt.Sprintf("case.%s.%d@%s", c.Number, seq, domain)
}
