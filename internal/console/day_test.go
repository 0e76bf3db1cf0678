package console_test

import (
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/casework/keeping"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
)

// An agent's day with the keyboard alone: from the queue into a chat, a canned
// reply called back and sent, a note that names a colleague, another chat and back,
// a case put away, several cases resolved at once, and the palette in between.
func TestADayByKeyboard(t *testing.T) {
	h := newHouse(t, holding(60))
	s := fill(h)
	if err := keeping.New(h.store, h.clock.now).SaveReply(t.Context(), s.jane, personal.Canned{Name: "hello", Agent: s.jane.ID, Text: "Hello {{customer}}, I am on it."}); err != nil {
		t.Fatal(err)
	}
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	at := func(c desk.Case) string { return `location.pathname === '/cases/` + string(c.Number) + `' && ` + alive }

	tab.Until(`document.querySelectorAll('.row').length === 4`)
	tab.Press("j" + browsertest.Enter)
	tab.Until(at(s.requested) + ` && document.querySelector('.dock-join')`)
	tab.Press("J")
	tab.Until(`document.activeElement.id === 'text'`)
	tab.Press("/hel")
	tab.Until(`document.querySelectorAll('#suggest [role=option]').length === 1`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.getElementById('text').value === 'Hello Devendra, I am on it.'`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.querySelector('#outbox .delivery-held')`)
	tab.Press("z", browsertest.Ctrl)
	tab.Until(`document.getElementById('text').value === 'Hello Devendra, I am on it.'`)
	tab.Press(browsertest.Enter + browsertest.Enter)
	tab.Until(sentWords + `.at(-1) === 'Hello Devendra, I am on it.'`)
	tab.Press("n", browsertest.Alt)
	tab.Press("@om")
	tab.Until(`document.querySelectorAll('#suggest [role=option]').length === 1`)
	tab.Press(browsertest.Enter + "do you know this?" + browsertest.Enter)
	tab.Until(`document.querySelector('#log .entry-note:last-child')?.textContent.includes('@Omar Haddad do you know this?')`)

	tab.Press(browsertest.Escape + "]")
	tab.Until(at(s.running) + ` && document.querySelectorAll('[data-group=mine] .workrow').length === 2`)
	tab.Press("z")
	tab.Until(`document.getElementById('dialog-snooze').open`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.querySelector('.head-snoozed') && document.querySelectorAll('[data-group=mine] .workrow').length === 1`)
	tab.Press("k", browsertest.Ctrl)
	tab.Press("all ca")
	tab.Until(`document.querySelector('#palette-list [aria-selected=true] .palette-name')?.textContent === 'All cases'`)
	tab.Press(browsertest.Enter)
	tab.Until(`location.pathname === '/cases' && ` + alive + ` && document.querySelector('.row .row-title').textContent.includes('Checkout')`)
	tab.Press("jx")
	tab.Until(`document.querySelectorAll('.row-pick:checked').length === 1`)
	tab.Press("b" + browsertest.Enter)
	tab.Until(`document.activeElement.textContent === 'Resolve cases'`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.querySelectorAll('.outcome').length === 1 && document.body.textContent.includes('All of it is done.')`)
	if got := h.get(s.requested.ID); got.Status != desk.StatusResolved || got.Chat.State != desk.ChatEnded {
		t.Errorf("got %s, chat %s", got.Status, got.Chat.State)
	}
}
