package signins

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// Run tests that the stores that open returns keep this part of the contract.
// Each is empty and closed with its test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for name, test := range map[string]func(*testing.T, store.Store){
		"sign-ins are kept, seen and ended":     sessionsKept,
		"invitations take each other's place":   invitationsKept,
		"an invitation is taken up by one":      oneTakesUp,
		"second factors are kept":               factorsKept,
		"of many with one code one is let in":   oneStep,
		"tries that failed are counted":         triesCounted,
		"who agents are to other servers":       identitiesKept,
		"a sign-in that failed leaves no trace": undone,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func minute(n int) time.Time { return storetest.Start().Add(time.Duration(n) * time.Minute) }

func update(t *testing.T, s store.Store, fn func(ctx context.Context, tx store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want any, err error) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%s: %v, (-want +got):\n%s", what, err, diff)
	}
}

func missing(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("%s: got %v, want that it is not there", what, err)
	}
}

func sessionsKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	desktop := signin.Session{
		ID: "s1", Agent: "a1", Began: minute(0), Seen: minute(0), Expires: minute(100), Address: "192.0.2.7", Browser: "Firefox", Device: "Windows", Way: signin.Password,
	}
	phone, other, old := desktop, desktop, desktop
	phone.ID, phone.Seen, phone.Device, phone.Way = "s2", minute(3), "iPhone", signin.OIDC
	other.ID, other.Agent = "s3", "a2"
	old.ID, old.Expires = "s4", minute(5)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.SaveSignIn(ctx, &desktop), tx.SaveSignIn(ctx, &phone), tx.SaveSignIn(ctx, &other), tx.SaveSignIn(ctx, &old))
	})
	for _, at := range []time.Time{minute(0).Add(time.Second), minute(2), minute(2).Add(signin.Seldom - time.Second), minute(1)} {
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SeeSignIn(ctx, "s1", at) })
	}
	desktop.Seen = minute(2) // those too soon after, or before, change nothing
	got, err := s.SignIn(ctx, "s1", minute(9))
	same(t, "one", got, desktop, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.SignIn(ctx, "s1", minute(9))
		same(t, "one, in the update", got, desktop, err)
		return nil
	})
	all, err := s.SignInsOf(ctx, "a1", minute(9))
	same(t, "an agent's", all, []signin.Session{phone, desktop}, err)
	_, err = s.SignIn(ctx, "s4", minute(5))
	missing(t, "one that has expired", err)
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.EndSignIn(ctx, "a1", "s3") })
	if _, err = s.SignIn(ctx, "s3", minute(9)); err != nil {
		t.Errorf("another agent's was ended: %v", err)
	}
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.EndSignIns(ctx, "a1", "s1") })
	all, err = s.SignInsOf(ctx, "a1", minute(1))
	same(t, "all but one were ended", all, []signin.Session{desktop}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.EndSignIn(ctx, "a1", "s1"), tx.PurgeSignIns(ctx, minute(100)))
	})
	_, err = s.SignIn(ctx, "s1", minute(9))
	missing(t, "one that was ended", err)
	_, err = s.SignIn(ctx, "s3", minute(9))
	missing(t, "one that was purged", err)
}

func invitation(n int, email string) signin.Invitation {
	id := string(rune('a' + n))
	return signin.Invitation{ID: id, Hash: "hash " + id, Email: email, Role: desk.RoleLead, By: "Olivia", Inviter: "olivia", At: minute(n), Expires: minute(n + 100)}
}

func invitationsKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	first, other, again := invitation(1, "noor@example.com"), invitation(2, "omar@example.com"), invitation(3, "noor@example.com")
	again.Agent = "a7"
	for _, i := range []signin.Invitation{first, other, again} {
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveInvitation(ctx, &i) })
	}
	all, err := s.Invitations(ctx)
	same(t, "all", all, []signin.Invitation{again, other}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.NoteMailed(ctx, again.ID, signin.MailFailed), tx.NoteMailed(ctx, first.ID, signin.MailSent))
	})
	again.Mailed = signin.MailFailed
	got, err := s.Invitation(ctx, again.Hash)
	same(t, "one", got, again, err)
	_, err = s.Invitation(ctx, first.Hash)
	missing(t, "the one whose place was taken", err)
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.DropInvitation(ctx, other.ID) })
	_, err = s.Invitation(ctx, other.Hash)
	missing(t, "one that was withdrawn", err)
}

// Of many who have the link at once one comes in.
func oneTakesUp(t *testing.T, s store.Store) {
	i := invitation(1, "noor@example.com")
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveInvitation(ctx, &i) })
	errs := storetest.Crowd(t.Context(), s, 20, func(n int, tx store.Tx) error {
		ctx := t.Context()
		i, err := tx.Invitation(ctx, i.Hash)
		if err != nil {
			return err
		}
		if err := tx.DropInvitation(ctx, i.ID); err != nil {
			return err
		}
		return tx.SaveAgent(ctx, &desk.Agent{ID: desk.AgentID(rune('A' + n)), Email: i.Email, CreatedAt: minute(1)})
	})
	oneWon(t, errs)
	if all, err := s.Agents(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("got %d agents, %v, want one", len(all), err)
	}
}

