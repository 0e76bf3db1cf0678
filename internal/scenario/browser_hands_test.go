package scenario

import (
	"slices"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/slacksim/world"
	"caseline/internal/store/storetest"
)

// Jane hands her chat over to Omar while both look at it, joins again as a
// second agent, leaves, and takes it back from the queue. Nobody reloads a
// page; Alice is told of each step.
func TestBrowser_B5_B12_AChatGoesFromHandToHand(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t))
	c := h.asks(h.alice, "Build is stuck")
	// Each agent has a browser of their own: a sign-in belongs to one.
	jane, omar := browsertest.Open(t).Tab("jane"), browsertest.Open(t).Tab("omar")
	h.signsIn(jane, janeEmail)
	h.signsIn(omar, omarEmail)
	jane.Sees("main", "Build is stuck")
	omar.Sees("main", "Build is stuck")
	jane.Visit(h.url + "/cases/" + c.number)
	jane.Click(`[data-key=join]`)
	jane.Sees("#log", "Jane joined")
	c.ch.Post(h.alice, "It stops at step 3.")

	omar.Visit(h.url + "/chats")
	omar.Sees("main", "You are in no chat")
	omar.Click(".presence-button")
	jane.Sees(`#dialog-hand .choice-online`, "Online") // Jane's page hears of it, too
	jane.Click(`.head-more summary`)
	jane.Click(`[data-key=hand]`)
	jane.Click(`#dialog-hand .choice-online`)
	jane.Shot("hand")
	jane.Click(`#dialog-hand button[type=submit]`)
	omar.Sees("main", "Handed over by Jane") // the list and the word of it come by themselves
	omar.Sees("#toasts", "Handed over by Jane: Build is stuck")
	omar.Shot("given")
	omar.Click(`main .row-link`)
	omar.Sees(".chatstate", "You are in this chat")
	omar.Until(`document.documentElement.classList.contains('js')`) // until then Enter begins a new line
	omar.Type("#text", "I go on with it"+browsertest.Enter)
	jane.Sees("#log", "Jane handed this chat over to Omar")
	jane.Sees("#log", "I go on with it")

	jane.Sees("#dock", "Omar is in this chat.")
	jane.Click(`[data-key=join]`)
	jane.Sees(".chatstate", "You are in the chat of Omar")
	omar.Sees(".chatstate", "You are in this chat with Jane")
	jane.Type("#text", "Try the red button"+browsertest.Enter)
	omar.Sees("#log", "Try the red button")
	omar.Shot("two")
	jane.Click(`.head-more summary`)
	jane.Click(`[data-key=leave]`)
	jane.Click(`#dialog-leave button[type=submit]`)
	jane.Sees("#dock", "Omar is in this chat.")
	omar.Sees("#log", "Jane left")

	omar.Click(`.head-more summary`)
	omar.Click(`[data-key=hand]`)
	omar.Click(`#dialog-hand .choice:last-child`)
	omar.Click(`#dialog-hand button[type=submit]`)
	jane.Sees("#worklist", "Came back")
	jane.Sees("#dock", "is waiting for the next agent")
	jane.Shot("back")
	jane.Click(`[data-key=join]`)
	jane.Sees(".chatstate", "You are in this chat")
	omar.Sees("#log", "Jane joined and goes on with this chat")
	c.ch.Post(h.alice, "The red button it was!")
	jane.Sees("#log", "The red button it was!")

	for _, told := range []string{
		"Jane from Support handed this chat over to Omar from Support.", "Jane from Support joined this chat too.",
		"Jane from Support left this chat.", "Omar from Support handed this chat back to the queue", "Jane from Support joined and goes on with this chat.",
	} {
		h.until("Alice is told: "+told, func() bool {
			return slices.ContainsFunc(c.messages(), func(m world.Message) bool { return strings.Contains(m.Text, told) })
		})
	}
}
