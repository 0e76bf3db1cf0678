package console_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/casework"
	"caseline/internal/console"
	"caseline/internal/desk"
	"caseline/internal/store"
)

const longService = "Enterprise resource planning, with its interfaces to warehouses"

// named has cases be about a service with a long name, in German.
func named(o *console.Options) {
	o.Named = func(c desk.Case) desk.Case {
		c.Service, c.Language = longService, "Deutsch"
		return c
	}
}

// there has an agent take chats, seen at this moment.
func (h *house) there(a desk.Agent) {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		a, err := tx.LockAgent(h.t.Context(), a.ID)
		if err != nil {
			return err
		}
		a.Presence, a.SeenAt = desk.Online, h.now()
		return tx.SaveAgent(h.t.Context(), &a)
	})
}

// What a row of the queue is called by holds all that it shows, so that who hears it
// knows what who sees it does: also how the wait stands to the target, in words.
func TestARowOfTheQueueIsCalledByAllThatItShows(t *testing.T) {
	h := newHouse(t, named)
	s := fill(h)
	h.there(h.agent("nora@example.com", "Nora Lind", desk.RoleAgent))
	h.offers()
	doc := parsePage(t, h.signedIn("jane@example.com").get("/").body)
	row := doc.one(t, `[data-key=`+string(s.requested.ID)+`] .row-link`)
	var words []string
	for id := range strings.FieldsSeq(row.attrs["aria-labelledby"]) {
		words = append(words, doc.one(t, "#"+id).text)
	}
	got := strings.Join(words, " ")
	for _, want := range []string{s.requested.Subject, "Critical", longService, "Deutsch", "Devendra Rao", "Northwind Robotics", "waiting 19:", "4 min late", "Offered to Nora Lind"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	if _, has := row.attrs["aria-label"]; has {
		t.Error("a label takes the place of what the row shows")
	}
	beside := parsePage(t, h.signedIn("jane@example.com").get("/cases/"+string(s.running.Number)).body).one(t, `[data-group=waiting] [data-key=`+string(s.requested.ID)+`]`).text
	if !strings.Contains(beside, "Offered to Nora Lind") || !strings.Contains(beside, "4 min late") {
		t.Errorf("beside a case, no owner or clock in %q", beside)
	}
}

// The wallboard says of who waits whose they are, or why they have no agent.
func TestTheWallSaysWhyEachWaits(t *testing.T) {
	s := newLed(t)
	s.there(s.jane)
	s.offers()
	doc := parsePage(t, s.signedIn("lena@example.com").get("/wall").body)
	if got := doc.one(t, "[data-key=wait-"+string(s.requested.ID)+"]").text; !strings.Contains(got, "Offered to Jane Doe") || !strings.Contains(got, "4 min late") {
		t.Errorf("got %q", got)
	}
	said := 0
	for _, row := range doc.all(".wall-why") {
		if row.text == "Agents are being asked about another chat" {
			said++
		}
	}
	if said != 3 {
		t.Errorf("%d of the others wait for an agent who is asked, want 3", said)
	}
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, s.house, "lena@example.com")
	tab.Visit(s.http.URL + "/wall")
	tab.Until(`document.querySelector('.wall-why')`)
	tab.Shot("wall-why", browsertest.Light, browsertest.Dark)
}

