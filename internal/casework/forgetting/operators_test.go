package forgetting_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// staff adds agents, each called like their id.
func staff(t *testing.T, s store.Store, role desk.Role, ids ...desk.AgentID) {
	t.Helper()
	for _, id := range ids {
		a := desk.Agent{ID: id, Name: string(id), Email: string(id) + "@example.com", Role: role}
		if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.SaveAgent(t.Context(), &a) }); err != nil {
			t.Fatal(err)
		}
	}
}

// behind is a store whose list of agents is read by two before either goes on.
type behind struct {
	store.Store
	both *sync.WaitGroup
}

func (b behind) Invitations(ctx context.Context) ([]signin.Invitation, error) {
	all, err := b.Store.Invitations(ctx)
	b.both.Done()
	b.both.Wait()
	return all, err
}

// B6: two operators who have each other erased at the same moment leave one.
func TestB6_AnOperatorIsLeftWhoeverErasesWhom(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		staff(t, s, desk.RoleOperator, "anna", "ben")
		var both, done sync.WaitGroup
		both.Add(2)
		errs := make([]error, 2)
		for i, id := range []desk.AgentID{"anna", "ben"} {
			done.Go(func() {
				by := desk.By{Actor: desk.Actor{Side: desk.SideAgent, ID: "one of them"}, Via: desk.ViaConsole}
				_, errs[i] = service(behind{s, &both}).OrderAgent(t.Context(), by, id, string(id))
			})
		}
		done.Wait()
		refused := 0
		for _, err := range errs {
			if errors.Is(err, desk.ErrConflict) {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		}
		all, err := s.Agents(t.Context())
		left := 0
		for _, a := range all {
			if a.Role == desk.RoleOperator && !a.Disabled {
				left++
			}
		}
		if refused != 1 || left != 1 || err != nil {
			t.Errorf("%d were refused and %d operators are left, %v", refused, left, err)
		}
	})
}

// B6: the links that an operator made are good no more when they are nameless,
// whatever they were called when they made them; those of others are.
func TestB6_TheLinksOfANamelessOperatorEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		ctx, now := t.Context(), storetest.Start()
		staff(t, s, desk.RoleOperator, "anna", "ben")
		err := s.Update(ctx, func(tx store.Tx) error {
			return errors.Join(
				tx.SaveInvitation(ctx, &signin.Invitation{ID: "i1", Hash: "h1", Email: "c@example.com", By: "Anna as she was", Inviter: "anna", At: now, Expires: now.Add(time.Hour)}),
				tx.SaveInvitation(ctx, &signin.Invitation{ID: "i2", Hash: "h2", Email: "d@example.com", By: "anna", At: now, Expires: now.Add(time.Hour)}),
				tx.SaveInvitation(ctx, &signin.Invitation{ID: "i3", Hash: "h3", Email: "e@example.com", By: "ben", Inviter: "ben", At: now, Expires: now.Add(time.Hour)}),
			)
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := service(s).OrderAgent(ctx, olivia, "anna", "anna"); err != nil {
			t.Fatal(err)
		}
		all, err := s.Invitations(ctx)
		if err != nil || len(all) != 1 || all[0].ID != "i3" {
			t.Errorf("got %+v, %v", all, err)
		}
	})
}

// B6: names that an agent had before are gone, too, also where a chat was handed
// to them and they never wrote; a namesake keeps theirs.
func TestB6_EarlierNamesOfAnAgentGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		ctx := t.Context()
		staff(t, s, desk.RoleAgent, "ana", "namesake")
		id := spoken(t, s, 1, 2)
		err := s.Update(ctx, func(tx store.Tx) error {
			other, err := tx.LockAgent(ctx, "namesake")
			if err != nil {
				return err
			}
			other.Name = "Ana Twice"
			errs := []error{tx.SaveAgent(ctx, &other)}
			for _, was := range []string{"Ana Born", "Ana Wed", "Ana Twice"} {
				errs = append(errs, tx.Audit(ctx, &desk.AuditEntry{At: storetest.Start(), What: signin.DidRename, Detail: map[string]string{"agent": "ana@example.com", "from": was, "to": "ana"}}))
			}
			for i, to := range []string{"Ana Born", "Ana Wed", "Somebody"} {
				e := desk.Correspondence{Case: id, Seq: int64(10 + i), Kind: desk.KindChat, Author: desk.ByAgent(desk.Agent{ID: "lena", Name: "Lena"}), What: "handed", Text: to, Origin: desk.Origin("h" + to)}
				errs = append(errs, tx.AppendLog(ctx, &e))
			}
			return errors.Join(errs...)
		})
		if err != nil {
			t.Fatal(err)
		}
		twin := spoken(t, s, 2, 2)
		err = s.Update(ctx, func(tx store.Tx) error {
			e := desk.Correspondence{Case: twin, Seq: 10, Kind: desk.KindChat, Author: desk.ByAgent(desk.Agent{ID: "lena", Name: "Lena"}), What: "handed", Text: "Ana Twice", Origin: "twin"}
			return tx.AppendLog(ctx, &e)
		})
		if err != nil {
			t.Fatal(err)
		}
		svc := service(s)
		if _, err := svc.OrderAgent(ctx, olivia, "ana", "ana"); err != nil {
			t.Fatal(err)
		}
		if more, err := svc.Sweep(ctx, 1000); more || err != nil {
			t.Fatal(more, err)
		}
		for at, want := range map[desk.CaseID][]string{id: {"Former agent", "Former agent", "Somebody"}, twin: {"Ana Twice"}} {
			log, err := s.Log(ctx, at, 9, 99)
			if err != nil {
				t.Fatal(err)
			}
			for i, e := range log {
				if e.Text != want[i] {
					t.Errorf("case %s, entry %d: %q, want %q", at, e.Seq, e.Text, want[i])
				}
			}
		}
	})
}
