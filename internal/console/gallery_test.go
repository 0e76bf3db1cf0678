//go:build gallery

package console_test

import (
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/casework"
	"caseline/internal/catalogue"
	"caseline/internal/console"
	"caseline/internal/desk"
)

// TestGallery takes pictures of the pages for people to look at, into the
// folder that CASELINE_SHOTS names:
//
//	CASELINE_SHOTS=pictures go test -tags gallery -run Gallery ./internal/console
func TestGallery(t *testing.T) {
	if !browsertest.Shoots() {
		t.Fatal("CASELINE_SHOTS names no folder for the pictures")
	}
	book := catalogue.Of(services(9))
	h := newHouse(t, func(o *console.Options) { o.Book = book })
	s := fill(h)
	back, given := hands(s)
	empty := newHouse(t)
	empty.agent("jane@example.com", "Jane Doe", "agent")
	nobody, jane := browsertest.Open(t).Tab("console"), browsertest.Open(t).Tab("console")
	shoot := func(tab *browsertest.Tab, name, url string, then ...string) {
		t.Helper()
		tab.Visit(url)
		for _, step := range then {
			tab.Script(step)
		}
		tab.Shot(name, browsertest.Light, browsertest.Dark)
	}
	shoot(nobody, "signin", h.http.URL+"/login")
	signIn(nobody, empty, "jane@example.com")
	shoot(nobody, "empty", empty.http.URL+"/")
	signIn(jane, h, "jane@example.com")
	running, resolved := h.http.URL+"/cases/"+string(s.running.Number), h.http.URL+"/cases/"+string(s.resolved.Number)
	shoot(jane, "queue", h.http.URL+"/")
	shoot(jane, "chats", h.http.URL+"/chats")
	shoot(jane, "cases", h.http.URL+"/cases")
	shoot(jane, "found", h.http.URL+"/cases?q=the")
	shoot(jane, "filtered", h.http.URL+"/cases?q=for&status=open&from=2020-01-01&requester=alice")
	shoot(jane, "unknown", h.http.URL+"/cases?requester=zoe&service=technical%2Fservice-1")
	shoot(jane, "nothing", h.http.URL+"/cases?q=zebra")
	shoot(jane, "search-refused", h.http.URL+"/cases?q=-zebra")
	shoot(jane, "requested", h.http.URL+"/cases/"+string(s.requested.Number))
	shoot(jane, "running", running)
	shoot(jane, "running-top", running, `document.getElementById('log-scroll').scrollTop=0`)
	shoot(jane, "running-mid", running, `document.getElementById('log-scroll').scrollTop=700`)
	shoot(jane, "ended", h.http.URL+"/cases/"+string(s.ended.Number), `document.querySelector('.transcript').open=true`, `document.getElementById('log-scroll').scrollTop=1e6`)
	shoot(jane, "watch", h.http.URL+"/cases/"+string(s.watched.Number))
	shoot(jane, "confirm", running, `document.querySelector('[data-key="end"]').click()`)
	shoot(jane, "help", h.http.URL+"/", `document.getElementById('help').showModal()`)
	shoot(jane, "menu", h.http.URL+"/", `document.getElementById('menu').open=true`)
	shoot(jane, "details", running+"#rail")
	shoot(jane, "menu-case", running, `document.querySelector('.head-more').open=true`)
	shoot(jane, "hand", running, `document.querySelector('[data-key="hand"]').click()`, `document.querySelector('#dialog-hand input[type=radio]').click()`)
	shoot(jane, "severity", running, `document.querySelector('[data-key="severity"]').click()`)
	jane.Visit(resolved)
	jane.Script(`document.querySelector('[data-key="reopen"]').click(); document.querySelector('#dialog-reopen [type=submit]').click()`)
	jane.Until(`document.querySelector('#dialog-reopen[open] .field-error')`)
	jane.Shot("refused", browsertest.Light, browsertest.Dark)
	shoot(jane, "resolved", resolved)
	shoot(jane, "back", h.http.URL+"/cases/"+string(back.Number))
	shoot(jane, "given", h.http.URL+"/cases/"+string(given.Number))
	for name, dialog := range map[string]string{"ask": "dialog-hand", "ask-severity": "dialog-severity"} {
		jane.Visit(running)
		jane.Script(`document.querySelector('form[data-confirm="` + dialog + `"]').submit()`)
		jane.Until(`document.querySelector('.card-ask') && document.readyState === 'complete'`)
		jane.Shot(name, browsertest.Light, browsertest.Dark)
	}
	shoot(jane, "picture", h.http.URL+"/me")
	shoot(jane, "error", h.http.URL+"/cases/0000000001")
}

// hands adds what several agents do to chats: one that came back to the queue,
// one that Jane was given and in which another agent stays, and one whose agent
// is away.
func hands(s *sample) (back, given desk.Case) {
	bea := s.agent("bea@example.com", "Beatrice Lund-Christensen", desk.RoleAgent)
	s.agent("noor@example.com", "Noor", desk.RoleAgent)
	s.signedIn("bea@example.com")
	if err := s.cases.SetPresence(s.t.Context(), bea.ID, desk.Online); err != nil {
		s.t.Fatal(err)
	}
	back = s.opened("The export to S3 writes empty files", "Every night at two.", "T1:UEMI", desk.SeverityNormal)
	s.settleAll(back.ID)
	s.join(back, bea)
	s.say(back, "T1:UEMI", "It started on Monday.")
	if _, err := s.cases.HandOver(s.t.Context(), casework.HandOver{Case: back.ID, By: bea, Origin: s.origin()}); err != nil {
		s.t.Fatal(err)
	}
	given = s.opened("Single sign-on loops after the certificate was renewed", "Back and forth for ever.", "T1:UBOB", desk.SeverityHigh)
	s.settleAll(given.ID)
	s.join(given, s.omar)
	s.say(given, "T1:UBOB", "The old certificate still works, if that helps.")
	if _, err := s.cases.Join(s.t.Context(), casework.Join{Case: given.ID, Agent: bea, Also: true, Origin: s.origin()}); err != nil {
		s.t.Fatal(err)
	}
	s.handsOver(given, s.omar, s.jane)
	if err := s.cases.MindAgent(s.t.Context(), s.watched.ID, time.Time{}); err != nil {
		s.t.Fatal(err)
	}
	return s.get(back.ID), s.get(given.ID)
}
