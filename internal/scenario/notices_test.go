package scenario

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
	"caseline/internal/store"
)

// thread are the messages of the case's thread in #ops, its first included.
func (c *chat) thread() []world.Message {
	c.h.Helper()
	root := c.record().Thread
	if root == "" {
		return nil
	}
	return c.h.ops.Thread(root)
}

// hears waits until the case's thread in #ops has a message with the text.
func (c *chat) hears(text string) *slacksim.Message {
	c.h.Helper()
	var found *slacksim.Message
	c.h.until("in the case's thread in #ops: "+text, func() bool {
		for _, m := range c.thread() {
			if strings.Contains(m.Text, text) {
				found = c.h.ops.Message(m.TS)
			}
		}
		return found != nil
	})
	return found
}

// answers replies to the case by a form that is open before somebody.
func (h *house) answers(u *slacksim.User, text string) map[string]string {
	h.Helper()
	form := h.ws.View(u)
	if form == nil {
		h.Fatalf("no form is open before %s; privately said: %q", u.Name, h.said(u))
	}
	problems, err := form.FillIn(h.ctx, []string{"Your reply", text})
	h.must(err)
	return problems
}

// replies runs /support reply in a channel.
func (h *house) replies(ch *slacksim.Channel, u *slacksim.User, number, text string) {
	h.Helper()
	answer, err := ch.Command(h.ctx, u, strings.TrimSpace("/support reply "+number))
	h.must(err)
	if answer.Form == nil {
		h.Fatalf("/support reply opened no form; it said %q", answer.Text())
	}
	if problems := h.answers(u, text); len(problems) > 0 {
		h.Fatalf("the reply was refused: %v", problems)
	}
}

// only is the only case there is, which need not have a chat.
func (h *house) only() *chat {
	h.Helper()
	cases, err := h.app.Store.RecentCases(h.ctx, time.Time{}, 2)
	h.must(err)
	if len(cases) != 1 {
		h.Fatalf("got %d cases, want one", len(cases))
	}
	return &chat{h: h, number: string(cases[0].Number)}
}

// wantNotice checks what a notice of outside correspondence says.
func wantNotice(t *testing.T, m *slacksim.Message, want ...string) {
	t.Helper()
	got := m.Text() + blocksText(m)
	for _, words := range want {
		if !strings.Contains(got, words) {
			t.Errorf("the notice lacks %q:\n%s", words, got)
		}
	}
}

// once checks that a text stands once in the case's channel.
func (c *chat) once(text string) {
	c.h.Helper()
	n := 0
	for _, m := range c.ch.All() {
		n += strings.Count(m.Text, text)
	}
	if n != 1 {
		c.h.Errorf("%q stands in the place %d times, want once", text, n)
	}
}

func TestL8_L10_L11_L12_L13_L46_L47_OutsideWordsReachThePlaceAtEveryStage(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "we know of it"))
		wantNotice(t, c.says("we know of it"), "Jane from Support", "From a support agent", "Live chat: requested", "See details", "Reply to the case")
		c.joins()
		h.replies(h.ops, h.bob, c.number, "it is back")
		wantNotice(t, c.says("it is back"), "Bob Okafor", "From a collaborator in #ops", "Live chat: in progress")
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.must(h.jane.Answer(h.ctx, c.number, "a2", "it was the *cache* <!channel>"))
		m := c.says("it was the")
		wantNotice(t, m, "From a support agent", "Live chat: ended")
		if strings.Contains(blocksText(m), `"broadcast"`) || strings.Contains(m.Text(), "<!channel>") {
			t.Errorf("the text became a mention: %s", m.Text())
		}
		h.quiet()
		for _, text := range []string{"we know of it", "it is back", "it was the"} {
			c.once(text)
		}
	})
}

func TestL9_OutsideWordsReachTheThreadWhereTheCaseWasOpened(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		h.until("the thread of the case", func() bool { return len(c.thread()) == 1 })
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "we know of it"))
		wantNotice(t, c.hears("we know of it"), "Jane from Support", "See details", "Reply to the case")
		h.must(h.jane.Resolve(h.ctx, c.number))
		wantNotice(t, c.hears("was resolved by"), "See details")
		h.quiet()
		if got := len(c.thread()); got != 3 {
			t.Errorf("got %d messages in the thread, want the link, the reply and that it is resolved", got)
		}
		for _, m := range h.ops.Messages() {
			if strings.Contains(m.Text, "was resolved") || strings.Contains(m.Text, "we know of it") {
				t.Errorf("outside the thread: %s", m.Text)
			}
		}
	})
}

