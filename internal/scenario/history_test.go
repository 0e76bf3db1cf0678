package scenario

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/dispatch"
)

// forget makes Slack forget to send what happens while do runs.
func (h *house) forget(do func()) {
	h.Helper()
	h.quiet()
	h.slack.Dispatch.SetChaos(dispatch.Chaos{Forgotten: 1})
	do()
	h.must(h.slack.Quiesce(h.ctx))
	h.slack.Dispatch.SetChaos(dispatch.Chaos{})
}

// compared waits until the record of the latest chat has been compared with
// Slack's history.
func (c *chat) compared() desk.Tally {
	c.h.Helper()
	c.h.until("the record was compared with Slack's history", func() bool {
		t := c.record().Chat.Tally
		return t.State != "" && t.State != desk.TallyDue
	})
	return c.record().Chat.Tally
}

// ends lets Jane end the chat.
func (c *chat) ends() *chat {
	c.h.Helper()
	c.h.must(c.h.jane.End(c.h.ctx, c.number))
	c.says("ended the chat")
	return c
}

// question is what somebody is asked, privately, about what they wrote while
// waiting; nil when they are not.
func (h *house) question(u *slacksim.User) *slacksim.Ephemeral {
	for _, e := range h.ws.Ephemerals(u) {
		if strings.Contains(e.Text, "while waiting. Share") {
			return e
		}
	}
	return nil
}

// offered waits until somebody is asked, and returns the question.
func (h *house) offered(u *slacksim.User) *slacksim.Ephemeral {
	h.Helper()
	h.until(u.Name+" is asked what to share", func() bool { return h.question(u) != nil })
	return h.question(u)
}

func TestB9_L27_L30_L41_L59_L63_L67_AMessageThatSlackNeverBroughtIsFoundAfterTheEnd(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		c.post(h.alice, "first")
		c.recorded("first")
		h.forget(func() {
			c.post(h.bob, "*lost* on the way")
			c.upload(h.alice, "build.log", []byte("step 3 hangs"), "")
		})
		c.post(h.alice, "last")
		c.recorded("first", "last")
		c.ends()
		want := desk.Tally{State: desk.TallyWhole, Slack: 4, Case: 4, Fetched: 2}
		if diff := cmp.Diff(want, c.compared()); diff != "" {
			t.Errorf("tally (-want +got):\n%s", diff)
		}
		c.recorded("first", "**lost** on the way", "last")
		h.until("the file that was missed", func() bool {
			files, err := h.app.Store.Files(h.ctx, c.record().ID)
			h.must(err)
			return len(files) == 1 && files[0].State == desk.FileReady
		})
		if got := c.record().Chat; got.Messages != 3 || got.Files != 1 {
			t.Errorf("counted %d messages and %d files, want what was fetched among them", got.Messages, got.Files)
		}
		h.cardShows(c, "3 messages and 1 file saved")
		const statement = "4 of 4 messages and files that customers sent during this chat are on this case."
		h.until("the statement on the case page", func() bool { return strings.Contains(c.page(), statement) })
		for _, form := range []string{"txt", "html", "json"} {
			export, err := h.jane.Page(h.ctx, "/cases/"+c.number+"/chats/"+string(c.record().Chat.ID)+"/transcript."+form)
			h.must(err)
			if !strings.Contains(export, statement) {
				t.Errorf("the transcript as %s does not say %q", form, statement)
			}
		}
	})
}

func TestB9_L40_L66_WhatLiesOutsideTheChatIsNotCompared(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		c.post(h.alice, "before the join")
		h.quiet()
		c.joins()
		c.post(h.alice, "during the chat")
		c.recorded("during the chat")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "an agent's words"))
		c.says("an agent's words")
		c.ends()
		c.post(h.alice, "after the end")
		want := desk.Tally{State: desk.TallyWhole, Slack: 1, Case: 1}
		if diff := cmp.Diff(want, c.compared()); diff != "" {
			t.Errorf("tally (-want +got):\n%s", diff)
		}
		h.quiet()
		c.recorded("during the chat", "an agent's words")
	})
}

