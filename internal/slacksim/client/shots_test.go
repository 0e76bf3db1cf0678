package client

import (
	"testing"

	"caseline/internal/browsertest"
)

// TestScreenshots leaves pictures of the pages in the folder CASELINE_SHOTS
// names, for people to look at.
func TestScreenshots(t *testing.T) {
	if !browsertest.Shoots() {
		t.Skip("CASELINE_SHOTS names no folder for screenshots")
	}
	o := opened(t, Options{})
	o.furnish()
	thread := ""
	for _, m := range o.w.All(o.chans["operations"].ID) {
		if m.ReplyCount > 1 {
			thread = m.TS
		}
	}
	pages := map[string]string{
		"start": o.http.URL + "/client/", "operations": o.page("alice", "operations"), "case": o.page("alice", "case-1000000042"),
		"thread": o.page("alice", "operations") + "?thread=" + thread, "pins": o.page("bob", "case-1000000042") + "?panel=pins",
		"app": o.http.URL + "/client/" + o.ws.ID + "/alice/apps/" + o.app.ID, "dm": o.page("alice", "dm"),
		"shared": o.page("alice", "shared"), "members": o.page("alice", "shared") + "?panel=members", "archived": o.page("alice", "old"),
		"gone": o.http.URL + "/client/" + o.ws.ID + "/alice/CNONE", "simulation": o.page("alice", "shared") + "?panel=simulation",
	}
	tab := browsertest.Open(t).Tab("slack")
	for name, url := range pages {
		tab.Visit(url)
		tab.Shot(name, browsertest.Light, browsertest.Dark)
	}
	o.shootForms(t, tab)
}

func (o *office) shootForms(t *testing.T, tab *browsertest.Tab) {
	shot := func(name string) { tab.Shot(name, browsertest.Light, browsertest.Dark) }
	v := o.openModal("alice", everyInput)
	tab.Visit(o.page("alice", "operations"))
	tab.Until(`document.querySelector('#modal dialog[open]')`)
	shot("modal")
	must(t, o.screens.Refuse(v.ID, map[string]string{"subject": "Please complete this required field.", "description": "Please tell us a little more."}))
	tab.Sees("#modal .field-error", "required")
	shot("modalerrors")
	tab.Click(`#modal [data-block-id=members] [role=combobox]`)
	tab.Sees("#modal .listbox:not([hidden]) [role=option]", "Bob")
	shot("modalpicker")
	o.screens.CloseModal(o.users["alice"].ID, true)
	tab.Lacks("#modal dialog", "")
	tab.Click(`[data-testid=person-switcher]`)
	shot("switcher")
	tab.Script(`document.body.click(); document.body.toggleAttribute('data-sidebar', true)`)
	tab.Until(`getComputedStyle(document.getElementById('sidebar')).visibility === 'visible'`)
	shot("sidebar")
	tab.Visit(o.page("alice", "case-1000000042"))
	tab.Script(`document.querySelector('[data-own] [data-act=message-menu]').click()`)
	shot("menu")
	tab.Script(`document.body.click(); document.querySelector('#main [data-act=react-menu]').click()`)
	shot("react")
	tab.Script(`document.body.click()`)
	tab.Click(`#main [data-action-id=end]`)
	tab.Until(`document.querySelector('dialog.dialog')`)
	shot("confirm")
	tab.Script(`document.querySelector('dialog.dialog').close()`)
	tab.Type(composer, "/")
	tab.Until(`document.querySelector('.complete')`)
	shot("complete")
	tab.Visit(o.page("alice", "case-1000000042"))
	tab.Script(`document.querySelector('[data-own] [data-act=message-menu]').click(); document.querySelector('.menu [data-do=edit]').click()`)
	tab.Until(`document.querySelector('.edit-box textarea:focus')`)
	shot("edit")
}
