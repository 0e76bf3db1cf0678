package console_test

import (
	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// signIn signs in by hand and waits for the agent's first page.
func signIn(tab *browsertest.Tab, h *house, email string) {
	h.t.Helper()
	tab.Visit(h.http.URL + "/login")
	tab.Type("input[name=email]", email)
	tab.Type("input[name=password]", password+browsertest.Enter)
	tab.Until(`location.pathname === '/' && document.readyState === 'complete' && document.documentElement.classList.contains('js')`)
}

// writingTo is a browser of Jane's at a chat of hers, where she can write.
func writingTo(h *house, c desk.Case) *browsertest.Tab {
	h.t.Helper()
	tab := browsertest.Open(h.t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(c.Number))
	tab.Until(composing)
	return tab
}
