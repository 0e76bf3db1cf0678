package scenario

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework/setup"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

const (
	acmeID = desk.AccountID("111122223333") // the configured one
	boltID = desk.AccountID("444455556666")
)

// operator changes the setup.
var operator = desk.By{Actor: desk.Actor{Side: desk.SideAgent, ID: "op", Name: "Olga"}, Via: desk.ViaConsole}

func (h *house) key(account desk.AccountID, ch *slacksim.Channel) setup.ChannelKey {
	return setup.ChannelKey{Account: account, Workspace: desk.WorkspaceID(h.ws.ID), Channel: desk.ChannelID(ch.ID)}
}

// serves configures a channel for an account, which is there and linked after.
func (h *house) serves(account desk.AccountID, name string, ch *slacksim.Channel, may ...served.Permission) {
	h.Helper()
	w := desk.WorkspaceID(h.ws.ID)
	if _, err := h.app.Store.Account(h.ctx, account); errors.Is(err, desk.ErrNotFound) {
		_, err := h.app.Setup.AddAccount(h.ctx, setup.AddAccount{By: operator, ID: string(account), Alias: name})
		h.must(err)
		h.must(h.app.Setup.LinkWorkspace(h.ctx, setup.Link{By: operator, Account: account, Workspace: w}))
	}
	h.must(h.app.Setup.ConfigureChannel(h.ctx, setup.ConfigureChannel{By: operator, Config: served.ChannelConfig{
		Account: account, Workspace: w, Channel: desk.ChannelID(ch.ID), Permissions: may, Notify: served.NotifyEverything(),
	}}))
}

func (h *house) changes(w setup.ChangeChannel) {
	h.Helper()
	w.By = operator
	_, err := h.app.Setup.ChangeChannel(h.ctx, w)
	h.must(err)
}

func (h *house) refused(err, kind error, words string) {
	h.Helper()
	r, ok := errors.AsType[*desk.Refusal](err)
	if !ok || !errors.Is(err, kind) || !strings.Contains(r.Message, words) {
		h.Errorf("got %v, want a refusal (%v) with %q", err, kind, words)
	}
}

// says runs a command and checks its private answer.
func (h *house) says(ch *slacksim.Channel, u *slacksim.User, command, want string) {
	h.Helper()
	answer, err := ch.Command(h.ctx, u, "/support "+command)
	h.must(err)
	if said := answer.Text() + h.window(u); !strings.Contains(said, want) {
		h.Errorf("%s: said %q, want %q", command, said, want)
	}
}

// person is the id of somebody.
func (h *house) person(u *slacksim.User) desk.PersonID { return desk.PersonID(h.ws.ID + "/" + u.ID) }

func TestB6_L77_PermissionsAreForSomePeopleAndGroupsAtOnce(t *testing.T) {
	each(t, func(h *house) {
		leads := h.ws.AddGroup("leads", "Team leads", h.bob)
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.cardShows(c, "Invite an agent")
		narrow := []served.Narrowing{
			{Permission: served.MayChat, People: []desk.PersonID{h.person(h.alice)}},
			{Permission: served.MayResolve, Groups: []served.GroupID{served.GroupID(leads.ID)}},
		}
		h.changes(setup.ChangeChannel{Key: h.key(acmeID, h.ops), Narrow: &narrow})

		const noChat = "In this channel only some people may start a live chat, and you are not one of them. Ask the person who set up support here for the “chat” permission."
		h.must(c.card().Press(h.ctx, h.bob, "Invite an agent"))
		h.told(h.bob, noChat)
		h.says(h.ops, h.bob, "invite "+c.number, noChat)
		h.must(c.card().Press(h.ctx, h.alice, "Resolve case"))
		h.told(h.alice, "In this channel only some people may resolve cases")
		h.says(c.ch, h.alice, "help", "`/support invite`")
		if answer, err := c.ch.Command(h.ctx, h.bob, "/support help"); err != nil || strings.Contains(answer.Text(), "invite") || !strings.Contains(answer.Text(), "`/support resolve`") {
			t.Errorf("Bob's help: %v %q", err, answer.Text())
		}
		h.must(c.card().Press(h.ctx, h.alice, "Invite an agent"))
		h.cardShows(c, "Waiting for an agent")

		leads.Change(func(g *world.UserGroup) { g.Members = []string{h.alice.ID} })
		h.until("Alice is in the group", func() bool {
			in, err := h.app.Store.GroupsOf(h.ctx, desk.WorkspaceID(h.ws.ID), h.person(h.alice))
			h.must(err)
			return len(in) == 1
		})
		h.says(h.ops, h.bob, "resolve "+c.number, "In this channel only some people may resolve cases")
		h.must(c.card().Press(h.ctx, h.alice, "Resolve case"))
		c.says("was resolved by Alice Martin")
	})
}

