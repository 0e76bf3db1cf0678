package console_test

import (
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

const tabKey = "\t"

// The setup from the keyboard alone, in a real browser.
func TestTheSetupByKeyboard(t *testing.T) {
	o := newOffice(t)
	o.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, o.house, "olivia@example.com")
	at := func(path string) {
		t.Helper()
		tab.Until(`location.pathname === '` + path + `' && document.readyState === 'complete' && document.documentElement.classList.contains('js')`)
	}

	// Into the account, and to its public channels.
	tab.Press("gs")
	at("/setup")
	tab.Press("j" + browsertest.Enter)
	at(accountURL)
	tab.Script(`document.querySelector('#name').select()`)
	tab.Type("#name", "Halcyon Foods"+browsertest.Enter)
	at(accountURL + "/name")
	tab.Sees("#wrong-name", "is called “Halcyon Foods” already")
	tab.Until(`document.activeElement.id === 'name' && document.activeElement.value === 'Halcyon Foods'`)
	tab.Script(`document.querySelector('[aria-label="Add a channel in Northwind HQ"]').focus()`)
	tab.Press(browsertest.Enter)
	at(accountURL + "/channels/new")
	tab.Type("#find", "platform"+browsertest.Enter)
	tab.Until(`document.querySelectorAll('.rows-public .row').length === 1 && document.documentElement.classList.contains('js')`)
	tab.Script(`document.activeElement.blur()`)
	tab.Press("j" + browsertest.Enter)
	tab.Until(`document.querySelector('.settings') && document.documentElement.classList.contains('js')`)

	// Read only, and told of no cases: the switches are out of sight then.
	tab.Until(`document.querySelector('.checks-tell').checkVisibility() && !document.querySelector('.checks-may').checkVisibility()`)
	tab.Script(`document.querySelector('[name=preset]:checked').focus()`)
	tab.Press(browsertest.ArrowDown)
	tab.Until(`document.querySelector('[name=preset]:checked').value === 'read-only'`)
	tab.Script(`document.querySelector('[name=severities]:checked').focus()`)
	tab.Press(browsertest.ArrowDown + browsertest.ArrowDown)
	tab.Until(`document.querySelector('[name=severities]:checked').value === 'none' && !document.querySelector('.checks-tell').checkVisibility()`)
	tab.Press(tabKey)
	tab.Until(`document.activeElement.type === 'submit'`)
	tab.Press(browsertest.Enter)
	at(accountURL + "/channels/T1/C0PLATFORM")
	tab.Sees(".toast", "is served in this channel")
	tab.Until(`location.search === ''`)
	if c := o.has(northwind, "T1", "C0PLATFORM"); c.Allows(served.MayCreate) || !c.Allows(served.MayRead) || c.Notify != (served.Notify{Severities: served.NotifyNone}) {
		t.Errorf("got %+v", c)
	}

	// Away with it again, and what was done is in the audit.
	tab.Script(`document.querySelector('.bar-acts a[href$="/remove"]').focus()`)
	tab.Press(browsertest.Enter)
	at(accountURL + "/channels/T1/C0PLATFORM/remove")
	tab.Script(`document.querySelector('.button-danger').focus()`)
	tab.Press(browsertest.Enter)
	at(accountURL)
	tab.Lacks(".row", "platform-support")
	tab.Press("gl")
	at("/audit")
	tab.Sees(".audit tbody tr", "Removed a channel")

	// For agents the keys lead nowhere.
	jane := browsertest.Open(t).Tab("jane")
	signIn(jane, o.house, "jane@example.com")
	jane.Press("gsgl?")
	jane.Until(`document.getElementById('help').open && location.pathname === '/'`)
	jane.Lacks("#help", "Audit log")
}
