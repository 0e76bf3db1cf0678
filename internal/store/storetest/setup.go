package storetest

import (
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

func setupChecks() []check {
	return []check{
		{"accounts and workspaces are kept", setupKept},
		{"two accounts cannot have one alias", aliasUnique},
		{"accounts are linked to workspaces", linksKept},
		{"channels are configured by account", channelsKept},
		{"live chats are found by where they were asked for", liveFound},
		{"user groups know who is in them", groupsKept},
		{"changes of channels' ids are kept", channelChangesKept},
		{"who did what is found by each of its sides", auditFound},
	}
}

func setupKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	account := served.Account{ID: "123456789012", Name: "Acme", Deletions: desk.EraseDeleted, Unasked: true}
	workspace := served.Workspace{ID: "T1", Name: "Acme", URL: "https://acme.slack.com/", AppID: "A1", BotID: "B1", BotUID: "U0", State: served.WorkspaceDisconnected, Reason: "token_revoked"}
	for range 2 {
		update(t, s, func(tx store.Tx) error {
			if err := tx.SaveAccount(ctx, &account); err != nil {
				return err
			}
			if err := tx.SaveWorkspace(ctx, &workspace); err != nil {
				return err
			}
			got, err := tx.Account(ctx, account.ID)
			same(t, "in the update", got, account)
			return err
		})
		account.Name, workspace.BotID = "Acme Inc", "B2"
	}
	other := served.Account{ID: "000000000001"}
	update(t, s, func(tx store.Tx) error { return tx.SaveAccount(ctx, &other) })
	same(t, "account", must(s.Account(ctx, account.ID))(t), account)
	same(t, "accounts", must(s.Accounts(ctx))(t), []served.Account{other, account})
	same(t, "workspace", must(s.Workspace(ctx, "T1"))(t), workspace)
	same(t, "workspaces", must(s.Workspaces(ctx))(t), []served.Workspace{workspace})
	_, err := s.Account(ctx, "none")
	wantKind(t, "another account", err, desk.ErrNotFound)
	_, err = s.Workspace(ctx, "none")
	wantKind(t, "another workspace", err, desk.ErrNotFound)
}

func aliasUnique(t *testing.T, s store.Store) {
	ctx := t.Context()
	save := func(id desk.AccountID, name string) error {
		return s.Update(ctx, func(tx store.Tx) error { return tx.SaveAccount(ctx, &served.Account{ID: id, Name: name}) })
	}
	for _, id := range []desk.AccountID{"1", "2"} { // any number may have none
		if err := save(id, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := save("3", "Acme"); err != nil {
		t.Fatal(err)
	}
	wantKind(t, "an alias that is taken", save("4", "Acme"), desk.ErrConflict)
}

func linksKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	acme, bolt := served.Account{ID: "1", Name: "Acme"}, served.Account{ID: "2", Name: "Bolt"}
	one, two := served.Workspace{ID: "T1", Name: "One"}, served.Workspace{ID: "T2", Name: "Two"}
	update(t, s, func(tx store.Tx) error {
		for _, a := range []*served.Account{&acme, &bolt} {
			if err := tx.SaveAccount(ctx, a); err != nil {
				return err
			}
		}
		for _, w := range []*served.Workspace{&one, &two} {
			if err := tx.SaveWorkspace(ctx, w); err != nil {
				return err
			}
			for range 2 { // again changes nothing
				if err := tx.LinkWorkspace(ctx, acme.ID, w.ID); err != nil {
					return err
				}
			}
		}
		return tx.LinkWorkspace(ctx, bolt.ID, one.ID)
	})
	same(t, "of one", must(s.WorkspacesOf(ctx, acme.ID))(t), []served.Workspace{one, two})
	same(t, "in one", must(s.AccountsIn(ctx, one.ID))(t), []served.Account{acme, bolt})
	update(t, s, func(tx store.Tx) error { return tx.UnlinkWorkspace(ctx, acme.ID, one.ID) })
	same(t, "of one, later", must(s.WorkspacesOf(ctx, acme.ID))(t), []served.Workspace{two})
	same(t, "in one, later", must(s.AccountsIn(ctx, one.ID))(t), []served.Account{bolt})
}

func channelsKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	narrow := []served.Narrowing{
		{Permission: served.MayChat, People: []desk.PersonID{"T1/U1", "T1/U2"}},
		{Permission: served.MayChat, Groups: []served.GroupID{"S1"}},
	}
	acme := served.ChannelConfig{
		Account: "1", Workspace: "T1", Channel: "C1", Name: "help", Permissions: served.FullPermissions(),
		Notify: served.Notify{Severities: served.NotifyHigh, Answered: true}, Narrow: narrow,
	}
	bolt := served.ChannelConfig{Account: "2", Workspace: "T1", Channel: "C1", Permissions: served.ReadOnly(), Notify: served.Notify{Severities: served.NotifyNone}}
	other := served.ChannelConfig{Account: "1", Workspace: "T2", Channel: "C1", Notify: served.NotifyEverything()}
	for range 2 {
		update(t, s, func(tx store.Tx) error {
			for _, c := range []*served.ChannelConfig{&bolt, &acme, &other} {
				if err := tx.SaveChannel(ctx, c); err != nil {
					return err
				}
			}
			got, err := tx.Channel(ctx, "1", "T1", "C1")
			same(t, "in the update", got, acme)
			return err
		})
		acme.Name, acme.Permissions, acme.Narrow, acme.Notify.Opened = "ops", nil, narrow[:1], true
	}
	acme.Name, acme.Permissions, acme.Narrow, acme.Notify.Opened = "ops", nil, narrow[:1], true
	same(t, "channel", must(s.Channel(ctx, "1", "T1", "C1"))(t), acme)
	same(t, "by place", must(s.ChannelsAt(ctx, "T1", "C1"))(t), []served.ChannelConfig{acme, bolt})
	same(t, "by account", must(s.ChannelsOf(ctx, "1"))(t), []served.ChannelConfig{acme, other})
	same(t, "everywhere", must(s.ChannelEverywhere(ctx, "C1"))(t), []served.ChannelConfig{acme, bolt, other})
	same(t, "nowhere", must(s.ChannelsAt(ctx, "T1", "C2"))(t), []served.ChannelConfig(nil))
	_, err := s.Channel(ctx, "2", "T2", "C1")
	wantKind(t, "another account's", err, desk.ErrNotFound)
	update(t, s, func(tx store.Tx) error { return tx.DeleteChannel(ctx, "1", "T1", "C1") })
	same(t, "after one was taken away", must(s.ChannelsAt(ctx, "T1", "C1"))(t), []served.ChannelConfig{bolt})
	same(t, "elsewhere", must(s.ChannelsOf(ctx, "1"))(t), []served.ChannelConfig{other})
}

