package console_test

import (
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

const presenceButton = `document.querySelector('.presence-button')`

// away is a house with an agent who is away and looks at the queue.
func away(t *testing.T) (*house, *browsertest.Tab) {
	t.Helper()
	h := newHouse(t)
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	tab := browsertest.Open(t).Tab("presence")
	signIn(tab, h, "jane@example.com")
	tab.Until(alive + ` && document.querySelector('#linkstate[hidden]')`)
	return h, tab
}

// A press of the presence shows before the server has answered. Of those that come
// meanwhile the server is told the last, once it has answered the first.
func TestThePresenceShowsThatItWasPressed(t *testing.T) {
	_, tab := away(t)
	tab.Script(`window.held = []; const real = window.fetch;
		window.fetch = (url, options) => String(url).endsWith('/presence') ? new Promise((go) => window.held.push(() => go(real(url, options)))) : real(url, options);`)
	tab.Click(".presence-button")
	tab.Until(presenceButton + `.ariaBusy === 'true' && Number(getComputedStyle(` + presenceButton + `).opacity) < 1 && window.held.length === 1`)
	tab.Until(presenceButton + `.ariaChecked === 'true'`) // before the server has heard of it
	for _, then := range []string{"false", "true", "false"} {
		tab.Script(presenceButton + `.click()`)
		tab.Until(presenceButton + `.ariaChecked === '` + then + `'`)
	}
	if n := browsertest.Read[float64](tab, `window.held.length`); n != 1 {
		t.Errorf("the server was asked %v times before it answered", n)
	}
	tab.Script(`window.held[0]()`)
	tab.Until(`window.held.length === 2`)
	tab.Script(`window.held[1]()`)
	tab.Until(presenceButton + `.ariaBusy === null && ` + presenceButton + `.ariaChecked === 'false' && document.querySelector('.presence').dataset.presence === 'away'`)
	tab.Script(`fetch('/worklist', { headers: { Accept: 'application/json' } }).then((r) => r.json()).then((a) => { window.server = a.presence })`)
	tab.Until(`window.server === 'away'`)
}

// What was asked before an agent chose is answered after it: that tells of the time before. What the server refuses was not chosen.
func TestThePresenceIsTheOneChosenLast(t *testing.T) {
	h, tab := away(t)
	tab.Script(`window.held = []; window.refuse = false; window.shown = [];
		const real = window.fetch;
		window.fetch = async (url, options) => {
			if (options?.method === 'POST') return window.refuse ? new Response('{"error":"Not now."}', { status: 409 }) : real(url, options);
			const answer = await real(url, options);
			return window.shown.length ? answer : new Promise((go) => window.held.push(() => go(answer)));
		}`)
	h.opened("The printer is on fire", "Since ten.", "T1:UALICE", desk.SeverityHigh)
	tab.Until(`window.held.length === 1`)
	tab.Script(`new MutationObserver(() => window.shown.push(` + presenceButton + `.ariaChecked)).observe(` + presenceButton + `, { attributes: true, attributeFilter: ['aria-checked'] })`)
	tab.Click(".presence-button")
	tab.Until(presenceButton + `.ariaBusy === null && ` + presenceButton + `.ariaChecked === 'true'`)
	tab.Script(`window.held[0]()`)
	tab.Until(`document.querySelector('[data-list]').textContent.includes('The printer is on fire')`)
	tab.Script(`window.refuse = true`)
	tab.Click(".presence-button")
	tab.Until(`document.body.textContent.includes('Not now.') && ` + presenceButton + `.ariaBusy === null`)
	tab.Until(presenceButton + `.ariaChecked === 'true'`)
	if got, want := browsertest.Read[string](tab, `window.shown.filter((s, i) => s !== window.shown[i - 1]).join()`), "true,false,true"; got != want {
		t.Errorf("the presence shown was %s in turn, want %s", got, want)
	}
}
