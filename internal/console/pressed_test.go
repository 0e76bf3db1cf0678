package console_test

import (
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// A press of the presence shows before the server has answered, and a second one
// meanwhile asks for nothing.
func TestThePresenceShowsThatItWasPressed(t *testing.T) {
	h := newHouse(t)
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	tab := browsertest.Open(t).Tab("presence")
	signIn(tab, h, "jane@example.com")
	tab.Until(alive + ` && document.querySelector('#linkstate[hidden]')`)
	tab.Script(`window.held = []; const real = window.fetch;
		window.fetch = (url, options) => String(url).endsWith('/presence') ? new Promise((go) => window.held.push(() => go(real(url, options)))) : real(url, options);`)
	const button = `document.querySelector('.presence-button')`
	tab.Click(".presence-button")
	tab.Until(button + `.ariaBusy === 'true' && Number(getComputedStyle(` + button + `).opacity) < 1 && window.held.length === 1`)
	tab.Script(button + `.click()`)
	if n := browsertest.Read[float64](tab, `window.held.length`); n != 1 {
		t.Errorf("the server was asked %v times", n)
	}
	tab.Script(`window.held[0]()`)
	tab.Until(button + `.ariaBusy === null && ` + button + `.ariaChecked === 'true'`)
}