// Where the plan has no user groups, nobody is in one; who is named still may.
func TestB6_WithoutUserGroupsNobodyIsInOne(t *testing.T) {
	each(t, func(h *house) {
		leads := h.ws.AddGroup("leads", "Team leads", h.bob)
		h.ws.Configure(func(w *world.Workspace) { w.FreePlan = true })
		narrow := []served.Narrowing{{Permission: served.MayCreate, People: []desk.PersonID{h.person(h.alice)}, Groups: []served.GroupID{served.GroupID(leads.ID)}}}
		h.changes(setup.ChangeChannel{Key: h.key(acmeID, h.ops), Narrow: &narrow})
		h.says(h.ops, h.bob, "create", "In this channel only some people may open cases")
		h.must(h.creates(h.ops, h.alice).Close(h.ctx))
	})
}

func TestL77_AChatAskedForElsewhereHasThePermissionsOfThatChannel(t *testing.T) {
	each(t, func(h *house) {
		second := h.ws.AddChannel("second", world.Private, h.alice, h.bob)
		second.Invite(h.alice, h.bot.Bot)
		h.serves(acmeID, "", second, served.FullPermissions()...)
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.cardShows(c, "Invite an agent")
		h.changes(setup.ChangeChannel{Key: h.key(acmeID, h.ops), Permissions: served.ReadOnly()})
		h.must(c.card().Press(h.ctx, h.alice, "Invite an agent"))
		h.told(h.alice, "This channel may not start a live chat.")
		h.says(second, h.alice, "invite "+c.number, "Support was asked to join")
		h.cardShows(c, "Waiting for an agent")
		h.must(c.card().Press(h.ctx, h.alice, "End chat"))
		h.cardShows(c, "Invite an agent")
		h.must(c.card().Press(h.ctx, h.alice, "Invite an agent")) // as #second may
		h.cardShows(c, "Waiting for an agent")
		h.changes(setup.ChangeChannel{Key: h.key(acmeID, second), Permissions: served.ReadOnly()})
		h.must(c.card().Press(h.ctx, h.alice, "Resolve case"))
		h.told(h.alice, "This channel may not resolve cases.")
	})
}

// boltCase opens a case of Bolt in #ops, which serves Acme too.
func (h *house) boltCase() *chat {
	h.Helper()
	form := h.creates(h.ops, h.alice)
	options, err := form.Options("Account")
	h.must(err)
	if diff := cmp.Diff([]string{"Acme (111122223333)", "Bolt Works (444455556666)"}, options); diff != "" {
		h.Errorf("accounts (-want +got):\n%s", diff)
	}
	_, problems, err := form.Step(h.ctx, matter("Belt is stuck")...)
	h.must(err)
	if len(problems) == 0 {
		h.Fatal("a form without an account was taken")
	}
	problems, err = form.FillIn(h.ctx, append(matter("Belt is stuck"), []string{"Account", "Bolt Works (444455556666)"}, []string{"Contact method", caseOnly})...)
	h.must(err)
	if len(problems) > 0 {
		h.Fatalf("the form was refused: %v", problems)
	}
	h.until("the case", func() bool {
		return h.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, "Belt is stuck") }) != nil
	})
	return h.only()
}

