package scenario

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// shows waits until the case page, as Jane sees it, has all of the texts.
func (c *chat) shows(want ...string) {
	c.h.Helper()
	for _, text := range want {
		c.h.until("on the case page: "+text, func() bool { return strings.Contains(c.page(), text) })
	}
}

// has waits until the record has so many entries of a kind.
func (c *chat) has(kind desk.EntryKind, n int) {
	c.h.Helper()
	c.h.until("entries of kind "+string(kind), func() bool {
		got := 0
		for _, e := range c.log() {
			if e.Kind == kind {
				got++
			}
		}
		return got == n
	})
}

func TestL34_L36_B2_AnEditIsShownBesideTheOriginal(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		m := c.post(h.alice, "it stops at step three")
		c.recorded("it stops at step three")
		m.Edit(h.alice, "it stops at step four")
		c.has(desk.KindEdit, 1)
		c.shows("<del>three</del>", "<ins>four</ins>")
		c.recorded("it stops at step three") // the original stays what it was
		c.post(h.alice, "I meant step five")
		c.recorded("it stops at step three", "I meant step five")
	})
}

func TestL35_B2_ADeletedMessageStaysAndSaysSo(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		m := c.post(h.alice, "forget this")
		c.recorded("forget this")
		m.Delete(h.alice)
		c.has(desk.KindDeletion, 1)
		c.shows("forget this", "Deleted in Slack")
	})
}

func TestL31_L33_B3_AForwardedMessageIsQuoted(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		origin := h.ops.Post(h.bob, "the vault was moved at ten")
		origin.Forward(h.alice, c.ch, "this may be why")
		if c.record().PlaceKind == desk.PlaceThread {
			h.quiet() // a forward goes to the channel, beside the thread
			c.recorded()
			return
		}
		c.shows("this may be why", "the vault was moved at ten", "Bob Okafor")
	})
}

func TestL32_B3_AReplyInAThreadKnowsWhatItAnswers(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		root := c.ch.Post(h.alice, "it stops at step three")
		c.recorded("it stops at step three")
		root.Reply(h.bob, "for me too")
		c.recorded("it stops at step three", "for me too")
		root.Broadcast(h.bob, "and for everybody else")
		c.recorded("it stops at step three", "for me too", "and for everybody else")
		c.shows("In reply to <strong>Alice Martin</strong>")
		for _, e := range c.log() {
			if strings.HasPrefix(e.Text, "for me too") && (e.Refers == 0 || !e.Marked(desk.MarkThread)) {
				t.Errorf("the reply does not say what it answers: %+v", e)
			}
		}
	})
}

func TestReactionsAreSmallMarks(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		m := c.post(h.alice, "it is fast again")
		c.recorded("it is fast again")
		m.React(h.alice, "tada")
		c.has(desk.KindReaction, 1)
		c.shows(`class="reactions"`)
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "glad to hear it"))
		c.says("glad to hear it").React(h.alice, "+1")
		c.has(desk.KindReaction, 2)
	})
}

// Slack shows a reply before it tells us which message it became, and may take
// its time to tell. What people do with it meanwhile is not lost.
func TestB8_WhatIsDoneWithAReplyThatIsNotKnownYetIsNotLost(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		h.quiet()
		h.slack.Fail("chat.postMessage", slacksim.Landed)
		restore := h.slack.Fail("conversations.*", slacksim.Lost, slacksim.Always)
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "is it fast again?"))
		hers := c.says("is it fast again?")
		hers.React(h.alice, "+1")
		hers.React(h.bob, "tada")
		c.post(h.alice, "my words do not wait for my thumb")
		c.recorded("is it fast again?", "my words do not wait for my thumb")
		if c.root == nil { // a thread has no threads
			hers.Reply(h.bob, "yes it is")
		}
		restore()
		c.has(desk.KindReaction, 2)
		h.quiet()
		log := c.log()
		on := slices.IndexFunc(log, func(e desk.Correspondence) bool { return e.Text == "is it fast again?" })
		for _, e := range log {
			if (e.Kind == desk.KindReaction || e.Text == "yes it is") && e.Refers != log[on].Seq {
				t.Errorf("it is not on the reply: %+v", e)
			}
		}
	})
}

