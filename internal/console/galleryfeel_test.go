//go:build gallery

package console_test

import (
	"net/url"
	"testing"

	"caseline/internal/browsertest"
)

// TestGalleryFeel takes pictures of the pages in French, and very wide.
func TestGalleryFeel(t *testing.T) {
	if !browsertest.Shoots() {
		t.Fatal("CASELINE_SHOTS names no folder for the pictures")
	}
	o := newOffice(t)
	furnish(o)
	h := o.house
	nobody, tab := browsertest.Open(t).Tab("feel"), browsertest.Open(t).Tab("feel")
	nobody.Visit(h.http.URL + "/login")
	nobody.ShotAt("signin", []int64{2560, 390}, browsertest.Light, browsertest.Dark)
	signIn(tab, h, "omar@example.com")
	h.signedIn("omar@example.com").post("/me/language", url.Values{"tongue": {"fr"}})
	running := browsertest.Read[string](tab, `document.querySelector('.row-link').getAttribute('href')`)
	for name, path := range map[string]string{
		"queue": "/", "chats": "/chats", "cases": "/cases", "case": running, "setup": "/setup", "account": "/setup/accounts/" + string(northwind),
		"agents": "/setup/agents", "audit": "/audit", "me": "/me", "notifications": "/me/notifications",
	} {
		tab.Visit(h.http.URL + path)
		tab.ShotAt(name, []int64{2560, 1440, 390}, browsertest.Light, browsertest.Dark)
	}
}
