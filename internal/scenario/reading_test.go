package scenario

import (
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/casework/setup"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// open is the form or window that is open before somebody.
func (h *house) open(u *slacksim.User) *slacksim.Form {
	h.Helper()
	form := h.ws.View(u)
	if form == nil {
		h.Fatalf("nothing is open before %s; privately said: %q", u.Name, h.said(u))
	}
	return form
}

// sends fills in the form that is open before somebody, and sends it.
func (h *house) sends(u *slacksim.User, fields ...[]string) {
	h.Helper()
	problems, err := h.open(u).FillIn(h.ctx, fields...)
	h.must(err)
	if len(problems) > 0 {
		h.Fatalf("the form was refused: %v", problems)
	}
}

// reads checks that a window shows the texts.
func (h *house) reads(u *slacksim.User, want ...string) *slacksim.Form {
	h.Helper()
	w := h.open(u)
	words := w.Words()
	for _, s := range want {
		if !strings.Contains(words, s) {
			h.Errorf("the window lacks %q:\n%s", s, words)
		}
	}
	return w
}

// offers checks which of the buttons with these labels a window has.
func (h *house) offers(u *slacksim.User, want ...string) {
	h.Helper()
	lines := strings.Split(h.open(u).Words(), "\n")
	for _, label := range []string{"Reply to the case", "Resolve case", "Reopen case", "Create a related case"} {
		if got := slices.Contains(lines, label); got != slices.Contains(want, label) {
			h.Errorf("offered %q is %v; the window has\n%s", label, got, strings.Join(lines, "\n"))
		}
	}
}

// A button that shows a case is in every message about it, and the window does
// the same wherever it was opened.
func TestL3_L13_L76_ACaseIsReadFromEveryMessageAboutIt(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		c.post(h.alice, "it stops at step 3")
		c.recorded("it stops at step 3")
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "we know of it"))
		notice := c.says("we know of it")
		h.until("the thread of the case", func() bool { return len(c.thread()) > 0 })
		h.cardShows(c, "See details")
		in := "In <#" + c.ch.ID + ">"
		if c.root != nil {
			in = "|a thread> in <#" + h.ops.ID + ">"
		}
		for where, m := range map[string]*slacksim.Message{"card": c.card(), "notice": notice, "news": h.ops.Message(c.record().Thread)} {
			h.must(m.Press(h.ctx, h.bob, "See details"))
			h.reads(h.bob, "Build is stuck", c.number, "Production impaired", "Acme", "Web application", "English", "Alice Martin",
				"It has been like this since ten.", "Jane from Support* is here", in, "it stops at step 3", "we know of it", "outside the chat")
			h.offers(h.bob, "Reply to the case", "Resolve case")
			if t.Failed() {
				t.Fatalf("opened from the %s", where)
			}
			h.must(h.open(h.bob).Close(h.ctx))
		}

		// From the window it is answered and resolved, which ends the chat.
		h.must(notice.Press(h.ctx, h.bob, "See details"))
		h.must(h.open(h.bob).Press(h.ctx, "Reply to the case"))
		h.sends(h.bob, []string{"Your reply", "from the window"})
		if h.ws.View(h.bob) != nil {
			t.Error("after the reply the window is still open")
		}
		c.says("from the window")
		h.told(h.bob, "Your reply is on case "+c.number)
		h.must(notice.Press(h.ctx, h.bob, "See details"))
		h.must(h.open(h.bob).Press(h.ctx, "Resolve case"))
		h.reads(h.bob, "Case "+c.number+" is resolved.", "Resolved", "from the window")
		h.offers(h.bob, "Reopen case")
		if got := c.record(); got.Open() || got.Chat.State != desk.ChatEnded {
			t.Errorf("status %s, chat %s", got.Status, got.Chat.State)
		}
		c.says("was resolved by Bob Okafor")
	})
}

