package scenario

import (
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/store/storetest"
)

// TestBrowser_L46_B4_AReplyOutsideTheChatByHand is how a case goes on beside
// its chat, on the pages: Jane adds to it while nobody has joined and after
// the end, Alice replies from the place.
func TestBrowser_L46_B4_AReplyOutsideTheChatByHand(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t))
	alice, jane := h.tabs()
	jane.Sees("body", "Nobody is waiting")
	c := h.asks(h.alice, "Build is stuck")

	jane.Visit(h.url + "/cases/" + c.number)
	jane.Click("#dock summary")
	jane.Shot("outside-requested")
	jane.Type("#text", "We know of it: see **status.example.com**."+browsertest.Enter)
	jane.Sees("#log", "In Slack")
	jane.Sees("#log .tag", "added to the case")

	alice.Visit(h.pages() + "/client/" + h.ws.ID + "/alice/" + c.ch.ID)
	alice.Sees(".messages", "Live chat: requested")
	c.joins()
	h.must(h.jane.End(h.ctx, c.number))
	alice.Sees(".messages", "ended the chat")
	alice.Type(`[data-testid=composer]`, "one more thing"+browsertest.Enter)
	alice.Sees(".messages", "not shared with Support")
	alice.Shot("outside-hint")
	alice.Click(`.messages [data-action-id=reply_case]`)
	alice.Sees("#modal-title", "Reply to the case")
	alice.Type(`#modal [data-action-id=text]`, "It also beeps, since noon.")
	alice.Shot("outside-form")
	alice.Click(`#modal button[type=submit]`)
	alice.Sees("#modal", "Only you see this")
	alice.Shot("outside-review")
	alice.Click(`#modal button[type=submit]`)
	alice.Sees(".messages", "It also beeps, since noon.")
	jane.Sees("#log", "It also beeps, since noon.")
	jane.Sees("#log .tag", "added from #"+c.ch.Name())
	jane.Type("#text", "Thanks. That is the fan."+browsertest.Enter)
	jane.Sees("#log", "That is the fan")
	alice.Sees(".messages", "That is the fan")
	alice.Shot("outside-place")
	jane.Shot("outside-ended")
	alice.Click(`.messages [data-action-id=case_details]`)
	alice.Sees("#modal-title", "Case "+c.number)
	alice.Shot("outside-details")

	alice.Visit(h.pages() + "/client/" + h.ws.ID + "/alice/" + h.ops.ID + "?thread=" + c.record().Thread)
	alice.Sees("body", "It also beeps, since noon.")
	alice.Shot("outside-thread")
	h.quiet()
	if got := strings.Count(c.page(), "It also beeps, since noon."); got != 1 {
		t.Errorf("the reply stands on the case page %d times", got)
	}
}
