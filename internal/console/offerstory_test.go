package console_test

import (
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// An offer comes by itself to whatever page is open, and is passed and accepted by
// keys; the next chat is taken by one.
func TestB5_OffersByKeyboard(t *testing.T) {
	h := newHouse(t)
	jane, omar := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent), h.agent("omar@example.com", "Omar Haddad", desk.RoleAgent)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	h.online(jane)
	tab.Press("gc") // my chats
	tab.Until(`location.pathname === '/chats' && document.documentElement.classList.contains('js')`)
	c := h.opened("VPN is down", "Since ten.", "T1:UALICE", desk.SeverityHigh)
	h.offers()
	tab.Until(`document.querySelector('#banners[role=status] .offer-subject')?.textContent.includes('VPN is down')`) // so it is told, too
	tab.Until(`/^[12]?\d s$/.test(document.querySelector('.offer-left').textContent)`)
	tab.Press("P")
	tab.Until(`!document.querySelector('.offer')`)
	if got := h.get(c.ID).Chat; len(got.Passed) != 1 || got.Offer.Agent != "" {
		t.Errorf("passed: got %+v", got)
	}
	second := h.opened("Mail is slow", "Since eleven.", "T1:UBOB", desk.SeverityHigh)
	h.offers()
	tab.Until(`document.querySelector('.offer-subject')?.textContent.includes('Mail is slow')`)
	tab.Press("A")
	tab.Until(`location.pathname === '/cases/` + string(second.Number) + `' && document.getElementById('main').dataset.mode === 'compose' && !document.querySelector('.offer')`)
	if got := h.get(second.ID).Chat; got.Agent != jane.ID {
		t.Errorf("accepted: got %+v", got)
	}
	tab.Until(`document.documentElement.classList.contains('js')`)
	tab.Press(browsertest.Escape + "N")
	tab.Until(`location.pathname === '/cases/` + string(c.Number) + `' && document.getElementById('main').dataset.mode === 'compose'`)
	tab.Until(`document.documentElement.classList.contains('js')`)
	tab.Press(browsertest.Escape + "N")
	tab.Until(`document.querySelector('.toast')?.textContent === 'Nobody is waiting at the moment.'`)
	if got := h.get(c.ID).Chat.Agent; got != jane.ID || got == omar.ID {
		t.Errorf("next: got %s", got)
	}
}

// Without any script an offer is a form like any other.
func TestOffersWithoutScript(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	b := h.signedIn("jane@example.com")
	h.online(jane)
	c := h.opened("VPN is down", "Since ten.", "T1:UALICE", desk.SeverityHigh)
	h.offers()
	doc := parsePage(t, b.get("/cases").body)
	for _, form := range doc.all(".offer form") {
		if form.attrs["method"] != "post" || form.attrs["action"] == "" {
			t.Errorf("got %v", form.attrs)
		}
	}
	if got := b.post("/offers/"+string(c.Number)+"/pass", nil); got.status != 200 || got.path != "/" {
		t.Errorf("passing without a way back: got %d at %s", got.status, got.path)
	}
}