func TestB9_WhatWasDeletedInSlack(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		known := c.ch.Post(h.alice, "recorded, then deleted")
		c.recorded("recorded, then deleted")
		c.ch.Delete(h.alice, known.TS)
		h.quiet()
		h.forget(func() {
			m := c.ch.Post(h.alice, "deleted before anybody heard of it")
			c.ch.Reply(h.bob, m.TS, "which leaves a mark, for it was answered")
			c.ch.Delete(h.alice, m.TS)
		})
		c.ends()
		want := desk.Tally{
			State: desk.TallyDiffers, Slack: 1, Case: 1, Fetched: 1, Deleted: 1,
			Note: "1 message was deleted in Slack before we heard of it.",
		}
		if diff := cmp.Diff(want, c.compared()); diff != "" {
			t.Errorf("tally (-want +got):\n%s", diff)
		}
		c.shows("1 more on this case was deleted in Slack.")
	})
}

func TestB9_AChatThatWasFollowedByAnotherIsComparedToo(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.forget(func() { c.ch.Post(h.alice, "lost on the way") })
		restore := h.slack.Fail("conversations.history", slacksim.Lost, slacksim.Always)
		c.ends()
		h.cardShows(c, "Invite an agent")
		h.must(c.card().Press(h.ctx, h.alice, "Invite an agent"))
		c.says("asked for an agent")
		restore()
		h.until("the earlier chat is compared", func() bool {
			chats, err := h.app.Store.Chats(h.ctx, c.record().ID)
			h.must(err)
			return chats[0].Tally == desk.Tally{State: desk.TallyWhole, Slack: 1, Case: 1, Fetched: 1} && chats[0].Messages == 1
		})
	})
}

func TestB9_AHistoryThatCannotBeReadSaysSoAndIsReadAgain(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.ch.Post(h.alice, "hello")
		c.recorded("hello")
		h.quiet()
		restore := h.slack.Refuse("conversations.history", "missing_scope", slacksim.Always)
		c.ends()
		if got := c.compared(); got.State != desk.TallyFailed {
			t.Fatalf("got %+v, want that it failed", got)
		}
		h.until("the case page says so", func() bool {
			page := c.page()
			return strings.Contains(page, "could not be compared") && strings.Contains(page, "Check again")
		})
		restore()
		log := c.log()
		seq := log[slices.IndexFunc(log, func(e desk.Correspondence) bool { return e.Kind == desk.KindTranscript })].Seq
		for range 2 {
			h.must(h.jane.CompareAgain(h.ctx, c.number, seq))
		}
		h.until("it was read", func() bool { return c.record().Chat.Tally.State == desk.TallyWhole })
	})
}

// A chat goes on while this server is down for longer than Slack tries to send
// what happens.
func TestB8_B9_WhatWasMissedWhileWeWereDownIsFetchedAtTheStart(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob)
		old := c.ch.Post(h.alice, "a question from before the join")
		h.quiet()
		c.joins()
		c.ch.Post(h.alice, "first")
		c.recorded("first")
		h.quiet()
		h.stopApp()
		h.slack.Dispatch.SetChaos(dispatch.Chaos{Forgotten: 1})
		c.ch.Post(h.bob, "while you were away")
		c.ch.Reply(h.alice, old.TS, "below an older message")
		h.must(h.slack.Quiesce(h.ctx))
		h.slack.Dispatch.SetChaos(dispatch.Chaos{})
		h.startApp()
		c.recorded("first", "while you were away", "below an older message")
	})
}

// An edit that no event told of is in Slack's history all the same.
func TestB2_B8_WhatWasEditedWhileWeWereDownIsFetchedAtTheStart(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		m := c.post(h.alice, "it hnags")
		known := c.post(h.bob, "mine to")
		c.recorded("it hnags", "mine to")
		known.Edit(h.bob, "mine too")
		h.until("an edit that was told of", func() bool { return len(c.edits()) == 1 })
		h.quiet()
		h.stopApp()
		h.slack.Dispatch.SetChaos(dispatch.Chaos{Forgotten: 1})
		m.Edit(h.alice, "it hangs")
		h.must(h.slack.Quiesce(h.ctx))
		h.slack.Dispatch.SetChaos(dispatch.Chaos{})
		for range 2 { // and no more than once
			h.startApp()
			h.until("the edit that was not told of", func() bool { return len(c.edits()) == 2 })
			h.quiet()
			if diff := cmp.Diff([]string{"mine too", "it hangs"}, c.edits()); diff != "" {
				t.Errorf("edits on the case (-want +got):\n%s", diff)
			}
			h.stopApp()
		}
		h.startApp()
		c.recorded("it hnags", "mine to")
	})
}

// edits are the words that messages of the case have been given.
func (c *chat) edits() (words []string) {
	c.h.Helper()
	for _, e := range c.log() {
		if e.Kind == desk.KindEdit {
			words = append(words, e.Text)
		}
	}
	return words
}

