package console_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/casework/keeping"
	"caseline/internal/desk/personal"
)

const (
	heldOne = `document.querySelectorAll('#outbox .delivery-held').length === 1`
	asNote  = `document.querySelector('[name=as]:checked').value === 'note'`
	inBox   = `document.getElementById('text').value`
)

// What is called back comes into the box behind a note that was begun meanwhile.
// Together they stay a note: nothing that colleagues write to each other goes to the
// customer because of a press on "Undo".
func TestANoteStaysOneWhateverComesIntoItsBox(t *testing.T) {
	h := newHouse(t, holding(60))
	s := fill(h)
	if err := keeping.New(h.store, h.clock.now).SaveReply(t.Context(), s.jane, personal.Canned{Name: "hello", Agent: s.jane.ID, Text: "Hello!"}); err != nil {
		t.Fatal(err)
	}
	tab := writingTo(h, s.running)
	tab.Press("rto the customer" + browsertest.Enter)
	tab.Until(heldOne)
	tab.Press(browsertest.ArrowUp) // the last message, which has not gone, and not the one before
	tab.Until(inBox + ` === 'to the customer' && document.getElementById('composer-editing').hidden`)
	tab.Press(browsertest.Enter)
	tab.Until(heldOne)
	tab.Press("n", browsertest.Alt)
	tab.Press("for us only")
	tab.Click(`#outbox .delivery-actions button`)
	tab.Until(inBox + ` === 'to the customer\nfor us only' && ` + asNote)
	tab.Script(`document.dispatchEvent(new CustomEvent('insert', { detail: '/hello' }))`)
	tab.Until(inBox + `.includes('Hello!') && ` + asNote)
}

// What was typed here and never reached the server does not take the place of what
// another device wrote later.
func TestAnOlderDraftDoesNotReplaceANewerOne(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	keep := keeping.New(h.store, h.clock.now)
	tab := browsertest.Open(t).Tab("desktop")
	signIn(tab, h, "jane@example.com")
	page := h.http.URL + "/cases/" + string(s.running.Number)
	draft := fmt.Sprintf(`'draft:%s:%s'`, s.jane.ID, s.running.ID)
	at := func() int64 { return h.clock.now().UnixMilli() }
	kept := func(text string, at int64) {
		t.Helper()
		tab.Visit(h.http.URL + "/chats")
		tab.Until(alive)
		tab.Script(fmt.Sprintf(`localStorage.setItem(%s, JSON.stringify({ text: '%s', revision: 1, dirty: true, at: %d }))`, draft, text, at))
	}
	tab.Visit(page)
	tab.Until(composing)
	tab.Press("rhalf a")
	tab.Until(fmt.Sprintf(`JSON.parse(localStorage.getItem(%s))?.text === 'half a' && !JSON.parse(localStorage.getItem(%[1]s)).dirty`, draft))

	kept("half a", at())
	jotting, err := s.store.Jotting(t.Context(), s.jane.ID, s.running.ID)
	if err == nil {
		jotting.Text = "a whole thought, on the phone"
		_, err = keep.Jot(t.Context(), jotting)
	}
	if err != nil {
		t.Fatal(err)
	}
	tab.Visit(page)
	tab.Until(composing + ` && ` + inBox + ` === 'a whole thought, on the phone'`)

	kept("a later thought", at()+60_000)
	tab.Visit(page)
	tab.Until(composing + ` && ` + inBox + ` === 'a later thought'`)

	// Whom it is for is another device's to know, too.
	tab.Press("n", browsertest.Alt)
	tab.Press(browsertest.Escape + "n")
	tab.Until(asNote + ` && (fetch('/cases/` + string(s.running.Number) + `/jotting').then(r => r.json()).then(j => { window.kind = j.kind }), window.kind === 'note')`)
}

