package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
	"caseline/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

const (
	acme = desk.AccountID("123456789012") // whose cases storetest makes
	bolt = desk.AccountID("200000000002")
)

// A bench is a service with two accounts, linked to workspace T1.
type bench struct {
	*testing.T
	*Service
	ctx context.Context
	by  desk.By
}

func each(t *testing.T, test func(b *bench)) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		place := func(w desk.WorkspaceID, ch desk.ChannelID) desk.Place {
			return desk.Place(string(w) + "/" + string(ch))
		}
		now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
		b := &bench{t, New(s, place, Options{Now: func() time.Time { return now }}), t.Context(), desk.By{Actor: storetest.Jane(), Via: desk.ViaConsole}}
		b.must(s.Update(b.ctx, func(tx store.Tx) error {
			for n := range 7 {
				w := served.Workspace{ID: desk.WorkspaceID(fmt.Sprintf("T%d", n+1)), Name: fmt.Sprintf("Space %d", n+1)}
				if err := tx.SaveWorkspace(b.ctx, &w); err != nil {
					return err
				}
			}
			return nil
		}))
		for id, name := range map[desk.AccountID]string{acme: "Acme", bolt: "Bolt"} {
			_, err := b.AddAccount(b.ctx, AddAccount{b.by, string(id), name})
			b.must(err)
			b.must(b.LinkWorkspace(b.ctx, Link{b.by, id, "T1"}))
		}
		test(b)
	})
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// refused checks that an error is a refusal of a kind, with words in it.
func (b *bench) refused(what string, err, kind error, words string) {
	b.Helper()
	r, ok := errors.AsType[*desk.Refusal](err)
	if !ok || !errors.Is(err, kind) || !strings.Contains(r.Message, words) {
		b.Errorf("%s: got %v, want a refusal (%v) with %q", what, err, kind, words)
	}
}

func config(account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID) served.ChannelConfig {
	return served.ChannelConfig{Account: account, Workspace: w, Channel: ch, Permissions: served.FullPermissions(), Notify: served.NotifyEverything()}
}

func (b *bench) configure(account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID) error {
	return b.ConfigureChannel(b.ctx, ConfigureChannel{b.by, config(account, w, ch)})
}

// audited returns what the audit has, oldest first.
func (b *bench) audited(f desk.AuditFilter) []string {
	b.Helper()
	entries, err := b.store.Audit(b.ctx, f, 0, 1000)
	b.must(err)
	var lines []string
	for _, e := range entries {
		if e.Via != desk.ViaConsole || e.By != storetest.Jane() {
			b.Errorf("%s: by %v via %q", e.What, e.By, e.Via)
		}
		lines = append([]string{fmt.Sprint(e.What, " ", e.Account, " ", e.Detail)}, lines...)
	}
	return lines
}

func TestWhatBecomesOfDeletionsIsSetAndAudited(t *testing.T) {
	each(t, func(b *bench) {
		a, err := b.AddAccount(b.ctx, AddAccount{b.by, "400000000004", "Fourth"})
		if err != nil {
			t.Fatal(err)
		}
		for _, policy := range []desk.DeletionPolicy{"", desk.KeepDeleted, desk.EraseDeleted, desk.EraseDeleted, desk.HideDeleted} {
			if _, err := b.SetDeletions(b.ctx, SetDeletions{b.by, a.ID, policy}); err != nil {
				t.Errorf("%q: %v", policy, err)
			}
		}
		if _, err := b.SetDeletions(b.ctx, SetDeletions{b.by, a.ID, "burn"}); !errors.Is(err, desk.ErrInvalid) {
			t.Errorf("an unknown policy: got %v", err)
		}
		if _, err := b.SetDeletions(b.ctx, SetDeletions{b.by, "999999999999", desk.HideDeleted}); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("an unknown account: got %v", err)
		}
		if got, err := b.store.Account(b.ctx, a.ID); err != nil || got.Deletions != desk.HideDeleted {
			t.Errorf("got %+v, %v", got, err)
		}
		if got := len(b.audited(desk.AuditFilter{What: desk.DidSetDeletions})); got != 2 {
			t.Errorf("%d changes are audited, want 2", got)
		}
	})
}

