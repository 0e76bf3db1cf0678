//go:build gallery

package console_test

import (
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/casework"
	"caseline/internal/casework/keeping"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
)

// TestGalleryWorking takes pictures of what helps agents work.
func TestGalleryWorking(t *testing.T) {
	h := newHouse(t, holding(30))
	s := fill(h)
	keep := keeping.New(h.store, h.clock.now)
	lead := s.omar // an operator may do what leads may
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []personal.Canned{
		{Name: "hello", Text: "Hello {{customer}}, I am {{agent}}. Let me look at it."},
		{Name: "refund-sent", Text: "Hello {{customer}}, the refund of {{amount}} for {{case}} is sent. It takes up to three days."},
		{Name: "logs", Agent: s.jane.ID, Text: "Could you send me the logs of the last hour?\n\n1. Open the dashboard\n2. Choose *Export*"},
	} {
		must(keep.SaveReply(t.Context(), map[bool]desk.Agent{true: s.jane, false: lead}[c.Agent != ""], c))
	}
	must(keep.SaveView(t.Context(), lead, personal.View{Name: "Urgent", Query: "severity=urgent"}))
	must(keep.SaveView(t.Context(), s.jane, personal.View{Agent: s.jane.ID, Name: "Northwind, open", Query: "account=481516234200&status=open"}))
	h.join(s.requested, s.jane)
	h.settleAll(s.requested.ID)
	must(h.cases.Note(t.Context(), casework.Note{Case: s.watched.ID, Agent: s.omar, Text: "@Jane Doe, have you seen this before? It looks like the firewall change.", Named: []desk.AgentID{s.jane.ID}, Origin: h.origin()}))
	must(keep.Snooze(t.Context(), s.jane, s.ended.ID, h.now().Add(20*time.Hour)))
	_, err := keep.Look(t.Context(), keeping.Glance{Agent: s.omar.ID, Case: s.running.ID, Page: "x", Typing: true})
	must(err)
	jane := browsertest.Open(t).Tab("console")
	signIn(jane, h, "jane@example.com")
	running := h.http.URL + "/cases/" + string(s.running.Number)
	shoot := func(name, url string, steps ...func()) {
		t.Helper()
		for _, width := range []int64{1440, 768, 390} {
			jane.Resize(width, 900)
			jane.Visit(url)
			jane.Until(alive)
			for _, step := range steps {
				step()
			}
			jane.ShotAt(name, []int64{width}, browsertest.Light, browsertest.Dark)
			forget(jane)
		}
	}
	press := func(keys string) func() { return func() { jane.Press(keys) } }
	until := func(what string) func() { return func() { jane.Until(what) } }
	shoot("working-chats", h.http.URL+"/chats")
	shoot("working-cases", h.http.URL+"/cases?account=481516234200&status=open")
	shoot("working-save-view", h.http.URL+"/cases?q=the", func() { jane.Script(`document.querySelector('.view-new').open = true`) })
	shoot("working-bulk", h.http.URL+"/cases", press("jxjx"))
	shoot("working-replies", h.http.URL+"/replies")
	shoot("working-me", h.http.URL+"/me")
	shoot("working-palette", running, func() { jane.Press("k", browsertest.Ctrl) }, press("re"), until(`document.querySelectorAll('#palette-list li').length > 2`))
	shoot("working-suggest", running, press("r/"), until(`document.querySelectorAll('#suggest li').length > 1`))
	shoot("working-held", running, press("rI am looking into it."+browsertest.Enter), until(`document.querySelector('.delivery-held')`))
	shoot("working-preview", running, press("r**Bold** and `code`"), func() { jane.Press("p", browsertest.Alt) }, until(`document.querySelector('.composer-preview')`))
	shoot("working-snooze", running, press(browsertest.Escape+"z"), until(`document.getElementById('dialog-snooze').open`))
	shoot("working-snoozed", h.http.URL+"/cases/"+string(s.ended.Number))
}

// forget empties the box of a case, where the server keeps it too, and what the
// browser keeps: the next picture is taken of a page on which nothing was typed.
func forget(tab *browsertest.Tab) {
	tab.Script(`document.querySelector('#outbox .delivery-held button')?.click(); // what is held comes back into the box
		const text = document.getElementById('text');
		if (!text?.value) return;
		text.value = '';
		text.dispatchEvent(new Event('input', { bubbles: true }))`)
	tab.Until(`!Object.keys(localStorage).some((key) => key.startsWith('draft:'))`) // the server has heard of it
	tab.Script(`localStorage.clear()`)
}
