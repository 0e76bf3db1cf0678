package scenario

import (
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/app/agent"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/roster"
	"caseline/internal/slacksim/blockkit"
	"caseline/internal/store"
)

// woundUp gives the server a clock that the story puts forward.
func woundUp(h *house) {
	var ahead atomic.Int64
	h.now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	h.forward = func(d time.Duration) { ahead.Add(int64(d)) }
}

// online has an agent take chats, and be seen.
func (h *house) online(a *agent.Agent, presence desk.Presence) {
	h.Helper()
	h.must(a.Submit(h.ctx, "/presence", url.Values{"presence": {string(presence)}, "back": {"/"}}))
	_, err := a.Page(h.ctx, "/")
	h.must(err)
}

// offered waits until a chat is offered to an agent; "" is to nobody.
func (c *chat) offered(to string) {
	c.h.Helper()
	c.h.until("offered to "+to, func() bool { return c.record().Chat.Offer.Name == to })
}

// cardSays waits until the card contains a text, or no longer does.
func (c *chat) cardSays(text string, want bool) {
	c.h.Helper()
	c.h.until("on the card: "+text, func() bool {
		now, _ := c.card().Now()
		return strings.Contains(strings.Join(blockkit.Words(now.Blocks), "\n"), text) == want
	})
}

// Two agents of different skills: a chat is offered to the one who has them, passed,
// offered again, accepted; nobody is offered more than they take; whoever comes back
// meets the agent they know.
func TestB5_ChatsAreOfferedBySkillAndCapacity(t *testing.T) {
	each(t, func(h *house) {
		omar := h.signIn(omarEmail)
		seats := map[string]roster.Seat{
			"Jane": {Capacity: 2, Skills: roster.Skills{Services: []string{"web-app"}}},
			"Omar": {Capacity: 1},
		}
		agents, err := h.app.Store.Agents(h.ctx)
		h.must(err)
		h.must(h.app.Store.Update(h.ctx, func(tx store.Tx) error {
			for _, a := range agents {
				if seat, ok := seats[a.Name]; ok {
					seat.Agent = a.ID
					if err := tx.SaveSeat(h.ctx, &seat); err != nil {
						return err
					}
				}
			}
			return nil
		}))
		h.online(h.jane, desk.Online)
		first := h.asks(h.alice, "VPN is down")
		first.offered("Jane")
		h.online(omar, desk.Online)
		h.must(h.jane.Submit(h.ctx, "/offers/"+first.number+"/pass", url.Values{"back": {"/"}}))
		first.offered("Omar")
		second := h.asks(h.bob, "Mail is slow")
		second.offered("Jane") // Omar takes one at a time
		h.must(omar.Join(h.ctx, first.number))
		first.says("Omar from Support joined")
		h.must(h.jane.Join(h.ctx, second.number))
		h.must(h.jane.End(h.ctx, second.number))
		second.says("ended")
		second.cardSays("Invite an agent", true)
		h.must(second.card().Press(h.ctx, h.bob, "Invite an agent"))
		second.offered("Jane") // whom he knows
	}, woundUp)
}

// Outside hours the card says when Support is back; in hours and with nobody there it
// says that; and when somebody comes it says neither.
func TestB5_TheCardSaysThatNobodyIsHere(t *testing.T) {
	each(t, func(h *house) {
		berlin, err := time.LoadLocation("Europe/Berlin")
		h.must(err)
		tomorrow := h.now().In(berlin).AddDate(0, 0, 1)
		front := roster.Team{ID: "team-front", Name: "Front", Hours: matters.Hours{
			Zone: berlin, Open: []matters.Span{{Days: []time.Weekday{tomorrow.Weekday()}, From: 9 * 60, To: 17 * 60}},
		}}
		agents, err := h.app.Store.Agents(h.ctx)
		h.must(err)
		for _, a := range agents {
			front.Members = append(front.Members, a.ID)
		}
		save := func() {
			h.must(h.app.Store.Update(h.ctx, func(tx store.Tx) error { return tx.SaveTeam(h.ctx, &front) }))
		}
		save()
		h.online(h.jane, desk.Online)
		c := h.asks(h.alice, "VPN is down")
		c.cardSays("Nobody from Support is here at the moment. Support is back on "+tomorrow.Format("Monday")+" at 09:00 (Europe/Berlin).", true)
		c.offered("")
		h.online(h.jane, desk.Away) // before the hours change, or it could be offered to her just before she goes
		front.Hours = matters.Hours{}
		save()
		h.forward(desk.TellEvery)
		c.cardSays("Nobody from Support is here at the moment. Your request stays in the queue", true)
		h.online(h.jane, desk.Online)
		c.offered("Jane")
		h.forward(desk.TellEvery)
		c.cardSays("Nobody from Support", false)
	}, woundUp)
}