func TestB12_WhetherPeopleAreAskedIsSetAndAudited(t *testing.T) {
	each(t, func(b *bench) {
		a, err := b.AddAccount(b.ctx, AddAccount{b.by, "400000000004", "Fourth"})
		if err != nil || a.Unasked {
			t.Fatalf("a new account: got %+v, %v", a, err)
		}
		for _, ask := range []bool{true, false, false, true, false} {
			if _, err := b.SetAsking(b.ctx, SetAsking{b.by, a.ID, ask}); err != nil {
				t.Errorf("%v: %v", ask, err)
			}
		}
		if _, err := b.RenameAccount(b.ctx, RenameAccount{b.by, a.ID, "Fifth"}); err != nil {
			t.Error(err)
		}
		if got, err := b.store.Account(b.ctx, a.ID); err != nil || !got.Unasked {
			t.Errorf("got %+v, %v", got, err)
		}
		if _, err := b.SetAsking(b.ctx, SetAsking{b.by, "999999999999", true}); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("an unknown account: got %v", err)
		}
		all := b.audited(desk.AuditFilter{What: DidSetAsking})
		if len(all) != 3 || !strings.Contains(all[0], "rating:asked") || !strings.Contains(all[0], "not asked") {
			t.Errorf("audited: %+v", all)
		}
	})
}

func TestAccountsAreAddedAndRenamed(t *testing.T) {
	each(t, func(b *bench) {
		_, err := b.AddAccount(b.ctx, AddAccount{b.by, "12", "Third"})
		b.refused("a short id", err, desk.ErrInvalid, "12 digits")
		_, err = b.AddAccount(b.ctx, AddAccount{b.by, "300000000003", "Acme & Co"})
		b.refused("an alias with a wrong letter", err, desk.ErrInvalid, "“&”")
		_, err = b.AddAccount(b.ctx, AddAccount{b.by, string(acme), "Third"})
		b.refused("an id that is taken", err, desk.ErrConflict, "already")
		_, err = b.AddAccount(b.ctx, AddAccount{b.by, "300000000003", "aCME"})
		b.refused("an alias that is taken", err, desk.ErrConflict, "is called “Acme” already")
		_, err = b.RenameAccount(b.ctx, RenameAccount{b.by, bolt, "ACME"})
		b.refused("a new alias that is taken", err, desk.ErrConflict, "is called “Acme” already")
		_, err = b.RenameAccount(b.ctx, RenameAccount{b.by, "300000000003", "Third"})
		b.refused("an account that is not there", err, desk.ErrNotFound, "no account 300000000003")
		for _, alias := range []string{"Bolt", " Bolt  Works ", "bolt works", ""} {
			a, err := b.RenameAccount(b.ctx, RenameAccount{b.by, bolt, alias})
			b.must(err)
			if want := strings.Join(strings.Fields(alias), " "); a.Name != want {
				b.Errorf("renamed: got %q, want %q", a.Name, want)
			}
		}
		want := []string{
			"account-renamed 200000000002 map[name:Bolt → Bolt Works]",
			"account-renamed 200000000002 map[name:Bolt Works → bolt works]",
			"account-renamed 200000000002 map[name:bolt works → none]",
		}
		if diff := cmp.Diff(want, b.audited(desk.AuditFilter{What: desk.DidRenameAccount})); diff != "" {
			b.Errorf("audit (-want +got):\n%s", diff)
		}
	})
}

func TestFiveWorkspacesAnAccount(t *testing.T) {
	each(t, func(b *bench) {
		b.refused("one that is not there", b.LinkWorkspace(b.ctx, Link{b.by, acme, "T9"}), desk.ErrNotFound, "not installed in a workspace T9")
		b.refused("an account that is not there", b.LinkWorkspace(b.ctx, Link{b.by, "300000000003", "T1"}), desk.ErrNotFound, "no account")
		b.refused("again", b.LinkWorkspace(b.ctx, Link{b.by, acme, "T1"}), desk.ErrConflict, "Space 1 (T1) already")
		for _, w := range []desk.WorkspaceID{"T2", "T3", "T4", "T5"} {
			b.must(b.LinkWorkspace(b.ctx, Link{b.by, acme, w}))
		}
		b.refused("a sixth", b.LinkWorkspace(b.ctx, Link{b.by, acme, "T6"}), desk.ErrLimit, "linked to 5 workspaces")
		b.must(b.UnlinkWorkspace(b.ctx, Link{b.by, acme, "T3"}))
		b.must(b.LinkWorkspace(b.ctx, Link{b.by, acme, "T6"}))
		b.refused("unlinking again", b.UnlinkWorkspace(b.ctx, Link{b.by, acme, "T3"}), desk.ErrNotFound, "not linked")
	})
}

