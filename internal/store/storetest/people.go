package storetest

import (
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

func peopleChecks() []check {
	return []check{
		{"people are noted and known", peopleKnown},
		{"agents read as they were written", agentsKept},
		{"sign-ins expire", sessionsExpire},
		{"a store that is open is ready", isReady},
	}
}

func peopleKnown(t *testing.T, s store.Store) {
	ctx := t.Context()
	bob := desk.Person{ID: "T1:U2", Name: "Bob", Avatar: "https://example.com/b.png", External: true, Bot: true, FetchedAt: minute(1)}
	eve := desk.Person{ID: "T1:U3", Name: "Eve", FetchedAt: minute(9)}
	for range 2 { // noting again changes nothing
		update(t, s, func(tx store.Tx) error {
			if err := tx.NotePerson(ctx, "T1:U1"); err != nil {
				return err
			}
			if err := tx.SavePerson(ctx, &bob); err != nil {
				return err
			}
			if err := tx.NotePerson(ctx, bob.ID); err != nil {
				return err
			}
			return tx.SavePerson(ctx, &eve)
		})
	}
	alice := desk.Person{ID: "T1:U1"}
	same(t, "people", must(s.People(ctx, []desk.PersonID{"T1:U1", "T1:U2", "T1:U9"}))(t),
		map[desk.PersonID]desk.Person{alice.ID: alice, bob.ID: bob})
	same(t, "nobody", must(s.People(ctx, nil))(t), map[desk.PersonID]desk.Person{})
	same(t, "stale", must(s.StalePeople(ctx, "", minute(5), 9))(t), []desk.Person{alice, bob})
	same(t, "the stalest", must(s.StalePeople(ctx, "T1:", minute(50), 1))(t), []desk.Person{alice})
	same(t, "the stalest elsewhere", must(s.StalePeople(ctx, "T2", minute(50), 9))(t), []desk.Person(nil))
}

func agentsKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	jane := desk.Agent{ID: "a1", Email: "jane@example.com", Name: "Jane", PasswordHash: "$argon2id$x", Role: desk.RoleOperator, Presence: desk.Online, CreatedAt: minute(1)}
	adam := desk.Agent{ID: "a2", Email: "adam@example.com", Name: "Adam", Role: desk.RoleAgent, Presence: desk.Away, Disabled: true, CreatedAt: minute(2)}
	save := func(a *desk.Agent) error {
		return s.Update(ctx, func(tx store.Tx) error { return tx.SaveAgent(ctx, a) })
	}
	for _, a := range []*desk.Agent{&jane, &adam} {
		if err := save(a); err != nil {
			t.Fatal(err)
		}
	}
	jane.Presence, jane.SeenAt = desk.Away, minute(7)
	update(t, s, func(tx store.Tx) error {
		locked, err := tx.LockAgent(ctx, jane.ID)
		if err != nil {
			return err
		}
		locked.Presence, locked.SeenAt = jane.Presence, jane.SeenAt
		return tx.SaveAgent(ctx, &locked)
	})
	if err := save(&jane); err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{minute(8), minute(8).Add(desk.SeenEvery - time.Second), minute(1)} {
		update(t, s, func(tx store.Tx) error { return tx.SeeAgent(ctx, jane.ID, at) })
	}
	jane.SeenAt = minute(8) // those too soon after, or before, change nothing
	same(t, "Agents", must(s.Agents(ctx))(t), []desk.Agent{adam, jane})
	same(t, "Agent", must(s.Agent(ctx, "a1"))(t), jane)
	same(t, "AgentByEmail", must(s.AgentByEmail(ctx, "adam@example.com"))(t), adam)
	_, err := s.AgentByEmail(ctx, "eve@example.com")
	wantKind(t, "no such agent", err, desk.ErrNotFound)
	wantKind(t, "an address that is taken", save(&desk.Agent{ID: "a3", Email: "jane@example.com"}), desk.ErrConflict)
}

func sessionsExpire(t *testing.T, s store.Store) {
	ctx := t.Context()
	update(t, s, func(tx store.Tx) error {
		for token, expires := range map[string]time.Time{"old": minute(5), "new": minute(9), "left": minute(9)} {
			if err := tx.SaveSession(ctx, token, []byte("data of "+token), expires); err != nil {
				return err
			}
		}
		return tx.DeleteSession(ctx, "left")
	})
	same(t, "before it expires", string(must(s.Session(ctx, "old", minute(4)))(t)), "data of old")
	_, err := s.Session(ctx, "old", minute(6))
	wantKind(t, "after it expired", err, desk.ErrNotFound)
	_, err = s.Session(ctx, "left", minute(4))
	wantKind(t, "after it was deleted", err, desk.ErrNotFound)
	update(t, s, func(tx store.Tx) error { return tx.PurgeSessions(ctx, minute(6)) })
	_, err = s.Session(ctx, "old", minute(1))
	wantKind(t, "after it was purged", err, desk.ErrNotFound)
	same(t, "the other", string(must(s.Session(ctx, "new", minute(1)))(t)), "data of new")
}

func isReady(t *testing.T, s store.Store) {
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("ready: %v", err)
	}
}
