package scenario

import (
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/store/storetest"
)

// TestBrowser_TheHomeAndTheShortcuts is a case by hand without a command: from
// the home tab, from the composer's menu and from a message's.
func TestBrowser_TheHomeAndTheShortcuts(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t))
	h.pages()
	posted := h.ops.Post(h.bob, "It stops at *step 3*")
	alice := browsertest.Open(t).Tab("slack")
	home := h.pages() + "/client/" + h.ws.ID + "/alice/apps/" + h.bot.ID
	alice.Visit(home)
	alice.Sees(".home", "You have no open cases")
	alice.Click(`.home [data-action-id=home_create]`)
	alice.Sees("#modal", "Subject")
	alice.Type(`#modal [data-action-id=subject]`, "Build is stuck")
	alice.Type(`#modal [data-action-id=description]`, "Since ten every build stops.")
	alice.Click(`#modal button[type=submit]`)
	h.fillsTheRest(alice)
	alice.Sees(".home", "Build is stuck")
	alice.Sees(".home", "Live chats")
	alice.Shot("home")
	alice.Click(`.home [data-action-id=case_details]`)
	alice.Sees("#modal", "Since ten every build stops.")

	ops := h.pages() + "/client/" + h.ws.ID + "/alice/" + h.ops.ID
	shut := func() {
		t.Helper()
		alice.Click(`#modal [data-act=modal-close]`)
		alice.Until(`!document.querySelector('#modal dialog')`)
	}
	menu := func(callback string) {
		t.Helper()
		shut()
		alice.Visit(ops)
		alice.Sees(".messages", "It stops at")
		alice.Script(`document.querySelector('[data-ts="` + posted.TS + `"] [data-act=message-menu]').click()`)
		alice.Sees(".menu", "Add this to a case")
		alice.Click(`.menu [data-callback=` + callback + `]`)
	}
	menu("case_from_message")
	alice.Sees("#modal", "Subject")
	alice.Until(`document.querySelector('#modal [data-action-id=description]').value.startsWith('It stops at step 3')`)
	alice.Shot("from-message")

	menu("message_to_case")
	alice.Sees("#modal", "It stops at step 3")
	alice.Type("#modal [role=combobox]", "stuck")
	alice.Sees("#modal [role=option]", "Build is stuck")
	alice.Type("#modal [role=combobox]", browsertest.Enter)
	alice.Type(`#modal [data-action-id=note]`, "This is the step")
	alice.Shot("add")
	alice.Click(`#modal button[type=submit]`)
	alice.Sees("#modal", "Support was told")
	alice.Shot("added")
	shut()

	alice.Visit(ops)
	alice.Script(`document.querySelector('[data-act=shortcuts]').click()`)
	alice.Sees(".menu", "Create a support case")
	alice.Script(`[...document.querySelectorAll('.menu [role=menuitem]')].find(b => b.textContent.includes('Create a support case')).click()`)
	alice.Sees("#modal", "Subject")
	shut()

	alice.Visit(home)
	alice.Click(`.home [data-action-id=resolve_case]`)
	alice.Click(`dialog[open] button[value=yes]`)
	alice.Sees(".home", "You have no open cases")
}