// A second tab of the same case leaves alone what the first one holds, and takes it
// over when that one is gone. Whoever signs in after another does not send it.
func TestWhatIsHeldIsItsTabsOwn(t *testing.T) {
	h := newHouse(t, holding(60))
	s := fill(h)
	browser := browsertest.Open(t)
	first, second := browser.Tab("first"), browser.Tab("second")
	signIn(first, h, "jane@example.com")
	page := h.http.URL + "/cases/" + string(s.running.Number)
	first.Visit(page)
	first.Until(composing)
	before := h.get(s.running.ID).LastSeq
	first.Press("rno, wait" + browsertest.Enter)
	first.Until(heldOne)
	second.Visit(page)
	second.Until(composing + ` && document.querySelectorAll('#outbox li').length === 0`)
	second.Press("ralso" + browsertest.Enter)
	second.Until(heldOne)
	second.Press(browsertest.Enter)
	second.Until(sentWords + `.at(-1) === 'also'`)
	first.Press("z", browsertest.Ctrl)
	first.Until(inBox + ` === 'no, wait'`)
	if got := h.get(s.running.ID).LastSeq; got != before+1 {
		t.Errorf("%d entries were written, want 1", got-before)
	}
	// A page that is gone without having sent: what it left goes with the next.
	left := `localStorage.setItem('outbox:%s:%s', JSON.stringify([{ page: 'gone', token: crypto.randomUUID(), text: '%s', at: Date.now(), state: 'waiting', to: '/cases/%s/replies' }]))`
	second.Script(fmt.Sprintf(left, s.omar.ID, s.running.ID, "by Omar", s.running.Number))
	second.Script(fmt.Sprintf(left, s.jane.ID, s.running.ID, "left behind", s.running.Number))
	second.Reload()
	second.Until(composing + ` && document.querySelectorAll('#outbox li').length === 0 && ` + sentWords + `.at(-1) === 'left behind'`)
	if got := h.get(s.running.ID).LastSeq; got != before+2 {
		t.Errorf("%d entries were written, want 2", got-before)
	}
}

// A page that is left sends all that it holds in one request, in order.
func TestWordsSentTogetherKeepTheirOrder(t *testing.T) {
	h := newHouse(t, holding(60))
	s := fill(h)
	tab := writingTo(h, s.running)
	page := h.http.URL + "/cases/" + string(s.running.Number)
	before := h.get(s.running.ID).LastSeq
	tab.Press("rone" + browsertest.Enter + "two" + browsertest.Enter + "three" + browsertest.Enter)
	tab.Until(`document.querySelectorAll('#outbox .delivery-held').length === 3`)
	tab.Script(`window.sent = []; { const f = window.fetch; window.fetch = (url, o) => { if (String(url).endsWith('/replies')) window.sent.push(String(o.body)); return f(url, o); } }`)
	tab.Script(`dispatchEvent(new PageTransitionEvent('pagehide'))`)
	if got := browsertest.Read[int](tab, `window.sent.length`); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
	tab.Visit(page)
	tab.Until(composing + ` && document.querySelectorAll('#outbox li').length === 0 && ` + sentWords + `.slice(-3).join() === 'one,two,three'`)

	b := h.signedIn("jane@example.com")
	form := url.Values{"token": {"0123456789abcdef1", "0123456789abcdef2"}, "text": {"four", "five"}}
	for range 2 { // the second changes nothing
		if res := b.post("/cases/"+string(s.running.Number)+"/replies", form, "Accept", "application/json"); res.status != 200 {
			t.Errorf("got %d: %s", res.status, res.body)
		}
	}
	tab.Until(sentWords + `.slice(-3).join() === 'three,four,five'`)
	if got := h.get(s.running.ID).LastSeq; got != before+5 {
		t.Errorf("%d entries were written, want 5", got-before)
	}
}

// What the customer wrote while the agent put the case away, and so has not seen, is
// not put away with it.
func TestPuttingAwayHidesNothingUnseen(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	b := h.signedIn("jane@example.com")
	path := "/cases/" + string(s.running.Number)
	seen := parsePage(t, b.get(path).body).one(t, "#dialog-snooze [name=seen]").attrs["value"]
	h.say(s.running, "T1:UALICE", "are you there?")
	away := func(seen string, want int) {
		t.Helper()
		b.post(path+"/snooze", url.Values{"token": {"0123456789abcdefg"}, "sure": {"1"}, "until": {"1h"}, "seen": {seen}})
		if got, err := h.store.Snoozes(t.Context(), s.jane.ID, h.now()); err != nil || len(got) != want {
			t.Errorf("seen up to %s: got %v, %v, want %d", seen, got, err, want)
		}
	}
	away(seen, 0)
	away(fmt.Sprint(h.get(s.running.ID).LastSeq), 1)
}