// However long the name of a service is, the language and the severity stay in sight,
// and so does the clock; the count of what is new stands beside a subject, not on it.
func TestNothingOfARowIsCovered(t *testing.T) {
	h := newHouse(t, named)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Until(`document.querySelectorAll('.row').length === 4`)
	const whole = `(e) => e.checkVisibility() && e.scrollWidth <= e.clientWidth + 1 && e.getBoundingClientRect().width > 10 && e.getBoundingClientRect().right <= innerWidth`
	for _, width := range []int64{1440, 768, 390} {
		tab.Resize(width, 900)
		tab.Until(`[...document.querySelectorAll('.row-language, .rows-queue .row-sev, .rows-queue .row-clock')].every(` + whole + `)`)
	}
	tab.Resize(1440, 900)
	if got := browsertest.Read[string](tab, `document.querySelector('.row-service').title`); got != longService {
		t.Errorf("the title is %q", got)
	}
	tab.Until(`document.querySelector('.row .clock-due.clock-over').textContent === '4 min late' && document.querySelector('.row .clock-due.clock-calm').textContent.startsWith('Due in ')`)
	tab.Shot("queue-clock", browsertest.Light, browsertest.Dark)

	tab.Visit(h.http.URL + "/cases/" + string(s.requested.Number))
	tab.Until(`document.querySelector('.head .clock-due').textContent === '4 min late'`)
	tab.Shot("waiting-case", browsertest.Light, browsertest.Dark)
	tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	tab.Until(live)
	tab.Visit(h.http.URL + "/chats")
	for range 12 {
		h.say(s.running, "T1:UALICE", "more")
	}
	tab.Until(`document.querySelector('.row .unread-dot').textContent === '12'`)
	const apart = `(() => { const [a, b] = ['.unread-dot', '.row-title'].map((s) => document.querySelector('.row.unread ' + s).getBoundingClientRect()); return a.right <= b.left || a.left >= b.right; })()`
	for _, width := range []int64{1440, 390} {
		tab.Resize(width, 900)
		tab.Until(apart)
	}
	tab.Shot("counted")
	tab.Visit(h.http.URL + "/cases")
	for _, width := range []int64{1440, 768, 390} {
		tab.Resize(width, 900)
		tab.Until(`[...document.querySelectorAll('.rows-cases .row-sev')].every(` + whole + `)`)
	}
	tab.Shot("all-cases")
	tab.Visit(h.http.URL + "/me") // the scripts of password managers look for who it is
	tab.Until(`[...document.querySelectorAll('form:has([type=password])')].every((f) => f.querySelector('input[type=text][autocomplete=username]').value === 'jane@example.com' && !f.username.checkVisibility())`)
}