func TestL45_L48_AnUpdateAfterTheEndLinksToWhereTheCaseWasOpened(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.until("the thread of the case", func() bool { return len(c.thread()) == 1 })
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.replies(h.ops, h.bob, c.number, "still broken")
		link := "/archives/" + h.ops.ID + "/p" + strings.ReplaceAll(c.record().Thread, ".", "")
		wantNotice(t, c.says("still broken"), link, "From a collaborator", "Live chat: ended")
	})
}

func TestL14_L49_TheCaseIsAnsweredFromTheOriginalChannel(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "is it still so?"))
		m := c.hears("is it still so?")
		if got := c.record().Status; got != desk.StatusPendingCustomer {
			t.Errorf("got status %s after the agent's answer", got)
		}
		h.must(m.Press(h.ctx, h.bob, "Reply to the case"))
		if problems := h.answers(h.bob, "yes, *still* & <more>"); len(problems) > 0 {
			t.Fatalf("refused: %v", problems)
		}
		c.says("still &amp; &lt;more&gt;")
		if got := c.record().Status; got != desk.StatusCustomerAnswered {
			t.Errorf("got status %s after the customer's answer", got)
		}
		h.until("Bob's reply on the case page, with where it came from", func() bool {
			page := c.page()
			return strings.Contains(page, "Bob Okafor") && strings.Contains(page, "added from #ops") && strings.Contains(page, "&lt;more&gt;")
		})
		if got := len(c.words()); got != 0 {
			t.Errorf("%d of the words count as said in the chat", got)
		}
	})
}

func TestL50_TheCaseIsAnsweredFromAnyOtherChannelWithAccess(t *testing.T) {
	each(t, func(h *house) {
		dev := h.ws.AddChannel("dev", world.Private, h.chloe)
		dev.Invite(h.chloe, h.bot.Bot)
		c := h.asks(h.alice, "Build is stuck").joins()
		refused, err := dev.Command(h.ctx, h.chloe, "/support reply "+c.number)
		h.must(err)
		if said := refused.Text() + h.window(h.chloe); !strings.Contains(said, "not set up") {
			t.Errorf("a channel without access: said %q", said)
		}
		h.configures(dev, "dev", served.FullPermissions()...)
		h.replies(dev, h.chloe, c.number, "seen here too")
		wantNotice(t, c.says("seen here too"), "Chloé Dubois", "From a collaborator in #dev")
		c.hears("seen here too")
		if said := strings.Join(h.said(h.chloe), "\n"); !strings.Contains(said, "Your reply is on case "+c.number) {
			t.Errorf("nothing told Chloé that her reply arrived: %q", said)
		}
	})
}

func TestL78_B4_ReplyFromThePlace(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		c.ch.Post(h.alice, "one more thing")
		h.until("the hint after the end", func() bool { return len(h.ws.Ephemerals(h.alice)) > 0 })
		h.must(h.ws.Ephemerals(h.alice)[0].Press(h.ctx, "Reply to the case"))
		if problems := h.answers(h.alice, "it also beeps"); len(problems) > 0 {
			t.Fatalf("refused: %v", problems)
		}
		wantNotice(t, c.says("it also beeps"), "Alice Martin", "From a collaborator in #"+c.ch.Name())
		h.replies(c.ch, h.alice, "", "and smells")
		c.says("and smells")
		h.quiet()
		c.once("it also beeps")
		c.once("and smells")
		if got := strings.Count(c.page(), "added from #"+c.ch.Name()); got != 2 {
			t.Errorf("the case page names the place %d times, want with both replies", got)
		}
	})
}

