package scenario

import (
	"slices"
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// ended waits until the chat is over for a reason, and its requesting channel
// and the agent's page say so.
func (c *chat) ended(why desk.EndReason, inOps, onPage string) {
	c.h.Helper()
	c.h.until("ended: "+string(why), func() bool { got := c.record().Chat; return got.State == desk.ChatEnded && got.Reason == why })
	c.h.until("in #ops: "+inOps, func() bool {
		return c.h.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, inOps) }) != nil
	})
	if page := c.page(); !strings.Contains(page, onPage) {
		c.h.Errorf("the agent's page lacks %q", onPage)
	}
	if err := c.h.jane.Reply(c.h.ctx, c.number, "late", "are you there?"); err == nil {
		c.h.Error("the agent could still write")
	}
}

// asksAgain presses Invite an agent on the notice in #ops, and returns the chat
// in its new place.
func (c *chat) asksAgain(u *slacksim.User) *chat {
	c.h.Helper()
	before := c.h.chats(u)
	notice := c.h.ops.Find(func(m world.Message) bool {
		return strings.Contains(m.Text, "invite an agent") && strings.Contains(m.Text, c.number)
	})
	c.h.must(notice.Press(c.h.ctx, u, "Invite an agent"))
	again := &chat{h: c.h, number: c.number}
	c.h.until("a new place", func() bool {
		for _, id := range c.h.chats(u) {
			if !slices.Contains(before, id) {
				again.ch = c.h.ws.ChannelByID(id)
				return len(again.ch.Pins()) == 1
			}
		}
		return false
	})
	return again
}

func TestEdge_AnArchivedChannelEndsTheChat(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.ch.Post(h.alice, "one word before the end")
		c.recorded("one word before the end")
		h.quiet()
		c.ch.Archive(h.alice)
		c.ended(desk.EndedArchived, "ended because Alice Martin archived its channel. 1 message and 0 files saved", "Alice Martin archived its channel · 1 message saved")
		h.quiet()
		again := c.asksAgain(h.alice).joins()
		if want := "case-" + c.number + "-2"; again.ch.Name() != want {
			t.Errorf("got the new place %s, want %s", again.ch.Name(), want)
		}
		again.ch.Post(h.alice, "here we are again")
		c.recorded("one word before the end", "here we are again")
	})
}

// The channel that comes back before anybody asks again is the place as
// before.
func TestEdge_AnUnarchivedChannelIsThePlaceAgain(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.quiet()
		c.ch.Archive(h.alice)
		c.ended(desk.EndedArchived, "archived its channel", "archived its channel")
		c.ch.Unarchive(h.alice)
		h.cardShows(c, "archived its channel")
		h.must(c.card().Press(h.ctx, h.alice, "Invite an agent"))
		h.until("asked for in the old place", func() bool { got := c.record(); return got.Chat.State == desk.ChatRequested && got.Place != "" })
		c.joins()
		c.ch.Post(h.alice, "back here")
		c.recorded("back here")
	})
}

func TestEdge_ADeletedChannelEndsTheChat(t *testing.T) {
	each(t, func(h *house) {
		admin := h.ws.AddUser("root", "Ada Admin", slacksim.Admin)
		c := h.asks(h.alice, "Build is stuck", admin).joins()
		h.quiet()
		c.ch.Remove(admin)
		c.ended(desk.EndedDeleted, "Ada Admin deleted its channel", "Ada Admin deleted its channel")
		h.quiet()
		c.asksAgain(h.alice).joins()
	})
}

func TestEdge_RemovingTheAppEndsTheChat(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.quiet()
		c.ch.Kick(h.alice, h.bot.Bot)
		// Slack tells it twice, in no order, and only once says who did it.
		c.ended(desk.EndedRemoved, "from its channel. 0 messages", "from its channel · 0 messages saved")
		h.quiet()
		c.ch.Invite(h.alice, h.bot.Bot)
		h.until("the place again", func() bool { return c.record().Place != "" })
	})
}

// What Slack never tells by an event comes to light by the next call.
func TestEdge_ARefusedDeliveryTellsThatThePlaceIsGone(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.quiet()
		h.slack.Refuse("chat.postMessage", "is_archived", slacksim.In(c.ch), slacksim.Always)
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "looking"))
		c.ended(desk.EndedArchived, "ended because its channel was archived", "Not delivered: the chat’s channel was archived")
		h.quiet()
	})
}

func TestEdge_ARequestIsCancelledWithItsChannel(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		h.quiet()
		c.ch.Archive(h.alice)
		c.ended(desk.EndedArchived, "was cancelled because Alice Martin archived its channel. Nothing was recorded", "The request was cancelled: Alice Martin archived its channel")
		waiting, err := h.app.Store.Waiting(h.ctx, 1)
		h.must(err)
		if len(waiting) > 0 {
			t.Error("the request is still in the queue")
		}
	})
}

func TestEdge_APublicChannelIsWarnedOf(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.quiet()
		c.ch.MakePublic(h.alice)
		c.says("this channel was made public by Alice Martin")
		if page := c.page(); !strings.Contains(page, "Alice Martin made the chat’s channel public") {
			t.Error("the agent was not warned")
		}
		c.ch.Post(h.alice, "still here")
		c.recorded("still here")
	})
}

func TestEdge_ARenamedChannelIsCalledByItsNewName(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		h.quiet()
		c.ch.Rename(h.alice, "build-trouble")
		h.until("the new name", func() bool { return c.record().ChatName == "build-trouble" })
	})
}

func TestEdge_ADeletedCardIsPostedAndPinnedAgain(t *testing.T) {
	each(t, func(h *house) {
		admin := h.ws.AddUser("root", "Ada Admin", slacksim.Admin)
		c := h.asks(h.alice, "Build is stuck", admin).joins()
		h.quiet()
		old := c.card().TS
		c.ch.Delete(admin, old)
		h.until("a new card, pinned", func() bool { pins := c.ch.Pins(); return len(pins) == 1 && pins[0].TS != old })
		h.quiet()
		h.must(c.card().Press(h.ctx, h.alice, "End chat"))
		c.says("ended the chat")
	})
}
