package forgetting_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// People choose their names in Slack. Whatever somebody is called, erasing them
// leaves the audit to be read, with what it says of others.
func TestTheAuditSurvivesTheErasureOfAnOddName(t *testing.T) {
	for name, want := range map[string]string{
		":":     "Bob at Acme wrote : a case",
		"a":     "Bob at Acme wrote : Erased person case",
		"\"":    "Bob at Acme wrote : a case",
		"role":  "Bob at Acme wrote : a case",
		"Bo":    "Bob at Acme wrote : a case",
		"Bob":   "Erased person at Acme wrote : a case",
		"agent": "Bob at Acme wrote : a case",
		"%":     "Bob at Acme wrote : a case",
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s store.Store) {
				ctx := t.Context()
				planted := desk.AuditEntry{At: storetest.Start(), By: desk.ByAgent(desk.Agent{ID: "jane", Name: "Jane"}), What: "case-held", Detail: map[string]string{
					"reason": "Bob at Acme wrote : a case", "role": "agent", "who": string(alice), "others": "T1:U12",
				}}
				err := s.Update(ctx, func(tx store.Tx) error {
					if err := tx.SavePerson(ctx, &desk.Person{ID: alice, Name: name}); err != nil {
						return err
					}
					return tx.Audit(ctx, &planted)
				})
				if err != nil {
					t.Fatal(err)
				}
				svc := service(s)
				e, err := svc.Order(ctx, olivia, alice, name)
				if err != nil {
					t.Fatal(err)
				}
				if more, err := svc.Sweep(ctx, 1000); more || err != nil {
					t.Fatal(more, err)
				}
				all, err := s.Audit(ctx, desk.AuditFilter{What: planted.What}, 0, 9)
				if err != nil || len(all) != 1 {
					t.Fatalf("the audit cannot be read: %v, %v", all, err)
				}
				if diff := cmp.Diff(map[string]string{"reason": want, "role": "agent", "who": e.Name, "others": "T1:U12"}, all[0].Detail); diff != "" {
					t.Errorf("what it says (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// An agent's name is taken out where it stands as one, and not out of a code or of
// another's name.
func TestAnAgentWhoseNameIsPartOfOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		ctx := t.Context()
		id := spoken(t, s, 1, 2)
		log, err := s.Log(ctx, id, 0, 99)
		if err != nil {
			t.Fatal(err)
		}
		last := log[len(log)-1].Seq
		ana := desk.Agent{ID: "ana", Name: "customer", Email: "ana@example.com", Role: desk.RoleAgent}
		err = s.Update(ctx, func(tx store.Tx) error {
			for i, told := range [][2]string{{"handed", "customer"}, {"handed", "customer care"}, {"ended", "customer"}} {
				e := desk.Correspondence{
					Case: id, Seq: last + int64(i) + 1, Kind: desk.KindChat, What: told[0], Text: told[1],
					Author: desk.ByAgent(desk.Agent{ID: ana.ID, Name: ana.Name}), Origin: desk.Origin("told" + told[0] + told[1]),
				}
				if err := tx.AppendLog(ctx, &e); err != nil {
					return err
				}
			}
			renamed := desk.AuditEntry{At: storetest.Start(), What: "agent-renamed", Detail: map[string]string{"agent": ana.Email, "from": "Ana Born", "to": "Ana Wed"}}
			return errors.Join(tx.SaveAgent(ctx, &ana), tx.Audit(ctx, &renamed))
		})
		if err != nil {
			t.Fatal(err)
		}
		svc := service(s)
		if _, err := svc.OrderAgent(ctx, olivia, ana.ID, ana.Name); err != nil {
			t.Fatal(err)
		}
		if more, err := svc.Sweep(ctx, 1000); more || err != nil {
			t.Fatal(more, err)
		}
		said, err := s.Audit(ctx, desk.AuditFilter{What: "agent-renamed"}, 0, 9)
		former := map[string]string{"agent": keeping.FormerAgent, "from": keeping.FormerAgent, "to": keeping.FormerAgent}
		if err != nil || len(said) != 1 || cmp.Diff(former, said[0].Detail) != "" {
			t.Errorf("the audit has names that they had: %v, %v", said, err)
		}
		if log, err = s.Log(ctx, id, last, 99); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range log {
			got = append(got, e.What+" "+e.Text)
		}
		if diff := cmp.Diff([]string{"handed " + keeping.FormerAgent, "handed customer care", "ended customer"}, got); diff != "" {
			t.Errorf("what the log tells (-want +got):\n%s", diff)
		}
	})
}