func TestB1_L22_L23_L54_L55_TheRequesterSharesWhatTheyWroteWhileWaiting(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob)
		c.post(h.alice, "it hangs at step 3")
		c.upload(h.alice, "build.log", []byte("step 3 hangs"), "see the log")
		c.post(h.bob, "mine too")
		h.quiet()
		c.joins()
		question := h.offered(h.alice)
		const want = "You wrote 2 messages while waiting. Share them with Support? The message that somebody else wrote stays private."
		if question.Text != want {
			t.Errorf("got %q, want %q", question.Text, want)
		}
		if h.question(h.bob) != nil {
			t.Error("Bob was asked, who did not ask for the chat")
		}
		h.quiet()
		c.recorded()
		h.must(question.Press(h.ctx, "Share"))
		c.recorded("it hangs at step 3", "see the log")
		c.post(h.alice, "thank you")
		c.recorded("it hangs at step 3", "see the log", "thank you")
		for _, e := range c.log() {
			before := e.At.Before(c.record().Chat.JoinedAt)
			if e.Chat != "" && e.Author.Side == desk.SideCustomer && e.Kind != desk.KindChat && e.Marked(desk.MarkWaiting) != before {
				t.Errorf("%s %q: marked %v, written before the join %v", e.Kind, e.Text, e.Marked(desk.MarkWaiting), before)
			}
		}
		page := c.page()
		first, joined := strings.Index(page, "it hangs at step 3"), strings.Index(page, "<span>Jane joined</span>")
		if first < 0 || first > joined || !strings.Contains(page, "written before Jane joined") {
			t.Error("the case page does not show the words where they were written, marked")
		}
		c.ends()
		if got := c.compared(); got.Slack != 1 || got.State != desk.TallyWhole {
			t.Errorf("got %+v, want the chat's one message compared", got)
		}
		export, err := h.jane.Page(h.ctx, "/cases/"+c.number+"/chats/"+string(c.record().Chat.ID)+"/transcript.txt")
		h.must(err)
		if strings.Count(export, "written before Jane joined") != 3 {
			t.Errorf("the transcript does not mark what was written before:\n%s", export)
		}
	})
}

func TestB1_L22_L23_L54_L55_WhatIsKeptPrivateStaysPrivate(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		c.post(h.alice, "words for nobody")
		h.quiet()
		c.joins()
		question := h.offered(h.alice)
		h.slack.Fail("response_url", slacksim.Lost, slacksim.Always) // so the question stays
		h.must(question.Press(h.ctx, "Keep private"))
		h.until("it was decided", func() bool { return c.record().Chat.Waiting == desk.ConsentKept })
		h.whispers(h.alice, "stays private")
		h.must(question.Press(h.ctx, "Share"))
		h.whispers(h.alice, "You have already decided to keep it private")
		for what, want := range map[string]int{desk.DidKeep: 1, desk.DidShare: 0} {
			got, err := h.app.Store.Audit(h.ctx, desk.AuditFilter{What: what, Case: c.record().ID}, 0, 9)
			h.must(err)
			if len(got) != want || want > 0 && got[0].By.ID != string(h.person(h.alice)) {
				t.Errorf("%s is audited as %+v", what, got)
			}
		}
		c.ends()
		h.quiet()
		c.recorded()
		if strings.Contains(c.page(), "words for nobody") {
			t.Error("the agent sees what was kept private")
		}
	})
}

func TestB1_AfterTheEndNothingIsSharedAnyMore(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		c.ch.Post(h.alice, "words for nobody")
		h.quiet()
		c.joins()
		question := h.offered(h.alice)
		c.ends()
		h.must(question.Press(h.ctx, "Share"))
		h.whispers(h.alice, "The chat is over, so nothing was shared.")
		h.quiet()
		c.recorded()
	})
}

func TestB1_WhoWroteNothingIsAskedNothing(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob)
		c.ch.Post(h.bob, "Bob's own words")
		h.quiet()
		c.joins()
		h.quiet()
		for _, u := range []*slacksim.User{h.alice, h.bob} {
			if h.question(u) != nil {
				t.Errorf("%s was asked", u.Name)
			}
		}
		if got := c.record().Chat.Waiting; got != "" {
			t.Errorf("got consent %q, want none", got)
		}
	})
}

// whispers waits until only this person is told something.
func (h *house) whispers(u *slacksim.User, text string) {
	h.Helper()
	h.until(u.Name+" is told: "+text, func() bool {
		return slices.ContainsFunc(h.said(u), func(s string) bool { return strings.Contains(s, text) })
	})
}
