package mail_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/casework"
	"caseline/internal/casework/mailing"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/lanes"
	"caseline/internal/mail"
	"caseline/internal/mail/mailtest"
	"caseline/internal/outbox"
	"caseline/internal/store"
)

const (
	acme  = desk.AccountID("111122223333")
	alice = desk.PersonID("T1/alice")
	bob   = "bob@example.com"
	chloe = "chloe@example.com"
)

var jane = desk.Agent{ID: "agent-jane", Name: "Jane"}

// An office is the use cases and the outbox of mail on a store, with a mail
// server beside it.
type office struct {
	*testing.T
	whole    *testing.T // T may be a part of it
	store    store.Store
	cases    *casework.Service
	contacts *mailing.Service
	server   *mailtest.Server
	pages    http.Handler
	n        int
}

func newOffice(t *testing.T, s store.Store) *office {
	t.Helper()
	o := &office{T: t, whole: t, store: s, server: mailtest.Start(t, "")}
	o.cases = casework.New(s, casework.Options{Mail: true, TallyAfter: time.Microsecond})
	o.contacts = mailing.New(s, time.Now)
	o.must(s.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.SaveAccount(t.Context(), &served.Account{ID: acme, Name: "Acme", Deletions: desk.EraseDeleted}); err != nil {
			return err
		}
		return tx.SavePerson(t.Context(), &desk.Person{ID: alice, Name: "Alice <Martin>\r\nBcc: eve@example.com"})
	}))
	key, err := o.contacts.Key(t.Context())
	o.must(err)
	links := mail.NewLinks("https://support.example.com", key)
	o.pages = mail.NewPages(links, s, o.contacts, slog.New(slog.DiscardHandler), time.Now, true)
	sender := mail.NewSender(s, at(t, o.server.Addr), mail.From{Address: "support@example.com", Name: "Support"}, links, mail.Options{})
	soon := lanes.Backoff{First: 10 * time.Millisecond, Max: 40 * time.Millisecond}
	out := outbox.New(s, sender, o.contacts.Settled, outbox.Options{
		Mail: true, TryTimeout: 20 * time.Second, Backoff: soon, LookAfter: 10 * time.Millisecond, Poll: 20 * time.Millisecond, Drain: time.Millisecond,
	})
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- out.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) origin() desk.Origin { o.n++; return desk.Origin(fmt.Sprint("test:", o.n)) }

// until waits until cond holds.
func (o *office) until(what string, cond func() bool) {
	o.Helper()
	late := time.NewTimer(30 * time.Second)
	defer late.Stop()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !cond() {
		select {
		case <-look.C:
		case <-late.C:
			o.Fatalf("never came true: %s", what)
		}
	}
}

func (o *office) opens(chat bool, cc ...string) desk.Case {
	o.Helper()
	c, err := o.cases.Open(o.Context(), casework.Open{
		Account: acme, Workspace: "T1", Asked: "T1/ops", Requester: alice, Subject: "Build is stuck", Description: "Since **ten** <script>.",
		Severity: desk.SeverityNormal, CC: cc, Chat: chat, Origin: o.origin(), Files: []desk.NewFile{{SlackID: "F1", Name: "log.txt", Origin: o.origin()}},
	})
	o.must(err)
	return c
}

func (o *office) answers(c desk.Case, text string) {
	o.Helper()
	_, err := o.cases.Answer(o.Context(), casework.Answer{Case: c.ID, Answer: desk.Answer{By: desk.ByAgent(jane), Text: text, Origin: o.origin()}})
	o.must(err)
}

// stands is how an address stands to mail about c.
func (o *office) stands(c desk.Case, address string) desk.Subscription {
	o.Helper()
	known, err := o.store.Subscriptions(o.Context(), c.ID)
	o.must(err)
	return mailing.Of(known, address)
}

// settled waits until no mail waits.
func (o *office) settled() {
	o.Helper()
	o.until("no mail waits", func() bool {
		open, err := o.store.MailLanes(o.Context(), 1)
		o.must(err)
		return len(open) == 0
	})
}

// browse asks for the page behind a link in a mail.
func (o *office) browse(method, link, body string) *httptest.ResponseRecorder {
	o.Helper()
	at, err := url.Parse(link)
	o.must(err)
	r := httptest.NewRequestWithContext(o.Context(), method, at.RequestURI(), strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	o.pages.ServeHTTP(w, r)
	return w
}

// logged are the entries of the log of c of a kind.
func (o *office) logged(c desk.Case, kind desk.EntryKind) (found []desk.Correspondence) {
	o.Helper()
	all, err := o.store.Log(o.Context(), c.ID, 0, 1000)
	o.must(err)
	return slices.DeleteFunc(all, func(e desk.Correspondence) bool { return e.Kind != kind })
}

// text is the decoded text part of a mail, or its HTML.
func (o *office) text(m mailtest.Mail, kind string) string {
	o.Helper()
	parts := partsOf(o.T, m)
	text, ok := parts[kind]
	if !ok {
		o.Fatalf("no %s in the mail:\n%s", kind, m.Raw)
	}
	return text
}

func read(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
