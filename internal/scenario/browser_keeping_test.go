package scenario

import (
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/desk/keeping"
	"caseline/internal/store/storetest"
)

// TestBrowser_AnOperatorKeepsHouse is a day of an operator: hours and languages,
// what is kept, an export, and a person who wants to be forgotten.
func TestBrowser_AnOperatorKeepsHouse(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t), func(h *house) { h.poll = 50 * time.Millisecond })
	c := h.asks(h.alice, "Build is stuck").joins()
	c.post(h.alice, "my password is swordfish")
	c.recorded("my password is swordfish")
	h.must(h.jane.End(h.ctx, c.number))
	c.says("saved")
	h.must(h.jane.Resolve(h.ctx, c.number))
	c.ago(49 * time.Hour)
	b := browsertest.Open(t)
	olivia := b.Tab("operator")
	h.signsIn(olivia, oliviaEmail)
	both := []string{browsertest.Light, browsertest.Dark}

	// Nobody is there but for a minute a week: the form in Slack says so.
	olivia.Visit(h.url + "/setup/catalogue")
	olivia.Shot("catalogue", both...)
	olivia.Type("#zone-0", "Europe/Berlin")
	olivia.Type("#open-0", "mon 00:00-00:01")
	olivia.Type("#free-0", "12-25 Christmas Day")
	olivia.Click(`form[action$="/hours"] button[type=submit]`)
	olivia.Sees(".toast", "Forms in Slack offer it")
	olivia.Visit(h.url + "/setup/catalogue/preview")
	olivia.Sees("main", "Nobody is there now")
	olivia.Shot("preview", both...)
	alice := b.Tab("slack")
	alice.Visit(h.pages() + "/client/" + h.ws.ID + "/alice/" + h.ops.ID)
	alice.Type(`[data-testid=composer]`, "/support create "+browsertest.Enter)
	alice.Sees("#modal-title", "Create a support case")
	alice.Type(`#modal [data-action-id=subject]`, "Another thing")
	alice.Type(`#modal [data-action-id=description]`, "It is broken.")
	alice.Click(`#modal button[type=submit]`)
	alice.Sees("#modal", "Issue type")
	service := `#modal [data-block-id="service:technical"]`
	alice.Type(service+" [role=combobox]", "web app")
	alice.Sees(service+" [role=option]", "Web application")
	alice.Type(service+" [role=combobox]", browsertest.Enter)
	alice.Sees("#modal", "Category")
	alice.Script(`const s = document.querySelector('#modal select[data-block-id="category:technical:web-app"]'); s.value = 'error'; s.dispatchEvent(new Event('change', {bubbles: true}))`)
	alice.Click(`#modal button[type=submit]`)
	alice.Sees("#modal", "Support is not there now")
	alice.Shot("hours")

	// All that is wrong with what was typed is said by line.
	olivia.Visit(h.url + "/setup/catalogue/yaml")
	olivia.Script(`document.querySelector('#text').value = 'severities:\n  - {code: low}\nwhat: 1\n'`)
	olivia.Click(`main form button[type=submit]`)
	olivia.Sees(".problems", "Line 2")
	olivia.Sees(".problems", "Line 3")
	olivia.Shot("yaml", both...)
	olivia.Visit(h.url + "/setup/catalogue/versions")
	olivia.Sees("main", "Support hours")
	olivia.Shot("versions", both...)
	olivia.Visit(h.url + "/setup/catalogue/types/technical")
	olivia.Shot("type", both...)

	// What would go is said before it goes.
	policy := h.url + "/setup/accounts/" + string(acmeID) + "/policy"
	olivia.Visit(policy)
	olivia.Type("#cases", "1")
	olivia.Click(`button[value=preview]`)
	olivia.Sees("main", "It would erase the content of 1 case now")
	olivia.Shot("policy", both...)

	// An export is downloaded and read.
	olivia.Visit(h.url + "/privacy")
	olivia.Click(`form[action="/privacy/exports"] button`)
	h.until("the export is ready", func() bool {
		all, err := h.app.Store.Exports(h.ctx, 1)
		h.must(err)
		return len(all) == 1 && all[0].State == keeping.Ready
	})
	olivia.Visit(h.url + "/privacy?q=alice")
	olivia.Sees("main", "Alice Martin")
	olivia.Shot("privacy", both...)
	client := h.signIn(oliviaEmail)
	body, err := client.Page(h.ctx, browsertest.Read[string](olivia, `document.querySelector('a[href^="/privacy/exports/"]').getAttribute('href')`))
	h.must(err)
	h.unzips([]byte(body))

	// A person is erased, and the record shows it.
	olivia.Click(`a[href^="/privacy/person"]`)
	olivia.Sees("main", "Type Alice Martin to go on")
	olivia.Shot("person", both...)
	olivia.Type("#typed", "Alice Martin"+browsertest.Enter)
	olivia.Sees("main h1", "Record of an erasure")
	h.record(keeping.ByWish)
	olivia.Reload()
	olivia.Sees(".certificate", "1 case")
	olivia.Shot("record", both...)
	olivia.Visit(h.url + "/cases/" + c.number)
	olivia.Sees("#log", "erased at the wish of their author")
	olivia.Shot("erased-case", both...)
	olivia.Visit(h.url + "/cases/" + c.number + "/keeping")
	olivia.Shot("keeping", both...)
	olivia.Visit(h.url + "/audit")
	olivia.Sees(".audit", "Erased a person")
	olivia.Shot("audit", both...)
	h.ages()
	h.nowhere("swordfish")
}
