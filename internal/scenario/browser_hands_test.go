package scenario

import (
	"slices"
	"strings"
	"testing"

	"caseline/internal/slacksim/world"
	"caseline/internal/store/storetest"
)

// Jane hands her chat over to Omar while both look at it, joins again as a
// second agent, leaves, and takes it back from the queue. Nobody reloads a
// page; Alice is told of each step.
func TestBrowser_B5_B12_AChatGoesFromHandToHand(t *testing.T) {
	top := openBrowser(t)
	h := newHouse(t, storetest.SQLiteURL(t))
	c := h.asks(h.alice, "Build is stuck")
	// Each agent has a browser of their own: a sign-in belongs to one.
	jane := &person{h: h, ctx: newTab(t, top), name: "jane"}
	omar := &person{h: h, ctx: newTab(t, openBrowser(t)), name: "omar"}
	for who, email := range map[*person]string{jane: janeEmail, omar: omarEmail} {
		who.visits(h.url + "/login")
		who.types(`input[name=email]`, email)
		who.types(`input[name=password]`, password+"\r")
		who.sees("main", "Build is stuck")
	}
	jane.visits(h.url + "/cases/" + c.number)
	jane.clicks(`[data-key=join]`)
	jane.sees("#log", "Jane joined")
	c.ch.Post(h.alice, "It stops at step 3.")

	omar.visits(h.url + "/chats")
	omar.sees("main", "You are in no chat")
	omar.clicks(".presence-button")
	jane.sees(`#dialog-hand .choice-online`, "Online") // Jane's page hears of it, too
	jane.clicks(`.head-more summary`)
	jane.clicks(`[data-key=hand]`)
	jane.clicks(`#dialog-hand .choice-online`)
	jane.shot("hand")
	jane.clicks(`#dialog-hand button[type=submit]`)
	omar.sees("main", "Handed over by Jane") // the list and the word of it come by themselves
	omar.sees("#toasts", "Handed over by Jane: Build is stuck")
	omar.shot("given")
	omar.clicks(`main .row-link`)
	omar.sees(".chatstate", "You are in this chat")
	omar.types("#text", "I go on with it\r")
	jane.sees("#log", "Jane handed this chat over to Omar")
	jane.sees("#log", "I go on with it")

	jane.sees("#dock", "Omar is in this chat.")
	jane.clicks(`[data-key=join]`)
	jane.sees(".chatstate", "You are in the chat of Omar")
	omar.sees(".chatstate", "You are in this chat with Jane")
	jane.types("#text", "Try the red button\r")
	omar.sees("#log", "Try the red button")
	omar.shot("two")
	jane.clicks(`.head-more summary`)
	jane.clicks(`[data-key=leave]`)
	jane.clicks(`#dialog-leave button[type=submit]`)
	jane.sees("#dock", "Omar is in this chat.")
	omar.sees("#log", "Jane left")

	omar.clicks(`.head-more summary`)
	omar.clicks(`[data-key=hand]`)
	omar.clicks(`#dialog-hand .choice:last-child`)
	omar.clicks(`#dialog-hand button[type=submit]`)
	jane.sees("#worklist", "Came back")
	jane.sees("#dock", "is waiting for the next agent")
	jane.shot("back")
	jane.clicks(`[data-key=join]`)
	jane.sees(".chatstate", "You are in this chat")
	omar.sees("#log", "Jane joined and goes on with this chat")
	c.ch.Post(h.alice, "The red button it was!")
	jane.sees("#log", "The red button it was!")

	for _, told := range []string{
		"Jane from Support handed this chat over to Omar from Support.", "Jane from Support joined this chat too.",
		"Jane from Support left this chat.", "Omar from Support handed this chat back to the queue", "Jane from Support joined and goes on with this chat.",
	} {
		h.until("Alice is told: "+told, func() bool {
			return slices.ContainsFunc(c.messages(), func(m world.Message) bool { return strings.Contains(m.Text, told) })
		})
	}
}