// What a page left behind because the server could not be reached is sent by the next
// one, of whatever; what cannot be sent is told of once.
func TestWhatAPageLeftBehindIsSentByTheNext(t *testing.T) {
	h := newHouse(t, holding(60))
	s := fill(h)
	tab := writingTo(h, s.running)
	tab.Script(`window.fetch = () => Promise.reject(new TypeError())`)
	tab.Press("rone" + browsertest.Enter + "two" + browsertest.Enter)
	tab.Until(`document.querySelectorAll('#outbox .delivery-held').length === 2`)
	tab.Visit(h.http.URL + "/chats")
	tab.Until(alive + ` && document.querySelector('[aria-label="My chats"] .row-preview').textContent.includes('two')`)
	tab.Until(`!Object.keys(localStorage).some(key => key.startsWith('outbox:'))`)

	refused := `localStorage.setItem('outbox:%s:%s', JSON.stringify([{ page: 'gone', token: crypto.randomUUID(), text: 'too late', at: Date.now(), state: 'waiting', to: '/cases/%s/replies' }]))`
	tab.Script(fmt.Sprintf(refused, s.jane.ID, s.ended.ID, s.ended.Number))
	tab.Reload()
	tab.Until(alive + ` && document.querySelector('#toasts a')?.getAttribute('href') === '/cases/` + string(s.ended.Number) + `'`)
	tab.Reload()
	tab.Until(alive + ` && document.readyState === 'complete'`)
	tab.Click(`.nav-link[data-go="a"]`)
	tab.Until(alive + ` && location.pathname === '/cases' && !document.querySelector('#toasts a')`)
	tab.Visit(h.http.URL + "/cases/" + string(s.ended.Number))
	tab.Until(alive + ` && document.querySelector('#outbox .delivery-failed')`)
}

// What is held goes before its writer signs out: after that nobody would take it.
func TestWhatIsHeldGoesBeforeSigningOut(t *testing.T) {
	h := newHouse(t, holding(60))
	s := fill(h)
	tab := writingTo(h, s.running)
	before := h.get(s.running.ID).LastSeq
	tab.Press("rand good night" + browsertest.Enter)
	tab.Until(heldOne)
	tab.Script(`document.querySelector('form[action="/logout"] button').click()`)
	tab.Until(`location.pathname === '/login'`)
	if got := h.get(s.running.ID).LastSeq; got != before+1 {
		t.Errorf("%d entries were written, want 1", got-before)
	}
}

// Who comes back to a draft goes on at its end.
func TestADraftGoesOnAtItsEnd(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	if _, err := keeping.New(h.store, h.clock.now).Jot(t.Context(), personal.Jotting{Agent: s.jane.ID, Case: s.running.ID, Kind: personal.JotReply, Text: "half a"}); err != nil {
		t.Fatal(err)
	}
	tab := writingTo(h, s.running)
	tab.Press("r thought")
	tab.Until(inBox + ` === 'half a thought'`)
}

// Files that wait beside the words, and those that are held with them, are not lost
// without a question; nobody is asked where there are none. While the question stands
// there what is held goes.
func TestFilesAreNotLostWithoutAQuestion(t *testing.T) {
	h := newHouse(t, holding(60))
	s := fill(h)
	tab := writingTo(h, s.running)
	leaves := func() bool {
		t.Helper()
		return browsertest.Read[bool](tab, `dispatchEvent(new Event('beforeunload', { cancelable: true }))`)
	}
	if !leaves() {
		t.Error("one is asked with nothing to lose")
	}
	attached := filepath.Join(t.TempDir(), "plan.txt")
	if err := os.WriteFile(attached, []byte("the plan"), 0o600); err != nil {
		t.Fatal(err)
	}
	tab.Attach(`#composer input[type=file]`, attached)
	tab.Until(`document.querySelectorAll('#chips .chip').length === 1`)
	if leaves() {
		t.Error("a file beside the words is lost without a question")
	}
	tab.Press("rsee the plan" + browsertest.Enter)
	tab.Until(`document.querySelectorAll('#outbox .delivery-held').length === 2`)
	if leaves() {
		t.Error("a held file is lost without a question")
	}
	tab.Until(sentWords + `.at(-1) === 'see the plan' && document.querySelectorAll('#outbox li').length === 0`)
	if got := h.fileNames(s.running); !strings.Contains(got, "plan.txt") {
		t.Errorf("got files %s", got)
	}
	if !leaves() {
		t.Error("one is asked when all of it has gone")
	}
}
