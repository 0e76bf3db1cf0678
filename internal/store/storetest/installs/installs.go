package installs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// Run tests that the stores that open returns keep this part of the contract.
// Each is empty and closed with its test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for name, test := range map[string]func(*testing.T, store.Store){
		"installations are kept":                        kept,
		"whoever changes one tells of it":               told,
		"begun installations are kept and purged":       statesKept,
		"of many who would refresh one does":            oneRefreshes,
		"a claim to refresh ends by time or when saved": claimEnds,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

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

func save(t *testing.T, s store.Store, all ...*served.Installation) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		for _, i := range all {
			if err := tx.SaveInstallation(ctx, i); err != nil {
				return err
			}
		}
		return nil
	})
}

func kept(t *testing.T, s store.Store) {
	ctx := t.Context()
	one := served.Installation{
		ID: "T1", Enterprise: "E1", Workspace: "T1", Name: "Acme", AppID: "A1", BotUID: "U1", Scopes: []string{"chat:write", "commands"},
		Token: "sealed", Refresh: "sealed too", Expires: storetest.Start().Add(12 * time.Hour), InstalledBy: "U7", InstalledAt: storetest.Start(),
	}
	wide := served.Installation{ID: "E1", Enterprise: "E1", Name: "Acme Group", Reaches: []desk.WorkspaceID{"T2", "T3"}, Token: "x", Gone: "token_revoked"}
	save(t, s, &one, &wide)
	one.Name, one.Token, one.Scopes, one.RefreshBy = "Acme Inc", "sealed anew", nil, storetest.Start()
	save(t, s, &one)
	one.Version, wide.Version = 2, 1
	got, err := s.Installation(ctx, "T1")
	same(t, "one", got, one, err)
	all, err := s.Installations(ctx)
	same(t, "all", all, []served.Installation{wide, one}, err)
	if _, err := s.Installation(ctx, "T9"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another: got %v", err)
	}
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Installation(ctx, "T1")
		same(t, "in the update", got, one, err)
		return err
	})
}

func told(t *testing.T, s store.Store) {
	heard := make(chan store.Hint, 9)
	defer s.Watch(func(h store.Hint) { heard <- h })()
	save(t, s, &served.Installation{ID: "T1"})
	for h := range heard {
		if h.Agents || h.All {
			return
		}
	}
}

func statesKept(t *testing.T, s store.Store) {
	ctx, start := t.Context(), storetest.Start()
	state := func(n int) served.InstallState {
		return served.InstallState{Hash: fmt.Sprint("h", n), Browser: "b", Expires: start.Add(time.Duration(n) * time.Minute)}
	}
	put := func(all ...served.InstallState) {
		update(t, s, func(ctx context.Context, tx store.Tx) error {
			for _, one := range all {
				if err := tx.SaveInstallState(ctx, &one); err != nil {
					return err
				}
			}
			return nil
		})
	}
	purge := func(before time.Time, most int) {
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.PurgeInstallStates(ctx, before, most) })
	}
	left := func() (all []int) {
		for n := range 9 {
			if _, err := s.InstallState(ctx, state(n).Hash); err == nil {
				all = append(all, n)
			} else if !errors.Is(err, desk.ErrNotFound) {
				t.Error(err)
			}
		}
		return all
	}
	for n := range 6 {
		put(state(n))
	}
	used := state(3)
	used.Used = true
	put(used)
	got, err := s.InstallState(ctx, used.Hash)
	same(t, "a used one", got, used, err)
	got, err = s.InstallState(ctx, state(2).Hash)
	same(t, "another", got, state(2), err)
	purge(start.Add(2*time.Minute), 9)
	if got := left(); !slices.Equal(got, []int{2, 3, 4, 5}) {
		t.Errorf("after those that had expired were purged: got %v", got)
	}
	purge(start, 2)
	if got := left(); !slices.Equal(got, []int{4, 5}) {
		t.Errorf("after all but two were purged: got %v", got)
	}
}

// claim claims for ttl as its users do, under the lock of the setup.
func claim(ctx context.Context, tx store.Tx, ttl time.Duration) error {
	if err := tx.LockSetup(ctx); err != nil {
		return err
	}
	return tx.ClaimRefresh(ctx, "T1", ttl)
}

func oneRefreshes(t *testing.T, s store.Store) {
	save(t, s, &served.Installation{ID: "T1"})
	won := 0
	for i, err := range storetest.Crowd(t.Context(), s, 20, func(_ int, tx store.Tx) error { return claim(t.Context(), tx, time.Hour) }) {
		if err == nil {
			won++
		} else if !errors.Is(err, desk.ErrConflict) {
			t.Errorf("claim %d: %v", i, err)
		}
	}
	if won != 1 {
		t.Errorf("%d refresh, want 1", won)
	}
}

func claimEnds(t *testing.T, s store.Store) {
	ctx := t.Context()
	i := served.Installation{ID: "T1"}
	save(t, s, &i)
	try := func(ttl time.Duration) error {
		return s.Update(ctx, func(tx store.Tx) error { return claim(ctx, tx, ttl) })
	}
	// A claim that is over as soon as it begins stands for one whose holder died.
	if err := try(-time.Second); err != nil {
		t.Fatal(err)
	}
	if err := try(time.Hour); err != nil {
		t.Errorf("after the claim of one who died: %v", err)
	}
	if err := try(time.Hour); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("while somebody refreshes: got %v", err)
	}
	save(t, s, &i)
	if err := try(time.Hour); err != nil {
		t.Errorf("after it was saved: %v", err)
	}
	if got, err := s.Installation(ctx, "T1"); err != nil || got.RefreshBy.IsZero() {
		t.Errorf("got %+v, %v; want until when", got, err)
	}
}
