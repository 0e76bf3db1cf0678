package scenario

import (
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// sees waits until somebody's home says something, or does not any more.
func (h *house) sees(home *slacksim.Home, has bool, texts ...string) {
	h.Helper()
	for _, text := range texts {
		h.until("the home to say "+text, func() bool { return strings.Contains(home.Words(), text) == has })
	}
}

// The home shows what is open, and from it a case is read, answered, resolved
// and created.
func TestTheHomeDoesWhatChannelsDo(t *testing.T) {
	each(t, func(h *house) {
		home := h.ws.OpenHome(h.alice, h.bot)
		h.sees(home, true, "You have no open cases.")
		h.must(home.Press(h.ctx, "Create a support case"))
		h.sends(h.alice, append(matter("Printer burns"), []string{"Contact method", caseOnly})...)
		c := h.only()
		h.sees(home, true, "Printer burns", c.number)
		h.must(home.Press(h.ctx, "See details"))
		h.reads(h.alice, "Printer burns", "It has been like this since ten.")
		h.must(h.open(h.alice).CloseAll(h.ctx))
		h.must(home.Press(h.ctx, "Reply"))
		h.sends(h.alice, []string{"Your reply", "it is out now"})
		c.hears("it is out now")
		h.must(home.Press(h.ctx, "Resolve case"))
		h.sees(home, false, "Printer burns")
		if got := c.record(); got.Open() {
			t.Error("the case is open")
		}
	})
}

// By a shortcut a case is created from anywhere, where it asks for the channel
// when there are several; from a message; and a message is put on a case, once.
func TestShortcutsOpenCasesAndAddToThem(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.ws.Shortcut(h.ctx, h.alice, h.bot, "case_create"))
		h.sends(h.alice, append(matter("Printer burns"), []string{"Contact method", caseOnly})...)
		first := h.only()

		m := h.ops.Upload(h.bob, "build.log", []byte("step 3 hangs"), "the *build* is stuck")
		h.must(m.Shortcut(h.ctx, h.alice, h.bot, "case_from_message"))
		if v, err := h.open(h.alice).Value("Description"); err != nil || !strings.HasPrefix(v["value"].(string), "the build is stuck") {
			t.Errorf("the description begins as %v, %v", v, err)
		}
		h.sends(h.alice, []string{"Subject", "Build is stuck"}, []string{"Service", "Web application"}, []string{"Category", "Error or failure"}, []string{"Contact method", caseOnly})
		if c := h.newest("Build is stuck"); !strings.HasPrefix(c.Description, "the **build** is stuck") {
			t.Errorf("the description is %q", c.Description)
		}

		for i := range 2 {
			h.must(m.Shortcut(h.ctx, h.alice, h.bot, "message_to_case"))
			form := h.open(h.alice)
			offered, err := form.Search(h.ctx, "Case", first.number[:6])
			h.must(err)
			if len(offered) != 1 {
				t.Fatalf("offered are %q", offered)
			}
			h.must(form.Set(h.ctx, "Case", offered[0]))
			said, err := form.Submit(h.ctx)
			h.must(err)
			if len(said) > 0 && i == 0 || i == 1 && !strings.Contains(said["case"]+h.window(h.alice), "already") {
				t.Errorf("time %d: said %v, %q", i+1, said, h.window(h.alice))
			}
			if h.ws.View(h.alice) != nil {
				h.must(h.open(h.alice).CloseAll(h.ctx))
			}
		}
		h.until("the message is on the case", func() bool { return strings.Contains(first.page(), "the <strong>build</strong> is stuck") })
		h.quiet()
		n := 0
		for _, e := range first.log() {
			if e.Kind == desk.KindMessage && strings.Contains(e.Text, "the **build** is stuck") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the message is on the case %d times", n)
		}
	})
}

// TestAShortcutAsksInWhichChannel has somebody who is in two channels say where
// the case belongs: what the next form offers is of there, and so is the case.
func TestAShortcutAsksInWhichChannel(t *testing.T) {
	each(t, func(h *house) {
		dev := h.ws.AddChannel("dev", world.Private, h.alice)
		dev.Invite(h.alice, h.bot.Bot)
		h.configures(dev, "dev", served.MayRead, served.MayCreate)
		h.must(h.ws.Shortcut(h.ctx, h.alice, h.bot, "case_create"))
		form := h.open(h.alice)
		if wrong, err := form.Submit(h.ctx); err != nil || len(wrong) != 1 {
			t.Errorf("without a channel it said %v, %v", wrong, err)
		}
		h.must(form.Set(h.ctx, "Channel", "#dev"))
		wrong, err := form.Submit(h.ctx)
		h.must(err)
		if len(wrong) > 0 {
			t.Fatalf("a channel that is offered: %v", wrong)
		}
		h.sends(h.alice, matter("Printer burns")...)
		if c := h.newest("Printer burns"); c.Asked != desk.Place(h.ws.ID+"/"+dev.ID) {
			t.Errorf("the case was asked for at %s, want #dev", c.Asked)
		}
	})
}