// What was put on a message while the chat ran is a mark, however late Slack
// tells of it; what comes after the end is not.
func TestLateReactionsAreMarksToo(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		mine := c.post(h.alice, "it is fast again")
		c.recorded("it is fast again")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "glad to hear it"))
		hers := c.says("glad to hear it")
		h.quiet()
		h.slack.Dispatch.Hold()
		mine.React(h.alice, "tada")
		hers.React(h.alice, "+1")
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		hers.React(h.alice, "eyes")
		h.slack.Dispatch.Release()
		c.has(desk.KindReaction, 2)
		h.quiet()
		var got []string
		for _, e := range c.log() {
			if e.Kind == desk.KindReaction {
				got = append(got, e.Text)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff([]string{"+1", "tada"}, got); diff != "" {
			t.Errorf("reactions (-want +got):\n%s", diff)
		}
	})
}

func TestAPersonsPictureStandsBesideTheirWords(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "who am I?")
		c.recorded("who am I?")
		at := "/faces/" + h.ws.ID + "/" + h.alice.ID
		c.shows(`<img src="` + at)
		_, rest, _ := strings.Cut(c.page(), at)
		version, _, _ := strings.Cut(rest, `"`)
		picture, err := h.jane.Page(h.ctx, at+version)
		h.must(err)
		if !strings.HasPrefix(picture, "\x89PNG") {
			t.Errorf("got %.20q, want a picture", picture)
		}
	})
}

func TestB7_AReplyShowsHowFarItHasCome(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.slack.Refuse("chat.postMessage", "restricted_action")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "can you read this?"))
		c.shows("delivery-failed")
		var seq int64
		for _, e := range c.log() {
			if e.Text == "can you read this?" {
				seq = e.Seq
			}
		}
		h.must(h.jane.RetryWords(h.ctx, c.number, seq))
		c.says("can you read this?")
		c.shows("delivery-sent")
	})
}

func TestL73_AReopenedCaseComesBackToItsPlace(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		place := c.record().Place
		h.must(h.jane.Resolve(h.ctx, c.number))
		c.says("was resolved by")
		h.until("the card offers to reopen", func() bool { return c.card().Press(h.ctx, h.alice, "Reopen case") == nil })
		h.sends(h.alice, []string{"Message", "It is back."}, []string{"Contact method", "Live chat in Slack"})
		c.says("was reopened by")
		h.until("asked for again", func() bool { return c.record().Chat.State == desk.ChatRequested })
		h.must(h.jane.Join(h.ctx, c.number))
		h.until("joined again", func() bool { return c.record().Chat.State == desk.ChatInProgress })
		c.post(h.alice, "it is back")
		c.recorded("it is back")
		if got := c.record().Place; got != place {
			t.Errorf("got place %s, want the one it had, %s", got, place)
		}
	})
}

// Slack names no channel and no user group that people mention: we ask for their
// names, but for those of channels that we may not see.
func TestMentionsOfChannelsAndGroupsAreShownByName(t *testing.T) {
	each(t, func(h *house) {
		plans := h.ws.AddChannel("plans", world.Public, h.alice, h.bot.Bot)
		h.ws.AddChannel("layoffs", world.Private, h.alice)
		group := h.ws.AddGroup("sre", "Reliability", h.bob)
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "#plans and #layoffs have more, ask @sre")
		c.shows(`<span class="mention">#plans</span>`, `<span class="mention">a private channel</span>`, `<span class="mention">@sre</span>`)
		plans.Rename(h.alice, "schemes")
		group.Change(func(g *world.UserGroup) { g.Name = "Reliability and more" })
		c.shows(`<span class="mention">#schemes</span>`, `<span class="mention">@sre</span>`)
		origin := h.ops.Post(h.bob, "the vault was moved at ten")
		origin.Forward(h.alice, c.ch, "this may be why")
		c.shows(`in <span class="mention">#ops</span>`)
		h.must(h.jane.End(h.ctx, c.number))
		h.until("the chat over", func() bool { return c.record().Chat.State == desk.ChatEnded })
		for form, want := range map[string][]string{
			"txt":  {"#schemes and a private channel have more, ask @sre", "in #ops"},
			"html": {"#schemes", "a private channel", "@sre"},
			"json": {`"#schemes"`, `"a private channel"`, `"@sre"`, `"#ops"`},
		} {
			export, err := h.jane.Page(h.ctx, "/cases/"+c.number+"/chats/"+string(c.record().Chat.ID)+"/transcript."+form)
			h.must(err)
			for _, text := range want {
				if !strings.Contains(export, text) {
					t.Errorf("the transcript as %s lacks %q", form, text)
				}
			}
			if strings.Contains(export, "layoffs") {
				t.Errorf("the transcript as %s names a channel that we may not see", form)
			}
		}
	})
}
