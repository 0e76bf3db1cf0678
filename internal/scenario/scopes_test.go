package scenario

import (
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/slack/manifest"
)

// TestWithoutOptionalScopesTheRestGoesOn: whoever installs the app may decline
// all that the manifest calls optional.
func TestWithoutOptionalScopesTheRestGoesOn(t *testing.T) {
	each(t, func(h *house) {
		h.stopApp()
		app := h.manifested()
		app.Scopes = nil
		for _, s := range manifest.Scopes() {
			if !s.Optional {
				app.Scopes = append(app.Scopes, s.Name)
			}
		}
		h.ws.Install(app)
		h.startApp()
		h.fills(h.alice, "Build is stuck", "Live chat in Slack")
		h.until("a chat channel for alice", func() bool { return len(h.chats(h.alice)) > 0 })
		c := &chat{h: h, ch: h.ws.ChannelByID(h.chats(h.alice)[0])}
		c.number = strings.TrimPrefix(c.ch.Name(), "case-")[:10]
		c.says("Build is stuck") // the card, which nobody pins
		c.joins()
		c.post(h.alice, "it hangs")
		c.upload(h.alice, "log.txt", []byte("stuck"), "the log")
		c.file(desk.FileReady)
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "looking now"))
		if words := c.says("looking now"); !strings.Contains(words.Text(), "Jane") {
			t.Errorf("who wrote is not told: %q", words.Text())
		}
		c.recorded("it hangs", "the log", "looking now")
		if pins := c.ch.Pins(); len(pins) != 0 {
			t.Errorf("pinned without the scope: %v", pins)
		}
		c.ends()
		if tally := c.compared(); tally.State != desk.TallyWhole {
			t.Errorf("the record is %+v", tally)
		}
		h.quiet()
	})
}
