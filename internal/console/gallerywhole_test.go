//go:build gallery

package console_test

import (
	"net/url"
	"strings"
	"testing"

	"caseline/internal/browsertest"
)

// cutOff is what a page has no room for.
const cutOff = `[document.documentElement.scrollWidth > innerWidth + 1 ? 'the page is ' + document.documentElement.scrollWidth + ' px wide' : '',
	...[...document.querySelectorAll('main *, .side *')].filter((e) => e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1 && ['hidden', 'clip'].includes(getComputedStyle(e).overflowX) && !e.closest('.row, .wall-case'))
		.map((e) => e.className + ': ' + e.textContent.trim().slice(0, 60))].filter(Boolean).join(' | ')`

// TestGalleryWhole takes pictures of every room in French.
func TestGalleryWhole(t *testing.T) {
	if !browsertest.Shoots() {
		t.Fatal("CASELINE_SHOTS names no folder for the pictures")
	}
	w := wholeOffice(t)
	tab := browsertest.Open(t).Tab("whole")
	signIn(tab, w.house, "omar@example.com")
	w.signedIn("omar@example.com").post("/me/language", url.Values{"tongue": {"fr"}})
	for _, path := range append(w.paths(), "/", "/chats", "/cases", "/setup", "/setup/agents", "/me", "/audit", "/cases/"+string(w.s.running.Number), "/cases/"+string(w.s.watched.Number)) {
		tab.Visit(w.http.URL + path)
		for _, width := range []int64{1440, 390} {
			tab.Resize(width, 900)
			if got := browsertest.Read[string](tab, cutOff); got != "" {
				t.Logf("%s at %d px: %s", path, width, got)
			}
		}
		tab.ShotAt("fr"+strings.NewReplacer("/", "-", "?", "-", "&", "-", "=", "-").Replace(path), []int64{1440, 390}, browsertest.Light)
	}
}
