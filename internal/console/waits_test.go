package console_test

import (
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// Posts that Slack's limits keep back are counted above the composer, on the page
// and in what it fetches, while they wait for longer than a second.
func TestPostsThatWaitAreCounted(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	h.settleAll(c.ID)
	b := h.signedIn("jane@example.com")
	h.reply(c, jane, "one")
	h.reply(c, jane, "two")
	last := b.log(c, 0).Seq
	check := func(when, want string) {
		t.Helper()
		page := parsePage(t, b.get("/cases/"+string(c.Number)).body)
		if got := page.says(t, "#waits"); got != want {
			t.Errorf("%s: the page says %q, want %q", when, got, want)
		}
		if got := parsePage(t, b.log(c, last, last-1, last).Waits).text; got != want {
			t.Errorf("%s: the news say %q, want %q", when, got, want)
		}
	}
	check("on their way", "")
	h.clock.stop()
	h.update(func(tx store.Tx) error {
		d, _, err := tx.Head(t.Context(), desk.CaseLane(c.ID))
		if err != nil {
			return err
		}
		return tx.Postpone(t.Context(), d.ID, h.now().Add(1400*time.Millisecond), desk.Paced)
	})
	check("kept back", "2 posts waiting, next in 1.4 s")
	h.settle(c.ID, desk.Verdict{Kind: desk.Sent, Receipt: "1.1"})
	check("one sent", "")
	h.settle(c.ID, desk.Verdict{Kind: desk.Retry, At: h.now().Add(40 * time.Second), Reason: "ratelimited"})
	check("asked to slow down", "1 post waiting, next in 40 s")
	h.settle(c.ID, desk.Verdict{Kind: desk.Sent, Receipt: "1.2"})
	check("all sent", "")
}

// The line comes and goes by the live stream, and leaves what is being typed
// alone.
func TestPostsThatWaitComeAndGoInABrowser(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	h.settleAll(c.ID)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(c.Number))
	tab.Until(`document.documentElement.classList.contains('js') && document.querySelector('#text')`)
	tab.Type("#text", "on it"+browsertest.Enter)
	tab.Until(`document.querySelectorAll('#log .delivery-sending').length === 1 && document.querySelectorAll('#outbox li').length === 0`)
	tab.Type("#text", "and anoth")
	h.update(func(tx store.Tx) error {
		d, _, err := tx.Head(t.Context(), desk.CaseLane(c.ID))
		if err != nil {
			return err
		}
		return tx.Postpone(t.Context(), d.ID, h.now().Add(time.Hour), desk.Paced)
	})
	if err := h.cases.Waits(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	tab.Until(`document.getElementById('waits').textContent === '1 post waiting, next in 60 min'`)
	tab.Shot("waits", browsertest.Light, browsertest.Dark)
	h.settle(c.ID, desk.Verdict{Kind: desk.Sent, Receipt: "1.1"})
	tab.Until(`document.getElementById('waits').textContent === '' && document.getElementById('text').value === 'and anoth'`)
}
