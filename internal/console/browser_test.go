package console_test

import "caseline/internal/browsertest"

// signIn signs in by hand and waits for the agent's first page.
func signIn(tab *browsertest.Tab, h *house, email string) {
	h.t.Helper()
	tab.Visit(h.http.URL + "/login")
	tab.Type("input[name=email]", email)
	tab.Type("input[name=password]", password+browsertest.Enter)
	tab.Until(`location.pathname === '/' && document.readyState === 'complete' && document.documentElement.classList.contains('js')`)
}
