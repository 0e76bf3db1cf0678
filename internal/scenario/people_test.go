package scenario

import (
	"strings"
	"testing"

	"caseline/internal/slacksim/world"
)

func TestL6_EveryMemberOfTheChannelTakesPart(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.ch.Invite(h.alice, h.chloe)
		c.ch.Post(h.chloe, "I see it too, and nobody named me in the form")
		c.recorded("I see it too, and nobody named me in the form")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "Thank you, Chloé"))
		c.says("Thank you, Chloé")
	})
}

func TestL70_TheRequesterAndTheChosenMembersAreAdded(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob, h.chloe)
		for _, u := range []string{h.alice.ID, h.bob.ID, h.chloe.ID} {
			h.until("everyone in the channel", func() bool { return c.ch.Now().Has(u) })
		}
	})
}

func TestL79_TheConsoleShowsWhereACaseCameFromAndAllOfIt(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.ch.Post(h.alice, "the log is attached")
		c.ch.Upload(h.alice, "build.log", []byte("step 3: no answer\n"), "")
		c.recorded("the log is attached")
		h.until("all of it on the case page", func() bool {
			page := c.page()
			for _, want := range []string{"Slack", "Alice Martin", c.ch.Name(), "the log is attached", "build.log"} {
				if !strings.Contains(page, want) {
					return false
				}
			}
			return true
		})
	})
}

// A case's first response is due by its severity alone: the same in Slack and
// in the console, for a case with a chat and for one without.
func TestL82_ResponseTargetsAreTheSeveritysAlone(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		if card := blocksText(c.card()); !strings.Contains(card, "answer within 4 hours") {
			t.Errorf("the card does not say when the answer is due:\n%s", card)
		}
		page, err := h.jane.Page(h.ctx, "/")
		h.must(err)
		if !strings.Contains(page, `data-target="14400"`) {
			t.Error("the queue's clock does not run to 4 hours")
		}
		h.fills(h.alice, "Build is still stuck", caseOnly)
		h.until("the same target without a chat", func() bool {
			return h.ops.Find(func(m world.Message) bool {
				return strings.Contains(m.Text+blocksText(h.ops.Message(m.TS)), "still stuck") && strings.Contains(m.Text+blocksText(h.ops.Message(m.TS)), "within 4 hours")
			}) != nil
		})
	})
}
