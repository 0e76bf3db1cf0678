package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// An agent edits, deletes and writes a note, with the keyboard.
func TestWordsAndNotesByKeyboard(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	c := s.running
	h.settleAll(c.ID)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(c.Number))
	tab.Until(`document.documentElement.classList.contains('js') && document.getElementById('composer')`)

	// Up in the empty box takes the last message up; Escape leaves it.
	tab.Press("r" + browsertest.ArrowUp)
	tab.Until(`document.getElementById('text').value.includes('until your deploy') && !document.getElementById('composer-editing').hidden`)
	tab.Press(browsertest.Escape)
	tab.Until(`document.getElementById('text').value === '' && document.getElementById('composer-editing').hidden`)
	tab.Press(browsertest.ArrowUp)
	tab.Until(`document.getElementById('text').value.includes('until your deploy')`)
	tab.Press(" Promised.")
	tab.Shot("editing", browsertest.Light, browsertest.Dark)
	tab.Press(browsertest.Enter)
	tab.Until(`document.querySelector('#log .entry:last-child ins')?.textContent.includes('Promised.')`)
	tab.Until(`document.querySelector('#log .entry:last-child .delivery-sending')?.textContent.includes('Changing it in Slack')`)
	h.settleAll(c.ID)
	tab.Until(`document.querySelector('#log .entry:last-child .delivery-sent')?.textContent.includes('Changed in Slack')`)

	// A note looks unlike a reply, and stays here.
	tab.Press("n", browsertest.Alt)
	tab.Until(`document.querySelector('.composer-noting')`)
	tab.Press("They are on the old plan.")
	tab.Shot("note", browsertest.Light, browsertest.Dark)
	tab.Reload()
	tab.Until(`document.documentElement.classList.contains('js') && document.querySelector('.composer-noting') && document.getElementById('text').value === 'They are on the old plan.'`)
	tab.Press("n" + browsertest.Enter)
	tab.Until(`document.querySelector('#log .entry:last-child.entry-note .tag-note')?.textContent === 'Internal note'`)
	tab.Press("n", browsertest.Alt)
	tab.Until(`!document.querySelector('.composer-noting')`)

	// Deleting asks, and what was said stays on record.
	tab.Script(`[...document.querySelectorAll('#log [data-may]')].pop().querySelector('.said-actions button').focus()`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.getElementById('dialog-delete').open`)
	tab.Script(`document.querySelector('#dialog-delete [type=submit]').focus()`)
	tab.Press(browsertest.Enter)
	tab.Until(`!document.getElementById('dialog-delete').open && document.querySelector('#log .is-deleted.by-agent')`)
	h.settleAll(c.ID)
	tab.Until(`document.querySelector('#log .is-deleted.by-agent .delivery-sent')?.textContent.includes('Removed from Slack')`)

	// What Slack refused is sent again, or says why not.
	h.reply(h.get(c.ID), s.jane, "one last thing")
	h.settle(c.ID, desk.Verdict{Kind: desk.Refused, Reason: "restricted_action"})
	tab.Until(`document.querySelector('#log .entry:last-child .delivery-failed')`)
	tab.Shot("failed", browsertest.Light, browsertest.Dark)
	tab.Click(`#log .entry:last-child form[action$=retry] button`)
	tab.Until(`document.querySelector('#log .entry:last-child .delivery-sending')`)
	h.settleAll(c.ID)
	tab.Until(`document.querySelector('#log .entry:last-child .delivery-sent')`)
	tab.Until(`document.activeElement.id === 'main'`) // the press is done with: should the chat end before, the focus would go where its agent writes then

	// With the chat the right to change what was said in it ends; notes do not.
	h.end(h.get(c.ID), desk.ByAgent(s.jane), desk.EndedByAgent)
	tab.Until(`document.getElementById('main').dataset.mode === 'ended' && document.querySelectorAll('#log [data-may]').length === 0`)
	tab.Press("n")
	tab.Until(`document.querySelector('.composer-noting') && document.activeElement.id === 'text'`)
	tab.Press("Follow up on Monday." + browsertest.Enter)
	tab.Until(`document.querySelectorAll('#log .entry-note').length === 2`)
	tab.Shot("note-ended", browsertest.Light, browsertest.Dark)
}

// A log that cannot be fetched says so and heals by itself, though the stream
// was well all the time.
func TestALogThatCannotBeFetchedHeals(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	tab.Until(`document.documentElement.classList.contains('js') && document.getElementById('late').hidden`)
	h.deaf.Store(true)
	h.say(s.running, "T1:UALICE", "did you get this?")
	tab.Until(`!document.getElementById('late').hidden`)
	h.deaf.Store(false)
	tab.Until(`document.getElementById('late').hidden && document.getElementById('log').textContent.includes('did you get this?')`)
}

// All of it works without a script.
func TestWordsWithoutAScript(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	c := s.running
	b := s.signedIn("jane@example.com")
	path := "/cases/" + string(c.Number)
	doc := parsePage(t, b.get(path).body)
	links := doc.all("#log .said-actions a")
	if len(links) == 0 {
		t.Fatal("no message can be edited")
	}
	address := links[len(links)-1].attrs["href"]
	edit := parsePage(t, b.get(address).body)
	if got := edit.says(t, "#composer textarea"); !strings.Contains(got, "until your deploy") {
		t.Errorf("the composer has %q", got)
	}
	if got := b.post(address, url.Values{"token": {token}, "text": {" "}}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "or delete the message") {
		t.Errorf("no words: got %d", got.status)
	}
	b.post(address, url.Values{"token": {token}, "text": {"I will *wait* for it."}})
	doc = parsePage(t, b.get(path).body)
	if now := doc.all("#log .now"); len(now) != 2 || !strings.Contains(now[1].text, "wait") {
		t.Errorf("the log shows %d edits", len(now))
	}
	if got := b.post(address+"/delete", url.Values{}); !strings.Contains(got.body, "Delete this message?") {
		t.Error("a deletion asks nothing")
	}
	b.post(address+"/delete", url.Values{"token": {token + "d"}, "sure": {"1"}})
	if got := len(parsePage(t, b.get(path).body).all("#log .is-deleted.by-agent")); got != 1 {
		t.Errorf("got %d deleted messages of agents", got)
	}
	// What is marked as a note is one, to whichever address it comes.
	for i, to := range []string{"/replies", "/answers", "/notes"} {
		b.post(path+to, url.Values{"token": {token + fmt.Sprint("n", i)}, "text": {"between us"}, "as": {"note"}})
	}
	if got := len(parsePage(t, b.get(path).body).all("#log .entry-note")); got != 3 {
		t.Errorf("got %d notes", got)
	}
	// Somebody else's words are theirs.
	omar := s.signedIn("omar@example.com")
	if got := omar.get(address); got.status != http.StatusForbidden {
		t.Errorf("a colleague reads the words for editing: got %d", got.status)
	}
	if got := len(parsePage(t, omar.get(path).body).all("#log .said-actions")); got != 0 {
		t.Errorf("a colleague is offered %d messages to change", got)
	}
}
