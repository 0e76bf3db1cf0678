package console_test

import (
	"net/url"
	"strings"
	"testing"

	"caseline/internal/console"
	"caseline/internal/desk"
	"caseline/internal/store"
)

func TestThePageSaysWhoGetsMail(t *testing.T) {
	h := newHouse(t, func(o *console.Options) { o.Mail = true })
	s := fill(h)
	jane := s.signedIn("jane@example.com")
	c := s.running
	page := "/cases/" + string(c.Number)
	rail := func() string { return parsePage(t, jane.get(page).body).says(t, "#contacts") }
	jane.wants(t, "two addresses", page+"/contacts", url.Values{"add": {"Bob@example.com chloe@example.com"}}, "")
	jane.wants(t, "no address", page+"/contacts", url.Values{"add": {"nonsense"}}, "“nonsense” is not an e-mail address. Write addresses such as jane@example.com, with commas between them.")
	if got := rail(); strings.Count(got, "Gets e-mail") != 2 {
		t.Errorf("got %q", got)
	}
	for _, sub := range []desk.Subscription{
		{Address: "bob@example.com", State: desk.DeliveryRefused, Reason: "550 <b>User unknown"},
		{Address: "chloe@example.com", Left: h.now(), State: desk.DeliverySent},
	} {
		h.update(func(tx store.Tx) error { return tx.SaveSubscription(t.Context(), c.ID, &sub) })
	}
	if got := rail(); !strings.Contains(got, "Not delivered") || !strings.Contains(got, "550 <b>User unknown") || !strings.Contains(got, "Unsubscribed") {
		t.Errorf("got %q", got)
	}
	if n := parsePage(t, jane.get(page).body).all(`#contacts form input[name=again]`); len(n) != 1 {
		t.Errorf("to be tried again are offered %d, want bob alone", len(n))
	}
	jane.wants(t, "bob again", page+"/contacts", url.Values{"again": {"bob@example.com"}}, "")
	if got := rail(); !strings.Contains(got, "Waits for the mail server") || strings.Contains(got, "550") {
		t.Errorf("tried again: got %q", got)
	}
	jane.wants(t, "chloe again", page+"/contacts", url.Values{"add": {"chloe@example.com"}}, "")
	jane.wants(t, "bob no more", page+"/contacts", url.Values{"remove": {"bob@example.com"}}, "")
	if got := rail(); strings.Contains(got, "bob@") || strings.Contains(got, "Unsubscribed") || !strings.Contains(got, "chloe@example.com") {
		t.Errorf("got %q", got)
	}
	lines := strings.Join(events(parsePage(t, jane.get(page).body)), "\n")
	for _, want := range []string{"Jane Doe added bob@example.com to those who hear", "Jane Doe took bob@example.com out of those who hear"} {
		if !strings.Contains(lines, want) {
			t.Errorf("the log lacks %q:\n%s", want, lines)
		}
	}
	// Without a script: the page again, with why.
	got := jane.post(page+"/contacts", url.Values{"token": {token + "plain"}, "add": {"a@b"}})
	if got.status < 400 || !strings.Contains(got.body, "is not an e-mail address") {
		t.Errorf("got %d", got.status)
	}
}

func TestThePageSaysThatNoMailIsSent(t *testing.T) {
	s := fill(newHouse(t))
	jane := s.signedIn("jane@example.com")
	page := "/cases/" + string(s.running.Number)
	jane.wants(t, "an address", page+"/contacts", url.Values{"add": {"bob@example.com"}}, "")
	got := parsePage(t, jane.get(page).body).says(t, "#contacts")
	if !strings.Contains(got, "bob@example.com") || !strings.Contains(got, "This server sends no e-mail.") || strings.Contains(got, "Gets e-mail") {
		t.Errorf("got %q", got)
	}
}
