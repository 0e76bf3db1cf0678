package console_test

import (
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// A press of the presence shows before the server has answered. Of those that come
// meanwhile the server is told the last, once it has answered the first.
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
	tab.Until(button + `.ariaChecked === 'true'`) // before the server has heard of it
	for _, then := range []string{"false", "true", "false"} {
		tab.Script(button + `.click()`)
		tab.Until(button + `.ariaChecked === '` + then + `'`)
	}
	if n := browsertest.Read[float64](tab, `window.held.length`); n != 1 {
		t.Errorf("the server was asked %v times before it answered", n)
	}
	tab.Script(`window.held[0]()`)
	tab.Until(`window.held.length === 2`)
	tab.Script(`window.held[1]()`)
	tab.Until(button + `.ariaBusy === null && ` + button + `.ariaChecked === 'false' && document.querySelector('.presence').dataset.presence === 'away'`)
	tab.Script(`fetch('/worklist', { headers: { Accept: 'application/json' } }).then((r) => r.json()).then((a) => { window.server = a.presence })`)
	tab.Until(`window.server === 'away'`)
}

// TestThePresenceIsTheOneChosenLast has what was asked before an agent chose be answered
// after it: that tells of the time before. What the server refuses was not chosen.
func TestThePresenceIsTheOneChosenLast(t *testing.T) {
	h := newHouse(t)
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	tab := browsertest.Open(t).Tab("presence")
	signIn(tab, h, "jane@example.com")
	tab.Until(alive + ` && document.querySelector('#linkstate[hidden]')`)
	const button = `document.querySelector('.presence-button')`
	tab.Script(`window.held = []; window.refuse = false; window.shown = [];
		const real = window.fetch;
		window.fetch = async (url, options) => {
			if (options?.method === 'POST') return window.refuse ? new Response('{"error":"Not now."}', { status: 409 }) : real(url, options);
			const answer = await real(url, options);
			return window.shown.length ? answer : new Promise((go) => window.held.push(() => go(answer)));
		}`)
	h.opened("The printer is on fire", "Since ten.", "T1:UALICE", desk.SeverityHigh)
	tab.Until(`window.held.length === 1`)
	tab.Script(`new MutationObserver(() => window.shown.push(` + button + `.ariaChecked)).observe(` + button + `, { attributes: true, attributeFilter: ['aria-checked'] })`)
	tab.Click(".presence-button")
	tab.Until(button + `.ariaBusy === null && ` + button + `.ariaChecked === 'true'`)
	tab.Script(`window.held[0]()`)
	tab.Until(`document.querySelector('[data-list]').textContent.includes('The printer is on fire')`)
	tab.Script(`window.refuse = true`)
	tab.Click(".presence-button")
	tab.Until(`document.body.textContent.includes('Not now.') && ` + button + `.ariaBusy === null`)
	tab.Until(button + `.ariaChecked === 'true'`)
	if got, want := browsertest.Read[string](tab, `window.shown.filter((s, i) => s !== window.shown[i - 1]).join()`), "true,false,true"; got != want {
		t.Errorf("the presence shown was %s in turn, want %s", got, want)
	}
}
