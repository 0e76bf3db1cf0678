package scenario

import (
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/slacksim/client"
	"caseline/internal/store/storetest"
)

// TestBrowser_AWholeChatByHand is the product as two people use it: Alice on
// the pages of the simulated Slack, Jane in the console, both in one browser.
func TestBrowser_AWholeChatByHand(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t), rated)
	alice, jane := h.tabs()

	alice.Visit(h.pages() + "/client/" + h.ws.ID + "/alice/" + h.ops.ID)
	jane.Sees("body", "Nobody is waiting")

	alice.Type(`[data-testid=composer]`, "/support create "+browsertest.Enter)
	alice.Sees("#modal-title", "Create a support case")
	alice.Shot("form")
	alice.Type(`#modal [data-action-id=subject]`, "Build is stuck")
	alice.Type(`#modal [data-action-id=description]`, "Since ten every build stops at step 3.")
	alice.Click(`#modal button[type=submit]`)
	h.fillsTheRest(alice)
	alice.Sees(`.messages[data-channel="`+h.ops.ID+`"]`, "Live chat in")

	// The request appears in the queue without a reload.
	jane.Sees("main", "Build is stuck")
	jane.Shot("queue")
	jane.Click(`main a[href^="/cases/"]`)
	jane.Until(`location.pathname.startsWith('/cases/')`)
	jane.Click(`[data-key=join]`)
	jane.Sees("#log", "joined")

	chat := h.ws.ChannelByID(h.chats(h.alice)[0])
	alice.Visit(h.pages() + "/client/" + h.ws.ID + "/alice/" + chat.ID)
	alice.Sees(".messages", "Jane from Support joined")
	alice.Type(`[data-testid=composer]`, "It stops at *step 3*"+browsertest.Enter)
	jane.Sees("#log strong", "step 3")
	jane.Type("#text", "Looking at it **now**"+browsertest.Enter)
	alice.Sees(".messages", "Looking at it now")
	alice.Sees(".messages", "Jane (Support)")
	jane.Sees("#log", "In Slack")
	jane.Shot("chat")
	alice.Shot("chat")

	alice.Click(`.messages [data-action-id=end_chat]`)
	alice.Click(`dialog[open] button[value=yes]`)
	alice.Sees(".messages", "ended the chat")
	jane.Sees("#log", "Alice Martin")
	jane.Sees("#log .transcript, #log [class*=transcript]", "2 messages")
	jane.Shot("ended")
	alice.Sees(".messages", howWas)
	alice.Shot("question", browsertest.Light, browsertest.Dark)
	jane.Visit(h.url + "/cases/" + strings.TrimPrefix(chat.Name(), "case-"))
	jane.Sees("#log", "It stops at step 3")
	jane.Sees("#log", "Looking at it now")
}

// fillsTheRest fills in the steps after the first of the form of a new case.
func (h *house) fillsTheRest(alice *browsertest.Tab) {
	h.Helper()
	alice.Sees("#modal", "Issue type")
	service := `#modal [data-block-id="service:technical"]`
	alice.Type(service+" [role=combobox]", "web app")
	alice.Sees(service+" [role=option]", "Web application")
	alice.Type(service+" [role=combobox]", browsertest.Enter)
	alice.Sees("#modal", "Category")
	alice.Shot("form-about")
	alice.Script(`const s = document.querySelector('#modal select[data-block-id="category:technical:web-app"]'); s.value = 'error'; s.dispatchEvent(new Event('change', {bubbles: true}))`)
	alice.Click(`#modal button[type=submit]`)
	alice.Sees("#modal", "Contact language")
	alice.Shot("form-how")
	alice.Click(`#modal button[type=submit]`)
	alice.Sees("#modal", "Nothing is sent before you press")
	alice.Shot("form-review")
	alice.Click(`#modal button[type=submit]`)
}

// tabs opens a browser in which Alice is on the pages of the simulated Slack
// and Jane, signed in, in the console.
func (h *house) tabs() (alice, jane *browsertest.Tab) {
	h.Helper()
	b := browsertest.Open(h.T)
	alice, jane = b.Tab("slack"), b.Tab("console")
	h.signsIn(jane, janeEmail)
	return alice, jane
}

// signsIn signs an agent in to the console.
func (h *house) signsIn(agent *browsertest.Tab, email string) {
	h.Helper()
	agent.Visit(h.url + "/login")
	agent.Type(`input[name=email]`, email)
	agent.Type(`input[name=password]`, password+browsertest.Enter)
	agent.Sees("main h1", "Queue")
}

// pages serves the client that people use the simulated Slack with, and
// returns its address.
func (h *house) pages() string {
	h.Helper()
	if !h.mounted {
		s, err := client.New(h.slack.People, client.Options{})
		h.must(err)
		h.Cleanup(s.Stop)
		h.slack.Mount("/client/", s.Handler())
		h.mounted = true
	}
	return h.slack.World.BaseURL()
}