// caseOnly is how to be in contact without a chat.
const caseOnly = "Slack notifications"

// upTo fills in steps of the form of a new case and sends them.
func (h *house) upTo(form *slacksim.Form, steps int, fields ...[]string) {
	h.Helper()
	for range steps {
		left, problems, err := form.Step(h.ctx, fields...)
		h.must(err)
		if len(problems) > 0 {
			h.Fatalf("the form was refused: %v", problems)
		}
		fields = left
	}
}

func TestSeveralAccountsShareAChannel(t *testing.T) {
	each(t, func(h *house) {
		second := h.ws.AddChannel("second", world.Private, h.alice)
		second.Invite(h.alice, h.bot.Bot)
		h.serves(acmeID, "", second, served.FullPermissions()...)
		h.serves(boltID, "Bolt Works", h.ops, served.MayRead, served.MayCreate, served.MayReply)
		c := h.boltCase()
		if got := c.record(); got.Account != boltID || !strings.HasPrefix(string(got.ID), "case-444455556666-") {
			t.Errorf("the case is of %s: %s", got.Account, got.ID)
		}
		h.says(h.ops, h.bob, "status "+c.number, "Belt is stuck")
		h.says(second, h.alice, "status "+c.number, "There is no case "+c.number+" that can be seen from this channel.")
		h.says(h.ops, h.alice, "resolve "+c.number, "This channel may not resolve cases.") // though it may Acme's
		if c.record().Status == desk.StatusResolved {
			t.Error("it is resolved")
		}
		h.says(h.ops, h.alice, "invite "+c.number, "This channel may not start a live chat.")
		h.replies(h.ops, h.bob, c.number, "still stuck")

		link := h.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, "Belt is stuck") })
		h.must(h.app.Setup.RemoveChannel(h.ctx, setup.RemoveChannel{By: operator, Key: h.key(boltID, h.ops)}))
		h.must(link.Press(h.ctx, h.alice, "See details"))
		h.told(h.alice, "Case "+c.number+" can no longer be reached from this channel.")
		h.says(h.ops, h.bob, "status "+c.number, "There is no case "+c.number)
	})
}

func TestL80_WhatAnAccountMayNotIsSaidBesideTheChoice(t *testing.T) {
	each(t, func(h *house) {
		h.serves(boltID, "Bolt Works", h.ops, served.MayRead, served.MayCreate)
		form := h.creates(h.ops, h.alice)
		h.upTo(form, 2, append(matter("Belt is stuck"), []string{"Account", "Bolt Works (444455556666)"})...)
		_, problems, err := form.Step(h.ctx, []string{"Contact method", "Live chat in Slack"})
		h.must(err)
		if got := problems["contact"]; !strings.Contains(got, "This channel may not start a live chat.") {
			t.Errorf("got %v", problems)
		}
		h.must(form.Close(h.ctx))
		form = h.creates(h.ops, h.alice)
		problems, err = form.FillIn(h.ctx, append(matter("Belt is stuck"), []string{"Account", "Acme (111122223333)"}, []string{"Contact method", "Live chat in Slack"})...)
		h.must(err)
		if len(problems) > 0 {
			t.Fatalf("refused: %v", problems)
		}
		h.until("the case", func() bool {
			cases, err := h.app.Store.Waiting(h.ctx, 2)
			h.must(err)
			return len(cases) == 1 && cases[0].Account == acmeID
		})
	})
}

