package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store"
)

// doorsOf are the console's doors, to find which one an address leads to.
func doorsOf(o *whole) *http.ServeMux {
	doors := http.NewServeMux()
	for pattern := range o.server.Doors() {
		doors.Handle(pattern, http.NotFoundHandler())
	}
	return doors
}

func doorOf(doors *http.ServeMux, path string) string {
	req, err := http.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		return ""
	}
	_, door := doors.Handler(req)
	return door
}

// pagesByName are doors with pages that are not to be had by their address alone: by somebody
// who is about to sign in, has been invited, or wrote a message.
func pagesByName() []string {
	return []string{"GET /login/second", "GET /invitations/{secret}", "GET /cases/{id}/words/{seq}"}
}

// pageDoors are the doors behind which there is a page, found as the crawl for what is
// planted finds them: a door that it does not reach is one of those that are named.
func pageDoors(t *testing.T, o *whole) (all []string) {
	t.Helper()
	c, found := newCrawl(o), map[string]bool{}
	for {
		door, _, got, ok := c.next()
		if !ok {
			break
		}
		if got.status != http.StatusOK {
			continue
		}
		page := strings.HasPrefix(got.header.Get("Content-Type"), "text/html") && got.header.Get("Content-Disposition") == "" && strings.Contains(got.body, "<html")
		if found[door] = found[door] || page; page {
			c.follow(parsePage(t, got.body))
		}
	}
	for pattern := range o.server.Doors() {
		page, known := found[pattern]
		named := slices.Contains(pagesByName(), pattern)
		if strings.HasPrefix(pattern, "GET ") && !known && !named && !slices.Contains(seen(), pattern) {
			t.Errorf("nobody knows whether there is a page behind %s", pattern)
		}
		if page || named {
			all = append(all, pattern)
		}
	}
	return all
}

// A looker looks at pages as somebody would who sees little or nothing.
type looker struct {
	o      *whole
	tab    *browsertest.Tab
	doors  *http.ServeMux
	looked map[string]bool
}

// at goes to a page, does what is to be done there and looks.
func (l *looker) at(path string, then ...func()) {
	l.o.t.Helper()
	l.tab.Visit(l.o.http.URL + path)
	l.looked[doorOf(l.doors, path)] = true
	for _, step := range then {
		step()
	}
	l.tab.Usable(browsertest.Light, browsertest.Dark)
}

func (l *looker) script(text string) func() { return func() { l.tab.Script(text) } }

// asks posts a form as a page without a script does, and looks at the answer.
func (l *looker) asks(path string, form url.Values) {
	l.o.t.Helper()
	l.at("/me", l.script(fmt.Sprintf(`const form = document.createElement('form'); form.method = 'post'; form.action = %q;
		for (const [name, value] of new URLSearchParams(%q)) { const field = document.createElement('input'); field.type = 'hidden'; field.name = name; field.value = value; form.append(field); }
		document.body.append(form); form.submit()`, path, form.Encode())),
		func() { l.tab.Until(alive + fmt.Sprintf(` && location.pathname === %q`, path)) })
}

// Every page can be used by whoever sees little, hears it, or has a keyboard only,
// light and dark, in a narrow window, with wide spaces and in French. A page that is new
// is found by its door.
func TestEveryPageIsUsableByEverybody(t *testing.T) {
	o := wholeOffice(t)
	h, s := o.house, o.s
	tab := browsertest.Open(t).Tab("console")
	l := &looker{o, tab, doorsOf(o), map[string]bool{}}
	l.at("/login")
	l.at("/login?next=/cases")
	signIn(tab, h, "jane@example.com")
	number := func(c desk.Case) string { return "/cases/" + string(c.Number) }
	account := "/setup/accounts/" + string(northwind)
	l.at("/")
	l.at("/chats")
	for _, c := range []desk.Case{s.requested, s.running, s.ended, s.resolved, s.watched} {
		l.at(number(c))
	}
	l.at(number(s.ended), l.script(`document.querySelector('.transcript').open = true`))
	l.at("/", l.script(`document.getElementById('help').showModal()`))
	l.at("/", l.script(`document.getElementById('menu').open = true`))
	l.at("/me")
	l.at("/me/notifications")
	l.at("/setup")   // which is not for her
	l.at("/nowhere") // which is not there
	l.overlays()
	l.second()

	tab.Visit(h.http.URL + "/")
	tab.Script(`document.querySelector('[action="/logout"]').submit()`)
	tab.Until(`location.pathname === '/login'`)
	l.at(h.signedIn("olivia@example.com").invite("noor@example.com", desk.RoleAgent))
	signIn(tab, h, "omar@example.com")
	tab.Script(`fetch('/me/language', { method: 'POST', body: new URLSearchParams({ tongue: 'fr' }) }).then(() => { window.chosen = true; })`)
	tab.Until(`window.chosen`)
	h.update(func(tx store.Tx) error {
		return tx.SaveErasure(t.Context(), &keeping.Erasure{ID: "planted", Cause: keeping.ByWish, Name: "Karl", By: desk.ByAgent(s.omar), Begun: h.now(), Ended: h.now(), Counts: keeping.Counts{"messages": 1}})
	})
	for _, path := range append([]string{
		"/", "/chats", "/cases", "/cases?q=the", "/cases?q=zebra", "/cases?q=-zebra", "/setup", "/setup/agents", account, account + "/channels/new",
		account + "/channels/T1/C0PLATFORM", account + "/channels/T1/C0PLATFORM/remove", account + "/workspaces/T2/unlink", "/audit", "/audit?" + url.Values{"from": {"x"}, "case": {"1"}}.Encode(), "/me", number(s.watched),
		"/privacy/records/planted",
	}, o.paths()...) {
		l.at(path)
	}
	for _, door := range pageDoors(t, o) {
		if !l.looked[door] {
			t.Errorf("nobody has looked at a page of %s", door)
		}
	}
}

