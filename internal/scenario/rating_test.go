package scenario

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
)

// rated has people asked how chats were.
func rated(h *house) { h.rated = true }

// asked is the message in the chat's place that asks how it was.
func (c *chat) asked() *slacksim.Message {
	c.h.Helper()
	question := c.says(howWas)
	c.once(howWas)
	return question
}

const howWas = "How was this chat with Support?"

// ratings are what people said of the chats of a case.
func (c *chat) ratings() []report.Rating {
	c.h.Helper()
	all, err := c.h.app.Store.RatingsOf(c.h.ctx, c.record().ID)
	c.h.must(err)
	return all
}

// rates waits until these are the ratings.
func (c *chat) rates(want ...report.Rating) {
	c.h.Helper()
	var diff string
	c.h.until("the ratings", func() bool {
		diff = cmp.Diff(want, c.ratings(), cmpopts.IgnoreFields(report.Rating{}, "EndedAt", "GivenAt", "ChangedAt", "Case", "Chat"))
		return diff == ""
	})
}

func TestB12_PeopleSayHowAChatWas(t *testing.T) {
	for _, kind := range []desk.PlaceKind{desk.PlaceChannel, desk.PlaceThread} {
		t.Run(string(kind), func(t *testing.T) {
			each(t, func(h *house) {
				c := h.asks(h.alice, "Build is stuck", h.bob).joins()
				c.post(h.bob, "same here")
				c.recorded("same here")
				h.must(h.jane.Reply(h.ctx, c.number, "r1", "looking at it now"))
				c.ends()
				alice, bob := h.person(h.alice), h.person(h.bob)

				question := c.asked()
				h.must(question.Press(h.ctx, h.alice, "4 · Good"))
				h.until("what Alice chose", func() bool { return strings.Contains(h.lastSaid(h.alice).Text, "You chose *4 · Good*") })
				if got := c.ratings(); len(got) > 0 {
					t.Errorf("kept before it was sent: %v", got)
				}
				h.must(h.lastSaid(h.alice).Press(h.ctx, "Send"))
				c.rates(report.Rating{Person: alice, Score: 4})

				h.must(question.Press(h.ctx, h.bob, "2 · Bad"))
				h.must(h.lastSaid(h.bob).Press(h.ctx, "Add a comment"))
				form := h.open(h.bob)
				_, err := form.FillIn(h.ctx, []string{"Comment", "It took *long*"})
				h.must(err)
				c.rates(report.Rating{Person: alice, Score: 4}, report.Rating{Person: bob, Score: 2, Remark: "It took *long*"})
				h.until("Bob is thanked", func() bool { return strings.Contains(h.lastSaid(h.bob).Text, "Thank you") })

				// Whoever changes their mind says so the same way.
				h.must(question.Press(h.ctx, h.alice, "5 · Very good"))
				h.must(h.lastSaid(h.alice).Press(h.ctx, "Send"))
				c.rates(report.Rating{Person: alice, Score: 5}, report.Rating{Person: bob, Score: 2, Remark: "It took *long*"})

				h.until("the case page", func() bool {
					page := c.page()
					return strings.Contains(page, "It took *long*") && strings.Contains(page, "Very good")
				})
				h.quiet()
				c.once(howWas)
				for _, e := range c.log() {
					if strings.Contains(e.Text, howWas) {
						t.Error("the question is on record")
					}
				}
				want := desk.Tally{State: desk.TallyWhole, Slack: 1, Case: 1}
				if diff := cmp.Diff(want, c.compared()); diff != "" {
					t.Errorf("tally (-want +got):\n%s", diff)
				}
			}, rated, func(h *house) { h.kind = kind })
		})
	}
}

func TestB12_OnlyThoseWhoTookPartAreAskedHowAChatWas(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		c.ends()
		h.must(c.asked().Press(h.ctx, h.bob, "1 · Very bad"))
		h.until("Bob reads why not", func() bool {
			return strings.Contains(h.lastSaid(h.bob).Text, "Only those who wrote in this chat")
		})
		if got := c.ratings(); len(got) > 0 {
			t.Errorf("got %v", got)
		}
	}, rated)
}