// From a search, private or shared, and from a case that is shared, in another
// channel with access; reopening brings the chat back to its place.
func TestL45_L50_L73_ACaseIsReadAnsweredAndReopenedFromASearch(t *testing.T) {
	each(t, func(h *house) {
		dev := h.ws.AddChannel("dev", world.Private, h.chloe, h.bot.Bot)
		h.configures(dev, "dev", served.FullPermissions()...)
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.must(h.seeks(dev, h.chloe, c.number).Press(h.ctx, "See details"))
		h.reads(h.chloe, "Build is stuck", "Ended* by Jane from Support", "In <#"+c.ch.ID+">")
		h.must(h.open(h.chloe).Press(h.ctx, "Reply to the case"))
		form := h.open(h.chloe)
		h.must(form.Attach(h.ctx, "Files", slacksim.Upload{Name: "build.log", Data: []byte("step 3 hangs")}))
		h.stays(form, "cc", "“nonsense” is not an e-mail address", []string{"Your reply", "seen here too"}, []string{"Additional contacts", "nonsense"})
		h.sends(h.chloe, []string{"Additional contacts", "Chloe@example.com"})
		wantNotice(t, c.says("seen here too"), "Chloé Dubois", "From a collaborator in #dev", "With build.log", "Live chat: ended")
		if got := c.record().CC; !slices.Equal(got, []string{"chloe@example.com"}) {
			t.Errorf("addresses %v", got)
		}
		h.until("the address in the console", func() bool { return strings.Contains(c.page(), "chloe@example.com") })

		h.must(h.seeks(dev, h.chloe, c.number).Press(h.ctx, "Share to channel"))
		shared := dev.Find(func(m world.Message) bool { return strings.Contains(m.Text, "shared what a search has found") })
		h.must(shared.Press(h.ctx, h.chloe, "See details"))
		c.file(desk.FileReady)
		h.reads(h.chloe, "seen here too")
		h.must(h.open(h.chloe).Press(h.ctx, "Share to channel"))
		h.reads(h.chloe, "The channel has been shown the case.", "File: build.log (12 bytes)")
		h.must(h.open(h.chloe).Press(h.ctx, "Resolve case"))
		c.says("was resolved by Chloé Dubois")
		given := dev.Find(func(m world.Message) bool { return strings.Contains(m.Text, "Chloé Dubois shared case "+c.number) })
		h.must(given.Press(h.ctx, h.chloe, "Reply to the case"))
		h.told(h.chloe, "Reopen it first")
		said := h.ws.Ephemerals(h.chloe)
		h.must(said[len(said)-1].Press(h.ctx, "Reopen case"))
		h.must(h.open(h.chloe).Close(h.ctx))

		h.must(given.Press(h.ctx, h.chloe, "See details"))
		h.offers(h.chloe, "Reopen case")
		h.must(h.open(h.chloe).Press(h.ctx, "Reopen case"))
		form = h.open(h.chloe)
		h.stays(form, "text", "Write something", []string{"Message", " "}, []string{"Contact method", "Live chat in Slack"})
		place := c.record().Place
		h.sends(h.chloe, []string{"Message", "it is back"})
		c.says("was reopened by Chloé Dubois")
		wantNotice(t, c.says("it is back"), "Chloé Dubois", "Live chat: requested")
		if got := c.record(); got.Place != place || got.Chat.State != desk.ChatRequested || got.Status != desk.StatusReopened {
			t.Errorf("status %s, chat %s in %s, want in %s", got.Status, got.Chat.State, got.Place, place)
		}
		h.told(h.chloe, "is open again, with your message")
	})
}