// overlays looks at what opens over a page, and at the questions that take its place
// where there is no script. Jane is signed in.
func (l *looker) overlays() {
	o, tab, t := l.o, l.tab, l.o.t
	t.Helper()
	s := o.s
	number := func(c desk.Case) string { return "/cases/" + string(c.Number) }
	if _, err := o.cases.Join(t.Context(), casework.Join{Case: s.running.ID, Agent: s.omar, Also: true, Origin: o.origin()}); err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	for _, c := range []desk.Case{s.running, s.requested, s.resolved} {
		tab.Visit(o.http.URL + number(c))
		for _, id := range browsertest.Read[[]string](tab, `[...document.querySelectorAll('#dialogs dialog')].map((d) => d.id)`) {
			if asked[id] {
				continue
			}
			asked[id] = true
			l.at(number(c), l.script(`document.getElementById('`+id+`').showModal()`))
		}
	}
	for _, wish := range []string{"delete", "join", "end", "hand", "leave", "severity", "resolve", "reopen", "snooze"} {
		if !asked["dialog-"+wish] {
			t.Errorf("nobody has looked at the question of %s", wish)
		}
	}
	l.at(number(s.running), func() { tab.Press("k", browsertest.Ctrl) }, func() { tab.Until(`document.querySelectorAll('#palette-list > li').length > 9`) })
	o.signedIn("jane@example.com").post("/replies", url.Values{"name": {"thanks"}, "text": {"Thank you, {{customer}}."}, "for": {"me"}})
	for sign, note := range map[string]bool{"/th": false, ":wa": false, "@om": true} {
		l.at(number(s.running), l.script(fmt.Sprintf(`document.querySelector('#composer [name=as][value="%s"]').click(); const text = document.getElementById('text'); text.value = ''; text.focus()`, map[bool]string{true: "note"}[note])),
			func() { tab.Press(sign) }, func() { tab.Until(`document.querySelector('#suggest:not([hidden]) [aria-selected=true]')`) })
	}
	l.at(number(s.running), l.script(`document.querySelector('#composer [name=as][value=""]').click(); const text = document.getElementById('text'); text.value = '**Bold** and [a page](https://example.com)'; text.focus()`),
		func() { tab.Press("p", browsertest.Alt) }, func() { tab.Until(`document.querySelector('.composer-preview a')`) })
	tab.Script(`const text = document.getElementById('text'); text.value = ''; text.dispatchEvent(new Event('input', { bubbles: true }))`)
	l.at("/cases", l.script(`document.querySelector('.row-pick').click()`), func() { tab.Until(`document.getElementById('bulk').checkVisibility()`) })
	tab.Visit(o.http.URL + number(s.running))
	l.at(browsertest.Read[string](tab, `document.querySelector('[data-edit]').getAttribute('href')`))
	for _, wish := range []string{"end", "hand", "severity", "resolve", "snooze", "leave"} {
		l.asks(number(s.running)+"/"+wish, url.Values{"token": {"0123456789abcdef-" + wish}})
	}
	l.asks("/bulk", url.Values{"token": {"0123456789abcdef-bulk"}, "do": {"resolve"}, "case": {string(s.running.Number), string(s.ended.Number)}})
	o.update(func(tx store.Tx) error {
		c, err := tx.LockCase(t.Context(), s.requested.ID)
		if err != nil {
			return err
		}
		c.Chat.Offer = desk.Offer{Agent: s.jane.ID, Name: s.jane.Name, At: o.now(), Until: o.now().Add(time.Hour)}
		return tx.SaveCase(t.Context(), &c)
	})
	l.at("/", func() { tab.Until(`document.querySelector('.offer').checkVisibility()`) })
}

// second looks at the pages of a second factor, as somebody who sets one up.
func (l *looker) second() {
	o, t := l.o, l.o.t
	t.Helper()
	o.agent("fay@example.com", "Fay Moss", desk.RoleAgent)
	tab := browsertest.Open(t).Tab("fay")
	own := &looker{o, tab, l.doors, l.looked}
	signIn(tab, o.house, "fay@example.com")
	tab.Visit(o.http.URL + "/me/second-factor")
	app := o.reads(browsertest.Read[string](tab, `document.documentElement.outerHTML`))
	tab.Type("#code", app.code()+browsertest.Enter)
	tab.Until(`document.querySelectorAll('.spare code').length === 10`)
	tab.Usable(browsertest.Light, browsertest.Dark)
	tab.Visit(o.http.URL + "/")
	tab.Script(`document.querySelector('[action="/logout"]').submit()`)
	tab.Until(`location.pathname === '/login' && document.readyState === 'complete'`)
	tab.Type("input[name=email]", "fay@example.com")
	tab.Type("input[name=password]", password+browsertest.Enter)
	tab.Until(`location.pathname === '/login/second' && document.readyState === 'complete'`)
	own.at("/login/second")
}
