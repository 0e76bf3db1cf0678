package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
	"caseline/internal/desk/roster"
	"caseline/internal/store"
)

// holds says how many chats at the same time an agent takes on.
func (h *house) holds(a desk.Agent, n int) {
	h.t.Helper()
	h.update(func(tx store.Tx) error { return tx.SaveSeat(h.t.Context(), &roster.Seat{Agent: a.ID, Capacity: n}) })
}

// Whoever takes a chat by hand with their hands full is asked whether they want it;
// Next gives them none.
func TestB5_FullHandsAreAskedFirst(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	h.holds(jane, 1)
	b := h.signedIn("jane@example.com")
	first, second := h.opened("VPN is down", "D", "T1:UALICE", desk.SeverityHigh), h.opened("Mail is slow", "D", "T1:UBOB", desk.SeverityHigh)
	path := "/cases/" + string(second.Number)
	if got := b.post("/cases/"+string(first.Number)+"/join", url.Values{"token": {aToken}}); got.status != http.StatusOK || h.get(first.ID).Chat.Agent != jane.ID {
		t.Fatalf("the first: got %d", got.status)
	}
	if got := b.post("/next", url.Values{"token": {aToken + "next"}}); got.status != http.StatusOK || parsePage(t, got.body).one(t, ".toast").text != "Your hands are full, with 1 of 1 chats." {
		t.Errorf("next: got %d", got.status)
	}
	got := b.post(path+"/join", url.Values{"token": {aToken + "second"}})
	doc := parsePage(t, got.body)
	if got.status != http.StatusConflict || doc.one(t, ".card-ask h1").text != "Take this chat as well?" || !strings.Contains(doc.one(t, ".card-ask .field-error").text, "1 of 1 chats") {
		t.Fatalf("asked: got %d, %s", got.status, got.body)
	}
	if c := h.get(second.ID); c.Chat.State != desk.ChatRequested {
		t.Errorf("before an answer: got %+v", c.Chat)
	}
	yes := url.Values{}
	for _, field := range doc.all(".card-ask form input") {
		yes.Set(field.attrs["name"], field.attrs["value"])
	}
	if got := b.post(doc.one(t, ".card-ask form").attrs["action"], yes); got.status != http.StatusOK || got.path != path || h.get(second.ID).Chat.Agent != jane.ID {
		t.Errorf("with a yes: got %d at %s, %+v", got.status, got.path, h.get(second.ID).Chat)
	}
}

// The same by keyboard: the question stands in a dialog of the page.
func TestB5_FullHandsAreAskedInADialog(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	h.holds(jane, 1)
	first, second := h.opened("VPN is down", "D", "T1:UALICE", desk.SeverityHigh), h.opened("Mail is slow", "D", "T1:UBOB", desk.SeverityHigh)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	for _, c := range []desk.Case{first, second} {
		tab.Visit(h.http.URL + "/cases/" + string(c.Number))
		tab.Until(`document.documentElement.classList.contains('js')`)
		tab.Press("J")
		if c.ID == second.ID {
			tab.Until(`document.querySelector('#dialog-join').open && document.querySelector('#dialog-join .field-error').textContent === 'Your hands are full, with 1 of 1 chats.'`)
			tab.Shot("full-hands", browsertest.Light, browsertest.Dark)
			tab.Script(`document.querySelector('#dialog-join [type=submit]').click()`)
		}
		tab.Until(`document.getElementById('main').dataset.mode === 'compose'`)
	}
	if got := h.get(second.ID).Chat.Agent; got != jane.ID {
		t.Errorf("got %q", got)
	}
}

