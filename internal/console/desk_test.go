package console_test

import (
	"context"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/catalogue"
	"caseline/internal/desk"
)

// An operator makes a desk by hand: a team, a reply for everybody, hours that are
// chosen and not typed by code. Then they take an account's data out. The auditor finds
// that in the audit, and can change none of it.
func TestAnOperatorMakesADeskAndAnAuditorFindsIt(t *testing.T) {
	w := wholeOffice(t)
	w.follow = func(ctx context.Context) error {
		saved, err := w.store.SavedCatalogue(ctx, 0)
		if err != nil {
			return err
		}
		c, err := catalogue.Parse(saved.Text)
		if err == nil {
			w.book.Put(c)
		}
		return err
	}
	tab := browsertest.Open(t).Tab("olivia")
	signIn(tab, w.house, "olivia@example.com")

	tab.Visit(w.http.URL + "/teams/new")
	tab.Type("#name", "Billing")
	tab.Click(`input[name=members][value="` + string(w.s.jane.ID) + `"]`)
	tab.Click(".settings-acts [type=submit]")
	tab.Sees("main", "Billing")
	tab.Visit(w.http.URL + "/replies")
	tab.Type("#name", "refund-sent")
	tab.Script(`const who = document.querySelector('#for'); who.value = [...who.options].find((o) => o.value !== 'me').value`)
	tab.Type("#canned-text", "Your refund is on its way.")
	tab.Click(".canned-form [type=submit]")
	tab.Sees(".canned", "/refund-sent")

	tab.Visit(w.http.URL + "/setup/catalogue")
	tab.Shot("choices", browsertest.Light, browsertest.Dark)
	tab.Type("#zone-0", "Europe/Berlin")
	tab.Type("#open-0", "mon-fri 09:00-17:00")
	tab.Click(`input[name="types-0"][value="technical"]`)
	tab.Click(`form[action$="/hours"] [type=submit]`)
	tab.Sees(".toast", "Forms in Slack offer it")
	tab.Until(`document.querySelector('input[name="types-0"][value="technical"]').checked && !document.querySelector('input[name="types-1"]:checked')`)
	tab.Sees(".hours legend", "Technical support")
	tab.Click(`input[name="no_chat-0"][value="technical"]`)
	tab.Script(`window.before = true`) // the page says the same now
	tab.Click(`form[action$="/languages"] [type=submit]`)
	tab.Until(`!window.before && document.querySelector('input[name="no_chat-0"][value="technical"]').checked`)
	tab.Sees(".toast", "Forms in Slack offer it")

	tab.Visit(w.http.URL + "/privacy")
	tab.Click(`form[action="/privacy/exports"] [type=submit]`)
	tab.Sees("main", "Is being made")

	w.agent("arno@example.com", "Arno Vogt", desk.RoleAuditor)
	arno := browsertest.Open(t).Tab("arno")
	signIn(arno, w.house, "arno@example.com")
	arno.Visit(w.http.URL + "/audit")
	arno.Sees(".audit tbody", "Asked for an export")
	b := w.signedIn("arno@example.com")
	for _, path := range []string{"/setup/catalogue/hours", "/teams", "/privacy/exports", "/privacy/person", "/setup/agents"} {
		if got := b.post(path, nil); got.status < 400 {
			t.Errorf("%s: an auditor's press is answered with %d", path, got.status)
		}
	}
}
