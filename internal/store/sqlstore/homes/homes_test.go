package homes_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

func TestWhoseCasesAreOnWhoseHome(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		now := storetest.Start()
		cases := casework.New(s, casework.Options{Now: func() time.Time { return now }})
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		opens := func(who desk.PersonID, chat bool, origin desk.Origin) desk.CaseID {
			t.Helper()
			now = now.Add(time.Minute)
			c, err := cases.Open(t.Context(), casework.Open{
				Account: "111122223333", Workspace: "T1", Asked: "T1/C1", Requester: who, Subject: "Stuck", Description: "Since ten.",
				Severity: desk.SeverityNormal, Chat: chat, Origin: origin,
			})
			must(err)
			return c.ID
		}
		live, first, second, done := opens("T1/alice", true, "o1"), opens("T1/alice", false, "o2"), opens("T1/bob", false, "o3"), opens("T1/alice", false, "o4")
		_, err := cases.Answer(t.Context(), casework.Answer{Case: second, Answer: desk.Answer{By: desk.ByCustomer("T1/alice"), Text: "me too", Origin: "o5"}})
		must(err)
		_, _, err = cases.Resolve(t.Context(), casework.Resolve{Target: casework.Target{Case: done}, By: desk.ByCustomer("T1/alice"), Origin: "o6"})
		must(err)
		for who, want := range map[desk.PersonID][]desk.CaseID{"T1/alice": {live, second, first}, "T1/bob": {second}, "T1/chloe": nil} {
			got, err := s.CasesOf(t.Context(), who, 10)
			must(err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("cases of %s (-want +got):\n%s", who, diff)
			}
		}
		got, err := s.CasesOf(t.Context(), "T1/alice", 1)
		must(err)
		if len(got) != 1 {
			t.Errorf("got %d cases, want as many as asked for", len(got))
		}

		open := func(h store.Home) {
			t.Helper()
			must(s.Update(t.Context(), func(tx store.Tx) error { return tx.SaveHome(t.Context(), &h) }))
		}
		alice, bob := store.Home{Person: "T1/alice", Page: 2, OpenedAt: now}, store.Home{Person: "T1/bob", OpenedAt: now.Add(time.Hour)}
		open(store.Home{Person: "T1/alice", OpenedAt: now.Add(-time.Hour)})
		open(alice)
		open(bob)
		for id, want := range map[desk.CaseID][]store.Home{first: {alice}, done: {alice}, second: {alice, bob}} {
			homes, err := s.HomesWith(t.Context(), id, now)
			must(err)
			if diff := cmp.Diff(want, homes); diff != "" {
				t.Errorf("homes with %s (-want +got):\n%s", id, diff)
			}
		}
		homes, err := s.OpenHomes(t.Context(), now.Add(time.Minute))
		must(err)
		if diff := cmp.Diff([]store.Home{bob}, homes); diff != "" {
			t.Errorf("open homes (-want +got):\n%s", diff)
		}
	})
}
