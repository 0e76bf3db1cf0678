package scenario

import (
	"fmt"
	"strings"
	"testing"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slacksim"
	"caseline/internal/store"
)

// files opens a case without a chat, as if by a form in #ops.
func (h *house) files(u *slacksim.User, subject, description string) desk.Case {
	h.Helper()
	w := desk.WorkspaceID(h.ws.ID)
	c, err := h.app.Cases.Open(h.ctx, casework.Open{
		Account: "111122223333", Workspace: w, Asked: ident.Channel(w, desk.ChannelID(h.ops.ID)), Requester: ident.Person(w, u.ID),
		Subject: subject, Description: description, Severity: desk.SeverityNormal, Origin: desk.Origin("test:" + subject),
	})
	h.must(err)
	return c
}

// seeks runs /support search and returns the private message with what was
// found.
func (h *house) seeks(ch *slacksim.Channel, u *slacksim.User, typed string) *slacksim.Ephemeral {
	h.Helper()
	answer, err := ch.Command(h.ctx, u, strings.TrimSpace("/support search "+typed))
	h.must(err)
	if answer.Form != nil {
		h.Fatalf("/support search %s opened a form", typed)
	}
	return h.lastSaid(u)
}

func (h *house) lastSaid(u *slacksim.User) *slacksim.Ephemeral {
	h.Helper()
	all := h.ws.Ephemerals(u)
	if len(all) == 0 {
		h.Fatalf("nothing was said to %s privately", u.Name)
	}
	return all[len(all)-1]
}

// shows checks what the results before somebody have, and have not, in them.
func (h *house) shows(u *slacksim.User, want []string, not ...string) {
	h.Helper()
	text := fmt.Sprint(h.lastSaid(u).Text, h.lastSaid(u).Blocks)
	for _, s := range want {
		if !strings.Contains(text, s) {
			h.Errorf("the results lack %q:\n%s", s, text)
		}
	}
	for _, s := range not {
		if strings.Contains(text, s) {
			h.Errorf("the results have %q:\n%s", s, text)
		}
	}
}

func TestB11_CasesAreFoundByTheirWordsFromSlack(t *testing.T) {
	each(t, func(h *house) {
		for n := 1; n <= 7; n++ {
			h.files(h.bob, fmt.Sprintf("Printer %d jams", n), "It jams again.")
		}
		c := h.asks(h.alice, "Gateway timeout").joins()
		said := c.post(h.alice, "the Überweisung fails")
		c.recorded("the Überweisung fails")

		// A page of five, on and back, edited and shared; each time the one
		// private message is replaced.
		h.seeks(h.ops, h.alice, "printer")
		h.shows(h.alice, []string{"Printer 7", "Printer 3", "Next 5 results", "See details"}, "Printer 2", "Previous 5 results", "Gateway")
		before := len(h.ws.Ephemerals(h.alice))
		h.must(h.lastSaid(h.alice).Press(h.ctx, "Next 5 results"))
		h.shows(h.alice, []string{"Printer 2", "Printer 1", "Previous 5 results"}, "Printer 3", "Next 5 results")
		h.must(h.lastSaid(h.alice).Press(h.ctx, "Previous 5 results"))
		h.shows(h.alice, []string{"Printer 7", "Next 5 results"}, "Printer 2")
		if after := len(h.ws.Ephemerals(h.alice)); after != before {
			t.Errorf("%d private messages instead of %d: a page was not replaced", after, before)
		}
		h.must(h.lastSaid(h.alice).Press(h.ctx, "Share to channel"))
		h.until("the results are shared", func() bool {
			for _, m := range h.ops.All() {
				if strings.Contains(m.Text, "shared what a search has found") && strings.Contains(m.Text, "Printer 7") {
					return true
				}
			}
			return false
		})
		h.must(h.lastSaid(h.alice).Press(h.ctx, "See details"))
		if form := h.ws.View(h.alice); form == nil || !strings.Contains(form.Title(), "Case") {
			t.Errorf("no details are open before Alice")
		} else {
			h.must(form.CloseAll(h.ctx))
		}

		// Words of the chat, as their last edit has them.
		h.seeks(h.ops, h.bob, "uberweisung")
		h.shows(h.bob, []string{"Gateway timeout", c.number, "*Überweisung*"})
		said.Edit(h.alice, "the transfer fails")
		h.until("the edit is recorded", func() bool {
			h.seeks(h.ops, h.bob, "uberweisung")
			return strings.Contains(fmt.Sprint(h.lastSaid(h.bob).Text), "Nothing was found")
		})
		h.seeks(c.ch, h.alice, `"the transfer"`) // also in the chat's channel
		h.shows(h.alice, []string{c.number})
		h.seeks(h.ops, h.alice, c.number)
		h.shows(h.alice, []string{"Gateway timeout"}, "Printer")

		// What is another account's stays there.
		other, err := h.app.Cases.Open(h.ctx, casework.Open{
			Account: "999900001111", Workspace: desk.WorkspaceID(h.ws.ID), Asked: "T0/C0", Requester: "T0/U0",
			Subject: "Printer of others", Description: "It jams.", Severity: desk.SeverityLow, Origin: "test:other",
		})
		h.must(err)
		for _, typed := range []string{"printer", "others", string(other.Number)} {
			h.seeks(h.ops, h.alice, typed)
			h.shows(h.alice, nil, "Printer of others")
		}

		// Agents' notes are theirs.
		h.must(h.jane.Note(h.ctx, c.number, "n1", "the customer is confidential"))
		h.seeks(h.ops, h.alice, "confidential")
		h.shows(h.alice, []string{"Nothing was found"}, c.number)

		h.seeks(h.elsewhere, h.chloe, "printer")
		h.shows(h.chloe, []string{"not set up in this channel"}, "Printer")
	})
}

