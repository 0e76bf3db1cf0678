package keeping

import (
	"context"
	"errors"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/report"
	"caseline/internal/desk/roster"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// owns has an agent keep one of everything.
func owns(t *testing.T, s store.Store, a desk.AgentID, email string, c desk.CaseID) {
	t.Helper()
	now, id := storetest.Start(), string(a)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(
			tx.SaveJotting(ctx, &personal.Jotting{Agent: a, Case: c, Kind: personal.JotReply, Text: "half", Revision: 1}),
			tx.SaveCanned(ctx, &personal.Canned{ID: personal.CannedID("c" + id), Name: "hello", Agent: a, Text: "Hi", ChangedAt: now}),
			tx.SaveView(ctx, &personal.View{ID: personal.ViewID("v" + id), Agent: a, Name: "Mine", Query: "q=x"}),
			tx.SaveSnooze(ctx, &personal.Snooze{Agent: a, Case: c, Until: now.Add(time.Hour), Seq: 99}),
			tx.SaveMention(ctx, &personal.Mention{Agent: a, Case: c, Seq: 1}),
			tx.SaveLook(ctx, &personal.Look{Case: c, Agent: a, Page: "p" + id, ExpiresAt: now.Add(time.Hour)}),
			tx.SavePreference(ctx, &personal.Preference{Agent: a, Key: "undo", Value: "5"}),
			tx.SeeDevice(ctx, &roster.Device{Agent: a, ID: "d" + id, SeenAt: now}),
			tx.SaveSeat(ctx, &roster.Seat{Agent: a, Capacity: 2}),
			tx.NoteOffered(ctx, a, now),
			tx.SaveSignIn(ctx, &signin.Session{ID: "s" + id, Agent: a, Began: now, Seen: now, Expires: now.Add(time.Hour), Address: "192.0.2.7", Way: signin.Password}),
			tx.SaveFactor(ctx, &signin.Factor{Agent: a, Secret: "sealed", Since: now}),
			tx.SaveIdentity(ctx, &signin.Identity{Issuer: "https://id.example", Subject: id, Agent: a, Since: now}),
			tx.SaveInvitation(ctx, &signin.Invitation{ID: "i" + id, Hash: "h" + id, Email: email, By: "Olivia", At: now, Expires: now.Add(time.Hour)}),
			tx.SaveInvitation(ctx, &signin.Invitation{ID: "j" + id, Hash: "k" + id, Email: "x" + email, By: id + " the Great", At: now, Expires: now.Add(time.Hour)}),
			tx.SaveInvitation(ctx, &signin.Invitation{ID: "m" + id, Hash: "n" + id, Email: "y" + email, By: id + " the Great", Inviter: a, At: now, Expires: now.Add(time.Hour)}),
			tx.SaveExport(ctx, &keeping.Export{ID: "e" + id, Account: account, By: desk.Actor{Side: desk.SideAgent, ID: id, Name: id + " the Great"}, AskedAt: now, State: keeping.Failed}),
			tx.SaveHold(ctx, &keeping.Hold{Case: c, Reason: "A court wants it.", By: desk.Actor{Side: desk.SideAgent, ID: id, Name: id + " the Great"}, At: now}),
		)
	})
}

// owned counts what there is of that.
func owned(t *testing.T, s store.Store, a desk.AgentID, email string, c desk.CaseID) (n int) {
	t.Helper()
	ctx, now := t.Context(), storetest.Start()
	count := func(is bool, err error) {
		if err != nil && !errors.Is(err, desk.ErrNotFound) {
			t.Error(err)
		}
		if is {
			n++
		}
	}
	jotting, err := s.Jotting(ctx, a, c)
	count(jotting.Text != "", err)
	canned, err := s.Canned(ctx, personal.CannedID("c"+a))
	count(canned.Text != "", err)
	_, err = s.View(ctx, personal.ViewID("v"+a))
	count(err == nil, err)
	snoozes, err := s.Snoozes(ctx, a, now)
	count(len(snoozes) > 0, err)
	mentions, err := s.Mentions(ctx, a, 9)
	count(len(mentions) > 0, err)
	looks, err := s.Looks(ctx, c, now)
	for _, l := range looks {
		count(l.Agent == a, err)
	}
	preferences, err := s.Preferences(ctx, a)
	count(len(preferences) > 0, err)
	devices, err := s.Devices(ctx, now)
	for _, d := range devices {
		count(d.Agent == a, err)
	}
	seats, err := s.Seats(ctx)
	for _, x := range seats {
		count(x.Agent == a, err)
	}
	loads, err := s.Loads(ctx)
	for _, l := range loads {
		count(l.Agent == a && !l.Last.IsZero(), err)
	}
	in, err := s.SignInsOf(ctx, a, now)
	count(len(in) > 0, err)
	_, err = s.Factor(ctx, a)
	count(err == nil, err)
	_, err = s.Identity(ctx, "https://id.example", string(a))
	count(err == nil, err)
	invitations, err := s.Invitations(ctx)
	for _, i := range invitations {
		count(i.Email == email, err)
		count(i.By == string(a)+" the Great", err)
		count(i.Inviter == a, err)
	}
	export, err := s.Export(ctx, "e"+string(a))
	count(export.By.Name == string(a)+" the Great", err)
	hold, err := s.Hold(ctx, c)
	count(hold.By.Name == string(a)+" the Great", err)
	return n
}