// A form that was open while the setup changed is judged by what holds when it
// is submitted, and its author reads why.
func TestAFormThatWasOpenWhileTheSetupChanged(t *testing.T) {
	each(t, func(h *house) {
		form := h.creates(h.ops, h.alice)
		h.serves(boltID, "Bolt Works", h.ops, served.FullPermissions()...)
		_, _, err := form.Step(h.ctx, matter("Belt is stuck")...)
		h.must(err)
		if got := viewText(form); !strings.Contains(got, "has come to serve several accounts") {
			t.Errorf("with a second account: %s", got)
		}
		h.must(form.Close(h.ctx))
		h.must(h.app.Setup.RemoveChannel(h.ctx, setup.RemoveChannel{By: operator, Key: h.key(boltID, h.ops)}))
		form = h.creates(h.ops, h.alice)
		h.upTo(form, 3, append(matter("Belt is stuck"), []string{"Contact method", caseOnly})...)
		h.changes(setup.ChangeChannel{Key: h.key(acmeID, h.ops), Permissions: served.ReadOnly()})
		_, err = form.Submit(h.ctx)
		h.must(err)
		if got := viewText(form); !strings.Contains(got, "This channel may not open cases.") {
			t.Errorf("without the permission: %s", got)
		}
		cases, err := h.app.Store.Waiting(h.ctx, 1)
		h.must(err)
		if len(cases) > 0 {
			t.Error("a case was opened")
		}
	})
}

func TestL81_ALiveChatKeepsItsSetup(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		remove := func() error {
			return h.app.Setup.RemoveChannel(h.ctx, setup.RemoveChannel{By: operator, Key: h.key(acmeID, h.ops)})
		}
		unlink := func() error {
			return h.app.Setup.UnlinkWorkspace(h.ctx, setup.Link{By: operator, Account: acmeID, Workspace: desk.WorkspaceID(h.ws.ID)})
		}
		h.refused(remove(), desk.ErrConflict, "on case "+c.number+". End the chat first.")
		c.joins()
		h.refused(remove(), desk.ErrConflict, "on case "+c.number+". End the chat first.")
		h.refused(unlink(), desk.ErrConflict, "live chat in this workspace, on case "+c.number)
		h.must(h.jane.End(h.ctx, c.number))
		h.cardShows(c, "Invite an agent")
		h.refused(unlink(), desk.ErrConflict, "Remove them first.")
		h.must(remove())
		h.must(unlink())
		h.must(c.card().Press(h.ctx, h.alice, "Invite an agent"))
		want := "Support is not set up in this channel."
		if c.root != nil {
			want = "can no longer be reached from this channel."
		}
		h.told(h.alice, want)
		h.says(h.ops, h.alice, "create", "Support is not set up in this channel.")

		// The configuration file names both; they were taken away and stay so.
		h.stopApp()
		h.startApp()
		h.says(h.ops, h.alice, "create", "Support is not set up in this channel.")
	})
}

func TestWhoBringsTheAppIsToldWhatToDo(t *testing.T) {
	each(t, func(h *house) {
		h.elsewhere.Invite(h.bob, h.bot.Bot)
		h.told(h.bob, "Support is not set up in this channel yet.")
		if got := strings.Join(h.said(h.bob), "\n"); !strings.Contains(got, "caseline channel add --channel "+h.elsewhere.ID) || strings.Contains(got, "\n") {
			t.Errorf("said %q", got)
		}
		second := h.ws.AddChannel("second", world.Private, h.alice)
		h.serves(acmeID, "", second, served.ReadOnly()...)
		second.Invite(h.alice, h.bot.Bot)
		c := h.asks(h.alice, "Build is stuck", h.bob) // a channel that we make and are in
		c.ch.Kick(h.alice, h.bot.Bot)
		h.until("the chat is lost", func() bool { return !c.record().Chat.Live() })
		c.ch.Invite(h.alice, h.bot.Bot)
		h.quiet()
		for _, said := range append(h.said(h.alice), h.said(h.chloe)...) {
			if strings.Contains(said, "not set up") {
				t.Errorf("said %q", said)
			}
		}
		if lines := h.said(h.bob); len(lines) != 1 {
			t.Errorf("Bob was told %q", lines)
		}
	})
}
