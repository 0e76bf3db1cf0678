package scenario

import (
	"strings"
	"testing"

	"caseline/internal/casework/setup"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// watches adds a channel with Chloé and the app in it that is configured for
// Acme.
func (h *house) watches(name string) *slacksim.Channel {
	h.Helper()
	ch := h.ws.AddChannel(name, world.Private, h.chloe)
	ch.Invite(h.chloe, h.bot.Bot)
	h.serves(acmeID, "Acme", ch, served.FullPermissions()...)
	return ch
}

// newsIn are the messages of the case's thread in a channel, its first included.
func (c *chat) newsIn(ch *slacksim.Channel) []world.Message {
	c.h.Helper()
	place := ident.Channel(desk.WorkspaceID(c.h.ws.ID), desk.ChannelID(ch.ID))
	root, err := c.h.app.Store.CaseThread(c.h.ctx, c.record().ID, place)
	c.h.must(err)
	if root == "" {
		return nil
	}
	return ch.Thread(root)
}

// news waits until the case's thread in a channel has a message with the text.
func (c *chat) news(ch *slacksim.Channel, text string) *slacksim.Message {
	c.h.Helper()
	var found *slacksim.Message
	c.h.until("in the case's thread in #"+ch.Name()+": "+text, func() bool {
		for _, m := range c.newsIn(ch) {
			if strings.Contains(m.Text, text) {
				found = ch.Message(m.TS)
			}
		}
		return found != nil
	})
	return found
}

func TestL13_L46_L47_L50_AConfiguredChannelFollowsACaseInOneThread(t *testing.T) {
	each(t, func(h *house) {
		dev := h.watches("dev")
		c := h.asks(h.alice, "Build is stuck")
		wantNotice(t, c.news(dev, "New case "+c.number), "Build is stuck", "Production impaired", "Alice Martin, a collaborator", "Live chat: requested", "See details", "Reply to the case")
		c.joins()
		c.ch.Post(h.alice, "it hangs at step 3")
		c.recorded("it hangs at step 3")
		h.replies(h.ops, h.bob, c.number, "it is back")
		m := c.news(dev, "Correspondence was added")
		wantNotice(t, m, c.number, "Bob Okafor, a collaborator", "Live chat: in progress", "See details")
		h.must(h.jane.End(h.ctx, c.number))
		wantNotice(t, c.news(dev, "The transcript of a chat was added"), "Live chat: ended")
		wantNotice(t, c.hears("The transcript of a chat was added"), "Live chat: ended", "See details")
		h.must(m.Press(h.ctx, h.chloe, "Reply to the case"))
		if problems := h.answers(h.chloe, "seen here too"); len(problems) > 0 {
			t.Fatalf("refused: %v", problems)
		}
		wantNotice(t, c.says("seen here too"), "Chloé Dubois", "From a collaborator")
		c.news(dev, "by Chloé Dubois, a collaborator")
		h.must(h.jane.Resolve(h.ctx, c.number))
		resolved := c.news(dev, "was resolved")
		wantNotice(t, resolved, "Jane from Support, a support agent", "See details")
		if strings.Contains(blocksText(resolved), "Reply to the case") {
			t.Error("a resolved case is offered to be answered")
		}
		h.quiet()
		outside := 0
		for _, m := range dev.Messages() {
			if m.User == h.bot.Bot.ID && m.Subtype == "" {
				outside++
			}
		}
		if got := len(c.newsIn(dev)); got != 5 || outside != 1 {
			t.Errorf("got %d messages in the thread, want 5; %d in the channel, want the first", got, outside)
		}
		for _, m := range dev.All() {
			if m.Subtype != "" {
				continue // somebody came
			}
			if strings.Contains(m.Text, "it hangs at step 3") || strings.Contains(m.Text, "<@") || strings.Contains(m.Text, "<!") {
				t.Errorf("in #dev: %s", m.Text)
			}
		}
	})
}

func TestAChannelHearsOfWhatItIsSetTo(t *testing.T) {
	each(t, func(h *house) {
		dev, urgent := h.watches("dev"), h.watches("urgent")
		none, no := served.NotifyNone, false
		h.changes(setup.ChangeChannel{Key: h.key(acmeID, dev), Opened: &no, Answered: &no})
		h.changes(setup.ChangeChannel{Key: h.key(acmeID, h.ops), Severities: &none})
		c := h.asks(h.alice, "Build is stuck")
		c.news(urgent, "New case")
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "we know of it"))
		c.says("we know of it") // the chat's place hears whatever is set
		c.news(urgent, "Correspondence was added")
		h.must(h.jane.Resolve(h.ctx, c.number))
		c.news(dev, "was resolved")
		c.news(urgent, "was resolved")
		h.quiet()
		if got := c.newsIn(dev); len(got) != 1 {
			t.Errorf("got %d messages in #dev, want that the case is resolved", len(got))
		}
		if got := c.thread(); len(got) != 1 {
			t.Errorf("got %d messages in the thread of #ops, which is told of nothing; want what begins it", len(got))
		}
	})
}

// Somebody removes the app from a channel: what it would have heard is given
// up, the operator can see that, and later news come once the app is back.
func TestAChannelThatCannotBeToldIsInTheAudit(t *testing.T) {
	each(t, func(h *house) {
		dev := h.watches("dev")
		h.must(h.slack.World.Kick(h.chloe.ID, dev.ID, h.bot.Bot.ID))
		c := h.asks(h.alice, "Build is stuck")
		var refused []desk.AuditEntry
		h.until("that #dev could not be told, in the audit", func() bool {
			var err error
			refused, err = h.app.Store.Audit(h.ctx, desk.AuditFilter{What: desk.DidNotTell}, 0, 9)
			h.must(err)
			return len(refused) > 0
		})
		if len(refused) != 1 || !strings.HasSuffix(string(refused[0].Where), dev.ID) || refused[0].Detail["number"] != c.number || refused[0].Detail["reason"] == "" {
			t.Errorf("got %+v", refused)
		}
		dev.Invite(h.chloe, h.bot.Bot)
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "we know of it"))
		wantNotice(t, c.news(dev, "Correspondence was added"), c.number, "Build is stuck")
	})
}