func TestL72_L80_AReplyAsksForAChatWhereThatIsAllowed(t *testing.T) {
	each(t, func(h *house) {
		h.fills(h.alice, "Build is stuck", caseOnly)
		c := h.only()
		h.until("the link in #ops", func() bool { return len(c.thread()) == 1 })
		says := func(command, want string) {
			t.Helper()
			h.says(h.ops, h.alice, command, want)
		}
		says("reply "+c.number, "")
		form := h.open(h.alice)
		h.must(form.Set(h.ctx, "Contact method", "Live chat in Slack"))
		if got, err := form.Options("Where to chat"); err != nil || !slices.Equal(got, []string{"New private channel", "Current channel"}) {
			t.Errorf("places: %v %v", got, err)
		}
		h.changes(setup.ChangeChannel{Key: h.key(acmeID, h.ops), Permissions: []served.Permission{served.MayRead, served.MayReply, served.MayResolve}})
		h.stays(form, "contact", "This channel may not start a live chat.", []string{"Your reply", "let us talk"}, []string{"Where to chat", "Current channel"})
		h.must(form.Close(h.ctx))
		says("reply "+c.number, "")
		if got, err := h.open(h.alice).Options("Contact method"); err != nil || !slices.Equal(got, []string{caseOnly}) {
			t.Errorf("without the permission: %v %v", got, err)
		}
		h.must(h.open(h.alice).Close(h.ctx))
		h.changes(setup.ChangeChannel{Key: h.key(acmeID, h.ops), Permissions: served.FullPermissions()})

		says("reply "+c.number, "")
		h.sends(h.alice, []string{"Your reply", "let us talk"}, []string{"Contact method", "Live chat in Slack"}, []string{"Where to chat", "Current channel"})
		c.hears("let us talk")
		moved := c.now()
		if moved.root == nil || moved.ch.ID != h.ops.ID {
			t.Fatalf("the chat is in %s", c.record().Place)
		}
		h.must(h.jane.Join(h.ctx, c.number))
		h.must(h.jane.End(h.ctx, c.number))
		h.until("ended", func() bool { return c.record().Chat.State == desk.ChatEnded })
		h.quiet()

		// A later one is in the same place, unless another is chosen.
		says("reply "+c.number, "")
		h.must(h.open(h.alice).Set(h.ctx, "Contact method", "Live chat in Slack"))
		if got, err := h.open(h.alice).Options("Where to chat"); err != nil || !slices.Equal(got, []string{"Same place as before", "New private channel"}) {
			t.Errorf("places: %v %v", got, err)
		}
		h.sends(h.alice, []string{"Your reply", "once more, elsewhere"}, []string{"Where to chat", "New private channel"})
		h.until("a channel of its own", func() bool { r := c.record(); return r.PlaceKind == desk.PlaceChannel && r.Place != "" })
		h.until("the next chat is asked for", func() bool { return c.record().Chat.State == desk.ChatRequested })
	})
}