// Who asks for a chat is told in the form that nobody is here to take it.
func TestB5_TheFormSaysThatNobodyIsHere(t *testing.T) {
	each(t, func(h *house) {
		for presence, nobody := range map[desk.Presence]bool{desk.Away: true, desk.Online: false} {
			h.online(h.jane, presence)
			form := h.creates(h.ops, h.alice)
			h.upTo(form, 2, matter("VPN is down")...)
			how := form.Words()
			h.upTo(form, 1, []string{"Contact method", "Live chat in Slack"})
			for step, got := range map[string]string{"how": how, "review": form.Words()} {
				if strings.Contains(got, "Nobody from Support is here at the moment") != nobody {
					t.Errorf("while she is %s, %s says:\n%s", presence, step, got)
				}
			}
			h.must(form.Close(h.ctx))
		}
	})
}

// An offer that is not answered goes to the next, and nothing of it is seen in Slack.
func TestB5_AnOfferLapses(t *testing.T) {
	each(t, func(h *house) {
		omar := h.signIn(omarEmail)
		h.online(h.jane, desk.Online)
		h.online(omar, desk.Online)
		c := h.asks(h.alice, "VPN is down")
		h.until("an offer", func() bool { return c.record().Chat.Offer.Name != "" })
		next, other := "Omar", omar
		if c.record().Chat.Offer.Name == next {
			next, other = "Jane", h.jane
		}
		h.quiet()
		stands := len(c.messages())
		h.forward(31 * time.Second)
		h.online(other, desk.Online) // and so they are seen
		c.offered(next)
		h.must(other.Join(h.ctx, c.number))
		c.says(next + " from Support joined")
		if got := len(c.messages()); got != stands+1 {
			t.Errorf("%d messages stand in the place besides those before, want one: who joined", got-stands)
		}
	}, woundUp)
}

// Whoever may not answer any more has no chat: who is shut out and who becomes an
// auditor gives theirs to the next agent in it, or back to the queue, at once, though
// their page is still open. Nothing is offered to them then.
func TestB5_WhoMayNotAnswerGivesTheirChatsBack(t *testing.T) {
	each(t, func(h *house) {
		olivia, omar := h.signIn(oliviaEmail), h.signIn(omarEmail)
		ids := map[string]string{}
		agents, err := h.app.Store.Agents(h.ctx)
		h.must(err)
		for _, a := range agents {
			ids[a.Name] = string(a.ID)
		}
		alone := h.asks(h.alice, "VPN is down").joins()
		both := h.asks(h.bob, "Mail is slow").joins()
		h.must(omar.Submit(h.ctx, "/cases/"+both.number+"/join", url.Values{"also": {"1"}, "token": {"omar-joins-also-1"}}))
		h.until("Omar is in it, too", func() bool { return len(both.record().Chat.Others) == 1 })
		h.must(olivia.Submit(h.ctx, "/setup/agents/"+ids["Jane"], url.Values{"name": {"Jane"}, "role": {"auditor"}}))
		h.until("her chats are not hers", func() bool {
			one, two := alone.record().Chat, both.record().Chat
			return one.State == desk.ChatRequested && one.Returned && two.AgentName == "Omar" && len(two.Others) == 0
		})
		alone.says("Jane")
		h.online(omar, desk.Online)
		alone.offered("Omar")
		h.must(olivia.Submit(h.ctx, "/setup/agents/"+ids["Omar"]+"/do", url.Values{"do": {"out"}}))
		h.until("his chat is not his, and nothing is offered to him", func() bool {
			return both.record().Chat.State == desk.ChatRequested && alone.record().Chat.Offer.Agent == ""
		})
	})
}
