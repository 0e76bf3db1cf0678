package console_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/casework/keeping"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// Who has a case open sees who else has, and who types, and that they went.
func TestWhoElseLooks(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	jane, omar := browsertest.Open(t).Tab("jane"), browsertest.Open(t).Tab("omar")
	page := h.http.URL + "/cases/" + string(s.running.Number)
	signIn(jane, h, "jane@example.com")
	jane.Visit(page)
	jane.Until(composing)
	// What the one who waits says of themselves brings nothing: they hear by the stream.
	mute := func(tab *browsertest.Tab) {
		tab.Script(`window.spoke = fetch; window.fetch = (url, how) => (how?.method === 'POST' ? Promise.reject(new TypeError()) : spoke(url, how))`)
	}
	speak := func(tab *browsertest.Tab) { tab.Script(`window.fetch = spoke`) }
	jane.Until(`document.getElementById('linkstate').hidden && performance.getEntriesByType('resource').some((r) => r.name.endsWith('/looks') && r.responseEnd)`)
	mute(jane)
	signIn(omar, h, "omar@example.com")
	omar.Visit(page)
	omar.Until(alive + ` && document.getElementById('looks').textContent === 'Jane Doe is looking at this case.'`)
	jane.Until(`document.getElementById('looks').textContent === 'Omar Haddad is looking at this case.'`)
	speak(jane)
	mute(omar)
	height := `document.getElementById('looks').offsetHeight`
	if got := browsertest.Read[float64](jane, height); got < 20 {
		t.Errorf("the line is %v px high", got)
	}
	jane.Press("rhello")
	omar.Until(`document.getElementById('looks').textContent === 'Jane Doe is typing…'`)
	speak(omar)
	mute(jane)
	omar.Visit(h.http.URL + "/")
	jane.Until(`document.getElementById('looks').textContent === ''`)
	if got := browsertest.Read[float64](jane, height); got < 20 {
		t.Errorf("when nobody is there the line is %v px high: what is below moves", got)
	}
}

// A case that was put away leaves the agent's lists until the customer writes, or
// until it is brought back.
func TestPuttingCasesAway(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	page := h.http.URL + "/cases/" + string(s.running.Number)
	tab.Visit(page)
	mine := `document.querySelectorAll('[data-group=mine] .workrow').length`
	tab.Until(composing + ` && ` + mine + ` === 1`)
	away := func() {
		t.Helper()
		tab.Press("z")
		tab.Until(`document.getElementById('dialog-snooze')?.open`)
		tab.Script(`document.querySelector('#dialog-snooze [value=tomorrow]').click(); document.querySelector('#dialog-snooze [type=submit]').focus()`)
		tab.Press(browsertest.Enter)
		tab.Until(`document.querySelector('.head-snoozed') && ` + mine + ` === 0`)
	}
	away()
	h.say(s.running, "T1:UALICE", "are you there?")
	tab.Until(`!document.querySelector('.head-snoozed') && ` + mine + ` === 1`)
	away()
	tab.Press("z")
	tab.Until(`!document.querySelector('.head-snoozed') && ` + mine + ` === 1`)
	away()
	tab.Press("gc")
	tab.Until(`location.pathname === '/chats' && ` + alive + ` && document.querySelectorAll('[aria-label="Put away"] .row').length === 1 && !document.querySelector('[aria-label="My chats"]')`)
	tab.Click(`[aria-label="Put away"] button`)
	tab.Until(`document.querySelectorAll('[aria-label="My chats"] .row').length === 1 && !document.querySelector('[aria-label="Put away"]')`)
}

