package rosters_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework/rosters"
	"caseline/internal/desk"
	"caseline/internal/desk/roster"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

func TestTeamsAndSeatsAreChangedAndAudited(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		ctx := t.Context()
		do := rosters.New(s, func() time.Time { return storetest.Start() })
		lena := desk.By{Actor: desk.Actor{Side: desk.SideAgent, ID: "lena", Name: "Lena"}, Via: desk.ViaConsole}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.Update(ctx, func(tx store.Tx) error {
			return tx.SaveAgent(ctx, &desk.Agent{ID: "jane", Email: "jane@example.com", Name: "Jane", Role: desk.RoleAgent})
		}))
		front, err := do.SaveTeam(ctx, lena, roster.Team{Name: " Front  desk ", Members: []desk.AgentID{"jane"}, Skills: roster.Skills{Languages: []string{"de"}}})
		must(err)
		_, err = do.SaveTeam(ctx, lena, roster.Team{Name: "front Desk"})
		if why, ok := errors.AsType[*desk.Refusal](err); !ok || why.Field != "name" {
			t.Errorf("a name that is taken: got %v", err)
		}
		front.Name = "Front"
		_, err = do.SaveTeam(ctx, lena, front)
		must(err)
		if _, err := do.SaveTeam(ctx, lena, roster.Team{ID: "gone", Name: "x"}); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a team that is gone: got %v", err)
		}
		must(do.SaveSeat(ctx, lena, roster.Seat{Agent: "jane", Capacity: 2}))
		if err := do.SaveSeat(ctx, lena, roster.Seat{Agent: "jane", Capacity: 99}); !errors.Is(err, desk.ErrInvalid) {
			t.Errorf("too large a seat: got %v", err)
		}
		if err := do.SaveSeat(ctx, lena, roster.Seat{Agent: "nobody"}); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("nobody's seat: got %v", err)
		}
		teams, err := s.Teams(ctx)
		must(err)
		if len(teams) != 1 || teams[0].Name != "Front" || len(teams[0].Members) != 1 {
			t.Errorf("got %+v", teams)
		}
		for range 2 {
			must(do.RemoveTeam(ctx, lena, front.ID))
		}
		var got []string
		entries, err := s.Audit(ctx, desk.AuditFilter{By: "lena"}, 0, 9)
		must(err)
		for _, e := range entries {
			got = append(got, e.What+" "+e.Detail["team"]+e.Detail["agent"])
		}
		want := []string{"team-removed Front", "agent-seat jane@example.com", "team-changed Front", "team-added Front desk"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("audit (-want +got):\n%s", diff)
		}
	})
}