func TestB4_FilesComeWithAReply(t *testing.T) {
	each(t, func(h *house) {
		h.fills(h.alice, "Build is stuck", caseOnly)
		c := h.only()
		h.until("the link in #ops", func() bool { return len(c.thread()) == 1 })
		m := h.ops.Message(c.record().Thread)
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "send us the log, please"))
		c.hears("send us the log")
		h.must(c.hears("send us the log").Press(h.ctx, h.bob, "Reply to the case"))
		file, err := h.slack.World.AddFile(h.bob.ID, "build.log", []byte("step 3 hangs"))
		h.must(err)
		form := h.ws.View(h.bob)
		h.must(form.Set(h.ctx, "Files", file.ID))
		if problems := h.answers(h.bob, "here it is"); len(problems) > 0 {
			t.Fatalf("refused: %v", problems)
		}
		wantNotice(t, c.hears("here it is"), "With build.log", "No live chat")
		if got := c.downloads(c.file(desk.FileReady)); got != "step 3 hangs" {
			t.Errorf("the agent got %q", got)
		}
		h.quiet()
		now, _ := m.Now()
		if got := len(c.thread()); got != 3 || now.ReplyCount != 2 {
			t.Errorf("got %d messages in the thread, want the link and both replies", got)
		}
	})
}

func TestB4_ReplyFromThePlaceNeedsThePermissionOfTheChannelThatAsked(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "we know of it"))
		m := c.says("we know of it")
		h.must(m.Press(h.ctx, h.alice, "Reply to the case"))
		h.configures(h.ops, "ops", served.MayRead, served.MayChat) // while the form is open
		if problems := h.answers(h.alice, "me too"); !strings.Contains(problems["text"], "may not answer cases") {
			t.Errorf("the form was refused with %v", problems)
		}
		h.must(h.ws.View(h.alice).Close(h.ctx))
		h.must(m.Press(h.ctx, h.alice, "Reply to the case"))
		if v, _ := h.ws.View(h.alice).Now(); v.Submit != nil {
			t.Error("a form opened all the same")
		}
		h.until("a private reason", func() bool { return strings.Contains(strings.Join(h.said(h.alice), "\n"), "may not answer cases") })
		h.configures(h.ops, "ops", served.FullPermissions()...)
		h.must(h.jane.Resolve(h.ctx, c.number))
		h.must(m.Press(h.ctx, h.alice, "Reply to the case"))
		h.until("that the case is resolved", func() bool {
			return strings.Contains(strings.Join(h.said(h.alice), "\n"), "is resolved, so nothing can be added")
		})
		for _, e := range c.log() {
			if e.Text == "me too" {
				t.Error("the refused reply is on the case")
			}
		}
	})
}

func TestL3_L4_AMemberSeesTheCaseAndItsHistoryInTheDetails(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.ch.Post(h.alice, "it hangs at step 3")
		c.recorded("it hangs at step 3")
		h.must(h.jane.End(h.ctx, c.number))
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "fixed in 2.1"))
		m := c.says("fixed in 2.1")
		c.ch.Invite(h.alice, h.chloe)
		h.must(m.Press(h.ctx, h.chloe, "See details"))
		form := h.ws.View(h.chloe)
		if form == nil {
			t.Fatalf("no details; privately said: %q", h.said(h.chloe))
		}
		shown := viewText(form)
		for _, want := range []string{c.number, "Build is stuck", "It has been like this since ten.", "Production impaired", "it hangs at step 3", "fixed in 2.1"} {
			if !strings.Contains(shown, want) {
				t.Errorf("the details lack %q:\n%s", want, shown)
			}
		}
	})
}

func TestStatusSaysWhereACaseStands(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		for _, ch := range []*slacksim.Channel{h.ops, c.ch} {
			answer, err := ch.Command(h.ctx, h.alice, "/support status "+c.number)
			h.must(err)
			for _, want := range []string{c.number, "Build is stuck", "Work in progress", "Jane from Support", "<#" + c.ch.ID + ">"} {
				if !strings.Contains(answer.Text(), want) {
					t.Errorf("status lacks %q: %s", want, answer.Text())
				}
			}
		}
	})
}

// configures sets a channel up, or changes what it may.
func (h *house) configures(ch *slacksim.Channel, name string, may ...served.Permission) {
	h.Helper()
	h.must(h.app.Store.Update(h.ctx, func(tx store.Tx) error {
		return tx.SaveChannel(h.ctx, &served.ChannelConfig{
			Account: "111122223333", Workspace: desk.WorkspaceID(h.ws.ID), Channel: desk.ChannelID(ch.ID), Name: name, Permissions: may,
			Notify: served.NotifyEverything(),
		})
	}))
}

// viewText is everything that a form or window holds.
func viewText(f *slacksim.Form) string {
	v, _ := f.Now()
	text, err := json.Marshal(v.Blocks)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