func TestB11_TheSearchFormFilters(t *testing.T) {
	each(t, func(h *house) {
		first := h.files(h.bob, "Printer one", "It jams.")
		h.files(h.alice, "Printer two", "It jams.")
		_, _, err := h.app.Cases.Resolve(h.ctx, casework.Resolve{
			Target: casework.Target{Case: first.ID}, By: desk.ByCustomer(first.Requester), Origin: "test:resolve",
		})
		h.must(err)
		open := func() *slacksim.Form {
			answer, err := h.ops.Command(h.ctx, h.alice, "/support search-case")
			h.must(err)
			if answer.Form == nil {
				h.Fatalf("no form was opened; it said %q", answer.Text())
			}
			return answer.Form
		}
		submit := func(form *slacksim.Form) map[string]string {
			problems, err := form.Submit(h.ctx)
			h.must(err)
			return problems
		}
		form := open()
		h.must(form.Set(h.ctx, "Case number", "123"))
		if problems := submit(form); !strings.Contains(problems["number"], "ten digits") {
			t.Errorf("a short number: got %v", problems)
		}
		h.must(form.Set(h.ctx, "Case number", ""))
		h.must(form.Set(h.ctx, "Words", "-printer"))
		if problems := submit(form); !strings.Contains(problems["words"], "at least one word") {
			t.Errorf("nothing to look for: got %v", problems)
		}
		h.must(form.Set(h.ctx, "Words", "jams"))
		h.must(form.Set(h.ctx, "Opened from", "2026-02-02"))
		h.must(form.Set(h.ctx, "Opened until", "2026-02-01"))
		if problems := submit(form); !strings.Contains(problems["to"], "before the first") {
			t.Errorf("days the wrong way round: got %v", problems)
		}
		h.must(form.Set(h.ctx, "Opened until", "2099-01-01"))
		h.must(form.Set(h.ctx, "Case status", "All open cases"))
		if problems := submit(form); len(problems) > 0 {
			t.Fatalf("the search was refused: %v", problems)
		}
		h.shows(h.alice, []string{"Printer two", "that are open"}, "Printer one")

		h.must(h.lastSaid(h.alice).Press(h.ctx, "Edit search"))
		form = h.ws.View(h.alice)
		h.must(form.Set(h.ctx, "Case status", "Resolved"))
		h.must(form.Set(h.ctx, "Opened by", "bob"))
		before := len(h.ws.Ephemerals(h.alice))
		if problems := submit(form); len(problems) > 0 {
			t.Fatalf("the edited search was refused: %v", problems)
		}
		h.shows(h.alice, []string{"Printer one"}, "Printer two")
		if after := len(h.ws.Ephemerals(h.alice)); after != before {
			t.Errorf("%d private messages instead of %d: the results were not replaced", after, before)
		}

		// What the channel may is asked at each press, and at each form.
		results, again := h.lastSaid(h.alice), open()
		h.must(h.app.Store.Update(h.ctx, func(tx store.Tx) error {
			w := desk.WorkspaceID(h.ws.ID)
			config, err := tx.Channel(h.ctx, first.Account, w, desk.ChannelID(h.ops.ID))
			if err != nil {
				return err
			}
			config.Permissions = []served.Permission{served.MayCreate}
			return tx.SaveChannel(h.ctx, &config)
		}))
		h.must(results.Press(h.ctx, "Share to channel"))
		h.shows(h.alice, []string{"may not see cases"})
		if problems := submit(again); !strings.Contains(fmt.Sprint(problems), "may not see cases") {
			t.Errorf("a form without the permission: got %v", problems)
		}
	})
}