// Several cases are chosen by keys, and what cannot be done to one is said.
func TestSeveralCasesAtOnce(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Press("ga")
	tab.Until(`location.pathname === '/cases' && ` + alive)
	chosen := `document.querySelectorAll('.row-pick:checked').length`
	tab.Press("jx")
	tab.Until(chosen + ` === 1 && document.getElementById('bulk').checkVisibility()`)
	tab.Press("jjX")
	tab.Until(chosen + ` === 3 && document.getElementById('bulk-count').textContent === '3 cases are chosen:'`)
	tab.Press("**")
	tab.Until(chosen + ` === 0`)
	for _, c := range []desk.Case{s.running, s.watched, s.ended} {
		tab.Click(`.row-pick[value="` + string(c.Number) + `"]`)
	}
	tab.Until(chosen + ` === 3`)
	tab.Click(`#bulk [value=resolve]`)
	tab.Until(`document.querySelectorAll('.outcome').length === 3 && document.body.textContent.includes('Nothing is done yet.')`)
	if h.get(s.ended.ID).Status == desk.StatusResolved {
		t.Fatal("cases are resolved before the question is answered")
	}
	tab.Until(alive + ` && document.activeElement.textContent === 'Resolve cases'`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.querySelectorAll('.outcome-not').length === 1 && document.querySelector('.outcome-not').textContent.includes('Omar Haddad is in this chat')`)
	for c, want := range map[desk.CaseID]bool{s.running.ID: true, s.ended.ID: true, s.watched.ID: false} {
		if got := h.get(c).Status == desk.StatusResolved; got != want {
			t.Errorf("%s: resolved %v, want %v", c, got, want)
		}
	}
}

// Without a script the same form does the same; sent twice it does it once.
func TestSeveralCasesWithoutScript(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	b := h.signedIn("jane@example.com")
	form := url.Values{"token": {"0123456789abcdefg"}, "do": {"severity"}, "severity": {"low"}, "case": {string(s.running.Number), string(s.resolved.Number)}, "back": {"/chats"}}
	for range 2 {
		page := parsePage(t, b.post("/bulk", form).body)
		if got := len(page.all(".outcome")); got != 2 {
			t.Errorf("got %d outcomes", got)
		}
	}
	if got := h.get(s.running.ID); got.Severity != desk.SeverityLow {
		t.Errorf("got %s", got.Severity)
	}
	if res := b.post("/bulk", url.Values{"token": {"0123456789abcdefg"}, "do": {"severity"}}); res.status != 422 {
		t.Errorf("without cases: got %d", res.status)
	}
	b.post("/bulk", url.Values{"token": {"0123456789abcdefh"}, "do": {"hand"}, "sure": {"1"}, "to": {string(s.omar.ID)}, "case": {string(s.running.Number)}})
	if got := h.get(s.running.ID).Chat.Agent; got != s.omar.ID {
		t.Errorf("handed over: got %s", got)
	}
}

// A failing store is a store that fails from some update on.
type failing struct {
	store.Store
	good atomic.Int64 // how many updates go well before one fails; below 0: all
}

var errDisk = errors.New("the disk is full")

func (f *failing) Update(ctx context.Context, fn func(store.Tx) error) error {
	if f.good.Load() >= 0 && f.good.Add(-1) < 0 {
		f.good.Store(0)
		return errDisk
	}
	return f.Store.Update(ctx, fn)
}

// When something breaks in the middle, the page says of each case whether it was
// done, and the rest can be tried again.
func TestSeveralCasesOfWhichOneBreaks(t *testing.T) {
	f := &failing{Store: storetest.SQLite(t)}
	f.good.Store(-1)
	h := houseOn(t, f)
	s := fill(h)
	b := h.signedIn("jane@example.com")
	form := url.Values{"token": {"0123456789abcdefg"}, "do": {"severity"}, "severity": {"low"}, "back": {"/chats"}}
	for _, c := range []desk.Case{s.running, s.ended, s.requested} {
		form.Add("case", string(c.Number))
	}
	form.Add("case", "C-none")
	f.good.Store(1)
	res := b.post("/bulk", form)
	f.good.Store(-1)
	page := parsePage(t, res.body)
	var says []string
	for _, o := range page.all(".outcome") {
		says = append(says, o.text)
	}
	if res.status != 500 || len(says) != 4 || !strings.Contains(says[0], "Changed.") || !strings.Contains(says[1], "may or may not have been done") || !strings.Contains(says[2], "Not tried.") {
		t.Fatalf("got %d, %q", res.status, says)
	}
	again := url.Values{}
	for _, in := range page.all(".outcome-acts input") {
		again.Add(in.attrs["name"], in.attrs["value"])
	}
	if got := again["case"]; !slices.Equal(got, []string{string(s.ended.Number), string(s.requested.Number), "C-none"}) {
		t.Errorf("tried again with %v", got)
	}
	page = parsePage(t, b.post("/bulk", again).body)
	if got := page.all(".outcome-not"); len(got) != 1 || !strings.Contains(got[0].text, "There is no case C-none.") {
		t.Errorf("got %v", got)
	}
	for _, c := range []desk.Case{s.running, s.ended, s.requested} {
		if got := h.get(c.ID).Severity; got != desk.SeverityLow {
			t.Errorf("%s has severity %s", c.Number, got)
		}
	}
}

// A search is kept under a name and found in the navigation, by a key and in the
// palette.
func TestViews(t *testing.T) {
	h := newHouse(t)
	fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases?q=for&severity=urgent&evil=1")
	tab.Until(alive)
	tab.Click(".view-new summary")
	tab.Type("#view-name", "Urgent ones"+browsertest.Enter)
	tab.Until(alive + ` && document.querySelector('.view[aria-current]').textContent.trim() === 'Urgent ones' && location.search === '?q=for&severity=urgent'`)
	tab.Visit(h.http.URL + "/cases")
	tab.Until(alive)
	tab.Press("v1")
	tab.Until(alive + ` && location.search === '?q=for&severity=urgent'`)
	tab.Visit(h.http.URL + "/")
	tab.Until(alive)
	tab.Press("k", browsertest.Ctrl)
	tab.Press("urgent on")
	tab.Until(`document.querySelector('#palette-list [aria-selected=true]')?.textContent === 'Urgent onesView'`)
	tab.Press(browsertest.Enter)
	tab.Until(alive + ` && location.search === '?q=for&severity=urgent'`)
	tab.Click(".view-drop")
	tab.Until(alive + ` && location.pathname === '/cases' && !document.querySelector('.views')`)
}

// The palette finds places, what can be done here, cases, replies and colleagues.
func TestPalette(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	if err := keeping.New(h.store, h.clock.now).SaveReply(t.Context(), s.jane, personal.Canned{Name: "thanks", Agent: s.jane.ID, Text: "Thank you, {{customer}}."}); err != nil {
		t.Fatal(err)
	}
	tab := writingTo(h, s.running)
	find := func(typed, want string) {
		t.Helper()
		tab.Press("k", browsertest.Ctrl)
		tab.Until(`document.getElementById('palette').open && document.activeElement.id === 'palette-input'`)
		tab.Press(typed)
		tab.Until(`document.querySelector('#palette-list [aria-selected=true] .palette-name')?.textContent === ` + want)
		tab.Press(browsertest.Enter)
		tab.Until(`!document.getElementById('palette').open`)
	}
	find("/than", `'/thanks'`)
	tab.Until(`document.getElementById('text').value === 'Thank you, Alice.'`)
	tab.Script(`{ const t = document.getElementById('text'); t.value = ''; t.dispatchEvent(new Event('input')) }`)
	find("hnd omar", `'Hand over to Omar Haddad'`)
	tab.Until(`document.getElementById('dialog-hand').open && document.querySelector('#dialog-hand input:checked')`)
	tab.Press(browsertest.Escape)
	find("chng sev", `'Change the severity'`)
	tab.Until(`document.getElementById('dialog-severity').open`)
	tab.Press(browsertest.Escape)
	find(string(s.ended.Number), `'Invoices of October show the wrong VAT rate'`)
	tab.Until(`location.pathname === '/cases/` + string(s.ended.Number) + `' && ` + alive)
	find("queue", `'Queue'`)
	tab.Until(`location.pathname === '/' && ` + alive)
	spent := browsertest.Read[float64](tab, `(() => { const t = performance.now(); document.querySelector('[data-do=palette]').click(); const i = document.getElementById('palette-input'); i.value = 'a'; i.dispatchEvent(new Event('input')); return performance.now() - t })()`)
	t.Logf("opening the palette and a key took %.1f ms", spent)
}

// An agent with several chats goes from one to the next by keys, and sees how much
// is new in the others.
func TestSeveralChatsAtOnce(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	h.join(s.requested, s.jane)
	h.settleAll(s.requested.ID)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	at := func(c desk.Case) string {
		return `location.pathname === '/cases/` + string(c.Number) + `' && ` + composing
	}
	tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	tab.Until(at(s.running) + ` && document.querySelectorAll('[data-group=mine] .workrow').length === 2`)
	tab.Press("]")
	tab.Until(at(s.requested))
	h.say(s.running, "T1:UALICE", "one")
	h.say(s.running, "T1:UALICE", "two")
	tab.Until(`document.querySelector('[data-group=mine] .unread .unread-dot')?.textContent === '2'`)
	tab.Press("[")
	tab.Until(at(s.running) + ` && !document.querySelector('[data-group=mine] .unread')`)
	place := browsertest.Read[string](tab, `String([...document.querySelectorAll('[data-group=mine] .workrow-link')].findIndex(a => a.textContent.includes('Checkout')) + 1)`)
	tab.Press("r")
	tab.Press(place, browsertest.Alt) // also while somebody writes
	tab.Until(at(s.requested))
}

// The page of a case names earlier cases of its requester and of its account, each
// once.
func TestEarlierCases(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	page := parsePage(t, h.signedIn("jane@example.com").get("/cases/"+string(s.ended.Number)).body)
	part := page.one(t, "#earlier-cases")
	var found []string
	for _, a := range part.all("a") {
		found = append(found, a.attrs["href"])
	}
	if len(found) != 6 || strings.Count(strings.Join(found, " "), string(s.resolved.Number)) > 1 || strings.Contains(strings.Join(found, " "), string(s.ended.Number)) {
		t.Errorf("got %v", found)
	}
	if got := part.all(".earlier")[0].text; !strings.Contains(got, "Two people cannot sign in") {
		t.Errorf("of the requester: got %q", got)
	}
}

// What comes above does not move what the reader looks at.
func TestListsDoNotJump(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	for range 25 {
		h.opened("Filler", "x", "T1:UEMI", desk.SeverityLow)
	}
	tab := browsertest.Open(t).Tab("console")
	tab.Resize(1200, 500)
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases")
	tab.Until(alive)
	tab.Script(`document.querySelector('.scroll').scrollTop = 600`)
	seen := `(() => { const top = document.querySelector('.scroll').getBoundingClientRect().top; const row = [...document.querySelectorAll('.row')].find(r => r.getBoundingClientRect().top >= top); return row.dataset.key + '@' + Math.round(row.getBoundingClientRect().top) })()`
	tab.Until(`document.querySelector('.scroll').scrollTop === 600`)
	before := browsertest.Read[string](tab, seen)
	h.opened("A new one", "x", "T1:UEMI", desk.SeverityLow)
	tab.Until(`document.querySelector('.row .row-title').textContent === 'A new one'`)
	if got := browsertest.Read[string](tab, seen); got != before {
		t.Errorf("the reader's place went from %s to %s", before, got)
	}
	_ = s
}