// liveFound has chats asked for in T1/C1, in T1/C9 for a case of T1/C1, and one
// that is over.
func liveFound(t *testing.T, s store.Store) {
	ctx := t.Context()
	var ids []desk.CaseID
	for n, from := range []desk.Place{"", "T1/C9", ""} {
		c := AddCase(t, s, n)
		ids = append(ids, c.ID)
		update(t, s, func(tx store.Tx) error {
			c, err := tx.LockCase(ctx, c.ID)
			if err != nil {
				return err
			}
			if _, _, err := c.Request(desk.ChatID("chat:"+c.ID), c.Requester, "request", Start()); err != nil {
				return err
			}
			c.Chat.From = from
			if n == 2 {
				c.End(Jane(), desk.EndedByAgent, "end", Start())
			}
			return tx.SaveCase(ctx, &c)
		})
	}
	live := func(account desk.AccountID, place desk.Place) []desk.CaseID {
		return must(s.LiveAskedIn(ctx, account, place))(t)
	}
	const account = "123456789012"
	same(t, "where the cases were opened", live(account, "T1/C1"), ids[:2])
	same(t, "where one was asked for", live(account, "T1/C9"), ids[1:2])
	same(t, "where one takes place", live(account, PlaceOf(0)), ids[:1])
	same(t, "where one did", live(account, PlaceOf(2)), []desk.CaseID(nil))
	same(t, "in a channel with a longer name", live(account, "T1/C"), []desk.CaseID(nil))
	same(t, "of another account", live("2", "T1/C1"), []desk.CaseID(nil))
	same(t, "in the workspace", must(s.LiveOf(ctx, account, "T1"))(t), ids[:2])
	same(t, "in another", must(s.LiveOf(ctx, account, "T2"))(t), []desk.CaseID(nil))
	c := must(s.Case(ctx, ids[1]))(t)
	same(t, "where it was asked for, read back", c.AskedIn(), desk.Place("T1/C9"))
}

func groupsKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	ops := served.Group{Workspace: "T1", ID: "S1", Handle: "ops", Name: "Operations", Members: []desk.PersonID{"T1/U1", "T1/U2"}}
	leads := served.Group{Workspace: "T1", ID: "S2", Handle: "leads", Name: "Leads", Members: []desk.PersonID{"T1/U2"}}
	other := served.Group{Workspace: "T2", ID: "S1", Handle: "ops", Members: []desk.PersonID{"T2/U1"}}
	for range 2 {
		update(t, s, func(tx store.Tx) error {
			for _, g := range []*served.Group{&ops, &leads, &other} {
				if err := tx.SaveGroup(ctx, g); err != nil {
					return err
				}
			}
			return nil
		})
	}
	same(t, "groups", must(s.Groups(ctx, "T1"))(t), []served.Group{leads, ops})
	same(t, "of somebody in both", must(s.GroupsOf(ctx, "T1", "T1/U2"))(t), []served.GroupID{"S1", "S2"})
	same(t, "of a stranger", must(s.GroupsOf(ctx, "T1", "T1/U9"))(t), []served.GroupID(nil))
	ops.Members = []desk.PersonID{"T1/U1", "T1/U3"}
	leads.Members, leads.Disabled = nil, true
	update(t, s, func(tx store.Tx) error {
		if err := tx.SaveGroup(ctx, &leads); err != nil {
			return err
		}
		return tx.MoveMembers(ctx, "T1", "S1", []desk.PersonID{"T1/U3", "T1/U1"}, []desk.PersonID{"T1/U2"})
	})
	same(t, "groups, later", must(s.Groups(ctx, "T1"))(t), []served.Group{leads, ops})
	same(t, "of who left both", must(s.GroupsOf(ctx, "T1", "T1/U2"))(t), []served.GroupID(nil))
	same(t, "of who came", must(s.GroupsOf(ctx, "T1", "T1/U3"))(t), []served.GroupID{"S1"})
}

func channelChangesKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	first := desk.ChannelChange{Workspace: "T1", Before: "C0", After: "C1", At: minute(1)}
	second := desk.ChannelChange{Workspace: "T1", Before: "C1", After: "C2", At: minute(2)}
	for _, c := range []desk.ChannelChange{second, first, {Workspace: "T1", Before: "C1", After: "C2", At: minute(3)}} { // the last is told again
		update(t, s, func(tx store.Tx) error { return tx.SaveChannelChange(ctx, &c) })
	}
	same(t, "changes of channels", must(s.ChannelChanges(ctx))(t), []desk.ChannelChange{first, second})
}

func auditFound(t *testing.T, s store.Store) {
	ctx := t.Context()
	jane := desk.Actor{Side: desk.SideAgent, ID: "jane", Name: "Jane"}
	all := []desk.AuditEntry{
		{At: minute(1), By: desk.ByCustomer("T1/U1"), Where: "T1/C1", Via: desk.ViaSlack, What: desk.DidOpen, Account: "1", Case: "case-1"},
		{At: minute(2), By: jane, Via: desk.ViaConsole, What: desk.DidJoin, Account: "1", Case: "case-1", Detail: map[string]string{"chat": "chat-1"}},
		{At: minute(3), By: jane, Via: desk.ViaCommand, What: desk.DidConfigure, Account: "2", Detail: map[string]string{"channel": "C1", "name": `"odd" näme`}},
		{At: minute(4), By: desk.BySystem(), What: desk.DidEnd, Account: "1", Case: "case-2"},
	}
	for i := range all {
		update(t, s, func(tx store.Tx) error { return tx.Audit(ctx, &all[i]) })
		if all[i].ID == 0 || i > 0 && all[i].ID <= all[i-1].ID {
			t.Fatalf("entry %d has the number %d", i, all[i].ID)
		}
	}
	newest := func(numbers ...int) []desk.AuditEntry {
		var want []desk.AuditEntry
		for _, n := range numbers {
			want = append(want, all[n])
		}
		return want
	}
	for _, tc := range []struct {
		what   string
		f      desk.AuditFilter
		before int64
		limit  int
		want   []desk.AuditEntry
	}{
		{"all", desk.AuditFilter{}, 0, 9, newest(3, 2, 1, 0)},
		{"a page", desk.AuditFilter{}, 0, 2, newest(3, 2)},
		{"the next page", desk.AuditFilter{}, all[2].ID, 2, newest(1, 0)},
		{"of an account", desk.AuditFilter{Account: "1"}, 0, 9, newest(3, 1, 0)},
		{"of a case", desk.AuditFilter{Case: "case-1"}, 0, 9, newest(1, 0)},
		{"by somebody", desk.AuditFilter{By: "jane"}, 0, 9, newest(2, 1)},
		{"of one kind", desk.AuditFilter{What: desk.DidEnd}, 0, 9, newest(3)},
		{"in a time", desk.AuditFilter{From: minute(2), To: minute(4)}, 0, 9, newest(2, 1)},
		{"of all sides", desk.AuditFilter{Account: "2", By: "jane", What: desk.DidConfigure, From: minute(3)}, all[3].ID, 1, newest(2)},
		{"nothing", desk.AuditFilter{Account: "3"}, 0, 9, nil},
	} {
		same(t, tc.what, must(s.Audit(ctx, tc.f, tc.before, tc.limit))(t), tc.want)
	}
}