// Whoever accepts an offer that has ended meanwhile is told so, on the page from which
// they can still take what waits. What became of the offers stands quietly in the log
// at the join.
func TestB5_AcceptingWhatHasEndedIsToldAndTheLogSaysWhoWasAsked(t *testing.T) {
	h := newHouse(t)
	jane, omar := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent), h.agent("omar@example.com", "Omar Haddad", desk.RoleAgent)
	b := h.signedIn("jane@example.com")
	h.online(jane)
	c := h.opened("VPN is down", "Since ten.", "T1:UALICE", desk.SeverityHigh)
	h.offers()
	accept := url.Values{}
	for _, field := range parsePage(t, b.get("/").body).all(".offer form")[0].all("input") {
		accept.Set(field.attrs["name"], field.attrs["value"])
	}
	path := "/cases/" + string(c.Number)
	if err := h.cases.Pass(t.Context(), c.ID, jane.ID); err != nil { // at another device
		t.Fatal(err)
	}
	got := b.post(path+"/join", accept)
	doc := parsePage(t, got.body)
	if got.status != http.StatusConflict || !strings.Contains(doc.one(t, ".toast").text, "Your offer has ended, but the chat still waits.") || len(doc.all(`.dock-join button`)) != 1 {
		t.Errorf("passed: got %d, %s", got.status, doc.one(t, ".toast").text)
	}
	other := h.signedIn("omar@example.com")
	h.online(omar)
	h.offers()
	if got := b.post(path+"/join", accept); got.status != http.StatusConflict || !strings.Contains(got.body, "the chat is offered to Omar Haddad now") || h.get(c.ID).Chat.State != desk.ChatRequested {
		t.Errorf("offered to another: got %d", got.status)
	}
	accept = url.Values{}
	for _, field := range parsePage(t, other.get("/").body).all(".offer form")[0].all("input") {
		accept.Set(field.attrs["name"], field.attrs["value"])
	}
	if got := other.post(path+"/join", accept); got.status != http.StatusOK || h.get(c.ID).Chat.Agent != omar.ID {
		t.Fatalf("accepted: got %d", got.status)
	}
	says := func(b *browser) []string {
		t.Helper()
		var all []string
		for _, line := range parsePage(t, b.get(path).body).all(".event-offers") {
			all = append(all, line.text)
		}
		return all
	}
	want := "Offered to Jane Doe, passed after 0 s · Offered to Omar Haddad, accepted after 0 s"
	if got := says(other); len(got) != 1 || got[0] != want {
		t.Errorf("in the log: got %q, want %q", got, want)
	}
	if browsertest.Shoots() {
		tab := browsertest.Open(t).Tab("console")
		signIn(tab, h, "jane@example.com")
		tab.Visit(h.http.URL + path)
		tab.Shot("offered", browsertest.Light, browsertest.Dark)
	}
	if got := other.get(path + "/log?after=1"); !strings.Contains(got.body, "accepted after 0 s") {
		t.Errorf("in what a page fetches: got %s", got.body)
	}
}

// A browser says that somebody is there, once for all its pages in some minutes, and
// not while nobody sees it.
func TestB5_ABrowserSaysThatSomebodyIsThere(t *testing.T) {
	h := newHouse(t)
	jane, omar := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent), h.agent("omar@example.com", "Omar Haddad", desk.RoleAgent)
	attentive := func(a desk.Agent) bool {
		t.Helper()
		devices, err := h.store.Devices(t.Context(), h.clock.now().Add(-roster.OfflineAfter))
		if err != nil {
			t.Fatal(err)
		}
		return roster.Attentive(devices, a.ID, h.clock.now())
	}
	b := h.signedIn("jane@example.com")
	b.get("/")
	if attentive(jane) {
		t.Error("a page alone says that somebody is there")
	}
	if got := b.post("/attention", nil); got.status != http.StatusOK || !attentive(jane) {
		t.Errorf("got %d", got.status)
	}
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "omar@example.com")
	tab.Until(`document.documentElement.classList.contains('js') && localStorage.getItem('attention:' + document.body.dataset.me) > 0`)
	for !attentive(omar) && t.Context().Err() == nil {
		tab.Until(`true`)
	}
	said := browsertest.Read[string](tab, `localStorage.getItem('attention:' + document.body.dataset.me)`)
	tab.Press("gc")
	tab.Until(`location.pathname === '/chats' && document.documentElement.classList.contains('js')`)
	if got := browsertest.Read[string](tab, `localStorage.getItem('attention:' + document.body.dataset.me)`); got != said {
		t.Errorf("said at %s and again at %s", said, got)
	}
}
