package console_test

import (
	"fmt"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// A page looks at once at who else is here when that changed, six times in half a minute;
// then once within a quarter of a minute, at a moment of its own, however often it changes
// meanwhile. Of a thousand agents somebody comes or goes all the time.
func TestAPageLooksSeldomWhileAgentsComeAndGo(t *testing.T) {
	h, tab := away(t)
	omar := h.agent("omar@example.com", "Omar Haddad", desk.RoleAgent)
	tab.Visit(h.http.URL + "/") // which begins to count when Jane has come
	tab.Until(alive)
	tab.Script(`const real = window.setTimeout;
		Math.random = () => 0.5;
		window.late = []; window.over = [];
		window.setTimeout = (run, wait = 0, ...more) => {
			const kept = { 7750: window.late, 30000: window.over }[wait];
			return kept ? kept.push(run) : real(run, wait, ...more);
		};`)
	here := desk.Away
	turn := func() {
		t.Helper()
		here = map[desk.Presence]desk.Presence{desk.Away: desk.Online, desk.Online: desk.Away}[here]
		if err := h.cases.SetPresence(t.Context(), omar.ID, here); err != nil {
			t.Fatal(err)
		}
	}
	looked := func() (at, later float64) {
		return browsertest.Read[float64](tab, `window.over.length`), browsertest.Read[float64](tab, `window.late.length`)
	}
	began := 0.0
	for i := 0; began == 0; i++ { // until the stream has begun
		turn()
		subject := fmt.Sprintf("Build %d is stuck", i)
		h.opened(subject, "Since ten.", "T1:UALICE", desk.SeverityNormal)
		tab.Sees("main .rows", subject)
		began, _ = looked()
	}
	for n := began + 1; n <= 6; n++ {
		turn()
		tab.Until(fmt.Sprintf(`window.over.length === %g`, n))
	}
	turn()
	tab.Until(`window.late.length === 1`)
	for i := range 5 {
		turn()
		subject := fmt.Sprintf("Printer %d is stuck", i) // heard after that
		h.opened(subject, "It says so.", "T1:UALICE", desk.SeverityNormal)
		tab.Sees("main .rows", subject)
	}
	if at, later := looked(); at != 6 || later != 1 {
		t.Errorf("twelve turns had the page look %v times at once and %v times later, want 6 and 1", at, later)
	}
	tab.Script(`window.late[0]()`)
	if at, later := looked(); at != 7 || later != 1 {
		t.Errorf("with the later one it looked %v times and has %v before it, want 7 and no other", at, later-1)
	}
	turn()
	tab.Until(`window.late.length === 2`)
	tab.Script(`window.over.forEach((run) => run())`) // the half minute is over
	tab.Script(`window.late[1]()`)
	turn()
	tab.Until(`window.over.length === 9`) // at once again
}
