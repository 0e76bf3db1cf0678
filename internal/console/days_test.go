package console_test

import (
	"net/http"
	"strings"
	"testing"

	"caseline/internal/auth"
	"caseline/internal/auth/oidc"
	"caseline/internal/auth/oidc/oidctest"
	"caseline/internal/browsertest"
	"caseline/internal/console"
	"caseline/internal/desk"
	"caseline/internal/store/storetest"
)

// signInAs signs in by hand with a code after the password.
func signInAs(tab *browsertest.Tab, h *house, email string, code func() string) {
	h.t.Helper()
	tab.Visit(h.http.URL + "/login")
	tab.Type("input[name=email]", email)
	tab.Type("input[name=password]", password+browsertest.Enter)
	tab.Until(`location.pathname === '/login/second' && document.readyState === 'complete'`)
	tab.Type("input[name=code]", code()+browsertest.Enter)
	tab.Until(`location.pathname === '/' && document.readyState === 'complete'`)
}

// at waits until a tab shows a page.
func at(tab *browsertest.Tab, path string) {
	tab.Until(`location.pathname === '` + path + `' && document.readyState === 'complete' && document.documentElement.classList.contains('js')`)
}

// An operator's day: they set up a second factor, invite somebody, give a role,
// look where people are signed in, end that, and shut somebody out.
func TestAnOperatorsDay(t *testing.T) {
	h := factorHouse(t, auth.Operators, func(o *console.Options) { o.Beat = 50e6 })
	h.agent("olivia@example.com", "Olivia Park", desk.RoleOperator)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	browser := browsertest.Open(t)
	tab := browser.Tab("olivia")

	// The first sign-in of an operator leads to the second factor.
	tab.Visit(h.http.URL + "/login")
	tab.Type("input[name=email]", "olivia@example.com")
	tab.Type("input[name=password]", password+browsertest.Enter)
	tab.Until(`document.querySelector('.factor-picture')?.getBoundingClientRect().width > 100`)
	app := h.reads(browsertest.Read[string](tab, `document.documentElement.outerHTML`))
	tab.Until(`document.activeElement.id === 'code'`)
	tab.Type("#code", app.code()+browsertest.Enter)
	tab.Until(`document.querySelectorAll('.spare code').length === 10`)
	tab.Click(".card-actions .button")
	at(tab, "/")

	// They invite Noor, who takes it up in a browser of her own.
	tab.Press("gs")
	at(tab, "/setup")
	tab.Click(`.bar-acts a[href="/setup/agents"]`)
	at(tab, "/setup/agents")
	tab.Type("#email", "noor@example.com")
	tab.Click("input[name=role][value=lead]")
	tab.Click("#invite .button-primary")
	tab.Until(`document.querySelector('#link')?.value.includes('/invitations/')`)
	to := browsertest.Read[string](tab, `document.querySelector('#link').value`)
	noor := browsertest.Open(t).Tab("noor")
	noor.Visit(h.http.URL + to)
	noor.Sees("main", "Olivia Park has invited you")
	noor.Type("input[name=name]", "Noor Haddad")
	noor.Type("input[name=password]", password)
	noor.Type("input[name=again]", password+browsertest.Enter)
	at(noor, "/")
	tab.Visit(h.http.URL + "/setup/agents")
	tab.Sees(".staff-table", "Noor Haddad")
	tab.Lacks("main", "Invitations that are open")

	// Jane becomes a lead. Then her sign-in is ended, and her page finds out.
	desk := browsertest.Open(t).Tab("jane")
	signIn(desk, h, "jane@example.com")
	tab.Click(`a.staff-name[href$="` + string(jane.ID) + `"]`)
	at(tab, "/setup/agents/"+string(jane.ID))
	tab.Click("input[name=role][value=lead]")
	tab.Click(`form:has(input[name=role]) .button-primary`)
	tab.Sees(".toast", "Saved.")
	tab.Sees(".sessions-list", "Chrome on Linux")
	tab.Click(`button[value="all-ended"]`)
	tab.Sees(".toast", "They are signed out everywhere.")
	tab.Sees("main", "They are signed in nowhere.")
	desk.Visit(h.http.URL + "/chats")
	at(desk, "/login")

	// And shut out.
	tab.Click(`button[value="out"]`)
	tab.Sees(".toast", "cannot sign in")
	desk.Type("input[name=email]", "jane@example.com")
	desk.Type("input[name=password]", password+browsertest.Enter)
	desk.Sees("#login-error", "do not match")
	tab.Press("gl")
	at(tab, "/audit")
	for _, what := range []string{"Set up a second factor", "Invited somebody", "Took an invitation up", "Changed an agent’s role", "Ended sign-ins", "Shut an agent out", "Refused a sign-in"} {
		tab.Sees(".audit tbody", what)
	}

	// The next day a code is asked for.
	app.next()
	again := browsertest.Open(t).Tab("again")
	signInAs(again, h, "olivia@example.com", app.code)
}

