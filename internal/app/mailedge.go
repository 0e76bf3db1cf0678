package app

import (
	"context"
	"net/http"
	"strings"
	"time"

	"caseline/internal/casework/mailing"
	"caseline/internal/config"
	"caseline/internal/lanes"
	"caseline/internal/mail"
	"caseline/internal/outbox"
	"caseline/internal/pace"
	"caseline/internal/slack/ident"
	"caseline/internal/store/sqlstore"
)

// A mailEdge is everything between the use cases and the mail server. Its outbox
// is its own, so that a mail server's troubles are none of Slack's, and the other
// way round.
type mailEdge struct {
	contacts *mailing.Service // who gets mail; also where none is sent
	pages    http.Handler     // where links in mail lead; nil where none is sent
	outbox   *outbox.Outbox   // likewise
}

// mailPace is how fast mail goes to the server, which has others to serve.
func mailPace() pace.Limit { return pace.Limit{Every: 100 * time.Millisecond, Burst: 50} }

// mailLanes is how many mails are handed over at once.
const mailLanes = 4

func newMailEdge(ctx context.Context, cfg config.Config, s *sqlstore.Store, o Options) (*mailEdge, error) {
	e := &mailEdge{contacts: mailing.New(s, o.Now)}
	if !cfg.Mail.On() {
		return e, nil
	}
	key, err := e.contacts.Key(ctx)
	if err != nil {
		return nil, err
	}
	m, links := cfg.Mail, mail.NewLinks(cfg.PublicURL, key)
	sender := mail.NewSender(s, mailServer(cfg), mail.From{Address: m.From, Name: m.FromName}, links, mail.Options{
		Now: o.Now, Person: ident.Person, Pace: mailPace(),
	})
	e.outbox = outbox.New(s, sender, e.contacts.Settled, outbox.Options{
		Log: o.Log, Now: o.Now, Mail: true, Lanes: mailLanes, TryTimeout: m.Timeout + time.Second, LookAfter: m.Timeout / 4,
		Backoff: lanes.Backoff{First: m.RetryAfter, Max: config.MaxMailRetry},
	})
	e.pages = mail.NewPages(links, s, e.contacts, o.Log, o.Now, strings.HasPrefix(cfg.PublicURL, "https://"))
	return e, nil
}

// mailServer is the server that mail is handed to.
func mailServer(cfg config.Config) mail.Server {
	m := cfg.Mail
	return mail.Server{
		Host: m.Host, Port: m.Port, TLS: mail.TLS(m.TLS), Username: m.Username, Password: m.Password.Reveal(), Timeout: m.Timeout,
	}
}

// Run hands mail over until ctx ends.
func (e *mailEdge) Run(ctx context.Context) error {
	if e.outbox == nil {
		<-ctx.Done()
		return nil
	}
	return e.outbox.Run(ctx)
}
