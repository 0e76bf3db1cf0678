package scenario

import (
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/store/storetest"
)

// TestBrowser_B11_ASearchByHand is how Alice finds a case on Slack's pages: by
// the form, on to the next page, and by other words.
func TestBrowser_B11_ASearchByHand(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t))
	alice := browsertest.Open(t).Tab("slack")
	for _, subject := range []string{"Printer jams", "Printer smokes", "Printer beeps", "Printer hums", "Printer sleeps", "Printer sings", "Router blinks"} {
		h.files(h.bob, subject, "It has been like *this* since ten.")
	}
	h.quiet()
	alice.Visit(h.pages() + "/client/" + h.ws.ID + "/alice/" + h.ops.ID)
	alice.Sees(".messages", "Router blinks")
	alice.Type(`[data-testid=composer]`, "/support search "+browsertest.Enter)
	alice.Sees("#modal-title", "Search for cases")
	alice.Type(`#modal [data-action-id=number]`, "12")
	alice.Click(`#modal button[type=submit]`)
	alice.Sees("#modal", "A case number has ten digits")
	alice.Shot("search-refused")
	alice.Press("\b\b")
	alice.Type(`#modal [data-action-id=words]`, "printer")
	alice.Shot("search-form")
	alice.Click(`#modal button[type=submit]`)
	alice.Sees(".messages", "Printer smokes")
	alice.Shot("search-results")
	alice.Click(`.messages [data-action-id=search_next]`)
	alice.Sees(".messages", "Previous 5 results")
	alice.Sees(".messages", "Printer jams")
	alice.Shot("search-next")
	alice.Click(`.messages [data-action-id=search_edit]`)
	alice.Sees("#modal-title", "Search for cases")
	alice.Type(`#modal [data-action-id=words]`, "smokes ")
	alice.Click(`#modal button[type=submit]`)
	alice.Sees(".messages", "smokes printer")
	alice.Click(`.messages [data-action-id=search_share]`)
	alice.Sees(".messages", "shared what a search has found")
	alice.Shot("search-shared")
}
