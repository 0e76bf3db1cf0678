package mail_test

import (
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/casework/mailing"
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/mail"
	"caseline/internal/mail/mailtest"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

func partsOf(t *testing.T, m mailtest.Mail) map[string]string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("got %s, %v", kind, err)
	}
	whole, err := netmail.ReadMessage(strings.NewReader(m.Raw))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for r := multipart.NewReader(whole.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF { //nolint:errorlint // as multipart says
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		parts[kind] = strings.ReplaceAll(read(t, quotedprintable.NewReader(p)), "\r\n", "\n")
	}
}

// unsubscribe is the link that a mail program finds in a mail.
func unsubscribe(m mailtest.Mail) string { return strings.Trim(m.Header.Get("List-Unsubscribe"), "<>") }

func TestContactsFollowACaseByMail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		o := newOffice(t, s)
		c := o.opens(false, bob, chloe)
		first := o.server.Gets(bob, 1)
		o.server.Gets(chloe, 1)
		root := first.Header.Get("Message-Id")
		if got, want := first.Header.Get("Subject"), "[Case "+string(c.Number)+"] Build is stuck"; got != want {
			t.Errorf("subject: got %q, want %q", got, want)
		}
		if first.Header.Get("In-Reply-To") != "" || root == "" {
			t.Errorf("the first mail: got %v", first.Header)
		}
		text, page := o.text(first, "text/plain"), o.text(first, "text/html")
		for _, want := range []string{"Alice <Martin> Bcc: eve@example.com opened a support case:", "    Since ten <script>.", "1 file came with it", unsubscribe(first), bob} {
			if !strings.Contains(text, want) {
				t.Errorf("the text lacks %q:\n%s", want, text)
			}
		}
		if strings.Contains(text, chloe) || !strings.Contains(page, "<strong>ten</strong> &lt;script&gt;") || !strings.Contains(page, "Alice &lt;Martin&gt;") || strings.Contains(page, "<script") {
			t.Errorf("the mail:\n%s\n%s", text, page)
		}

		o.must(o.cases.Note(t.Context(), casework.Note{Case: c.ID, Agent: jane, Text: "between us", Origin: o.origin()}))
		o.answers(c, "We know of it.")
		second := o.server.Gets(bob, 2)
		o.server.Gets(chloe, 2)
		for _, header := range []string{"In-Reply-To", "References"} {
			if got := second.Header.Get(header); got != root {
				t.Errorf("%s: got %s, want %s", header, got, root)
			}
		}
		if got := o.text(second, "text/plain"); !strings.Contains(got, "Jane (Support) added to this case:\n\n    We know of it.\n") {
			t.Errorf("the text:\n%s", got)
		}
		o.settled()

		t.Run("one click unsubscribes", func(t *testing.T) { o.T = t; o.bobLeaves(c, second) })
		t.Run("later is tried again", func(t *testing.T) {
			o.T = t
			o.server.Plan(mailtest.Answer{To: chloe, Code: 451})
			o.answers(c, "It is mended.")
			o.server.Refuses(chloe, 451)
			if m := o.server.Gets(chloe, 4); !strings.Contains(o.text(m, "text/plain"), "It is mended.") {
				t.Errorf("got\n%s", m.Raw)
			}
			o.settled()
			if got := o.stands(c, chloe); got.State != desk.DeliverySent || got.Reason != "" {
				t.Errorf("got %+v", got)
			}
		})
		t.Run("a refusal is shown", func(t *testing.T) {
			o.T = t
			o.server.Plan(mailtest.Answer{To: chloe, Code: 550})
			o.answers(c, "Is it?")
			o.settled()
			if got := o.stands(c, chloe); got.State != desk.DeliveryRefused || !strings.Contains(got.Reason, "550 5.1.1 … User unknown") {
				t.Errorf("got %+v", got)
			}
		})
		t.Run("what was refused is sent again when somebody says so", func(t *testing.T) {
			o.T = t
			for range 2 { // pressed twice
				o.must(o.contacts.Retry(t.Context(), mailing.Change{Case: c.ID, By: jane, Typed: chloe, Origin: o.origin()}))
			}
			if m := o.server.Gets(chloe, 5); !strings.Contains(o.text(m, "text/plain"), "Is it?") {
				t.Errorf("got\n%s", m.Raw)
			}
			o.settled()
			if got := o.stands(c, chloe); got.State != desk.DeliverySent || got.Reason != "" || len(o.server.Mails(chloe)) != 5 {
				t.Errorf("got %+v and %d mails", got, len(o.server.Mails(chloe)))
			}
			o.must(o.contacts.Retry(t.Context(), mailing.Change{Case: c.ID, By: jane, Typed: chloe, Origin: o.origin()}))
			o.settled()
			if n := len(o.server.Mails(chloe)); n != 5 {
				t.Errorf("what arrived was sent again: %d mails", n)
			}
		})
		t.Run("a server killed in the middle gets it again", func(t *testing.T) { o.T = t; o.serverDies(c) })
		t.Run("what is over", func(t *testing.T) {
			o.T = t
			_, _, err := o.cases.Resolve(t.Context(), casework.Resolve{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Origin: o.origin()})
			o.must(err)
			if m := o.server.Gets(chloe, 2); !strings.Contains(o.text(m, "text/plain"), "Jane (Support) resolved this case.") {
				t.Errorf("got\n%s", m.Raw)
			}
			o.must(o.contacts.Add(t.Context(), mailing.Change{Case: c.ID, By: jane, Typed: bob, Origin: o.origin()}))
			_, _, err = o.cases.Reopen(t.Context(), casework.Reopen{Target: casework.Target{Case: c.ID}, By: desk.ByCustomer(alice), Origin: o.origin()})
			o.must(err)
			if m := o.server.Gets(bob, 1); !strings.Contains(o.text(m, "text/plain"), "reopened this case.") {
				t.Errorf("got\n%s", m.Raw)
			}
			o.server.Gets(chloe, 3)
		})
		for _, m := range append(o.server.Mails(bob), o.server.Mails(chloe)...) {
			if strings.Contains(m.Raw, "between us") {
				t.Error("a note was mailed")
			}
		}
	})
}