func TestChannelsAreConfiguredChangedAndRemoved(t *testing.T) {
	each(t, func(b *bench) {
		b.refused("a workspace that is not linked", b.configure(acme, "T2", "C1"), desk.ErrConflict, "not linked to workspace T2")
		b.must(b.configure(acme, "T1", "C1"))
		b.refused("again", b.configure(acme, "T1", "C1"), desk.ErrConflict, "configured for account Acme already")
		b.must(b.configure(bolt, "T1", "C1"))
		none, high, yes, name := served.NotifyNone, served.NotifyHigh, true, "ops"
		key := ChannelKey{acme, "T1", "C1"}
		_, err := b.ChangeChannel(b.ctx, ChangeChannel{By: b.by, Key: ChannelKey{acme, "T1", "C2"}, Name: &name})
		b.refused("one that is not there", err, desk.ErrNotFound, "not configured")
		got, err := b.ChangeChannel(b.ctx, ChangeChannel{By: b.by, Key: key, Severities: &none})
		b.must(err)
		if want := (served.Notify{Severities: served.NotifyNone}); got.Notify != want {
			b.Errorf("told of nothing: got %+v", got.Notify)
		}
		_, err = b.ChangeChannel(b.ctx, ChangeChannel{By: b.by, Key: key, Severities: &high})
		b.refused("told of high ones, but of nothing about them", err, desk.ErrInvalid, "Choose what the channel is told")
		_, err = b.ChangeChannel(b.ctx, ChangeChannel{By: b.by, Key: key, Resolved: &yes})
		b.refused("told of resolved ones, but of none", err, desk.ErrInvalid, "told of no cases")
		got, err = b.ChangeChannel(b.ctx, ChangeChannel{By: b.by, Key: key, Name: &name, Severities: &high, Answered: &yes, Permissions: served.ReadOnly()})
		b.must(err)
		want := served.ChannelConfig{
			Account: acme, Workspace: "T1", Channel: "C1", Name: "ops", Permissions: served.ReadOnly(),
			Notify: served.Notify{Severities: served.NotifyHigh, Answered: true},
		}
		stored, err := b.store.Channel(b.ctx, acme, "T1", "C1")
		b.must(err)
		if diff := cmp.Diff(want, got) + cmp.Diff(want, stored); diff != "" {
			b.Errorf("changed (-want +got):\n%s", diff)
		}
		_, err = b.ChangeChannel(b.ctx, ChangeChannel{By: b.by, Key: key, Name: &name})
		b.must(err)
		b.must(b.RemoveChannel(b.ctx, RemoveChannel{b.by, key}))
		b.refused("removing again", b.RemoveChannel(b.ctx, RemoveChannel{b.by, key}), desk.ErrNotFound, "not configured")
		b.must(b.configure(acme, "T1", "C1"))
		audit := b.audited(desk.AuditFilter{Account: acme})
		lines := []string{
			"channel-changed 123456789012 map[channel:C1 notify:all opened answered resolved → none workspace:T1]",
			"channel-changed 123456789012 map[channel:C1 name:none → ops notify:none → high answered permissions:read create reply resolve chat → read workspace:T1]",
			"channel-removed 123456789012 map[channel:C1 name:ops narrow: notify:high answered permissions:read workspace:T1]",
			"channel-configured 123456789012 map[channel:C1 name: narrow: notify:all opened answered resolved permissions:read create reply resolve chat workspace:T1]",
		}
		if diff := cmp.Diff(lines, audit[3:]); diff != "" {
			b.Errorf("audit (-want +got):\n%s", diff)
		}
	})
}

func TestTwentyChannelsAnAccountAndAHundredAccountsAChannel(t *testing.T) {
	each(t, func(b *bench) {
		for n := range 20 {
			b.must(b.configure(acme, "T1", desk.ChannelID(fmt.Sprintf("C%d", n))))
		}
		b.refused("a 21st channel", b.configure(acme, "T1", "C20"), desk.ErrLimit, "has 20 channels")
		b.must(b.store.Update(b.ctx, func(tx store.Tx) error {
			for n := range 100 {
				c := config(desk.AccountID(fmt.Sprintf("4%011d", n)), "T1", "CFULL")
				if err := tx.SaveChannel(b.ctx, &c); err != nil {
					return err
				}
			}
			return nil
		}))
		b.refused("a 101st account", b.configure(bolt, "T1", "CFULL"), desk.ErrLimit, "serves 100 accounts")
	})
}

func TestASharedChannelIsForTheFirstWorkspace(t *testing.T) {
	each(t, func(b *bench) {
		b.must(b.LinkWorkspace(b.ctx, Link{b.by, acme, "T2"}))
		b.must(b.LinkWorkspace(b.ctx, Link{b.by, bolt, "T2"}))
		b.must(b.configure(acme, "T1", "CSHARED"))
		b.refused("through another workspace", b.configure(acme, "T2", "CSHARED"), desk.ErrConflict, "through workspace T1 already")
		b.must(b.configure(bolt, "T2", "CSHARED")) // another account may
	})
}

// asks has a chat asked for on the n-th sample case, from a channel if it is
// another than T1/C1, where they are opened.
func (b *bench) asks(n int, from desk.Place) desk.Case {
	b.Helper()
	c := storetest.AddCase(b, b.store, n)
	b.must(b.store.Update(b.ctx, func(tx store.Tx) (err error) {
		if c, err = tx.LockCase(b.ctx, c.ID); err != nil {
			return err
		}
		if _, _, err := c.Request(desk.ChatID("chat:"+c.ID), c.Requester, "request", storetest.Start()); err != nil {
			return err
		}
		c.Chat.From = from
		return tx.SaveCase(b.ctx, &c)
	}))
	return c
}

