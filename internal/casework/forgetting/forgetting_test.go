package forgetting_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"caseline/internal/casework/forgetting"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

var olivia = desk.By{Actor: desk.Actor{Side: desk.SideAgent, ID: "olivia", Name: "Olivia"}, Via: desk.ViaConsole}

const alice = desk.PersonID("T1:U1")

// ratings stand for what a later part keeps of people.
type ratings struct{ left map[desk.PersonID]int }

func (ratings) Name() string { return "ratings" }

func (r ratings) Erase(_ context.Context, _ store.Tx, who keeping.Names, _ string) (string, bool, keeping.Counts, error) {
	n := min(r.left[who.ID], 2)
	r.left[who.ID] -= n
	return "on", r.left[who.ID] == 0, keeping.Counts{"ratings": n}, nil
}

func service(s store.Store, holders ...forgetting.Holder) *forgetting.Service {
	return forgetting.New(s, forgetting.Options{
		Now: storetest.Start, Page: 5, Holders: holders,
		Split: func(p desk.PersonID) (desk.WorkspaceID, string, bool) {
			w, user, ok := strings.Cut(string(p), ":")
			return desk.WorkspaceID(w), user, ok
		},
		Person: func(w desk.WorkspaceID, user string) desk.PersonID { return desk.PersonID(string(w) + ":" + user) },
	})
}

// spoken adds a case with words of Alice and of Bob by turns.
func spoken(t *testing.T, s store.Store, n, words int) desk.CaseID {
	t.Helper()
	c := storetest.AddCase(t, s, n)
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for i := range words {
			e := desk.Correspondence{Case: c.ID, Seq: int64(i + 2), Kind: desk.KindMessage, Author: desk.ByCustomer(alice), Text: "swordfish", Origin: desk.Origin(fmt.Sprint("w", n, i))}
			if i%2 == 1 {
				e.Author, e.Text = desk.ByCustomer("T1:U2"), "tuna"
			}
			if err := tx.AppendLog(t.Context(), &e); err != nil {
				return err
			}
		}
		return tx.SavePerson(t.Context(), &desk.Person{ID: alice, Name: "Alice Martin"})
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// B6: an erasure that is stopped after each step goes on, counts once, and ends.
func TestB6_AnErasureSurvivesStoppingAtEveryStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		ctx := t.Context()
		ids := []desk.CaseID{spoken(t, s, 1, 31), spoken(t, s, 2, 4)}
		extra := ratings{map[desk.PersonID]int{alice: 3}}
		e, err := service(s, extra).Order(ctx, olivia, alice, " alice martin ")
		if err != nil {
			t.Fatal(err)
		}
		again, err := service(s, extra).Order(ctx, olivia, alice, "Alice Martin")
		if err != nil || again.ID != e.ID {
			t.Errorf("ordered twice: %+v, %v", again, err)
		}
		steps := 0
		for ; ; steps++ {
			more, err := service(s, extra).Sweep(ctx, 1) // each step by a process of its own
			if err != nil || steps > 200 {
				t.Fatal(steps, err)
			}
			if !more {
				break
			}
		}
		if steps < 10 {
			t.Errorf("only %d steps", steps)
		}
		got, err := s.Erasure(ctx, e.ID)
		if err != nil || got.Ended.IsZero() || got.Subject+got.Called != "" {
			t.Errorf("the record: %+v, %v", got, err)
		}
		// Both descriptions are hers, too.
		if got.Counts["words"] != 16+2+2 || got.Counts["cases"] != 2 || got.Counts["ratings"] != 3 {
			t.Errorf("counts: %v", got.Counts)
		}
		for _, id := range ids {
			log, err := s.Log(ctx, id, 0, 99)
			if err != nil {
				t.Fatal(err)
			}
			for _, entry := range log {
				if mine := entry.Author.ID == string(alice); mine || entry.Text == "swordfish" || entry.Author.ID == "T1:U2" && entry.Text != "tuna" {
					t.Errorf("%s %d: %q by %s", id, entry.Seq, entry.Text, entry.Author.ID)
				}
			}
		}
		records, err := service(s).Erased(ctx, string(alice))
		if err != nil || len(records) != 1 {
			t.Errorf("was she erased? %v, %v", records, err)
		}
		if records, err = service(s).Erased(ctx, "T1:U2"); err != nil || len(records) != 0 {
			t.Errorf("was he? %v, %v", records, err)
		}
	})
}

