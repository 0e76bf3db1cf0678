package console_test

import (
	"net/url"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// cut names what of the navigation is cut off: a name that is longer than its room, a
// place that is shown in part, and what reaches out at its side.
const cut = `(() => {
	const side = document.querySelector('.side').getBoundingClientRect(), nav = document.querySelector('.nav').getBoundingClientRect();
	const links = [...document.querySelectorAll('.nav-link')], seen = (e) => e.getBoundingClientRect();
	return [
		...links.filter((e) => { const text = e.querySelector('.nav-text'); return text.clientWidth > 1 && text.scrollWidth > text.clientWidth + 1; }),
		...links.filter((e) => seen(e).left < nav.right - 2 && seen(e).right > nav.right + 2),
		...[...document.querySelectorAll('.side-foot *')].filter((e) => !e.closest('.menu-panel') && e.getClientRects().length > 0 && seen(e).right > side.right + 1),
	].map((e) => e.textContent.trim() || e.className);
})()`

// A lead has more places to go than fit on a phone, and people have long names.
func TestNothingOfTheNavigationIsCut(t *testing.T) {
	h := newHouse(t)
	h.agent("lea@example.com", "Maximilienne Vandenbroucke-Laurent", desk.RoleLead)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "lea@example.com")
	in := h.signedIn("lea@example.com")
	for _, language := range []string{"en", "fr"} {
		in.post("/me/language", url.Values{"tongue": {language}})
		tab.Visit(h.http.URL + "/")
		tab.Until(`document.documentElement.lang === '` + language + `'`)
		for _, width := range []int64{1440, 768, 390, 360} {
			tab.Resize(width, 900)
			if got := browsertest.Read[[]string](tab, cut); len(got) > 0 {
				t.Errorf("%s at %d px: cut off: %q", language, width, got)
			}
		}
	}
}