func (o *office) bobLeaves(c desk.Case, m mailtest.Mail) {
	o.Helper()
	link := unsubscribe(m)
	for range 2 { // as programs do that look at mail
		if w := o.browse("GET", link, ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), bob) || !strings.Contains(w.Body.String(), `<form method="post">`) {
			o.Errorf("the page: %d\n%s", w.Code, w.Body)
		}
	}
	o.browse("HEAD", link, "")
	if got := o.stands(c, bob); !got.Left.IsZero() {
		o.Fatal("opening the link unsubscribed")
	}
	if w := o.browse("POST", link+"x", "List-Unsubscribe=One-Click"); w.Code != http.StatusNotFound {
		o.Errorf("a link that is not ours: got %d", w.Code)
	}
	for range 2 {
		if w := o.browse("POST", link, "List-Unsubscribe=One-Click"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "No more e-mail") {
			o.Errorf("one click: %d\n%s", w.Code, w.Body)
		}
	}
	if got := o.stands(c, bob); got.Left.IsZero() {
		o.Fatal("he still gets mail")
	}
	told := o.logged(c, desk.KindContact)
	if len(told) != 1 || told[0].What != desk.ContactLeft || told[0].Text != bob || told[0].Author.Side != desk.SideSystem {
		o.Errorf("the log says %+v", told)
	}
	audit, err := o.store.Audit(o.Context(), desk.AuditFilter{What: desk.DidContact, Case: c.ID}, 0, 9)
	o.must(err)
	if len(audit) != 1 || audit[0].Detail["address"] != bob || audit[0].Detail["change"] != desk.ContactLeft {
		o.Errorf("the audit says %+v", audit)
	}
	o.answers(c, "For whom is this?")
	o.server.Gets(chloe, 3)
	o.settled()
	if got := len(o.server.Mails(bob)); got != 2 {
		o.Errorf("bob got %d mails, want the 2 from before he left", got)
	}
	queued, err := o.store.DeliveriesOf(o.Context(), c.ID, 0)
	o.must(err)
	queued = slices.DeleteFunc(queued, func(d desk.Delivery) bool { return d.Content.To != bob })
	if len(queued) != 2 {
		o.Errorf("%d mails were queued for bob, want 2", len(queued))
	}
}