func agentForgotten(t *testing.T, s store.Store) {
	ctx, c, d := t.Context(), storetest.AddCase(t, s, 1), storetest.AddCase(t, s, 2)
	owns(t, s, "jane", "jane@example.com", c.ID)
	owns(t, s, "omar", "omar@example.com", d.ID)
	before := owned(t, s, "jane", "jane@example.com", c.ID)
	if before < 15 {
		t.Fatalf("Jane has only %d things", before)
	}
	who := keeping.Names{Agent: "jane", Name: "jane the Great", Email: "jane@example.com"}
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.ForgetAgent(ctx, who, keeping.FormerAgent) })
	if n := owned(t, s, "jane", "jane@example.com", c.ID); n != 0 {
		t.Errorf("%d of %d things of Jane's are left", n, before)
	}
	if n := owned(t, s, "omar", "omar@example.com", d.ID); n != before {
		t.Errorf("%d of %d things of Omar's are left", n, before)
	}
	e, err := s.Export(ctx, "ejane")
	same(t, "who asked for an export", e.By.Name, keeping.FormerAgent, err)
}

func caseForgotten(t *testing.T, s store.Store) {
	ctx, c, d := t.Context(), storetest.AddCase(t, s, 1), storetest.AddCase(t, s, 2)
	owns(t, s, "jane", "jane@example.com", c.ID)
	owns(t, s, "omar", "omar@example.com", d.ID)
	about := func(a desk.AgentID, c desk.CaseID) (n int) {
		t.Helper()
		jotting, err := s.Jotting(ctx, a, c)
		snoozes, err2 := s.Snoozes(ctx, a, storetest.Start())
		mentions, err3 := s.Mentions(ctx, a, 9)
		looks, err4 := s.Looks(ctx, c, storetest.Start())
		if err := errors.Join(err, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		return len(jotting.Text) + len(snoozes) + len(mentions) + len(looks)
	}
	before := about("jane", c.ID)
	rate := func(c desk.CaseID, chat, remark string) {
		update(t, s, func(ctx context.Context, tx store.Tx) error {
			return tx.SaveRating(ctx, &report.Rating{Chat: desk.ChatID(chat), Person: "T1:U1", Case: c, Score: 4, Remark: remark, EndedAt: storetest.Start(), GivenAt: storetest.Start(), ChangedAt: storetest.Start()})
		})
	}
	rate(c.ID, "one", "swordfish")
	rate(c.ID, "two", "")
	rate(d.ID, "three", "tuna")
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		n, err := tx.ForgetCase(ctx, c.ID)
		same(t, "remarks", n, 1, err)
		return err
	})
	if n := about("jane", c.ID); n != 0 {
		t.Errorf("%d things about the case are left", n)
	}
	if n := about("omar", d.ID); n != before {
		t.Errorf("%d of %d things about another are left", n, before)
	}
	for id, want := range map[desk.CaseID]string{c.ID: "", d.ID: "tuna"} {
		all, err := s.RatingsOf(ctx, id)
		if err != nil || len(all) == 0 {
			t.Fatal(err, len(all))
		}
		for _, r := range all {
			if r.Remark != want || r.Score != 4 {
				t.Errorf("a rating of %s: %+v", id, r)
			}
		}
	}
}

func heldOf(t *testing.T, s store.Store) {
	ctx, c, d := t.Context(), storetest.AddCase(t, s, 1), storetest.AddCase(t, s, 2)
	hold := keeping.Hold{Case: d.ID, Reason: "A court wants it.", By: operator, At: storetest.Start()}
	is := func(what string, who desk.PersonID, holds, policies int) {
		t.Helper()
		h, p, err := s.HeldOf(ctx, who, 9)
		same(t, what, []int{len(h), len(p)}, []int{holds, policies}, err)
		if holds > 0 && len(h) > 0 {
			same(t, what, h[0], hold, nil)
		}
	}
	is("before", c.Requester, 0, 0)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(
			tx.SaveHold(ctx, &hold),
			tx.AppendLog(ctx, &desk.Correspondence{Case: d.ID, Seq: 2, Kind: desk.KindMessage, Author: desk.ByCustomer("T1:UBOB"), Text: "hm", Origin: "w1"}),
			tx.SavePolicy(ctx, &keeping.Policy{Account: "other", Hold: "All of it."}),
		)
	})
	is("one who opened it", d.Requester, 1, 0)
	is("one who wrote to it", "T1:UBOB", 1, 0)
	is("somebody else", "T1:UELSE", 0, 0)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return tx.SavePolicy(ctx, &keeping.Policy{Account: d.Account, Hold: "All of it."})
	})
	is("one whose account is held", d.Requester, 1, 1)
	is("one who wrote in it", "T1:UBOB", 1, 1)
	is("somebody else", "T1:UELSE", 0, 0)
}
