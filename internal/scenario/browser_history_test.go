package scenario

import (
	"testing"

	"caseline/internal/slacksim"
	"caseline/internal/store/storetest"
)

// Alice shares on Slack's pages what she wrote before Jane joined; Jane sees
// it appear where it was written, and after the end that the record is whole.
func TestBrowser_B1_B9_WordsFromBeforeAndTheWholeRecord(t *testing.T) {
	t.Parallel()
	top := openBrowser(t)
	h := newHouse(t, storetest.SQLiteURL(t))
	slackTab, consoleTab := newTab(t, top), newTab(t, top)
	alice := &person{h: h, ctx: slackTab, name: "slack"}
	jane := &person{h: h, ctx: consoleTab, name: "console"}

	c := h.asks(h.alice, "Build is stuck", h.bob)
	c.ch.Post(h.alice, "It hangs at *step 3*, since ten o'clock.")
	c.ch.Upload(h.alice, "build.log", []byte("step 3 hangs"), "This is the log:")
	c.ch.Post(h.bob, "mine too")
	h.quiet()
	alice.visits(h.pages() + "/client/" + h.ws.ID + "/alice/" + c.ch.ID)
	jane.visits(h.url + "/login")
	jane.types(`input[name=email]`, janeEmail)
	jane.types(`input[name=password]`, password+"\r")
	jane.sees("main", "Build is stuck")
	jane.visits(h.url + "/cases/" + c.number)
	jane.clicks(`[data-key=join]`)
	jane.sees("#log", "Jane joined")

	alice.sees(".messages", "You wrote 2 messages while waiting. Share them with Support?")
	alice.shot("asked")
	alice.clicks(`.messages [data-action-id=share_waiting]`)
	alice.sees(".messages", "is being shared with Support")
	jane.sees("#log", "It hangs at step 3, since ten o'clock.")
	jane.sees("#log .tag", "written before Jane joined")
	c.ch.Post(h.alice, "Thank you for coming!")
	h.forget(func() { c.ch.Post(h.bob, "This one Slack never told anybody of.") })
	jane.sees("#log", "Thank you for coming!")
	jane.shot("shared")

	restore := h.slack.Refuse("conversations.history", "missing_scope", slacksim.Always)
	h.must(h.jane.End(h.ctx, c.number))
	jane.sees("#log .tally", "The app is not allowed to read the history")
	jane.shot("not-compared")
	restore()
	jane.clicks("#log .tally button")
	jane.sees("#log .tally", "2 of 2 messages and files that customers sent during this chat are on this case. 1 had not reached us")
	jane.sees("#log", "This one Slack never told anybody of.")
	jane.sees("#log .event", "4 messages and 1 file saved")
	jane.shot("compared")
}
