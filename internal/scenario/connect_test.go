package scenario

import (
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/slacksim"
)

// TestPeopleOfAnotherOrganisationTakePart: Slack Connect brings them into a chat's
// channel, which gets another id by that, and out of it again. What they write
// and share is on the case, and they are flagged; they have our buttons and forms,
// but no commands.
func TestPeopleOfAnotherOrganisationTakePart(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		eve := h.ws.AddUser("eve", "Eve Far", slacksim.Of("T0FAR", "Fabrikam"))
		before := c.ch.ID
		c.ch = c.ch.Connect("T0FAR")
		if c.ch.ID == before {
			t.Fatal("the channel kept its id")
		}
		c.ch.Invite(h.alice, eve)
		words := c.post(eve, "we see it, too")
		c.recorded("we see it, too")
		c.shows("Eve Far", "tag-external")
		words.Edit(eve, "we see it as well")
		c.shows("as well")
		f, err := h.slack.World.AddFile(eve.ID, "far.log", []byte("far away"))
		h.must(err)
		c.ch.Share(eve, "our log", f.ID)
		if got := c.file(desk.FileReady); c.downloads(got) != "far away" {
			t.Errorf("the file is %+v", got)
		}
		if _, err := c.ch.Command(h.ctx, eve, "/support status"); err == nil {
			t.Error("people of another organisation have commands")
		}
		h.must(c.card().Press(h.ctx, eve, "See details"))
		h.reads(eve, "Build is stuck")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "Thank you, Eve"))
		c.says("Thank you, Eve")
		h.must(c.card().Press(h.ctx, eve, "End chat"))
		c.says("Eve Far")
		h.until("the chat has ended", func() bool { return c.record().Chat.State == desk.ChatEnded })
		if page := c.page(); !strings.Contains(page, "Thank you, Eve") {
			t.Error("the case lacks the answer")
		}
		c.ch.Disconnect("T0FAR")
		c.post(h.alice, "they are gone")
		h.quiet()
	})
}

// TestSomebodyWhomSlackDoesNotShowIsNamedByTheirWords: of people of another
// organisation Slack may tell nothing but what stands with the message.
func TestSomebodyWhomSlackDoesNotShowIsNamedByTheirWords(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.quiet()
		h.slack.Refuse("users.info", "user_not_visible", slacksim.Always)
		eve := h.ws.AddUser("eve", "Eve Far", slacksim.Of("T0FAR", "Fabrikam"))
		c.ch = c.ch.Connect("T0FAR")
		c.ch.Invite(h.alice, eve)
		c.post(eve, "we see it, too")
		c.recorded("we see it, too")
		c.shows("Eve Far", "tag-external")
	})
}
