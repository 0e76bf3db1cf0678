package scenario

import (
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// banner waits until the console says something above its pages.
func (h *house) banner(text string) {
	h.Helper()
	h.until("above the pages: "+text, func() bool {
		page, err := h.jane.Page(h.ctx, "/")
		h.must(err)
		_, after, _ := strings.Cut(page, `id="banners"`)
		banners, _, _ := strings.Cut(after, "</div>")
		return strings.Contains(banners, text) && (text != "" || !strings.Contains(banners, "banner-"))
	})
}

// reinstall puts the app back with the token that the server has.
func (h *house) reinstall() {
	h.Helper()
	h.ws.Install(h.manifested())
}

// asksSlackEvery starts the server anew, to ask Slack that often whether it is
// let in.
func (h *house) asksSlackEvery(d time.Duration) {
	h.Helper()
	h.stopApp()
	h.askSlack = d
	h.startApp()
	h.jane = h.signIn(janeEmail)
}

// turnedAway counts the calls of a method that Slack refused.
func (h *house) turnedAway(method string) (n int) {
	for _, c := range h.slack.Calls(method) {
		if c.Error == "account_inactive" {
			n++
		}
	}
	return n
}

func TestEdge_UninstallingTheAppDisconnectsTheWorkspace(t *testing.T) {
	each(t, func(h *house) {
		h.asksSlackEvery(50 * time.Millisecond)
		c := h.asks(h.alice, "Build is stuck").joins()
		waiting := h.asks(h.bob, "Me too")
		h.quiet()
		h.ws.Uninstall(h.bot)
		h.banner("acme is disconnected: the app was uninstalled from it. Its chats have ended, and nothing is sent there until the app is installed again.")
		for _, c := range []*chat{c, waiting} {
			h.until("ended", func() bool { return c.record().Chat.Reason == desk.EndedOffline })
			if page := c.page(); !strings.Contains(page, "the app was disconnected from the workspace") {
				t.Error("the case page does not say why the chat ended")
			}
		}
		if err := h.jane.Reply(h.ctx, c.number, "r1", "hello?"); err == nil {
			t.Error("the agent could still write")
		}
		h.until("Slack asked whether we are let in, again and again", func() bool { return h.turnedAway("auth.test") > 5 })
		if tries := h.turnedAway("chat.postMessage") + h.turnedAway("chat.update"); tries > 1 {
			t.Errorf("%d posts were tried in a workspace that has shut us out", tries)
		}

		h.reinstall()
		h.ops.Invite(h.alice, h.bot.Bot)
		h.banner("")
		h.until("what had to be said in #ops", func() bool {
			return h.ops.Find(func(m world.Message) bool {
				return strings.Contains(m.Text, "The live chat on case "+c.number+" ended") && strings.Contains(m.Text, "the app was disconnected from this workspace")
			}) != nil
		})
		// The bot is no longer in the old channel, so a new one is made.
		h.quiet()
		again := c.asksAgain(h.alice).joins()
		again.ch.Post(h.alice, "good to have you back")
		c.recorded("good to have you back")
	})
}

// A token that was revoked leaves the app where it is: places and what waits
// for them go on when it is let in again, after a restart too.
func TestEdge_ARevokedTokenWaitsForANewOne(t *testing.T) {
	each(t, func(h *house) {
		h.asksSlackEvery(50 * time.Millisecond)
		c := h.asks(h.alice, "Build is stuck").joins()
		h.quiet()
		h.ws.RevokeToken(h.bot)
		h.banner("acme is disconnected")
		h.until("ended", func() bool { return c.record().Chat.Reason == desk.EndedOffline })
		h.stopApp()
		h.startApp() // which does not need Slack's leave
		h.jane = h.signIn(janeEmail)
		h.banner("acme is disconnected")
		h.stopApp()
		h.reinstall()
		h.startApp()
		h.jane = h.signIn(janeEmail)
		h.banner("")
		c.says("because the app was disconnected from this workspace. 0 messages and 0 files saved.")
		h.cardShows(c, "because the app was disconnected")
		h.must(c.card().Press(h.ctx, h.alice, "Invite an agent"))
		h.until("asked for again", func() bool { return c.record().Chat.State == desk.ChatRequested })
		c.joins()
		if pins := c.ch.Pins(); len(pins) != 1 {
			t.Errorf("got %d pins in the place, want the card alone", len(pins))
		}
	})
}

func TestEdge_AnOutageIsShownAndNothingIsDropped(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		d := h.asks(h.bob, "Me too").joins()
		h.quiet()
		restore := h.slack.Fail("*", slacksim.Lost, slacksim.Always, slacksim.As("503"))
		for _, words := range []string{"one", "two", "three"} {
			h.must(h.jane.Reply(h.ctx, c.number, words, words))
			h.must(h.jane.Reply(h.ctx, d.number, words, words))
			c.ch.Post(h.alice, "said "+words)
		}
		c.recorded("one", "said one", "two", "said two", "three", "said three")
		h.until("the page says what waits", func() bool { return strings.Contains(c.page(), "Checking whether it arrived in Slack") })
		restore()
		for _, ch := range []*chat{c, d} {
			ch.says("three")
			h.quiet()
			var got []string
			for _, m := range ch.ch.Messages() {
				if strings.HasPrefix(m.Username, "Jane") {
					got = append(got, m.Text)
				}
			}
			if want := []string{"one", "two", "three"}; !slices.Equal(got, want) {
				t.Errorf("got %q in Slack, want %q", got, want)
			}
		}
	})
}