// Words and files that are sent together are called back together, so that is offered
// and told once.
func TestWhatIsHeldTogetherIsToldOnce(t *testing.T) {
	h := newHouse(t, holding(60))
	s := fill(h)
	tab := writingTo(h, s.running)
	var files []string
	for _, name := range []string{"a.txt", "b.txt"} {
		files = append(files, filepath.Join(t.TempDir(), name))
		if err := os.WriteFile(files[len(files)-1], []byte("trace"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tab.Attach("#files", files...)
	tab.Sees("#chips", "b.txt")
	tab.Press("rboth of them" + browsertest.Enter)
	tab.Until(`document.querySelectorAll('#outbox li').length === 3 && document.querySelectorAll('#outbox [role=status]').length === 1 && document.querySelectorAll('#outbox .delivery-actions button').length === 2`)
	tab.Until(`document.querySelector('#outbox li:last-child .held-seconds')`)
	tab.Shot("held-together")
	tab.Click("#outbox .delivery-actions button")
	tab.Until(`document.querySelectorAll('#outbox li').length === 0 && document.getElementById('text').value === 'both of them' && document.querySelectorAll('#chips li').length === 2`)
	tab.Press("n", browsertest.Alt) // in a note, no canned reply is to be had
	tab.Until(`!document.querySelector('.hint-replies').checkVisibility()`)
	if name := browsertest.Read[string](tab, `document.getElementById('log').ariaLabel`); name != "Messages and events" {
		t.Errorf("the log is called %q", name)
	}
}

// Whoever is about to resolve a case that nobody has answered reads that.
func TestResolvingWithoutAnAnswerSaysSo(t *testing.T) {
	h := newHouse(t)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	h.join(c, jane)
	h.say(c, "T1:UALICE", "anybody?")
	b := h.signedIn("jane@example.com")
	asked := func() bool {
		t.Helper()
		return strings.Contains(parsePage(t, b.get("/cases/"+string(c.Number)).body).one(t, "#dialog-resolve").text, "No agent has answered it yet.")
	}
	if !asked() {
		t.Error("nothing is said of it")
	}
	h.reply(c, jane, "Here I am.")
	if asked() {
		t.Error("it is said of a case with an answer")
	}
}

// In French a whisper's tag is a noun, and its button a verb.
func TestAWhisperIsANounInFrench(t *testing.T) {
	s := newLed(t)
	h := s.house
	if err := h.cases.Note(t.Context(), casework.Note{Case: s.running.ID, Agent: s.lena, Text: "Roll it back.", Origin: h.origin(), Whisper: true}); err != nil {
		t.Fatal(err)
	}
	doc := parsePage(t, h.signedIn("lena@example.com").get("/cases/"+string(s.running.Number), "Accept-Language", "fr").body)
	if got := doc.one(t, ".tag-whisper").text; got != "Murmure" {
		t.Errorf("the tag says %q", got)
	}
	if got := doc.one(t, ".whisper button").text; got != "Murmurer" {
		t.Errorf("the button says %q", got)
	}
	audit := parsePage(t, h.signedIn("omar@example.com").get("/audit?case="+string(s.running.Number)).body).text
	if !strings.Contains(audit, "Whispered to the agents of a chat") {
		t.Error("the audit says nothing of a whisper")
	}
}

// Notifications are switched on by a press that the browser lets through, off by
// another; a sound comes with them only where it is switched on.
func TestNotificationsAndTheirSoundAreSwitchedOnByPresses(t *testing.T) {
	h := newHouse(t, func(o *console.Options) { o.Beat = 200 * time.Millisecond })
	s := fill(h)
	browser := browsertest.OpenWhole(t)
	tab := browser.Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Permit(h.http.URL, "notifications", false)
	tab.Visit(h.http.URL + "/me/notifications")
	tab.Until(alive + ` && document.getElementById('notify-here').disabled`)
	tab.Sees("#notify-state", "does not let the console notify you")
	tab.Permit(h.http.URL, "notifications", true)
	tab.Reload()
	tab.Sees("#notify-state", "Notifications are off in this browser.")

	const counting = `window.told = []; { const Real = window.Notification; window.Notification = class extends Real { constructor(title, o) { super(title, o); window.told.push(title); } }; }
		window.tones = 0; window.AudioContext = class { currentTime = 0; destination = null; resume() {}
			createOscillator() { return { frequency: {}, connect: (to) => to, start: () => window.tones++, stop() {} }; }
			createGain() { return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (to) => to }; } };
		Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' }); document.hasFocus = () => false;`
	elsewhere := func(about string, told, tones int) {
		t.Helper()
		tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
		tab.Script(counting)
		tab.Until(live)
		words := "words: " + about
		h.say(s.running, "T1:UALICE", words)
		tab.Sees("#log", words)
		h.opened("One more", "Please.", "T1:UEMI", desk.SeverityLow)
		if told > 0 {
			tab.Until(`window.told.some((title) => title.endsWith(' has written.')) && window.told.some((title) => title.startsWith('Somebody is waiting'))`)
		} else {
			tab.Until(`document.querySelectorAll('[data-group=waiting] .workrow').length > 4`)
		}
		titles := browsertest.Read[[]string](tab, `window.told`)
		slices.Sort(titles)
		if got := browsertest.Read[int](tab, `window.tones`); len(titles) != told || got != tones {
			t.Errorf("%s: told %q with %d tones, want %d and %d", about, titles, got, told, tones)
		}
	}
	elsewhere("nothing is switched on", 0, 0)

	press := func(selector, until string) {
		t.Helper()
		tab.Visit(h.http.URL + "/me/notifications")
		tab.Until(alive)
		tab.Click(selector)
		tab.Until(until)
	}
	press("#notify-here", `document.getElementById('notify-state').textContent === 'Notifications are on in this browser.'`)
	elsewhere("notifications are", 2, 0)
	press("#sound-here", `document.getElementById('sound-here').checked`)
	elsewhere("the sound is", 2, 2) // both notes of one sound: the second would be too soon after it
	press("#notify-here", `document.getElementById('notify-state').textContent === 'Notifications are off in this browser.'`)
	elsewhere("they are off again", 0, 0)
}
