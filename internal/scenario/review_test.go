package scenario

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
)

// twice presses a button in a form as a person does who is impatient: the second
// press leaves before the first is answered.
func (h *house) twice(form *slacksim.Form, label string) {
	h.Helper()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { _ = form.Press(h.ctx, label) }) // one of them may find that the form has changed
	}
	both.Wait()
}

// shownIn counts the messages of a channel whose text has the words.
func shownIn(ch *slacksim.Channel, words string) int {
	n := 0
	for _, m := range ch.All() {
		if strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}

func TestAReplyIsReviewedEditedAndSharedBeforeItIsSent(t *testing.T) {
	each(t, func(h *house) {
		h.fills(h.alice, "Build is stuck", caseOnly)
		c := h.only()
		h.says(h.ops, h.alice, "reply "+c.number, "")
		form := h.open(h.alice)
		h.must(form.Attach(h.ctx, "Files", slacksim.Upload{Name: "build.log", Data: []byte("step 3 hangs")}))
		h.upTo(form, 1, []string{"Your reply", "it hangs at step 3"}, []string{"Additional contacts", "omar@example.com"})
		h.reads(h.alice, "it hangs at step 3", "build.log", "omar@example.com", caseOnly, "Only you see this", "Edit", "Share to channel")
		if n := len(c.log()); n != 1 {
			t.Errorf("before it is sent the case has %d entries", n)
		}
		draft := "shares the draft of a message on case " + c.number
		h.twice(form, "Share to channel")
		h.reads(h.alice, "This channel has been shown the draft.")
		if n := shownIn(h.ops, draft); n != 1 {
			t.Errorf("the draft is in the channel %d times", n)
		}
		h.must(form.Press(h.ctx, "Edit"))
		h.reads(h.alice, "Already there: build.log")
		h.upTo(form, 1, []string{"Your reply", "it hangs at step 4"})
		h.reads(h.alice, "it hangs at step 4", "build.log", "omar@example.com")
		problems, err := form.Submit(h.ctx)
		h.must(err)
		if len(problems) > 0 || h.ws.View(h.alice) != nil {
			t.Fatalf("sent: %v", problems)
		}
		h.told(h.alice, "Your reply is on case "+c.number)
		c.hears("it hangs at step 4")
		c.file(desk.FileReady)
		if got := c.record().CC; !slices.Equal(got, []string{"omar@example.com"}) {
			t.Errorf("addresses %v", got)
		}
		if page := c.page(); strings.Contains(page, "at step 3") || strings.Count(page, "it hangs at step 4") != 1 {
			t.Error("the case page has not what was sent, once")
		}
	})
}

func TestAnImpatientPressSharesOnce(t *testing.T) {
	each(t, func(h *house) {
		form := h.creates(h.ops, h.alice)
		h.upTo(form, 3, append(matter("Printer burns"), []string{"Contact method", caseOnly})...)
		h.twice(form, "Share to channel")
		h.reads(h.alice, "This channel has been shown the draft.")
		if n := shownIn(h.ops, "shares the draft of a support case"); n != 1 {
			t.Errorf("the draft is in the channel %d times", n)
		}
		h.must(form.Close(h.ctx))

		h.fills(h.alice, "Build is stuck", caseOnly)
		c := h.only()
		results := h.seeks(h.ops, h.alice, "stuck")
		for range 2 {
			h.must(results.Press(h.ctx, "Share to channel"))
		}
		h.told(h.alice, "This was shared with the channel already.")
		if n := shownIn(h.ops, "shared what a search has found"); n != 1 {
			t.Errorf("the results are in the channel %d times", n)
		}
		h.must(results.Press(h.ctx, "See details"))
		h.twice(h.open(h.alice), "Share to channel")
		h.reads(h.alice, "The channel has been shown the case.")
		if n := shownIn(h.ops, "shared case "+c.number); n != 1 {
			t.Errorf("the case is in the channel %d times", n)
		}

		// Slack took it and we never heard: it is not shown again.
		h.must(h.open(h.alice).Close(h.ctx))
		again := h.seeks(h.ops, h.alice, "stuck")
		h.slack.Fail("chat.postMessage", fault.Landed)
		for range 2 {
			h.must(again.Press(h.ctx, "Share to channel"))
		}
		h.told(h.alice, "Please look in the channel whether it is there.")
		if n := shownIn(h.ops, "shared what a search has found"); n != 2 {
			t.Errorf("the results of two searches are in the channel %d times", n)
		}
	})
}

// People for a later chat are chosen in the form that asks for it: in a channel
// they are added, in a thread they are mentioned at the join.
func TestL70_L71_PeopleAreChosenWithAReplyAndAReopening(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.Resolve(h.ctx, c.number))
		c.says("was resolved by")
		h.says(h.ops, h.alice, "reopen "+c.number, "")
		h.sends(h.alice, []string{"Message", "it is back"}, []string{"Contact method", "Live chat in Slack"}, []string{"People to add to the chat", "bob"})
		c.says("it is back")
		h.comesAlong(c, h.bob)
		h.must(h.jane.End(h.ctx, c.number))
		h.until("ended", func() bool { return c.record().Chat.State == desk.ChatEnded })

		h.says(h.ops, h.alice, "reply "+c.number, "")
		h.must(h.open(h.alice).Set(h.ctx, "Contact method", "Live chat in Slack"))
		if got, err := h.open(h.alice).Value("People to add to the chat"); err != nil || !strings.Contains(fmt.Sprint(got), h.bob.ID) {
			t.Errorf("those of before are not chosen: %v %v", got, err)
		}
		h.sends(h.alice, []string{"Your reply", "still"}, []string{"People to add to the chat", "bob", "chloe"})
		h.comesAlong(c, h.chloe)
	})
}

// comesAlong joins a chat that was asked for and checks that somebody chosen for
// it is there.
func (h *house) comesAlong(c *chat, u *slacksim.User) {
	h.Helper()
	h.until("a chat is asked for", func() bool { return c.record().Chat.State == desk.ChatRequested })
	h.must(h.jane.Join(h.ctx, c.number))
	h.until(u.Name+" comes along", func() bool {
		if c.root == nil {
			return slices.Contains(c.ch.Members(), u.Name)
		}
		return slices.ContainsFunc(c.messages(), func(m world.Message) bool {
			return strings.Contains(m.Text, "<@"+u.ID+">") && strings.Contains(m.Text, "joined")
		})
	})
}
