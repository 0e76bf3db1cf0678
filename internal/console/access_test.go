package console_test

import (
	"net/url"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// Every page can be used by whoever sees little, hears it, or has a keyboard only,
// light and dark, in a narrow window, with wide spaces and in French.
func TestEveryPageIsUsableByEverybody(t *testing.T) {
	o := wholeOffice(t)
	h, s := o.house, o.s
	tab := browsertest.Open(t).Tab("console")
	look := func(path string, then ...string) {
		t.Helper()
		tab.Visit(h.http.URL + path)
		for _, step := range then {
			tab.Script(step)
		}
		tab.Usable(browsertest.Light, browsertest.Dark)
	}
	look("/login")
	look("/login?next=/cases")
	signIn(tab, h, "jane@example.com")
	number := func(c desk.Case) string { return "/cases/" + string(c.Number) }
	account := "/setup/accounts/" + string(northwind)
	look("/")
	look("/chats")
	for _, c := range []desk.Case{s.requested, s.running, s.ended, s.resolved, s.watched} {
		look(number(c))
	}
	look(number(s.ended), `document.querySelector('.transcript').open = true`)
	for _, wish := range []string{"end", "hand", "severity", "resolve"} {
		look(number(s.running), `document.querySelector('[data-key="`+wish+`"]').click()`)
	}
	look("/", `document.getElementById('help').showModal()`)
	look("/", `document.getElementById('menu').open = true`)
	look("/me")
	look("/me/notifications")
	look("/setup") // which is not for her
	tab.Visit(h.http.URL + "/")
	tab.Script(`document.querySelector('[action="/logout"]').submit()`)
	tab.Until(`location.pathname === '/login'`)
	signIn(tab, h, "omar@example.com")
	tab.Script(`fetch('/me/language', { method: 'POST', body: new URLSearchParams({ tongue: 'fr' }) }).then(() => { window.chosen = true; })`)
	tab.Until(`window.chosen`)
	for _, path := range append([]string{
		"/", "/chats", "/cases", "/cases?q=the", "/cases?q=zebra", "/cases?q=-zebra", "/setup", "/setup/agents", account, account + "/channels/new",
		account + "/channels/T1/C0PLATFORM", account + "/channels/T1/C0PLATFORM/remove", "/audit", "/audit?" + url.Values{"from": {"x"}, "case": {"1"}}.Encode(), "/me", number(s.watched),
	}, o.paths()...) {
		look(path)
	}
}