func (b *bench) ends(c desk.Case) {
	b.Helper()
	b.must(b.store.Update(b.ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(b.ctx, c.ID)
		if err != nil {
			return err
		}
		c.End(storetest.Jane(), desk.EndedByAgent, "end", storetest.Start())
		return tx.SaveCase(b.ctx, &c)
	}))
}

func TestL81_ALiveChatKeepsItsChannelAndItsWorkspace(t *testing.T) {
	each(t, func(b *bench) {
		for _, ch := range []desk.ChannelID{"C1", "C2", "C3"} {
			b.must(b.configure(acme, "T1", ch))
		}
		b.must(b.configure(bolt, "T1", "C1"))
		remove := func(account desk.AccountID, ch desk.ChannelID) error {
			return b.RemoveChannel(b.ctx, RemoveChannel{b.by, ChannelKey{account, "T1", ch}})
		}
		one := b.asks(1, "")
		b.refused("where it was asked for", remove(acme, "C1"), desk.ErrConflict, "on case "+string(one.Number)+". End the chat first.")
		two := b.asks(2, "T1/C2")
		b.ends(one)
		b.refused("where the case was opened", remove(acme, "C1"), desk.ErrConflict, string(two.Number))
		b.refused("where its chat was asked for", remove(acme, "C2"), desk.ErrConflict, string(two.Number))
		b.must(remove(acme, "C3"))
		b.must(remove(bolt, "C1"))
		b.refused("the workspace", b.UnlinkWorkspace(b.ctx, Link{b.by, acme, "T1"}), desk.ErrConflict, "live chat in this workspace, on case "+string(two.Number))
		b.ends(two)
		b.refused("the workspace with channels", b.UnlinkWorkspace(b.ctx, Link{b.by, acme, "T1"}), desk.ErrConflict, "(C1, C2). Remove them first.")
		b.must(remove(acme, "C1"))
		b.must(remove(acme, "C2"))
		b.must(b.UnlinkWorkspace(b.ctx, Link{b.by, acme, "T1"}))
		b.refused("a chat's own channel", b.configure(bolt, "T1", desk.ChannelID(strings.TrimPrefix(string(two.Place), "T1/"))), desk.ErrConflict, "live chats of case "+string(two.Number))
	})
}

func TestSeedsMakeWhatIsMissingOnly(t *testing.T) {
	each(t, func(b *bench) {
		const third = desk.AccountID("300000000003")
		seed := Seed{Account: served.Account{ID: third, Name: "Third"}, Workspace: "T1", Channels: []served.ChannelConfig{config(third, "T1", "C7"), config(third, "T1", "C8")}}
		plant := func(wantLeft string, want ...desk.ChannelID) {
			b.Helper()
			left, err := b.Plant(b.ctx, seed)
			b.must(err)
			if got := fmt.Sprint(left); got != wantLeft {
				b.Errorf("not made again: got %s, want %s", got, wantLeft)
			}
			have, err := b.store.ChannelsOf(b.ctx, third)
			b.must(err)
			if got := ids(have); fmt.Sprint(got) != fmt.Sprint(want) {
				b.Errorf("got %v, want %v", got, want)
			}
		}
		plant("[]", "C7", "C8")
		_, err := b.RenameAccount(b.ctx, RenameAccount{b.by, third, "Renamed"})
		b.must(err)
		_, err = b.ChangeChannel(b.ctx, ChangeChannel{By: b.by, Key: ChannelKey{third, "T1", "C7"}, Permissions: served.ReadOnly()})
		b.must(err)
		b.must(b.RemoveChannel(b.ctx, RemoveChannel{b.by, ChannelKey{third, "T1", "C8"}}))
		plant("[C8]", "C7")
		a, err := b.store.Account(b.ctx, third)
		b.must(err)
		c, err := b.store.Channel(b.ctx, third, "T1", "C7")
		b.must(err)
		if a.Name != "Renamed" || c.Allows(served.MayChat) {
			b.Errorf("written over: got %+v, %+v", a, c)
		}
		b.must(b.RemoveChannel(b.ctx, RemoveChannel{b.by, ChannelKey{third, "T1", "C7"}}))
		b.must(b.UnlinkWorkspace(b.ctx, Link{b.by, third, "T1"}))
		plant("[C7 C8]")
		seed.Account = served.Account{ID: "400000000004", Name: "Acme"}
		_, err = b.Plant(b.ctx, seed)
		b.refused("a seed with another's name", err, desk.ErrConflict, "is called “Acme” already")
	})
}