func oneWon(t *testing.T, errs []error) {
	t.Helper()
	won := 0
	for n, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, desk.ErrNotFound) && !errors.Is(err, desk.ErrConflict) {
			t.Errorf("%d: %v", n, err)
		}
	}
	if won != 1 {
		t.Errorf("%d were let in, want one", won)
	}
}

func factorsKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	f := signin.Factor{Agent: "a1", Secret: "sealed", Since: minute(1), Step: 58, Spare: []string{"h1", "h2"}}
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.SaveFactor(ctx, &signin.Factor{Agent: "a0", Secret: "x", Since: minute(0)}), tx.SaveFactor(ctx, &f))
	})
	f.Step, f.Spare = 59, nil
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if err := tx.SaveFactor(ctx, &f); err != nil {
			return err
		}
		got, err := tx.Factor(ctx, "a1")
		same(t, "in the update", got, f, err)
		return nil
	})
	got, err := s.Factor(ctx, "a1")
	same(t, "one", got, f, err)
	with, err := s.WithFactor(ctx)
	same(t, "who has one", with, []desk.AgentID{"a0", "a1"}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.DropFactor(ctx, "a1") })
	_, err = s.Factor(ctx, "a1")
	missing(t, "one that was removed", err)
}

// A code counts once, however many come with it.
func oneStep(t *testing.T, s store.Store) {
	a := desk.Agent{ID: "a1", Email: "jane@example.com", CreatedAt: minute(1)}
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.SaveAgent(ctx, &a), tx.SaveFactor(ctx, &signin.Factor{Agent: "a1", Secret: "x", Since: minute(0)}))
	})
	oneWon(t, storetest.Crowd(t.Context(), s, 20, func(_ int, tx store.Tx) error {
		ctx := t.Context()
		if _, err := tx.LockAgent(ctx, "a1"); err != nil {
			return err
		}
		f, err := tx.Factor(ctx, "a1")
		if err != nil {
			return err
		}
		if f.Step >= 7 {
			return desk.ErrConflict
		}
		f.Step = 7
		return tx.SaveFactor(ctx, &f)
	}))
}

func identitiesKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	i := signin.Identity{Issuer: "https://id.example", Subject: "7", Agent: "a1", Since: minute(1)}
	elsewhere := i
	elsewhere.Issuer, elsewhere.Agent = "https://other.example", "a2"
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.SaveIdentity(ctx, &i), tx.SaveIdentity(ctx, &elsewhere))
	})
	got, err := s.Identity(ctx, i.Issuer, "7")
	same(t, "one", got, i, err)
	_, err = s.Identity(ctx, i.Issuer, "8")
	missing(t, "another subject", err)
	i.Agent = "a3"
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveIdentity(ctx, &i) })
	got, err = s.Identity(ctx, i.Issuer, "7")
	same(t, "one that is somebody else now", got, i, err)
}

var errUndone = errors.New("undone")

func undone(t *testing.T, s store.Store) {
	err := s.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.SaveSignIn(t.Context(), &signin.Session{ID: "s1", Agent: "a1", Expires: minute(9)}); err != nil {
			return err
		}
		return errUndone
	})
	if !errors.Is(err, errUndone) {
		t.Errorf("got %v", err)
	}
	_, err = s.SignIn(t.Context(), "s1", minute(1))
	missing(t, "its sign-in", err)
}

func triesCounted(t *testing.T, s store.Store) {
	ctx := t.Context()
	count := func(key string, at time.Time) {
		t.Helper()
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.CountTry(ctx, key, at, time.Minute) })
	}
	count("a", minute(0))
	count("a", minute(0))
	count("b", minute(0))
	count("b", minute(5))
	got, err := s.Tries(ctx, []string{"a", "b", "c"})
	same(t, "counted", got, map[string]time.Time{"a": minute(2), "b": minute(6)}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.PurgeTries(ctx, minute(2)) })
	got, err = s.Tries(ctx, []string{"a", "b"})
	same(t, "purged", got, map[string]time.Time{"b": minute(6)}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.ClearTries(ctx, "b") })
	got, err = s.Tries(ctx, []string{"a", "b"})
	same(t, "cleared", got, map[string]time.Time{}, err)
	errs := storetest.Crowd(ctx, s, 20, func(_ int, tx store.Tx) error { return tx.CountTry(ctx, "d", minute(0), time.Minute) })
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	got, err = s.Tries(ctx, []string{"d"})
	same(t, "counted by many at once", got, map[string]time.Time{"d": minute(20)}, err)
}
