package scenario

import (
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/slacksim"
)

func TestEdge_ADeletedFirstMessageEndsTheChatOfItsThread(t *testing.T) {
	inThread(t, func(h *house) {
		admin := h.ws.AddUser("root", "Ada Admin", slacksim.Admin)
		h.ops.Invite(h.alice, admin)
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "one word before the end")
		c.recorded("one word before the end")
		h.quiet()
		c.ch.Delete(admin, c.root.TS)
		c.ended(desk.EndedDeleted, "ended because the first message of its thread was deleted. 1 message and 0 files saved",
			"the first message of its thread was deleted")
		h.quiet()
		c.post(h.alice, "nobody hears this")
		h.quiet()
		c.recorded("one word before the end")

		// What comes later is told in a thread that people find, and a chat that
		// is asked for again is there too.
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "we know of it"))
		h.until("the reply in #ops", func() bool { return shownIn(h.ops, "we know of it") == 1 })
		root := c.record().Thread
		if m := h.ops.Message(root); root == c.root.TS || !strings.Contains(m.Text(), "ended because the first message of its thread was deleted") {
			t.Errorf("the case's thread begins with %q", m.Text())
		}
		if m, _ := c.hears("we know of it").Now(); m.ThreadTS != root {
			t.Errorf("the reply is in thread %q, want %q", m.ThreadTS, root)
		}
		h.says(h.ops, h.alice, "invite "+c.number, "")
		h.until("a new place", func() bool { r := c.record(); return r.Chat.State == desk.ChatRequested && r.Place != "" })
		again := c.now()
		again.joins()
		again.post(h.alice, "here we are again")
		c.recorded("one word before the end", "here we are again")
	})
}

// Where the chat was asked for is closed too, so only the agent can be told.
func TestEdge_AnArchivedChannelEndsTheChatsInItsThreads(t *testing.T) {
	inThread(t, func(h *house) {
		a := h.asks(h.alice, "Build is stuck").joins()
		b := h.asks(h.bob, "Login fails")
		h.quiet()
		h.ops.Archive(h.alice)
		for _, c := range []*chat{a, b} {
			h.until("ended with its channel", func() bool {
				got := c.record().Chat
				return got.State == desk.ChatEnded && got.Reason == desk.EndedArchived
			})
			if page := c.page(); !strings.Contains(page, "Alice Martin archived its channel") {
				t.Error("the agent is not told why the chat ended")
			}
		}
	})
}

func TestEdge_APublicChannelIsWarnedOfInItsThreads(t *testing.T) {
	inThread(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.quiet()
		h.ops.MakePublic(h.alice)
		if m, _ := c.says("this channel was made public by Alice Martin").Now(); m.ThreadTS != c.root.TS {
			t.Errorf("the warning stands in thread %q, want the chat's", m.ThreadTS)
		}
		c.post(h.alice, "still here")
		c.recorded("still here")
	})
}

func TestPeopleFromOutsideAreFlagged(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		guest := h.ws.AddUser("gina", "Gina Guest", slacksim.SingleChannelGuest)
		c.ch.Invite(h.alice, guest)
		c.post(guest, "I only visit")
		c.recorded("I only visit")
		c.shows("I only visit", "Gina Guest", "tag-external")
		c.post(h.alice, "and I work here")
		c.recorded("I only visit", "and I work here")
		h.until("one tag, the guest's", func() bool { return strings.Count(c.page(), `class="tag tag-external"`) == 1 })
	})
}

// Whoever writes after the case was resolved is told how to go on.
func TestTheHintOnAResolvedCaseReopensIt(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.Resolve(h.ctx, c.number))
		c.says("was resolved by")
		h.quiet()
		c.post(h.alice, "it is back")
		h.told(h.alice, "The case is resolved, so what you write here is not shared")
		hints := h.ws.Ephemerals(h.alice)
		h.must(hints[len(hints)-1].Press(h.ctx, "Reopen case"))
		h.sends(h.alice, []string{"Message", "It is back."})
		c.says("was reopened by Alice Martin")
		if got := c.record(); !got.Open() {
			t.Error("the case is not open")
		}
	})
}
