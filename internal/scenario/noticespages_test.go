package scenario

import (
	"strings"
	"testing"

	"caseline/internal/store/storetest"
)

// TestBrowser_L46_B4_AReplyOutsideTheChatByHand is how a case goes on beside
// its chat, on the pages: Jane adds to it while nobody has joined and after
// the end, Alice replies from the place.
func TestBrowser_L46_B4_AReplyOutsideTheChatByHand(t *testing.T) {
	t.Parallel()
	top := openBrowser(t)
	h := newHouse(t, storetest.SQLiteURL(t))
	alice := &person{h: h, ctx: newTab(t, top), name: "slack"}
	jane := &person{h: h, ctx: newTab(t, top), name: "console"}
	jane.visits(h.url + "/login")
	jane.types(`input[name=email]`, janeEmail)
	jane.types(`input[name=password]`, password+"\r")
	jane.sees("body", "Nobody is waiting")
	c := h.asks(h.alice, "Build is stuck")

	jane.visits(h.url + "/cases/" + c.number)
	jane.clicks("#dock summary")
	jane.shot("outside-requested")
	jane.types("#text", "We know of it: see **status.example.com**.\r")
	jane.sees("#log", "In Slack")
	jane.sees("#log .tag", "added to the case")

	alice.visits(h.pages() + "/client/" + h.ws.ID + "/alice/" + c.ch.ID)
	alice.sees(".messages", "Live chat: requested")
	c.joins()
	h.must(h.jane.End(h.ctx, c.number))
	alice.sees(".messages", "ended the chat")
	alice.types(`[data-testid=composer]`, "one more thing\r")
	alice.sees(".messages", "not shared with Support")
	alice.shot("outside-hint")
	alice.clicks(`.messages [data-action-id=reply_case]`)
	alice.sees("#modal-title", "Reply to the case")
	alice.types(`#modal [data-action-id=text]`, "It also beeps, since noon.")
	alice.shot("outside-form")
	alice.clicks(`#modal button[type=submit]`)
	alice.sees(".messages", "It also beeps, since noon.")
	jane.sees("#log", "It also beeps, since noon.")
	jane.sees("#log .tag", "added from #"+c.ch.Name())
	jane.types("#text", "Thanks. That is the fan.\r")
	jane.sees("#log", "That is the fan")
	alice.sees(".messages", "That is the fan")
	alice.shot("outside-place")
	jane.shot("outside-ended")
	alice.clicks(`.messages [data-action-id=case_details]`)
	alice.sees("#modal-title", "Case "+c.number)
	alice.shot("outside-details")

	alice.visits(h.pages() + "/client/" + h.ws.ID + "/alice/" + h.ops.ID + "?thread=" + c.record().Thread)
	alice.sees("body", "It also beeps, since noon.")
	alice.shot("outside-thread")
	h.quiet()
	if got := strings.Count(c.page(), "It also beeps, since noon."); got != 1 {
		t.Errorf("the reply stands on the case page %d times", got)
	}
}
