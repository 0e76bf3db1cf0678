//go:build gallery

package console_test

import (
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// TestGalleryMany takes pictures of the pages that list or choose what there is much of.
func TestGalleryMany(t *testing.T) {
	if !browsertest.Shoots() {
		t.Fatal("CASELINE_SHOTS names no folder for the pictures")
	}
	o := manyOffice(t)
	h, s := o.house, o.s
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "olivia@example.com")
	shoot := func(name, path string, then ...string) {
		t.Helper()
		tab.Visit(h.http.URL + path)
		tab.Until(alive)
		for _, step := range then {
			tab.Script(step)
		}
		tab.ShotAt("many-"+name, []int64{390, 1440}, browsertest.Light)
	}
	for name, path := range manyPages(o) {
		shoot(name, path)
	}
	h.join(s.requested, h.named("olivia@example.com"))
	at := "/cases/" + string(s.requested.Number)
	shoot("hand", at, `document.querySelector('[data-confirm="dialog-hand"], [data-do="hand"]')?.click() ?? document.getElementById('dialog-hand').showModal()`)
	shoot("palette", at, `document.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }))`)
	_ = desk.Online
}
