package scenario

import (
	"testing"

	"caseline/internal/slacksim"
	"caseline/internal/store/storetest"
)

// Alice shares on Slack's pages what she wrote before Jane joined; Jane sees
// it appear where it was written, and after the end that the record is whole.
func TestBrowser_B1_B9_WordsFromBeforeAndTheWholeRecord(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t))
	alice, jane := h.tabs()

	c := h.asks(h.alice, "Build is stuck", h.bob)
	c.ch.Post(h.alice, "It hangs at *step 3*, since ten o'clock.")
	c.ch.Upload(h.alice, "build.log", []byte("step 3 hangs"), "This is the log:")
	c.ch.Post(h.bob, "mine too")
	h.quiet()
	alice.Visit(h.pages() + "/client/" + h.ws.ID + "/alice/" + c.ch.ID)
	jane.Sees("main", "Build is stuck")
	jane.Visit(h.url + "/cases/" + c.number)
	jane.Click(`[data-key=join]`)
	jane.Sees("#log", "Jane joined")

	alice.Sees(".messages", "You wrote 2 messages while waiting. Share them with Support?")
	alice.Shot("asked")
	alice.Click(`.messages [data-action-id=share_waiting]`)
	alice.Sees(".messages", "is being shared with Support")
	jane.Sees("#log", "It hangs at step 3, since ten o'clock.")
	jane.Sees("#log .tag", "written before Jane joined")
	c.ch.Post(h.alice, "Thank you for coming!")
	h.forget(func() { c.ch.Post(h.bob, "This one Slack never told anybody of.") })
	jane.Sees("#log", "Thank you for coming!")
	jane.Shot("shared")

	restore := h.slack.Refuse("conversations.history", "missing_scope", slacksim.Always)
	h.must(h.jane.End(h.ctx, c.number))
	jane.Sees("#log .tally", "The app is not allowed to read the history")
	jane.Shot("not-compared")
	restore()
	jane.Click("#log .tally button")
	jane.Sees("#log .tally", "2 of 2 messages and files that customers sent during this chat are on this case. 1 had not reached us")
	jane.Sees("#log", "This one Slack never told anybody of.")
	jane.Sees("#log .event", "4 messages and 1 file saved")
	jane.Shot("compared")
}