func TestB12_NobodyIsAskedHowACancelledChatWas(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		h.must(c.card().Press(h.ctx, h.alice, "End chat"))
		c.says("cancelled")
		h.quiet()
		for _, m := range c.messages() {
			if strings.Contains(m.Text, howWas) {
				t.Errorf("asked: %s", m.Text)
			}
		}
	}, rated)
}

// An account can do without the question: its people are not asked after chats that
// end from then on, until it wants it again. The audit says who wanted that.
func TestB12_AnAccountCanDoWithoutTheQuestion(t *testing.T) {
	each(t, func(h *house) {
		olivia := h.signIn(oliviaEmail)
		first, second := h.asks(h.alice, "Build is stuck").joins(), h.asks(h.bob, "Mail is slow").joins()
		account := "/setup/accounts/" + string(first.record().Account)
		h.must(olivia.Submit(h.ctx, account+"/asking", url.Values{"asking": {"no"}}))
		first.ends()
		first.says("ended")
		h.quiet()
		for _, m := range first.messages() {
			if strings.Contains(m.Text, howWas) {
				t.Errorf("asked: %s", m.Text)
			}
		}
		h.must(olivia.Submit(h.ctx, account+"/asking", url.Values{"asking": {"yes"}}))
		second.ends()
		second.asked()
		page, err := olivia.Page(h.ctx, "/audit")
		h.must(err)
		if n := strings.Count(page, "Changed whether people are asked how a chat was"); n < 2 {
			t.Errorf("the audit tells of %d changes, want 2", n)
		}
	}, rated)
}

// TestB12_TheQuestionComesOnceThoughSlackDidNotAnswer has the post be lost, or land
// without a word of it.
func TestB12_TheQuestionComesOnceThoughSlackDidNotAnswer(t *testing.T) {
	t.Parallel()
	for _, when := range []fault.When{slacksim.Lost, slacksim.Landed} {
		t.Run(string(when), func(t *testing.T) {
			each(t, func(h *house) {
				c := h.asks(h.alice, "Build is stuck").joins()
				h.quiet()
				for range 2 { // that the chat is over, and the question
					h.slack.Fail("chat.postMessage", when)
				}
				h.must(h.jane.End(h.ctx, c.number))
				c.asked()
				h.quiet()
				c.once(howWas)
			}, rated)
		})
	}
}

// A chat is seen on the wall while it runs, and in the reports when it is over,
// on both databases and in the whole server.
func TestB12_ALeadSeesAChatOnTheWallAndThenInTheReports(t *testing.T) {
	each(t, func(h *house) {
		olivia := h.signIn(oliviaEmail)
		shows := func(path string, want ...string) {
			h.Helper()
			var page, lacks string
			h.until(path+" shows "+strings.Join(want, ", "), func() bool {
				var err error
				page, err = olivia.Page(h.ctx, path)
				h.must(err)
				lacks = ""
				for _, w := range want {
					if !strings.Contains(page, w) {
						lacks = w
					}
				}
				return lacks == ""
			})
		}
		c := h.asks(h.alice, "Build is stuck")
		shows("/wall", "Waiting for an agent", "Build is stuck", "Alice Martin")
		c.joins()
		c.post(h.alice, "it hangs")
		c.recorded("it hangs")
		shows("/wall", "Nobody is waiting.", "/cases/"+c.number+"/whisper", "1 of 4 chats")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "looking at it now"))
		c.ends()
		h.must(c.asked().Press(h.ctx, h.alice, "5 · Very good"))
		h.must(h.lastSaid(h.alice).Press(h.ctx, "Send"))
		shows("/reports?period=1", "Opened: 1. Resolved: 0.", "Asked for: 1. Joined by an agent: 1.", "1 rating was given.", "5.00", "Jane")
		shows("/reports/ratings.csv?period=1", c.number, string(c.record().Chat.ID), ",Jane,", ",5,")
		shows("/reports/cases.csv?period=1", c.number, "Acme")
		if _, err := h.jane.Page(h.ctx, "/reports"); err == nil {
			t.Error("an agent may read the reports")
		}
	}, rated, func(h *house) { h.poll = 100 * time.Millisecond })
}