// What Slack has told of somebody and is not applied yet would be put on record after
// they are erased, and stay in the inbox: an erasure waits for it, whenever it came in.
func TestB6_AnErasureWaitsForEventsThatAreStillToBeApplied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		ctx := t.Context()
		spoken(t, s, 1, 4)
		svc := service(s)
		waits := func(n int, body string) (applied func()) {
			e := desk.Event{Key: fmt.Sprint("k", n), Lane: desk.Lane(fmt.Sprint("l", n)), Body: []byte(body), State: desk.EventPending, ReceivedAt: storetest.Start()}
			storetest.AddEvents(t, s, e)
			return func() {
				t.Helper()
				err := s.Update(ctx, func(tx store.Tx) error {
					e, err := tx.NextEvent(ctx, e.Lane)
					if err != nil {
						return err
					}
					if string(e.Body) != body {
						t.Errorf("it was erased before it was applied: %q", e.Body)
					}
					e.State = desk.EventDone
					return tx.SaveEvent(ctx, &e)
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		e, err := svc.Order(ctx, olivia, alice, "Alice Martin")
		if err != nil {
			t.Fatal(err)
		}
		sweep := func(steps int) keeping.Erasure {
			t.Helper()
			if _, err := svc.Sweep(ctx, steps); err != nil {
				t.Fatal(err)
			}
			e, err := s.Erasure(ctx, e.ID)
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		waits(1, `{"user":"U2","text":"of somebody else"}`)
		first := waits(2, `{"user":"U1","text":"swordfish"}`)
		if got := sweep(1000); got.Step != 0 {
			t.Errorf("it was begun: %+v", got)
		}
		first()
		for got := sweep(1); got.Holder != "rest"; got = sweep(1) {
			if !got.Ended.IsZero() {
				t.Fatal("it came to its end")
			}
		}
		second := waits(3, `{"user":"U1","text":"swordfish"}`)
		if got := sweep(1000); !got.Ended.IsZero() || got.Holder != "" {
			t.Errorf("it went on: %+v", got)
		}
		second()
		if got := sweep(1000); got.Ended.IsZero() || got.Counts["events"] != 2 {
			t.Errorf("it did not end, or did not erase both events: %+v", got)
		}
	})
}

func TestB6_AStepThatSomebodyElseMadeIsNotMadeTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		ctx := t.Context()
		spoken(t, s, 1, 20)
		svc := service(s)
		e, err := svc.Order(ctx, olivia, alice, "Alice Martin")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := svc.Step(ctx, e); err != nil {
			t.Fatal(err)
		}
		if _, err := svc.Step(ctx, e); !errors.Is(err, desk.ErrConflict) {
			t.Errorf("the same step again: %v", err)
		}
		if more, err := svc.Sweep(ctx, 1000); more || err != nil {
			t.Errorf("the rest: %v, %v", more, err)
		}
		if got, err := s.Erasure(ctx, e.ID); err != nil || got.Counts["words"] != 11 {
			t.Errorf("counts: %v, %v", got.Counts, err)
		}
	})
}

func TestB6_NobodyIsErasedByMistake(t *testing.T) {
	s := storetest.SQLite(t)
	ctx := t.Context()
	spoken(t, s, 1, 2)
	svc := service(s)
	if _, err := svc.Order(ctx, olivia, alice, "Alice"); !errors.Is(err, desk.ErrInvalid) {
		t.Errorf("half a name: %v", err)
	}
	if _, err := svc.Order(ctx, olivia, "nobody", "x"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("no key: %v", err)
	}
	storetest.Chat(t, s, storetest.AddCase(t, s, 2).ID)
	if _, err := svc.Order(ctx, olivia, alice, "Alice Martin"); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("while a chat runs: %v", err)
	}
	jane := desk.Agent{ID: "jane", Name: "Jane", Email: "jane@example.com", Role: desk.RoleAgent}
	if err := s.Update(ctx, func(tx store.Tx) error { return tx.SaveAgent(ctx, &jane) }); err != nil {
		t.Fatal(err)
	}
	if _, err := svc.OrderAgent(ctx, desk.By{Actor: desk.ByAgent(jane)}, "jane", "Jane"); !errors.Is(err, desk.ErrForbidden) {
		t.Errorf("oneself: %v", err)
	}
	if _, err := svc.OrderAgent(ctx, olivia, "jane", "Jane"); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("an agent in a chat: %v", err)
	}
}