// An auditor's day: they look everywhere, and there is nothing that they could
// press to change something.
func TestAnAuditorsDay(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	h.agent("arno@example.com", "Arno Vogt", desk.RoleAuditor)
	tab := browsertest.Open(t).Tab("arno")
	signIn(tab, h, "arno@example.com")
	paths := []string{"/", "/chats", "/cases", "/cases?q=the", "/audit", "/reports"}
	for _, c := range []desk.Case{s.requested, s.running, s.ended, s.resolved, s.watched} {
		paths = append(paths, "/cases/"+string(c.Number))
	}
	for _, path := range paths {
		tab.Visit(h.http.URL + path)
		tab.Until(`document.documentElement.classList.contains('js')`)
		forms := browsertest.Read[string](tab, `[...document.querySelectorAll('form')].filter((f) => f.method === 'post' && !['/logout', '/me/language'].includes(new URL(f.action).pathname)).map((f) => f.action).join(' ')`)
		if forms != "" {
			t.Errorf("%s: an auditor is shown forms: %s", path, forms)
		}
		tab.Lacks("body", "Join chat")
	}
	tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	tab.Sees("#dock", "You are reading along.")
	// The keys that change something do nothing, and the page stays whole.
	tab.Press("jJrnhledospx")
	tab.Until(`location.pathname === '/cases/` + string(s.running.Number) + `' && !document.querySelector('dialog[open]')`)
	tab.Press("gl")
	at(tab, "/audit")
	tab.Press("gs")
	tab.Press("gq")
	at(tab, "/")
	// What is new comes in by itself.
	tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	h.say(s.running, "T1:UALICE", "A word that comes later.")
	tab.Sees("#log", "A word that comes later.")
	if browsertest.Read[bool](tab, `Object.keys(localStorage).some((key) => key.includes('attention'))`) {
		t.Error("the page tells that an auditor could take chats")
	}
	// Nor do addresses that they type themselves.
	b := h.signedIn("arno@example.com")
	for _, path := range []string{"/cases/" + string(s.requested.Number) + "/join", "/cases/" + string(s.running.Number) + "/replies", "/cases/" + string(s.running.Number) + "/notes", "/presence"} {
		if got := b.post(path, nil); got.status != http.StatusForbidden || !strings.Contains(got.body, "You may look") {
			t.Errorf("%s: got %d", path, got.status)
		}
	}
}

// Nobody hands a chat to an auditor.
func TestAnAuditorIsHandedNoChat(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	arno := h.agent("arno@example.com", "Arno Vogt", desk.RoleAuditor)
	h.agent("lena@example.com", "Lena Fischer", desk.RoleLead)
	jane := h.signedIn("jane@example.com")
	page := jane.get("/cases/" + string(s.running.Number)).body
	if !strings.Contains(page, "Lena Fischer") || strings.Contains(page, "Arno Vogt") {
		t.Error("the list of who can go on with the chat is wrong")
	}
	got := jane.post("/cases/"+string(s.running.Number)+"/hand", map[string][]string{"to": {string(arno.ID)}, "sure": {"1"}, "token": {"hand-to-an-auditor-1"}})
	if !strings.Contains(got.body, "does not answer customers") {
		t.Errorf("got %d", got.status)
	}
}

// Signing in by a button, with a provider's own page on the way.
func TestSignInElsewhereByButton(t *testing.T) {
	var provider *oidctest.Provider
	var back string
	h := guardedHouse(t, storetest.SQLite(t), func(o *auth.Options) {
		o.Elsewhere, o.Trust = elsewhere{func() auth.Elsewhere {
			return oidc.New(oidc.Options{Issuer: provider.Issuer, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Back: back})
		}, new(auth.Elsewhere)}, auth.Trust{Name: "Northwind ID"}
	})
	back = h.http.URL + "/login/oidc/back"
	provider = oidctest.Start(t, back, oidctest.Person{Subject: "1", Email: "jane@example.com", Name: "Jane Doe", Verified: true}, oidctest.Person{Subject: "2", Email: "eve@example.com", Name: "Eve", Verified: true})
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	tab := browsertest.Open(t).Tab("console")
	tab.Visit(h.http.URL + "/chats")
	at(tab, "/login")
	tab.Sees(".button-wide:last-of-type", "Sign in with Northwind ID")
	enter := func(who string) {
		tab.Click(`a[href^="/login/oidc"]`)
		tab.Until(`document.querySelector('input[name=who]')`)
		tab.Type("input[name=who]", who+browsertest.Enter)
	}
	enter("2")
	tab.Sees("#login-error", "Nobody here has the address eve@example.com.")
	tab.Visit(h.http.URL + "/chats")
	enter("1")
	at(tab, "/chats")
	tab.Visit(h.http.URL + "/me")
	tab.Sees("#sign-ins", "Northwind ID")
	tab.Visit(h.http.URL + "/login/oidc/back?code=x&state=y") // come back once more
	at(tab, "/")
}