// Who may do less than others sees less in the same window, and in the form of a
// new case; what is open already is judged by what holds when it is sent.
func TestB6_L80_WhatOnlySomeMayIsNotOfferedToOthers(t *testing.T) {
	each(t, func(h *house) {
		leads := h.ws.AddGroup("leads", "Team leads", h.bob)
		h.fills(h.alice, "Build is stuck", caseOnly)
		c := h.only()
		h.until("the link in #ops", func() bool { return len(c.thread()) == 1 })
		narrow := []served.Narrowing{
			{Permission: served.MayReply, People: []desk.PersonID{h.person(h.alice)}},
			{Permission: served.MayResolve, People: []desk.PersonID{h.person(h.alice)}},
			{Permission: served.MayChat, Groups: []served.GroupID{served.GroupID(leads.ID)}},
		}
		h.changes(setup.ChangeChannel{Key: h.key(acmeID, h.ops), Narrow: &narrow})
		link := h.ops.Message(c.record().Thread)
		h.must(link.Press(h.ctx, h.alice, "See details"))
		h.offers(h.alice, "Reply to the case", "Resolve case")
		h.must(link.Press(h.ctx, h.bob, "See details"))
		h.offers(h.bob)

		// A button that was shown before, and is pressed now.
		none := []served.Narrowing{}
		for button, want := range map[string]string{"Resolve case": "only some people may resolve cases", "Reply to the case": "only some people may answer cases"} {
			h.changes(setup.ChangeChannel{Key: h.key(acmeID, h.ops), Narrow: &none})
			h.must(link.Press(h.ctx, h.bob, "See details"))
			h.changes(setup.ChangeChannel{Key: h.key(acmeID, h.ops), Narrow: &narrow})
			h.must(h.open(h.bob).Press(h.ctx, button))
			h.reads(h.bob, want)
			h.offers(h.bob)
		}
		if got := c.record(); !got.Open() {
			t.Error("it is resolved")
		}

		// In the form of a new case, by user group.
		const noChat = "A live chat cannot be started from this channel"
		form := h.creates(h.ops, h.alice)
		h.upTo(form, 2, matter("Printer burns")...)
		if got, err := form.Options("Contact method"); err != nil || !slices.Equal(got, []string{caseOnly}) || !strings.Contains(viewText(form), noChat) {
			t.Errorf("who is not in the group is offered %v, %v", got, err)
		}
		h.must(form.Close(h.ctx))
		form = h.creates(h.ops, h.bob)
		h.upTo(form, 2, matter("Printer smokes")...)
		if got, err := form.Options("Contact method"); err != nil || !slices.Equal(got, []string{"Live chat in Slack", caseOnly}) {
			t.Errorf("who is in the group is offered %v, %v", got, err)
		}
		leads.Change(func(g *world.UserGroup) { g.Members = []string{h.alice.ID} })
		h.until("Bob is out of the group", func() bool {
			in, err := h.app.Store.GroupsOf(h.ctx, desk.WorkspaceID(h.ws.ID), h.person(h.bob))
			h.must(err)
			return len(in) == 0
		})
		_, problems, err := form.Step(h.ctx, []string{"Contact method", "Live chat in Slack"})
		h.must(err)
		if v := viewText(form); len(problems) == 0 && !strings.Contains(v, "only some people may start a live chat") {
			t.Errorf("who left the group got %v: %s", problems, v)
		}
		if got := c.h.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, "Printer smokes") }); got != nil {
			t.Error("a case was created")
		}
	})
}

// Cases that follow one another say so on both sides.
func TestRelatedCasesNameEachOther(t *testing.T) {
	each(t, func(h *house) {
		h.stopApp()
		h.cfg.Cases.ReopenWithin = time.Nanosecond
		h.startApp()
		h.fills(h.alice, "Printer burns", caseOnly)
		first := h.newest("Printer burns")
		h.says(h.ops, h.alice, "resolve "+string(first.Number), "is resolved")
		h.must(h.seeks(h.ops, h.alice, string(first.Number)).Press(h.ctx, "See details"))
		h.offers(h.alice, "Create a related case")
		h.must(h.open(h.alice).Press(h.ctx, "Create a related case"))
		h.sends(h.alice, []string{"Subject", "Printer smokes"}, []string{"Contact method", caseOnly})
		second := h.newest("Printer smokes")
		if second.Related != first.ID || second.Service != first.Service || second.Category != first.Category || second.Severity != first.Severity {
			t.Errorf("it follows %q, about %s, %s", second.Related, second.About(), second.Severity)
		}
		for _, pair := range [][2]desk.CaseNumber{{first.Number, second.Number}, {second.Number, first.Number}} {
			h.must(h.seeks(h.ops, h.alice, string(pair[0])).Press(h.ctx, "See details"))
			h.reads(h.alice, "*Related to*", "case "+string(pair[1]))
			h.must(h.open(h.alice).Close(h.ctx))
			page, err := h.jane.Page(h.ctx, "/cases/"+string(pair[0]))
			h.must(err)
			if !strings.Contains(page, `href="/cases/`+string(pair[1])+`"`) {
				t.Errorf("the page of case %s does not lead to case %s", pair[0], pair[1])
			}
		}
	})
}