func (o *office) serverDies(c desk.Case) {
	o.Helper()
	n := len(o.server.Mails(chloe))
	o.server.Plan(mailtest.Answer{To: chloe, Data: true, Hold: true})
	o.answers(c, "Half of a mail.")
	held := o.server.Gets(chloe, n+1)
	if !held.Held {
		o.Fatal("the mail was not held")
	}
	address := o.server.Addr
	o.server.Kill()
	o.server = mailtest.Start(o.whole, address)
	again := o.server.Gets(chloe, 1)
	if got, want := again.Header.Get("Message-Id"), held.Header.Get("Message-Id"); got != want {
		o.Errorf("the second time its Message-ID is %s, want %s", got, want)
	}
	o.settled()
	if got := o.stands(c, chloe); got.State != desk.DeliverySent {
		o.Errorf("got %+v", got)
	}
}

// What was said in a chat comes with its end, and nothing of it that people took
// back, or wrote before the agent was there.
func TestAChatIsMailedWhenItHasEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		o := newOffice(t, s)
		c := o.opens(true, bob)
		o.server.Gets(bob, 1)
		const place = desk.Place("T1/C9")
		o.change(func(tx store.Tx) error {
			c, err := tx.LockCase(t.Context(), c.ID)
			if err != nil {
				return err
			}
			c.Settle(place, "case-1", "")
			return tx.SaveCase(t.Context(), &c)
		})
		say := func(text string, origin desk.Origin) {
			o.change(func(tx store.Tx) error {
				return o.cases.Record(t.Context(), tx, desk.Message{Place: place, Author: alice, Text: text, At: time.Now().UTC(), Origin: origin})
			})
		}
		say("before anybody came", "slack:0")
		_, err := o.cases.Join(t.Context(), casework.Join{Case: c.ID, Agent: jane, Origin: o.origin()})
		o.must(err)
		say("it hangs at *step 3*", "slack:1")
		say("my password is hunter2", "slack:2")
		say("first words", "slack:3")
		o.must(o.cases.Reply(t.Context(), casework.Reply{Case: c.ID, Agent: jane, Text: "I am looking", Origin: o.origin()}))
		o.must(o.cases.Note(t.Context(), casework.Note{Case: c.ID, Agent: jane, Text: "between us", Origin: o.origin()}))
		o.must(o.cases.Reply(t.Context(), casework.Reply{Case: c.ID, Agent: jane, Text: "meant for another", Origin: "console:other"}))
		other := o.logged(c, desk.KindMessage)
		o.must(o.cases.Withdraw(t.Context(), casework.Words{Case: c.ID, Agent: jane, Seq: other[len(other)-1].Seq, Origin: o.origin()}))
		o.change(func(tx store.Tx) error {
			r := recording.Revision{Place: place, By: alice, At: time.Now().UTC()}
			r.Of, r.Origin = "slack:2", "slack:2:deleted"
			if err := o.cases.Delete(t.Context(), tx, r); err != nil {
				return err
			}
			r.Of, r.Origin, r.Text = "slack:3", "slack:3:edited", "better words"
			return o.cases.Edit(t.Context(), tx, r)
		})
		_, _, err = o.cases.End(t.Context(), casework.End{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Reason: desk.EndedByAgent, Origin: o.origin()})
		o.must(err)
		m := o.server.Gets(bob, 2)
		o.settled()
		text := o.text(m, "text/plain")
		for _, want := range []string{"The live chat about this case has ended.", "    it hangs at step 3", "Jane (Support), ", "    I am looking", "    better words"} {
			if !strings.Contains(text, want) {
				t.Errorf("the text lacks %q:\n%s", want, text)
			}
		}
		for _, never := range []string{"hunter2", "before anybody came", "between us", "first words", "meant for another"} {
			if strings.Contains(m.Raw, never) {
				t.Errorf("the mail has %q in it", never)
			}
		}
		if got := len(o.server.Mails(bob)); got != 2 {
			t.Errorf("got %d mails, want that it was opened and the chat", got)
		}
	})
}

func (o *office) change(fn func(store.Tx) error) {
	o.Helper()
	o.must(o.store.Update(o.Context(), fn))
}

func TestWhoHearsOfACaseCanBeChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		o := newOffice(t, s)
		c := o.opens(false, bob)
		do := func(what func(w mailing.Change) error, typed string) error {
			return what(mailing.Change{Case: c.ID, By: jane, Typed: typed, Origin: o.origin()})
		}
		add := func(w mailing.Change) error { return o.contacts.Add(t.Context(), w) }
		remove := func(w mailing.Change) error { return o.contacts.Remove(t.Context(), w) }
		cc := func() []string {
			now, err := s.Case(t.Context(), c.ID)
			o.must(err)
			return now.CC
		}
		o.must(do(add, "Chloe@Example.com, dan@example.com"))
		o.must(do(add, chloe)) // there already
		o.must(do(remove, bob))
		o.must(do(remove, bob))
		if diff := cmp.Diff([]string{chloe, "dan@example.com"}, cc()); diff != "" {
			t.Errorf("addresses (-want +got):\n%s", diff)
		}
		if got := len(o.logged(c, desk.KindContact)); got != 3 {
			t.Errorf("the log has %d lines of it, want 3", got)
		}
		for _, bad := range []string{"", "nonsense", "a@b.de\r\nBcc: x@y.de z", "a@b.de b@b.de c@b.de d@b.de e@b.de f@b.de g@b.de h@b.de i@b.de"} {
			if err := do(add, bad); err == nil {
				t.Errorf("%q was taken", bad)
			}
		}
		if got := len(cc()); got != 2 {
			t.Errorf("what was refused left %d addresses", got)
		}
	})
}

// What was put off for days is given up.
func TestWhatNobodyTakesIsGivenUp(t *testing.T) {
	o := newOffice(t, storetest.SQLite(t))
	c := o.opens(false, bob)
	o.server.Gets(bob, 1)
	o.server.Kill()
	d := desk.Delivery{Case: c.ID, Kind: desk.DeliverMail, Seq: 1, Content: desk.Content{To: bob}, CreatedAt: time.Now()}
	for days, want := range map[int]desk.VerdictKind{4: desk.Retry, 6: desk.Refused} {
		later := func() time.Time { return time.Now().AddDate(0, 0, days) }
		sender := mail.NewSender(o.store, at(t, o.server.Addr), mail.From{Address: "support@example.com"}, mail.Links{}, mail.Options{Now: later})
		if v := sender.Send(t.Context(), d); v.Kind != want {
			t.Errorf("after %d days: got %s, %q; want %s", days, v.Kind, v.Reason, want)
		}
	}
	for _, leave := range []bool{false, true} {
		if leave {
			_, err := o.contacts.Unsubscribe(t.Context(), c.ID, bob)
			o.must(err)
		}
		sender := mail.NewSender(o.store, at(t, o.server.Addr), mail.From{Address: "support@example.com"}, mail.Links{}, mail.Options{})
		if v := sender.Send(t.Context(), d); (v.Kind == desk.Sent) != leave {
			t.Errorf("he has left: %t; got %+v", leave, v)
		}
	}
	for what, change := range map[string]func(*desk.Delivery){
		"a note or a word of a chat": func(d *desk.Delivery) { d.Seq = 2 }, // the file that came with it
		"an address that is gone":    func(d *desk.Delivery) { d.Content.To = "dan@example.com" },
	} {
		other := d
		change(&other)
		sender := mail.NewSender(o.store, at(t, o.server.Addr), mail.From{Address: "support@example.com"}, mail.Links{}, mail.Options{})
		if v := sender.Send(t.Context(), other); v.Kind != desk.Sent || v.Receipt != "" {
			t.Errorf("%s: got %+v, want that there is nothing to send", what, v)
		}
	}
}

// A letter that was sent twice without an answer is not sent a third time.
func TestALetterIsSentTwiceAtTheMost(t *testing.T) {
	sender := mail.NewSender(nil, mail.Server{}, mail.From{}, mail.Links{}, mail.Options{})
	d := desk.Delivery{Kind: desk.DeliverMail, State: desk.DeliveryUnknown}
	v := sender.Look(t.Context(), d)
	if v.Kind != desk.Retry || !v.Again {
		t.Errorf("the first time: got %+v", v)
	}
	d = d.Settle(v, time.Now())
	if d.State != desk.DeliveryPending {
		t.Errorf("got %s, want that it is sent again", d.State)
	}
	if v := sender.Look(t.Context(), d); v.Kind != desk.Refused || v.Reason != mail.SentTwice {
		t.Errorf("the second time: got %+v", v)
	}
}
